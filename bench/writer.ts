// Sends JSON to the measured server, many requests in parallel over kept connections. With
// node:https only: the benchmark must not depend on the measured code. Entry points: openWriter,
// inParallel.
import { readFile } from 'node:fs/promises';
import * as http from 'node:http';
import * as https from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Access } from './access.ts';

/** A response. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** Sends requests as the user of the kubeconfig. */
export interface Writer {
  /** Any request; never throws because of a status code. */
  send(method: string, path: string, body?: unknown): Promise<Answer>;
  /**
   * Sends a request that must succeed. Repeats it while the server is too busy, so it must be
   * idempotent.
   * @param alsoGood another status code that counts as success, such as 409 for an existing object
   */
  must(method: string, path: string, body?: unknown, alsoGood?: number): Promise<unknown>;
  close(): void;
}

/** Number of parallel requests. */
export const concurrency = 24;

const timeoutMs = 60_000;
/** Status codes of an overloaded server: of the server itself, or after a slow etcd. */
const busy: readonly number[] = [429, 500, 503, 504];
const longestWaitMs = 16_000;

export async function openWriter(access: Access): Promise<Writer> {
  const textOf = (file: string | undefined): Promise<string> | undefined =>
    file === undefined ? undefined : readFile(file, 'utf8');
  const [ca, cert, key] = [
    await textOf(access.caFile),
    await textOf(access.certificateFile),
    await textOf(access.keyFile),
  ];
  const isSecure = access.url.startsWith('https:');
  const agent = isSecure
    ? new https.Agent({
        keepAlive: true,
        maxSockets: concurrency,
        ...(ca === undefined ? {} : { ca }),
        ...(cert === undefined ? {} : { cert }),
        ...(key === undefined ? {} : { key }),
      })
    : new http.Agent({ keepAlive: true, maxSockets: concurrency });
  const send: Writer['send'] = (method, path, body) =>
    new Promise((resolve, reject) => {
      const text = body === undefined ? undefined : JSON.stringify(body);
      const headers: Record<string, string | number> = {
        accept: 'application/json',
        'user-agent': 'kapi-bench',
      };
      if (access.token !== undefined) headers['authorization'] = `Bearer ${access.token}`;
      if (text !== undefined) {
        headers['content-type'] = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
        headers['content-length'] = Buffer.byteLength(text);
      }
      const outgoing = (isSecure ? https : http).request(
        `${access.url}${path}`,
        { method, headers, agent, timeout: timeoutMs },
        (incoming) => {
          const pieces: Buffer[] = [];
          incoming.on('data', (piece: Buffer) => pieces.push(piece));
          incoming.once('error', reject);
          incoming.once('end', () => {
            const answer = Buffer.concat(pieces).toString();
            const isJson = (incoming.headers['content-type'] ?? '').startsWith('application/json');
            resolve({ status: incoming.statusCode ?? 0, body: isJson ? JSON.parse(answer) : answer });
          });
        },
      );
      outgoing.once('timeout', () =>
        outgoing.destroy(new Error(`${method} ${path}: no answer for ${timeoutMs / 1_000} s`)),
      );
      outgoing.once('error', reject);
      outgoing.end(text);
    });
  return {
    send,
    async must(method, path, body, alsoGood) {
      let answer = await send(method, path, body);
      for (let wait = 500; busy.includes(answer.status) && wait <= longestWaitMs; wait *= 2) {
        await sleep(wait);
        answer = await send(method, path, body);
      }
      if (answer.status >= 300 && answer.status !== alsoGood) {
        throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body).slice(0, 500)}`);
      }
      return answer.body;
    },
    close: () => agent.destroy(),
  };
}

/** Runs all jobs, in parallel up to the number of connections. The first failure ends it. */
export async function inParallel<Job>(jobs: Iterable<Job>, work: (job: Job) => Promise<void>): Promise<void> {
  const left = jobs[Symbol.iterator]();
  const worker = async (): Promise<void> => {
    for (let next = left.next(); next.done !== true; next = left.next()) await work(next.value);
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
}
