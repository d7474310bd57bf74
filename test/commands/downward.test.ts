// kapi downward over a scripted server, with real files where it reads or writes some.
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/model/object.ts';
import type { Exchange } from '../scripted-send.ts';
import { runKapi } from './run-kapi.ts';

const root = mkdtempSync(join(tmpdir(), 'kapi-downward-'));
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

const field = (name: string, fieldPath: string): JsonObject => ({
  name,
  valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath } },
});
const resource = (name: string, of: string, divisor: string): JsonObject => ({
  name,
  valueFrom: { resourceFieldRef: { resource: of, divisor } },
});

const app: JsonObject = {
  name: 'app',
  env: [
    field('POD_IP', 'status.podIP'),
    resource('CPU', 'requests.cpu', '1m'),
    resource('MEMORY', 'limits.memory', '1Ki'),
  ],
  resources: { limits: { memory: '4Mi' }, requests: { cpu: '15m' } },
  volumeMounts: [{ name: 'info', mountPath: '/etc/info' }],
};
const volumes: JsonObject[] = [
  {
    name: 'info',
    downwardAPI: {
      defaultMode: 0o644,
      items: [
        { path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } },
        { path: 'deep/name', mode: 0o400, fieldRef: { fieldPath: 'metadata.name' } },
      ],
    },
  },
];

function podWith(spec: JsonObject, metadata: JsonObject = {}): Exchange {
  return {
    request: 'GET /api/v1/namespaces/default/pods/web',
    reply: {
      body: {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: {
          name: 'web',
          namespace: 'default',
          labels: { tier: 'front', app: 'it\'s "web"' },
          ...metadata,
        },
        spec: { nodeName: 'node-a', containers: [app], volumes, ...spec },
        status: { podIP: '10.0.0.7' },
      },
    },
  };
}

const refused = (status: number, reason: string, message: string): Exchange['reply'] => ({
  status,
  body: { kind: 'Status', apiVersion: 'v1', status: 'Failure', message, reason, code: status },
});

describe('kapi downward POD', () => {
  it('shows what each container gets', async () => {
    const run = await runKapi('downward web', { replies: [podWith({})] });
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.stdout.split('\n').map((line) => line.trimEnd())).toEqual([
      'CONTAINER   KIND   NAME                  VALUE                              FROM                   NOTE',
      'app         env    POD_IP                10.0.0.7                           status.podIP',
      'app         env    CPU                   15                                 requests.cpu by 1m',
      'app         env    MEMORY                4096                               limits.memory by 1Ki',
      'app         file   /etc/info/labels      app="it\'s \\"web\\""\\ntier="front"   metadata.labels',
      'app         file   /etc/info/deep/name   web                                metadata.name',
      '',
    ]);
  });

  it('says so where there is nothing', async () => {
    const run = await runKapi('downward pod/web', {
      replies: [podWith({ containers: [{ name: 'app' }], volumes: [] })],
    });
    expect(run).toMatchObject({
      code: 0,
      stdout: '',
      stderr: 'The Downward API gives nothing to pod web.\n',
    });
  });

  it('gives programs the references too', async () => {
    const run = await runKapi('downward web -o json', { replies: [podWith({})] });
    expect(JSON.parse(run.stdout)).toEqual({
      pod: 'web',
      namespace: 'default',
      node: 'node-a',
      containers: [
        {
          name: 'app',
          type: 'container',
          env: [
            { name: 'POD_IP', fieldRef: { fieldPath: 'status.podIP' }, value: '10.0.0.7' },
            { name: 'CPU', resourceFieldRef: { resource: 'requests.cpu', divisor: '1m' }, value: '15' },
            {
              name: 'MEMORY',
              resourceFieldRef: { resource: 'limits.memory', divisor: '1Ki' },
              value: '4096',
            },
          ],
          files: [
            {
              name: '/etc/info/labels',
              volume: 'info',
              mode: '0644',
              refreshed: true,
              fieldRef: { fieldPath: 'metadata.labels' },
              value: 'app="it\'s \\"web\\""\ntier="front"',
            },
            {
              name: '/etc/info/deep/name',
              volume: 'info',
              mode: '0400',
              refreshed: true,
              fieldRef: { fieldPath: 'metadata.name' },
              value: 'web',
            },
          ],
        },
      ],
      volumes: [
        {
          name: 'info',
          files: [
            {
              path: 'labels',
              mode: '0644',
              fieldRef: { fieldPath: 'metadata.labels' },
              value: 'app="it\'s \\"web\\""\ntier="front"',
            },
            { path: 'deep/name', mode: '0400', fieldRef: { fieldPath: 'metadata.name' }, value: 'web' },
          ],
        },
      ],
    });
  });

  it('prints one variable or file a line as ndjson', async () => {
    const run = await runKapi('downward web -o ndjson', { replies: [podWith({})] });
    expect(run.stdout.split('\n')[1]).toBe(
      '{"container":"app","kind":"env","name":"CPU","resourceFieldRef":{"divisor":"1m","resource":"requests.cpu"},"value":"15"}',
    );
  });

  it('knows only the containers of the pod', async () => {
    expect(await runKapi('downward web -c nope', { replies: [podWith({})] })).toMatchObject({
      code: 2,
      stderr: 'error: container nope is not valid for pod web\nhint: it has app\n',
    });
  });

  it('takes nothing but pods', async () => {
    expect(await runKapi('downward deploy/web')).toMatchObject({
      code: 2,
      stderr: 'error: "deploy/web" names no pod: give NAME or pod/NAME\n',
    });
  });
});

