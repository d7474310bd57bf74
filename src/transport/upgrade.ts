// Sends requests that upgrade their connection: exec, attach and port-forward (WebSocket, SPDY),
// for `kapi proxy`. Trust, route and credentials are those of Send. Each request gets a new
// connection. Entry point: openUpgrade().

import http from 'node:http';
import type { Duplex } from 'node:stream';
import type { Authenticator } from '../auth/authenticator.ts';
import type { ClusterConfig } from '../config/cluster-config.ts';
import { reasonOf } from '../model/abort.ts';
import type { OpenUpgrade, UpgradeAnswer, UpgradeSpec } from '../model/upgrade.ts';
import { openBody } from './body.ts';
import { Fault } from './fault.ts';
import { joinHeaders, mutableHeaders, readableValue, type WireHeaders } from './headers.ts';
import { openLink, type Link, type TransportOptions } from './link.ts';
import { pairsOf } from './node-carrier.ts';
import { requestTimedOut } from './request-errors.ts';
import { alertBehind, goneAlready, requestFault } from './request-fault.ts';
import { checkPath } from './request-path.ts';
import { openScope, type Scope } from './scope.ts';
import { answerLines, requestLines } from './verbose.ts';

/**
 * Returns the function that sends upgrade requests to a cluster. It repeats a request only once,
 * after a 401 with renewed credentials.
 * @throws ConfigError when the server address, the proxy or the CA cannot be used
 */
export function openUpgrade(
  config: ClusterConfig,
  authenticator: Authenticator,
  options: TransportOptions,
): OpenUpgrade {
  const link = openLink(config, authenticator, options);
  return async (spec, { signal } = {}) => {
    checkPath(spec.path);
    const scope = openScope([options.signal, signal], config.requestTimeoutMs, () =>
      requestTimedOut(config.requestTimeoutMs, 'upgrade', false),
    );
    const path = `${link.server.prefix}${spec.path}`;
    try {
      let repeated = false;
      const first = await attempt(link, spec, path, scope, options, () => {
        if (!repeated) scope.end();
      });
      if (first.answer.kind === 'upgraded' || first.answer.response.status !== 401) return first.answer;
      if ((await link.renewCredentials(first.headers, scope.signal)) === 'same') return first.answer;
      repeated = true;
      first.answer.response.cancel();
      const second = await attempt(link, spec, path, scope, options, () => {
        scope.end();
      });
      return second.answer;
    } catch (error) {
      scope.end();
      if (scope.signal.aborted) throw reasonOf(scope.signal);
      if (error instanceof Fault) throw await link.explain(error, { method: spec.method, path });
      throw error;
    }
  };
}

async function attempt(
  link: Link,
  spec: UpgradeSpec,
  path: string,
  scope: Scope,
  options: TransportOptions,
  ended: () => void,
): Promise<{ answer: UpgradeAnswer; headers: WireHeaders }> {
  const headers = await link.headers(spec, scope.signal, true);
  const connection = await link.connect(scope.signal);
  const { socket } = connection;
  const gone = goneAlready(socket);
  if (gone !== undefined) throw gone;
  for (const line of requestLines(spec.method, path, headers)) options.verbose?.line(line);
  const incoming = await exchange(link, spec.method, path, headers, socket, scope).catch(
    async (error: unknown) => {
      throw (await alertBehind(connection)) ?? error;
    },
  );
  const { response } = incoming;
  const pairs = pairsOf(response.rawHeaders);
  for (const line of answerLines(response.statusCode ?? 0, response.statusMessage ?? '', pairs)) {
    options.verbose?.line(line);
  }
  if (pairs.length > link.limits.headerCount) {
    socket.destroy();
    throw new Fault({ phase: 'request', party: 'server', code: 'TOO_MANY_HEADERS' });
  }
  scope.stopClock();
  if (incoming.kind === 'upgraded') {
    const end = (): void => {
      socket.destroy(reasonOf(scope.signal));
    };
    scope.signal.addEventListener('abort', end, { once: true });
    socket.once('close', ended);
    return {
      headers,
      answer: {
        kind: 'upgraded',
        headers: joinHeaders(pairs),
        headerLines: pairs,
        socket,
        head: incoming.head,
      },
    };
  }
  const opened = openBody(
    response,
    'identity',
    scope,
    async (fault) => (fault instanceof Fault ? link.explain(fault, { method: spec.method, path }) : fault),
    ended,
  );
  return {
    headers,
    answer: {
      kind: 'answered',
      response: {
        status: response.statusCode ?? 0,
        statusText: readableValue(response.statusMessage ?? ''),
        headers: joinHeaders(pairs),
        exchange: { url: `${link.serverUrl}${spec.path}`, redirects: 0, headerLines: pairs, firstByteMs: 0 },
        body: opened.body,
        cancel: () => {
          opened.cancel();
        },
        server: link.serverUrl,
      },
    },
  };
}

type Incoming =
  | { readonly kind: 'upgraded'; readonly response: http.IncomingMessage; readonly head: Uint8Array }
  | { readonly kind: 'answered'; readonly response: http.IncomingMessage };

function exchange(
  link: Link,
  method: string,
  path: string,
  headers: WireHeaders,
  socket: Duplex,
  scope: Scope,
): Promise<Incoming> {
  return new Promise((resolve, reject) => {
    const request = http.request({
      createConnection: () => socket,
      method,
      path: link.target(path),
      headers: mutableHeaders(headers),
      setHost: false,
      maxHeaderSize: link.limits.headerBytes,
      signal: scope.signal,
    });
    request.maxHeadersCount = 0;
    request.once('upgrade', (response, _socket, head) => {
      resolve({ kind: 'upgraded', response, head });
    });
    request.once('response', (response) => {
      resolve({ kind: 'answered', response });
    });
    request.on('error', (error) => {
      reject(requestFault(error, false));
    });
    request.once('close', () => {
      reject(requestFault(undefined, false));
    });
    request.end();
  });
}
