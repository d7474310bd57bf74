// A path has one reading or is refused.
import { describe, expect, test } from 'vitest';
import { prefixOf, readTarget } from '../../../src/proxy/target.ts';

function read(raw: string, prefix: readonly string[] = []): string {
  const reading = readTarget(raw, prefix);
  if (reading.kind === 'refused') return `${reading.refusal.status} ${reading.refusal.message}`;
  return `${reading.target.path} -> ${reading.target.wire}`;
}

const twoWays = 'it could be read in two ways and is not sent on';

describe('readTarget', () => {
  test.each([
    ['/', '/ -> /'],
    ['/apis/', '/apis/ -> /apis/'],
    ['/api/v1/pods?limit=5&x=a/../b', '/api/v1/pods -> /api/v1/pods?limit=5&x=a/../b'],
    // Checked and sent decoded: characters that need no escape are not escaped.
    ['/api/v1/pods/a/%65x%65c', '/api/v1/pods/a/exec -> /api/v1/pods/a/exec'],
    [
      '/apis/x/clusterroles/system%3Anode',
      '/apis/x/clusterroles/system:node -> /apis/x/clusterroles/system:node',
    ],
    ['/a/https:web:443/proxy', '/a/https:web:443/proxy -> /a/https:web:443/proxy'],
    ['/a/b%20c%C3%A9', '/a/b cé -> /a/b%20c%C3%A9'],
    ['/a/100%25', '/a/100% -> /a/100%25'],
    ['/a/...', '/a/... -> /a/...'],
  ])('reads %s', (raw, expected) => {
    expect(read(raw)).toBe(expected);
  });

  test.each([
    ['/api/../x', 'a dot segment'],
    ['/api/./x', 'a dot segment'],
    ['/api/%2e%2E/x', 'a dot segment'],
    ['/api/.%2e', 'a dot segment'],
    ['//api', 'an empty segment (//)'],
    ['/api//v1', 'an empty segment (//)'],
    ['/api//', 'an empty segment (//)'],
    ['/api/v1%2fsecrets', 'an encoded slash or a backslash'],
    ['/api/v1%2Fsecrets', 'an encoded slash or a backslash'],
    ['/api\\v1', 'an encoded slash or a backslash'],
    ['/api/%5c..', 'an encoded slash or a backslash'],
    ['/api/pods/x/exec;a=b', 'a parameter (;) or an encoded ? or #'],
    ['/api/pods/x/exec%3ba', 'a parameter (;) or an encoded ? or #'],
    ['/api/pods/x%3Fy', 'a parameter (;) or an encoded ? or #'],
    ['/api/pods/x%23', 'a parameter (;) or an encoded ? or #'],
    ['/api/pods%00', 'a control character'],
    ['/api/pods%0d%0aHost:x', 'a control character'],
    ['/api/pods%7f', 'a control character'],
    ['/api/%252e%252e/x', 'characters that are encoded twice'],
    ['/api/%2565xec', 'characters that are encoded twice'],
    ['/api/%zz', 'an encoding that is not UTF-8'],
    ['/api/%', 'an encoding that is not UTF-8'],
    ['/api/%c0%af', 'an encoding that is not UTF-8'],
    ['/api/%ff', 'an encoding that is not UTF-8'],
    ['/api/é', 'characters that must be encoded'],
    ['/api/a b', 'characters that must be encoded'],
    ['/api/a\u0000', 'characters that must be encoded'],
    ['/api#x', 'characters that must be encoded'],
    ['/api?a#x', 'characters that must be encoded'],
  ])('refuses %j', (raw, what) => {
    expect(read(raw)).toBe(`400 the path contains ${what}: ${twoWays}`);
  });

  test.each(['http://127.0.0.1/api', '*', 'api', '', 'host:443', '?x'])('requires a path, not %j', (raw) => {
    expect(read(raw)).toBe(
      '400 the path of a request must begin with a slash: kapi proxy does not forward to other servers',
    );
  });

  test('limits the path and not the query', () => {
    expect(read(`/${'a'.repeat(8_192)}`)).toBe('414 the path is longer than 8192 characters');
    expect(read(`/a?${'a'.repeat(9_000)}`)).toContain('/a -> /a?aaa');
  });

  test('removes the prefix, whole segments only', () => {
    expect(read('/k8s/api/v1', ['k8s'])).toBe('/api/v1 -> /api/v1');
    expect(read('/k8s/', ['k8s'])).toBe('/ -> /');
    expect(read('/%6b8s/api', ['k8s'])).toBe('/api -> /api');
    for (const outside of ['/k8s', '/k8sx/api', '/api/v1', '/'])
      expect(read(outside, ['k8s'])).toBe('404 the API is served under /k8s/ here');
    expect(read('/k8s/../api', ['k8s'])).toContain('a dot segment');
  });
});

describe('prefixOf', () => {
  test.each([
    ['/', []],
    ['/k8s', ['k8s']],
    ['/k8s/a/', ['k8s', 'a']],
    ['/../', undefined],
    ['/a?b', undefined],
    ['/a//b', undefined],
  ])('%s', (text, expected) => {
    expect(prefixOf(text)).toEqual(expected);
  });
});
