import { describe, expect, test } from 'vitest';
import {
  answerLines,
  bodyLines,
  connectionLines,
  requestLines,
  timingLine,
  tryingLine,
} from '../../../src/transport/verbose.ts';

test('connectionLines', () => {
  expect(tryingLine('h:1', undefined)).toBe('* Trying h:1...');
  expect(tryingLine('h:1', 'socks5 proxy p:2')).toBe('* Trying h:1 through socks5 proxy p:2...');
  expect(connectionLines({ peer: 'h:1', via: undefined, tls: undefined })).toEqual(['* Connected to h:1']);
  const tls = {
    protocol: 'TLSv1.3',
    cipher: 'C',
    subject: 'CN=s',
    issuer: 'CN=i',
    validTo: 'then',
    verified: false,
  };
  expect(connectionLines({ peer: 'h:1', via: 'http proxy p:2', tls })).toEqual([
    '* Connected to h:1 through http proxy p:2',
    '* TLS: TLSv1.3 / C',
    '* Server certificate: CN=s; issued by CN=i; valid until then',
    '* Server certificate NOT verified (insecure)',
  ]);
});

test('secrets never get into the lines', () => {
  const lines = requestLines('GET', 'http://u:s3cret@h/x', {
    authorization: 'Bearer s3cret',
    'proxy-authorization': 'Basic s3cret',
    cookie: 's3cret',
    'x-api-key': 's3cret',
    'x-auth-token': ['s3cret', 's3cret'],
    'sec-websocket-protocol': 'base64url.bearer.authorization.k8s.io.s3cret, v4.channel.k8s.io',
    'impersonate-user': 'jane',
  });
  expect(lines.join()).not.toContain('s3cret');
  expect(lines).toEqual([
    '> GET http://h/x HTTP/1.1',
    '> authorization: Bearer (redacted)',
    '> proxy-authorization: Basic (redacted)',
    '> cookie: (redacted)',
    '> x-api-key: (redacted)',
    '> x-auth-token: (redacted)',
    '> x-auth-token: (redacted)',
    '> sec-websocket-protocol: base64url.bearer.authorization.k8s.io.(redacted), v4.channel.k8s.io',
    '> impersonate-user: jane',
    '>',
  ]);
  expect(requestLines('GET', '/', { authorization: 's3cret' })[1]).toBe('> authorization: (redacted)');
  expect(
    answerLines(302, 'Found', [
      ['Set-Cookie', 's3cret'],
      ['Location', 'https://u:s3cret@h/y'],
    ]),
  ).toEqual(['< HTTP/1.1 302 Found', '< Set-Cookie: (redacted)', '< Location: https://h/y', '<']);
});

describe('bodyLines', () => {
  test('reviews are shown, other bodies are counted', () => {
    const review = '/k8s/c-1/apis/authorization.k8s.io/v1/selfsubjectaccessreviews?fieldManager=x';
    expect(bodyLines(review, '{\n}', false)).toEqual(['> {', '> }']);
    expect(bodyLines(review, Buffer.from('{}'), false)).toEqual(['> {}']);
    expect(bodyLines('/apis/authentication.k8s.io/v1/selfsubjectreviews', '{}', false)).toEqual(['> {}']);
    for (const path of [
      '/api/v1/namespaces/x/secrets',
      '/api/v1/namespaces/x/serviceaccounts/y/token',
      '/apis/authentication.k8s.io/v1/tokenreviews',
      '/api/v1/namespaces/apis/authorization.k8s.io/v1/selfsubjectaccessreviews/x',
    ]) {
      expect(bodyLines(path, 's3cret', false)).toEqual(['* Request body: 6 bytes']);
    }
    expect(bodyLines(review, 'x'.repeat(5_000), false)).toEqual(['* Request body: 5000 bytes']);
    expect(bodyLines(review, undefined, true)).toEqual(['* Request body: a stream']);
    expect(bodyLines(review, undefined, false)).toEqual([]);
  });
});

test('timingLine', () => {
  expect(timingLine({ dnsMs: 1.23, tcpMs: 0.1, tlsMs: 12.5, firstByteMs: 20, totalMs: 1_000.4 })).toBe(
    '* Time: DNS 1.2 ms, TCP 0.1 ms, TLS 13 ms, first byte 20 ms, total 1000 ms',
  );
  expect(timingLine({ firstByteMs: 2, totalMs: 3 })).toBe('* Time: first byte 2.0 ms, total 3.0 ms');
});
