// Writes over the wire: creation, conflicts, the four patches, owners of fields, deletion,
// definitions, subresources.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  arrayAt,
  isJsonObject,
  objectAt,
  stringAt,
  type Json,
  type JsonObject,
} from '../../../../src/model/object.ts';
import { openWire, type Answered, type Wire } from '../wire.ts';

let wire: Wire;
beforeAll(async () => {
  wire = await openWire();
});
afterAll(() => wire.close());

const maps = '/api/v1/namespaces/default/configmaps';
const merge = 'application/merge-patch+json';
const apply = 'application/apply-patch+yaml';

const post = (path: string, body: Json): Promise<Answered> => wire.ask(path, { method: 'POST', body });
const patch = (path: string, contentType: string, body: Json): Promise<Answered> =>
  wire.ask(path, { method: 'PATCH', contentType, body });
const remove = (path: string): Promise<Answered> => wire.ask(path, { method: 'DELETE' });

async function eventually(check: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    if (await check()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('it did not happen within five seconds');
}

describe('objects', () => {
  test('are created with the fields that the server sets', async () => {
    const made = await post(maps, { metadata: { generateName: 'gen-' }, data: { b: '2', a: '1' } });
    expect(made.status).toBe(201);
    const metadata = objectAt(made.body, 'metadata');
    expect(stringAt(metadata, 'name')).toMatch(/^gen-[a-z0-9]{5}$/);
    expect(metadata?.['managedFields']).toEqual([
      {
        manager: 'unknown',
        operation: 'Update',
        apiVersion: 'v1',
        time: expect.any(String) as string,
        fieldsType: 'FieldsV1',
        fieldsV1: { 'f:data': { '.': {}, 'f:a': {}, 'f:b': {} }, 'f:metadata': { 'f:generateName': {} } },
      },
    ]);
  });

  test('a service gets the last free node port, and an error if there is none', async () => {
    const services = '/api/v1/namespaces/default/services';
    const service = (name: string, ports: Json[]): JsonObject => ({
      metadata: { name },
      spec: { type: 'NodePort', ports },
    });
    const free = 31_234;
    const ports = Array.from({ length: 2_768 }, (_, index) => 30_000 + index).filter((port) => port !== free);
    const all = ports.map((nodePort) => ({ name: `p${nodePort}`, port: nodePort, nodePort }));
    expect((await post(services, service('all', all))).status).toBe(201);
    const last = await post(services, service('last', [{ port: 80 }]));
    expect(arrayAt(objectAt(last.body, 'spec'), 'ports')).toEqual([
      { protocol: 'TCP', port: 80, targetPort: 80, nodePort: free },
    ]);
    const refused = await post(services, service('more', [{ port: 80 }]));
    expect([refused.status, refused.body]).toMatchObject([
      500,
      {
        reason: 'InternalError',
        message: 'Internal error occurred: failed to allocate a nodePort: range is full',
      },
    ]);
    expect((await wire.ask(`${services}/more`)).status).toBe(404);
    await remove(`${services}/last`);
    const two = [80, 81].map((port) => ({ name: `p${port}`, port }));
    expect((await post(services, service('two', two))).status).toBe(500);
    expect((await post(services, service('more', [{ port: 80 }]))).status).toBe(201);
    for (const name of ['all', 'more']) await remove(`${services}/${name}`);
  });

  test('a dry run stores nothing', async () => {
    expect((await post(`${maps}?dryRun=All`, { metadata: { name: 'dry' } })).status).toBe(201);
    expect((await wire.ask(`${maps}/dry`)).status).toBe(404);
  });

  test('are refused in a missing namespace', async () => {
    const answer = await post('/api/v1/namespaces/nope/configmaps', { metadata: { name: 'a' } });
    expect([answer.status, answer.body['message']]).toEqual([404, 'namespaces "nope" not found']);
  });

  test('an unknown field is a warning, and with Strict a refusal', async () => {
    const warned = await post(maps, { metadata: { name: 'warned' }, dta: {} });
    expect(warned.headers['warning']).toBe('299 - "unknown field \\"dta\\""');
    const refused = await post(`${maps}?fieldValidation=Strict`, { metadata: { name: 'refused' }, dta: {} });
    expect(refused.status).toBe(400);
  });

  test('an update without changes keeps the revision', async () => {
    const made = await post(maps, { metadata: { name: 'same' }, data: { a: '1' } });
    const again = await patch(`${maps}/same`, merge, { data: { a: '1' } });
    expect(objectAt(again.body, 'metadata')?.['resourceVersion']).toBe(
      objectAt(made.body, 'metadata')?.['resourceVersion'],
    );
  });

  test('generation counts changes outside of metadata and status', async () => {
    const path = '/apis/apps/v1/namespaces/default/deployments/web';
    const generationOf = (answer: Answered): unknown => objectAt(answer.body, 'metadata')?.['generation'];
    const before = generationOf(await wire.ask(path));
    expect(generationOf(await patch(path, merge, { metadata: { labels: { x: 'y' } } }))).toBe(before);
    expect(generationOf(await patch(path, merge, { spec: { minReadySeconds: 3 } }))).toBe(Number(before) + 1);
  });

  test('a body that is too large', async () => {
    const answer = await post(maps, { metadata: { name: 'big' }, data: { a: 'x'.repeat(3 * 1024 * 1024) } });
    expect([answer.status, answer.body['message']]).toEqual([
      413,
      'Request entity too large: limit is 3145728',
    ]);
  });
});

describe('server-side apply', () => {
  const config = (data: JsonObject): JsonObject => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'applied' },
    data,
  });
  const path = `${maps}/applied?fieldManager=tester`;

  test('creates, gives up, conflicts and takes over', async () => {
    await remove(`${maps}/applied`);
    expect((await patch(path, apply, config({ a: '1', b: '2' }))).status).toBe(201);
    const less = await patch(path, apply, config({ a: '1' }));
    expect(less.body['data']).toEqual({ a: '1' });
    await patch(`${maps}/applied`, merge, { data: { a: '9', c: '3' } });
    const conflict = await patch(path, apply, config({ a: '1' }));
    expect([conflict.status, conflict.body['message']]).toEqual([
      409,
      'Apply failed with 1 conflict: conflict with "unknown" using v1: .data.a',
    ]);
    expect(arrayAt(objectAt(conflict.body, 'details'), 'causes')).toEqual([
      { reason: 'FieldManagerConflict', message: 'conflict with "unknown" using v1', field: '.data.a' },
    ]);
    const forced = await patch(`${path}&force=true`, apply, config({ a: '1' }));
    expect(forced.body['data']).toEqual({ a: '1', c: '3' });
    const managers = arrayAt(objectAt(forced.body, 'metadata'), 'managedFields').filter(isJsonObject);
    expect(managers.map((entry) => [entry['manager'], entry['operation'], entry['fieldsV1']])).toEqual([
      ['tester', 'Apply', { 'f:data': { 'f:a': {} } }],
      ['unknown', 'Update', { 'f:data': { 'f:c': {} } }],
    ]);
  });
});

