// What the server offers: `paths`, `groups`, `resources`, `version` and `get PATH`, compared with
// kubectl and curl.
import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';

import {
  curl,
  describeAgainstKubectl,
  describeOnServer,
  expectSame,
  kapi,
  kubectl,
  makeFolder,
  testServer,
  until,
} from './kapi.ts';
import { paths, textPaths } from './questions.ts';
import { wordsOf } from './words.ts';

/** Words of kapi and kubectl for the same question. */
const questions: readonly (readonly [kapi: string, kubectl: string])[] = [
  ['groups -o name', 'api-versions'],
  ['resources', 'api-resources'],
  ['resources -o wide', 'api-resources -o wide'],
  ['resources -o name', 'api-resources -o name'],
  ['resources --no-headers', 'api-resources --no-headers'],
  ['resources batch', 'api-resources --api-group=batch'],
  ['resources batch/v1', 'api-resources --api-group=batch'],
  ['resources apps -o wide', 'api-resources --api-group=apps -o wide'],
  ['resources core', 'api-resources --api-group='],
  ['resources v1', 'api-resources --api-group='],
  ['resources kapi.test', 'api-resources --api-group=kapi.test'],
  ['resources --api-group=kapi.test -o name', 'api-resources --api-group=kapi.test -o name'],
  ['resources --namespaced', 'api-resources --namespaced'],
  ['resources --namespaced=false', 'api-resources --namespaced=false'],
  ['resources --verbs=list,watch', 'api-resources --verbs=list,watch'],
  [
    'resources --verbs=create --namespaced=false -o name',
    'api-resources --verbs=create --namespaced=false -o name',
  ],
  ['resources --categories=all', 'api-resources --categories=all'],
  ['resources --categories=kapi -o wide', 'api-resources --categories=kapi -o wide'],
  ['resources --sort-by=name', 'api-resources --sort-by=name'],
  ['resources --sort-by=kind -o wide', 'api-resources --sort-by=kind -o wide'],
];

describeAgainstKubectl('kapi groups and kapi resources print what kubectl prints', () => {
  it.concurrent.each(questions)('kapi %s = kubectl %s', async (ours, theirs) => {
    const answers = await expectSame({ kapi: wordsOf(ours), kubectl: wordsOf(theirs) });
    expect(answers.ours.stdout).not.toBe('');
    expect(answers.ours).toMatchObject({ code: 0, stderr: '' });
  });

  it('resources -o json has the values of kubectl 1.36', async () => {
    const answers = [kapi(['resources', '-o', 'json']), kubectl(['api-resources', '-o', 'json'])] as const;
    const [ours, theirs] = await Promise.all(answers);
    expect(JSON.parse(ours.stdout)).toEqual(JSON.parse(theirs.stdout));
  });
});

/** Returns the resourceVersion of a list. Undefined for anything else. */
function listVersion(text: string): string | undefined {
  const { metadata } = JSON.parse(text) as { metadata?: { resourceVersion?: string } };
  return metadata?.resourceVersion;
}

