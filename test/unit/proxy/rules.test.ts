// Which requests are allowed.
import { describe, expect, test } from 'vitest';
import { parseProxyOptions } from '../../../src/commands/proxy/options.ts';
import type { RawFlags } from '../../../src/commands/raw-flags.ts';
import { readRules } from '../../../src/proxy/filters.ts';
import { judgeCaller, judgeRequest } from '../../../src/proxy/rules.ts';

function caller(headers: readonly string[], flags: RawFlags = {}): string {
  const refusal = judgeCaller(headers, readRules(parseProxyOptions([], flags).filters));
  return refusal === undefined ? 'passes' : `${refusal.status} ${refusal.form} ${refusal.rule}`;
}

function judged(request: string, flags: RawFlags = {}, upgrade?: string): string {
  const [method = '', target = ''] = request.split(' ');
  const [path = ''] = target.split('?');
  const question = { method, path, wire: target, upgrade };
  const refusal = judgeRequest(question, readRules(parseProxyOptions([], flags).filters));
  return refusal === undefined ? 'passes' : `${refusal.status} ${refusal.rule}`;
}

describe('callers', () => {
  test.each([
    [['Host', '127.0.0.1:8001'], 'passes'],
    [['host', 'localhost'], 'passes'],
    [['Host', 'LOCALHOST:1'], 'passes'],
    [['Host', '[::1]:8001'], 'passes'],
    [['Host', '[::1]'], 'passes'],
    [['Host', 'evil.example:8001'], '403 text --accept-hosts'],
    [['Host', 'localhost.evil.example'], '403 text --accept-hosts'],
    [['Host', '127.0.0.1.evil.example:8001'], '403 text --accept-hosts'],
    [['Host', 'localhost:8001@evil.example'], '403 text --accept-hosts'],
    [['Host', ''], '403 text --accept-hosts'],
    [[], '403 text --accept-hosts'],
    [['Host', 'localhost', 'Host', 'evil.example'], '403 text --accept-hosts'],
    [['Host', 'localhost:8001', 'Origin', 'http://localhost:8001'], 'passes'],
    [['Host', 'localhost:8001', 'Origin', 'http://localhost:3000'], '403 text foreign Origin'],
    [['Host', 'localhost:8001', 'Origin', 'https://localhost:8001'], '403 text foreign Origin'],
    [['Host', 'localhost:8001', 'Origin', 'http://127.0.0.1:8001'], '403 text foreign Origin'],
    [['Host', 'localhost:8001', 'Origin', 'null'], '403 text foreign Origin'],
    [['Host', 'localhost:8001', 'Origin', ''], '403 text foreign Origin'],
    [
      ['Host', 'localhost:8001', 'Origin', 'http://localhost:8001', 'origin', 'http://evil.example'],
      '403 text foreign Origin',
    ],
    [['Host', 'localhost:8001', 'Sec-Fetch-Site', 'none'], 'passes'],
    [['Host', 'localhost:8001', 'Sec-Fetch-Site', 'same-origin'], 'passes'],
    [['Host', 'localhost:8001', 'Sec-Fetch-Site', 'same-site'], '403 text foreign page'],
    [['Host', 'localhost:8001', 'Sec-Fetch-Site', 'cross-site'], '403 text foreign page'],
  ])('%j: %s', (headers, expected) => {
    expect(caller(headers)).toBe(expected);
  });

  test.each([
    [[], 'the Host "" does not match --accept-hosts'],
    [['Host', 'evil.example:1'], 'the Host "evil.example:1" does not match --accept-hosts'],
    [['Host', 'localhost', 'Origin', 'null'], 'pages of another origin may not use this proxy'],
    [['Host', 'localhost', 'Sec-Fetch-Site', 'same-site'], 'pages of another site may not use this proxy'],
  ])('%j: Forbidden: %s', (headers, why) => {
    const refusal = judgeCaller(headers, readRules(parseProxyOptions([], {}).filters));
    expect(refusal?.message).toBe(`Forbidden: ${why}`);
  });

  test('--accept-hosts replaces the default', () => {
    const flags = { 'accept-hosts': '^kapi\\.example$' };
    expect(caller(['Host', 'kapi.example:8001'], flags)).toBe('passes');
    expect(caller(['Host', 'localhost:8001'], flags)).toBe('403 text --accept-hosts');
  });
});

