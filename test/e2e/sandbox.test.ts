// kapi sandbox as a process: its shells, its files, and how it ends.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';

import { cleanEnvironment, describeOnServer, kapiFile, makeFolder, run, testServer, until } from './kapi.ts';

/**
 * Makes a directory with a `kapi` for PATH, a home whose shell files select the test's server, and
 * an empty `tmp`.
 */
function makeHome(): { readonly home: string; readonly tmp: string; readonly env: Record<string, string> } {
  const home = makeFolder();
  const elsewhere = testServer().kubeconfigs.admin;
  writeFileSync(join(home, 'kapi'), `#!/bin/sh\nexec '${process.execPath}' '${kapiFile}' "$@"\n`, {
    mode: 0o755,
  });
  const rc = `export KUBECONFIG='${elsewhere}'\nPS1='mine> '\nMINE=1\n`;
  writeFileSync(join(home, '.bashrc'), `${rc}PROMPT_COMMAND='true;'\n`);
  for (const file of ['.zshrc', '.bash_profile', '.profile']) writeFileSync(join(home, file), rc);
  mkdirSync(join(home, '.config/fish'), { recursive: true });
  writeFileSync(join(home, '.config/fish/config.fish'), `set -gx KUBECONFIG '${elsewhere}'\nset -g MINE 1\n`);
  const tmp = join(home, 'tmp');
  mkdirSync(tmp);
  const env = {
    HOME: home,
    TMPDIR: tmp,
    ENV: '$HOME/.profile',
    PATH: `${home}:${process.env['PATH'] ?? ''}`,
  };
  return { home, tmp, env };
}

/** Shells of concurrent tests, to kill those that a failed test leaves. */
const shells = new Set<ReturnType<typeof spawn>>();

afterAll(() => {
  for (const shell of shells) shell.kill('SIGKILL');
});

/** Returns the output of a shell in the sandbox. */
async function runShell(
  env: Record<string, string>,
  shell: readonly string[],
  lines: readonly string[],
): Promise<{ stdout: string; stderr: string; code: number | null }> {
  // Through a system pipe: Node's pipes are sockets, which fish does not read as a script.
  const words = ['-c', 'cat | "$@"', 'sh', process.execPath, kapiFile, 'sandbox', '--', ...shell];
  const child = spawn('sh', words, {
    cwd: env['HOME'],
    env: { ...cleanEnvironment(), ...env },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  shells.add(child);
  child.stdin.end(`${lines.join('\n')}\nexit 0\n`);
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { stdout, stderr, code };
}

const isThere = (program: string): boolean =>
  spawnSync(program, [...(program === 'busybox' ? ['sh'] : []), '-c', 'true']).status === 0;

describeOnServer('kapi sandbox -- SHELL', () => {
  it.concurrent.each(['bash --norc', 'bash --noprofile -l', 'zsh -f'])(
    '%s reads no file of the user, and its prompt names the sandbox anyway',
    async (line) => {
      const [shell = '', ...flags] = line.split(' ');
      if (!isThere(shell)) {
        console.log(`not run: kapi sandbox -- ${line}: there is no ${shell} on this machine`);
        return;
      }
      const told = ['echo "mine $MINE"', 'echo "prompt $PS1"', 'kapi whoami -o name'];
      const { stdout, stderr } = await runShell(makeHome().env, [shell, ...flags, '-i'], told);
      expect(stdout).toMatch(/^mine $/m);
      expect(stdout).toMatch(/^prompt .*\(sandbox\) /m);
      expect(stderr).not.toContain('Warning: the server');
    },
  );

  for (const line of [
    ...['bash', 'bash -l', 'bash --login --posix', 'zsh', 'zsh -l', 'fish', 'fish -l'],
    ...['sh', 'sh -l', 'dash', 'dash -l', 'busybox sh', 'busybox ash -l'],
  ]) {
    const [shell = '', ...flags] = line.split(' ');
    if (!isThere(shell)) {
      console.log(`not run: kapi sandbox -- ${line}: there is no ${shell} on this machine`);
      continue;
    }
    it.concurrent(
      `${line} asks the sandbox, whatever the user's own file sets, and its prompt names the sandbox`,
      async () => {
        const { env } = makeHome();
        const prompt =
          shell === 'fish' ? 'fish_prompt' : shell === 'zsh' ? 'print -r -- $PROMPT' : 'echo "$PS1"';
        // Without a terminal zsh and fish do not call the prompt hook: calls it as a terminal
        // would.
        const hook = shell === 'zsh' ? ['__kapi_sandbox_prompt'] : [];
        const told = [
          'echo "mine $MINE"',
          'echo "config $KUBECONFIG $KAPI_SANDBOX_DIR/kubeconfig"',
          'kapi whoami -o name',
        ];
        const { stdout, stderr, code } = await runShell(
          env,
          [shell, ...flags, '-i'],
          [...hook, ...told, prompt],
        );
        expect([code, stderr]).toEqual([0, expect.any(String)]);
        expect(stderr).toMatch(/sandbox shell: .* the sandbox at https:\/\/127\.0\.0\.1:\d+; exit leaves it/);
        expect(stderr).not.toContain('Warning: the server');
        expect(stdout).toContain('mine 1\n');
        const [, own, wanted] = /config (\S+) (\S+)/.exec(stdout) ?? [];
        expect(own).toBe(wanted);
        expect(stdout).toContain('(sandbox) ');
      },
    );
  }

  it('a shell with another server gets a warning at every command, and writes nothing', async () => {
    const { env } = makeHome();
    const other = testServer().url;
    const commands = [
      'kapi list pods -n dev -o name',
      'kapi whoami -o name',
      'kapi config show',
      'kapi get /version',
      'kapi can-i list pods',
    ];
    const writes = [
      'kapi curl -X DELETE /api/v1/namespaces/nowhere',
      'kapi raw -d {} /api/v1/namespaces',
      'kapi curl -s -X PATCH /api/v1/nodes/x',
    ];
    const counted = [...commands, ...writes, 'kapi proxy --port 0 --allow-writes'].map(
      (command, at) =>
        `${command} >${at}.out 2>${at}.err; echo "$? $(grep -c 'is not the sandbox' ${at}.err)"`,
    );
    const script = `cd ~; . ./.bashrc; ${counted.join('; ')}`;
    const { stdout } = await runShell(env, ['bash', '-c', script], []);
    expect(stdout.split('\n').slice(0, commands.length)).toEqual(commands.map(() => '0 1'));
    expect(stdout.split('\n').slice(commands.length, -1)).toEqual([...writes, 'proxy'].map(() => '2 2'));
    const agreed = `. ~/.bashrc; kapi curl --yes-not-the-sandbox -X DELETE /api/v1/namespaces/nowhere; kapi curl --curl -X DELETE /api/v1/x`;
    const { stdout: printed, stderr } = await runShell(env, ['bash', '-c', agreed], []);
    expect(stderr).toContain('namespaces "nowhere" not found');
    expect(printed).toContain(`-X DELETE`);
    expect(printed).toContain(other);
    const home = `export KUBECONFIG=$KAPI_SANDBOX_DIR/kubeconfig; kapi curl -s -o /dev/null -w '%{http_code}' -X DELETE /api/v1/namespaces/default/pods/curl`;
    expect(await runShell(env, ['bash', '-c', home], [])).toMatchObject({
      stdout: '200',
      stderr: '',
      code: 0,
    });
  });
});

/** Returns every file and directory below a directory, with its permissions. */
function modesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => {
    const { mode } = statSync(join(folder, name));
    return `${(mode & 0o777).toString(8)} ${statSync(join(folder, name)).isDirectory() ? 'folder' : 'file'}`;
  });
}

