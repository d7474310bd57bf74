// Opens a connection to the server: TCP, the proxy's handshake, TLS. The one place for both carriers and upgrades,
// so that trust, names and time limits are the same everywhere.

// Names one by one: of a default import the bundler makes a copy with a getter for every name of the module.
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

/** All that a connection depends on. */
export interface ConnectPlan {
  readonly server: ServerAddress;
  readonly route: Route;
  readonly tls: TlsDecision;
  /** TLS with the proxy, `plain` where it is spoken to in clear. */
  readonly proxyTls: TlsDecision;
  readonly limits: Limits;
  /** For the request to a proxy. */
  readonly userAgent: string;
  /** A monotonic clock in milliseconds. */
  readonly clock: () => number;
  readonly now: () => Date;
  /** Client certificate and ciphers; asked for at most once a connection, and only where there is TLS. */
  readonly secureContext: (party: Party, signal: AbortSignal) => Promise<SecureContext>;
  /** The trusted certificates as DER; asked for under the same conditions. */
  readonly anchors: () => Promise<readonly Buffer[]>;
}

/** Milliseconds since the connection was begun. */
export interface ConnectTimes {
  resolvedMs?: number;
  connectedMs?: number;
  /** The proxy has opened its tunnel. */
  tunnelledMs?: number;
  securedMs?: number;
}

export interface Connection {
  readonly socket: Socket;
  /** The certificates that the server showed, as DER, its own first; empty for plain http. */
  readonly shown: readonly Buffer[];
  readonly times: ConnectTimes;
  /**
   * The alert with which the server ended TLS after the handshake, as with TLS 1.3 it refuses a client certificate.
   * Node reports the end of the stream first, so that a carrier may know of that only.
   */
  readonly alert: () => unknown;
}

/**
 * Opens a connection over which HTTP can be spoken at once.
 * @throws Fault, or `signal`'s reason
 */
export async function openConnection(plan: ConnectPlan, signal: AbortSignal): Promise<Connection> {
  const { server, route, limits, clock } = plan;
  // Before anything is connected: a plugin that asks a person for a password takes longer than a server waits for the
  // handshake on an open connection.
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
  // Not documented; without it only the reason would be missing from the error.
  socket.once('_tlsError', (error: unknown) => {
    alert = error;
  });
  return { socket, shown, times, alert: () => alert };
}

/** How long a port may take to say what it speaks, in milliseconds. */
const greetingMs = 1_000;

/**
 * Asks a port that does not speak TLS what it speaks: what it says by itself (SSH, SMTP), or else to a request without
 * any header. Opens a connection of its own; nothing secret is sent.
 * @returns the first bytes as Latin-1; undefined where nothing came in time
 */
export async function readGreeting(plan: ConnectPlan, party: Party): Promise<string | undefined> {
  const target = party === 'proxy' && plan.route.kind !== 'direct' ? plan.route.proxy : plan.server;
  // Behind a proxy the port cannot be reached without another tunnel.
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
    // A dead peer is noticed within a minute, as with Go's dialer; watches have no time limit of their own.
    keepAlive: true,
    keepAliveInitialDelay: 30_000,
    // Node tries the addresses of a name one after the other; its default of 250 ms gives up on slow networks.
    autoSelectFamilyAttemptTimeout: 2_000,
  });
  let phase: Phase = isIP(host) === 0 ? 'resolve' : 'connect';
  socket.once('lookup', (error: Error | null) => {
    if (error !== null) return;
    phase = 'connect';
    resolved();
  });
  await settled(socket, 'connect', limits.connectMs, () => ({ phase, party }), signal);
  return socket;
}

/**
 * Shakes hands and verifies the other side. OpenSSL's own verdict does not count (it has no anchors), so that the socket must
 * not leave this function before verifyChain() has said yes: until then nobody can write to it.
 * @throws Fault `CERTIFICATE` where the other side is not trusted
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
    // Node never sends an empty name.
    servername: decision.sni ?? '',
    rejectUnauthorized: false,
    // HTTP/2 is not offered: one connection per stream needs no multiplexing, upgrades (exec, port-forward) are
    // HTTP/1.1 only, and node:http2 costs more at start than it saves on a handful of requests.
    ALPNProtocols: ['http/1.1'],
    // Go's rules for names are in verifyChain().
    checkServerIdentity: () => undefined,
  });
  await settled(secure, 'secureConnect', limits.tlsMs, () => ({ phase: 'tls', party }), signal);
  const shown = shownBy(secure);
  if (decision.trust.kind === 'anyone') return { socket: secure, shown };
  const refusal = verifyChain({ shown, anchors: contexts.anchors, name: decision.name, now: now() });
  if (refusal === undefined) return { socket: secure, shown };
  secure.on('error', () => undefined);
  secure.destroy();
  throw new Fault({ phase: 'tls', party, code: 'CERTIFICATE', refusal, shown });
}

/**
 * The certificates of a handshake in the order in which they came. Called once a connection: on Node 20 and 22 the first
 * look takes the server's own certificate out of the list. `getPeerCertificate()` would leave out what OpenSSL finds
 * unrelated.
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
  await bounded(socket, opening, limits.proxyMs, () => ({ phase: 'proxy', party: 'proxy' }), signal);
}

/** Waits for an event of a fresh socket; when it fails, is late or is aborted instead, the socket is gone. */
function settled(
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
  return bounded(socket, settling, limitMs, where, signal);
}

async function bounded(
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
    // Errors that come after the decisive one have nobody left to tell.
    socket.on('error', () => undefined);
    socket.destroy();
    if (error instanceof Fault || signal.aborted) throw error;
    throw new Fault({ ...where(), cause: error });
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}
