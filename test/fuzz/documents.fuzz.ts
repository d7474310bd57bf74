// Kubeconfigs, JSON, YAML and jsonpath: nothing is lost, and only refusals are thrown.
import fc from 'fast-check';
import { describe, expect } from 'vitest';

import { BodyBuffer } from '../../src/api/body-buffer.ts';
import { JsonSyntaxError, parseJson } from '../../src/api/exact-json.ts';
import { LongJson } from '../../src/api/long-json.ts';
import { ManagedFieldsCutter } from '../../src/api/managed-fields.ts';
import { parseDocument } from '../../src/config/document.ts';
import { readYaml } from '../../src/config/go-yaml.ts';
import { decodeKubeconfig } from '../../src/config/kubeconfig-schema.ts';
import { readPlainYaml } from '../../src/config/plain-yaml.ts';
import type { Json } from '../../src/model/object.ts';
import { compactJson, prettyJson } from '../../src/output/json.ts';
import { evaluateJsonPath, parseJsonPath } from '../../src/output/jsonpath.ts';
import { JsonPathSyntaxError } from '../../src/output/jsonpath-parser.ts';
import { JsonIndenter } from '../../src/output/reindent.ts';
import { yamlText } from '../../src/output/yaml.ts';
import { awkwardText, cutAt, fuzz, json, mayRefuse, mutated, wellFormed } from './fuzz.ts';

const kubeconfig: Json = {
  apiVersion: 'v1',
  kind: 'Config',
  'current-context': 'a',
  clusters: [
    { name: 'a', cluster: { server: 'https://10.0.0.1:6443', 'certificate-authority-data': 'eA==' } },
  ],
  contexts: [{ name: 'a', context: { cluster: 'a', user: 'a', namespace: 'dev' } }],
  users: [
    {
      name: 'a',
      user: { token: 'secret', exec: { apiVersion: 'client.authentication.k8s.io/v1', command: 'x' } },
    },
  ],
};

const yamlLine = fc
  .tuple(
    fc.nat(3),
    fc.constantFrom('', '- ', '- - ', '? '),
    awkwardText,
    fc.constantFrom(':', ': ', ' ', ''),
    fc.oneof(
      awkwardText,
      fc.constantFrom('"a"', "'b'", '[1, 2]', '{a: b}', '|', '&a x', '*a', '<<', '!!str 1'),
    ),
  )
  .map(([depth, mark, key, colon, value]) => `${'  '.repeat(depth)}${mark}${key}${colon}${value}`);
const yamlSource = fc.oneof(
  fc.array(yamlLine, { maxLength: 8 }).map((lines) => lines.join('\n')),
  mutated([kubeconfig]).map((value) => yamlText(value)),
  fc.string({ maxLength: 60 }),
);

describe('kubeconfigs', () => {
  fuzz('any text is a value or a problem that quotes nothing of it', 3_000, yamlSource, async (text) => {
    const parsed = await parseDocument(text);
    if (!('problem' in parsed)) return;
    for (const word of text.match(/[\w-]{14,}/g) ?? []) expect(parsed.problem).not.toContain(word);
  });
  fuzz('what the fast reader takes, the whole library reads alike', 6_000, yamlSource, (text) => {
    const fast = readPlainYaml(text);
    if (fast !== undefined) expect(readYaml(text)).toEqual({ value: fast });
  });
  fuzz('any document is decoded or refused', 3_000, mutated([kubeconfig]), (document) => {
    mayRefuse(() => decodeKubeconfig(document, '/k'));
  });
});