describe('deletion', () => {
  test('waits for finalizers', async () => {
    await post(maps, { metadata: { name: 'held', finalizers: ['example.com/hold'] } });
    const asked = await remove(`${maps}/held`);
    expect(objectAt(asked.body, 'metadata')).toHaveProperty('deletionTimestamp');
    const more = await patch(`${maps}/held`, merge, {
      metadata: { finalizers: ['example.com/hold', 'example.com/b'] },
    });
    expect(more.status).toBe(422);
    await patch(`${maps}/held`, merge, { metadata: { finalizers: null } });
    expect((await wire.ask(`${maps}/held`)).status).toBe(404);
  });

  test('deletes owned objects too', async () => {
    const owner = await post(maps, { metadata: { name: 'owner' } });
    const uid = stringAt(objectAt(owner.body, 'metadata'), 'uid');
    const ownerReferences = [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid }];
    await post(maps, { metadata: { name: 'owned', ownerReferences } });
    await remove(`${maps}/owner`);
    await eventually(async () => (await wire.ask(`${maps}/owned`)).status === 404);
  });

  test('a running pod is Terminating first, and is removed then', async () => {
    const path = '/api/v1/namespaces/dev/pods/db-0';
    const asked = await remove(`${path}?gracePeriodSeconds=1`);
    expect(objectAt(asked.body, 'metadata')).toMatchObject({ deletionGracePeriodSeconds: 1 });
    expect((await wire.ask(path)).status).toBe(200);
    await eventually(async () => (await wire.ask(path)).status === 404);
  });

  test('of a namespace empties it; three namespaces cannot be deleted', async () => {
    await post('/api/v1/namespaces', { metadata: { name: 'brief' } });
    await eventually(
      async () => (await wire.ask('/api/v1/namespaces/brief/serviceaccounts/default')).status === 200,
    );
    await post('/api/v1/namespaces/brief/configmaps', { metadata: { name: 'a' } });
    const asked = await remove('/api/v1/namespaces/brief');
    expect(objectAt(asked.body, 'status')).toEqual({ phase: 'Terminating' });
    const late = await post('/api/v1/namespaces/brief/configmaps', { metadata: { name: 'b' } });
    expect([late.status, late.body['message']]).toEqual([
      403,
      'configmaps "b" is forbidden: unable to create new content in namespace brief because it is being terminated',
    ]);
    await eventually(async () => (await wire.ask('/api/v1/namespaces/brief')).status === 404);
    expect((await remove('/api/v1/namespaces/default')).body['message']).toBe(
      'namespaces "default" is forbidden: this namespace may not be deleted',
    );
  });
});

