// `kapi who-can` names exactly the subjects to which the server grants a request, and `can-i --why`
// reads bindings as the caller.
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';

import { describeOnServer, kapi, testServer } from './kapi.ts';
import { createAdminClient, type AdminClient } from './server/admin-client.ts';

const namespace = 'who-can-e2e';
const other = 'who-can-e2e-2';
const group = 'rbac.authorization.k8s.io';
const rbac = `/apis/${group}/v1`;

interface Subject {
  readonly kind: 'User' | 'Group' | 'ServiceAccount';
  readonly name: string;
  readonly namespace?: string;
}

/** One subject for each way in which a rule can grant or miss something. */
const grants: readonly (readonly [
  subject: Subject,
  rule: Readonly<Record<string, readonly string[]>>,
  where: 'cluster' | 'namespace' | 'other',
])[] = [
  [user('plain'), rule('get', '', 'secrets'), 'namespace'],
  [user('cluster'), rule('get', '', 'secrets'), 'cluster'],
  [user('elsewhere'), rule('get', '', 'secrets'), 'other'],
  [user('wrong-verb'), rule('list', '', 'secrets'), 'cluster'],
  [user('wrong-group'), rule('get', 'apps', 'secrets'), 'cluster'],
  [user('all'), rule('*', '*', '*'), 'cluster'],
  [user('all-of-core'), rule('*', '', '*'), 'namespace'],
  [user('named'), { ...rule('get', '', 'secrets'), resourceNames: ['db'] }, 'namespace'],
  [user('exec'), rule('create', '', 'pods/exec'), 'namespace'],
  [user('any-exec'), rule('create', '', '*/exec'), 'cluster'],
  [user('parent-only'), rule('create', '', 'pods'), 'namespace'],
  [user('metrics'), { verbs: ['get'], nonResourceURLs: ['/metrics'] }, 'cluster'],
  [user('all-paths'), { verbs: ['*'], nonResourceURLs: ['*'] }, 'cluster'],
  [user('nodes'), rule('delete', '', 'nodes'), 'cluster'],
  [user('nodes-in-namespace'), rule('delete', '', 'nodes'), 'namespace'],
  [{ kind: 'Group', name: 'who-can-group' }, rule('get', '', 'secrets'), 'namespace'],
  [{ kind: 'ServiceAccount', name: 'builder', namespace }, rule('get', '', 'secrets'), 'namespace'],
  [{ kind: 'ServiceAccount', name: 'builder', namespace: other }, rule('get', '', 'pods'), 'cluster'],
];

function user(name: string): Subject {
  return { kind: 'User', name: `who-can-${name}` };
}

function rule(verb: string, apiGroup: string, resource: string): Readonly<Record<string, readonly string[]>> {
  return { verbs: [verb], apiGroups: [apiGroup], resources: [resource] };
}

let admin: AdminClient;

async function seed(): Promise<void> {
  const { url, caFile, tokens } = testServer();
  admin = createAdminClient(url, readFileSync(caFile, 'utf8'), tokens.admin);
  for (const name of [namespace, other]) {
    await admin.must('POST', '/api/v1/namespaces', { metadata: { name } });
  }
  await Promise.all(
    grants.map(async ([subject, only, where], at) => {
      const metadata = { name: `who-can-${at}` };
      const path = where === 'cluster' ? rbac : `${rbac}/namespaces/${where === 'other' ? other : namespace}`;
      const [role, binding] =
        where === 'cluster' ? ['ClusterRole', 'ClusterRoleBinding'] : ['Role', 'RoleBinding'];
      await admin.must('POST', `${path}/${role.toLowerCase()}s`, { metadata, rules: [only] });
      await admin.must('POST', `${path}/${binding.toLowerCase()}s`, {
        metadata,
        roleRef: { apiGroup: group, kind: role, name: metadata.name },
        subjects: [subject.kind === 'ServiceAccount' ? subject : { apiGroup: group, ...subject }],
      });
    }),
  );
}

function nameOf({ kind, name, namespace: of }: Subject): string {
  return `${kind.toLowerCase()}/${of === undefined ? '' : `${of}/`}${name}`;
}

