// `kapi diff`: files against the server with `kubectl diff` as the oracle, two contexts, two
// moments.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';

import {
  describeOnServer,
  kapi,
  kapiFile,
  kubectl,
  makeFolder,
  run,
  testServer,
  until,
  type Result,
} from './kapi.ts';
import { createAdminClient, type AdminClient } from './server/admin-client.ts';

const [first, second] = ['diff-one', 'diff-two'];
const core = (namespace: string): string => `/api/v1/namespaces/${namespace}`;

const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', labels: { team: 'a', gone: 'x' } },
  spec: {
    replicas: 2,
    strategy: { type: 'RollingUpdate' },
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: {
        containers: [
          {
            ...{ name: 'web', image: 'nginx:1', ports: [{ containerPort: 80 }] },
            env: [
              { name: 'A', value: '1' },
              { name: 'B', value: '2' },
            ],
          },
          { name: 'side', image: 'busybox:1' },
        ],
        volumes: [{ name: 'v', emptyDir: {} }],
      },
    },
  },
};
const settings = {
  ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' } },
  data: { a: '1', text: 'line1\nline2\nline3\n' },
};
const secret = {
  ...{ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'pass' } },
  stringData: { a: 'hunter1', b: 'same' },
};
const applied = [deployment, settings, secret];

/**
 * Each changes what was applied. Together they use every directive of a strategic merge patch:
 * deletions, orders, retained keys.
 */
const edits: Readonly<Record<string, (text: string) => string>> = {
  nothing: (text) => text,
  'a label and a variable removed, an image, a line, a Secret': (text) =>
    text
      .replace('gone: x', 'fresh: z')
      .replace('nginx:1', 'nginx:2')
      .replace(/^ +- name: A\n +value: .*\n/m, '')
      .replace('line2', 'lineX')
      .replace('hunter1', 'hunter2'),
  'a container removed, another strategy, another kind of volume': (text) =>
    text
      .replace(/^ +- name: side\n +image: .*\n/m, '')
      .replace('type: RollingUpdate', 'type: Recreate')
      .replace('emptyDir: {}', 'configMap: { name: settings }'),
  'a container first, a field removed, an object more': (text) =>
    `${text
      .replace(/^( +)(containers:\n)/m, '$1$2$1  - name: zero\n$1    image: busybox:2\n')
      .replace(/^ +replicas: 2\n/m, '')}---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: fresh }\n`,
};

/** Added and removed lines, without those of fields that kapi does not compare. */
function changedLines(text: string): readonly string[] {
  return text
    .split('\n')
    .filter((line) => /^[-+](?![-+]{2} )/.test(line))
    .filter((line) => !/^. {2}(?:uid|resourceVersion|creationTimestamp|generation): /.test(line))
    .sort();
}

