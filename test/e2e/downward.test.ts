// `kapi downward` on pods that a real API server has accepted. There is no kubelet: the expected
// values are computed by hand.
import { execFileSync } from 'node:child_process';
import { lstatSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';

import { describeOnServer, kapi, makeFolder, testServer, type Result } from './kapi.ts';
import { podEnvironment, writeServiceAccount } from './pod.ts';
import { createAdminClient, type AdminClient } from './server/admin-client.ts';

const namespace = 'downward';
const pods = `/api/v1/namespaces/${namespace}/pods`;

const field = (name: string, fieldPath: string): object => ({ name, valueFrom: { fieldRef: { fieldPath } } });
const resource = (name: string, of: string, divisor?: string, containerName?: string): object => ({
  name,
  valueFrom: { resourceFieldRef: { resource: of, divisor, containerName } },
});
const image = 'registry.test/app:1';

/** Makes a pod with every field and resource that the API accepts. */
function podNamed(name: string, mountPath: string, more: object = {}): object {
  return {
    metadata: {
      name,
      labels: { app: 'web', 'app.kubernetes.io/part-of': 'shop' },
      annotations: { note: 'two "lines"\nhere', 'kapi.test/Owner': "it's me" },
    },
    spec: {
      nodeName: 'node-a',
      automountServiceAccountToken: false,
      initContainers: [
        { name: 'setup', image, env: [resource('CPU', 'limits.cpu', '1m')] },
        { name: 'proxy', image, restartPolicy: 'Always', env: [field('NAME', 'metadata.name')] },
      ],
      containers: [
        {
          name: 'app',
          image,
          env: [
            { name: 'PLAIN', value: 'plain' },
            field('NAME', 'metadata.name'),
            field('NAMESPACE', 'metadata.namespace'),
            field('LABEL', "metadata.labels['app.kubernetes.io/part-of']"),
            field('NO_LABEL', "metadata.labels['none']"),
            field('ANNOTATION', "metadata.annotations['kapi.test/Owner']"),
            field('NODE', 'spec.nodeName'),
            field('ACCOUNT', 'spec.serviceAccountName'),
            field('HOST_IP', 'status.hostIP'),
            field('HOST_IPS', 'status.hostIPs'),
            field('POD_IP', 'status.podIP'),
            field('POD_IPS', 'status.podIPs'),
            resource('CPU_M', 'requests.cpu', '1m'),
            resource('CPU', 'requests.cpu'),
            resource('MEMORY', 'requests.memory'),
            resource('MEMORY_KI', 'limits.memory', '1Ki'),
            resource('MEMORY_M', 'limits.memory', '1M'),
            resource('STORAGE_MI', 'requests.ephemeral-storage', '1Mi'),
            resource('HUGE', 'limits.hugepages-2Mi', '1Mi'),
            resource('NODE_CPU', 'limits.cpu'),
            resource('NODE_CPU_M', 'limits.cpu', '1m'),
            resource('OTHER', 'limits.cpu', '1m', 'log'),
          ],
          resources: {
            requests: { cpu: '15m', memory: '2Mi', 'ephemeral-storage': '1500k', 'hugepages-2Mi': '4Mi' },
            limits: { memory: '4Mi', 'hugepages-2Mi': '4Mi' },
          },
          volumeMounts: [
            { name: 'info', mountPath },
            { name: 'mixed', mountPath: '/etc/mixed' },
          ],
        },
        { name: 'log', image, resources: { limits: { cpu: '100m', memory: '1Gi' } } },
      ],
      volumes: [
        {
          name: 'info',
          downwardAPI: {
            defaultMode: 0o440,
            items: [
              { path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } },
              { path: 'annotations', fieldRef: { fieldPath: 'metadata.annotations' } },
              {
                path: 'deep/owner',
                mode: 0o400,
                fieldRef: { fieldPath: "metadata.annotations['kapi.test/Owner']" },
              },
              {
                path: 'limits/cpu',
                resourceFieldRef: { containerName: 'log', resource: 'limits.cpu', divisor: '1m' },
              },
              {
                path: 'limits/memory',
                resourceFieldRef: { containerName: 'setup', resource: 'limits.memory', divisor: '1Gi' },
              },
            ],
          },
        },
        {
          name: 'mixed',
          projected: {
            sources: [
              { configMap: { name: 'any' } },
              {
                downwardAPI: {
                  items: [{ path: 'namespace', fieldRef: { fieldPath: 'metadata.namespace' } }],
                },
              },
            ],
          },
        },
      ],
      ...more,
    },
  };
}

