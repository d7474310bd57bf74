// What all requests to one cluster share: the decided way and trust, credentials, connections, and the words for what
// goes wrong. send.ts and upgrade.ts use it; credentials are credentials.ts's.

import type { Authenticator } from '../auth/authenticator.ts';
import type { ClusterConfig } from '../config/cluster-config.ts';
import type { KapiError } from '../errors.ts';
import type { RequestSpec } from '../model/request.ts';
import {
  openConnection,
  readGreeting,
  type Connection,
  type ConnectPlan,
  type ConnectTimes,
} from './connect.ts';
import { openCredentials } from './credentials.ts';
import type { Fault } from './fault.ts';
import { decideHeaders, type WireHeaders } from './headers.ts';
import { defaultLimits, type Limits } from './limits.ts';
import { decideRoute, describeRoute, type Route } from './route.ts';
import { hostPort, isLoopback, parseServer, type ServerAddress } from './server-address.ts';
import { decideTls, isVerified, type TlsDecision } from './tls.ts';
import { connectionLines, tlsSummary, tryingLine, type VerboseLog } from './verbose.ts';
import { warnOnce } from './warnings.ts';

/** What the transport takes from outside. */
export interface TransportOptions {
  /** `kapi/<version>`. */
  readonly userAgent: string;
  /** Ends everything; its reason is what is thrown then. */
  readonly signal: AbortSignal;
  /** Takes the text of `Warning` headers, control characters intact. */
  readonly warn: (text: string) => void;
  readonly verbose?: VerboseLog | undefined;
  readonly now: () => Date;
  /** A monotonic clock in milliseconds. */
  readonly clock: () => number;
  /** 0 to 1. */
  readonly random: () => number;
  /** Resolves after a time; rejects with the signal's reason when aborted. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** SSL_CERT_FILE and SSL_CERT_DIR are read from it. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `process.platform`. */
  readonly platform: string;
  /** `process.versions.node`. */
  readonly nodeVersion: string;
  /** `many`: a pool for requests side by side, as `kapi proxy` has them. Default: `few`. */
  readonly load?: 'few' | 'many';
  /** Takes the choice of the carrier out of {@link decideCarrier}'s hands. */
  readonly carrier?: 'node' | 'undici';
  /** Replaces single values of {@link defaultLimits}. */
  readonly limits?: Partial<Limits>;
}

/** One request's identity and place, for {@link Link.explain}. */
export interface Asked {
  readonly method: string;
  /** Path and query, prefix included. */
  readonly path: string;
}

export interface Link {
  readonly server: ServerAddress;
  /** Scheme, host, port and prefix, for messages. */
  readonly serverUrl: string;
  readonly route: Route;
  readonly limits: Limits;
  /**
   * Opens a connection that is ready for HTTP.
   * @throws Fault, ConfigError, the signal's reason
   */
  connect(signal: AbortSignal): Promise<Connection>;
  /** Connections being opened at this moment. */
  connecting(): number;
  /** What stands in the request line for a path (prefix included). */
  target(path: string): string;
  /** @throws ConfigError when credentials cannot be had */
  headers(spec: RequestSpec, signal: AbortSignal, upgrade: boolean): Promise<WireHeaders>;
  /**
   * After a 401: whether other credentials are there than those that `sent` holds.
   * @returns `same` when it is no use to repeat the request, `connection` when it also needs a new connection
   */
  renewCredentials(sent: WireHeaders, signal: AbortSignal): Promise<'same' | 'header' | 'connection'>;
  explain(fault: Fault, asked: Asked): Promise<KapiError>;
  /** Hands `Warning` header values on. */
  warn(values: readonly string[]): void;
}

/**
 * Decides all that can be decided before the first request.
 * @throws ConfigError for a server, proxy or CA that cannot be used
 */
