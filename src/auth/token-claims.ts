// Reads the claims of a JWT without checking them. Entry point: readTokenClaims. Pure; never
// decodes or returns the signature.

import { isJsonObject, stringAt, type Json, type JsonObject } from '../model/object.ts';

/** The claims that say whom a token is for and how long it is valid. */
export interface TokenClaims {
  /** Empty if the token has no issuer. */
  readonly issuer: string;
  /** Empty if the token has no subject. */
  readonly subject: string;
  readonly audiences: readonly string[];
  readonly id?: string | undefined;
  readonly issuedAt?: Date | undefined;
  readonly notBefore?: Date | undefined;
  readonly expires?: Date | undefined;
}

/** Max characters of a token that kapi parses. Tokens have a few kilobytes. */
const maxTokenLength = 64 * 1024;

/**
 * Reads the claims of a token.
 * @returns undefined for a token that is not a JWT (static tokens, opaque tokens of gateways)
 * @see https://www.rfc-editor.org/rfc/rfc7519#section-4.1
 */
export function readTokenClaims(token: string): TokenClaims | undefined {
  if (token.length > maxTokenLength) return undefined;
  const [header, payload, signature, ...more] = token.split('.');
  if (header === undefined || payload === undefined || signature === undefined || more.length > 0) {
    return undefined;
  }
  const claims = objectOf(payload);
  if (claims === undefined || objectOf(header) === undefined) return undefined;
  return {
    issuer: stringAt(claims, 'iss'),
    subject: stringAt(claims, 'sub'),
    audiences: textsAt(claims, 'aud'),
    id: stringAt(claims, 'jti') || undefined,
    issuedAt: dateAt(claims, 'iat'),
    notBefore: dateAt(claims, 'nbf'),
    expires: dateAt(claims, 'exp'),
  };
}

function objectOf(part: string): JsonObject | undefined {
  if (!/^[A-Za-z0-9_-]+$/.test(part)) return undefined;
  try {
    const json = JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as Json;
    return isJsonObject(json) ? json : undefined;
  } catch (error) {
    // Three parts with dots between them need not be a JWT.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/**
 * Returns the strings of a claim. A single audience can be a string instead of an array (RFC 7519
 * section 4.1.3).
 */
function textsAt(claims: JsonObject, key: string): string[] {
  const value = claims[key];
  const values: readonly (Json | undefined)[] = Array.isArray(value) ? (value as readonly Json[]) : [value];
  return values.filter((each) => typeof each === 'string');
}

/** Reads a NumericDate: seconds since 1970, possibly with a fraction. */
function dateAt(claims: JsonObject, key: string): Date | undefined {
  const value = claims[key];
  if (typeof value !== 'number') return undefined;
  const date = new Date(value * 1_000);
  return Number.isNaN(date.getTime()) ? undefined : date;
}
