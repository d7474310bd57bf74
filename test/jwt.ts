// JSON web tokens for tests, with a signature that tests search for.

/** Makes a JWT of these claims. `signature` must not appear in any output. */
export function jwtOf(claims: unknown, signature = 'c2lnbmF0dXJl'): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'RS256', kid: 'k1' })}.${part(claims)}.${signature}`;
}