/** The subjects of this test that the server allows. */
async function allowedByServer(spec: object): Promise<string[]> {
  const answers = await Promise.all(
    grants.map(async ([subject]) => {
      const { kind, name, namespace: of = '' } = subject;
      const who =
        kind === 'Group'
          ? { groups: [name] }
          : { user: kind === 'User' ? name : `system:serviceaccount:${of}:${name}` };
      const review = await admin.must('POST', '/apis/authorization.k8s.io/v1/subjectaccessreviews', {
        ...{ apiVersion: 'authorization.k8s.io/v1', kind: 'SubjectAccessReview' },
        spec: { ...who, ...spec },
      });
      const { status } = review as { readonly status: { readonly allowed: boolean } };
      return status.allowed ? [nameOf(subject)] : [];
    }),
  );
  return answers.flat().sort();
}

describe('who-can', () => {
  describeOnServer('on a server with one subject for each kind of rule', () => {
    beforeAll(seed);

    it.concurrent.each([
      ['get secrets', { verb: 'get', resource: 'secrets', namespace }],
      ['get secrets db', { verb: 'get', resource: 'secrets', namespace, name: 'db' }],
      ['get secrets/other', { verb: 'get', resource: 'secrets', namespace, name: 'other' }],
      ['list secret', { verb: 'list', resource: 'secrets', namespace }],
      ['create pods/exec', { verb: 'create', resource: 'pods', subresource: 'exec', namespace }],
      ['create pods', { verb: 'create', resource: 'pods', namespace }],
      ['update deploy', { verb: 'update', group: 'apps', resource: 'deployments', namespace }],
      ['delete nodes', { verb: 'delete', resource: 'nodes' }],
    ])('%s: the subjects that a SubjectAccessReview allows', async (line, resourceAttributes) => {
      const [{ stdout, code, stderr }, wanted] = await Promise.all([
        kapi(['who-can', ...line.split(' '), '-n', namespace, '-o', 'name']),
        allowedByServer({ resourceAttributes }),
      ]);
      expect(code, stderr).toBe(0);
      expect(stderr).not.toContain('Warning: the server denies');
      const ours = stdout.split('\n').filter((one) => /\/(who-can|builder)/.test(one));
      expect(ours.sort()).toEqual(wanted);
      expect(wanted.length).toBeGreaterThan(0);
    });

    it('a path: the subjects that a SubjectAccessReview allows', async () => {
      const [{ stdout }, wanted] = await Promise.all([
        kapi(['who-can', 'get', '/metrics', '-o', 'name']),
        allowedByServer({ nonResourceAttributes: { verb: 'get', path: '/metrics' } }),
      ]);
      expect(
        stdout
          .split('\n')
          .filter((one) => one.includes('/who-can'))
          .sort(),
      ).toEqual(wanted);
      expect(wanted).toEqual(['user/who-can-all-paths', 'user/who-can-metrics']);
    });

    it('-A: with the namespace of each grant, verified there', async () => {
      const { stdout } = await kapi(['who-can', 'get', 'secrets', '-A', '--no-headers']);
      const rowOf = (name: string): string[] | undefined =>
        stdout
          .split('\n')
          .find((line) => line.startsWith(`${name} `))
          ?.split(/ {2,}/);
      expect(rowOf('who-can-elsewhere')?.slice(2)).toEqual([
        ...[other, 'RoleBinding/who-can-2', 'Role/who-can-2', 'yes'],
      ]);
      expect(rowOf('who-can-cluster')?.slice(2, 3)).toEqual(['*']);
      expect(rowOf(`${namespace}/builder`)?.slice(1, 3)).toEqual(['ServiceAccount', namespace]);
    });

    it('for a user who may not read bindings is exit 4', async () => {
      const { kubeconfigs } = testServer();
      const { code, stdout, stderr } = await kapi(['who-can', 'get', 'secrets'], {
        kubeconfig: kubeconfigs.jane,
      });
      expect([code, stdout]).toEqual([4, '']);
      expect(stderr).toContain('forbidden');
    });

    it('can-i --why --as reads the bindings with the caller’s permissions', async () => {
      const { code, stdout } = await kapi(
        ['can-i', 'get', 'secrets', '-n', namespace, '--as', 'who-can-plain', '--why'].flat(),
      );
      expect(code).toBe(0);
      expect(stdout).toContain(`granted by RoleBinding ${namespace}/who-can-0 to User who-can-plain`);
      expect(stdout).not.toContain('you may not read');
    });

    it('can-i --why --as --curl prints the reads of bindings without impersonation', async () => {
      const { stdout } = await kapi(['can-i', 'get', 'pods', '--as', 'x', '--why', '--curl']);
      const lines = stdout.trim().split('\n');
      expect(lines.map((line) => line.includes("'Impersonate-User: x'"))).toEqual([true, true, false, false]);
    });
  });
});
