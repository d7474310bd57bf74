import { describe, expect, it } from 'vitest';
import type { JsonObject, KubeObject } from '../../../../src/model/object.ts';
import { defaultRbac } from '../../../../src/sandbox/seed/default-rbac.ts';
import { escalationError, missingRules } from '../../../../src/sandbox/access/escalation.ts';
import { authorize, rulesFor, rulesOf, withAggregatedRules } from '../../../../src/sandbox/access/rbac.ts';
import type { AccessAttributes, RbacReader, UserInfo } from '../../../../src/sandbox/types/types.ts';

const apiVersion = 'rbac.authorization.k8s.io/v1';
const apiGroup = 'rbac.authorization.k8s.io';

function role(kind: string, name: string, rules: readonly JsonObject[], more: JsonObject = {}): KubeObject {
  return { apiVersion, kind, metadata: { name, namespace: 'dev' }, rules, ...more };
}

function binding(
  kind: string,
  name: string,
  roleRef: string,
  subject: JsonObject,
  namespace = 'dev',
): KubeObject {
  const [roleKind = '', roleName = ''] = roleRef.split('/');
  return {
    apiVersion,
    kind,
    metadata: { name, namespace },
    subjects: [subject],
    roleRef: { apiGroup, kind: roleKind, name: roleName },
  };
}

const user = (name: string): JsonObject => ({ kind: 'User', apiGroup, name });

function readerOf(objects: readonly KubeObject[]): RbacReader {
  const of = (kind: string, namespace?: string): readonly KubeObject[] =>
    objects.filter(
      (object) =>
        object.kind === kind && (namespace === undefined || object.metadata.namespace === namespace),
    );
  return {
    roles: (namespace) => of('Role', namespace),
    clusterRoles: () => of('ClusterRole'),
    roleBindings: (namespace) => of('RoleBinding', namespace),
    clusterRoleBindings: () => of('ClusterRoleBinding'),
  };
}

function userNamed(username: string, ...groups: string[]): UserInfo {
  return { username, uid: '', groups: [...groups, 'system:authenticated'], extra: {} };
}

function ask(verb: string, what: string, namespace = '', name = '', group = ''): AccessAttributes {
  const [resource = '', subresource = ''] = what.split('/');
  return { kind: 'resource', verb, group, version: 'v1', resource, subresource, namespace, name };
}

const podReader = role('Role', 'pod-reader', [
  { verbs: ['get', 'list', 'watch'], apiGroups: [''], resources: ['pods', 'pods/log'] },
  { verbs: ['*'], apiGroups: ['apps'], resources: ['deployments'] },
  { verbs: ['get'], apiGroups: [''], resources: ['secrets'], resourceNames: ['db'] },
]);
const metricsReader = role('ClusterRole', 'metrics-reader', [
  { verbs: ['get'], nonResourceURLs: ['/metrics', '/healthz/*'] },
]);
const janeReads = binding('RoleBinding', 'jane-reads-pods', 'Role/pod-reader', user('jane'));
const bobMetrics = binding('ClusterRoleBinding', 'bob-metrics', 'ClusterRole/metrics-reader', user('bob'));
const cluster = readerOf([...defaultRbac, podReader, metricsReader, janeReads, bobMetrics]);
const jane = userNamed('jane', 'readers');

