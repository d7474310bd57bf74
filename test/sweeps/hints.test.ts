// Every command that a hint or a note suggests is run: expanded by a real shell, against the
// sandbox, as far as it only reads. The lines that cause the hints are run with each way to choose
// a cluster and a user.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commands } from '../../src/cli/command-list.ts';
import { main } from '../../src/main.ts';
import { kubeconfigOf } from '../../src/sandbox/files.ts';
import { openSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';
import { sleep } from '../../src/transport/sleep.ts';
import { suggestedIn } from '../pasteable.ts';

const folder = mkdtempSync(join(tmpdir(), "kapi hints' "));
/** A hostile name of a context. */
const odd = `it's "my" $(id) \`id\` context`;
let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await openSandbox({
    ...{ port: 0, faults: [], objects: [], pods: 0, lively: false },
    now: () => new Date(),
  });
  const text = kubeconfigOf(sandbox);
  writeFileSync(join(folder, 'config'), text);
  mkdirSync(join(folder, 'odd files'));
  writeFileSync(
    join(folder, 'odd files', 'config'),
    text.replaceAll(/\b(name|user): jane$/gm, (_, key: string) => `${key}: ${JSON.stringify(odd)}`),
  );
  writeFileSync(join(folder, 'rights'), 'get podz\n');
});

afterAll(async () => {
  await sandbox.close();
  rmSync(folder, { recursive: true });
});

interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(words: readonly string[]): Promise<Run> {
  const texts = { out: '', err: '' };
  const sink = (name: 'out' | 'err'): object => ({
    ...{ isTTY: false, columns: undefined, color: 0 },
    write: (chunk: string | Uint8Array) => {
      texts[name] += Buffer.from(chunk).toString();
    },
  });
  const code = await main(words, {
    io: () =>
      ({
        in: Object.assign(Readable.from([]), { isTTY: false }),
        out: sink('out'),
        err: sink('err'),
      }) as never,
    ...{ env: { KUBECONFIG: join(folder, 'config') }, home: folder, cwd: folder, platform: 'linux' },
    ...{ nodeVersion: process.versions.node, now: () => new Date(), clock: () => performance.now(), sleep },
    ...{ random: () => 0.5, signal: AbortSignal.timeout(20_000), terminal: () => Promise.resolve(undefined) },
    liveTable: () => Promise.reject(new Error('there is no terminal')),
  });
  return { code, stdout: texts.out, stderr: texts.err };
}

/** The words of shell commands, expanded by bash. */
function expanded(lines: readonly string[]): readonly (readonly string[])[] {
  const script = [
    String.raw`kapi() { printf '%s\0' "$@"; printf '\1\0'; }`,
    ...lines.map((line) => `${line} </dev/null`),
  ].join('\n');
  const { stdout, stderr, status } = spawnSync('bash', ['-c', script], {
    encoding: 'utf8',
    env: { ...process.env, TOKEN: sandbox.serviceAccountToken, PASSWORD: 'x', HOME: folder },
  });
  expect({ stderr, status }, lines.join('\n')).toEqual({ stderr: '', status: 0 });
  return stdout
    .split('\u0001\0')
    .slice(0, -1)
    .map((part) => part.split('\0').slice(0, -1));
}

/** Lines that fail, or print a note. */
const lines: readonly (readonly string[])[] = [
  ...[
    'list secrets',
    'list secrets -n dev',
    'list nodes',
    'get secret x -n dev',
    'get /metrics',
    'get /nowhere',
    'get /metric',
    'get /api/v1/pod',
    'get /apis/apps/v1/deployment',
    'get pod nope',
    'get pod crul',
    'get pod/crul -o yaml',
    'get pods crul wbe -o name',
    'get deploy wep',
    'get pod curl -n defualt',
    'get pod curl --subresource scal',
    'get deploy nope --subresource scale',
    'get ns defualt',
    'get configmap setings',
    'list podz',
    'list podz,deploy',
    'get podz x',
    'get deployments.v1beta1.apps web',
    'list deployments.foo.bar',
    'list pods deploy',
    'list deploy web -o yaml',
    'list pods -n defualt',
    'list pods --limit 1',
    'list pods -o jsn',
    'list pods -o go-template',
    'list pods --no-such',
    'list pods --sortby x',
    'list pods -A --sort-by .nope',
    'get version',
    'get healthz',
    'get apis/apps',
    'get api/v1/pods',
    'get pods -n',
    'gett pods',
    'pods',
    'pod curl',
    'describe pod curl',
    'describe deploy',
    'logs curl',
    'events',
    'exec curl -- env',
    'config view',
    'config get-users',
    'cluster-info',
    'top pods',
    'rollout status deploy/web',
    'rollout history deploy/web',
    'drain node-1',
    'taint nodes node-1 a=b:NoSchedule',
    'delete pod curl',
    'can-i frob pods',
    'can-i create pods/exec',
    'can-i get pods/curl',
    'can-i create pods curl --strict',
    'can-i get podz',
    'can-i get /apis/apps/v9/deployments',
    'can-i -f rights',
    'explain podz',
    'explain pods.spce',
    'resources appps',
    'paths /apis/appps',
    'help lst',
    'watch pod curl --until Ready',
    'watch pod crul --timeout 0 --until create',
    'watch secrets -n dev --timeout 1s',
    'downward crul',
    'downward',
    'curl /api/v1/namespaces/dev/pods/nope',
    'curl https://elsewhere:1/api',
    'curl pods/..',
    'whoami --no-such',
    'completion bsh',
    'config key',
    'proxy --reject-paths (',
    'version --as nobody',
    'doctor --no-such',
  ].map((line) => line.split(' ')),
  ['get', 'pod', 'a b'],
  ['get', 'pod', "it's"],
  ['get', 'pod', '$(id)'],
  ['get', 'pod', 'a`id`b'],
  ['get', 'pod', 'a,b=c'],
  ['get', 'pod', 'cu"rl'],
  ['get', 'clusterrole', 'a,b=c'],
  ['list', 'pods', '-l', 'a in (b', '-n', 'defualt'],
  ['list', 'pods', 'de`ploy'],
];

