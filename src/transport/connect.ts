// Opens a connection to the server: TCP, the proxy's handshake, TLS. The one place for both carriers and upgrades,
// so that trust, names and time limits are the same everywhere.

import { X509Certificate } from 'node:crypto';
import net from 'node:net';
import tls from 'node:tls';
import { Fault, type Party, type Phase } from './fault.ts';
import type { Limits } from './limits.ts';
import type { Route } from './route.ts';
import type { Endpoint, ServerAddress } from './server-address.ts';
import { unlessAborted } from './scope.ts';
import { openSocksTunnel } from './socks5.ts';
import { namesExactly, nameMismatch, readCertificate, type TlsDecision } from './tls.ts';
import { openHttpTunnel } from './tunnel.ts';

/** All that a connection depends on. */
export interface ConnectPlan {
  readonly server: ServerAddress;
  readonly route: Route;
  readonly tls: TlsDecision;
  /** TLS with the proxy, `plain` where it is spoken to in clear. */
  readonly proxyTls: TlsDecision;
  readonly limits: Limits;
  /** A monotonic clock in milliseconds. */
  readonly clock: () => number;
  /** Anchors and client certificate; asked for at most once a connection, and only where there is TLS. */
  readonly secureContext: (party: Party) => Promise<tls.SecureContext>;
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
  readonly socket: net.Socket;
  readonly times: ConnectTimes;
  /**
   * The alert with which the server ended TLS after the handshake, as with TLS 1.3 it refuses a client certificate.
   * Node reports the end of the stream first, so that a carrier may know of that only.
   */
  readonly alert: () => unknown;
}

/**
 * Opens a connection over which HTTP can be spoken at once.
 * @param waiting called when the first word of the server's TLS handshake is out: time for other work
 * @throws Fault, or `signal`'s reason
 */
export async function openConnection(
  plan: ConnectPlan,
  signal: AbortSignal,
  waiting?: () => void,
): Promise<Connection> {
  const { server, route, limits, clock } = plan;
  // Before anything is connected: a plugin that asks a person for a password takes longer than a server waits for the
  // handshake on an open connection.
  const contexts = await unlessAborted(contextsOf(plan), signal);
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
      socket = await openTls(socket, plan.proxyTls, 'proxy', contexts, limits, signal);
    }
    await openTunnel(socket, route, server, limits, signal);
    times.tunnelledMs = since();
  }
  if (plan.tls.kind === 'tls') {
    socket = await openTls(socket, plan.tls, 'server', contexts, limits, signal, waiting);
    times.securedMs = since();
  }
  let alert: unknown;
  // Not documented; without it only the reason would be missing from the error.
  socket.once('_tlsError', (error: unknown) => {
    alert = error;
  });
  return { socket, times, alert: () => alert };
}

/**
 * Shakes hands once more without verifying anything, to tell why the first time failed. Nothing is sent: neither a
 * request nor the client certificate.
 * @returns the chain, the party's own certificate first; empty when even that fails
 */
export async function readChain(
  plan: ConnectPlan,
  party: Party,
  signal: AbortSignal,
): Promise<readonly X509Certificate[]> {
  const nothing = tls.createSecureContext({ ca: [] });
  const limits = { ...plan.limits, connectMs: 3_000, tlsMs: 3_000, proxyMs: 3_000 };
  const looking: ConnectPlan =
    party === 'proxy' && plan.route.kind !== 'direct'
      ? {
          // The proxy alone, as if it were the server: its tunnel is not needed.
          route: { kind: 'direct' },
          server: { ...plan.server, host: plan.route.proxy.host, port: plan.route.proxy.port },
          tls: unverified(plan.proxyTls),
          proxyTls: { kind: 'plain' },
          limits,
          clock: plan.clock,
          secureContext: () => Promise.resolve(nothing),
        }
      : {
          ...plan,
          limits,
          tls: unverified(plan.tls),
          secureContext: (of) => (of === 'server' ? Promise.resolve(nothing) : plan.secureContext(of)),
        };
  try {
    const { socket } = await openConnection(looking, signal);
    const chain = socket instanceof tls.TLSSocket ? chainOf(socket) : [];
    socket.destroy();
    return chain;
  } catch (error) {
    // The first failure is the one to report; this look was for its details only.
    if (error instanceof Fault) return [];
    throw error;
  }
}