describe('a limit that is not set', () => {
  const noLimit = { containers: [{ name: 'app', env: [resource('CPU', 'limits.cpu', '1m')] }], volumes: [] };
  const node = 'GET /api/v1/nodes/node-a';

  it("is the node's, which is read for it alone", async () => {
    const reply = {
      body: { apiVersion: 'v1', kind: 'Node', metadata: {}, status: { allocatable: { cpu: '3920m' } } },
    };
    const run = await runKapi('downward web --no-headers', {
      replies: [podWith(noLimit), { request: node, reply }],
    });
    expect(run.stdout).toBe(
      "app   env   CPU   3920   limits.cpu by 1m   no limit set: the node's allocatable\n",
    );
  });

  it('is unknown where the node may not be read', async () => {
    const reply = refused(403, 'Forbidden', 'nodes "node-a" is forbidden');
    const replies = [podWith(noLimit), { request: node, reply }];
    expect(await runKapi('downward web --no-headers', { replies })).toMatchObject({
      code: 0,
      stdout: 'app   env   CPU   <unknown>   limits.cpu by 1m   you may not read node node-a\n',
      stderr: 'Warning: you may not read node node-a, so limits that are not set stay unknown\n',
    });
  });

  it('is unknown as long as the pod has no node', async () => {
    const run = await runKapi('downward web --no-headers', {
      replies: [podWith({ ...noLimit, nodeName: '' })],
    });
    expect(run.stdout).toContain('<unknown>   limits.cpu by 1m   the pod is on no node yet\n');
  });

  it('does not hide a server that fails', async () => {
    const replies = [podWith(noLimit), { request: node, reply: refused(500, 'InternalError', 'etcd') }];
    expect(await runKapi('downward web', { replies })).toMatchObject({ code: 5, stdout: '' });
  });
});

describe('-o env', () => {
  it('is what a shell can source', async () => {
    const env = [
      field('LABEL', "metadata.labels['app']"),
      field('NODE', 'spec.nodeName'),
      field('my.name', 'metadata.name'),
      field('IP', 'status.hostIP'),
      field('EMPTY', "metadata.labels['none']"),
    ];
    const run = await runKapi('downward web -o env', {
      replies: [podWith({ containers: [{ name: 'app', env }] })],
    });
    expect(run.stdout).toBe(
      `export LABEL='it'\\''s "web"'\n` +
        `export NODE='node-a'\n` +
        `# my.name is not a valid name in a shell\n` +
        `# IP: unknown, the node has not reported its address yet\n` +
        `export EMPTY=''\n`,
    );
  });

  it('keeps a name that would break out of its comment on one line', async () => {
    const env = [field('x\nrm -rf /', 'metadata.name')];
    const run = await runKapi('downward web -o env', {
      replies: [podWith({ containers: [{ name: 'app', env }] })],
    });
    expect(run.stdout).toBe('# x\\nrm -rf / is not a valid name in a shell\n');
  });

  it('is of one container, by the annotation or the first', async () => {
    const containers = ['a', 'b'].map((name) => ({
      name,
      env: [field('NAME', 'metadata.name'), field(name, 'metadata.name')],
    }));
    const byDefault = await runKapi('downward web -o env', {
      replies: [podWith({ containers, volumes: [] })],
    });
    expect(byDefault).toMatchObject({
      stdout: "export NAME='web'\nexport a='web'\n",
      stderr: 'Defaulted container "a" out of: a, b\n',
    });
    const annotations = { 'kubectl.kubernetes.io/default-container': 'b' };
    const annotated = await runKapi('downward web -o env', {
      replies: [podWith({ containers, volumes: [] }, { annotations })],
    });
    expect(annotated.stdout).toBe("export NAME='web'\nexport b='web'\n");
    const named = await runKapi('downward web -o env -c b', {
      replies: [podWith({ containers, volumes: [] })],
    });
    expect(named).toMatchObject({ stderr: '', stdout: "export NAME='web'\nexport b='web'\n" });
  });
});

