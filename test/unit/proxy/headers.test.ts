// Which header lines the proxy forwards.
import { describe, expect, test } from 'vitest';
import { headersToClient, headersToServer, isFramedTwice, placeOf } from '../../../src/proxy/headers.ts';

describe('headersToServer', () => {
  test('drops the identity, connection headers, and headers named in Connection', () => {
    const lines = [
      ['Host', 'localhost:8001'],
      ['Authorization', 'Bearer mine'],
      ['Impersonate-User', 'root'],
      ['IMPERSONATE-EXTRA-scopes', 'all'],
      ['X-Remote-User', 'root'],
      ['X-HTTP-Method-Override', 'DELETE'],
      ['Connection', 'close, X-Hop'],
      ['X-Hop', '1'],
      ['Keep-Alive', 'timeout=1'],
      ['TE', 'trailers'],
      ['Trailer', 'x'],
      ['Transfer-Encoding', 'chunked'],
      ['Content-Length', '3'],
      ['Upgrade', 'h2c'],
      ['HTTP2-Settings', 'AAA'],
      ['Proxy-Authorization', 'Basic x'],
      ['Expect', '100-continue'],
      ['Accept', 'application/json'],
      ['X-Two', 'a'],
      ['x-two', 'b'],
      ['X-Text', Buffer.from('é').toString('latin1')],
    ].flat();
    expect(headersToServer(lines, undefined)).toEqual({
      accept: 'application/json',
      'x-two': ['a', 'b'],
      // Bytes are not changed.
      'x-text': 'Ã©',
      'accept-encoding': 'identity',
    });
  });

  test.each([
    'Authorization',
    'Impersonate-User',
    'Impersonate_User',
    'X-Remote-User',
    'X_Remote_User',
    'X-Forwarded-For',
    'X-Forwarded-Host',
    'X-Forwarded-User',
    'X-Forwarded-Access-Token',
    'X-Forwarded',
    'Forwarded',
    'X-Real-IP',
    'Remote-User',
    'X-Auth-Request-User',
    'X-Original-URL',
    'X-Original-URI',
    'X-Original-Method',
    'X_Original_URL',
    'X-Rewrite-URL',
    'X-HTTP-Method-Override',
    'X-Method-Override',
    'X-HTTP-Method',
    'X-Envoy-Original-Path',
    'Content_Length',
    'Transfer_Encoding',
  ])('%s does not pass', (name) => {
    for (const spelling of [name, name.toLowerCase(), name.toUpperCase()])
      expect(headersToServer([spelling, 'x'], 'websocket')).toEqual({
        connection: 'Upgrade',
        upgrade: 'websocket',
      });
  });

  test('keeps what the client accepts', () => {
    expect(headersToServer(['Accept-Encoding', 'gzip, br'], undefined)).toEqual({
      'accept-encoding': 'gzip, br',
    });
  });

  test('writes its own upgrade headers and drops a token in the protocols', () => {
    const lines = [
      ['Connection', 'keep-alive, Upgrade'],
      ['Upgrade', 'websocket'],
      ['Sec-WebSocket-Key', 'k'],
      ['Sec-WebSocket-Protocol', 'base64url.bearer.authorization.k8s.io.c2VjcmV0, v5.channel.k8s.io'],
    ].flat();
    expect(headersToServer(lines, 'websocket')).toEqual({
      'sec-websocket-key': 'k',
      'sec-websocket-protocol': 'v5.channel.k8s.io',
      connection: 'Upgrade',
      upgrade: 'websocket',
    });
    const only = ['Sec-WebSocket-Protocol', 'base64url.bearer.authorization.k8s.io.c2VjcmV0'];
    expect(headersToServer(only, 'websocket')).toEqual({ connection: 'Upgrade', upgrade: 'websocket' });
  });
});

test('headersToClient keeps lines unchanged, except those of the connection', () => {
  const lines = [
    ['Content-Type', 'text/plain'],
    ['Connection', 'close, X-Hop'],
    ['X-Hop', '1'],
    ['Transfer-Encoding', 'chunked'],
    ['Warning', '299 - "a"'],
    ['Warning', '299 - "b"'],
    ['Location', '/x'],
  ] as const;
  expect(headersToClient(lines, (location) => `${location}!`)).toEqual([
    ...['Content-Type', 'text/plain', 'Warning', '299 - "a"', 'Warning', '299 - "b"', 'Location', '/x!'],
  ]);
});

test.each([
  ['/api', 'https://s:6443', [], '/api'],
  ['https://s:6443/api?x=1', 'https://s:6443', [], '/api?x=1'],
  ['https://s:6443/k8s/c-1/api/', 'https://s:6443/k8s/c-1', ['my'], '/my/api/'],
  ['/k8s/c-1/api/', 'https://s:6443/k8s/c-1', [], '/api/'],
  ['https://s:6443/other', 'https://s:6443/k8s', [], 'https://s:6443/other'],
  ['https://elsewhere/api', 'https://s:6443', [], 'https://elsewhere/api'],
  ['//elsewhere/api', 'https://s:6443', [], '//elsewhere/api'],
  ['api/', 'https://s:6443', [], 'api/'],
])('a redirect to %s of %s under %j leads to %s', (location, server, prefix, expected) => {
  expect(placeOf(location, server, prefix)).toBe(expected);
});

test.each([
  [[], false],
  [['Content-Length', '1'], false],
  [['Transfer-Encoding', 'chunked'], false],
  [['Content-Length', '1', 'transfer-encoding', 'chunked'], true],
  [['Content-Length', '1', 'content-length', '1'], true],
  [['Transfer-Encoding', 'gzip, chunked'], true],
  [['Transfer-Encoding', 'xchunked'], true],
])('framing %j is double: %s', (lines, expected) => {
  expect(isFramedTwice(lines)).toBe(expected);
});