describe('printing', () => {
  fuzz('JSON reads back as what was printed', 3_000, json, (value) => {
    const right = JSON.parse(wellFormed(JSON.stringify(value))) as Json;
    expect(JSON.parse(prettyJson(value))).toEqual(right);
    expect(JSON.parse(compactJson(value))).toEqual(right);
  });
  // kapi's YAML parser follows kubectl's, which reads 5e1234567 as text, as the printer expects.
  fuzz('YAML reads back as what was printed', 3_000, json, (value) => {
    // kubectl also prints this key without quotes, and cannot parse it.
    if (JSON.stringify(value).includes('"<<":')) return;
    const right = JSON.parse(wellFormed(JSON.stringify(value))) as Json;
    expect(readYaml(yamlText(value))).toEqual({ value: right });
  });
  const cuts = fc.array(fc.nat(), { maxLength: 6 });
  fuzz(
    'indented JSON is the same JSON, however it is cut',
    3_000,
    fc.tuple(json, cuts),
    ([value, places]) => {
      const bytes = Buffer.from(JSON.stringify(value));
      const indenter = new JsonIndenter();
      const out = cutAt(bytes, places).map((part) => Buffer.from(indenter.push(part)));
      expect(JSON.parse(Buffer.concat(out).toString())).toEqual(JSON.parse(bytes.toString()));
    },
  );
});

describe('reading', () => {
  const list = fc.record({ kind: fc.constant('List'), items: fc.array(json), metadata: json });
  const places = fc.array(fc.nat(), { maxLength: 6 });
  const batch = fc.integer({ min: 1, max: 60 });
  fuzz(
    'a list is read in parts as it is read whole',
    3_000,
    fc.tuple(fc.oneof(list, json), places, batch),
    ([value, cuts, batchBytes]) => {
      const text = JSON.stringify(value);
      const long = new LongJson(new BodyBuffer(), { batchBytes });
      for (const part of cutAt(Buffer.from(text), cuts)) long.push(part);
      expect(long.end()).toEqual(parseJson(text));
    },
  );
  fuzz(
    'broken JSON is refused in parts as it is whole',
    3_000,
    fc.tuple(json, fc.nat(), awkwardText, places),
    ([value, at, by, cuts]) => {
      const good = JSON.stringify(value);
      const text = good.slice(0, at % (good.length + 1)) + by + good.slice((at % (good.length + 1)) + 1);
      const whole = mayRefuse(() => ({ value: parseJson(Buffer.from(text).toString()) }), JsonSyntaxError);
      const parts = mayRefuse(() => {
        const long = new LongJson(new BodyBuffer(), { batchBytes: 7 });
        for (const part of cutAt(Buffer.from(text), cuts)) long.push(part);
        return { value: long.end() };
      }, JsonSyntaxError);
      expect(parts).toEqual(whole);
    },
  );
  const managed = fc.record({ a: json, managedFields: fc.array(json), b: json });
  fuzz(
    'managedFields are cut out and nothing else is',
    3_000,
    fc.tuple(fc.array(managed), places),
    ([value, cuts]) => {
      const cutter = new ManagedFieldsCutter();
      let kept = Buffer.alloc(0);
      for (const part of cutAt(Buffer.from(JSON.stringify(value)), cuts)) {
        const all = Buffer.concat([kept, part]);
        kept = all.subarray(0, cutter.cut(all));
      }
      const without = (one: Json): Json =>
        JSON.parse(
          JSON.stringify(one, (key, inner: Json) =>
            key === 'managedFields' && Array.isArray(inner) ? undefined : inner,
          ),
        ) as Json;
      expect(JSON.parse(kept.toString())).toEqual(without(value));
    },
  );
});

describe('jsonpath', () => {
  const piece = fc.oneof(
    awkwardText,
    fc.constantFrom(
      '{', '}', '.', '..', '[', ']', '*', '@', '$', '?(', ')', '==', '!=', '<', '&&', '"a"', "'a'", ':', '-1', '0', ',', 'range ', 'end', '.items[*]', '.metadata.name',
      '{.kind}', '{range .items[*]}', '{end}', '{"\\n"}', '[?(@.a=="b")]', '[0:2]', '[-1:]', '\\.', '.a\\.b',
    ),
  ); // prettier-ignore
  const template = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''));
  fuzz('any template is evaluated or refused', 6_000, fc.tuple(template, json), ([text, root]) => {
    mayRefuse(() => {
      const parsed = parseJsonPath(text);
      evaluateJsonPath(parsed, root, { allowMissingKeys: true });
    }, JsonPathSyntaxError);
  });
});
