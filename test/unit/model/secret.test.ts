import { inspect } from 'node:util';
import { expect, it } from 'vitest';
import { hasSecretValue, redacted, Secret } from '../../../src/model/secret.ts';

it('a Secret returns its value only from expose()', () => {
  const secret = new Secret('geheim');
  expect(secret.expose()).toBe('geheim');
  expect(redacted).toBe('(redacted)');
  expect(`${String(secret)} ${secret.toString()}`).toBe('(redacted) (redacted)');
  expect(JSON.stringify({ secret })).toBe('{"secret":"(redacted)"}');
  expect(inspect({ secret })).toBe('{ secret: (redacted) }');
  expect(Object.keys(secret)).toEqual([]);
});

it.each([
  ['cookie', true],
  ['set-cookie', true],
  ['x-auth-token', true],
  ['x-client-secret', true],
  ['x-password', true],
  ['x-api-key', true],
  ['apikey', true],
  ['accept', false],
  ['user-agent', false],
  ['key', false],
])('the value of the header %s is a secret: %s', (name, isSecret) => {
  expect(hasSecretValue(name)).toBe(isSecret);
});