describeOnServer('kapi get PATH', () => {
  it.concurrent.each(paths)('%s: the JSON that curl shows', async (path) => {
    // The resourceVersion of a list is that of the whole store: asks again if something else was
    // written between the two responses.
    for (let attempt = 1; ; attempt++) {
      const [ours, theirs] = await Promise.all([kapi(['get', path]), curl(path)]);
      if (attempt < 10 && listVersion(ours.stdout) !== listVersion(theirs.stdout)) continue;
      expect(theirs.stdout.split('\n').length).toBeGreaterThan(3);
      expect(ours.stdout.trimEnd()).toBe(theirs.stdout.trimEnd());
      expect(ours).toMatchObject({ code: 0, stderr: '' });
      return;
    }
  });

  it.concurrent.each(textPaths)('%s: the unchanged text', async (path) => {
    const [ours, theirs] = await Promise.all([kapi(['get', path]), curl(path)]);
    expect(ours).toEqual(theirs);
    expect(ours.stdout).toContain('ok');
  });

  it('/metrics: text of any length', async () => {
    const { stdout, code } = await kapi(['get', '/metrics']);
    expect(stdout).toMatch(/^# TYPE apiserver_storage_objects gauge\napiserver_storage_objects\{/m);
    expect(stdout.length).toBeGreaterThan(testServer().kind === 'sandbox' ? 2_000 : 100_000);
    expect(code).toBe(0);
  });

  it('a format requests what kubectl prints', async () => {
    const path = '/api/v1/namespaces/default/pods/completed';
    for (const format of ['json', 'yaml', 'name', 'jsonpath={.metadata.name}']) {
      const [ours, theirs] = await Promise.all([
        kapi(['get', path, '-o', format]),
        kubectl(['get', 'pod', 'completed', '-o', format]),
      ]);
      expect(ours).toEqual(theirs);
    }
  });

  it('a missing path is reported', async () => {
    const { stdout, stderr, code } = await kapi(['get', '/nope']);
    expect(stdout).toBe('');
    expect(stderr).toBe(
      'Error from server (NotFound): the server could not find the requested resource\n' +
        'hint: `kapi paths` lists the paths that the server has\n',
    );
    expect(code).toBe(4);
  });
});

describeOnServer('kapi paths', () => {
  it('lists what GET / lists', async () => {
    const [ours, root] = await Promise.all([kapi(['paths']), curl('/')]);
    const { paths: listed } = JSON.parse(root.stdout) as { paths: string[] };
    expect(ours).toEqual({ stdout: `${listed.join('\n')}\n`, stderr: '', code: 0, signal: undefined });
    expect(listed).toContain('/apis/kapi.test/v1');
  });

  it('of one prefix', async () => {
    const { stdout } = await kapi(['paths', '/apis/batch']);
    expect(stdout).toBe('/apis/batch\n/apis/batch/v1\n');
  });

  it('is assembled from discovery for users who may not read /', async () => {
    const { stdout, stderr, code } = await kapi(['paths'], { kubeconfig: testServer().kubeconfigs.jane });
    expect(stdout.split('\n')).toEqual(
      expect.arrayContaining([
        '/api',
        '/api/v1',
        '/apis',
        '/apis/apps',
        '/apis/apps/v1',
        '/apis/kapi.test/v1',
        '/healthz',
        '/version',
      ]),
    );
    expect(stderr).toBe(
      'Warning: you may not read /, so this list is made of discovery and of paths that every server has; it may be incomplete\n',
    );
    expect(code).toBe(0);
  });
});

describeOnServer('kapi groups and kapi version', () => {
  it('shows the stage of every version', async () => {
    const { stdout, code } = await kapi(['groups', '--no-headers']);
    const rows = stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split(/ {2,}/));
    expect(rows[0]).toEqual(['core', 'v1', 'v1 (stable)', '/api']);
    expect(rows).toContainEqual(['autoscaling', 'v2', 'v2 (stable), v1 (stable)', '/apis/autoscaling']);
    expect(rows).toContainEqual([
      'kapi.test',
      'v1',
      'v1 (stable), v1beta1 (beta), v1alpha1 (alpha)',
      '/apis/kapi.test',
    ]);
    expect(code).toBe(0);
  });

  it('is in the order of /apis', async () => {
    const [ours, theirs] = await Promise.all([kapi(['groups', '-o', 'json']), curl('/apis')]);
    const names = (text: string): string[] =>
      (JSON.parse(text) as { groups: { name: string }[] }).groups.map(({ name }) => name);
    expect(names(ours.stdout)).toEqual(['', ...names(theirs.stdout)]);
  });

  it('errors for unknown groups and versions list the existing ones', async () => {
    expect(await kapi(['groups', 'bacth'])).toEqual({
      stdout: '',
      stderr: 'error: the server has no API group "bacth"\nhint: did you mean batch?\n',
      code: 2,
      signal: undefined,
    });
    expect(await kapi(['resources', 'batch/v7'])).toEqual({
      stdout: '',
      stderr: 'error: the server does not have batch/v7\nhint: it has batch/v1\n',
      code: 2,
      signal: undefined,
    });
  });

  it('version tells both versions', async () => {
    const [{ stdout, code }, theirs] = await Promise.all([kapi(['version', '-o', 'json']), curl('/version')]);
    expect((JSON.parse(stdout) as { serverVersion: unknown }).serverVersion).toEqual(
      JSON.parse(theirs.stdout),
    );
    expect(code).toBe(0);
    expect((await kapi(['version'])).stdout).toMatch(/^kapi: \d+\.\d+\.\d+ .*\nServer: v1\.\d+\.\d+\S*\n$/);
  });

  it('new custom types are found at once, although the types before them were cached', async () => {
    const definition = {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'latecomers.late.test' },
      spec: {
        group: 'late.test',
        scope: 'Cluster',
        names: { plural: 'latecomers', singular: 'latecomer', kind: 'Latecomer', shortNames: ['late'] },
        versions: [
          { name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } },
        ],
      },
    };
    const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
    expect((await kapi(['list', 'latecomers'])).code).toBe(2);
    await curl(path, '-X', 'POST', '-H', 'Content-Type: application/json', '-d', JSON.stringify(definition));
    try {
      // Accepted, then served, then in discovery: each step takes the server a moment.
      await until('the new type is listed', async () => {
        const { code, stderr } = await kapi(['list', 'late']);
        return code === 0 && stderr === 'No resources found\n';
      });
    } finally {
      await curl(`${path}/latecomers.late.test`, '-X', 'DELETE');
    }
  });
});

describeOnServer('KUBECACHEDIR', () => {
  it('names the directory of the discovery cache, unless --cache-dir does', async () => {
    const [named, other] = [makeFolder(), makeFolder()];
    const env = { KUBECACHEDIR: named };
    await kapi(['list', 'flowschemas', '-o', 'name', '--cache-dir', other], { env });
    expect([readdirSync(named), readdirSync(other)]).toEqual([[], ['kapi']]);
    await kapi(['list', 'flowschemas', '-o', 'name'], { env });
    expect(readdirSync(named)).toEqual(['kapi']);
  });
});