describeOnServer('kapi diff', () => {
  let folder: string;
  let admin: AdminClient;
  let two: string;

  beforeAll(async () => {
    const { url, caFile, tokens, kubeconfigs } = testServer();
    admin = createAdminClient(url, readFileSync(caFile, 'utf8'), tokens.admin);
    folder = makeFolder();
    two = join(folder, 'two');
    const config = parse(readFileSync(kubeconfigs.admin, 'utf8')) as {
      contexts: { name: string; context: object }[];
    };
    const context = config.contexts[0]?.context;
    config.contexts = [
      { name: 'prod-eu', context: { ...context, namespace: first } },
      { name: 'prod-us', context: { ...context, namespace: second } },
    ];
    writeFileSync(two, stringify({ ...config, 'current-context': 'prod-eu' }));
    for (const namespace of [first, second]) {
      await admin.must('POST', '/api/v1/namespaces', { metadata: { name: namespace } });
    }
    writeFileSync(join(folder, 'applied.yaml'), applied.map((object) => stringify(object)).join('---\n'));
    const { code, stderr } = await kubectl(['apply', '-n', first, '-f', join(folder, 'applied.yaml')]);
    expect(code, stderr).toBe(0);
  });

  afterAll(async () => {
    for (const namespace of [first, second]) await admin.send('DELETE', `/api/v1/namespaces/${namespace}`);
  });

  it.concurrent.each(Object.entries(edits))('-f shows what kubectl diff shows: %s', async (name, edit) => {
    const file = join(folder, `edit-${Object.keys(edits).indexOf(name)}.yaml`);
    writeFileSync(file, edit(readFileSync(join(folder, 'applied.yaml'), 'utf8')));
    const words = ['diff', '-n', first, '-f', file];
    const [ours, theirs] = await Promise.all([kapi(words), kubectl(words)]);
    expect(changedLines(ours.stdout)).toEqual(changedLines(theirs.stdout));
    expect([ours.code, theirs.code], ours.stderr).toEqual(Array(2).fill(name === 'nothing' ? 0 : 1));
    expect(ours.stdout).not.toMatch(/hunter|aHVudGVy/);
  });

  it.concurrent('-f changes nothing, and names what would be created', async () => {
    const file = join(folder, 'new.yaml');
    writeFileSync(
      file,
      `${stringify({ ...settings, metadata: { name: 'never' } })}---\n${stringify(settings)}`,
    );
    const { stdout, stderr, code } = await kapi(['diff', '-n', first, '-f', file, '-o', 'name']);
    expect([stdout, code]).toEqual(['configmap/never\n', 1]);
    expect(stderr).toMatch(/^2 objects: 1 would be created, 1 equal$/m);
    expect((await admin.send('GET', `${core(first)}/configmaps/never`)).status).toBe(404);
  });

  it.concurrent(
    '-f --server-side reports conflicts with exit 4, and --force-conflicts takes the fields',
    async () => {
      const file = join(folder, 'conflict.yaml');
      const owned = { ...settings, metadata: { name: 'owned' }, data: { a: '1' } };
      await admin.must('POST', `${core(first)}/configmaps?fieldManager=someone`, owned);
      writeFileSync(file, stringify({ ...owned, data: { a: '2' } }));
      const words = ['diff', '-n', first, '-f', file, '--server-side'];
      const refused = await kapi(words);
      expect(refused.code).toBe(4);
      expect(refused.stderr).toContain('conflict');
      const forced = await kapi([...words, '--force-conflicts', '-o', 'ndjson']);
      expect(JSON.parse(forced.stdout)).toMatchObject({
        ...{ change: 'changed', kind: 'ConfigMap', name: 'owned' },
        fields: [{ path: 'data.a', before: '1', after: '2' }],
      });
    },
  );

  it.concurrent('-f without the right to patch compares the fields of the file, and says so', async () => {
    const role = {
      ...{ metadata: { name: 'reader' } },
      rules: [{ apiGroups: ['', 'apps'], resources: ['configmaps', 'deployments'], verbs: ['get'] }],
    };
    const rbac = `/apis/rbac.authorization.k8s.io/v1/namespaces/${first}`;
    await admin.must('POST', `${rbac}/roles`, role);
    await admin.must('POST', `${rbac}/rolebindings`, {
      metadata: { name: 'reader' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'reader' },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'looker' }],
    });
    const file = join(folder, 'reader.yaml');
    writeFileSync(
      file,
      [deployment, { ...settings, data: { a: '2' } }].map((one) => stringify(one)).join('---\n'),
    );
    let seen: Result | undefined;
    // A binding takes a moment to count.
    await until('the role', async () => {
      seen = await kapi(['diff', '-n', first, '-f', file, '--as', 'looker', '-o', 'json']);
      return !seen.stderr.includes('cannot get');
    });
    const { stdout, stderr, code } = seen ?? { stdout: '', stderr: '', code: undefined };
    expect(code, stderr).toBe(1);
    expect(stderr).toMatch(/^note: configmaps "settings" is compared without a dry run/m);
    expect((JSON.parse(stdout) as { differences: unknown[] }).differences).toMatchObject([
      { kind: 'ConfigMap', fields: [{ path: 'data.a', before: '1', after: '2' }] },
    ]);
  });

  it.concurrent('--contexts compares lists and names: removed, added, changed', async () => {
    const make = (namespace: string, name: string, data: object): Promise<unknown> =>
      admin.must('POST', `${core(namespace)}/configmaps`, {
        metadata: { name, labels: { of: 'fleet' } },
        data,
      });
    await make(first, 'both', { k: 'v' });
    await make(second, 'both', { k: 'v' });
    await make(first, 'eu', { k: 'v' });
    await make(second, 'us', { k: 'v' });
    await make(first, 'differs', { k: 'a' });
    await make(second, 'differs', { k: 'b' });
    const list = await kapi(['diff', 'cm', '-l', 'of=fleet', '--contexts', 'prod-*', '-o', 'json'], {
      kubeconfig: two,
    });
    expect(list.code, list.stderr).toBe(1);
    expect(JSON.parse(list.stdout)).toMatchObject({
      ...{ before: 'prod-eu', after: 'prod-us' },
      counts: { same: 1, added: 1, removed: 1, changed: 1 },
      differences: [
        { name: 'differs', change: 'changed', fields: [{ path: 'data.k', before: 'a', after: 'b' }] },
        { name: 'eu', change: 'removed' },
        { name: 'us', change: 'added' },
      ],
    });
    const [text, same, none] = await Promise.all([
      kapi(['diff', 'cm/differs', '--contexts', 'prod-us,prod-eu'], { kubeconfig: two }),
      kapi(['diff', 'cm/both', '--contexts', 'prod-us,prod-eu'], { kubeconfig: two }),
      kapi(['diff', 'cm/neither', '--contexts', 'prod-us,prod-eu'], { kubeconfig: two }),
    ]);
    expect(text.stdout).toMatch(
      /^--- prod-us\/v1\.ConfigMap\.differs\n\+\+\+ prod-eu\/[^]*\n- {2}k: b\n\+ {2}k: a\n/,
    );
    expect([text.code, same.code, none.code]).toEqual([1, 0, 4]);
    expect(same.stdout).toBe('');
  });

  it.concurrent('--contexts reads a kubeconfig from a pipe, and names the context that fails', async () => {
    const line = (names: string): Promise<Result> =>
      run('bash', [
        '-c',
        `'${process.execPath}' '${kapiFile}' diff ns --contexts '${names}' --kubeconfig <(cat '${two}')`,
      ]);
    expect((await line('prod-eu,prod-us')).code).toBe(0);
    const config = parse(readFileSync(two, 'utf8')) as { clusters: object[]; contexts: object[] };
    config.clusters.push({ name: 'dead', cluster: { server: 'https://127.0.0.1:1' } });
    config.contexts.push({ name: 'dead', context: { cluster: 'dead' } });
    const file = join(folder, 'dead');
    writeFileSync(file, stringify(config));
    const dead = await kapi(['diff', 'ns', '--contexts', 'prod-eu,dead'], { kubeconfig: file });
    expect(dead.code).toBe(6);
    expect(dead.stderr).toMatch(/^note: the context dead could not be read\n[^]*refused/m);
  });

  it.concurrent('--at compares a version with now, and two versions', async () => {
    const path = `${core(first)}/configmaps`;
    const versionOf = (answer: unknown): string =>
      (answer as { metadata: { resourceVersion: string } }).metadata.resourceVersion;
    const old = versionOf(await admin.must('POST', path, { metadata: { name: 'moving' }, data: { n: '1' } }));
    const merge = 'application/merge-patch+json';
    const middle = versionOf(await admin.must('PATCH', `${path}/moving`, { data: { n: '2' } }, merge));
    await admin.must('PATCH', `${path}/moving`, { data: { n: '3' } }, merge);
    const fieldsOf = async (...at: readonly string[]): Promise<unknown> => {
      const { stdout, stderr } = await kapi(['diff', 'cm/moving', '-n', first, ...at, '-o', 'ndjson']);
      expect(stderr).toContain('1 object: 1 changed');
      return (JSON.parse(stdout) as { fields: unknown }).fields;
    };
    expect(await fieldsOf('--at', old)).toEqual([{ path: 'data.n', before: '1', after: '3' }]);
    expect(await fieldsOf('--at', old, '--at', middle)).toEqual([
      { path: 'data.n', before: '1', after: '2' },
    ]);
    const before = String(BigInt(old) - 1n);
    const made = await kapi(['diff', 'cm/moving', '-n', first, '--at', before, '-o', 'ndjson']);
    expect(JSON.parse(made.stdout), made.stderr).toMatchObject({
      change: 'added',
      object: { data: { n: '3' } },
    });
    const list = await kapi(['diff', 'cm', '-n', first, '--at', old, '--at', middle, '-o', 'name']);
    expect(list.stdout.split('\n')).toContain('configmap/moving');
  });
});
