// Invalid requests: each gets a client error, and none ends the sandbox or blocks it.

import { once } from 'node:events';
import tls from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openWire, type Wire } from './wire.ts';

let wire: Wire;
beforeAll(async () => {
  wire = await openWire();
  const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'mine' }, data: { a: 'b' } };
  await wire.ask('/api/v1/namespaces/default/configmaps', { method: 'POST', body });
});
afterAll(() => wire.close());

/** Sends bytes over TLS and reads the answer. */
async function say(bytes: string): Promise<string> {
  const { sandbox } = wire;
  const socket = tls.connect({
    port: sandbox.port,
    host: '127.0.0.1',
    ca: sandbox.caCertificate,
    cert: sandbox.admin.certificate,
    key: sandbox.admin.key,
  });
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.on('error', () => undefined);
  socket.write(bytes, 'latin1');
  await once(socket, 'close');
  return Buffer.concat(chunks).toString('latin1');
}

test.each([
  '//',
  '//[',
  '//[::1',
  '///',
  '/\\',
  '\\\\x',
  'http://[',
  'http://',
  'http://x:99999/',
  'https://sandbox/version',
  'ftp://x/y',
  'x',
  '*',
  '/%',
  '/%ff',
  '/%zz/%00',
  '/api/v1/namespaces/%ff/pods',
  '/api/v1/pods?%ff=%zz',
  '/api/v1/pods?continue=%00',
  '/api/v1/pods?limit=-1&fieldSelector=%ff&labelSelector=((',
  `/${'a/'.repeat(500)}`,
  `/api/v1/${'../'.repeat(200)}`,
])('the target %s is answered', async (target) => {
  for (const method of ['GET', 'DELETE', 'OPTIONS', 'FOO', 'CONNECT']) {
    const answer = await say(`${method} ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    expect(answer).not.toMatch(/^HTTP\/1\.1 500 /);
  }
  expect((await wire.ask('/version')).status).toBe(200);
});

const bodies: readonly (readonly [string, Buffer])[] = [
  ['half an object', Buffer.from('{')],
  ['a list', Buffer.from('[]')],
  ['null', Buffer.from('null')],
  ['a number', Buffer.from('1e999')],
  ['a text', Buffer.from('"x"')],
  ['no JSON', Buffer.from('<html>')],
  ['NULs', Buffer.alloc(8)],
  ['no UTF-8', Buffer.from([0xff, 0xfe, 0x7b])],
  ['a byte-order mark', Buffer.from('\ufeff{}')],
  ['YAML that breaks off', Buffer.from('a: [b, {c: "')],
  ['YAML with a loop of aliases', Buffer.from('&a [*a]')],
  ['YAML with a bomb of aliases', Buffer.from(`a0: &a0 [x]\n${bomb()}`)],
  ['the magic of protobuf and nothing else', Buffer.from('k8s\0')],
  ['a broken protobuf', Buffer.from('k8s\0\n\xff\xff\xff', 'latin1')],
  ['lists nested 5,000 deep', Buffer.from('['.repeat(5_000) + ']'.repeat(5_000))],
  ['objects nested 5,000 deep', nested(5_000)],
  ['objects nested 100,000 deep', nested(100_000)],
  [
    'an object that is its prototype',
    Buffer.from('{"__proto__":{"x":1},"constructor":null,"metadata":{"__proto__":null}}'),
  ],
  ['metadata of every wrong kind', Buffer.from('{"metadata":[1],"spec":7,"status":"x"}')],
  [
    'names of every wrong kind',
    Buffer.from('{"metadata":{"name":7,"labels":[1],"annotations":"x","finalizers":{}}}'),
  ],
];

function bomb(): string {
  return Array.from(
    { length: 30 },
    (_, index) => `a${index + 1}: &a${index + 1} [*a${index}, *a${index}]`,
  ).join('\n');
}

function nested(depth: number): Buffer {
  return Buffer.from(`{"metadata":{"name":"deep"},"data":${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}}`);
}

const requests = [
  ['POST', '/api/v1/namespaces/default/configmaps'],
  ['POST', '/api/v1/namespaces/default/pods'],
  ['POST', '/apis/apps/v1/namespaces/default/deployments'],
  ['POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews'],
  ['POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'],
  ['POST', '/api/v1/namespaces/default/serviceaccounts/default/token'],
  ['POST', '/api/v1/namespaces/default/pods/curl/eviction'],
  ['POST', '/api/v1/namespaces/default/pods/curl/binding'],
  ['PUT', '/api/v1/namespaces/default/configmaps/mine'],
  ['PUT', '/apis/apps/v1/namespaces/default/deployments/web/scale'],
  ['PUT', '/api/v1/namespaces/default/pods/curl/status'],
  ['PATCH', '/api/v1/namespaces/default/configmaps/mine'],
  ['PATCH', '/apis/apps/v1/namespaces/default/deployments/web/scale'],
  ['PATCH', '/apis/apps/v1/namespaces/default/deployments/web'],
  ['DELETE', '/api/v1/namespaces/default/configmaps/mine'],
  ['DELETE', '/api/v1/namespaces/none/configmaps'],
] as const;

const contentTypes: Readonly<Record<string, readonly string[]>> = {
  PATCH: [
    'application/json-patch+json',
    'application/merge-patch+json',
    'application/strategic-merge-patch+json',
    'application/apply-patch+yaml',
  ],
};

describe.each(requests)('%s %s', (method, path) => {
  test.each(bodies)('%s is never a server error', async (_what, body) => {
    const types = contentTypes[method] ?? [
      'application/json',
      'application/yaml',
      'application/vnd.kubernetes.protobuf',
      'text/plain',
      '',
    ];
    for (const contentType of types) {
      const { status, text } = await wire.ask(`${path}?dryRun=All`, { method, body, contentType });
      expect([contentType, status >= 500 ? text : '']).toEqual([contentType, '']);
    }
  });
});

test('a DELETE with an invalid body gets 400', async () => {
  const path = '/api/v1/namespaces/default/configmaps/mine';
  const { status, body } = await wire.ask(path, { method: 'DELETE', body: Buffer.from('{nope') });
  expect([status, body['reason']]).toEqual([400, 'BadRequest']);
  expect((await wire.ask(path)).status).toBe(200);
});

test('patches that copy an object into itself are refused before they fill the memory', async () => {
  const copies = Array.from({ length: 60 }, (_, index) => ({
    op: 'copy',
    from: '/data',
    path: `/data/k${index}`,
  }));
  const { status } = await wire.ask('/api/v1/namespaces/default/configmaps/mine', {
    method: 'PATCH',
    contentType: 'application/json-patch+json',
    body: copies,
  });
  expect(status).toBe(400);
});

test('a pattern of a definition takes linear time, in the dialect of Go', async () => {
  const definition = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'evils.x.example' },
    spec: {
      group: 'x.example',
      scope: 'Cluster',
      names: { plural: 'evils', singular: 'evil', kind: 'Evil', listKind: 'EvilList' },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: {
            openAPIV3Schema: {
              type: 'object',
              properties: {
                slow: { type: 'string', pattern: '^(a+)+$' },
                go: { type: 'string', pattern: '(?i)\\A[[:alpha:]]+\\z' },
              },
            },
          },
        },
      ],
    },
  };
  const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
  expect((await wire.ask(path, { method: 'POST', body: definition })).status).toBe(201);
  const create = async (name: string, fields: Record<string, string>): Promise<number> => {
    const object = { apiVersion: 'x.example/v1', kind: 'Evil', metadata: { name }, ...fields };
    return (await wire.ask('/apis/x.example/v1/evils', { method: 'POST', body: object })).status;
  };
  expect(await create('slow', { slow: `${'a'.repeat(50_000)}!` })).toBe(422);
  expect(await create('right', { slow: 'aaa', go: 'Abc' })).toBe(201);
  expect(await create('wrong', { go: 'Abc1' })).toBe(422);
});
