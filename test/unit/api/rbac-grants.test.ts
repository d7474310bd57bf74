import { describe, expect, it } from 'vitest';
import type { AccessRule } from '../../../src/api/access-review.ts';
import { allows, findGrants, isSubject } from '../../../src/api/rbac-grants.ts';
import type { RequestInfo } from '../../../src/model/request-info.ts';
import { scriptedSend, type Exchange } from '../../scripted-send.ts';

const jane = { username: 'jane', uid: '', groups: ['readers', 'system:authenticated'], extra: {} };
const rbac = '/apis/rbac.authorization.k8s.io/v1';

function question(verb: string, target: string, name = '', namespace = 'dev'): RequestInfo {
  if (target.startsWith('/')) return { kind: 'path', verb, path: target };
  const [type = '', subresource = ''] = target.split('/');
  const [resource = '', ...group] = type.split('.');
  return {
    kind: 'resource',
    verb,
    group: group.join('.'),
    version: 'v1',
    resource,
    subresource,
    namespace,
    name,
  };
}

function rule(verbs: string, resources: string, more: Partial<AccessRule> = {}): AccessRule {
  return {
    verbs: verbs.split(','),
    apiGroups: [''],
    resources: resources.split(','),
    resourceNames: [],
    nonResourceURLs: [],
    ...more,
  };
}

describe('allows', () => {
  it.each([
    [rule('get,list', 'pods'), question('get', 'pods'), true],
    [rule('get', 'pods'), question('list', 'pods'), false],
    [rule('*', '*', { apiGroups: ['*'] }), question('delete', 'deployments.apps/scale'), true],
    [rule('get', 'pods'), question('get', 'deployments.apps'), false],
    [rule('create', 'pods'), question('create', 'pods/exec'), false],
    [rule('create', 'pods/exec'), question('create', 'pods/exec'), true],
    [rule('get', '*/scale', { apiGroups: ['apps'] }), question('get', 'deployments.apps/scale'), true],
    [rule('get', 'secrets', { resourceNames: ['db'] }), question('get', 'secrets', 'db'), true],
    [rule('get', 'secrets', { resourceNames: ['db'] }), question('get', 'secrets'), false],
    [rule('get', '', { nonResourceURLs: ['/logs/*'] }), question('get', '/logs/kube'), true],
    [rule('get', '', { nonResourceURLs: ['/logs'] }), question('get', '/logs/kube'), false],
  ])('case %#', (each, asked, expected) => {
    expect(allows(each, asked)).toBe(expected);
  });
});

describe('isSubject', () => {
  it.each([
    [{ kind: 'User', namespace: '', name: 'jane' }, true],
    [{ kind: 'User', namespace: '', name: 'readers' }, false],
    [{ kind: 'Group', namespace: '', name: 'readers' }, true],
    [{ kind: 'ServiceAccount', namespace: 'dev', name: 'jane' }, false],
  ])('%o', (reference, expected) => {
    expect(isSubject(reference, jane)).toBe(expected);
  });

  it('knows a service account by its user name', () => {
    const robot = { ...jane, username: 'system:serviceaccount:ci:robot' };
    expect(isSubject({ kind: 'ServiceAccount', namespace: 'ci', name: 'robot' }, robot)).toBe(true);
  });
});

describe('findGrants', () => {
  const bindings = (...items: unknown[]): Exchange['reply'] => ({ body: { kind: 'List', items } });
  const binding = (
    name: string,
    role: { kind: string; name: string },
    subject: unknown,
    namespace?: string,
  ) => ({
    metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
    roleRef: role,
    subjects: [subject],
  });
  const refused: Exchange['reply'] = {
    status: 403,
    body: { kind: 'Status', status: 'Failure', message: 'no', reason: 'Forbidden', code: 403 },
  };
  const gone: Exchange['reply'] = {
    status: 404,
    body: { kind: 'Status', status: 'Failure', message: 'no', reason: 'NotFound', code: 404 },
  };

  it('reads the bindings of the user and the roles they name, each role once', async () => {
    const script = scriptedSend([
      {
        request: `GET ${rbac}/clusterrolebindings`,
        reply: bindings(
          binding('all', { kind: 'ClusterRole', name: 'view' }, { kind: 'Group', name: 'readers' }),
          binding('other', { kind: 'ClusterRole', name: 'edit' }, { kind: 'User', name: 'bob' }),
          binding('dangling', { kind: 'ClusterRole', name: 'gone' }, { kind: 'User', name: 'jane' }),
        ),
      },
      {
        request: `GET ${rbac}/namespaces/dev/rolebindings`,
        reply: bindings(
          binding('mine', { kind: 'Role', name: 'reader' }, { kind: 'User', name: 'jane' }, 'dev'),
          binding('again', { kind: 'ClusterRole', name: 'view' }, { kind: 'User', name: 'jane' }, 'dev'),
        ),
      },
      { request: `GET ${rbac}/clusterroles/view`, reply: { body: { rules: [rule('get', 'pods')] } } },
      { request: `GET ${rbac}/clusterroles/gone`, reply: gone },
      {
        request: `GET ${rbac}/namespaces/dev/roles/reader`,
        reply: { body: { rules: [rule('list', 'pods'), rule('get', 'pods,services')] } },
      },
    ]);
    const { grants, unreadable } = await findGrants(script.send, question('get', 'pods'), jane);
    script.verify();
    expect(unreadable).toEqual([]);
    expect(
      grants.map(({ binding, subject, role, rule: given }) => [binding, subject, role, given.resources]),
    ).toEqual([
      [
        { kind: 'ClusterRoleBinding', namespace: '', name: 'all' },
        { kind: 'Group', namespace: '', name: 'readers' },
        { kind: 'ClusterRole', namespace: '', name: 'view' },
        ['pods'],
      ],
      [
        { kind: 'RoleBinding', namespace: 'dev', name: 'mine' },
        { kind: 'User', namespace: '', name: 'jane' },
        { kind: 'Role', namespace: 'dev', name: 'reader' },
        ['pods', 'services'],
      ],
      [
        { kind: 'RoleBinding', namespace: 'dev', name: 'again' },
        { kind: 'User', namespace: '', name: 'jane' },
        { kind: 'ClusterRole', namespace: '', name: 'view' },
        ['pods'],
      ],
    ]);
  });

  it('reports what it may not read, and requests no namespace if there is none', async () => {
    const script = scriptedSend([{ request: `GET ${rbac}/clusterrolebindings`, reply: refused }]);
    expect(await findGrants(script.send, question('get', '/metrics'), jane)).toEqual({
      grants: [],
      unreadable: ['clusterrolebindings'],
    });
    script.verify();
  });
});
