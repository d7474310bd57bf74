// Credentials in words: names, dates, time left, and what to warn of. Shared by whoami, doctor and the hint of a 401. Pure.

import type { InspectedCredential } from '../auth/local-credentials.ts';
import { humanDuration } from '../model/age.ts';

/** From when to when a credential holds. */
export interface Lifetime {
  /** `the client certificate`, `the token`. */
  readonly what: string;
  readonly begins: Date | undefined;
  readonly ends: Date | undefined;
  /** kapi replaces it in time by itself. */
  readonly renewable: boolean;
}

/** Remaining time from which on a credential that was made to live longer deserves a warning. */
const soonMs = 14 * 24 * 3_600_000;
/** The same for a credential that does not say when it was made. */
const soonUnknownMs = 3_600_000;

/** The lifetimes that are written in a credential; empty for passwords and opaque tokens. */
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

/** How a lifetime stands at a moment. */
export type LifetimeState = 'valid' | 'not-yet' | 'ending' | 'over';

export function stateOf({ begins, ends, renewable }: Lifetime, now: Date): LifetimeState {
  if (ends !== undefined && ends <= now) return 'over';
  if (begins !== undefined && begins > now) return 'not-yet';
  if (ends === undefined || renewable) return 'valid';
  const left = ends.getTime() - now.getTime();
  // A tenth of its life, so that a token of an hour is not called short-lived all along.
  const soon =
    begins === undefined ? soonUnknownMs : Math.min(soonMs, (ends.getTime() - begins.getTime()) / 10);
  return left < soon ? 'ending' : 'valid';
}

/** What there is to warn of; undefined while all is well. */
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

/** `2026-02-01T00:00:00Z, in 3h`, `2024-02-01T00:00:00Z, 2y ago`. */
export function spanText(time: Date | undefined, now: Date): string {
  if (time === undefined) return 'never';
  const ms = time.getTime() - now.getTime();
  return ms > 0
    ? `${timeText(time)}, in ${humanDuration(ms)}`
    : `${timeText(time)}, ${humanDuration(-ms)} ago`;
}

/** RFC 3339 without fractions of seconds. */
export function timeText(time: Date): string {
  return Number.isNaN(time.getTime()) ? 'an unreadable date' : time.toISOString().replace(/\.\d+Z$/, 'Z');
}

/** Which of several credentials the server took, as far as its answer tells. */
export interface TakenCredential {
  /** Undefined: it cannot be told. */
  readonly kind: string | undefined;
  /** A phrase on how that is known, or why it is not. */
  readonly because: string;
}

/** Extra attribute with the certificate's hash or the token's id. @see https://kep.k8s.io/4193 */
const credentialIdKey = 'authentication.kubernetes.io/credential-id';

/**
 * @param user as the server sees it; `extra` empty where only the name is known
 * @param impersonates the server then tells of the impersonated user only
 * @returns undefined where fewer than two credentials were sent: there is nothing to tell apart
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
  if (byId !== undefined) return { kind: byId.kind, because: 'the answer holds its id' };
  const named = sent.filter(({ name }) => name === user.username);
  const [first] = named;
  if (first !== undefined && named.length === 1) {
    return { kind: first.kind, because: `its ${first.part} is the user name` };
  }
  if (named.length > 1) return { kind: undefined, because: 'each of them has this user name' };
  // What says another name is not it; a token that says nothing may be.
  const silent = sent.filter(({ name }) => name === '');
  const [only] = silent;
  return only !== undefined && silent.length === 1
    ? { kind: only.kind, because: 'the user name is not that of the other' }
    : { kind: undefined, because: 'none of them has this user name' };
}

/** The user name that a credential claims for its bearer; the server may see it otherwise. */
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