describe('--write', () => {
  it('writes the files with their modes, over what was there', async () => {
    const directory = join(root, 'fresh');
    for (let round = 0; round < 2; round++) {
      const run = await runKapi(['downward', 'web', '--write', directory], { replies: [podWith({})] });
      expect(run).toMatchObject({
        code: 0,
        stderr: '',
        stdout: `${directory}/info/labels\n${directory}/info/deep/name\n`,
      });
    }
    expect(readFileSync(join(directory, 'info/labels'), 'utf8')).toBe('app="it\'s \\"web\\""\ntier="front"');
    expect(lstatSync(join(directory, 'info/deep/name')).mode & 0o777).toBe(0o400);
    expect(readdirSync(join(directory, 'info')).sort()).toEqual(['deep', 'labels']);
  });

  it.each(['../up', '/abs', 'a/../../up', '..', 'a\0b', '.', ''])(
    'refuses the path %j and writes nothing',
    async (path) => {
      const directory = mkdtempSync(join(root, 'hostile-'));
      const items = [
        { path: 'good', fieldRef: { fieldPath: 'metadata.name' } },
        { path, fieldRef: { fieldPath: 'metadata.name' } },
      ];
      const run = await runKapi(['downward', 'web', '--write', directory], {
        replies: [podWith({ volumes: [{ name: 'info', downwardAPI: { items } }] })],
      });
      expect(run).toMatchObject({ code: 2, stdout: '' });
      expect(run.stderr).toContain('would leave the directory');
      expect(readdirSync(directory)).toEqual([]);
    },
  );

  it.each(['..', '.', '', 'a/b'])('refuses a volume called %j', async (name) => {
    const directory = mkdtempSync(join(root, 'hostile-'));
    const items = [{ path: 'good', fieldRef: { fieldPath: 'metadata.name' } }];
    const run = await runKapi(['downward', 'web', '--write', directory], {
      replies: [podWith({ volumes: [{ name, downwardAPI: { items } }] })],
    });
    expect(run.code).toBe(2);
    expect(readdirSync(directory)).toEqual([]);
  });

  it('does not follow a link out of the directory, and replaces a link at the place of a file', async () => {
    const directory = mkdtempSync(join(root, 'links-'));
    const outside = mkdtempSync(join(root, 'outside-'));
    writeFileSync(join(outside, 'victim'), 'untouched');
    mkdirSync(join(directory, 'info'));
    symlinkSync(join(outside, 'victim'), join(directory, 'info/labels'));
    symlinkSync(outside, join(directory, 'info/deep'));
    const run = await runKapi(['downward', 'web', '--write', directory], { replies: [podWith({})] });
    expect(run.code).toBe(2);
    expect(run.stderr).toContain(`${directory}/info/deep is a link out of ${directory}`);
    expect(readFileSync(join(outside, 'victim'), 'utf8')).toBe('untouched');
    expect(lstatSync(join(directory, 'info/labels')).isFile()).toBe(true);
    expect(readdirSync(outside)).toEqual(['victim']);
  });

  it('warns of what is not known', async () => {
    const directory = join(root, 'unknown');
    const items = [{ path: 'cpu', resourceFieldRef: { containerName: 'app', resource: 'limits.cpu' } }];
    const run = await runKapi(['downward', 'web', '--write', directory], {
      replies: [podWith({ nodeName: '', volumes: [{ name: 'info', downwardAPI: { items } }] })],
    });
    expect(run).toMatchObject({
      code: 0,
      stdout: '',
      stderr: `Warning: ${directory}/info/cpu is not written: the pod is on no node yet\n`,
    });
  });

  it('gives up at once where no directory can be made, as below /proc', async () => {
    const run = await runKapi(['downward', 'web', '--write', '/proc/kapi/files'], { replies: [podWith({})] });
    expect(run.code).toBe(3);
    expect(run.stderr).toMatch(/^error: unable to write \/proc\/kapi\/files\/info\/labels: /);
  });

  it('makes the directories above it', async () => {
    const above = mkdtempSync(join(root, 'above-'));
    const run = await runKapi(['downward', 'web', '--write', join(above, 'a', 'b')], {
      replies: [podWith({})],
    });
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(readdirSync(join(above, 'a', 'b'))).toEqual(['info']);
  });

  it('says why it could not write', async () => {
    const file = join(root, 'a-file');
    writeFileSync(file, '');
    const run = await runKapi(['downward', 'web', '--write', file], { replies: [podWith({})] });
    expect(run.code).toBe(3);
    expect(run.stderr).toMatch(/^error: unable to write .*a-file\/info\/labels: /);
  });

  it('has no format', async () => {
    expect(await runKapi('downward web --write x -o json')).toMatchObject({ code: 2 });
  });
});