describe('requests', () => {
  const writes = { 'allow-writes': true };
  const open = { 'allow-writes': true, 'reject-paths': '' };
  const self = 'POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
  test.each([
    ['GET /api/v1/pods', {}, undefined, 'passes'],
    ['HEAD /version', {}, undefined, 'passes'],
    ['OPTIONS /api', {}, undefined, 'passes'],
    ['POST /api/v1/namespaces/a/pods', {}, undefined, '403 no --allow-writes'],
    ['PUT /x', {}, undefined, '403 no --allow-writes'],
    ['PATCH /x', {}, undefined, '403 no --allow-writes'],
    ['DELETE /x', {}, undefined, '403 no --allow-writes'],
    ['PROPFIND /x', {}, undefined, '403 no --allow-writes'],
    ['POST /api/v1/namespaces/a/pods', writes, undefined, 'passes'],
    ['TRACE /x', writes, undefined, '405 TRACE'],
    ['CONNECT /x', writes, undefined, '405 CONNECT'],
    [self, {}, undefined, 'passes'],
    ['POST /apis/authorization.k8s.io/v1/selfsubjectrulesreviews', {}, undefined, 'passes'],
    ['POST /apis/authentication.k8s.io/v1/selfsubjectreviews', {}, undefined, 'passes'],
    ['PUT /apis/authentication.k8s.io/v1/selfsubjectreviews', {}, undefined, '403 no --allow-writes'],
    [`${self}/x`, {}, undefined, '403 no --allow-writes'],
    ['POST /apis/authorization.k8s.io/v1/subjectaccessreviews', {}, undefined, '403 no --allow-writes'],
    ['POST /apis/authentication.k8s.io/v1/tokenreviews', {}, undefined, '403 no --allow-writes'],
    [self, { 'reject-methods': 'POST' }, undefined, '403 --reject-methods'],
    ['DELETE /x', { ...writes, 'reject-methods': '^(put|delete)$' }, undefined, '403 --reject-methods'],
    // exec and attach, as in kubectl, with and without an upgrade, in any case.
    ['GET /api/v1/namespaces/a/pods/p/exec', {}, undefined, '403 --reject-paths'],
    ['GET /api/v1/namespaces/a/PODS/p/Exec', {}, undefined, '403 --reject-paths'],
    ['GET /api/v1/namespaces/a/pods/p/exec', {}, 'websocket', '403 no --allow-writes'],
    ['GET /api/v1/namespaces/a/pods/p/exec', writes, 'websocket', '403 --reject-paths'],
    ['POST /api/v1/namespaces/a/pods/p/attach', writes, 'SPDY/3.1', '403 --reject-paths'],
    ['GET /api/v1/namespaces/a/pods/p/exec', open, 'websocket', 'passes'],
    ['GET /api/v1/namespaces/a/pods/p/portforward', writes, 'websocket', 'passes'],
    // A GET that becomes another request is not a read unless it is known to be one.
    ['GET /api/v1/namespaces/a/pods/p/portforward', {}, 'websocket', '403 no --allow-writes'],
    ['GET /api/v1/nodes/n/proxy/exec/a/p/c', {}, 'websocket', '403 no --allow-writes'],
    ['GET /api/v1/nodes/n/proxy/x/log', {}, 'websocket', '403 no --allow-writes'],
    ['GET /api/v1/nodes/n/proxy/exec?watch=1', {}, 'websocket', '403 no --allow-writes'],
    [
      'GET /apis/subresources.kubevirt.io/v1/namespaces/a/vms/v/console',
      {},
      'websocket',
      '403 no --allow-writes',
    ],
    ['GET /api/v1/pods?watch=true', {}, 'websocket', 'passes'],
    ['GET /api/v1/pods?watch', {}, 'websocket', 'passes'],
    ['GET /api/v1/watch/pods', {}, 'websocket', 'passes'],
    ['GET /api/v1/watch/namespaces/a/pods/p', {}, 'websocket', 'passes'],
    ['GET /apis/apps/v1/namespaces/a/deployments?watch=1', {}, 'websocket', 'passes'],
    ['GET /api/v1/pods?watch=0', {}, 'websocket', '403 no --allow-writes'],
    ['GET /api/v1/pods?watch=false', {}, 'websocket', '403 no --allow-writes'],
    ['GET /api/v1/pods', {}, 'websocket', '403 no --allow-writes'],
    ['HEAD /api/v1/pods?watch=1', {}, 'websocket', '403 no --allow-writes'],
    ['POST /api/v1/pods?watch=1', {}, 'websocket', '403 no --allow-writes'],
    // `watch` in the query does not turn another request into a watch.
    ...[
      '',
      '?watch',
      '?watch=',
      '?watch=1',
      '?watch=true',
      '?watch=f',
      '?WATCH=1&watch=1',
      '?follow=1',
    ].flatMap((query) =>
      [
        '/api/v1/namespaces/a/pods/p/portforward',
        '/api/v1/namespaces/a/pods/p/portforward/',
        '/api/v1/namespaces/a/pods/p/exec',
        '/api/v1/namespaces/a/pods/p/exec/log',
        '/api/v1/watch/namespaces/a/pods/p/exec',
        '/api/v1/namespaces/a/pods/p/attach',
        '/api/v1/namespaces/a/pods/p/proxy/log',
        '/api/v1/namespaces/a/services/s/proxy/watch',
        '/api/v1/namespaces/a/services/s/log',
        '/api/v1/nodes/n/proxy/',
        '/api/v1/nodes/n/log',
        '/api/v1/proxy/namespaces/a/pods/p',
        '/apis/subresources.kubevirt.io/v1/namespaces/a/virtualmachineinstances/v/console',
        '/apis/subresources.kubevirt.io/v1/namespaces/a/virtualmachineinstances/v/log',
        '/apis/x.example/v1/things/t/log',
        '/version',
        '/log',
        '/api/v1/log',
      ]
        .filter((path) => path !== '/api/v1/log' || !/[?&]watch/.test(query))
        .map((path): [string, RawFlags, string, string] => [
          `GET ${path}${query}`,
          { 'reject-paths': [''] },
          'websocket',
          '403 no --allow-writes',
        ]),
    ),
    ['GET /api/v1/namespaces/a/pods/p/log?follow=1', {}, 'websocket', 'passes'],
    // Paths.
    ['GET /api/v1/secrets', { 'reject-paths': '/secrets' }, undefined, '403 --reject-paths'],
    ['GET /api/v1/SECRETS', { 'reject-paths': '/secrets' }, undefined, '403 --reject-paths'],
    ['GET /api/v1/pods', { 'accept-paths': '^/version$,^/healthz' }, undefined, '403 --accept-paths'],
    ['GET /healthz/ping', { 'accept-paths': '^/version$,^/healthz' }, undefined, 'passes'],
    ['GET /api/v1/pods', { 'accept-paths': '' }, undefined, '403 --accept-paths'],
  ] satisfies [string, RawFlags, string | undefined, string][])(
    '%s %j %s: %s',
    (request, flags, upgrade, expected) => {
      expect(judged(request, flags, upgrade)).toBe(expected);
    },
  );
});

