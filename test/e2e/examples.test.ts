// Runs every example of the help unchanged: in bash, in an empty directory, with kapi, kubectl,
// curl and jq on the PATH.
import { spawn } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { commands } from '../../src/cli/command-list.ts';
import { parseMarkup } from '../../src/cli/markup.ts';
import { topicPage } from '../../src/cli/page.ts';
import { topics } from '../../src/cli/topics.ts';
import type { Example } from '../../src/commands/spec.ts';
import {
  cleanEnvironment,
  describeOnServer,
  kapi,
  kapiFile,
  makeFolder,
  run,
  testServer,
  until,
  type Result,
} from './kapi.ts';
import { mountNamespace, podEnvironment, runProgramInPod, writeServiceAccount } from './pod.ts';

const files = fileURLToPath(new URL('example-files', import.meta.url));

/** The pod of the examples: ready, with values of the Downward API. */
const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', namespace: 'default', labels: { run: 'web' } },
  spec: {
    containers: [
      {
        ...{ name: 'app', image: 'nginx:1.27' },
        resources: { requests: { cpu: '250m', memory: '64Mi' }, limits: { cpu: '500m', memory: '128Mi' } },
        env: [
          { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
          { name: 'CPU', valueFrom: { resourceFieldRef: { resource: 'limits.cpu', divisor: '1m' } } },
        ],
        volumeMounts: [{ name: 'podinfo', mountPath: '/etc/podinfo' }],
      },
    ],
    volumes: [
      {
        name: 'podinfo',
        downwardAPI: { items: [{ path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } }] },
      },
    ],
  },
};

const status = {
  phase: 'Running',
  podIP: '10.244.0.40',
  podIPs: [{ ip: '10.244.0.40' }],
  conditions: [{ type: 'Ready', status: 'True' }],
};

/** True if the pod exists. Examples delete it. */
let isPodThere = false;

async function makePod(): Promise<void> {
  if (isPodThere) return;
  isPodThere = true;
  const there = await kapi(['get', 'pod', 'web', '--ignore-not-found', '-o', 'name']);
  if (there.stdout !== '') return;
  await must(kapi(['curl', '--json', JSON.stringify(pod), 'pods']));
  await must(kapi(['curl', '--type', 'merge', '-d', JSON.stringify({ status }), 'pods/web/status']));
}

/** Removes the label that web.yaml adds, because another example applies the file. */
async function removeLabel(): Promise<void> {
  const patch = JSON.stringify({ metadata: { labels: { team: null } } });
  await must(kapi(['curl', '--type', 'merge', '-d', patch, 'deploy/web']));
}

async function must(result: Promise<Result>): Promise<void> {
  expect(await result).toMatchObject({ code: 0 });
}

/** Creates and deletes a pod, for examples that wait for a change. */
async function stir(): Promise<void> {
  const body = { ...pod, metadata: { name: 'stirred', namespace: 'default' } };
  await kapi(['curl', '-s', '--json', JSON.stringify(body), 'pods']);
  await kapi(['curl', '-s', '-X', 'DELETE', 'pods/stirred?gracePeriodSeconds=0']);
}