/** Ways to choose the identity and the cluster. */
const choices: Readonly<Record<string, () => readonly string[]>> = {
  '--context and -n': () => ['--context=jane', '-n', 'dev'],
  'an odd kubeconfig and context': () => [
    ...['--kubeconfig', join(folder, 'odd files', 'config'), '--context', odd],
  ],
  '--token': () => ['--token', sandbox.serviceAccountToken],
  'a server and --as': () => [
    ...['-s', sandbox.url, '-k', '--as', 'jane', '--as-group', "o'neill's readers"],
  ],
};

/** Commands that read and end; curl only as GET. */
const readers = new Set([
  ...[
    'list',
    'get',
    'can-i',
    'whoami',
    'config',
    'resources',
    'groups',
    'paths',
    'explain',
    'version',
    'help',
  ],
  ...['doctor', 'downward'],
]);

/** Placeholders that only the user can fill, and redirections into files and other programs. */
const isTemplate = /…|\.\.\.|\b(?:[A-Z]{4,}|A_POD|ITS_NAMESPACE)\b(?!:\?)| [|>] /;

function isRead([name = '', ...rest]: readonly string[]): boolean {
  if (rest.includes('--help')) return commands.some((spec) => spec.name === name);
  if (name === 'curl') return !rest.some((word) => /^(?:-X|-d|-T|--json|--type|--data.*)$/.test(word));
  return readers.has(name);
}

describe('commands that hints suggest', () => {
  it.each(Object.entries(choices))(
    'run in a shell, with %s',
    async (_, choose) => {
      const found = new Map<string, string>();
      for (const line of lines) {
        const { stderr, code } = await run([...line, ...choose()]);
        expect(code, line.join(' ')).not.toBe(70);
        for (const command of suggestedIn(stderr)) {
          const isTemplated = isTemplate.test(command.replaceAll(/"\$\{\w+:\?\}"/g, ''));
          if (!isTemplated) found.set(command, line.join(' '));
        }
      }
      expect(found.size).toBeGreaterThan(40);
      const words = expanded([...found.keys()]);
      expect(words.length).toBe(found.size);
      const wrong: string[] = [];
      for (const [at, [command, line]] of [...found].entries()) {
        const hint = words[at] ?? [];
        if (!isRead(hint)) continue;
        const { code, stderr } = await run(hint.length === 1 ? [...hint, '--help'] : hint);
        const isAnswer =
          // The user's own name does not exist, with an existing type.
          (code === 4 && line.includes(/"(.*)" not found/.exec(stderr)?.[1] ?? '\n')) ||
          // A yes, or data; a no; a refusal, with the role for it; a missing object.
          code === 0 ||
          (code === 1 && hint[0] === 'can-i') ||
          (code === 4 && /Forbidden|Unauthorized/.test(stderr)) ||
          (code === 3 && hint[0] === 'config' && /has no|is sent|is not checked/.test(stderr));
        if (!isAnswer) wrong.push(`kapi ${line} -> ${command} -> ${code}: ${stderr.split('\n')[0] ?? ''}`);
      }
      expect(wrong).toEqual([]);
    },
    120_000,
  );

  it('ask as the refused user, so that the answer is no', async () => {
    for (const choose of Object.values(choices)) {
      const flags = choose().filter((word) => word !== '-n' && word !== 'dev');
      const { stderr } = await run(['list', 'secrets', '-n', 'kube-system', ...flags]);
      const [role, why] = expanded(suggestedIn(stderr));
      expect(why?.[0], stderr).toBe('can-i');
      const answer = await run(why ?? []);
      expect([answer.stdout.split('\n')[0], answer.code], stderr).toEqual(['no', 1]);
      const who = /User "([^"]*)"/.exec(stderr)?.[1]?.split(':').at(-1);
      expect((await run(role ?? [])).stdout).toContain(`name: ${who ?? ''}`);
    }
  });
});
