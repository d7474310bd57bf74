// Which of several credentials the server used, as far as its response shows.
import { describe, expect, it } from 'vitest';

import type { InspectedCredential } from '../../../src/auth/local-credentials.ts';
import { takenCredential } from '../../../src/commands/credential-facts.ts';

const origin = { kind: 'kubeconfig', text: '/config' } as const;
const now = new Date(0);
const certificate: InspectedCredential = {
  kind: 'client certificate',
  detail: '',
  origin,
  certificate: { commonName: 'jane', organizations: [], issuer: '', notBefore: now, expires: now },
  certificateHash: 'abc',
  renewable: false,
};
const claims = { issuer: '', subject: 'robot', audiences: [], id: 'jti' };
const token: InspectedCredential = { kind: 'token', detail: '', origin, token: { claims }, renewable: false };
const opaque: InspectedCredential = { ...token, token: { claims: undefined } };
const twin: InspectedCredential = {
  ...token,
  token: { claims: { ...claims, subject: 'jane', id: undefined } },
};
const basic: InspectedCredential = { kind: 'basic', detail: 'joe', origin, renewable: false };
const plugin: InspectedCredential = { ...certificate, ...token, kind: 'exec plugin', detail: 'aws' };
const idKey = 'authentication.kubernetes.io/credential-id';

describe('takenCredential', () => {
  it.each<[string, InspectedCredential[], string, string[], string | undefined | null]>([
    ['one credential', [certificate], 'jane', [], undefined],
    ['none', [], 'system:anonymous', [], undefined],
    ['by the hash of the certificate', [twin, certificate], 'jane', ['X509SHA256=abc'], 'client certificate'],
    ['by the id of the token', [token, certificate], 'jane', ['JTI=jti'], 'token'],
    ['by the common name', [token, certificate], 'jane', [], 'client certificate'],
    ['by the subject', [token, certificate], 'robot', [], 'token'],
    ['by the name of basic authentication', [basic, certificate], 'joe', [], 'user name and password'],
    [
      'the common name, beside a token that says nothing',
      [opaque, certificate],
      'jane',
      [],
      'client certificate',
    ],
    ['another name: the token that says nothing', [opaque, certificate], 'bob', [], 'token'],
    ['both of one plugin', [plugin], 'robot', [], 'token'],
    ['two of one name', [twin, certificate], 'jane', [], null],
    ['a name of neither', [token, certificate], 'system:anonymous', [], null],
  ])('%s', (_, credentials, username, ids, expected) => {
    const taken = takenCredential(credentials, { username, extra: { [idKey]: ids } }, false);
    expect(taken === undefined ? undefined : (taken.kind ?? null)).toBe(expected);
    if (expected === undefined || expected === null) return;
    expect(takenCredential(credentials, { username, extra: { [idKey]: ids } }, true)?.kind).toBeUndefined();
  });
});
