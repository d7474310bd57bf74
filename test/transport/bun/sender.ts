// The program that sends the requests of the tests: the transport, as the standalone program has
// it. It runs on Bun. The process of the tests calls it by lines of JSON: remote-send.ts.
import type { ClusterConfig } from '../../../src/config/cluster-config.ts';
import type { Authenticator } from '../../../src/auth/authenticator.ts';
import type { ApiResponse, RequestSpec, Send } from '../../../src/model/request.ts';
import type { TransportOptions } from '../../../src/transport/link.ts';
import { openSend } from '../../../src/transport/send.ts';
import { sleep } from '../../../src/transport/sleep.ts';
import { openPeer, type Lent } from './peer.ts';
import type { Opening, Sending } from './remote-send.ts';

const links = new Map<number, { readonly send: Send; readonly stop: AbortController }>();
const sendings = new Map<number, AbortController>();
const responses = new Map<number, ApiResponse>();

/** Asks the tests for a credential. */
async function ask<Value>(signal: AbortSignal | undefined, ...args: readonly unknown[]): Promise<Value> {
  const asked = peer.call('credential', ...args) as Promise<Value>;
  if (signal === undefined) return asked;
  const ended = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
  return Promise.race([asked, ended]);
}

/** The reason of an abort here. The tests compare with a reason of their own. */
const aborted = Object.assign(new Error('aborted'), { isAbort: true });

const peer = openPeer(process.stdin, (line) => process.stdout.write(line), {
  open(given) {
    const { id, config, options, replaced } = given as Opening;
    const stop = new AbortController();
    const call = (name: string, ...args: unknown[]): Promise<unknown> =>
      peer.call('option', id, name, ...args);
    const all: TransportOptions = {
      userAgent: 'kapi/test',
      random: () => 0,
      platform: 'linux',
      clock: () => performance.now(),
      env: {},
      ...options,
      nodeVersion: process.versions.node,
      signal: stop.signal,
      warn: (text) => void call('warn', text),
      now: () => new Date(options.nowMs ?? Date.now()),
      sleep: replaced.includes('sleep') ? (ms) => call('sleep', ms) as Promise<void> : sleep,
      ...(options.verbosity === undefined
        ? {}
        : { verbose: { level: options.verbosity, line: (text) => void call('line', text) } }),
    };
    const credentials: Authenticator = {
      authorization: (signal) => ask(signal, id, 'authorization'),
      clientCertificate: (signal) => ask(signal, id, 'clientCertificate'),
      renew: (refused, signal) => ask(signal, id, 'renew', refused),
    };
    links.set(id, { stop, send: openSend(config as ClusterConfig, credentials, all) });
  },

  async send(given) {
    const { id, link, request, body } = given as Sending;
    const stop = new AbortController();
    sendings.set(id, stop);
    const spec: RequestSpec =
      body !== undefined && typeof body === 'object' && 'lent' in body
        ? { ...request, body: peer.borrow(body) }
        : { ...request, ...(body === undefined ? {} : { body }) };
    const open = links.get(link);
    if (open === undefined) throw new Error(`no link ${link}`);
    const response = await open.send(spec, { signal: stop.signal, onSent: () => void peer.call('sent', id) });
    responses.set(id, response);
    return { ...response, body: peer.lend(response.body) satisfies Lent };
  },

  abort(id) {
    sendings.get(Number(id))?.abort(aborted);
  },
  stop(link) {
    links.get(Number(link))?.stop.abort(aborted);
  },
  cancel(id) {
    responses.get(Number(id))?.cancel();
  },
});
