// `kapi can-i` asks about the request that the server would check, on both servers.
import { expect, it } from 'vitest';

import { describeOnServer, kapi, makeFolder, testServer } from './kapi.ts';
import { join } from 'node:path';
import { writeFileSync } from 'node:fs';

const group = 'rbac.authorization.k8s.io';

/** Creates objects with the built program. */
async function create(path: string, object: unknown): Promise<void> {
  const { code, stderr } = await kapi(['curl', '-s', '--json', JSON.stringify(object), path]);
  if (code !== 0) throw new Error(stderr);
}

describeOnServer('can-i asks what a request is judged by', () => {
  it('reads the path of a resource as the resource', async () => {
    const { jane } = testServer().kubeconfigs;
    const path = '/api/v1/namespaces/default/secrets';
    const [answer, request] = await Promise.all([
      kapi(['can-i', 'get', path], { kubeconfig: jane }),
      kapi(['get', path], { kubeconfig: jane }),
    ]);
    expect([answer.stdout, answer.code]).toEqual(['no\n', 1]);
    expect(answer.stderr).toContain('list secrets');
    expect(request.code).toBe(4);
    for (const line of ['/api/v1/nodes', '/apis/apps/v1/deployments'])
      expect((await kapi(['can-i', 'get', line], { kubeconfig: jane })).code, line).toBe(1);
  });

  it('removes the query from a path', async () => {
    const { jane } = testServer().kubeconfigs;
    const answers = await Promise.all(
      ['/readyz', '/readyz?verbose'].map((path) => kapi(['can-i', 'get', path], { kubeconfig: jane })),
    );
    expect(answers.map(({ stdout }) => stdout)).toEqual(['yes\n', 'yes\n']);
  });

  it('asks about create and deletecollection without the name, which the server does not see', async () => {
    await create('/api/v1/namespaces', { metadata: { name: 'can-i' } });
    const rules = [
      {
        apiGroups: [''],
        resources: ['secrets'],
        resourceNames: ['one'],
        verbs: ['create', 'deletecollection', 'get'],
      },
    ];
    const roles = `/apis/${group}/v1/namespaces/can-i`;
    await create(`${roles}/roles`, { metadata: { name: 'one' }, rules });
    await create(`${roles}/rolebindings`, {
      metadata: { name: 'one' },
      roleRef: { apiGroup: group, kind: 'Role', name: 'one' },
      subjects: [{ apiGroup: group, kind: 'User', name: 'named' }],
    });
    const ask = (verb: string): Promise<{ readonly stdout: string; readonly code: number | undefined }> =>
      kapi(['can-i', verb, 'secret', 'one', '-n', 'can-i', '--as', 'named']);
    expect(await ask('get')).toMatchObject({ stdout: 'yes\n', code: 0 });
    for (const verb of ['create', 'deletecollection'])
      expect(await ask(verb), verb).toMatchObject({ stdout: 'no\n', code: 1 });
    const post = JSON.stringify({ metadata: { name: 'one' } });
    const words = ['curl', '-s', '--as', 'named', '--json', post, '/api/v1/namespaces/can-i/secrets'];
    expect((await kapi(words)).code, 'the request that was asked about').toBe(4);
  });

  it('refuses a file of questions with an unknown type', async () => {
    const file = join(makeFolder(), 'rights');
    for (const question of ['get podz', '! get secretz -n dev']) {
      writeFileSync(file, `${question}\n`);
      const { stdout, stderr, code } = await kapi(['can-i', '-f', file]);
      expect([stdout, code], question).toEqual(['', 2]);
      expect(stderr).toContain('line 1');
    }
  });

  it('prints with --curl the review that --why explains', async () => {
    const { stdout, code } = await kapi(['can-i', 'list', 'pods', '--why', '--curl']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^curl .*SelfSubjectAccessReview.*"verb":"list"/);
  });
});
