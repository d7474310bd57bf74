// Opens a connection to the server: TCP, the proxy's handshake, TLS. Both carriers and upgrades use
// it, so that trust, names and time limits are the same everywhere.
// The imports are named: for a default import the bundler makes a copy with a getter for every name
// of the module.
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls, type SecureContext, type TLSSocket } from 'node:tls';
import { reasonOf, unlessAborted } from '../model/abort.ts';
import { Fault, type Party, type Phase } from './fault.ts';
import type { Limits } from './limits.ts';
import type { Route } from './route.ts';
import type { Endpoint, ServerAddress } from './server-address.ts';
import { openSocksTunnel } from './socks5.ts';
import { isVerified, type TlsDecision } from './tls.ts';
import { openHttpTunnel } from './tunnel.ts';
import { verifyChain } from './verify-chain.ts';

/** Everything that a connection depends on. */
export interface ConnectPlan {
  readonly server: ServerAddress;
  readonly route: Route;
  readonly tls: TlsDecision;
  /** TLS with the proxy; `plain` for a proxy without TLS. */
  readonly proxyTls: TlsDecision;
  readonly limits: Limits;
  /** User-Agent of the CONNECT request to a proxy. */
  readonly userAgent: string;
  /** A monotonic clock in milliseconds. */
  readonly clock: () => number;
  readonly now: () => Date;
  /**
   * Returns client certificate and ciphers. Called at most once for each party and connection, and
   * only for TLS.
   */
  readonly secureContext: (party: Party, signal: AbortSignal) => Promise<SecureContext>;
  /**
   * Returns the trusted certificates as DER. Called at most once for each connection, and only if a
   * certificate is verified.
   */
  readonly anchors: () => Promise<readonly Buffer[]>;
}

/**
 * Milliseconds from the start of the connection to the end of each step. A step that did not happen
 * is absent.
 */
export interface ConnectTimes {
  resolvedMs?: number;
  connectedMs?: number;
  /** End of the proxy's handshake. */
  tunnelledMs?: number;
  securedMs?: number;
}

/** A connection that is ready for HTTP. */
export interface Connection {
  readonly socket: Socket;
  /**
   * The certificates that the server sent, as DER, the server certificate first. Empty for plain
   * http.
   */
  readonly shown: readonly Buffer[];
  readonly times: ConnectTimes;
  /**
   * Returns the TLS alert with which the server ended the connection after the handshake, or
   * undefined. A TLS 1.3 server refuses a client certificate that way. Node reports the end of the
   * stream first, so a carrier can see the end without the alert.
   */
  readonly alert: () => unknown;
}

/**
 * Opens a connection that is ready for HTTP.
 * @throws Fault when a step fails or times out, ConfigError when credentials cannot be used, or the
 *   reason of `signal`
 */
export async function openConnection(plan: ConnectPlan, signal: AbortSignal): Promise<Connection> {
  const { server, route, limits, clock } = plan;
  // Get the credentials before connecting: a plugin that asks for a password takes longer than a
  // server waits for the handshake on an open connection.
  const contexts = await unlessAborted(contextsOf(plan, signal), signal);
  const begun = clock();
  const times: ConnectTimes = {};
  const since = (): number => clock() - begun;
  const party: Party = route.kind === 'direct' ? 'server' : 'proxy';
  let socket = await openTcp(route.kind === 'direct' ? server : route.proxy, party, limits, signal, () => {
    times.resolvedMs = since();
  });
  times.connectedMs = since();
  if (route.kind !== 'direct') {
    if (plan.proxyTls.kind === 'tls') {
      ({ socket } = await openTls(socket, plan, plan.proxyTls, 'proxy', contexts, signal));
    }
    await openTunnel(socket, route, server, plan, signal);
    times.tunnelledMs = since();
  }
  let shown: readonly Buffer[] = [];
  if (plan.tls.kind === 'tls') {
    ({ socket, shown } = await openTls(socket, plan, plan.tls, 'server', contexts, signal));
    times.securedMs = since();
  }
  let alert: unknown;
  // `_tlsError` is not documented. If Node drops it, only the reason is missing from the error.
  socket.once('_tlsError', (error: unknown) => {
    alert = error;
  });
  return { socket, shown, times, alert: () => alert };
}

/** Max milliseconds to wait for the first bytes of a port that does not speak TLS. */
const greetingMs = 1_000;

/**
 * Returns the first bytes that a port sends if it does not speak TLS: what the server sends on
 * connect (SSH, SMTP), or its answer to a request without headers. Uses a new connection and sends
 * no secret.
 * @returns Latin-1 text of at most 200 bytes; undefined if nothing arrives in time
 */
export async function readGreeting(plan: ConnectPlan, party: Party): Promise<string | undefined> {
  const target = party === 'proxy' && plan.route.kind !== 'direct' ? plan.route.proxy : plan.server;
  // The server's port is only reachable through another tunnel.
  if (party === 'server' && plan.route.kind !== 'direct') return undefined;
  const socket = connectTcp({ host: target.host, port: target.port });
  return new Promise((resolve) => {
    const end = (said?: string): void => {
      clearTimeout(asking);
      clearTimeout(waiting);
      socket.destroy();
      resolve(said);
    };
    const asking = setTimeout(() => socket.write('GET / HTTP/1.0\r\n\r\n'), greetingMs / 4);
    const waiting = setTimeout(end, greetingMs);
    socket.once('data', (chunk: Buffer) => {
      end(chunk.subarray(0, 200).toString('latin1'));
    });
    socket.once('error', () => {
      end();
    });
    socket.once('close', () => {
      end();
    });
  });
}

interface Contexts {
  readonly server: SecureContext | undefined;
  readonly proxy: SecureContext | undefined;
  readonly anchors: readonly Buffer[];
}

