import { describe, expect, it } from 'vitest';
import { isImpersonationRefused, readRefusal } from '../../../src/api/refusal.ts';

describe('readRefusal', () => {
  it.each([
    [
      'pods is forbidden: User "jane" cannot list resource "pods" in API group "" in the namespace "default"',
      { username: 'jane', verb: 'list' },
      false,
    ],
    [
      'forbidden: User "system:anonymous" cannot get path "/"',
      { username: 'system:anonymous', verb: 'get' },
      false,
    ],
    [
      'users "jane" is forbidden: User "bob" cannot impersonate resource "users" in API group "" at the cluster scope',
      { username: 'bob', verb: 'impersonate' },
      true,
    ],
    [
      'pods is forbidden: User "bob" cannot impersonate-on:user-info:list resource "pods" in API group "" in the namespace "dev"',
      { username: 'bob', verb: 'impersonate-on:user-info:list' },
      true,
    ],
    [
      'nodes "n" is forbidden: User "bob" cannot impersonate:arbitrary-node resource "nodes" in API group "authentication.k8s.io" at the cluster scope',
      { username: 'bob', verb: 'impersonate:arbitrary-node' },
      true,
    ],
  ])('%s', (message, refusal, impersonation) => {
    const found = readRefusal(message);
    expect(found).toEqual(refusal);
    expect(found !== undefined && isImpersonationRefused(found)).toBe(impersonation);
  });

  it.each([
    '',
    'pods "x" is forbidden: exceeded quota: q',
    'User "x" cannot be served',
    'User jane cannot get path "/"',
  ])('finds nothing in %j', (message) => {
    expect(readRefusal(message)).toBeUndefined();
  });
});