describeOnServer('the examples of the help', () => {
  let programs = '';
  let kubeconfig = '';

  beforeAll(async () => {
    programs = makeFolder();
    writeFileSync(join(programs, 'kapi'), `#!/bin/sh\nexec '${process.execPath}' '${kapiFile}' "$@"\n`);
    chmodSync(join(programs, 'kapi'), 0o755);
    const { kubectl } = testServer();
    if ('path' in kubectl) symlinkSync(kubectl.path, join(programs, 'kubectl'));
    kubeconfig = join(programs, 'config');
    writeFileSync(kubeconfig, await kubeconfigOfExamples(), { mode: 0o600 });
    // For the example that counts pods without limits.
    const unlimited = {
      ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'unlimited', namespace: 'default' } },
      spec: { containers: [{ name: 'app', image: 'nginx:1.27' }] },
    };
    await kapi(['curl', '-s', '--json', JSON.stringify(unlimited), 'pods']);
  });

  beforeEach(makePod);

  afterAll(async () => {
    for (const name of ['web', 'unlimited'])
      await kapi(['curl', '-s', '-X', 'DELETE', `pods/${name}?gracePeriodSeconds=0`]);
    // An apply without the label removes it again.
    const bare = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' } };
    await kapi(['curl', '-s', '--type', 'apply', '-d', JSON.stringify(bare), 'deploy/web']);
  });

  const needsPowerShell = ({ needs }: Example): boolean => needs?.includes('powershell') === true;
  const all = commands.flatMap((spec) => spec.examples);
  const examples = all.filter((example) => !needsPowerShell(example));

  it.each(all.filter(needsPowerShell))('$command: the part of kapi', async ({ command }) => {
    // Debian has no package of PowerShell; test/unit/completion/scripts.test.ts compares the script
    // in its pipe.
    const [line = ''] = command.split(' | ');
    const { code, stdout, stderr } = await runExample({ text: '', command: line });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^Register-ArgumentCompleter .*kapi/m);
  });

  it.each(examples.map((example) => [example.command, example] as const))('%s', async (_, example) => {
    if (/^kapi proxy(?!.*--(?:port|unix-socket))/.test(example.command)) await untilFree(8001);
    if (example.command.includes('diff -f')) await removeLabel();
    const result = await runExample(example);
    if (example.command.includes('-X DELETE')) isPodThere = false;
    const seen = `${example.command}\n${result.stdout}\n${result.stderr}`;
    const code = example.exitCode ?? (example.endless === true ? 130 : 0);
    // Another example can have changed a ConfigMap in the last second.
    const codes = example.command.includes('diff cm') ? [0, 1] : [code];
    expect(codes, seen).toContain(result.code);
    expect(seen).not.toMatch(/undefined|\[object |\bNaN\b|a bug in kapi|command not found/);
    if (result.code === 0) expect(result.stderr, seen).not.toMatch(/^error:/im);
    if (!isSilent(example)) expect(result.stdout + result.stderr, example.command).toMatch(/\S/);
  });

  /** Lines of topics that send a request and end by themselves. */
  const lines = ['selectors', 'jsonpath']
    .flatMap((name) => topicPage(name)?.sections ?? [])
    .flatMap(({ blocks }) => blocks)
    .flatMap((block) => (block.kind === 'code' && block.line.startsWith('kapi ') ? [block.line] : []));

  it.each(lines)('of topics: %s', async (line) => {
    const result = await runExample({ text: '', command: line });
    expect(result.code, result.stderr).toBe(0);
  });

  const fields = parseMarkup(topics['selectors']?.text ?? '').flatMap((block) =>
    block.kind === 'term' &&
    /^[a-z]+$/.test(block.term) &&
    (block.text.includes('.') || block.text === 'type')
      ? block.text.split(', ').map((field) => [block.term, field] as const)
      : [],
  );

  it.each(fields.filter(([, field]) => field !== '...'))('%s are chosen by %s', async (type, field) => {
    const value = field === 'spec.unschedulable' ? 'true' : field === 'status.successful' ? '1' : 'x';
    const result = await kapi(['list', type, '--field-selector', `${field}=${value}`]);
    expect(result.code, result.stderr).toBe(0);
  });

  it('invalid selectors, and missing keys, end with 2 as the topics say', async () => {
    const ends = await Promise.all([
      kapi(['list', 'pods', '-l', 'a=b=c']),
      kapi(['list', 'pods', '-o', 'jsonpath={.nope}', '--allow-missing-template-keys=false']),
    ]);
    expect(ends.map(({ code }) => code)).toEqual([2, 2]);
  });

  async function runExample(example: Example): Promise<Result> {
    const folder = makeFolder();
    for (const need of example.needs ?? [])
      if (need.includes('.')) copyFileSync(join(files, need), join(folder, need));
    const env = {
      PATH: [programs, process.env['PATH'] ?? ''].join(delimiter),
      KUBECONFIG: kubeconfig,
    };
    if (/~\/|fpath/.test(example.command) && example.needs === undefined)
      throw new Error(`${example.command} writes to a home: say what it needs`);
    const shell = shells.find((name) => example.needs?.includes(name) === true);
    if (shell !== undefined) return inShell(shell, example.command, folder, env);
    const line = `set -o pipefail\n${example.command}`;
    if (example.needs?.includes('pod') === true) return inPod(line, folder, env.PATH);
    if (example.endless === true) return untilInterrupted(line, folder, env);
    return run('bash', ['-c', line], { cwd: folder, env });
  }

  /**
   * Runs a line in its shell, with a home that contains the directories of a user of that shell.
   */
  function inShell(
    shell: (typeof shells)[number],
    line: string,
    folder: string,
    env: Readonly<Record<string, string>>,
  ): Promise<Result> {
    for (const path of ['.local/share/bash-completion/completions', '.config/fish/completions', 'functions'])
      mkdirSync(join(folder, path), { recursive: true });
    const before = {
      bash: 'set -o pipefail',
      zsh: `fpath=(${folder}/functions $fpath); autoload -Uz compinit; compinit -u -D`,
      fish: '',
    };
    return run(shell, ['-c', `${before[shell]}\n${line}`], { cwd: folder, env: { ...env, HOME: folder } });
  }

  async function inPod(line: string, folder: string, path: string): Promise<Result> {
    const words = mountNamespace();
    if (words === undefined) throw new Error('this system lets nobody mount: no inside of a pod');
    const { host, port } = testServer();
    const env = { ...(await podEnvironment(host, port)), PATH: path, HOSTNAME: 'web' };
    return runProgramInPod(words, await writeServiceAccount(), ['bash', '-c', line], { cwd: folder, env });
  }

  /**
   * Runs a line, and after its first output sends SIGINT to all its programs, as a terminal does at
   * Ctrl-C.
   */
  async function untilInterrupted(
    line: string,
    cwd: string,
    env: Readonly<Record<string, string>>,
  ): Promise<Result> {
    const child = spawn('bash', ['-c', line], {
      cwd,
      env: { ...cleanEnvironment(), ...env },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const said = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const)
      child[name].on('data', (chunk: Buffer) => (said[name] += chunk.toString()));
    const ended = new Promise<Result>((resolve) => {
      child.once('close', (code, signal) =>
        resolve({
          ...said,
          code: code ?? (signal === 'SIGINT' ? 130 : undefined),
          signal: signal ?? undefined,
        }),
      );
    });
    const group = -(child.pid ?? 0);
    try {
      await until(`output of ${line}`, async () => {
        if (said.stdout === '' && child.exitCode === null) await stir();
        return said.stdout !== '' || child.exitCode !== null;
      });
    } finally {
      if (child.exitCode === null) process.kill(group, 'SIGINT');
    }
    return ended;
  }
});

