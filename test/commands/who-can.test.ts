// kapi who-can with a scripted server: grants of rules, verdicts of the server, refused reads.
import { describe, expect, it } from 'vitest';
import '../../src/commands/who-can/run.ts';
import type { Exchange, Reply } from '../scripted-send.ts';
import { runKapi } from './run-kapi.ts';

const rbac = '/apis/rbac.authorization.k8s.io/v1';
const reviews = '/apis/authorization.k8s.io/v1/subjectaccessreviews';

const list = (path: string, items: readonly object[]): Exchange => ({
  request: `GET ${rbac}${path}?limit=500`,
  reply: { body: { kind: 'List', apiVersion: 'rbac.authorization.k8s.io/v1', metadata: {}, items } },
});
const forbidden = (words: string): Reply => ({
  status: 403,
  body: { kind: 'Status', status: 'Failure', reason: 'Forbidden', message: words, code: 403 },
});
const refused = (path: string): Exchange => ({
  request: `GET ${rbac}${path}?limit=500`,
  reply: forbidden(`no ${path}`),
});

const role = (name: string, rule: object, namespace?: string): object => ({
  metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
  rules: [{ apiGroups: [''], ...rule }],
});
const binding = (
  name: string,
  roleRef: readonly [kind: string, name: string],
  subjects: readonly object[],
  namespace?: string,
): object => ({
  metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
  roleRef: { kind: roleRef[0], name: roleRef[1] },
  subjects,
});
const user = (name: string): object => ({ kind: 'User', name });
const group = (name: string): object => ({ kind: 'Group', name });
const account = (namespace: string, name: string): object => ({ kind: 'ServiceAccount', namespace, name });

const secrets = { resources: ['secrets'], verbs: ['get'] };

function review(spec: object, allowed: boolean): Exchange {
  return {
    request: `POST ${reviews}`,
    body: { apiVersion: 'authorization.k8s.io/v1', kind: 'SubjectAccessReview', spec },
    reply: { status: 201, body: { kind: 'SubjectAccessReview', spec, status: { allowed } } },
  };
}

/** The four lists of a namespace. */
function lists(
  clusterRoles: readonly object[],
  clusterBindings: readonly object[],
  roles: readonly object[] = [],
  bindings: readonly object[] = [],
): readonly Exchange[] {
  return [
    list('/clusterrolebindings', clusterBindings),
    list('/clusterroles', clusterRoles),
    list('/namespaces/dev/rolebindings', bindings),
    list('/namespaces/dev/roles', roles),
  ];
}
const inDev = { namespace: { value: 'dev', origin: { kind: 'default', text: 'x' } as const } };
const systemMasters =
  'note: members of group system:masters may do everything; rights from authorizers other than RBAC are not in the list\n';