describe('definitions', () => {
  const definition: JsonObject = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'gizmos.example.org' },
    spec: {
      group: 'example.org',
      scope: 'Namespaced',
      names: { plural: 'gizmos', kind: 'Gizmo', shortNames: ['gz'] },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          subresources: {
            status: {},
            scale: { specReplicasPath: '.spec.size', statusReplicasPath: '.status.size' },
          },
          additionalPrinterColumns: [{ name: 'Size', type: 'integer', jsonPath: '.spec.size' }],
          schema: {
            openAPIV3Schema: {
              type: 'object',
              properties: {
                spec: {
                  type: 'object',
                  properties: { size: { type: 'integer' }, mode: { type: 'string', default: 'fast' } },
                },
                status: { type: 'object', properties: { size: { type: 'integer' } } },
              },
            },
          },
        },
      ],
    },
  };
  const gizmos = '/apis/example.org/v1/namespaces/default/gizmos';

  test('add types, tables and subresources, and remove them again', async () => {
    expect((await post('/apis/apiextensions.k8s.io/v1/customresourcedefinitions', definition)).status).toBe(
      201,
    );
    const made = await post(gizmos, {
      apiVersion: 'example.org/v1',
      kind: 'Gizmo',
      metadata: { name: 'g' },
      spec: { size: 3, junk: true },
      status: { size: 7 },
    });
    expect([made.body['spec'], made.body['status']]).toEqual([{ mode: 'fast', size: 3 }, undefined]);
    const rows = await wire.ask(gizmos, { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' });
    expect(arrayAt(rows.body, 'rows')[0]).toMatchObject({ cells: ['g', 3] });
    const scaled = await patch(`${gizmos}/g/scale`, merge, { spec: { replicas: 5 } });
    expect([scaled.body['kind'], scaled.body['spec']]).toEqual(['Scale', { replicas: 5 }]);
    const status = await patch(`${gizmos}/g/status`, merge, { spec: { size: 99 }, status: { size: 4 } });
    expect([status.body['spec'], status.body['status']]).toEqual([{ mode: 'fast', size: 5 }, { size: 4 }]);
    await remove('/apis/apiextensions.k8s.io/v1/customresourcedefinitions/gizmos.example.org');
    await eventually(async () => (await wire.ask('/apis/example.org/v1')).status === 404);
    expect((await wire.ask(gizmos)).text).toBe('404 page not found\n');
  });
});

describe('versions of one object', () => {
  test('events are the same in both groups', async () => {
    const core = await wire.ask('/api/v1/namespaces/default/events?limit=1');
    const [event] = arrayAt(core.body, 'items').filter(isJsonObject);
    const name = stringAt(objectAt(event, 'metadata'), 'name');
    const other = await wire.ask(`/apis/events.k8s.io/v1/namespaces/default/events/${name}`);
    expect([other.body['apiVersion'], other.body['note'], other.body['regarding']]).toEqual([
      'events.k8s.io/v1',
      event?.['message'],
      event?.['involvedObject'],
    ]);
  });
});

describe('logs', () => {
  test('say that they are generated', async () => {
    const log = await wire.ask('/api/v1/namespaces/default/pods/curl/log?tailLines=3');
    expect(log.text).toContain('kapi sandbox: nothing runs here, this log is made up\n');
    const two = await wire.ask('/api/v1/namespaces/default/pods/curl-with-ambassador/log');
    expect([two.status, two.body['message']]).toEqual([
      400,
      'a container name must be specified for pod curl-with-ambassador, choose one of: [main ambassador]',
    ]);
  });
});
