// A million events in a heap that could contain a fiftieth of them. Needs no cluster: a loopback
// server repeatedly changes a thousand objects, and creates and deletes new ones.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';

import { kapi } from './kapi.ts';

const total = 1_000_000;
/** Megabytes of V8's old space. */
const heapLimit = 24;
const eventsInPiece = 500;

/**
 * Returns an object as text, without JSON.stringify, because the server must be faster than the
 * client.
 */
function object(name: string, version: number): string {
  const metadata = `{"name":"${name}","namespace":"default","uid":"${name}","resourceVersion":"${version}"}`;
  return `{"kind":"Pod","apiVersion":"v1","metadata":${metadata},"status":{"phase":"Running"}}`;
}

function table(name: string, version: number): string {
  const row = `{"cells":["${name}","Running"],"object":${object(name, version)}}`;
  return `{"kind":"Table","metadata":{"resourceVersion":"${version}"},"columnDefinitions":null,"rows":[${row}]}`;
}

/** Returns four events: two changes of old objects, and the creation and deletion of a new one. */
function events(version: number, of: typeof object): string {
  const old = `old-${(version / 4) % 1_000}`;
  const fresh = `new-${version}`;
  return (
    `{"type":"MODIFIED","object":${of(old, version)}}\n{"type":"ADDED","object":${of(fresh, version + 1)}}\n` +
    `{"type":"MODIFIED","object":${of(old, version + 2)}}\n{"type":"DELETED","object":${of(fresh, version + 3)}}\n`
  );
}

const server = createServer((request, response) => {
  const of = request.headers.accept?.includes('as=Table') === true ? table : object;
  response.writeHead(200, { 'content-type': 'application/json' });
  if (request.url?.includes('watch=true') !== true) {
    const columnDefinitions = [{ name: 'Name' }, { name: 'Status' }];
    const empty = { metadata: { resourceVersion: '1' }, columnDefinitions, rows: [], items: [] };
    response.end(JSON.stringify({ ...empty, kind: of === table ? 'Table' : 'PodList' }));
    return;
  }
  let version = 4;
  const pump = (): void => {
    while (!response.destroyed) {
      let piece = '';
      for (const end = version + eventsInPiece; version < end; version += 4) piece += events(version, of);
      if (!response.write(piece)) break;
    }
  };
  response.on('drain', pump);
  pump();
});

/** True if this is not the sandbox project. The tests use neither server, so they run once. */
const project = inject('server');
const isElsewhere = 'missing' in project || project.kind !== 'sandbox';

describe.skipIf(isElsewhere)(`${total} events in a heap of ${heapLimit} MB`, () => {
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  it.each([
    ['a table', []],
    ['ndjson', ['-o', 'ndjson']],
  ])(
    '%s',
    async (_, flags) => {
      const { port } = server.address() as AddressInfo;
      const args = [
        'watch',
        'pods',
        '-s',
        `http://127.0.0.1:${port}`,
        '--no-headers',
        '--for-count',
        `${total}`,
      ];
      const run = await kapi([...args, ...flags], {
        kubeconfig: null,
        env: { NODE_OPTIONS: `--max-old-space-size=${heapLimit}` },
        timeoutMs: 280_000,
      });
      expect(run).toMatchObject({ code: 0, stderr: 'No resources found in default namespace.\n' });
      expect(run.stdout.split('\n')).toHaveLength(total + 1);
    },
    300_000,
  );
});
