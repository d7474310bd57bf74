// A loopback server that answers like a sandbox, from memory, and can change each response. Entry
// point: openReplica().
import { request as httpsRequest } from 'node:https';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';
import type { KubeObject } from '../../src/model/object.ts';
import { openSandbox } from '../../src/sandbox/sandbox.ts';

/** A complete response. A watch has a body of lines. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly isWatch: boolean;
}

export interface Replica {
  readonly url: string;
  /** Changes each response. Default: unchanged. Set by a test. */
  change: (answer: Answer) => Answer;
  /**
   * Called for each watch after its last event: the test ends the command, or the server ends the
   * watch.
   */
  onWatch: () => void;
  /** Number of requests since the start. */
  asked: number;
  close(): Promise<void>;
}

/** The pod of the examples, with values of the Downward API, and its Deployment. */
const objects: readonly unknown[] = [
  {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web', namespace: 'default', labels: { app: 'web' }, annotations: { note: 'text' } },
    spec: {
      containers: [
        {
          ...{ name: 'app', image: 'nginx:1.27' },
          env: [{ name: 'POD', valueFrom: { fieldRef: { fieldPath: "metadata.annotations['note']" } } }],
          volumeMounts: [{ name: 'podinfo', mountPath: '/etc/podinfo' }],
        },
      ],
      volumes: [
        {
          name: 'podinfo',
          downwardAPI: { items: [{ path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } }] },
        },
      ],
    },
  },
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'default' },
    spec: {
      selector: { matchLabels: { app: 'web' } },
      template: {
        metadata: { labels: { app: 'web' } },
        spec: { containers: [{ name: 'app', image: 'nginx' }] },
      },
    },
  },
];

/** Starts the replica and its sandbox. */
export async function openReplica(): Promise<Replica> {
  const sandbox = await openSandbox({
    ...{ port: 0, faults: [], pods: 0, lively: false, now: () => new Date() },
    objects: objects as readonly KubeObject[],
  });
  const known = new Map<string, Promise<Answer>>();
  const server = createServer((request, response) => void answer(request, response));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  const replica: Replica = {
    url: `http://127.0.0.1:${port}`,
    change: (same) => same,
    onWatch: () => undefined,
    asked: 0,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await sandbox.close();
    },
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    replica.asked += 1;
    // The handler of the requesting run: an earlier run can end before its watch does.
    const { onWatch } = replica;
    const body = await buffer(request);
    const { method = 'GET', url = '/', headers } = request;
    const key = [method, url, headers.accept, headers['impersonate-user'], body.toString()].join(' ');
    let found = known.get(key);
    if (found === undefined) known.set(key, (found = ask(request, body)));
    const { status, headers: fields, body: text, isWatch } = replica.change(await found);
    response.writeHead(status, Object.entries(fields).flat());
    if (isWatch) {
      response.write(text);
      // In the next turn: the client reads the events first.
      setTimeout(() => {
        response.end();
        onWatch();
      }, 20);
    } else response.end(text);
  }

  function ask(request: IncomingMessage, body: Buffer): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const isWatch = /[?&](watch|follow)=(1|true)/.test(request.url ?? '');
      const { accept, 'content-type': type } = request.headers;
      const asked = httpsRequest(
        `${sandbox.url}${request.url ?? '/'}`,
        {
          method: request.method,
          ca: sandbox.caCertificate,
          headers: {
            authorization: `Bearer ${sandbox.admin.token}`,
            ...(accept === undefined ? {} : { accept }),
            ...(type === undefined ? {} : { 'content-type': type }),
            ...(request.headers['impersonate-user'] === undefined
              ? {}
              : { 'impersonate-user': request.headers['impersonate-user'] }),
          },
        },
        (answered) => {
          let text = '';
          const done = (): void =>
            resolve({
              status: answered.statusCode ?? 0,
              headers: { 'content-type': answered.headers['content-type'] ?? 'text/plain' },
              body: text,
              isWatch,
            });
          answered.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
          answered.on('end', done);
          answered.on('error', reject);
          // The first events of a watch are enough.
          if (isWatch && answered.statusCode === 200)
            setTimeout(() => {
              answered.removeAllListeners('error').on('error', () => undefined);
              asked.destroy();
              done();
            }, 150);
        },
      );
      asked.on('error', reject);
      asked.end(body);
    });
  }
  return replica;
}