function unverified(decision: TlsDecision): TlsDecision {
  return decision.kind === 'tls' ? { ...decision, trust: { kind: 'anyone' } } : decision;
}

/** The chain that the other side showed in the handshake, its own certificate first; ten at the most. */
export function chainOf(socket: tls.TLSSocket): readonly X509Certificate[] {
  const chain: X509Certificate[] = [];
  const certificates: Partial<tls.DetailedPeerCertificate>[] = [socket.getPeerCertificate(true)];
  // A self-signed certificate is its own issuer; ten bounds what a server can make us walk.
  for (const { raw, issuerCertificate } of certificates) {
    const certificate = raw === undefined ? undefined : readCertificate(raw);
    if (certificate === undefined || certificate.fingerprint256 === chain.at(-1)?.fingerprint256) break;
    chain.push(certificate);
    if (issuerCertificate !== undefined && chain.length < 10) certificates.push(issuerCertificate);
  }
  return chain;
}

type Contexts = Readonly<Record<Party, tls.SecureContext | undefined>>;

async function contextsOf(plan: ConnectPlan): Promise<Contexts> {
  return {
    server: plan.tls.kind === 'tls' ? await plan.secureContext('server') : undefined,
    proxy: plan.proxyTls.kind === 'tls' ? await plan.secureContext('proxy') : undefined,
  };
}

async function openTcp(
  { host, port }: Endpoint,
  party: Party,
  limits: Limits,
  signal: AbortSignal,
  resolved: () => void,
): Promise<net.Socket> {
  signal.throwIfAborted();
  const socket = net.connect({
    host,
    port,
    noDelay: true,
    // A dead peer is noticed within a minute, as with Go's dialer; watches have no time limit of their own.
    keepAlive: true,
    keepAliveInitialDelay: 30_000,
    // Node tries the addresses of a name one after the other; its default of 250 ms gives up on slow networks.
    autoSelectFamilyAttemptTimeout: 2_000,
  });
  let phase: Phase = net.isIP(host) === 0 ? 'resolve' : 'connect';
  socket.once('lookup', (error: Error | null) => {
    if (error !== null) return;
    phase = 'connect';
    resolved();
  });
  await settled(socket, 'connect', limits.connectMs, () => ({ phase, party }), signal);
  return socket;
}

async function openTls(
  socket: net.Socket,
  decision: Extract<TlsDecision, { kind: 'tls' }>,
  party: Party,
  contexts: Contexts,
  limits: Limits,
  signal: AbortSignal,
  waiting?: () => void,
): Promise<tls.TLSSocket> {
  const secure = tls.connect({
    socket,
    secureContext: contexts[party],
    // Node never sends an empty name.
    servername: decision.sni ?? '',
    rejectUnauthorized: decision.trust.kind !== 'anyone',
    // HTTP/2 is not offered: one connection per stream needs no multiplexing, upgrades (exec, port-forward) are
    // HTTP/1.1 only, and node:http2 costs more at start than it saves on a handful of requests.
    ALPNProtocols: ['http/1.1'],
    checkServerIdentity: (_host, peer) => {
      if (namesExactly(peer.subjectaltname, decision.name)) return undefined;
      const certificate = new X509Certificate(peer.raw);
      const detail = nameMismatch(certificate, decision.name);
      if (detail === undefined) return undefined;
      return new Fault({ phase: 'tls', party, code: 'NAME_MISMATCH', detail, certificates: [certificate] });
    },
  });
  waiting?.();
  await settled(secure, 'secureConnect', limits.tlsMs, () => ({ phase: 'tls', party }), signal);
  return secure;
}

async function openTunnel(
  socket: net.Socket,
  route: Exclude<Route, { kind: 'direct' }>,
  target: Endpoint,
  limits: Limits,
  signal: AbortSignal,
): Promise<void> {
  if (route.kind === 'forward') return;
  const opening =
    route.kind === 'tunnel'
      ? openHttpTunnel(socket, target, route.proxy.authorization)
      : openSocksTunnel(socket, target, route.proxy);
  await bounded(socket, opening, limits.proxyMs, () => ({ phase: 'proxy', party: 'proxy' }), signal);
}

/** Waits for an event of a fresh socket; when it fails, is late or is aborted instead, the socket is gone. */
function settled(
  socket: net.Socket,
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
  socket: net.Socket,
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
      reject(signal.reason instanceof Error ? signal.reason : new Error('aborted', { cause: signal.reason }));
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
