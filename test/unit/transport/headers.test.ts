import { describe, expect, test } from 'vitest';
import { Secret } from '../../../src/model/secret.ts';
import { decideHeaders, joinHeaders, type HeaderFacts } from '../../../src/transport/headers.ts';

const facts: HeaderFacts = {
  authority: 'h:6443',
  given: {},
  authorization: new Secret('Bearer t'),
  impersonation: {
    user: 'jane',
    groups: ['a', 'b'],
    extra: { Scopes: ['x'] },
    origin: { kind: 'flag', text: '--as' },
  },
  userAgent: 'kapi/1',
  compress: true,
  upgrade: false,
};

describe('decideHeaders', () => {
  test('all headers of the transport', () => {
    expect(decideHeaders(facts)).toEqual({
      host: 'h:6443',
      authorization: 'Bearer t',
      'user-agent': 'kapi/1',
      'accept-encoding': 'gzip',
      'impersonate-user': 'jane',
      'impersonate-group': ['a', 'b'],
      'impersonate-extra-scopes': ['x'],
    });
  });

  test('the caller’s replace them; one Impersonate header replaces the whole identity', () => {
    const given = {
      authorization: 'Bearer mine',
      'user-agent': 'curl/8',
      'accept-encoding': 'identity',
      'impersonate-group': ['c', 'd'],
    };
    expect(decideHeaders({ ...facts, given })).toEqual({ host: 'h:6443', ...given });
  });

  test('omitted headers stay out, whoever would have added them', () => {
    const omitted = ['authorization', 'impersonate-group', 'accept-encoding', 'x-a'];
    expect(decideHeaders({ ...facts, given: { 'x-a': 'b' }, omitted })).toEqual({
      host: 'h:6443',
      'user-agent': 'kapi/1',
      'impersonate-user': 'jane',
      'impersonate-extra-scopes': ['x'],
    });
  });

  test('what belongs to the connection is not passed on, unless it upgrades', () => {
    const given = {
      connection: 'upgrade',
      upgrade: 'spdy',
      'transfer-encoding': 'chunked',
      'content-length': '3',
      te: 'x',
    };
    const bare = { ...facts, given, authorization: undefined, impersonation: undefined, compress: false };
    expect(decideHeaders(bare)).toEqual({ host: 'h:6443', 'user-agent': 'kapi/1' });
    expect(decideHeaders({ ...bare, upgrade: true })).toEqual({
      host: 'h:6443',
      'user-agent': 'kapi/1',
      connection: 'upgrade',
      upgrade: 'spdy',
    });
  });

  test('omitted ones are not sent', () => {
    const omitted = ['authorization', 'user-agent', 'accept-encoding'];
    expect(Object.keys(decideHeaders({ ...facts, impersonation: undefined, omitted }))).toEqual(['host']);
  });

  test('control characters are refused, whoever set them, and not repeated', () => {
    const own = (): unknown =>
      decideHeaders({ ...facts, authorization: new Secret('Bearer s3cret\r\nx: y') });
    expect(own).toThrow(
      'the value for the authorization header contains a line end or another control character',
    );
    expect(() => decideHeaders({ ...facts, given: { 'x-a': 'a\0' } })).toThrow(
      'the value for the x-a header',
    );
    expect(() => decideHeaders({ ...facts, given: { 'x a': 'a' } })).toThrow(
      '"x a" cannot be the name of a header',
    );
    expect(decideHeaders({ ...facts, given: { 'x-a': 'a\tb' } })['x-a']).toBe('a\tb');
  });

  test('values are sent as UTF-8', () => {
    expect(decideHeaders({ ...facts, given: { 'x-a': 'é' } })['x-a']).toBe('Ã©');
  });
});

test('joinHeaders: lower case, repeated ones joined, UTF-8 read', () => {
  expect(
    joinHeaders([
      ['A', '1'],
      ['b', 'Ã©'],
      ['a', '2'],
      ['__proto__', 'x'],
    ]),
  ).toEqual(
    Object.fromEntries([
      ['a', '1, 2'],
      ['b', 'é'],
      ['__proto__', 'x'],
    ]),
  );
});
