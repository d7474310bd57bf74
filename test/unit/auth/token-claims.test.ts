import { describe, expect, it } from 'vitest';
import { readTokenClaims } from '../../../src/auth/token-claims.ts';
import { jwtOf } from '../../jwt.ts';

describe('readTokenClaims', () => {
  it('reads the token of a service account', () => {
    const token = jwtOf({
      aud: ['https://kubernetes.default.svc'],
      exp: 1_767_326_645,
      iat: 1_767_323_045,
      nbf: 1_767_323_045,
      iss: 'https://kubernetes.default.svc',
      sub: 'system:serviceaccount:dev:robot',
    });
    expect(readTokenClaims(token)).toEqual({
      issuer: 'https://kubernetes.default.svc',
      subject: 'system:serviceaccount:dev:robot',
      audiences: ['https://kubernetes.default.svc'],
      issuedAt: new Date('2026-01-02T03:04:05Z'),
      notBefore: new Date('2026-01-02T03:04:05Z'),
      expires: new Date('2026-01-02T04:04:05Z'),
    });
  });

  it('accepts a single audience and fractions of a second, and leaves out absent claims', () => {
    expect(readTokenClaims(jwtOf({ aud: 'kapi', exp: 1.5 }))).toEqual({
      issuer: '',
      subject: '',
      audiences: ['kapi'],
      issuedAt: undefined,
      notBefore: undefined,
      expires: new Date(1_500),
    });
  });

  it.each([
    ['', 'empty'],
    ['bob-static-token', 'opaque'],
    ['a.b.c', 'no JSON'],
    ['a.b.c.d', 'four parts'],
    ['bnVsbA.bnVsbA.x', 'null'],
    [`${jwtOf({})}.more`, 'encrypted'],
    [jwtOf({ exp: 1 }).replace('.', '. '), 'white space'],
    [`${'x'.repeat(70_000)}.x.x`, 'too long'],
  ])('reads nothing from %s (%s)', (token) => {
    expect(readTokenClaims(token)).toBeUndefined();
  });

  it('ignores claims of a wrong type', () => {
    expect(readTokenClaims(jwtOf({ iss: 1, sub: [], aud: [1, 'a'], exp: 'soon', iat: 1e300 }))).toEqual({
      issuer: '',
      subject: '',
      audiences: ['a'],
      issuedAt: undefined,
      notBefore: undefined,
      expires: undefined,
    });
  });
});
