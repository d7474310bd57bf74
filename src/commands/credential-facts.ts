// Describes credentials: names, dates, remaining time, and warnings. Shared by whoami, doctor and
// the hint of a 401. Pure.

import type { InspectedCredential } from '../auth/local-credentials.ts';
import { humanDuration } from '../model/age.ts';

/** The period in which a credential is valid. */
export interface Lifetime {
  /** `the client certificate`, `the token`. */
  readonly what: string;
  readonly begins: Date | undefined;
  readonly ends: Date | undefined;
  /** True if kapi replaces it in time itself. */
  readonly renewable: boolean;
}

/** Milliseconds before the end of a long-lived credential when kapi warns. */
const soonMs = 14 * 24 * 3_600_000;
/** The same for a credential without an issue date. */
const soonUnknownMs = 3_600_000;

/** Returns the lifetimes in a credential. Empty for passwords and opaque tokens. */
export function lifetimesOf(credential: InspectedCredential): Lifetime[] {
  const { certificate, token, renewable, detail, kind } = credential;
  const place = detail === '' ? '' : ` ${kind === 'exec plugin' ? `of ${detail}` : `in ${detail}`}`;
  return [
    ...(certificate === undefined
      ? []
      : [
          {
            what: `the client certificate${place}`,
            begins: certificate.notBefore,
            ends: certificate.expires,
            renewable,
          },
        ]),
    ...(token?.claims === undefined
      ? []
      : [
          {
            what: `the token${place}`,
            begins: token.claims.notBefore ?? token.claims.issuedAt,
            ends: token.claims.expires,
            renewable,
          },
        ]),
  ];
}

/** The state of a lifetime at a moment. */
export type LifetimeState = 'valid' | 'not-yet' | 'ending' | 'over';

/** Returns the state of a lifetime. */
export function stateOf({ begins, ends, renewable }: Lifetime, now: Date): LifetimeState {
  if (ends !== undefined && ends <= now) return 'over';
  if (begins !== undefined && begins > now) return 'not-yet';
  if (ends === undefined || renewable) return 'valid';
  const left = ends.getTime() - now.getTime();
  // At most a tenth of its life, so that a token of one hour does not cause a warning all the time.
  const soon =
    begins === undefined ? soonUnknownMs : Math.min(soonMs, (ends.getTime() - begins.getTime()) / 10);
  return left < soon ? 'ending' : 'valid';
}

/** Returns a warning. Undefined if there is nothing to warn about. */
export function warningOf(lifetime: Lifetime, now: Date): string | undefined {
  const { what, begins, ends } = lifetime;
  switch (stateOf(lifetime, now)) {
    case 'over':
      return `${what} expired ${spanText(ends, now)}`;
    case 'not-yet':
      return `${what} is not valid before ${begins === undefined ? '' : timeText(begins)}: the clock of this machine may be wrong`;
    case 'ending':
      return `${what} expires ${spanText(ends, now)}`;
    case 'valid':
      return undefined;
  }
}

/** Formats `2026-02-01T00:00:00Z, in 3h`, `2024-02-01T00:00:00Z, 2y ago`. */
export function spanText(time: Date | undefined, now: Date): string {
  if (time === undefined) return 'never';
  const ms = time.getTime() - now.getTime();
  return ms > 0
    ? `${timeText(time)}, in ${humanDuration(ms)}`
    : `${timeText(time)}, ${humanDuration(-ms)} ago`;
}

/** Formats a time as RFC 3339 without fractions of seconds. */
export function timeText(time: Date): string {
  return Number.isNaN(time.getTime()) ? 'an unreadable date' : time.toISOString().replace(/\.\d+Z$/, 'Z');
}

/** Which of several credentials the server accepted, as far as its response shows. */
export interface TakenCredential {
  /** Undefined: unknown. */
  readonly kind: string | undefined;
  /** A phrase on how that is known, or why it is not. */
  readonly because: string;
}

/**
 * Extra attribute with the hash of the certificate or the id of the token.
 * @see https://kep.k8s.io/4193
 */
const credentialIdKey = 'authentication.kubernetes.io/credential-id';

/**
 * Finds the credential that the server accepted.
 * @param user the user from the server; `extra` is empty if only the name is known
 * @param impersonates true if the server describes only the impersonated user
 * @returns undefined if fewer than two credentials were sent
 */
export function takenCredential(
  credentials: readonly InspectedCredential[],
  user: { readonly username: string; readonly extra: Readonly<Record<string, readonly string[]>> },
  impersonates: boolean,
): TakenCredential | undefined {
  const sent = credentials.flatMap((credential) => [
    ...(credential.certificate === undefined
      ? []
      : [
          {
            kind: 'client certificate',
            id: `X509SHA256=${credential.certificateHash ?? ''}`,
            name: credential.certificate.commonName,
            part: 'common name',
          },
        ]),
    ...(credential.token === undefined
      ? []
      : [
          {
            kind: 'token',
            id: `JTI=${credential.token.claims?.id ?? ''}`,
            name: credential.token.claims?.subject ?? '',
            part: 'subject',
          },
        ]),
    ...(credential.kind === 'basic'
      ? [{ kind: 'user name and password', id: '', name: credential.detail, part: 'name' }]
      : []),
  ]);
  if (sent.length < 2) return undefined;
  if (impersonates) {
    return { kind: undefined, because: 'the server tells of the impersonated user only' };
  }
  const ids = user.extra[credentialIdKey] ?? [];
  const byId = sent.find(({ id }) => ids.includes(id));
  if (byId !== undefined) return { kind: byId.kind, because: 'the answer contains its id' };
  const named = sent.filter(({ name }) => name === user.username);
  const [first] = named;
  if (first !== undefined && named.length === 1) {
    return { kind: first.kind, because: `its ${first.part} is the user name` };
  }
  if (named.length > 1) return { kind: undefined, because: 'each of them has this user name' };
  // A credential with another name is excluded; a token without a name is possible.
  const silent = sent.filter(({ name }) => name === '');
  const [only] = silent;
  return only !== undefined && silent.length === 1
    ? { kind: only.kind, because: 'the user name is not that of the other' }
    : { kind: undefined, because: 'none of them has this user name' };
}

/** Returns the user name in a credential. The server can map it to another name. */
export function claimedName(credential: InspectedCredential): { name: string; by: string } | undefined {
  const { certificate, token, kind, detail } = credential;
  if (certificate !== undefined && certificate.commonName !== '') {
    return { name: certificate.commonName, by: 'the client certificate' };
  }
  if (token?.claims !== undefined && token.claims.subject !== '') {
    return { name: token.claims.subject, by: 'the token' };
  }
  if (kind === 'basic' && detail !== '') return { name: detail, by: 'the user name of basic authentication' };
  return undefined;
}
