// Sends the requests of the tests from a Bun with the transport of the standalone program, while
// their servers stay on this Node: KAPI_TRANSPORT_RUNTIME=bun. Entry points: sendsOnBun,
// remoteSend.
import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Authenticator } from '../../../src/auth/authenticator.ts';
import type { ClusterConfig } from '../../../src/config/cluster-config.ts';
import type { ApiResponse, RequestSpec, Send } from '../../../src/model/request.ts';
import type { TransportOptions } from '../../../src/transport/link.ts';
import { openPeer, type Functions, type Lent, type Peer } from './peer.ts';

/** True if the tests send from Bun. */
export const sendsOnBun = process.env['KAPI_TRANSPORT_RUNTIME'] === 'bun';

/** A call of `openSend`. */
export interface Opening {
  readonly id: number;
  readonly config: unknown;
  readonly options: Partial<
    Pick<TransportOptions, 'carrier' | 'limits' | 'env' | 'platform' | 'load' | 'userAgent'>
  > & {
    /** What `now` returns. Absent: the time. */
    readonly nowMs?: number | undefined;
    /** Absent: no log. */
    readonly verbosity?: 1 | 2 | undefined;
  };
  /** Functions of the options that are called in the process of the tests. */
  readonly replaced: readonly string[];
}

/** A call of `Send`. */
export interface Sending {
  readonly id: number;
  readonly link: number;
  readonly request: Omit<RequestSpec, 'body'>;
  readonly body?: string | Uint8Array | Lent | undefined;
}

const links = new Map<
  number,
  { readonly options: Partial<TransportOptions>; readonly credentials: Authenticator }
>();
const sentCallbacks = new Map<number, () => void>();
let last = 0;

const functions: Functions = {
  option(link, name, value) {
    const options = links.get(Number(link))?.options;
    if (name === 'warn') options?.warn?.(String(value));
    if (name === 'line') options?.verbose?.line(String(value));
    if (name === 'sleep') return options?.sleep?.(Number(value), new AbortController().signal);
    return undefined;
  },
  credential(link, name, refused) {
    const credentials = links.get(Number(link))?.credentials;
    if (name === 'clientCertificate') return credentials?.clientCertificate();
    if (name === 'renew') return credentials?.renew(typeof refused === 'string' ? refused : undefined);
    return credentials?.authorization();
  },
  sent: (id) => sentCallbacks.get(Number(id))?.(),
};

let started: Promise<Peer> | undefined;

/** One program for each file of tests. It ends with this process. */
async function startSender(): Promise<Peer> {
  const folder = mkdtempSync(join(tmpdir(), 'kapi-transport-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const bundle = fileURLToPath(new URL('bundle.mjs', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [bundle, folder]);
  const { bun, sender } = JSON.parse(stdout) as { readonly bun: string; readonly sender: string };
  const child = spawn(bun, [sender], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.unref();
  return openPeer(child.stdout, (line) => child.stdin.write(line), functions);
}

/** Like `openSend`, in the other process. */
export function remoteSend(
  config: ClusterConfig,
  credentials: Authenticator,
  options: Partial<TransportOptions>,
): Send {
  last += 1;
  const link = last;
  links.set(link, { options, credentials });
  const { signal, now, sleep, verbose, carrier, limits, env, platform, load, userAgent } = options;
  const opening: Opening = {
    id: link,
    config,
    options: {
      ...(carrier === undefined ? {} : { carrier }),
      ...(limits === undefined ? {} : { limits }),
      ...(env === undefined ? {} : { env }),
      ...(platform === undefined ? {} : { platform }),
      ...(load === undefined ? {} : { load }),
      ...(userAgent === undefined ? {} : { userAgent }),
      nowMs: now?.().getTime(),
      verbosity: verbose?.level,
    },
    replaced: sleep === undefined ? [] : ['sleep'],
  };
  let opened: Promise<Peer> | undefined;
  const open = async (): Promise<Peer> => {
    const peer = await (started ??= startSender());
    await peer.call('open', opening);
    const stop = (): void => void peer.call('stop', link);
    if (signal?.aborted === true) stop();
    signal?.addEventListener('abort', stop);
    return peer;
  };
  return async ({ body, ...request }, given = {}) => {
    last += 1;
    const id = last;
    const peer = await (opened ??= open());
    if (given.onSent !== undefined) sentCallbacks.set(id, given.onSent);
    const reasonFor = (error: unknown): unknown => {
      if (!(error instanceof Error && 'isAbort' in error)) return error;
      return (given.signal?.aborted === true ? given.signal : signal)?.reason;
    };
    const isStream = typeof body === 'object' && !(body instanceof Uint8Array);
    const sending: Sending = { id, link, request, body: isStream ? peer.lend(body) : body };
    const answered = peer.call('send', sending) as Promise<Omit<ApiResponse, 'body'> & { body: Lent }>;
    const abort = (): void => void peer.call('abort', id);
    if (given.signal?.aborted === true) abort();
    given.signal?.addEventListener('abort', abort);
    const response = await answered.catch((error: unknown) => {
      throw reasonFor(error);
    });
    return {
      ...response,
      body: translated(peer.borrow(response.body), reasonFor),
      cancel: () => void peer.call('cancel', id),
    };
  };
}

/** Each reading of the body is a reading in the other process. */
function translated(
  body: AsyncIterable<Uint8Array>,
  reasonFor: (error: unknown) => unknown,
): AsyncIterable<Uint8Array> {
  return {
    async *[Symbol.asyncIterator]() {
      try {
        yield* body;
      } catch (error) {
        throw reasonFor(error);
      }
    },
  };
}
