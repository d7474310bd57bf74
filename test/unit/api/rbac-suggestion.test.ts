import { describe, expect, it } from 'vitest';
import { suggestRbac } from '../../../src/api/rbac-suggestion.ts';
import { requestInfoOf, type RequestInfo } from '../../../src/model/request-info.ts';

const of = (line: string): RequestInfo => {
  const [method = '', path = ''] = line.split(' ');
  return requestInfoOf({ method, path });
};
const apiVersion = 'rbac.authorization.k8s.io/v1';
const apiGroup = 'rbac.authorization.k8s.io';

describe('suggestRbac', () => {
  it('makes a Role and its RoleBinding for a request in a namespace', () => {
    expect(suggestRbac([of('GET /api/v1/namespaces/dev/pods?limit=500')], 'jane')).toEqual([
      {
        apiVersion,
        kind: 'Role',
        metadata: { name: 'kapi-list-pods', namespace: 'dev' },
        rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['list'] }],
      },
      {
        apiVersion,
        kind: 'RoleBinding',
        metadata: { name: 'kapi-list-pods-jane', namespace: 'dev' },
        roleRef: { apiGroup, kind: 'Role', name: 'kapi-list-pods' },
        subjects: [{ apiGroup, kind: 'User', name: 'jane' }],
      },
    ]);
  });

  it.each([
    ['GET /apis/apps/v1/deployments', { apiGroups: ['apps'], resources: ['deployments'], verbs: ['list'] }],
    ['GET /api/v1/nodes/a', { apiGroups: [''], resources: ['nodes'], resourceNames: ['a'], verbs: ['get'] }],
    ['GET /metrics', { nonResourceURLs: ['/metrics'], verbs: ['get'] }],
  ])('makes a ClusterRole for %s', (line, rule) => {
    const [role, binding] = suggestRbac([of(line)], 'jane');
    expect(role).toMatchObject({ kind: 'ClusterRole', rules: [rule] });
    expect(role).not.toHaveProperty('metadata.namespace');
    expect(binding).toMatchObject({ kind: 'ClusterRoleBinding', roleRef: { kind: 'ClusterRole' } });
  });

  it.each([
    [
      'POST /api/v1/namespaces/dev/pods/web-0/exec?command=sh',
      { apiGroups: [''], resources: ['pods/exec'], resourceNames: ['web-0'], verbs: ['create'] },
    ],
    [
      'GET /api/v1/namespaces/dev/pods?watch=true&fieldSelector=metadata.name%3Dweb-0',
      { apiGroups: [''], resources: ['pods'], resourceNames: ['web-0'], verbs: ['watch'] },
    ],
    ['POST /api/v1/namespaces/dev/pods', { apiGroups: [''], resources: ['pods'], verbs: ['create'] }],
    [
      'DELETE /api/v1/namespaces/dev/pods',
      { apiGroups: [''], resources: ['pods'], verbs: ['deletecollection'] },
    ],
  ])('grants no more than %s needs', (line, rule) => {
    expect(suggestRbac([of(line)], 'jane')[0]).toMatchObject({ kind: 'Role', rules: [rule] });
  });

  it('binds a service account as a ServiceAccount', () => {
    const [, binding] = suggestRbac([of('GET /api/v1/pods')], 'system:serviceaccount:ci:robot');
    expect(binding?.['subjects']).toEqual([{ kind: 'ServiceAccount', name: 'robot', namespace: 'ci' }]);
  });

  it('joins the verbs of one type and keeps scopes apart', () => {
    const objects = suggestRbac(
      [
        of('GET /api/v1/namespaces/dev/pods'),
        of('GET /api/v1/namespaces/dev/pods?watch=1'),
        of('GET /api/v1/namespaces/dev/secrets/db'),
        of('GET /api/v1/nodes'),
      ],
      'jane',
    );
    expect(objects.map((object) => object['kind'])).toEqual([
      'Role',
      'RoleBinding',
      'ClusterRole',
      'ClusterRoleBinding',
    ]);
    expect(objects[0]?.['rules']).toEqual([
      { apiGroups: [''], resources: ['pods'], verbs: ['list', 'watch'] },
      { apiGroups: [''], resources: ['secrets'], resourceNames: ['db'], verbs: ['get'] },
    ]);
  });

  it('never lets a name break the path of the object', () => {
    for (const object of suggestRbac([of('GET /logs/a%2Fb')], 'oidc:https://idp.test/jane%20x')) {
      expect(object['metadata']).toMatchObject({ name: expect.not.stringMatching(/[/%\s]/) });
    }
  });

  it('gives different roles different names', () => {
    const nameOf = (...lines: string[]): unknown => suggestRbac(lines.map(of), 'jane')[0]?.['metadata'];
    const a = nameOf('GET /api/v1/pods', 'GET /api/v1/nodes');
    expect(a).not.toEqual(nameOf('GET /api/v1/pods', 'GET /api/v1/services'));
    expect(a).toEqual(nameOf('GET /api/v1/pods', 'GET /api/v1/nodes'));
  });

  it('suggests nothing for an empty list', () => {
    expect(suggestRbac([], 'jane')).toEqual([]);
  });
});
