// Formats the facts of whoami: rows of a table, or a SelfSubjectReview with local facts. Pure.

import type { UserInfo } from '../../api/self-review.ts';
import type { InspectedCredential } from '../../auth/local-credentials.ts';
import type { ClusterConfig, Origin } from '../../config/cluster-config.ts';
import type { Json, JsonObject } from '../../model/object.ts';
import { credentialName } from '../config-facts.ts';
import {
  lifetimesOf,
  spanText,
  stateOf,
  takenCredential,
  timeText,
  type TakenCredential,
} from '../credential-facts.ts';

/** A user name and its source. */
export interface Identity {
  /** Empty if unknown. */
  readonly username: string;
  /** `server` if the server says so, else words that show that the name is only a claim. */
  readonly source: string;
  /** True if the server confirms the name, false if only a credential claims it. */
  readonly isConfirmed: boolean;
  readonly user?: UserInfo;
  /** The review as received. */
  readonly document?: JsonObject;
  /** A line for stderr that says why the server is not the source. */
  readonly notice?: string;
}

export interface IdentityFacts {
  readonly config: ClusterConfig;
  readonly credentials: readonly InspectedCredential[];
  readonly identity: Identity;
  readonly now: Date;
}

/** Returns kubectl's rows in its words, then kapi's own. */
export function identityRows(facts: IdentityFacts): [string, string][] {
  const { config, credentials, now } = facts;
  return [
    ...userRows(facts.identity),
    ['Server', withOrigin(config.server.value, config.server.origin)],
    ...row('Context', config.context && withOrigin(config.context.value, config.context.origin)),
    ['Namespace', withOrigin(config.namespace.value, config.namespace.origin)],
    ...row(
      'Impersonating',
      config.impersonation && withOrigin(config.impersonation.user, config.impersonation.origin),
    ),
    ...credentials.flatMap((credential) => credentialRows(credential, now)),
    ...takenRow(facts),
    ...(config.replaced?.credentials ?? []).map((each): [string, string] => [
      'Not sent',
      `${withOrigin(credentialName(each), each.origin)}, because of ${config.replaced?.by ?? ''}`,
    ]),
  ];
}

function userRows({ username, source, user }: Identity): [string, string][] {
  if (user === undefined) {
    return [['Username', username === '' ? `unknown (${source})` : `${username} (${source})`]];
  }
  return [
    ...row('Username', username),
    ...row('UID', user.uid),
    ...row('Groups', user.groups.length === 0 ? '' : goList(user.groups)),
    ...Object.entries(user.extra)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, values]): [string, string] => [`Extra: ${key}`, goList(values)]),
  ];
}

function takenRow(facts: IdentityFacts): [string, string][] {
  const taken = takenOf(facts);
  return taken === undefined ? [] : [['Credential taken', `${taken.kind ?? 'unknown'} (${taken.because})`]];
}

/** Returns the accepted credential, only if the server confirms the name. */
function takenOf({ config, credentials, identity }: IdentityFacts): TakenCredential | undefined {
  if (!identity.isConfirmed) return undefined;
  const user = { username: identity.username, extra: identity.user?.extra ?? {} };
  return takenCredential(credentials, user, config.impersonation !== undefined);
}

function credentialRows(credential: InspectedCredential, now: Date): [string, string][] {
  const { kind, detail, origin, certificate, token } = credential;
  const name = credentialName({ kind, detail });
  const shown = origin.kind === 'default' ? name : withOrigin(name, origin);
  const claims = token?.claims;
  return [
    ['Credential', shown],
    ...(certificate === undefined
      ? []
      : [
          ...row('Certificate CN', certificate.commonName),
          ...row('Certificate O', certificate.organizations.join(', ')),
          ...row('Certificate issuer', certificate.issuer),
          ...row('Certificate expires', spanText(certificate.expires, now)),
        ]),
    ...(token !== undefined && claims === undefined ? row('Token', 'opaque: it says nothing of itself') : []),
    ...(claims === undefined
      ? []
      : [
          ...row('Token issuer', claims.issuer),
          ...row('Token subject', claims.subject),
          ...row('Token audience', claims.audiences.join(', ')),
          ...row('Token expires', spanText(claims.expires, now)),
        ]),
  ];
}

/**
 * Returns a SelfSubjectReview. `status` is the server's response, or only the name from another
 * source.
 */
export function identityDocument(facts: IdentityFacts): JsonObject {
  const { config, credentials, identity, now } = facts;
  const taken = takenOf(facts);
  const review = identity.document ?? {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'SelfSubjectReview',
    status: identity.username === '' ? {} : { userInfo: { username: identity.username } },
  };
  return {
    ...review,
    local: {
      identityFrom: identity.source,
      server: sourcedJson(config.server.value, config.server.origin),
      ...(config.context === undefined
        ? {}
        : { context: sourcedJson(config.context.value, config.context.origin) }),
      namespace: sourcedJson(config.namespace.value, config.namespace.origin),
      ...(config.impersonation === undefined
        ? {}
        : { impersonating: sourcedJson(config.impersonation.user, config.impersonation.origin) }),
      credentials: credentials.map((credential) => credentialJson(credential, now)),
      ...(taken === undefined
        ? {}
        : { credentialTaken: { kind: taken.kind ?? null, because: taken.because } }),
      ...(config.replaced === undefined
        ? {}
        : {
            notSent: config.replaced.credentials.map(({ kind, detail, origin }) => ({
              kind,
              ...(detail === '' ? {} : { detail }),
              from: origin.text,
              because: config.replaced?.by ?? '',
            })),
          }),
    },
  };
}

function credentialJson(credential: InspectedCredential, now: Date): Json {
  const { kind, detail, origin, certificate, token } = credential;
  const claims = token?.claims;
  const lifetimes = lifetimesOf(credential);
  const ends = lifetimes.flatMap((each) => (each.ends === undefined ? [] : [each.ends]));
  const first = ends.sort((a, b) => a.getTime() - b.getTime())[0];
  return {
    kind,
    ...(detail === '' ? {} : { detail }),
    from: origin.text,
    ...(first === undefined
      ? {}
      : { expires: timeText(first), secondsLeft: Math.floor((first.getTime() - now.getTime()) / 1_000) }),
    ...(lifetimes.length === 0
      ? {}
      : { state: lifetimes.map((each) => stateOf(each, now)).find((state) => state !== 'valid') ?? 'valid' }),
    ...(certificate === undefined
      ? {}
      : {
          certificate: {
            commonName: certificate.commonName,
            organizations: [...certificate.organizations],
            issuer: certificate.issuer,
            notBefore: timeText(certificate.notBefore),
            notAfter: timeText(certificate.expires),
          },
        }),
    ...(claims === undefined
      ? {}
      : {
          token: {
            issuer: claims.issuer,
            subject: claims.subject,
            audiences: [...claims.audiences],
            ...(claims.issuedAt === undefined ? {} : { issuedAt: timeText(claims.issuedAt) }),
            ...(claims.notBefore === undefined ? {} : { notBefore: timeText(claims.notBefore) }),
            ...(claims.expires === undefined ? {} : { expires: timeText(claims.expires) }),
          },
        }),
  };
}

function row(name: string, value: string | undefined): [string, string][] {
  return value === undefined || value === '' ? [] : [[name, value]];
}

function withOrigin(value: string, { text }: Origin): string {
  return `${value} (from ${text})`;
}

function sourcedJson(value: string, { text }: Origin): Json {
  return { value, from: text };
}

/** Formats a list of strings as Go and kubectl do. */
function goList(values: readonly string[]): string {
  return `[${values.join(' ')}]`;
}