describe('authorize', () => {
  it('names the binding that allows', () => {
    expect(authorize(cluster, jane, ask('list', 'pods', 'dev'))).toEqual({
      allowed: true,
      reason: 'RBAC: allowed by RoleBinding "jane-reads-pods/dev" of Role "pod-reader" to User "jane"',
    });
    expect(authorize(cluster, userNamed('bob'), { kind: 'path', verb: 'get', path: '/metrics' })).toEqual({
      allowed: true,
      reason:
        'RBAC: allowed by ClusterRoleBinding "bob-metrics" of ClusterRole "metrics-reader" to User "bob"',
    });
    const reviews = ask('create', 'selfsubjectreviews', '', '', 'authentication.k8s.io');
    expect(authorize(cluster, jane, reviews).reason).toBe(
      'RBAC: allowed by ClusterRoleBinding "system:basic-user" of ClusterRole "system:basic-user" to Group "system:authenticated"',
    );
  });

  it('denies without a reason', () => {
    for (const attributes of [
      ask('list', 'pods', 'default'),
      ask('list', 'pods'),
      ask('delete', 'pods', 'dev'),
      ask('get', 'pods/exec', 'dev'),
      ask('list', 'deployments', 'dev'),
      ask('get', 'secrets', 'dev', 'other'),
      ask('list', 'secrets', 'dev'),
    ]) {
      expect(authorize(cluster, jane, attributes)).toEqual({ allowed: false, reason: '' });
    }
  });

  it('matches verbs, groups, resources and names', () => {
    expect(authorize(cluster, jane, ask('get', 'pods/log', 'dev')).allowed).toBe(true);
    expect(authorize(cluster, jane, ask('delete', 'deployments', 'dev', '', 'apps')).allowed).toBe(true);
    expect(authorize(cluster, jane, ask('get', 'secrets', 'dev', 'db')).allowed).toBe(true);
    const scaler = readerOf([
      role('Role', 'scaler', [{ verbs: ['update'], apiGroups: ['*'], resources: ['*/scale'] }]),
      binding('RoleBinding', 'b', 'Role/scaler', user('jane')),
    ]);
    expect(authorize(scaler, jane, ask('update', 'deployments/scale', 'dev', 'web', 'apps')).allowed).toBe(
      true,
    );
    expect(authorize(scaler, jane, ask('update', 'deployments', 'dev', 'web', 'apps')).allowed).toBe(false);
  });

  it('accepts a star at the end of a path', () => {
    const bob = userNamed('bob');
    const path = (text: string): AccessAttributes => ({ kind: 'path', verb: 'get', path: text });
    expect(authorize(cluster, bob, path('/healthz/etcd')).allowed).toBe(true);
    expect(authorize(cluster, bob, path('/logs')).allowed).toBe(false);
    expect(authorize(cluster, bob, { kind: 'path', verb: 'post', path: '/metrics' }).allowed).toBe(false);
  });

  it('allows system:masters everything', () => {
    const admin = userNamed('admin', 'system:masters');
    expect(authorize(readerOf([]), admin, ask('delete', 'nodes'))).toEqual({ allowed: true, reason: '' });
  });

  it("knows service accounts by their namespace, the binding's own if none is given", () => {
    const objects = [
      podReader,
      binding('RoleBinding', 'b', 'Role/pod-reader', { kind: 'ServiceAccount', name: 'default' }),
    ];
    const account = userNamed('system:serviceaccount:dev:default');
    expect(authorize(readerOf(objects), account, ask('list', 'pods', 'dev')).reason).toBe(
      'RBAC: allowed by RoleBinding "b/dev" of Role "pod-reader" to ServiceAccount "default/dev"',
    );
    const other = userNamed('system:serviceaccount:default:default');
    expect(authorize(readerOf(objects), other, ask('list', 'pods', 'dev')).allowed).toBe(false);
  });

  it('reports roles that bindings refer to but that do not exist', () => {
    const objects = [
      binding('RoleBinding', 'a', 'Role/gone', user('jane')),
      binding('ClusterRoleBinding', 'b', 'ClusterRole/lost', user('jane')),
    ];
    expect(authorize(readerOf(objects), jane, ask('list', 'pods', 'dev'))).toEqual({
      allowed: false,
      reason:
        'RBAC: [clusterrole.rbac.authorization.k8s.io "lost" not found, role.rbac.authorization.k8s.io "gone" not found]',
    });
    expect(authorize(readerOf(objects), jane, ask('list', 'pods')).reason).toBe(
      'RBAC: clusterrole.rbac.authorization.k8s.io "lost" not found',
    );
  });
});