describe('kapi who-can', () => {
  it('lists the subjects with their grants, each verified once', async () => {
    const attributes = { namespace: 'dev', verb: 'get', resource: 'secrets' };
    const { stdout, stderr, code } = await runKapi('who-can get secrets', {
      config: inDev,
      replies: [
        ...lists(
          [role('reader', secrets), role('all', { apiGroups: ['*'], resources: ['*'], verbs: ['*'] })],
          [binding('admins', ['ClusterRole', 'all'], [group('admins')])],
          [role('local', secrets, 'dev'), role('reader', { resources: ['pods'], verbs: ['get'] }, 'dev')],
          [
            binding('b', ['ClusterRole', 'reader'], [user('jane'), account('ci', 'builder')], 'dev'),
            binding('a', ['Role', 'local'], [user('jane'), group('readers')], 'dev'),
            // Has the name of the ClusterRole, and grants something else.
            binding('c', ['Role', 'reader'], [user('bob')], 'dev'),
            binding('d', ['Role', 'gone'], [user('bob')], 'dev'),
          ],
        ),
        review({ groups: ['admins'], resourceAttributes: attributes }, true),
        review({ groups: ['readers'], resourceAttributes: attributes }, false),
        review(
          {
            user: 'system:serviceaccount:ci:builder',
            groups: ['system:serviceaccounts', 'system:serviceaccounts:ci', 'system:authenticated'],
            resourceAttributes: attributes,
          },
          true,
        ),
        review({ user: 'jane', resourceAttributes: attributes }, true),
      ],
    });
    expect(code).toBe(0);
    expect(stdout)
      .toBe(`SUBJECT      KIND             NAMESPACE   BINDING                     ROLE                 VERIFIED
admins       Group            *           ClusterRoleBinding/admins   ClusterRole/all      yes
readers      Group            dev         RoleBinding/a               Role/local           no
ci/builder   ServiceAccount   dev         RoleBinding/b               ClusterRole/reader   yes
jane         User             dev         RoleBinding/a               Role/local           yes
jane         User             dev         RoleBinding/b               ClusterRole/reader   yes
`);
    expect(stderr).toBe(
      `Warning: the server denies 1 grant of this list (VERIFIED no): another authorizer decides first, or a role has changed\n${systemMasters}`,
    );
  });

  it.each([
    ['get secrets', { resources: ['secrets'], verbs: ['list'] }, false],
    ['get secrets', { resources: ['*'], verbs: ['*'] }, true],
    ['get secrets', { ...secrets, apiGroups: ['apps'] }, false],
    ['get secrets db', { ...secrets, resourceNames: ['db'] }, true],
    ['get secrets db', { ...secrets, resourceNames: ['other'] }, false],
    ['get secrets', { ...secrets, resourceNames: ['db'] }, false],
    ['create pods/exec', { resources: ['pods'], verbs: ['create'] }, false],
    ['create pods/exec', { resources: ['pods/exec'], verbs: ['create'] }, true],
    ['create pods/exec', { resources: ['*/exec'], verbs: ['create'] }, true],
    ['create pods/exec', { resources: ['*'], verbs: ['create'] }, true],
    ['create pods --subresource exec', { resources: ['pods/exec'], verbs: ['create'] }, true],
    ['list deploy', { apiGroups: ['apps'], resources: ['deployments'], verbs: ['list'] }, true],
  ])('%s by %o: %s', async (line, rule, holds) => {
    const { stdout, code } = await runKapi(`who-can ${line} --no-verify -o name`, {
      config: inDev,
      replies: lists([role('r', rule)], [binding('b', ['ClusterRole', 'r'], [user('jane')])]),
    });
    expect([code, stdout]).toEqual([0, holds ? 'user/jane\n' : '']);
  });

  it('says how many have it for named objects only', async () => {
    const { stderr } = await runKapi('who-can get secrets --no-verify', {
      config: inDev,
      replies: lists(
        [role('r', { ...secrets, resourceNames: ['db'] })],
        [binding('b', ['ClusterRole', 'r'], [user('jane'), user('bob')])],
      ),
    });
    expect(stderr).toBe(
      `no binding grants get secrets in namespace "dev"\nnote: 2 more subjects have the right for single named objects only: add NAME to see them\n${systemMasters}`,
    );
  });

  it.each([
    ['get /metrics', ['/metrics'], true],
    ['get /metrics/x', ['/metrics*'], true],
    ['get /metrics', ['/healthz'], false],
  ])('%s by nonResourceURLs %o: %s', async (line, nonResourceURLs, holds) => {
    const { stdout } = await runKapi(`who-can ${line} --no-verify -o name`, {
      replies: [
        list('/clusterroles', [role('r', { nonResourceURLs, verbs: ['get'] })]),
        list('/clusterrolebindings', [binding('b', ['ClusterRole', 'r'], [group('monitoring')])]),
      ],
    });
    expect(stdout).toBe(holds ? 'group/monitoring\n' : '');
  });

  it('with -A verifies a grant of a namespace in this namespace', async () => {
    const { stdout } = await runKapi('who-can get secrets -A', {
      replies: [
        list('/clusterrolebindings', []),
        list('/clusterroles', [role('reader', secrets)]),
        list('/rolebindings', [
          binding('b', ['ClusterRole', 'reader'], [user('jane')], 'one'),
          binding('b', ['ClusterRole', 'reader'], [user('jane')], 'two'),
        ]),
        list('/roles', []),
        ...['one', 'two'].map((namespace) =>
          review(
            { user: 'jane', resourceAttributes: { namespace, verb: 'get', resource: 'secrets' } },
            namespace === 'one',
          ),
        ),
      ],
    });
    expect(stdout).toMatch(/jane +User +one .* yes\njane +User +two .* no\n$/);
  });

  it('has no VERIFIED column if the user may not ask about others', async () => {
    const { stdout, stderr, code } = await runKapi('who-can get secrets', {
      config: inDev,
      replies: [
        ...lists([role('r', secrets)], [binding('b', ['ClusterRole', 'r'], [user('jane'), user('bob')])]),
        { request: `POST ${reviews}`, reply: forbidden('no reviews') },
      ],
    });
    expect(code).toBe(0);
    expect(stdout).not.toContain('VERIFIED');
    expect(stderr).toContain('note: not verified: you may not create subjectaccessreviews\n');
  });

  it('prints what can be read and exits 4 if a list is refused', async () => {
    const { stdout, stderr, code } = await runKapi('who-can get secrets --no-verify -o name', {
      config: inDev,
      replies: [
        refused('/clusterrolebindings'),
        list('/clusterroles', [role('r', secrets)]),
        list('/namespaces/dev/rolebindings', [binding('b', ['ClusterRole', 'r'], [user('jane')], 'dev')]),
        refused('/namespaces/dev/roles'),
      ],
    });
    expect([code, stdout]).toEqual([4, 'user/jane\n']);
    expect(stderr).toContain('you may not list clusterrolebindings: more subjects may have the right\n');
    expect(stderr).toContain(
      'you may not list roles in namespace dev: bindings to these roles are left out\n',
    );
  });

  it('exits 4 without output if no binding can be read', async () => {
    const { stdout, code } = await runKapi('who-can get secrets', {
      config: inDev,
      replies: [
        refused('/clusterrolebindings'),
        refused('/clusterroles'),
        refused('/namespaces/dev/rolebindings'),
        refused('/namespaces/dev/roles'),
      ],
    });
    expect([code, stdout]).toEqual([4, '']);
  });

  it('prints JSON with the rule and what the server says, and escapes names in the table', async () => {
    const replies = lists(
      [role('r', secrets)],
      [binding('b', ['ClusterRole', 'r'], [user('a\u001b[31m\nb'), { kind: 'Robot', name: 'x' }])],
    );
    const json = await runKapi('who-can get secrets --no-verify -o json', { config: inDev, replies });
    expect(JSON.parse(json.stdout)).toMatchObject({
      question: 'get secrets in namespace "dev"',
      subjects: [
        { kind: 'Robot', verified: null },
        {
          ...{ kind: 'User', name: 'a\u001b[31m\nb', grantedIn: '*', verified: null },
          binding: { kind: 'ClusterRoleBinding', name: 'b' },
          role: { kind: 'ClusterRole', name: 'r' },
          rule: { apiGroups: [''], resources: ['secrets'], verbs: ['get'] },
        },
      ],
    });
    const table = await runKapi('who-can get secrets --no-verify --no-headers', { config: inDev, replies });
    expect(table.stdout).toContain('a^[[31m\\nb');
  });

  it('prints all requests with --curl, and sends none', async () => {
    const { stdout, stderr, requests, code } = await runKapi('who-can get secrets --curl', { config: inDev });
    expect([code, requests]).toEqual([0, []]);
    const urls = [...stdout.matchAll(/https:\/\/api\.test:6443(\S+?)'?$/gm)].map(([, url]) => url);
    expect(urls).toEqual([
      ...['/clusterrolebindings', '/clusterroles', '/namespaces/dev/rolebindings'].map((path) => rbac + path),
      ...[`${rbac}/namespaces/dev/roles`, reviews],
    ]);
    expect(stderr).toContain('once for each subject');
  });

  it.each([
    ['who-can get,list pods', 'one verb'],
    ['who-can get pods,secrets', 'one verb and one type'],
    ['who-can frob pods', 'not a known verb'],
    ['who-can get pods a b', 'VERB TYPE'],
    ['who-can get pods -o wide', 'wide'],
  ])('%s is exit 2', async (line, words) => {
    const { code, stdout, stderr } = await runKapi(line);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(words);
  });
});
