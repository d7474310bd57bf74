// What proves to the server who asks, and to kapi who answers: client certificate, Authorization, anchors. Kept until it changes.
// Entry point: openCredentials().

import { createSecureContext, DEFAULT_CIPHERS, type SecureContext } from 'node:tls';
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
import type { WireHeaders } from './headers.ts';
import type { ServerAddress } from './server-address.ts';
import { derOf, type TlsDecision } from './tls.ts';

export interface Credentials {
  secureContext(party: Party, signal: AbortSignal): Promise<SecureContext>;
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

/** Where the system's authorities are looked for. */
interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `process.platform`. */
  readonly platform: string;
}

export function openCredentials(
  config: ClusterConfig,
  authenticator: Authenticator,
  { env, platform }: Surroundings,
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
    return (await readSystemRoots(env, platform)).map(derOf);
  };
  const anchors = (): Promise<readonly Buffer[]> => (read ??= readAnchors());
  const certificateOrigin = (): string =>
    config.clientCertificate === undefined
      ? config.authorization.kind === 'exec'
        ? `the exec plugin ${describeCommand(config.authorization.exec.command)}`
        : 'the credentials'
      : (config.clientCertificate.certificate.path ?? config.clientCertificate.certificate.origin.text);
  // One context serves all connections until the certificate changes: making one costs milliseconds.
  let made: { certificate: string; key: string; context: SecureContext } | undefined;
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
function makeContext(certificate: string, key: string, from: string): SecureContext {
  const common = {
    // verifyChain() judges the server, not OpenSSL; an absent list would be Node's own authorities.
    ca: [],
    // OpenSSL 3.5 (Node 22 and later) refuses keys below 2048 bits by default. As on Node 20 and in Go: 1024.
    ciphers: `${DEFAULT_CIPHERS}:@SECLEVEL=1`,
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
