// What can be told of the credentials without the server: names and dates that certificates and tokens hold, and the raw
// values for `kapi config token` and its like. Entry: openLocalCredentials. Sends nothing.

import type { ClusterConfig } from '../config/cluster-config.ts';
import { Secret } from '../model/secret.ts';
import type { Authenticator } from './authenticator.ts';
import { checkPair } from './key-pair.ts';
import { certificateHash, readCertificateFacts, type CertificateFacts } from './certificate-facts.ts';
import { describeCredentials, type CredentialFact } from './describe-credentials.ts';
import { readTokenClaims, type TokenClaims } from './token-claims.ts';

/** One credential in force and what it says of itself. */
export interface InspectedCredential extends CredentialFact {
  /** A bearer token goes with requests. `claims` is undefined for one that is no JWT. */
  readonly token?: { readonly claims: TokenClaims | undefined } | undefined;
  readonly certificate?: CertificateFacts | undefined;
  /** See {@link certificateHash}. */
  readonly certificateHash?: string | undefined;
  /** kapi gets a new one by itself before this one is of no use any more (token files, plugins). */
  readonly renewable: boolean;
}

export interface LocalCredentials {
  /**
   * All credentials that go with requests. Reads the token file or runs the exec plugin where that has not happened yet.
   * @throws ConfigError when they cannot be had, and for a certificate with the key of another
   */
  inspect(): Promise<readonly InspectedCredential[]>;
  /** The bearer token; undefined where requests carry none. @throws ConfigError */
  token(): Promise<Secret | undefined>;
  /** PEM of the client certificate and its key; undefined where there is none. @throws ConfigError */
  certificate(): Promise<{ readonly certificate: string; readonly key: Secret } | undefined>;
}

/** @param authenticator the one that requests use, so that a plugin runs once for both */
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
        return { ...fact, ...factsOf(checked(await certificate(), fact)), renewable: false };
      case 'exec plugin':
        return {
          ...fact,
          token: claimsOf(await token()),
          ...factsOf(checked(await certificate(), fact)),
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

/** @throws ConfigError for a key that belongs to another certificate */
function checked(pair: Pair, { kind, detail, origin }: CredentialFact): Pair {
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
