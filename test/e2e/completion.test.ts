// TAB pressed in real bash, zsh and fish; kubectl's plugin; unreachable servers and hostile names.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  cleanEnvironment,
  describeAgainstKubectl,
  describeOnServer,
  kapi,
  kapiFile,
  makeFolder,
  run,
  testServer,
} from './kapi.ts';
import { isCi } from './server/ci.ts';
import { kubeconfigText } from './server/kubeconfigs.ts';
import { missingOf, openTerminal, type Terminal } from './terminal.ts';

// A TAB starts kapi, and one test has many of them.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 300_000 });

/**
 * Time limit of completions. The test checks contents and not times, and starts are slow on a busy
 * machine.
 */
const patience = '20000';

/** Returns an environment whose PATH contains kapi and its plugin as npm would install them. */
function environment(more: Readonly<Record<string, string>> = {}): Record<string, string> {
  const server = testServer();
  const bin = join(makeFolder(), 'bin');
  mkdirSync(bin);
  for (const name of ['kapi', 'kubectl-kapi', 'kubectl_complete-kapi']) {
    symlinkSync(join(dirname(kapiFile), `${name}.js`), join(bin, name));
  }
  if ('path' in server.kubectl) symlinkSync(server.kubectl.path, join(bin, 'kubectl'));
  const clean = cleanEnvironment();
  return {
    ...clean,
    PATH: `${bin}:${dirname(process.execPath)}:${clean['PATH'] ?? ''}`,
    KUBECONFIG: server.kubeconfigs.admin,
    KAPI_COMPLETION_TIMEOUT_MS: patience,
    ...more,
  };
}

const namespace = 'traps';
const trapped = 'kapi-trapped';
/** Hostile names, because roles can have nearly any name. Each begins with its own letter. */
const traps = [
  `a$(touch ${trapped})`,
  `b\`touch ${trapped}\``,
  `c two  spaces`,
  `d'single "double`,
  `e;touch ${trapped}|&<>*?[x]{1,2}#!~`,
  'f\\backslash$HOME',
];
/** Users cannot type these; a terminal would act on the first. */
const unspeakable = ['g\u001b]0;title\u0007\u001b[31mred', 'g\ntwo lines', 'g\u202egnp.exe'];

async function makeTraps(): Promise<void> {
  const post = async (path: string, body: unknown): Promise<void> => {
    const made = await kapi(['curl', '-X', 'POST', '--json', '@-', path], { input: JSON.stringify(body) });
    // Left by an earlier file of the same run.
    if (made.code !== 0 && !made.stdout.includes('AlreadyExists')) throw new Error(made.stdout + made.stderr);
  };
  await post('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  for (const name of [...traps, ...unspeakable]) {
    await post(`/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/roles`, {
      ...{ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata: { name }, rules: [] },
    });
  }
}

interface ShellUnderTest {
  readonly name: string;
  readonly needs: string;
  readonly command: string;
  /** Ends with the prompt `> `. */
  readonly setup: (folder: string) => readonly string[];
  /** Keys that show a list. */
  readonly list: readonly string[];
}

const bashCompletion = '/usr/share/bash-completion/bash_completion';

/** Keeps readline from asking before a long list: after a lost key, the answer would be wrong. */
const noQuestions = "bind 'set completion-query-items 0'; bind 'set page-completions off'";

const shells: readonly ShellUnderTest[] = [
  {
    name: 'bash',
    needs: 'bash',
    command: 'bash --noprofile --norc',
    setup: () => ["PS1='> '", noQuestions, 'source <(kapi completion bash)'],
    list: ['Tab', 'Tab', 'Tab'],
  },
  {
    name: 'bash with bash-completion, which loads the script itself',
    needs: 'bash',
    command: 'bash --noprofile --norc',
    setup: (folder) => {
      const place = join(folder, 'bash-completion/completions');
      return [
        "PS1='> '",
        noQuestions,
        `mkdir -p ${place} && kapi completion bash > ${place}/kapi && export XDG_DATA_HOME=${folder}`,
        `. ${bashCompletion}`,
      ];
    },
    list: ['Tab', 'Tab', 'Tab'],
  },
  {
    name: 'zsh',
    needs: 'zsh',
    command: 'zsh -f',
    // -C uses the functions without a check; -D writes no file.
    setup: () => ["PS1='> '", 'autoload -U compinit && compinit -C -D', 'source <(kapi completion zsh)'],
    list: ['Tab', 'Tab'],
  },
  {
    name: 'fish',
    needs: 'fish',
    command: 'fish --no-config',
    setup: () => ["function fish_prompt; echo '> '; end", 'kapi completion fish | source'],
    list: ['Tab'],
  },
];

