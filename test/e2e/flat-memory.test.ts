// 50,000 objects in every format that streams, in a heap that could not contain a fifth of them.
// Needs no cluster: a loopback server sends the same page repeatedly.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kapi } from './kapi.ts';

const total = 50_000;
/** Megabytes of V8's old space. 50,000 of these pods take about 400 as objects. */
const heapLimit = 64;

function pod(index: number): object {
  const filler = (length: number): string =>
    createHash('sha512').update(`${index}`).digest('hex').repeat(9).slice(0, length);
  return {
    metadata: {
      name: `pod-${index}`,
      namespace: 'default',
      uid: filler(36),
      resourceVersion: `${index}`,
      creationTimestamp: '2026-01-01T00:00:00Z',
      labels: { app: 'web', hash: filler(40) },
      managedFields: [{ manager: 'kubelet', fieldsV1: { 'f:status': { [filler(500)]: {} } } }],
    },
    spec: { nodeName: 'node-a', containers: [{ name: 'web', image: `web:${filler(900)}` }] },
    status: { phase: 'Running', message: filler(600) },
  };
}

/**
 * Makes the server. Pages are made once for each size; the continue token is the number of objects
 * sent so far.
 */
function pageServer(): Server {
  const pages = new Map<string, string>();
  return createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://server');
    const given = Number(url.searchParams.get('continue') ?? '0');
    const count = Math.min(Number(url.searchParams.get('limit') ?? total), total - given);
    const isTable = request.headers.accept?.includes('as=Table') === true;
    const key = `${isTable} ${count}`;
    const middle = pages.get(key) ?? (isTable ? rows(count) : items(count));
    pages.set(key, middle);
    const next = given + count < total ? `"continue":"${given + count}",` : '';
    const head = isTable
      ? `{"kind":"Table","apiVersion":"meta.k8s.io/v1","metadata":{${next}"resourceVersion":"9"},`
      : `{"kind":"PodList","apiVersion":"v1","metadata":{${next}"resourceVersion":"9"},`;
    response.writeHead(200, { 'content-type': 'application/json' }).end(head + middle);
  });
}

function items(count: number): string {
  return `"items":[${Array.from({ length: count }, (_, index) => JSON.stringify(pod(index))).join(',')}]}`;
}

function rows(count: number): string {
  const columns = ['Name', 'Ready', 'Status'].map((name) => ({
    name,
    type: 'string',
    format: name === 'Name' ? 'name' : '',
    priority: 0,
  }));
  const lines = Array.from({ length: count }, (_, index) =>
    JSON.stringify({ cells: [`pod-${index}`, '1/1', 'Running'], object: pod(index) }),
  );
  return `"columnDefinitions":${JSON.stringify(columns)},"rows":[${lines.join(',')}]}`;
}

describe(`a list of ${total} objects in a heap of ${heapLimit} MB`, () => {
  const server = pageServer();
  let address = '';
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const lines = (text: string): number => text.split('\n').length - 1;
  it.each<[string, readonly string[], (stdout: string) => number]>([
    ['a table', [], (text) => lines(text) - 1],
    ['a table of all namespaces', ['-A'], (text) => lines(text) - 1],
    ['names', ['-o', 'name'], lines],
    ['ndjson', ['-o', 'ndjson'], lines],
    ['json', ['-o', 'json'], (text) => text.split('"uid": ').length - 1],
    ['yaml', ['-o', 'yaml'], (text) => text.split('\n    uid: ').length - 1],
    ['jsonpath', ['-o', 'jsonpath={range .items[*]}{.metadata.name}{"\\n"}{end}'], lines],
    ['custom columns', ['-o', 'custom-columns=NAME:.metadata.name'], (text) => lines(text) - 1],
  ])(
    '%s',
    async (_, flags, count) => {
      const run = await kapi(['list', 'pods', '-s', address, ...flags], {
        kubeconfig: null,
        env: { NODE_OPTIONS: `--max-old-space-size=${heapLimit}` },
        timeoutMs: 280_000,
      });
      expect(run).toMatchObject({ code: 0, stderr: '' });
      expect(count(run.stdout)).toBe(total);
    },
    300_000,
  );
});