describeOnServer('the files of kapi sandbox', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const)(
    'are for their owner only, and are removed after %s',
    async (signal) => {
      const { tmp, env } = makeHome();
      const child = spawn('sh', ['-c', `umask 000; exec '${process.execPath}' '${kapiFile}' sandbox`], {
        env: { ...cleanEnvironment(), ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      onTestFinished(() => void child.kill('SIGKILL'));
      let stdout = '';
      child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
      await until('it listens', () => Promise.resolve(stdout.includes('Ctrl-C')));
      expect(new Set(modesIn(tmp))).toEqual(new Set(['700 folder', '600 file']));
      const closed = new Promise((resolve) => child.once('close', (code, name) => resolve(code ?? name)));
      child.kill(signal);
      await closed;
      expect(readdirSync(tmp)).toEqual([]);
    },
  );

  it('need an existing TMPDIR, which can be relative', async () => {
    const { home, env } = makeHome();
    const missing = await run(process.execPath, [kapiFile, 'sandbox', '--', 'true'], {
      env: { ...env, TMPDIR: '/nonexistent/x' },
    });
    expect(missing).toMatchObject({
      code: 3,
      stderr:
        "error: cannot write the sandbox's files in /nonexistent/x (TMPDIR): no such file or directory\n",
    });
    const relative = await run(
      process.execPath,
      [kapiFile, 'sandbox', '--', 'sh', '-c', 'echo $KUBECONFIG; cd /; cat $KUBECONFIG'],
      {
        cwd: home,
        env: { ...env, TMPDIR: 'tmp' },
      },
    );
    expect(relative.stdout).toMatch(/^\/.*\/tmp\/kapi-sandbox-[^\n]*\/kubeconfig\napiVersion: v1\n/);
    expect(readdirSync(join(home, 'tmp'))).toEqual([]);
  });

  it('leave nothing behind if the disk is full', async () => {
    // A limit on the file size replaces a full disk: it needs no privileges.
    const { tmp, env } = makeHome();
    const script = `ulimit -f 1; trap '' XFSZ; exec '${process.execPath}' '${kapiFile}' sandbox -- true`;
    const { code, stderr } = await run('bash', ['-c', script], {
      env: { ...env, NODE_DISABLE_COMPILE_CACHE: '1' },
    });
    expect([code, stderr]).toEqual([3, expect.stringContaining("cannot write the sandbox's files in")]);
    expect(readdirSync(tmp)).toEqual([]);
  });
});

describe('the list of shells', () => {
  it('has bash, which the tests of every machine run', () => {
    expect(isThere('bash')).toBe(true);
  });
});
