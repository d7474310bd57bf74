// What shows the use of old versions: the metric, metadata of objects, and the differences between
// two servers.
import { describe, expect, it } from 'vitest';
import { lifecycleOf } from '../../../src/api/api-lifecycle.ts';
import { compareSchemas, compareTypes } from '../../../src/api/compare-servers.ts';
import { readDeprecatedRequests, writesOf } from '../../../src/api/deprecations.ts';
import { wellKnownType } from '../../../src/api/well-known.ts';
import type { JsonObject } from '../../../src/model/object.ts';
import { scriptedSend } from '../../scripted-send.ts';

const metric = 'apiserver_requested_deprecated_apis';

describe('readDeprecatedRequests', () => {
  const text = [
    `# HELP ${metric} [STABLE] Gauge`,
    `# TYPE ${metric} gauge`,
    `${metric}{group="",removed_release="",resource="endpoints",subresource="",version="v1"} 1`,
    `${metric}{group="batch",removed_release="1.25",resource="cronjobs",subresource="status",version="v1beta1"} 1`,
    `${metric}{group="reset",removed_release="1.25",resource="x",subresource="",version="v1"} 0`,
    `${metric}_other{group="not",resource="this"} 1`,
    `something_else{resource="${'x'.repeat(10_000)}"} 1`,
    `${metric}{group="odd",removed_release="1.4",resource="a\\"}b",subresource="",version="v1"} 1`,
  ].join('\n');

  it.each([1, 7, 100, 1_000_000])('finds each line in chunks of %i bytes', async (size) => {
    const chunks = Array.from({ length: Math.ceil(text.length / size) }, (_, at) =>
      text.slice(at * size, (at + 1) * size),
    );
    const script = scriptedSend([{ request: 'GET /metrics', reply: { body: chunks } }]);
    expect(await readDeprecatedRequests(script.send)).toEqual([
      { group: '', version: 'v1', resource: 'endpoints', subresource: '', removedRelease: '' },
      {
        group: 'batch',
        version: 'v1beta1',
        resource: 'cronjobs',
        subresource: 'status',
        removedRelease: '1.25',
      },
      { group: 'odd', version: 'v1', resource: 'a"}b', subresource: '', removedRelease: '1.4' },
    ]);
  });
});

describe('writesOf', () => {
  const type = wellKnownType('hpa')!;
  const object = (metadata: JsonObject): JsonObject => ({
    metadata: { name: 'web', namespace: 'dev', ...metadata },
  });
  const entry = (manager: string, apiVersion: string, time: string): JsonObject => ({
    manager,
    apiVersion,
    time,
  });

  it('returns the last write of each manager in another version', () => {
    const writes = writesOf(
      object({
        managedFields: [
          entry('helm', 'autoscaling/v1', '2026-01-01T00:00:00Z'),
          entry('helm', 'autoscaling/v1', '2026-01-03T00:00:00Z'),
          entry('helm', 'autoscaling/v1', '2026-01-02T00:00:00Z'),
          entry('kubectl', 'autoscaling/v2', '2026-01-02T00:00:00Z'),
          entry('old', 'autoscaling/v2beta2', '2026-01-02T00:00:00Z'),
        ],
      }),
      type,
    );
    expect(writes.map(({ manager, apiVersion, time }) => [manager, apiVersion, time])).toEqual([
      ['helm', 'autoscaling/v1', '2026-01-03T00:00:00Z'],
      ['old', 'autoscaling/v2beta2', '2026-01-02T00:00:00Z'],
    ]);
  });

  it.each([
    ['{"apiVersion":"autoscaling/v1"}', ['autoscaling/v1']],
    ['{"apiVersion":"autoscaling/v2"}', []],
    ['{"apiVersion":7}', []],
    ['not JSON', []],
    ['[]', []],
  ])('reads the annotation of kubectl apply: %s', (applied, versions) => {
    const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': applied };
    expect(writesOf(object({ annotations }), type).map(({ apiVersion }) => apiVersion)).toEqual(versions);
  });

  it('tolerates metadata of other shapes', () => {
    expect(writesOf({ metadata: { managedFields: [null, 7, {}], annotations: [] } }, type)).toEqual([]);
    expect(writesOf({}, type)).toEqual([]);
  });
});

it('knows removals of built-in versions by kind', () => {
  expect(lifecycleOf({ group: 'extensions', version: 'v1beta1' }, 'Ingress')?.removedIn).toBe(22);
  expect(lifecycleOf({ group: 'resource.k8s.io', version: 'v1beta1' }, 'DeviceClass')?.removedIn).toBe(38);
  expect(lifecycleOf({ group: '', version: 'v1' }, 'Endpoints')).toEqual({
    deprecatedIn: 33,
    removedIn: undefined,
  });
  expect(lifecycleOf({ group: 'autoscaling', version: 'v1' }, 'HorizontalPodAutoscaler')).toBeUndefined();
});

it('compares types by group, version and resource', () => {
  const of = (
    group: string,
    version: string,
  ): { group: string; version: string; resource: string; kind: string } => ({
    ...{ group, version, resource: 'things', kind: 'Thing' },
  });
  expect(compareTypes([of('a', 'v1'), of('a', 'v1beta1')], [of('a', 'v1'), of('a', 'v2')])).toEqual({
    gone: [of('a', 'v1beta1')],
    added: [of('a', 'v2')],
  });
});

it('compares fields at any depth: gone, added, required', () => {
  const document = (schema: JsonObject): { schemas: JsonObject; kinds: object } => ({
    schemas: { 'com.example.v1.Thing': schema },
    kinds: {},
  });
  const nested = (spec: JsonObject): JsonObject => ({
    properties: { spec: { properties: { list: { items: spec }, map: { additionalProperties: spec } } } },
  });
  const before = nested({ properties: { a: {}, b: {} }, required: ['a'] });
  const after = nested({ properties: { a: {}, c: {} }, required: ['a', 'c'] });
  const found = compareSchemas(document(before) as never, document(after) as never);
  expect(found.map(({ change, path }) => `${change} ${path}`)).toEqual(
    ['list[]', 'map.*'].flatMap((at) => [
      `gone Thing.spec.${at}.b`,
      `added Thing.spec.${at}.c`,
      `required Thing.spec.${at}.c`,
    ]),
  );
  expect(compareSchemas(document(before) as never, document(before) as never)).toEqual([]);
  const open = { properties: { spec: { 'x-kubernetes-preserve-unknown-fields': true } } };
  expect(compareSchemas(document(before) as never, document(open) as never)).toEqual([]);
});