test.each([
  ['TRACE', undefined, 'TRACE is not sent on'],
  ['DELETE', undefined, 'DELETE is a write: start kapi proxy with --allow-writes'],
  ['GET', 'spdy/3.1', 'GET with Upgrade: spdy/3.1 is a write: start kapi proxy with --allow-writes'],
])('%s with Upgrade %s is refused in a Status: %s', (method, upgrade, message) => {
  const path = '/api/v1/namespaces/a/pods/p/exec';
  const refusal = judgeRequest(
    { method, path, wire: path, upgrade },
    readRules(parseProxyOptions([], {}).filters),
  );
  expect(refusal).toMatchObject({ form: 'status', message });
});

test('the path / has no reading without its slash', () => {
  expect(judged('GET /', { 'reject-paths': ['^(/x)?$'] })).toBe('passes');
  expect(judged('GET /api/', { 'reject-paths': ['^/api$'] })).toBe('403 --reject-paths');
});

describe('parseProxyOptions', () => {
  test.each([
    [{ port: '65536' }, 'invalid value "65536" of --port: ports end at 65535'],
    [{ port: 'x' }, 'invalid value "x" of --port: it takes a whole number'],
    [
      { address: 'localhost' },
      'invalid value "localhost" of --address: it takes an IP address of this machine',
    ],
    [{ 'api-prefix': 'k8s' }, 'invalid value "k8s" of --api-prefix: it takes a path such as /k8s/'],
    [{ 'unix-socket': '/s', port: '1' }, '--unix-socket takes the place of --port and --address'],
  ])('%j is refused', (flags, message) => {
    expect(() => parseProxyOptions([], flags)).toThrow(message);
  });

  test('where it listens', () => {
    expect(parseProxyOptions([], {}).listen).toEqual({ port: 8001, host: '127.0.0.1' });
    expect(parseProxyOptions([], { port: '0', address: '[::1]' }).listen).toEqual({ port: 0, host: '::1' });
    expect(parseProxyOptions([], { 'unix-socket': '/s' }).listen).toEqual({ path: '/s' });
  });
});
