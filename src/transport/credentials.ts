// The credentials of a link: client certificate, Authorization header, and the anchors that verify
// the server. Values are cached until they change. Entry point: openCredentials().

import { createSecureContext, type SecureContext } from 'node:tls';
import type { Authenticator } from '../auth/authenticator.ts';
import { areOfOneKind, checkPair } from '../auth/key-pair.ts';
import type { ClusterConfig } from '../config/cluster-config.ts';
import { ConfigError, messageOf, systemCodeOf } from '../errors.ts';
import { unlessAborted } from '../model/abort.ts';
import { describeCommand } from '../model/path-value.ts';
import { readCertificate } from '../model/pem.ts';
import { Secret } from '../model/secret.ts';
import type { FaultContext } from './describe-fault.ts';
import type { Party } from './fault.ts';
import { cipherList } from './cipher-list.ts';
import type { WireHeaders } from './headers.ts';
import type { ServerAddress } from './server-address.ts';
import { derOf, type TlsDecision } from './tls.ts';

/** The credentials of one cluster. */
export interface Credentials {
  /**
   * Returns the TLS context for a party, with the client certificate if there is one.
   * @throws ConfigError `ClientCertificateInvalid` when certificate and key cannot be used
   */
  secureContext(party: Party, signal: AbortSignal): Promise<SecureContext>;
  /** Returns the trusted certificates as DER. Empty without verification. */
  anchors(): Promise<readonly Buffer[]>;
  /**
   * Returns the value of the Authorization header; undefined sends none.
   * @throws ConfigError when a plugin or a token file gives no credentials; the signal's reason
   *   when it aborts
   */
  authorization(server: ServerAddress, signal: AbortSignal): Promise<Secret | undefined>;
  /** Renews the credentials after a 401. See `Link.renewCredentials`. */
  renew(
    server: ServerAddress,
    sent: WireHeaders,
    signal: AbortSignal,
  ): Promise<'same' | 'header' | 'connection'>;
  /** Returns the anchors and their origin for messages; undefined without verification. */
  trusted(): Promise<FaultContext['trust']>;
  /** Returns the origin of the client certificate for messages; undefined if none is sent. */
  certificateFrom(): string | undefined;
}

/** What determines where the system's certificate authorities are. */
interface Platform {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `process.platform`. */
  readonly platform: string;
}

/** Opens the credentials of a cluster. Reads nothing until they are needed. */
export function openCredentials(
  config: ClusterConfig,
  authenticator: Authenticator,
  { env, platform }: Platform,
  serverTls: TlsDecision,
  proxyTls: TlsDecision,
): Credentials {
  const decision = serverTls.kind === 'tls' ? serverTls : proxyTls;
  const trust = decision.kind === 'tls' ? decision.trust : undefined;
  let read: Promise<readonly Buffer[]> | undefined;
  const readAnchors = async (): Promise<readonly Buffer[]> => {
    if (trust === undefined || trust.kind === 'anyone') return [];
    if (trust.kind === 'bundle') return trust.certificates.map(derOf);
    // Imported only when needed: most clusters have their own CA.
    const { readSystemRoots } = await import('./system-roots.ts');
    return (await readSystemRoots(env, platform)).map(derOf);
  };
  const anchors = (): Promise<readonly Buffer[]> => (read ??= readAnchors());
  const certificateOrigin = (): string =>
    config.clientCertificate === undefined
      ? config.authorization.kind === 'exec'
        ? `the exec plugin ${describeCommand(config.authorization.exec.command)}`
        : 'the credentials'
      : (config.clientCertificate.certificate.path ?? config.clientCertificate.certificate.origin.text);
  // Connections share one context until the certificate changes: making one takes milliseconds.
  let made: { certificate: string; key: string; context: SecureContext } | undefined;
  return {
    secureContext: async (party, signal) => {
      // A proxy in front of a plain-http server gets no credentials of the cluster.
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
      // As in kubectl: a login in the server URL overrides a token, and http servers get neither
      // token nor plugin credentials. config/ has removed that login from the URL and passes it as
      // `basic`, which is the only basic authentication for http servers.
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

/**
 * Makes a TLS context.
 * @throws ConfigError `ClientCertificateInvalid` when certificate and key cannot be used
 */
function makeContext(certificate: string, key: string, from: string): SecureContext {
  const common = {
    // verifyChain() judges the server, not OpenSSL. Without this list OpenSSL would use Node's own
    // authorities.
    ca: [],
    ciphers: cipherList,
  };
  if (certificate === '') return createSecureContext(common);
  if (!areOfOneKind(certificate, key)) checkPair(certificate, key, from);
  try {
    return createSecureContext({ ...common, cert: certificate, key });
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
      // Report OpenSSL's own reason (a key that is too small, an unknown kind) instead of a guess.
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
