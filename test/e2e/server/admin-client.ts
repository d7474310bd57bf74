// The requests for setting up a test server, with node:https only: the suite must not depend on the
// code it tests. Entry point: createAdminClient.
import { request } from 'node:https';

/** A response. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** Sends JSON as the user `admin`. */
export interface AdminClient {
  /** True if `/readyz` responds with ok. False if nothing responds. */
  isReady(): Promise<boolean>;
  /** Sends any request. Never throws because of a status code. */
  send(method: string, path: string, body?: unknown, contentType?: string): Promise<Answer>;
  /** Sends a request that must succeed. */
  must(method: string, path: string, body?: unknown, contentType?: string): Promise<unknown>;
}

/** Makes a client of the user `admin`. */
export function createAdminClient(url: string, ca: string, token: string): AdminClient {
  const send = (
    method: string,
    path: string,
    body?: unknown,
    contentType = 'application/json',
  ): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const headers: Record<string, string> = {
        authorization: `Bearer ${token}`,
        accept: 'application/json',
      };
      if (body !== undefined) headers['content-type'] = contentType;
      const outgoing = request(`${url}${path}`, { method, ca, headers, timeout: 30_000 }, (incoming) => {
        let text = '';
        incoming.setEncoding('utf8');
        incoming.on('data', (chunk: string) => (text += chunk));
        incoming.once('error', reject);
        incoming.once('end', () => {
          const isJson = (incoming.headers['content-type'] ?? '').startsWith('application/json');
          resolve({ status: incoming.statusCode ?? 0, body: isJson ? (JSON.parse(text) as unknown) : text });
        });
      });
      outgoing.once('timeout', () => outgoing.destroy(new Error(`${method} ${path}: no answer for 30 s`)));
      outgoing.once('error', reject);
      outgoing.end(body === undefined || typeof body === 'string' ? body : JSON.stringify(body));
    });
  return {
    send,
    async must(method, path, body, contentType) {
      const answer = await send(method, path, body, contentType);
      if (answer.status >= 300) {
        throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
      }
      return answer.body;
    },
    async isReady() {
      try {
        return (await send('GET', '/readyz')).status === 200;
      } catch {
        // Refused or reset: the server does not listen yet, so it is not ready.
        return false;
      }
    },
  };
}