async function contextsOf(plan: ConnectPlan, signal: AbortSignal): Promise<Contexts> {
  return {
    server: plan.tls.kind === 'tls' ? await plan.secureContext('server', signal) : undefined,
    proxy: plan.proxyTls.kind === 'tls' ? await plan.secureContext('proxy', signal) : undefined,
    anchors: isVerified(plan.tls) || isVerified(plan.proxyTls) ? await plan.anchors() : [],
  };
}

async function openTcp(
  { host, port }: Endpoint,
  party: Party,
  limits: Limits,
  signal: AbortSignal,
  resolved: () => void,
): Promise<Socket> {
  signal.throwIfAborted();
  const socket = connectTcp({
    host,
    port,
    noDelay: true,
    // Detects a dead peer within a minute, since watches have no time limit. client-go's dialer
    // starts its keep-alive probes after 30 s too.
    keepAlive: true,
    keepAliveInitialDelay: 30_000,
    // Node tries the addresses of a name one after the other. Its default of 250 ms per address is
    // too short on slow networks.
    autoSelectFamilyAttemptTimeout: 2_000,
  });
  let phase: Phase = isIP(host) === 0 ? 'resolve' : 'connect';
  socket.once('lookup', (error: Error | null) => {
    if (error !== null) return;
    phase = 'connect';
    resolved();
  });
  await waitForSocket(socket, 'connect', limits.connectMs, () => ({ phase, party }), signal);
  return socket;
}

/**
 * Runs the TLS handshake and verifies the peer. OpenSSL's own verdict is ignored, because OpenSSL
 * gets no anchors. Therefore the socket must not leave this function, and nothing can be written to
 * it, before verifyChain() accepts the chain.
 * @throws Fault `CERTIFICATE` when the peer is not trusted
 */
async function openTls(
  socket: Socket,
  { limits, now }: ConnectPlan,
  decision: Extract<TlsDecision, { kind: 'tls' }>,
  party: Party,
  contexts: Contexts,
  signal: AbortSignal,
): Promise<{ readonly socket: TLSSocket; readonly shown: readonly Buffer[] }> {
  const secure = connectTls({
    socket,
    secureContext: contexts[party],
    // Node sends no server name for an empty text.
    servername: decision.sni ?? '',
    rejectUnauthorized: false,
    // HTTP/2 is not offered: a connection for each stream needs no multiplexing, upgrades (exec,
    // port-forward) are HTTP/1.1 only, and node:http2 costs more at start than it saves for a few
    // requests.
    ALPNProtocols: ['http/1.1'],
    // verifyChain() checks the name by Go's rules.
    checkServerIdentity: () => undefined,
  });
  await waitForSocket(secure, 'secureConnect', limits.tlsMs, () => ({ phase: 'tls', party }), signal);
  const shown = shownBy(secure);
  if (decision.trust.kind === 'anyone') return { socket: secure, shown };
  const refusal = verifyChain({ shown, anchors: contexts.anchors, name: decision.name, now: now() });
  if (refusal === undefined) return { socket: secure, shown };
  secure.on('error', () => undefined);
  secure.destroy();
  throw new Fault({ phase: 'tls', party, code: 'CERTIFICATE', refusal, shown });
}

/**
 * Returns the certificates of a handshake in the order of arrival. Call it once per connection: on
 * Node 20 and 22 the first call removes the server certificate from the list.
 * `getPeerCertificate()` would omit the certificates that OpenSSL finds unrelated.
 */
function shownBy(socket: TLSSocket): readonly Buffer[] {
  const shown: Buffer[] = [];
  for (let each = socket.getPeerX509Certificate(); each !== undefined; each = each.issuerCertificate) {
    shown.push(each.raw);
  }
  return shown;
}

async function openTunnel(
  socket: Socket,
  route: Exclude<Route, { kind: 'direct' }>,
  target: Endpoint,
  { limits, userAgent }: ConnectPlan,
  signal: AbortSignal,
): Promise<void> {
  if (route.kind === 'forward') return;
  const opening =
    route.kind === 'tunnel'
      ? openHttpTunnel(socket, target, route.proxy.authorization, {
          userAgent,
          headerBytes: limits.headerBytes,
        })
      : openSocksTunnel(socket, target, route.proxy);
  await limitStep(socket, opening, limits.proxyMs, () => ({ phase: 'proxy', party: 'proxy' }), signal);
}

/** Waits for an event of a new socket. Destroys the socket on failure, time-out or abort. */
function waitForSocket(
  socket: Socket,
  event: 'connect' | 'secureConnect',
  limitMs: number,
  where: () => { phase: Phase; party: Party },
  signal: AbortSignal,
): Promise<void> {
  const settling = new Promise<void>((resolve, reject) => {
    socket.once(event, resolve);
    socket.once('error', reject);
    socket.once('close', () => {
      reject(new Fault({ ...where(), code: 'CLOSED' }));
    });
  });
  return limitStep(socket, settling, limitMs, where, signal);
}

/** Waits for a step with a time limit. Destroys the socket on failure, time-out or abort. */
async function limitStep(
  socket: Socket,
  step: Promise<void>,
  limitMs: number,
  where: () => { phase: Phase; party: Party },
  signal: AbortSignal,
): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  let stop = (): void => undefined;
  const interrupted = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Fault({ ...where(), code: 'TIMEOUT' }));
    }, limitMs);
    stop = () => {
      reject(reasonOf(signal));
    };
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    await Promise.race([step, interrupted]);
  } catch (error) {
    // Ignore errors that follow the first one: without a listener they would end the process.
    socket.on('error', () => undefined);
    socket.destroy();
    if (error instanceof Fault || signal.aborted) throw error;
    throw new Fault({ ...where(), cause: error });
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}
