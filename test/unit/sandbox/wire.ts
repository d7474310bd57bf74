// A sandbox on loopback and a bare HTTPS client for the tests of the wire. Entry point: openWire().

import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import type { Json, JsonObject } from '../../../src/model/object.ts';
import { isJsonObject } from '../../../src/model/object.ts';
import { parseFault } from '../../../src/sandbox/faults.ts';
import { openSandbox, type Sandbox } from '../../../src/sandbox/sandbox.ts';
import { readManifest } from '../../../src/sandbox/manifests.ts';

/** The identity of a request: a certificate, a token, or anonymous. */
export type As = 'admin' | 'jane' | 'serviceaccount' | 'anonymous' | 'badtoken' | 'admin-token';

export interface Ask {
  readonly as?: As;
  readonly method?: string;
  readonly accept?: string;
  readonly contentType?: string;
  readonly body?: Json | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  /** The body as JSON; an empty object if it is not JSON. */
  readonly body: JsonObject;
  /** True if the body was truncated. */
  readonly broken: boolean;
}

export interface Wire {
  readonly sandbox: Sandbox;
  readonly ask: (path: string, ask?: Ask) => Promise<Answered>;
  /** Opens a watch and returns its events one by one; `stop` ends it from the client. */
  readonly watch: (path: string, ask?: Ask) => Promise<WatchReader>;
  readonly close: () => Promise<void>;
}

export interface WatchReader {
  /** The next event, undefined when the watch has ended. */
  next(): Promise<JsonObject | undefined>;
  stop(): void;
}

export async function openWire(
  options: { readonly faults?: readonly string[]; readonly manifest?: string; readonly pods?: number } = {},
): Promise<Wire> {
  const sandbox = await openSandbox({
    port: 0,
    faults: (options.faults ?? []).map(parseFault),
    objects: readManifest(options.manifest ?? '', 'test'),
    pods: options.pods ?? 0,
    lively: false,
    now: () => new Date(),
  });
  const plain = new Agent({ ca: sandbox.caCertificate, keepAlive: false });
  const admin = new Agent({
    keepAlive: true,
    ca: sandbox.caCertificate,
    cert: sandbox.admin.certificate,
    key: sandbox.admin.key,
  });
  const jane = new Agent({
    ca: sandbox.caCertificate,
    cert: sandbox.jane.certificate,
    key: sandbox.jane.key,
  });

  const send = (path: string, ask: Ask, onAnswer: (answer: IncomingMessage) => void): void => {
    const as = ask.as ?? 'admin';
    const token =
      as === 'serviceaccount'
        ? sandbox.serviceAccountToken
        : as === 'badtoken'
          ? 'nope'
          : as === 'admin-token'
            ? sandbox.admin.token
            : undefined;
    const body =
      ask.body === undefined
        ? undefined
        : Buffer.isBuffer(ask.body)
          ? ask.body
          : Buffer.from(textOf(ask.body));
    const outgoing = request(sandbox.url + path, {
      agent: as === 'admin' ? admin : as === 'jane' ? jane : plain,
      method: ask.method ?? 'GET',
      headers: {
        accept: ask.accept ?? 'application/json',
        'user-agent': 'unknown',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined
          ? {}
          : {
              'content-type': ask.contentType ?? 'application/json',
              // Without it Node frames no body of a DELETE.
              'content-length': body.length,
            }),
        ...ask.headers,
      },
    });
    outgoing.on('response', onAnswer);
    outgoing.end(body);
  };

  return {
    sandbox,
    ask: (path, ask = {}) =>
      new Promise((resolve) => {
        send(path, ask, (answer) => {
          const chunks: Buffer[] = [];
          const finish = (broken: boolean): void => {
            const text = Buffer.concat(chunks).toString('utf8');
            resolve({
              status: answer.statusCode ?? 0,
              headers: answer.headers,
              text,
              body: jsonOf(text),
              broken,
            });
          };
          answer.on('data', (chunk: Buffer) => chunks.push(chunk));
          answer.on('end', () => finish(false));
          answer.on('error', () => finish(true));
        });
      }),
    watch: (path, ask = {}) =>
      new Promise((resolve) => {
        send(path, ask, (answer) => {
          const lines = linesOf(answer);
          resolve({
            next: async () => {
              const line = await lines.next();
              return line.done === true ? undefined : jsonOf(line.value);
            },
            stop: () => answer.destroy(),
          });
        });
      }),
    close: async () => {
      for (const agent of [plain, admin, jane]) agent.destroy();
      await sandbox.close();
    },
  };
}

function textOf(body: Json | Buffer): string {
  return typeof body === 'string' ? body : JSON.stringify(body);
}

function jsonOf(text: string): JsonObject {
  try {
    const value: Json = JSON.parse(text) as Json;
    return isJsonObject(value) ? value : {};
  } catch {
    // Texts and broken bodies have no JSON; tests check `text` then.
    return {};
  }
}

async function* linesOf(stream: AsyncIterable<Buffer>): AsyncGenerator<string, void, undefined> {
  let rest = '';
  try {
    for await (const chunk of stream) {
      const parts = (rest + chunk.toString('utf8')).split('\n');
      rest = parts.pop() ?? '';
      yield* parts;
    }
  } catch {
    // A watch that was cut ends here; tests see that there is no next event.
  }
}