describe('rulesFor', () => {
  it('lists rules as SelfSubjectRulesReview of the real server does', () => {
    const rules = rulesFor(cluster, jane, 'dev');
    expect(rules).toEqual({
      resourceRules: [
        {
          verbs: ['create'],
          apiGroups: ['authorization.k8s.io'],
          resources: ['selfsubjectaccessreviews', 'selfsubjectrulesreviews'],
        },
        { verbs: ['create'], apiGroups: ['authentication.k8s.io'], resources: ['selfsubjectreviews'] },
        { verbs: ['get', 'list', 'watch'], apiGroups: [''], resources: ['pods', 'pods/log'] },
        { verbs: ['*'], apiGroups: ['apps'], resources: ['deployments'] },
        { verbs: ['get'], apiGroups: [''], resources: ['secrets'], resourceNames: ['db'] },
      ],
      nonResourceRules: [
        {
          verbs: ['get'],
          nonResourceURLs: [
            '/api',
            '/api/*',
            '/apis',
            '/apis/*',
            '/healthz',
            '/livez',
            '/openapi',
            '/openapi/*',
            '/readyz',
            '/version',
            '/version/',
          ],
        },
        { verbs: ['get'], nonResourceURLs: ['/healthz', '/livez', '/readyz', '/version', '/version/'] },
      ],
      incomplete: false,
      evaluationError: '',
    });
  });

  it('reports what could not be resolved', () => {
    const reader = readerOf([binding('RoleBinding', 'a', 'Role/gone', user('jane'))]);
    expect(rulesFor(reader, jane, 'dev')).toEqual({
      resourceRules: [],
      nonResourceRules: [],
      incomplete: false,
      evaluationError: 'role.rbac.authorization.k8s.io "gone" not found',
    });
  });
});

describe('withAggregatedRules', () => {
  const label = (to: string): JsonObject => ({ [`rbac.authorization.k8s.io/aggregate-to-${to}`]: 'true' });
  const extra: KubeObject = {
    apiVersion,
    kind: 'ClusterRole',
    metadata: { name: 'crontab-viewer', labels: label('view') },
    rules: [{ verbs: ['get'], apiGroups: ['stable.example.com'], resources: ['crontabs'] }],
  };

  it('aggregates through several roles', () => {
    const reader = readerOf([...defaultRbac, extra]);
    for (const name of ['view', 'edit', 'admin']) {
      const found = defaultRbac.find(
        (object) => object.kind === 'ClusterRole' && object.metadata.name === name,
      );
      if (found === undefined) throw new Error(`no ${name}`);
      const rules = rulesOf(withAggregatedRules(reader, found));
      expect(rules.filter((rule) => rule.resources.includes('crontabs'))).toHaveLength(1);
      const usual = rulesOf(withAggregatedRules(readerOf(defaultRbac), found));
      expect(usual.length).toBeGreaterThan(10);
      expect(rules).toHaveLength(usual.length + 1);
    }
  });

  it('runs when a role is used', () => {
    const objects = [
      ...defaultRbac,
      extra,
      binding('ClusterRoleBinding', 'b', 'ClusterRole/view', user('jane')),
    ];
    const crontabs = ask('get', 'crontabs', 'dev', 'x', 'stable.example.com');
    expect(authorize(readerOf(objects), jane, crontabs).reason).toBe(
      'RBAC: allowed by ClusterRoleBinding "b" of ClusterRole "view" to User "jane"',
    );
  });

  it('ends if roles aggregate each other', () => {
    const circle = (name: string, from: string): KubeObject => ({
      apiVersion,
      kind: 'ClusterRole',
      metadata: { name, labels: { [name]: 'true' } },
      aggregationRule: { clusterRoleSelectors: [{ matchLabels: { [from]: 'true' } }] },
    });
    const a = circle('a', 'b');
    expect(withAggregatedRules(readerOf([a, circle('b', 'a')]), a).rules).toEqual([]);
  });
});

describe('missingRules', () => {
  const rule = (text: string): JsonObject => {
    const [verbs = '', group = '', resources = ''] = text.split(' ');
    return { verbs: verbs.split(','), apiGroups: [group], resources: resources.split(',') };
  };
  const missing = (rules: readonly JsonObject[]): readonly unknown[] =>
    missingRules(cluster, jane, 'dev', rulesOf({ rules })).map(
      ({ verbs, apiGroups, resources, resourceNames }) => [verbs, apiGroups, resources, resourceNames],
    );

  it('is empty for permissions that the user has', () => {
    expect(missing([rule('get,list  pods,pods/log'), rule('delete apps deployments')])).toEqual([]);
  });

  it('joins the missing verbs of a resource', () => {
    expect(missing([rule('get,delete,create  pods,secrets')])).toEqual([
      [['delete', 'create'], [''], ['pods'], []],
      [['get', 'delete', 'create'], [''], ['secrets'], []],
    ]);
  });

  it('distinguishes a permission for one name from one for all', () => {
    const secrets = { verbs: ['get'], apiGroups: [''], resources: ['secrets'] };
    expect(missing([{ ...secrets, resourceNames: ['db'] }])).toEqual([]);
    expect(missing([{ ...secrets, resourceNames: ['db', 'x'] }])).toEqual([
      [['get'], [''], ['secrets'], ['x']],
    ]);
    expect(missing([secrets])).toEqual([[['get'], [''], ['secrets'], []]]);
  });
});

