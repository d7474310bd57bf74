// What all requests to one cluster share: route, trust, credentials, connections, and the
// description of failures. Entry point: openLink(), used by send.ts, upgrade.ts and probe.ts.
// credentials.ts holds the credentials.

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
import { isRefusalCertain } from './refused-connections.ts';
import { decideRoute, describeRoute, type Route } from './route.ts';
import { hostPort, isLoopback, parseServer, type ServerAddress } from './server-address.ts';
import { decideTls, isVerified, type TlsDecision } from './tls.ts';
import { connectionLines, tlsSummary, tryingLine, type VerboseLog } from './verbose.ts';
import { warnOnce } from './warnings.ts';

/** Dependencies and settings of the transport. */
export interface TransportOptions {
  /** `kapi/<version>`. */
  readonly userAgent: string;
  /** Aborts every request. Requests then fail with the signal's reason. */
  readonly signal: AbortSignal;
  /** Receives the text of each `Warning` header. Control characters are not escaped. */
  readonly warn: (text: string) => void;
  readonly verbose?: VerboseLog | undefined;
  readonly now: () => Date;
  /** A monotonic clock in milliseconds. */
  readonly clock: () => number;
  /** Returns a random number from 0 to 1. */
  readonly random: () => number;
  /** Resolves after `ms` milliseconds. Rejects with the signal's reason when the signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Environment variables. SSL_CERT_FILE and SSL_CERT_DIR are read. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `process.platform`. */
  readonly platform: string;
  /** `process.versions.node`. */
  readonly nodeVersion: string;
  /**
   * `many` selects a connection pool for parallel requests, as `kapi proxy` needs. Default: `few`.
   */
  readonly load?: 'few' | 'many';
  /** Overrides the choice of {@link decideCarrier}. */
  readonly carrier?: 'node' | 'undici';
  /** Overrides single values of {@link defaultLimits}. */
  readonly limits?: Partial<Limits>;
}

/** Method and path of a request, for the messages of {@link Link.explain}. */
export interface Asked {
  readonly method: string;
  /** Path and query, including the prefix of the server URL. */
  readonly path: string;
}

/** The shared state of all requests to one cluster. */
export interface Link {
  readonly server: ServerAddress;
  /** Scheme, host, port and path prefix, for messages. */
  readonly serverUrl: string;
  readonly route: Route;
  readonly limits: Limits;
  /**
   * Opens a connection that is ready for HTTP.
   * @throws Fault when the connection fails; ConfigError when credentials cannot be used; the
   *   signal's reason when it aborts
   */
  connect(signal: AbortSignal): Promise<Connection>;
  /** Returns the number of connections that are being opened now. */
  connecting(): number;
  /**
   * Returns the request target for a path that includes the prefix: the path itself, or a whole URL
   * for a forwarding proxy.
   */
  target(path: string): string;
  /**
   * Returns all headers of a request.
   * @param upgrade true keeps the `Connection` and `Upgrade` headers and asks for no compression
   * @throws ConfigError when a plugin or a token file gives no credentials
   */
  headers(spec: RequestSpec, signal: AbortSignal, upgrade: boolean): Promise<WireHeaders>;
  /**
   * Renews the credentials after a 401.
   * @param sent the headers of the refused request
   * @returns `same` when repeating the request cannot help; `header` when the Authorization header
   *   is new; `connection` when the client certificate is new and needs a new connection
   */
  renewCredentials(sent: WireHeaders, signal: AbortSignal): Promise<'same' | 'header' | 'connection'>;
  /** Turns a fault into the error that the user sees. */
  explain(fault: Fault, asked: Asked): Promise<KapiError>;
  /** Passes each new warning of `Warning` header values to {@link TransportOptions.warn}. */
  warn(values: readonly string[]): void;
}

/**
 * Opens a link: decides route and trust from the configuration. Sends nothing.
 * @throws ConfigError for a server address, proxy or CA that cannot be used
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
  // On one machine gzip costs CPU time on both sides and saves no transfer time.
  let isNear = isLoopback(server.host);
  let connecting = 0;
  const explain = async (fault: Fault, asked: Asked): Promise<KapiError> => {
    const { describeFault, isNoTls } = await import('./describe-fault.ts');
    return describeFault(fault, {
      greeting: isNoTls(fault) ? await readGreeting(plan, fault.party) : undefined,
      ...asked,
      isRefusalCertain,
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
        impersonation: spec.asCaller === true ? undefined : config.impersonation,
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

/** Max milliseconds of a TLS handshake between programs on one machine. */
const nearHandshakeMs = 25;

/**
 * Returns true if the TLS handshake took long, which shows that a loopback address is the local end
 * of a tunnel (`ssh -L`): TCP connects locally, TLS connects to the remote end. On a busy machine a
 * local handshake can take as long. kapi then uses gzip without need.
 */
function isTunnelled({ connectedMs, tunnelledMs, securedMs }: ConnectTimes): boolean {
  const begun = tunnelledMs ?? connectedMs;
  return begun !== undefined && securedMs !== undefined && securedMs - begun > nearHandshakeMs;
}

/** Returns true if the caller sets or omits the Authorization header itself. */
export function bringsOwnAuthorization(spec: RequestSpec): boolean {
  return (
    spec.headers?.['authorization'] !== undefined || spec.omitHeaders?.includes('authorization') === true
  );
}