describe('inside a pod', () => {
  const inPod = { KUBERNETES_SERVICE_HOST: '10.0.0.1', HOSTNAME: 'web' };

  function here(files: Readonly<Record<string, string>>): JsonObject {
    const mountPath = mkdtempSync(join(root, 'mount-'));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(mountPath, name), text);
    return { containers: [{ ...app, volumeMounts: [{ name: 'info', mountPath }] }] };
  }

  it('compares this pod with what is really here', async () => {
    const spec = here({ labels: 'tier="back"' });
    const run = await runKapi('downward -o json', {
      replies: [podWith(spec)],
      env: { ...inPod, POD_IP: '10.0.0.7', CPU: '20' },
    });
    const states: { env: { here: unknown }[]; files: { here: unknown }[] } = JSON.parse(run.stdout)
      .containers[0];
    expect(states.env.map((one) => one.here)).toEqual([
      { state: 'same' },
      { state: 'differs', value: '20' },
      { state: 'absent', reason: 'not set' },
    ]);
    expect(states.files.map((one) => one.here)).toEqual([
      { state: 'differs', value: 'tier="back"' },
      { state: 'absent', reason: 'no such file or directory' },
    ]);
  });

  it('says what differences mean', async () => {
    const run = await runKapi('downward --no-headers', {
      replies: [podWith(here({ labels: 'tier="back"' }))],
      env: { ...inPod, POD_IP: '10.0.0.8', CPU: '15', MEMORY: '4096' },
    });
    expect(run.stdout).toMatch(/^app +env +POD_IP +10\.0\.0\.7 +status\.podIP +differs: 10\.0\.0\.8\n/);
    expect(run.stdout).toMatch(/CPU +15 +requests\.cpu by 1m +same\n/);
    expect(run.stderr).toBe(
      'Variables that differ keep what they were when the container started.\n' +
        'Files that differ follow the pod within a minute or two.\n',
    );
  });

  it('does not take the annotations that the kubelet adds for a difference', async () => {
    const items = [{ path: 'labels', fieldRef: { fieldPath: 'metadata.annotations' } }];
    const text =
      'a="b"\nkubernetes.io/config.seen="2026-01-02T03:04:05.000000000Z"\nkubernetes.io/config.source="api"\nz="y"';
    const spec = { ...here({ labels: text }), volumes: [{ name: 'info', downwardAPI: { items } }] };
    const run = await runKapi('downward -o ndjson', {
      replies: [podWith(spec, { annotations: { a: 'b', z: 'y' } })],
      env: { ...inPod },
    });
    const [line = ''] = run.stdout.split('\n').filter((one) => one.includes('"kind":"file"'));
    expect(JSON.parse(line)).toMatchObject({ here: { state: 'same' }, value: 'a="b"\nz="y"' });
  });

  it('finds out by its variables which container this is', async () => {
    const containers = [
      { name: 'a', env: [field('A', 'metadata.name')] },
      { name: 'b', env: [field('B', 'metadata.name'), { name: 'OTHER', value: 'x' }] },
      { name: 'c', env: [{ name: 'OTHER', value: 'x' }] },
    ];
    const run = await runKapi('downward --no-headers', {
      replies: [podWith({ containers, volumes: [] })],
      env: { ...inPod, B: 'web', OTHER: 'x' },
    });
    expect(run.stderr).toBe('');
    expect(run.stdout.split('\n').map((line) => line.trimEnd())).toEqual([
      'a     env   A     web   metadata.name',
      'b     env   B     web   metadata.name         same',
      '',
    ]);
  });

  it('takes POD_NAME before HOSTNAME, and says where a wrong name came from', async () => {
    const named = await runKapi('downward -o ndjson', {
      replies: [podWith({ containers: [{ name: 'app' }], volumes: [] })],
      env: { ...inPod, HOSTNAME: 'other', POD_NAME: 'web' },
    });
    expect(named.requests).toEqual(['GET /api/v1/namespaces/default/pods/web']);
    const lost = await runKapi('downward', {
      replies: [
        {
          request: 'GET /api/v1/namespaces/default/pods/web',
          reply: refused(404, 'NotFound', 'pods "web" not found'),
        },
      ],
      env: inPod,
    });
    expect(lost.code).toBe(4);
    expect(lost.stderr).toContain(
      'Error from server (NotFound): pods "web" not found\nhint: the name comes from HOSTNAME',
    );
  });

  it('is not where no service account is', async () => {
    expect(await runKapi('downward', { env: { HOSTNAME: 'laptop' } })).toMatchObject({
      code: 2,
      stderr:
        'error: you must name a pod: kapi downward POD\n' +
        'hint: only inside a pod it may be left out, and KUBERNETES_SERVICE_HOST is not set here\n',
    });
  });
});
