// Inspects credentials without the server: names and dates in certificates and tokens, and the raw
// values for `kapi config token`, `cert` and `key`. Entry point: openLocalCredentials. Sends
// nothing.

import type { ClusterConfig } from '../config/cluster-config.ts';
import { Secret } from '../model/secret.ts';
import type { Authenticator } from './authenticator.ts';
import { checkPair } from './key-pair.ts';
import { certificateHash, readCertificateFacts, type CertificateFacts } from './certificate-facts.ts';
import { describeCredentials, type CredentialFact } from './describe-credentials.ts';
import { readTokenClaims, type TokenClaims } from './token-claims.ts';

/** One credential in force and the facts it contains. */
export interface InspectedCredential extends CredentialFact {
  /** Set if requests send a bearer token. `claims` is undefined for a token that is not a JWT. */
  readonly token?: { readonly claims: TokenClaims | undefined } | undefined;
  readonly certificate?: CertificateFacts | undefined;
  /** See {@link certificateHash}. */
  readonly certificateHash?: string | undefined;
  /** True if kapi gets a new credential itself before this one expires (token files, plugins). */
  readonly renewable: boolean;
}

export interface LocalCredentials {
  /**
   * Returns all credentials of requests. Reads the token file or runs the exec plugin if that has
   * not happened yet.
   * @throws ConfigError if a credential is not available, and for a certificate with the key of
   *   another
   */
  inspect(): Promise<readonly InspectedCredential[]>;
  /**
   * Returns the bearer token. Undefined if requests send none.
   * @throws ConfigError
   */
  token(): Promise<Secret | undefined>;
  /**
   * Returns the client certificate (PEM) and its key. Undefined if there is none.
   * @throws ConfigError
   */
  certificate(): Promise<{ readonly certificate: string; readonly key: Secret } | undefined>;
}

/**
 * Makes the inspector of a configuration.
 * @param authenticator the authenticator of the requests, so that a plugin runs once for both
 */
export function openLocalCredentials(config: ClusterConfig, authenticator: Authenticator): LocalCredentials {
  async function token(): Promise<Secret | undefined> {
    const header = await authenticator.authorization();
    const value = /^Bearer (.*)$/i.exec(header ?? '')?.[1];
    return value === undefined ? undefined : new Secret(value);
  }

  async function certificate(): Promise<{ certificate: string; key: Secret } | undefined> {
    const pair = await authenticator.clientCertificate();
    return pair === undefined ? undefined : { certificate: pair.certificate, key: new Secret(pair.key) };
  }

  async function inspectOne(fact: CredentialFact): Promise<InspectedCredential> {
    switch (fact.kind) {
      case 'token':
      case 'token file':
      case 'authorization header':
        return { ...fact, token: claimsOf(await token()), renewable: fact.kind === 'token file' };
      case 'client certificate':
        return { ...fact, ...factsOf(checkedPair(await certificate(), fact)), renewable: false };
      case 'exec plugin':
        return {
          ...fact,
          token: claimsOf(await token()),
          ...factsOf(checkedPair(await certificate(), fact)),
          renewable: true,
        };
      case 'basic':
      case 'withheld':
      case 'anonymous':
        return { ...fact, renewable: false };
    }
  }

  return {
    inspect: () => Promise.all(describeCredentials(config).map(inspectOne)),
    token,
    certificate,
  };
}

type Pair = Awaited<ReturnType<LocalCredentials['certificate']>>;

/**
 * Returns the pair if its key belongs to the certificate.
 * @throws ConfigError for a key that belongs to another certificate
 */
function checkedPair(pair: Pair, { kind, detail, origin }: CredentialFact): Pair {
  const from = kind === 'exec plugin' ? `the exec plugin ${detail}` : detail === '' ? origin.text : detail;
  if (pair !== undefined) checkPair(pair.certificate, pair.key.expose(), from);
  return pair;
}

function claimsOf(token: Secret | undefined): InspectedCredential['token'] {
  return token === undefined ? undefined : { claims: readTokenClaims(token.expose()) };
}

function factsOf(pair: Pair): Pick<InspectedCredential, 'certificate' | 'certificateHash'> {
  if (pair === undefined) return {};
  return {
    certificate: readCertificateFacts(pair.certificate),
    certificateHash: certificateHash(pair.certificate),
  };
}
