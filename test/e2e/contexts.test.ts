// --contexts with two API servers, a dead port, a slow server and an expired certificate behind one
// kubeconfig.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';

import { parseFault } from '../../src/sandbox/faults.ts';
import type { KubeObject } from '../../src/model/object.ts';
import { openSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';
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
import { findServerBinaries } from './server/binaries.ts';
import { startControlPlane, type RunningServer } from './server/control-plane.ts';
import { startSandbox } from './server/sandbox-server.ts';
import { missingOf, openTerminal } from './terminal.ts';

interface Entry {
  readonly name: string;
  readonly [field: string]: unknown;
}
interface Kubeconfig {
  readonly clusters: readonly Entry[];
  readonly users: readonly Entry[];
  readonly contexts: readonly Entry[];
}

/**
 * How long each response of the slow server takes, so that other delays are small in comparison.
 */
const latencyMs = 2_000;

describeOnServer('kapi --contexts', () => {
  const namespace = 'contexts';
  let second: RunningServer;
  let slow: Sandbox;
  /** Accepts connections and never answers. */
  let silent: Server;
  let folder: string;
  let kubeconfig: string;

  beforeAll(async () => {
    const server = testServer();
    folder = makeFolder();
    kubeconfig = join(folder, 'kubeconfig');
    [second, slow] = await Promise.all([
      server.kind === 'sandbox'
        ? startSandbox()
        : startControlPlane(await findServerBinaries(() => undefined)),
      openSandbox({
        ...{ port: 0, pods: 0, lively: false, tokens: {}, now: () => new Date() },
        faults: [parseFault(`latency=${latencyMs}ms`)],
        objects: [
          { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
          configMap('of-slow'),
        ],
      }),
    ]);
    silent = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const expired = parse(readFileSync(server.kubeconfigs.expired, 'utf8')) as Kubeconfig;
    const clusters = {
      first: { server: server.url, 'certificate-authority': server.caFile },
      second: { server: second.url, 'certificate-authority': second.caFile },
      slow: { server: slow.url, 'certificate-authority-data': base64(slow.caCertificate) },
      dead: { server: 'https://127.0.0.1:1' },
      silent: { server: `https://127.0.0.1:${(silent.address() as AddressInfo).port}` },
    };
    const users = {
      first: { token: server.tokens.admin },
      second: { token: second.tokens.admin },
      slow: {
        'client-certificate-data': base64(slow.admin.certificate),
        'client-key-data': base64(slow.admin.key),
      },
      expired: expired.users[0]?.['user'],
    };
    const context = (name: string, cluster: string, user: string): object => ({
      name,
      context: { cluster, user, namespace },
    });
    writeFileSync(
      kubeconfig,
      stringify({
        apiVersion: 'v1',
        kind: 'Config',
        clusters: Object.entries(clusters).map(([name, cluster]) => ({ name, cluster })),
        users: Object.entries(users).map(([name, user]) => ({ name, user })),
        contexts: [
          ...['first', 'second', 'slow'].map((name) => context(name, name, name)),
          context('slow-too', 'slow', 'slow'),
          context('dead', 'dead', 'first'),
          context('silent', 'silent', 'first'),
          context('expired', 'first', 'expired'),
        ],
      }),
    );
    for (const [name, one] of [
      ['first', 'first'],
      ['second', 'second'],
    ] as const) {
      const file = join(folder, `${name}.json`);
      writeFileSync(
        file,
        JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }),
      );
      await contextsOf(['curl', '/api/v1/namespaces', '--context', one, '-d', `@${file}`]);
      writeFileSync(file, JSON.stringify(configMap(`of-${name}`)));
      await contextsOf([
        ...['curl', `/api/v1/namespaces/${namespace}/configmaps`, '--context', one, '-d', `@${file}`],
      ]);
    }
  });

  afterAll(async () => {
    await kapi(['curl', '-X', 'DELETE', `/api/v1/namespaces/${namespace}`]);
    silent.close();
    await Promise.all([second.stop(), slow.close()]);
  });

  function contextsOf(args: readonly string[]): Promise<Result> {
    return kapi(args, { kubeconfig });
  }

  const list = ['list', 'configmaps', '--field-selector', 'metadata.name!=kube-root-ca.crt', '-o', 'name'];

  it('prints the objects of the servers that answer, and says which did not', async () => {
    const { stdout, stderr, code } = await contextsOf([...list, '--contexts', 'dead,second,expired,first']);
    expect(stdout).toBe('second\tconfigmap/of-second\nfirst\tconfigmap/of-first\n');
    const lines = stderr.trim().split('\n');
    expect(lines.filter((line) => !/^(dead|expired): /.test(line))).toEqual([]);
    expect(lines.join('\n')).toMatch(/^dead: .*refused/m);
    expect(lines.join('\n')).toMatch(/^expired: .*expired/m);
    expect(code).toBe(6);
  });

  it('takes as long as the slowest server alone', async () => {
    const took = async (args: readonly string[]): Promise<number> => {
      const from = performance.now();
      const { stdout } = await contextsOf(args);
      expect(stdout).toContain('of-slow');
      return performance.now() - from;
    };
    const alone: number[] = [];
    const together: number[] = [];
    // In pairs, because the machine may be busy.
    for (let pair = 0; pair < 3; pair++) {
      alone.push(await took([...list, '--context', 'slow']));
      together.push(await took([...list, '--contexts', 'slow,first,slow-too,second,dead,expired']));
    }
    expect(Math.min(...alone)).toBeGreaterThan(latencyMs);
    expect(Math.min(...together)).toBeLessThan(1.2 * Math.min(...alone));
  });

  it('has the rows of the living servers in the time of the slowest one, while another is silent', async () => {
    const living = ['of-slow', 'of-first', 'of-second'];
    const alone: number[] = [];
    const ordered: number[] = [];
    const unordered: number[] = [];
    for (let pair = 0; pair < 3; pair++) {
      alone.push(await timeOf([...list, '--context', 'slow'], ['of-slow']));
      const names = 'slow,first,second,dead,expired';
      ordered.push(await timeOf([...list, '--contexts', `${names},silent`], living));
      unordered.push(await timeOf([...list, '--unordered', '--contexts', `silent,${names}`], living));
    }
    expect(Math.min(...ordered)).toBeLessThan(1.2 * Math.min(...alone));
    expect(Math.min(...unordered)).toBeLessThan(1.2 * Math.min(...alone));
  });

  /** Runs kapi until its standard output has all texts. @returns the time in milliseconds */
  function timeOf(args: readonly string[], texts: readonly string[]): Promise<number> {
    return new Promise((resolve, reject) => {
      const from = performance.now();
      const env = { ...cleanEnvironment(), KUBECONFIG: kubeconfig };
      const child = spawn(process.execPath, [kapiFile, ...args], {
        env,
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      let stdout = '';
      let took: number | undefined;
      child.stdout.on('data', (chunk: Buffer) => {
        stdout += chunk.toString();
        if (took !== undefined || !texts.every((text) => stdout.includes(text))) return;
        took = performance.now() - from;
        child.kill('SIGINT');
      });
      child.once('error', reject);
      child.once('close', () => {
        if (took === undefined) reject(new Error(`missing rows in ${stdout}`));
        else resolve(took);
      });
    });
  }

  it.concurrent(
    'kapi deprecations --against finds what the other server drops and requires, and nothing else',
    async () => {
      const group = 'fleet.example.com';
      const schemaUrl = `/openapi/v3/apis/${group}/v1`;
      const definition = (
        versions: readonly string[],
        fields: readonly string[],
        required: readonly string[],
      ): object => ({
        apiVersion: 'apiextensions.k8s.io/v1',
        kind: 'CustomResourceDefinition',
        metadata: { name: `ships.${group}` },
        spec: {
          ...{ group, scope: 'Namespaced', names: { plural: 'ships', kind: 'Ship', singular: 'ship' } },
          versions: versions.map((name, at) => ({
            ...{ name, served: true, storage: at === 0 },
            schema: {
              openAPIV3Schema: {
                type: 'object',
                properties: {
                  spec: {
                    type: 'object',
                    properties: Object.fromEntries(fields.map((field) => [field, { type: 'string' }])),
                    ...(required.length === 0 ? {} : { required }),
                  },
                },
              },
            },
          })),
        },
      });
      const seeds = [
        ['first', definition(['v1', 'v1alpha1'], ['sail', 'crew'], [])],
        ['second', definition(['v1', 'v2'], ['sail', 'port'], ['port'])],
      ] as const;
      for (const [name, object] of seeds) {
        const file = join(folder, `ships-${name}.json`);
        writeFileSync(file, JSON.stringify(object));
        const { code, stderr } = await contextsOf([
          'curl',
          '-f',
          'customresourcedefinitions',
          '--context',
          name,
          '-d',
          `@${file}`,
        ]);
        expect(code, stderr).toBe(0);
        await until(`the schema of ${group}`, async () =>
          (await contextsOf(['get', schemaUrl, '--context', name])).stdout.includes('sail'),
        );
      }
      const { stdout, stderr, code } = await contextsOf([
        ...['deprecations', '--context', 'first', '--against', 'second', '-o', 'ndjson'],
      ]);
      expect(code, stderr).toBe(1);
      const compared = stdout
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as { type: string; servedAs?: string; source: string })
        .filter(({ source }) => source === 'against' || source === 'added')
        .map(({ type, servedAs = '', source }) => `${source} ${type} ${servedAs}`);
      // The first server has further custom types. Built-in types are the same on both.
      expect(compared.filter((line) => / (?:[a-z]+\/)?v\d\w*$/.test(line))).toEqual([]);
      const found = compared.filter((line) => line.includes(group));
      expect(found.sort()).toEqual([
        `added ships.${group} ${group}/v2`,
        `against Ship.spec.crew ${group}/v1`,
        `against Ship.spec.port (required) ${group}/v1`,
        `against ships.${group} ${group}/v1alpha1`,
      ]);
    },
  );

  it.concurrent('prints the rows of fast servers while it waits for a slow one', async () => {
    const { stdout } = await contextsOf([...list, '--contexts', 'slow,first', '--unordered']);
    expect(stdout).toBe('first\tconfigmap/of-first\nslow\tconfigmap/of-slow\n');
  });

  it.concurrent('reads a kubeconfig from a pipe once', async () => {
    const words = [...list, '--contexts', 'first,second'].map((word) => `'${word}'`).join(' ');
    const { stdout, code } = await run('bash', [
      '-c',
      `'${process.execPath}' '${kapiFile}' ${words} --kubeconfig <(cat '${kubeconfig}')`,
    ]);
    expect([stdout, code]).toEqual(['first\tconfigmap/of-first\nsecond\tconfigmap/of-second\n', 0]);
  });

  it.concurrent('ends quietly when the reader has gone', async () => {
    const words = ['list', 'clusterroles', '--contexts', 'first,second', '--chunk-size', '5'];
    const { stdout, stderr } = await run('bash', [
      '-c',
      `KUBECONFIG='${kubeconfig}' '${process.execPath}' '${kapiFile}' ${words.join(' ')} | head -1; exit "\${PIPESTATUS[0]}"`,
    ]);
    expect(stdout).toMatch(/^CONTEXT +NAME /);
    expect(stderr).toBe('');
  });

  it.concurrent('watch waits until every context has met its goals', async () => {
    const goal = ['--until', 'jsonpath={.data.key}=value', '--no-headers', '-o', 'name'];
    const met = await contextsOf([
      ...['watch', 'configmap', 'of-first', 'of-second', '--contexts', 'first,second', '--timeout', '8s'],
      ...goal,
    ]);
    expect(met.stdout).toContain('first ADDED configmap/of-first\n');
    expect(met.stdout).toContain('second ADDED configmap/of-second\n');
    // Each has only one of the two.
    expect(met.stderr).toContain('first: error: timed out waiting for the condition on configmaps/of-second');
    expect(met.stderr).toContain('second: error: timed out waiting for the condition on configmaps/of-first');
    expect(met.code).toBe(1);
    const selected = await contextsOf([
      ...['watch', 'configmaps', '-l', 'app=fleet', '--contexts', 'first,second', '--timeout', '20s'],
      ...goal,
    ]);
    expect(selected.code).toBe(0);
  });

  it.concurrent('asks the exec plugin once for contexts that share its user', async () => {
    const own = makeFolder();
    const log = join(own, 'runs');
    const command = join(own, 'plugin');
    const credential = {
      apiVersion: 'client.authentication.k8s.io/v1',
      kind: 'ExecCredential',
      status: { token: testServer().tokens.admin },
    };
    writeFileSync(
      command,
      `#!/bin/sh\necho run >> '${log}'\nsleep 0.3\necho '${JSON.stringify(credential)}'\n`,
      {
        mode: 0o755,
      },
    );
    const base = parse(readFileSync(kubeconfig, 'utf8')) as Kubeconfig;
    const exec = { apiVersion: credential.apiVersion, command, interactiveMode: 'Never' };
    const file = join(own, 'kubeconfig');
    writeFileSync(
      file,
      stringify({
        ...base,
        users: [{ name: 'sso', user: { exec } }],
        contexts: ['one', 'two', 'three'].map((name) => ({
          name,
          context: { cluster: 'first', user: 'sso' },
        })),
      }),
    );
    const { stdout, code } = await kapi(['whoami', '-o', 'name', '--contexts', '*'], { kubeconfig: file });
    expect([stdout, code]).toEqual(['one\tadmin\nthree\tadmin\ntwo\tadmin\n', 0]);
    expect(readFileSync(log, 'utf8')).toBe('run\n');
  });

  it('lets exec plugins that can prompt run one after the other', async () => {
    const missing = await missingOf(['tmux']);
    if (missing.length > 0) {
      console.error('SKIPPED: no tmux on PATH, so there is no terminal to prompt on');
      return;
    }
    const own = makeFolder();
    const base = parse(readFileSync(kubeconfig, 'utf8')) as Kubeconfig;
    const plugin = (name: string): string => {
      const token = name === 'first' ? testServer().tokens.admin : second.tokens.admin;
      const credential = {
        apiVersion: 'client.authentication.k8s.io/v1',
        kind: 'ExecCredential',
        status: { token },
      };
      const file = join(own, `plugin-${name}`);
      writeFileSync(
        file,
        `#!/bin/sh\nprintf 'password for ${name}: ' >&2\nread -r answer\necho '${JSON.stringify(credential)}'\n`,
        { mode: 0o755 },
      );
      return file;
    };
    const file = join(own, 'kubeconfig');
    writeFileSync(
      file,
      stringify({
        ...base,
        users: ['first', 'second'].map((name) => ({
          name,
          user: {
            exec: {
              apiVersion: 'client.authentication.k8s.io/v1',
              command: plugin(name),
              interactiveMode: 'Always',
            },
          },
        })),
        contexts: base.contexts.filter(({ name }) => ['first', 'second'].includes(name)),
      }),
    );
    const terminal = await openTerminal(
      `'${process.execPath}' '${kapiFile}' ${list.join(' ')} --contexts 'first,second' --kubeconfig '${file}'; echo "ended with $?"; exec cat`,
      { ...cleanEnvironment(), TERM: 'xterm' },
    );
    try {
      const first = await terminal.screenWith(/password for (first|second):/);
      expect(first.match(/password for/g)).toHaveLength(1);
      await terminal.type('x');
      await terminal.press('Enter');
      await terminal.screenWith(/password for [^]*password for/);
      await terminal.type('x');
      await terminal.press('Enter');
      const screen = await terminal.screenWith(/ended with/);
      // Their order depends on how long the answers to the prompts take.
      expect(screen).toMatch(/^first +configmap\/of-first$/m);
      expect(screen).toMatch(/^second +configmap\/of-second$/m);
      expect(screen).toContain('ended with 0');
    } finally {
      await terminal.close();
    }
  });

  it('draws one live table with the column CONTEXT', async () => {
    const missing = await missingOf(['tmux']);
    if (missing.length > 0) {
      console.error(
        'SKIPPED: no tmux on PATH, so there is no terminal for the live table of several contexts',
      );
      return;
    }
    const terminal = await openTerminal(
      `'${process.execPath}' '${kapiFile}' watch configmaps -l app=fleet --contexts 'first,second,dead' --kubeconfig '${kubeconfig}'; echo "ended with $?"; exec cat`,
      { ...cleanEnvironment(), TERM: 'xterm' },
    );
    try {
      // A watch that has not failed yet when q is pressed has no failure to print.
      await terminal.screenWith(/^\d\d:\d\d:\d\dZ dead: /m);
      await terminal.screenWith(/CONTEXT +NAME +DATA +AGE[^]*first +of-first[^]*second +of-second/);
      await terminal.type('q');
      // Failures while the table was open are printed when it is closed.
      expect(await terminal.screenWith(/ended with/)).toMatch(/^dead: .*refused[^]*^ended with 6/m);
    } finally {
      await terminal.close();
    }
  });
});

function configMap(name: string): KubeObject {
  return {
    ...{ apiVersion: 'v1', kind: 'ConfigMap', data: { key: 'value' } },
    metadata: { name, namespace: 'contexts', labels: { app: 'fleet' } },
  };
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
