// kapi explain over schemas that branch or nest without end: every way to ask ends.
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/model/object.ts';
import { replyOf } from '../recorded.ts';
import type { Exchange } from '../scripted-send.ts';
import { runKapi } from './run-kapi.ts';

const ref = (name: string): JsonObject => ({ $ref: `#/components/schemas/io.k8s.api.core.v1.${name}` });
const pod = { group: '', version: 'v1', kind: 'Pod' };
const paths = {
  '/api/v1/namespaces/{namespace}/pods': { get: { 'x-kubernetes-group-version-kind': pod } },
};

const index: Exchange = {
  request: 'GET /openapi/v3',
  reply: { body: { paths: { 'api/v1': { serverRelativeURL: '/openapi/v3/api/v1?hash=A1' } } } },
};
const coreRequest = 'GET /openapi/v3/api/v1?hash=A1';
const discovery: readonly Exchange[] = [
  { request: 'GET /api', reply: replyOf('discovery/aggregated-api') },
  { request: 'GET /apis', reply: replyOf('discovery/aggregated-apis') },
];

describe('schemas without end', () => {
  const kindOfPod = { 'x-kubernetes-group-version-kind': [pod] };

  /** 12 schemas with 8 references each to the others: billions of ways through them. */
  function branching(wrap: (target: JsonObject) => JsonObject): JsonObject {
    const names = Array.from({ length: 12 }, (_, at) => (at === 0 ? 'Pod' : `S${at}`));
    return Object.fromEntries(
      names.map((name, at) => [
        `io.k8s.api.core.v1.${name}`,
        {
          type: 'object',
          ...(at === 0 ? kindOfPod : {}),
          ...wrap(
            Object.fromEntries(
              names
                .filter((other) => other !== name)
                .slice(0, 8)
                .map((other) => [`to${other}`, ref(other)]),
            ),
          ),
        },
      ]),
    );
  }

  /** Fields below fields, as text: JSON.stringify does not write so many levels. */
  function deep(): string {
    const levels = 10_000;
    const schema = `${'{"type":"object","properties":{"a":'.repeat(levels)}{"type":"string"}${'}}'.repeat(levels)}`;
    const own = JSON.stringify(kindOfPod).slice(1, -1);
    return `{"paths":${JSON.stringify(paths)},"components":{"schemas":{"io.k8s.api.core.v1.Pod":{${own},${schema.slice(1)}}}}`;
  }

  const textOf = (all: JsonObject): string => JSON.stringify({ paths, components: { schemas: all } });
  const documents: readonly (readonly [what: string, body: string, codeOfUnknownField: number])[] = [
    ['branching properties', textOf(branching((properties) => ({ properties }))), 2],
    [
      'branching alternatives',
      textOf(branching((properties) => ({ allOf: Object.values(properties) as JsonObject[] }))),
      5,
    ],
    ['10,000 levels', deep(), 2],
  ];

  it.each(documents)(
    '%s: every way to ask ends, with fields or with exit 5',
    async (_, body, codeOfUnknownField) => {
      const reply = { headers: { 'content-type': 'application/json' }, body };
      const replies = [index, { request: coreRequest, reply }];
      for (const words of ['', '--recursive', '-o json', '--search a']) {
        const run = await runKapi(`explain pods ${words}`, { replies });
        expect([words, [0, 5].includes(run.code), run.stderr.includes('bug')]).toEqual([words, true, false]);
        if (run.code === 5)
          expect(run.stderr).toMatch(/^error: cannot show all of pods: .*\nhint: .*--depth 3\n$/);
      }
      const unknown = await runKapi('explain pods.typo', {
        replies: codeOfUnknownField === 2 ? [...replies, ...discovery] : replies,
      });
      expect(unknown.code).toBe(codeOfUnknownField);
    },
    120_000,
  );
});
