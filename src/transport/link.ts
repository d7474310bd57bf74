// What all requests to one cluster share: the decided way and trust, credentials, connections, and the words for what
// goes wrong. send.ts and upgrade.ts stand on it.

import tls from 'node:tls';
import type { Authenticator } from '../auth/authenticator.ts';
import { checkPair } from '../auth/key-pair.ts';
import type { ClusterConfig } from '../config/cluster-config.ts';
import { ConfigError, messageOf, systemCodeOf, type KapiError } from '../errors.ts';
import { describeCommand } from '../model/path-value.ts';
import type { RequestSpec } from '../model/request.ts';
import { Secret } from '../model/secret.ts';
import {
  openConnection,
  readGreeting,
  type Connection,
  type ConnectPlan,
  type ConnectTimes,
} from './connect.ts';
import type { Fault, Party } from './fault.ts';
import { decideHeaders, type WireHeaders } from './headers.ts';
import { defaultLimits, type Limits } from './limits.ts';
import { decideRoute, describeRoute, type Route } from './route.ts';
import { hostPort, isLoopback, parseServer, type ServerAddress } from './server-address.ts';
import type { FaultContext } from './describe-fault.ts';
import { decideTls, derOf, isVerified, oneLineName, readCertificate, type TlsDecision } from './tls.ts';
import { unlessAborted } from './scope.ts';
import { connectionLines, tryingLine, type TlsSummary, type VerboseLog } from './verbose.ts';
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
   * @param waiting called when the answer to the first word of a TLS handshake is waited for
   * @throws Fault, ConfigError, the signal's reason
   */
  connect(signal: AbortSignal, waiting?: () => void): Promise<Connection>;
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
    connect: async (signal, waiting) => {
      connecting += 1;
      try {
        options.verbose?.line(tryingLine(hostPort(server), describeRoute(route)));
        const connection = await openConnection(plan, signal, waiting);
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

interface Credentials {
  secureContext(party: Party, signal: AbortSignal): Promise<tls.SecureContext>;
  /** As DER. */
  anchors(): Promise<readonly Buffer[]>;
  authorization(server: ServerAddress, signal: AbortSignal): Promise<Secret | undefined>;
  renew(
    server: ServerAddress,
    sent: WireHeaders,
    signal: AbortSignal,
  ): Promise<'same' | 'header' | 'connection'>;
  trusted(): Promise<FaultContext['trust']>;
  certificateFrom(): string | undefined;
}

function openCredentials(
  config: ClusterConfig,
  authenticator: Authenticator,
  options: TransportOptions,
  serverTls: TlsDecision,
  proxyTls: TlsDecision,
): Credentials {
  const decision = serverTls.kind === 'tls' ? serverTls : proxyTls;
  const trust = decision.kind === 'tls' ? decision.trust : undefined;
  let read: Promise<readonly Buffer[]> | undefined;
  const readAnchors = async (): Promise<readonly Buffer[]> => {
    if (trust === undefined || trust.kind === 'anyone') return [];
    if (trust.kind === 'bundle') return trust.certificates.map(derOf);
    // Loaded only then: most clusters have a CA of their own.
    const { readSystemRoots } = await import('./system-roots.ts');
    return (await readSystemRoots(options.env, options.platform)).map(derOf);
  };
  const anchors = (): Promise<readonly Buffer[]> => (read ??= readAnchors());
  const certificateOrigin = (): string =>
    config.clientCertificate === undefined
      ? config.authorization.kind === 'exec'
        ? `the exec plugin ${describeCommand(config.authorization.exec.command)}`
        : 'the credentials'
      : (config.clientCertificate.certificate.path ?? config.clientCertificate.certificate.origin.text);
  // One context serves all connections until the certificate changes: making one costs milliseconds.
  let made: { certificate: string; key: string; context: tls.SecureContext } | undefined;
  return {
    secureContext: async (party, signal) => {
      // A proxy on the way to a plain-http server gets none of the cluster's credentials.
      const client =
        party === 'proxy' && serverTls.kind === 'plain'
          ? undefined
          : await authenticator.clientCertificate(signal);
      const { certificate = '', key = '' } = client ?? {};
      if (made?.certificate !== certificate || made.key !== key) {
        made = {
          certificate,
          key,
          context: makeContext(certificate, key, certificateOrigin()),
        };
      }
      return made.context;
    },
    anchors,
    authorization: async (server, signal) => {
      // As in kubectl: user information in the URL beats a token, and http servers get neither token nor plugin. The
      // configuration has taken such a login out of the URL, and has no other basic authentication for http servers.
      if (server.authorization !== undefined) return server.authorization;
      if (!server.secure && config.authorization.kind !== 'basic') return undefined;
      const value = await unlessAborted(authenticator.authorization(signal), signal);
      return value === undefined ? undefined : new Secret(value);
    },
    renew: async (server, sent, signal) => {
      if (!server.secure || server.authorization !== undefined) return 'same';
      const before = made?.certificate;
      const refused = sent['authorization'];
      const renewing = authenticator.renew(typeof refused === 'string' ? refused : undefined, signal);
      if (!(await unlessAborted(renewing, signal))) return 'same';
      const client = await unlessAborted(authenticator.clientCertificate(signal), signal);
      return client !== undefined && client.certificate !== before ? 'connection' : 'header';
    },
    trusted: async () => {
      if (trust === undefined || trust.kind === 'anyone') return undefined;
      return {
        anchors: await anchors(),
        from: trust.kind === 'bundle' ? trust.from : "the system's authorities",
      };
    },
    certificateFrom: () => {
      if (config.clientCertificate !== undefined) return certificateOrigin();
      return made === undefined || made.certificate === '' ? undefined : certificateOrigin();
    },
  };
}

/** @throws ConfigError `ClientCertificateInvalid` when certificate and key cannot be used */
function makeContext(certificate: string, key: string, from: string): tls.SecureContext {
  const common = {
    // verifyChain() judges the server, not OpenSSL; an absent list would be Node's own authorities.
    ca: [],
    // OpenSSL 3.5 (Node 22 and later) refuses keys below 2048 bits by default. As on Node 20 and in Go: 1024.
    ciphers: `${tls.DEFAULT_CIPHERS}:@SECLEVEL=1`,
  };
  if (certificate === '') return tls.createSecureContext(common);
  checkPair(certificate, key, from);
  try {
    return tls.createSecureContext({ ...common, cert: certificate, key });
  } catch (cause) {
    throw new ConfigError(
      `the client certificate from ${from} cannot be used: ${unusableBecause(cause, certificate)}`,
      {
        code: 'ClientCertificateInvalid',
        cause,
      },
    );
  }
}

function unusableBecause(cause: unknown, certificate: string): string {
  switch (systemCodeOf(cause)) {
    case 'ERR_OSSL_X509_KEY_VALUES_MISMATCH':
    case 'ERR_OSSL_X509_KEY_TYPE_MISMATCH':
      return 'its private key belongs to another certificate';
    case 'ERR_MISSING_PASSPHRASE':
      return 'its private key is encrypted';
    default:
      // No guess: OpenSSL says what it does not like (a key that is too small, an unknown kind).
      return readCertificate(certificate) === undefined
        ? 'the certificate cannot be read'
        : opensslReason(cause);
  }
}

function opensslReason(cause: unknown): string {
  if (typeof cause === 'object' && cause !== null && 'reason' in cause && typeof cause.reason === 'string') {
    return cause.reason;
  }
  return messageOf(cause);
}

function tlsSummary({ socket, shown }: Connection, verified: boolean): TlsSummary | undefined {
  if (!(socket instanceof tls.TLSSocket)) return undefined;
  const certificate = shown[0] === undefined ? undefined : readCertificate(shown[0]);
  return {
    protocol: socket.getProtocol() ?? 'unknown',
    cipher: socket.getCipher().standardName,
    subject: certificate === undefined ? 'none' : oneLineName(certificate.subject),
    issuer: certificate === undefined ? 'nobody' : oneLineName(certificate.issuer),
    validTo: certificate?.validTo ?? 'never',
    verified,
  };
}