const status = {
  status: {
    phase: 'Running',
    hostIP: '192.168.1.10',
    hostIPs: [{ ip: '192.168.1.10' }, { ip: 'fd00::10' }],
    podIP: '10.0.0.7',
    podIPs: [{ ip: '10.0.0.7' }, { ip: 'fd00::7' }],
  },
};

const environment = {
  NAME: 'web',
  NAMESPACE: 'downward',
  LABEL: 'shop',
  NO_LABEL: '',
  ANNOTATION: "it's me",
  NODE: 'node-a',
  ACCOUNT: 'default',
  HOST_IP: '192.168.1.10',
  HOST_IPS: '192.168.1.10,fd00::10',
  POD_IP: '10.0.0.7',
  POD_IPS: '10.0.0.7,fd00::7',
  CPU_M: '15',
  CPU: '1',
  MEMORY: '2097152',
  MEMORY_KI: '4096',
  MEMORY_M: '5',
  STORAGE_MI: '2',
  HUGE: '4',
  NODE_CPU: '4',
  NODE_CPU_M: '3920',
  OTHER: '100',
};

const files = {
  labels: 'app="web"\napp.kubernetes.io/part-of="shop"',
  annotations: 'kapi.test/Owner="it\'s me"\nnote="two \\"lines\\"\\nhere"',
  'deep/owner': "it's me",
  'limits/cpu': '100',
  'limits/memory': '15',
};

interface Entry {
  readonly name: string;
  readonly value?: string;
  readonly unknown?: string;
  readonly defaultedFrom?: string;
  readonly mode?: string;
  readonly here?: { readonly state: string };
}

interface Answer {
  readonly containers: readonly {
    readonly name: string;
    readonly type: string;
    readonly env: readonly Entry[];
    readonly files: readonly Entry[];
  }[];
}

function containerOf({ stdout }: Result, name: string): Answer['containers'][number] | undefined {
  const answer: Answer = JSON.parse(stdout);
  return answer.containers.find((container) => container.name === name);
}

const valuesOf = (entries: readonly Entry[] = []): Record<string, string | undefined> =>
  Object.fromEntries(entries.map(({ name, value }) => [name, value]));