export function openLink(
  config: ClusterConfig,
  authenticator: Authenticator,
  options: TransportOptions,
): Link {
  const address = parseServer(config.server.value, config.server.origin.text);
  const server = config.zone === undefined ? address : { ...address, host: `${address.host}%${config.zone}` };
  const route = decideRoute(server, config.proxy);
  const limits = { ...defaultLimits, ...options.limits };
  const trustFacts = {
    ca: config.ca,
    insecure: config.insecureSkipTlsVerify.value,
    tlsServerName: config.tlsServerName?.value,
  };
  const serverTls = decideTls({ ...trustFacts, host: address.host, secure: server.secure });
  const proxyTls: TlsDecision =
    route.kind === 'tunnel' || route.kind === 'forward'
      ? decideTls({ ...trustFacts, host: route.proxy.host, secure: route.proxy.secure })
      : { kind: 'plain' };
  const credentials = openCredentials(config, authenticator, options, serverTls, proxyTls);
  const plan: ConnectPlan = {
    server,
    route,
    tls: serverTls,
    proxyTls,
    limits,
    clock: options.clock,
    now: options.now,
    userAgent: options.userAgent,
    secureContext: (party, signal) => credentials.secureContext(party, signal),
    anchors: () => credentials.anchors(),
  };
  // Between programs of one machine gzip costs both time and saves none.
  let isNear = isLoopback(server.host);
  let connecting = 0;
  const explain = async (fault: Fault, asked: Asked): Promise<KapiError> => {
    const { describeFault, isNoTls } = await import('./describe-fault.ts');
    return describeFault(fault, {
      greeting: isNoTls(fault) ? await readGreeting(plan, fault.party) : undefined,
      ...asked,
      server,
      serverFrom: config.server.origin.text,
      route,
      proxyFrom: config.proxy?.origin.text,
      trust: await credentials.trusted(),
      clientCertificateFrom: credentials.certificateFrom(),
      now: options.now(),
      headerBytes: limits.headerBytes,
      headerCount: limits.headerCount,
    });
  };
  return {
    server,
    serverUrl: `${server.origin}${server.prefix}`,
    route,
    limits,
    connect: async (signal) => {
      connecting += 1;
      try {
        options.verbose?.line(tryingLine(hostPort(server), describeRoute(route)));
        const connection = await openConnection(plan, signal);
        if (isTunnelled(connection.times)) isNear = false;
        if (options.verbose !== undefined) {
          const summary = {
            peer: hostPort(server),
            via: describeRoute(route),
            tls: tlsSummary(connection, isVerified(serverTls)),
          };
          for (const line of connectionLines(summary)) options.verbose.line(line);
        }
        return connection;
      } finally {
        connecting -= 1;
      }
    },
    connecting: () => connecting,
    target: (path) => (route.kind === 'forward' ? `${server.origin}${path}` : path),
    headers: async (spec, signal, upgrade) => {
      const given = spec.headers ?? {};
      const headers = decideHeaders({
        authority: server.authority,
        given,
        givenAsBytes: spec.headersAreBytes,
        omitted: spec.omitHeaders,
        authorization: bringsOwnAuthorization(spec)
          ? undefined
          : await credentials.authorization(server, signal),
        impersonation: config.impersonation,
        userAgent: options.userAgent,
        compress: (spec.compress ?? (!config.disableCompression && !isNear)) && !upgrade,
        upgrade,
      });
      return route.kind === 'forward' && route.proxy.authorization !== undefined
        ? { ...headers, 'proxy-authorization': route.proxy.authorization.expose() }
        : headers;
    },
    renewCredentials: (sent, signal) => credentials.renew(server, sent, signal),
    explain,
    warn: warnOnce(options.warn),
  };
}

/** A handshake between programs of one machine takes a few milliseconds, of which nothing is spent on the way. */
const nearHandshakeMs = 25;

/**
 * Whether a loopback address is the near end of a tunnel (`ssh -L`): TCP is answered at once, TLS by whoever is at the far end.
 * A busy machine may look alike, which costs some gzip and nothing else.
 */
function isTunnelled({ connectedMs, tunnelledMs, securedMs }: ConnectTimes): boolean {
  const begun = tunnelledMs ?? connectedMs;
  return begun !== undefined && securedMs !== undefined && securedMs - begun > nearHandshakeMs;
}

/** Whether the caller has decided about Authorization by itself, be it to send none. */
export function bringsOwnAuthorization(spec: RequestSpec): boolean {
  return (
    spec.headers?.['authorization'] !== undefined || spec.omitHeaders?.includes('authorization') === true
  );
}