describe('escalationError', () => {
  const make = (kind: string, more: JsonObject): KubeObject => ({
    apiVersion,
    kind,
    metadata: { name: 'x', namespace: 'dev' },
    ...more,
  });
  const secretsRole = make('Role', {
    rules: [{ verbs: ['get', 'list'], apiGroups: [''], resources: ['secrets'] }],
  });

  it("refuses permissions that the writer does not have, in the real server's words", () => {
    const error = escalationError(cluster, jane, secretsRole);
    expect(error?.code).toBe(403);
    expect(error?.message).toBe(
      'roles.rbac.authorization.k8s.io "x" is forbidden: user "jane" (groups=["readers" "system:authenticated"]) is attempting to grant RBAC permissions not currently held:\n{APIGroups:[""], Resources:["secrets"], Verbs:["get" "list"]}',
    );
    const owned = make('Role', { rules: [{ verbs: ['get'], apiGroups: [''], resources: ['pods'] }] });
    expect(escalationError(cluster, jane, owned)).toBeUndefined();
    expect(escalationError(cluster, userNamed('a', 'system:masters'), secretsRole)).toBeUndefined();
  });

  it('refuses such bindings too, and those to roles that do not exist', () => {
    const bind = (kind: string, name: string): KubeObject =>
      make('RoleBinding', { roleRef: { apiGroup, kind, name }, subjects: [] });
    expect(escalationError(cluster, jane, bind('Role', 'pod-reader'))).toBeUndefined();
    expect(escalationError(cluster, jane, bind('ClusterRole', 'metrics-reader'))?.message).toBe(
      'rolebindings.rbac.authorization.k8s.io "x" is forbidden: user "jane" (groups=["readers" "system:authenticated"]) is attempting to grant RBAC permissions not currently held:\n{NonResourceURLs:["/healthz/*"], Verbs:["get"]}\n{NonResourceURLs:["/metrics"], Verbs:["get"]}',
    );
    const lost = escalationError(cluster, jane, bind('ClusterRole', 'lost'));
    expect([lost?.code, lost?.message]).toEqual([
      404,
      'rolebindings.rbac.authorization.k8s.io "lost" not found',
    ]);
  });

  it('allows users who may escalate or bind', () => {
    const power = role('Role', 'power', [
      { verbs: ['escalate'], apiGroups: [apiGroup], resources: ['roles'] },
      {
        verbs: ['bind'],
        apiGroups: [apiGroup],
        resources: ['clusterroles'],
        resourceNames: ['metrics-reader'],
      },
    ]);
    const reader = readerOf([power, metricsReader, binding('RoleBinding', 'b', 'Role/power', user('jane'))]);
    expect(escalationError(reader, jane, secretsRole)).toBeUndefined();
    const bind = make('RoleBinding', { roleRef: { apiGroup, kind: 'ClusterRole', name: 'metrics-reader' } });
    expect(escalationError(reader, jane, bind)).toBeUndefined();
  });

  it('allows aggregation only to administrators', () => {
    const gathering = make('ClusterRole', { aggregationRule: { clusterRoleSelectors: [{}] } });
    expect(escalationError(cluster, jane, gathering)?.message).toBe(
      'clusterroles.rbac.authorization.k8s.io "x" is forbidden: must have cluster-admin privileges to use the aggregationRule',
    );
    // Who may not use the rule may not take it away either.
    expect(escalationError(cluster, jane, make('ClusterRole', {}), gathering)?.message).toContain(
      'must have cluster-admin privileges to use the aggregationRule',
    );
  });
});