describeOnServer('kapi downward', () => {
  let admin: AdminClient;
  let mountPath: string;

  beforeAll(async () => {
    const { url, caFile, tokens } = testServer();
    admin = createAdminClient(url, readFileSync(caFile, 'utf8'), tokens.admin);
    mountPath = join(makeFolder(), 'info');
    await admin.must('POST', '/api/v1/namespaces', { metadata: { name: namespace } });
    // Without controllers the test must create it; with controllers it can exist already.
    await admin.send('POST', `/api/v1/namespaces/${namespace}/serviceaccounts`, {
      metadata: { name: 'default' },
    });
    await admin.must('POST', pods, podNamed('web', mountPath));
    await admin.must('PATCH', `${pods}/web/status`, status, 'application/merge-patch+json');
    const ephemeralContainers = [{ name: 'debug', image, env: [resource('CPU', 'limits.cpu')] }];
    await admin.must(
      'PATCH',
      `${pods}/web/ephemeralcontainers`,
      { spec: { ephemeralContainers } },
      'application/strategic-merge-patch+json',
    );
    await admin.must('POST', pods, podNamed('new', '/etc/info', { nodeName: undefined }));
    await admin.must('POST', `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/roles`, {
      metadata: { name: 'self' },
      rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }],
    });
    await admin.must('POST', `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/rolebindings`, {
      metadata: { name: 'self' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'self' },
      subjects: [{ kind: 'ServiceAccount', name: 'default', namespace }],
    });
  });

  const downward = (...words: readonly string[]): Promise<Result> =>
    kapi(['downward', ...words, '-n', namespace]);

  it('computes every variable and file', async () => {
    const result = await downward('web', '-o', 'json');
    expect(result).toMatchObject({ code: 0, stderr: '' });
    const app = containerOf(result, 'app');
    expect(valuesOf(app?.env)).toEqual(environment);
    expect(app?.env.filter((entry) => entry.defaultedFrom !== undefined).map(({ name }) => name)).toEqual([
      'NODE_CPU',
      'NODE_CPU_M',
    ]);
    expect(valuesOf(app?.files)).toEqual({
      ...Object.fromEntries(Object.entries(files).map(([path, text]) => [`${mountPath}/${path}`, text])),
      '/etc/mixed/namespace': 'downward',
    });
    expect(app?.files.map(({ mode }) => mode)).toEqual(['0440', '0440', '0400', '0440', '0440', '0644']);
  });

  it('knows init containers, sidecars and ephemeral containers', async () => {
    const result = await downward('pod/web', '-o', 'json');
    const answer: Answer = JSON.parse(result.stdout);
    expect(answer.containers.map(({ name, type, env }) => [name, type, valuesOf(env)])).toEqual([
      ['setup', 'init', { CPU: '3920' }],
      ['proxy', 'sidecar', { NAME: 'web' }],
      ['app', 'container', environment],
      ['log', 'container', {}],
      ['debug', 'ephemeral', { CPU: '4' }],
    ]);
  });

  it('prints lines that sh can source', async () => {
    const { stdout, stderr, code } = await downward('web', '-c', 'app', '-o', 'env');
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    const file = join(makeFolder(), 'env');
    writeFileSync(file, stdout);
    const output = execFileSync('sh', ['-c', '. "$1" && env', 'sh', file], {
      env: { PATH: process.env['PATH'] },
    });
    const lines = output.toString().split('\n');
    for (const [name, value] of Object.entries(environment)) expect(lines).toContain(`${name}=${value}`);
  });

  it('writes the files as the volumes have them', async () => {
    const folder = join(makeFolder(), 'out');
    const result = await downward('web', '--write', folder);
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(result.stdout.split('\n').sort()).toEqual(
      ['', `${folder}/mixed/namespace`, ...Object.keys(files).map((path) => `${folder}/info/${path}`)].sort(),
    );
    for (const [path, text] of Object.entries(files)) {
      expect(readFileSync(join(folder, 'info', path), 'utf8')).toBe(text);
    }
    expect(lstatSync(join(folder, 'info/deep/owner')).mode & 0o777).toBe(0o400);
  });

  it('reports what a pod without a node does not have yet', async () => {
    const result = await downward('new', '-o', 'json', '-c', 'app');
    const unknown = containerOf(result, 'app')?.env.filter((entry) => entry.unknown !== undefined);
    expect(unknown?.map((entry) => `${entry.name}: ${entry.unknown ?? ''}`)).toEqual([
      'NODE: the pod is on no node yet',
      'HOST_IP: the pod is on no node yet',
      'HOST_IPS: the pod is on no node yet',
      'POD_IP: the pod has no IP address yet',
      'POD_IPS: the pod has no IP address yet',
      'NODE_CPU: the pod is on no node yet',
      'NODE_CPU_M: the pod is on no node yet',
    ]);
  });

  it('shows the file that every pod has', async () => {
    await admin.must('POST', pods, {
      metadata: { name: 'plain' },
      spec: { containers: [{ name: 'app', image }] },
    });
    const { stdout } = await downward('plain', '--no-headers');
    expect(stdout.trimEnd()).toBe(
      'app   file   /var/run/secrets/kubernetes.io/serviceaccount/namespace   downward   metadata.namespace',
    );
  });

  it('prints a table', async () => {
    const { stdout } = await downward('web', '-c', 'debug');
    expect(stdout).toBe(
      'CONTAINER   KIND   NAME   VALUE   FROM              NOTE\n' +
        "debug       env    CPU    4       limits.cpu by 1   no limit set: the node's allocatable\n",
    );
  });

  it('does not pad rows to the width of a long value, and shows values that contain others', async () => {
    const long = 'x'.repeat(4_000);
    await admin.must('POST', pods, {
      metadata: { name: 'long', annotations: { 'kubectl.kubernetes.io/last-applied-configuration': long } },
      spec: {
        volumes: [
          {
            name: 'info',
            downwardAPI: {
              items: [{ path: 'annotations', fieldRef: { fieldPath: 'metadata.annotations' } }],
            },
          },
        ],
        containers: [
          {
            name: 'app',
            image,
            env: [
              { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
              { name: 'BOTH', value: '$(POD_NAME)-x' },
            ],
            volumeMounts: [{ name: 'info', mountPath: '/info' }],
          },
        ],
      },
    });
    const { stdout, code } = await downward('long');
    expect(code).toBe(0);
    // Only the row of the long value is long in a pipe: the others are not padded to its width.
    const lengths = stdout.split('\n').map((line) => line.length);
    expect(lengths.filter((length) => length >= 250)).toHaveLength(1);
    expect(stdout).toMatch(/^app +env +BOTH +long-x /m);
    const whole = await downward('long', '-o', 'json');
    expect(whole.stdout).toContain(long);
  });

  it('is refused without permission', async () => {
    expect(await downward('nope')).toMatchObject({
      code: 4,
      stdout: '',
      stderr: expect.stringContaining('Error from server (NotFound): pods "nope" not found\n'),
    });
  });

  it('finds this pod and compares it with the local environment', async () => {
    const { host, port } = testServer();
    const answer = await admin.must('POST', `/api/v1/namespaces/${namespace}/serviceaccounts/default/token`, {
      spec: {},
    });
    const token = /"token":"([^"]+)"/.exec(JSON.stringify(answer))?.[1] ?? '';
    const folder = await writeServiceAccount({ token, namespace });
    mkdirSync(join(mountPath, 'deep'), { recursive: true });
    writeFileSync(join(mountPath, 'labels'), files.labels);
    writeFileSync(
      join(mountPath, 'annotations'),
      files.annotations.replace(
        '\n',
        '\nkubernetes.io/config.seen="2026"\nkubernetes.io/config.source="api"\n',
      ),
    );
    writeFileSync(join(mountPath, 'deep/owner'), 'somebody else');
    const env = {
      ...(await podEnvironment(host, port)),
      ...environment,
      HOSTNAME: 'web',
      PLAIN: 'plain',
      POD_IP: '10.0.0.6',
    };
    const words = ['downward', '-o', 'json', '--service-account-dir', folder];
    const result = await kapi(words, { kubeconfig: null, env });
    expect(result.code).toBe(0);
    expect(result.stderr).toBe(
      'Warning: you may not read node node-a, so limits that are not set stay unknown\n',
    );
    const app = containerOf(result, 'app');
    const states = (entries: readonly Entry[] = []): string[] =>
      entries
        .filter((entry) => entry.here?.state !== 'same')
        .map(({ name, here }) => `${name} ${here?.state ?? ''}`);
    expect(states(app?.env)).toEqual(['POD_IP differs', 'NODE_CPU unchecked', 'NODE_CPU_M unchecked']);
    expect(states(app?.files)).toEqual([
      `${mountPath}/deep/owner differs`,
      `${mountPath}/limits/cpu absent`,
      `${mountPath}/limits/memory absent`,
      '/etc/mixed/namespace absent',
    ]);
  });
});