/** Shells that the needs of an example can name. */
const shells = ['bash', 'zsh', 'fish'] as const;

/** True for examples without output if nothing is wrong, or if there is no kubelet. */
function isSilent({ command, needs }: Example): boolean {
  return (
    needs?.includes('kubelet') === true ||
    shells.some((shell) => needs?.includes(shell) === true) ||
    /-- sh$|--ignore-not-found|\| jq '\.steps/.test(command)
  );
}

/**
 * Writes a kubeconfig with the administrator by certificate and token, and the contexts of other
 * clusters.
 */
async function kubeconfigOfExamples(): Promise<string> {
  const { kubeconfigs, tokens } = testServer();
  const config = JSON.parse(await readFile(kubeconfigs.admin, 'utf8')) as {
    users: { user: Record<string, string> }[];
    contexts: { name: string; context: Record<string, string> }[];
  };
  config.users[0]!.user['token'] = tokens.admin;
  const { context } = config.contexts[0]!;
  for (const name of ['staging', 'production'])
    config.contexts.push({ name, context: { ...context, namespace: 'dev' } });
  return JSON.stringify(config);
}

/**
 * Waits until a port is free: examples use kubectl's port, which another program can use for a
 * moment.
 */
function untilFree(port: number): Promise<void> {
  return until(
    `port ${port} is free`,
    () =>
      new Promise((resolve) => {
        const server = createServer();
        server.once('error', () => resolve(false));
        server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
      }),
  );
}