const missing = await missingOf(['tmux', ...new Set(shells.map(({ needs }) => needs))]);
if (!existsSync(bashCompletion)) missing.push('bash-completion');
if (missing.length > 0) {
  const reason = `not installed: ${missing.join(', ')} (Debian packages of these names); TAB is not tried there`;
  if (isCi(process.env)) throw new Error(reason);
  console.error(`SKIPPED: ${reason}`);
}

describeOnServer('TAB', () => {
  beforeAll(makeTraps);

  describe.each(shells)('in $name', ({ name, needs, command, setup, list }) => {
    const isMissing =
      missing.includes('tmux') ||
      missing.includes(needs) ||
      (name.includes('with bash-completion') && missing.includes('bash-completion'));
    let terminal: Terminal;
    let folder = '';

    beforeAll(async () => {
      if (isMissing) return;
      folder = makeFolder();
      terminal = await openTerminal(command, environment());
      for (const line of [...setup(folder), `cd ${folder}`, `echo RE''ADY`]) {
        await terminal.type(line);
        await terminal.press('Enter');
      }
      await terminal.screenWith(/^READY$/m);
    });

    afterAll(async () => {
      if (!isMissing) await terminal.close();
    });

    /**
     * Presses keys until the screen is as expected. A key that arrives while the one before is
     * processed can be lost, so they are pressed again, but not before a slow machine has answered.
     */
    async function pressUntil(
      keys: readonly string[],
      isExpected: (screen: string) => boolean,
      withinMs: number,
    ): Promise<void> {
      for (let tries = 0; tries < 4; tries++) {
        for (const key of keys) await terminal.press(key);
        const deadline = Date.now() + withinMs;
        while (Date.now() < deadline) {
          if (isExpected(await terminal.screen())) return;
          await new Promise((resolve) => setTimeout(resolve, 100));
        }
      }
      expect.fail(`not the expected screen:\n${await terminal.screen()}`);
    }

    /** Types a text on a new line. */
    async function line(text: string): Promise<void> {
      await pressUntil(['C-c', 'C-l'], (screen) => screen.trim() === '>', 10_000);
      await terminal.type(text);
    }

    const pressFor = (pattern: RegExp, keys: readonly string[]): Promise<void> =>
      pressUntil(keys, (screen) => pattern.test(screen), 40_000);

    it.skipIf(isMissing)('completes types, then namespaces', async () => {
      await line('kapi list po');
      const parts = [
        /^> kapi list pod/m,
        /poddisruptionbudgets/,
        /pods +(--|\()? ?(\()?Pod v1/,
        /podtemplates/,
      ] as const;
      await pressUntil(list, (screen) => parts.every((part) => part.test(screen)), 40_000);
      await line('kapi list podt');
      await pressFor(/kapi list podtemplates/, ['Tab']);
      await terminal.type('-n ');
      await pressFor(/kapi list podtemplates -n[^]*default[^]*kube-system/, ['Tab', 'Tab']);
    });

    it.skipIf(isMissing)('completes names, flags, values behind =, paths and templates', async () => {
      const steps: readonly (readonly [typed: string, completed: string])[] = [
        ['kapi get configmaps -n dev sett', 'settings ,'],
        ['kapi list pods --field-s', '--field-selector ,'],
        ['kapi list pods --namespace=kube-sy', '--namespace=kube-system ,'],
        ['kapi list pods -nkube-sy', '-nkube-system ,'],
        ['kapi get clusterroles system:basic', 'system:basic-user ,'],
        ['kapi get clusterroles/system:basic', 'clusterroles/system:basic-user ,'],
        ['kapi get /apis/rbac.authorization.k8s.io/v1/clusterroles/system:basic', '/system:basic-user ,'],
        ['kapi get /api/v1/namesp', '/api/v1/namespaces,'],
        ["kapi list pods -o 'jsonpath={.items[*].metadata.creationT", "metadata.creationTimestamp}' ,"],
        ['kapi explain pods.spec.dnsC', 'pods.spec.dnsConfig,'],
        ['kapi list pods --kubeconfig=./uni', '--kubeconfig=./unique.yaml ,'],
        ['kapi --cache-dir ./uni', './unique-folder/,'],
      ];
      writeFileSync(join(folder, 'unique.yaml'), '');
      mkdirSync(join(folder, 'unique-folder'));
      // The script is the same with bash-completion; only its loading differs.
      const own = name.includes('with bash-completion') ? steps.slice(0, 4) : steps;
      for (const [typed, completed] of own) {
        // Two files have the same prefix; the flag decides which kind is meant.
        await line(typed);
        await terminal.press('Tab');
        if (typed.includes('./uni') && !typed.includes('cache-dir')) {
          await terminal.screenWith(/> kapi .*\.\/unique/);
          await terminal.type('.y');
          await terminal.screenWith(/> kapi .*\.\/unique\.y/);
          await terminal.press('Tab');
        }
        const begin = completed.replace(/[ ,'/]+$/, '');
        await terminal.screenWith(new RegExp(`> kapi .*${escape(begin)}`));
        await terminal.type(',');
        await terminal.shows((screen) => screen.replaceAll(/\s+\n/g, '\n').includes(completed), true);
      }
    });

    it.skipIf(isMissing)('quotes shell code, and leaves out what a shell cannot show', async () => {
      for (const name of traps) {
        await line(`kapi get roles -n ${namespace} ${name.slice(0, 1)}`);
        await pressFor(new RegExp(`-n ${namespace} .\\S`), ['Tab']);
        await terminal.type('-o name');
        await terminal.press('Enter');
        await terminal.screenWith(new RegExp(`^role.rbac.authorization.k8s.io/${escape(name)}$`, 'm'));
      }
      await line(`kapi get roles -n ${namespace} `);
      await pressFor(/backslash/, ['Tab', 'Tab']);
      expect(await terminal.screen()).not.toMatch(/red|title|two lines|gnp/);
      expect(existsSync(join(folder, trapped))).toBe(false);
    });
  });

  it.skipIf(missing.length > 0)('in bash works for paths, aliases and menu-complete', async () => {
    const terminal = await openTerminal('bash --noprofile --norc', environment());
    try {
      const path = join(environment()['PATH']?.split(':')[0] ?? '', 'kapi');
      const lines = [
        ...["PS1='> '", 'source <(kapi completion bash)', `alias k='kapi -n kube-system'`],
        ...['complete -F _kapi k', 'bind "\\C-t: menu-complete"', "echo RE''ADY"],
      ];
      for (const line of lines) {
        await terminal.type(line);
        await terminal.press('Enter');
      }
      await terminal.screenWith(/^READY$/m);
      await terminal.type(`${path} get configmaps -n dev sett`);
      await terminal.press('Tab');
      await terminal.type(',');
      await terminal.screenWith(/-n dev settings ,/);
      await terminal.press('C-e', 'C-u', 'C-l');
      await terminal.type('k get ns/kube-sy');
      await terminal.press('Tab');
      await terminal.type(',');
      await terminal.screenWith(/k get ns\/kube-system ,/);
      await terminal.press('C-e', 'C-u', 'C-l');
      await terminal.type('kapi list podt');
      await terminal.press('C-t');
      await terminal.type('.');
      await terminal.screenWith(/kapi list podtemplates ?\.$/m);
    } finally {
      await terminal.close();
    }
  });
});

describeOnServer('a server that is away', () => {
  let silent: Server;
  let port = 0;

  beforeAll(async () => {
    silent = createServer((socket) => socket.on('error', () => undefined));
    port = await new Promise<number>((resolve) => {
      silent.listen(0, '127.0.0.1', () => {
        const address = silent.address();
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
  });

  afterAll(() => {
    silent.close();
  });

  function write(server: string, user: Readonly<Record<string, unknown>> = {}): string {
    const file = join(makeFolder(), 'kubeconfig');
    writeFileSync(file, kubeconfigText({ server }, user));
    return file;
  }

  /** Runs a program. @returns the time in milliseconds */
  async function timeOf(args: readonly string[], env: Record<string, string>): Promise<number> {
    const startedAt = performance.now();
    await new Promise<void>((resolve) => {
      spawn(process.execPath, args, { env, stdio: 'ignore' }).once('exit', () => resolve());
    });
    return performance.now() - startedAt;
  }

  const plugin = {
    exec: {
      ...{ apiVersion: 'client.authentication.k8s.io/v1', interactiveMode: 'IfAvailable' },
      ...{ command: '/bin/sh', args: ['-c', 'echo SECRET >&2; echo asked > /dev/tty; read answer; sleep 5'] },
    },
  };

  it.each([
    ['refuses connections', () => write('https://127.0.0.1:1')],
    ['never answers', () => write(`https://127.0.0.1:${port}`)],
    ['has a plugin that wants to ask', () => write(`https://127.0.0.1:${port}`, plugin)],
    ['has a name that there is not', () => write('https://kapi.invalid')],
    ['is in no file', () => '/nonexistent/kubeconfig'],
  ])('takes at most 300 ms and prints nothing if it %s', async (name, kubeconfig) => {
    const env = { ...cleanEnvironment(), HOME: makeFolder(), KUBECONFIG: kubeconfig() };
    const names = ['__complete', 'kubectl', 'get', 'pods', ''];
    const patient = { ...env, KAPI_COMPLETION_TIMEOUT_MS: '3000' };
    const said = await run(process.execPath, [kapiFile, ...names], { env: patient });
    expect(said).toMatchObject({ stdout: ':4\n', stderr: '' });
    // A longer DNS lookup can only be ended by killing the process.
    if (!name.includes('name')) expect(said).toMatchObject({ code: 0, signal: undefined });
    const types = await run(process.execPath, [kapiFile, '__complete', 'kubectl', 'list', 'pods'], { env });
    expect(types.stdout).toContain('pods\t');
    // A busy machine needs time to start a program, and differs from one moment to the next: one
    // round in which the three follow each other must be quick.
    const rounds: string[] = [];
    for (let round = 0; round < 12; round++) {
      const start = await timeOf(['-e', '0'], env);
      const plain = await timeOf([kapiFile, '__complete', 'kubectl', ''], env);
      // A machine that needs half of the limit to start kapi cannot meet it: a quiet one needs 70
      // ms.
      const limit = Math.max(300, 2 * plain) + start;
      const took = await timeOf([kapiFile, ...names], env);
      if (took < limit) return;
      rounds.push(`${took} ms, more than ${limit} ms`);
    }
    expect.fail(rounds.join('\n'));
  });

  it.skipIf(missing.length > 0)('restores the terminal', async () => {
    const terminal = await openTerminal('bash --noprofile --norc', {
      ...environment({ KUBECONFIG: write(`https://127.0.0.1:${port}`, plugin) }),
      ...{ KAPI_COMPLETION_TIMEOUT_MS: '1000' },
    });
    try {
      await terminal.type("PS1='> '; source <(kapi completion bash); clear; echo RE''ADY");
      await terminal.press('Enter');
      await terminal.screenWith(/^READY\n>\s*$/m);
      await terminal.type('kapi get pods ');
      await terminal.press('Tab', 'Tab');
      await terminal.type('web');
      await terminal.shows((screen) => screen.trim(), 'READY\n> kapi get pods web');
    } finally {
      await terminal.close();
    }
  });
});

describeAgainstKubectl('as a plugin of kubectl', () => {
  it('is run and completed by kubectl', async () => {
    const env = environment();
    const kubectl = (...args: readonly string[]): ReturnType<typeof run> => run('kubectl', args, { env });
    const [ours, theirs] = [
      await run('kapi', ['list', 'configmaps', '-n', 'dev', '-o', 'name'], { env }),
      await kubectl('kapi', 'list', 'configmaps', '-n', 'dev', '-o', 'name'),
    ];
    expect(theirs).toEqual(ours);
    expect(ours).toMatchObject({ code: 0 });
    const types = await kubectl('__complete', 'kapi', 'list', 'po');
    expect(types.stdout).toMatch(/^pods\tPod v1 \(po\)$/m);
    expect(types.stdout).toMatch(/^:4$/m);
    const names = await kubectl('__complete', 'kapi', 'get', 'cm', '-n', 'dev', '');
    expect(names.stdout).toMatch(/^settings$/m);
    const goesOn = await kubectl('__complete', 'kapi', 'get', 'pods', '-o', 'jsonpath-a');
    expect(goesOn.stdout).toBe('jsonpath-as-json=\n:38\n');
    const words = await kubectl('__complete', 'kapi', 'w');
    expect(words.stdout).toMatch(/^watch\t[^]*^whoami\t/m);
    const path = join(makeFolder(), 'kuberc');
    const alias = '{name: getc, command: get, prependArgs: [cm], options: [{name: namespace, default: dev}]}';
    writeFileSync(path, `apiVersion: kubectl.config.k8s.io/v1beta1\nkind: Preference\naliases: [${alias}]\n`);
    const withAlias = (...args: readonly string[]): ReturnType<typeof run> =>
      run('kubectl', args, { env: { ...env, KUBERC: path } });
    expect((await withAlias('__complete', 'kapi', 'ge')).stdout).toMatch(/^getc\talias for get cm$/m);
    expect((await withAlias('__complete', 'kapi', 'getc', '')).stdout).toMatch(/^settings$/m);
  });
});

function escape(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
