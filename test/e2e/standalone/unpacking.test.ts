// How the single file unpacks itself: damaged, killed, started twenty times in parallel, replaced
// by another user, without a writable directory; and that a run which finds it unpacked only calls
// exec.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, readlinkSync } from 'node:fs';
import {
  chmod,
  chown,
  copyFile,
  mkdir,
  readdir,
  readlink,
  rm,
  stat,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';

import {
  cleanEnvironment,
  describeOnServer,
  makeFolder,
  run,
  testServer,
  until,
  type Result,
} from '../kapi.ts';
import { isCi } from '../server/ci.ts';
import { buildStandalone, builtStandalone, type Standalone } from './build.ts';
import { containerUser, inRoot, makeRoot, whyNoRoots } from './small-root.ts';

const obstacle = whyNoRoots();
if (obstacle !== undefined) {
  if (isCi(process.env)) throw new Error(`the standalone file cannot be tested: ${obstacle}`);
  console.error(`NO STANDALONE FILE: how it unpacks itself is SKIPPED: ${obstacle}.`);
}

const version = `kapi ${String(JSON.parse(readFileSync('package.json', 'utf8')).version)}\n`;
const printed = { stdout: version, stderr: '', code: 0, signal: undefined };

describeOnServer('the one file', () => {
  if (obstacle !== undefined) {
    it.skipIf(true)(`unpacks itself: ${obstacle}`, () => undefined);
    return;
  }

  let built: Standalone;
  let unpacked: string;
  beforeAll(async () => {
    built = await builtStandalone((line) => console.error(`e2e: ${line}`));
    unpacked = makeFolder();
    expect(await start(['--version'], { KAPI_STANDALONE_DIR: unpacked })).toEqual(printed);
  }, 400_000);

  /** Runs the file, or `file`. */
  function start(
    words: readonly string[],
    env: Readonly<Record<string, string>> = { KAPI_STANDALONE_DIR: unpacked },
    { file = built.file, input = '', shell = [] as readonly string[], timeoutMs = 120_000 } = {},
  ): Promise<Result> {
    const [program = '', ...rest] = [...shell, file, ...words];
    return run(program, rest, { env, input, timeoutMs });
  }

  async function copyOfTheFile(): Promise<string> {
    const copy = join(makeFolder(), 'kapi');
    await copyFile(built.file, copy);
    return copy;
  }

  /** Returns the name of the directory that it unpacks into. */
  async function folderName(): Promise<string> {
    return (await readdir(unpacked))[0] ?? '';
  }

  it.each(['dash', 'busybox sh', 'bash --posix'])(
    'says under %s that the working directory was deleted',
    async (name) => {
      const script = 'cd "$1" && rmdir "$1" && shift && exec "$@" --version';
      for (const program of [built.file, join(built.directory, 'kapi')]) {
        const words = ['-c', script, 'sh', makeFolder(), ...name.split(' '), program];
        const { stdout, stderr, code } = await run('sh', words, { env: { KAPI_STANDALONE_DIR: unpacked } });
        expect([stdout, code]).toEqual(['', 3]);
        // The shell says first that it does not know its directory.
        expect(stderr).toMatch(
          /error: the working directory was deleted\nhint: change to another directory\n$/,
        );
      }
    },
  );

  describe('a first run', () => {
    it.each(['dash', 'busybox sh', 'bash --posix'])('under %s', async (name) => {
      const shell = name.split(' ');
      const place = join(makeFolder(), 'with spaces', 'and $(more)');
      const env = { KAPI_STANDALONE_DIR: place };
      const cold = await start(['--version'], env, { shell });
      expect(cold).toEqual(printed);
      expect(await readdir(place)).toEqual([await folderName()]);
      expect((await stat(join(place, await folderName()))).mode & 0o777).toBe(0o700);
      expect(await start(['--version'], env, { shell })).toEqual(printed);
    });

    it('goes to the cache of the user', async () => {
      const home = makeFolder();
      expect(await start(['--version'], { HOME: home })).toEqual(printed);
      expect(await readdir(join(home, '.cache'))).toEqual([await folderName()]);
    });

    it('unpacks next to the file as a last resort', async () => {
      const root = await makeRoot('busybox');
      await copyFile(built.file, join(root, 'scratch/kapi'));
      const { program, args } = inRoot(root, {
        user: containerUser,
        command: ['/scratch/kapi', '--version'],
      });
      expect(await run(program, args, { kubeconfig: null })).toEqual(printed);
      expect((await readdir(join(root, 'scratch'))).sort()).toEqual([
        'kapi',
        expect.stringMatching(/^kapi-\w{64}\.65534$/),
      ]);
    });

    it('twenty in parallel make one directory', async () => {
      const env = { KAPI_STANDALONE_DIR: makeFolder() };
      // Each reads 43 MB and verifies their digest, which takes long on two busy processors.
      const patient = { timeoutMs: 280_000 };
      const results = await Promise.all(Array.from({ length: 20 }, () => start(['--version'], env, patient)));
      for (const result of results) expect(result).toEqual(printed);
      expect(await readdir(env.KAPI_STANDALONE_DIR)).toEqual([await folderName()]);
    });

    it('removes the files of a killed one', async () => {
      const env = { KAPI_STANDALONE_DIR: makeFolder() };
      const child = spawn(built.file, ['--version'], {
        env: { ...cleanEnvironment(), ...env },
        detached: true,
        stdio: 'ignore',
      });
      const gone = new Promise((resolve) => child.once('close', resolve));
      const names = (): Promise<string[]> => readdir(env.KAPI_STANDALONE_DIR);
      await until('it unpacks', async () => {
        const part = (await names()).find((name) => name.endsWith('.part'));
        return part !== undefined && existsSync(join(env.KAPI_STANDALONE_DIR, part, 'ld.so'));
      });
      process.kill(-(child.pid ?? 0), 'SIGKILL');
      await gone;
      expect((await names()).filter((name) => /\.(part|lock)$/.test(name))).toHaveLength(2);
      expect(await start(['--version'], env)).toEqual(printed);
      expect(await names()).toEqual([await folderName()]);
    });

    it('breaks no later run, at whatever step it is killed', async () => {
      const env = { KAPI_STANDALONE_DIR: makeFolder() };
      const place = env.KAPI_STANDALONE_DIR;
      const inPart = (part: string, file: string): boolean => existsSync(join(place, part, file));
      const holderOf = (names: readonly string[]): string => {
        const lock = names.find((name) => name.endsWith('.lock'));
        try {
          return lock === undefined ? '' : readlinkSync(join(place, lock));
        } catch {
          // It has just been removed.
          return '';
        }
      };
      const final = await folderName();
      // In the order in which the first run reaches them.
      const steps: readonly (readonly [
        string,
        (names: readonly string[], part: string, pid: string) => boolean,
      ])[] = [
        ['is started', () => true],
        ['has its folder', (_, part) => part !== ''],
        ['has the lock', (names, _, pid) => holderOf(names) === pid],
        ['has the loader', (_, part) => inPart(part, 'ld.so')],
        ['has the program', (_, part) => inPart(part, 'program')],
        ['is in its place', (names) => names.includes(final)],
      ];
      const unfinished: string[] = [];
      for (const [step, isReached] of steps) {
        const child = spawn(built.file, ['--version'], {
          env: { ...cleanEnvironment(), ...env },
          detached: true,
          stdio: 'ignore',
        });
        const gone = new Promise((resolve) => child.once('close', resolve));
        const pid = String(child.pid);
        for (let names: string[] = []; child.exitCode === null && !names.includes(final);) {
          names = await readdir(place);
          // The part belongs to the process of the file. The first file of an archive is written
          // within milliseconds, so there is no pause.
          if (isReached(names, names.find((name) => name.endsWith(`.${pid}.part`)) ?? '', pid)) break;
        }
        if (child.exitCode === null) process.kill(-(child.pid ?? 0), 'SIGKILL');
        await gone;
        if (!(await readdir(place)).includes(final)) unfinished.push(step);
      }
      console.log(`killed when a first run ${unfinished.join(', ')}`);
      expect(unfinished).toContain('is started');
      expect(await start(['--version'], env)).toEqual(printed);
      // The lock of the last one stays: it is a link to nothing, and the next unpacking removes it.
      expect((await readdir(place)).filter((name) => !name.endsWith('.lock'))).toEqual([final]);
      expect(await run('diff', ['-r', join(unpacked, final), join(place, final)])).toMatchObject({
        stdout: '',
        code: 0,
      });
    });

    it.concurrent.each([
      ['of a process that has ended', (lock: string) => symlink('4194304', lock)],
      ['with the name of a file', (lock: string) => symlink('/etc/passwd', lock)],
      ['of a process that unpacks nothing', (lock: string) => symlink(String(process.pid), lock)],
      ['that is a folder', (lock: string) => mkdir(lock)],
    ])('a lock %s does not stop it', { timeout: 300_000 }, async (_, lockIt) => {
      const env = { KAPI_STANDALONE_DIR: makeFolder() };
      const space = /\d+/.exec(await readlink('/proc/self/ns/pid'))?.[0] ?? '';
      const lock = join(env.KAPI_STANDALONE_DIR, `.${await folderName()}.${space}.lock`);
      await lockIt(lock);
      expect(await start(['--version'], env, { timeoutMs: 280_000 })).toEqual(printed);
      const names = await readdir(env.KAPI_STANDALONE_DIR);
      expect(names).toContain(await folderName());
      expect(names.filter((name) => name.endsWith('.part'))).toEqual([]);
    });

    it('works without sha256sum, and says so', async () => {
      const tools = makeFolder();
      for (const tool of [
        'tail',
        'gzip',
        'tar',
        'mkdir',
        'chmod',
        'mv',
        'rm',
        'ln',
        'readlink',
        'id',
        'uname',
        'sleep',
      ]) {
        await symlink('/bin/busybox', join(tools, tool));
      }
      const env = { PATH: tools, KAPI_STANDALONE_DIR: makeFolder() };
      expect(await start(['--version'], env)).toEqual({
        ...printed,
        stderr: 'kapi: no sha256sum here: its own digest is not checked, only the checksum of gzip\n',
      });
      const damaged = await copyOfTheFile();
      await damage(damaged);
      const other = await start(
        ['--version'],
        { ...env, KAPI_STANDALONE_DIR: makeFolder() },
        { file: damaged },
      );
      expect(other.stderr).toContain('is damaged or not complete');
      expect(other.code).toBe(3);
      await rm(join(tools, 'tar'));
      const without = await start(['--version'], { ...env, KAPI_STANDALONE_DIR: makeFolder() });
      expect(without).toMatchObject({
        stderr: 'error: kapi cannot unpack itself without tar\nhint: the tools of busybox suffice\n',
        code: 3,
      });
    });
  });

  describe('refuses', () => {
    it.each([
      ['damaged', damage],
      ['cut off', (file: string) => truncate(file, 20_000_000)],
      ['cut off behind the script', (file: string) => truncate(file, 9_000)],
    ])('a file that is %s, and runs nothing of it', async (_, change) => {
      const file = await copyOfTheFile();
      await change(file);
      const place = makeFolder();
      expect(await start(['--version'], { KAPI_STANDALONE_DIR: place }, { file })).toEqual({
        stdout: '',
        stderr: `error: ${file} is damaged or not complete\nhint: copy it again\n`,
        code: 3,
        signal: undefined,
      });
      expect(await readdir(place)).toEqual([]);
    });

    it('directories without execution or write permission, naming each', async () => {
      const root = await makeRoot('busybox');
      await mkdir(join(root, 'usr/local/bin'), { recursive: true });
      await copyFile(built.file, join(root, 'usr/local/bin/kapi'));
      const command = ['kapi', '--version'];
      const env = { HOME: '/scratch', TMPDIR: '/none' };
      const { program, args } = inRoot(root, { user: containerUser, scratch: 'noexec', env, command });
      const { stdout, stderr, code } = await run(program, args, { kubeconfig: null });
      expect(stdout).toBe('');
      expect(stderr.replace(/with \d+ MB/, 'with N MB')).toBe(
        [
          'error: kapi finds no folder to unpack itself into, with N MB free and execution allowed:',
          '  /scratch/.cache: full, or nothing may be executed there',
          '  /none: there is no such folder, and it cannot be made',
          '  /tmp: not writable',
          '  /dev/shm: not writable',
          '  /usr/local/bin: not writable',
          'hint: name one in KAPI_STANDALONE_DIR, in a pod an emptyDir',
          '',
        ].join('\n'),
      );
      expect(code).toBe(3);
      expect(await readdir(join(root, 'scratch/.cache'))).toEqual([]);
    });

    it('any directory except the named one', async () => {
      const { stderr, code } = await start(['--version'], { KAPI_STANDALONE_DIR: '/proc/none' });
      expect(stderr).toContain('\n  /proc/none: there is no such folder, and it cannot be made\nhint: ');
      expect(code).toBe(3);
    });

    it('a directory without space', async () => {
      const root = await makeRoot('busybox');
      await copyFile(built.file, join(root, 'bin/kapi'));
      const env = { KAPI_STANDALONE_DIR: '/scratch' };
      const { program, args } = inRoot(root, { command: ['/bin/kapi', '--version'], env, scratch: 'small' });
      const { stderr, code } = await run(program, args, { kubeconfig: null });
      expect(stderr).toContain('  /scratch: no room for it\n');
      expect(code).toBe(3);
    });

    it('a replacement by another user or a link', async () => {
      const shared = makeFolder();
      await chmod(shared, 0o1777);
      const name = await folderName();
      const witness = join(shared, 'witness');
      const plant = async (folder: string, owner: number): Promise<void> => {
        await mkdir(folder);
        for (const program of ['program', 'ld.so']) {
          await writeFile(join(folder, program), `#!/bin/sh\ntouch '${witness}'\n`, { mode: 0o755 });
          await chown(join(folder, program), owner, owner);
        }
        await chown(folder, owner, owner);
      };
      await plant(join(shared, name.replace(/\.\d+$/, '.1')), containerUser);
      await plant(join(shared, 'mine'), 0);
      await symlink('mine', join(shared, name.replace(/\.\d+$/, '.2')));
      expect(await start(['--version'], { HOME: '', TMPDIR: shared })).toEqual(printed);
      expect(existsSync(witness)).toBe(false);
      expect(await readdir(shared)).toContain(name);

      await rm(join(shared, name), { recursive: true });
      await plant(join(shared, name), containerUser);
      const { stderr, code } = await start(['--version'], { KAPI_STANDALONE_DIR: shared });
      expect(stderr).toContain(`  ${shared}: another user made ${join(shared, name)}\n`);
      expect(code).toBe(3);
      expect(existsSync(witness)).toBe(false);
    });
  });

  describe('unpacked', () => {
    it('starts with only the shell and itself, and without reading the archive', async () => {
      const file = await copyOfTheFile();
      await truncate(file, 12_000);
      expect(
        await start(['--version'], { PATH: '/nowhere', KAPI_STANDALONE_DIR: unpacked }, { file }),
      ).toEqual(printed);
    });

    it('unpacks missing files again', async () => {
      const place = makeFolder();
      expect(await start(['--version'], { KAPI_STANDALONE_DIR: place })).toEqual(printed);
      await rm(join(place, await folderName(), 'ld.so'));
      expect(await start(['--version'], { KAPI_STANDALONE_DIR: place })).toEqual(printed);
    });

    it('runs a sandbox, which knows client certificates', async () => {
      const ran = await start(['sandbox', '--', built.file, 'whoami', '-o', 'name']);
      expect(ran).toMatchObject({ stdout: 'admin\n', code: 0 });
    });

    it('keeps the environment unchanged, except LD_PRELOAD', async () => {
      const env = { KAPI_STANDALONE_DIR: unpacked, LD_PRELOAD: '/none.so', part: 'a', place: 'b' };
      const { stdout } = await start(['sandbox', '--', 'env'], env);
      expect(stdout).toMatch(/^part=a$/m);
      expect(stdout).toMatch(/^place=b$/m);
      expect(stdout).not.toMatch(/^(LD_|kapi_|NODE_|GLIBC_|BUN_|MIMALLOC_)/m);
    });

    it('passes arguments, standard input and exit codes through', async () => {
      const env = { KAPI_STANDALONE_DIR: unpacked, KUBECONFIG: testServer().kubeconfigs.jane };
      const asked = await start(['can-i', '-f', '-'], env, {
        input: 'get pods -n dev\nget secrets -n dev\n',
      });
      expect(asked.stdout).toContain('secrets');
      expect(asked.code).toBe(1);
      expect((await start(['list', 'pods', '-l', 'a in (', '-n', 'dev'], env)).code).toBe(2);
      expect((await start(['list', 'secrets', '-n', 'dev'], env)).code).toBe(4);
      const odd = await start(['list', 'frob  nicate *'], env);
      expect(odd.stderr).toContain('frob  nicate *');
    });

    it('ends quietly when the reader goes', async () => {
      const script = '"$FILE" get /metrics | head -n 1 | wc -l';
      const env = {
        FILE: built.file,
        KAPI_STANDALONE_DIR: unpacked,
        KUBECONFIG: testServer().kubeconfigs.admin,
      };
      expect(await run('bash', ['-o', 'pipefail', '-c', script], { kubeconfig: null, env })).toEqual({
        stdout: '1\n',
        stderr: '',
        code: 0,
        signal: undefined,
      });
    });

    it.each([
      ['SIGINT', 130],
      ['SIGTERM', 143],
    ] as const)('%s ends it with %i', async (signal, expected) => {
      const env = {
        ...cleanEnvironment(),
        KAPI_STANDALONE_DIR: unpacked,
        KUBECONFIG: testServer().kubeconfigs.admin,
      };
      const child = spawn(built.file, ['watch', 'pods', '-A'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
      onTestFinished(() => void child.kill('SIGKILL'));
      const closed = new Promise<number | null>((resolve) => child.once('close', resolve));
      await new Promise((resolve) => child.stdout.once('data', resolve));
      child.kill(signal);
      expect(await closed).toBe(expected);
    });
  });

  it('is the same, byte for byte, when it is built again elsewhere', async () => {
    const out = makeFolder();
    const before = process.umask(0o077);
    try {
      await buildStandalone(out, 'x64', ['file'], {
        TMPDIR: makeFolder(),
        TZ: 'Asia/Seoul',
        LANG: 'ko_KR.UTF-8',
      });
    } finally {
      process.umask(before);
    }
    expect(await run('cmp', [built.file, join(out, 'kapi-linux-x64')])).toMatchObject({
      stdout: '',
      code: 0,
    });
  });

  describe('for arm64', () => {
    const emulator = '/usr/bin/qemu-aarch64-static';
    if (!existsSync(emulator))
      console.error('NO EMULATOR (Debian: qemu-user-static): the file for arm64 is not run.');

    async function unpackedByHand(): Promise<string> {
      const folder = makeFolder();
      const offset = /tail -c \+(\d+)/.exec(readFileSync(built.arm64, 'latin1').slice(0, 20_000))?.[1];
      const script = `tail -c +${offset ?? ''} "$1" | tar -xz -C "$2"`;
      expect(await run('sh', ['-c', script, 'sh', built.arm64, folder])).toMatchObject({
        stderr: '',
        code: 0,
      });
      return folder;
    }

    it('says that it is for another machine', async () => {
      const { stderr, code } = await start(
        ['--version'],
        { KAPI_STANDALONE_DIR: makeFolder() },
        { file: built.arm64 },
      );
      expect(stderr).toBe(
        `error: ${built.arm64} is for aarch64, this machine is x86_64\nhint: take the file for this machine\n`,
      );
      expect(code).toBe(3);
    });

    it('contains the same as the other, for its machine', async () => {
      const folder = await unpackedByHand();
      const list = async (of: string): Promise<string[]> => (await readdir(of, { recursive: true })).sort();
      expect(await list(folder)).toEqual(await list(join(unpacked, await folderName())));
      const programs = [
        'program',
        'ld.so',
        ...(await readdir(join(folder, 'lib'))).map((name) => `lib/${name}`),
      ];
      for (const name of programs) {
        const head = readFileSync(join(folder, name)).subarray(0, 20);
        expect(head.toString('latin1', 1, 4), name).toBe('ELF');
        expect(head.readUInt16LE(18), name).toBe(183);
      }
      expect(readFileSync(join(folder, 'NOTICE'), 'utf8')).toMatch(
        /^ {2}libc6 2\.\d+\S+, of the source package glibc_2\./m,
      );
      for (const licence of ['LGPL-2.1', 'LGPL-2', 'GPL-2', 'bundled', 'glibc', 'kapi']) {
        expect((await stat(join(folder, 'licences', licence))).size, licence).toBeGreaterThan(1000);
      }
    });

    it.skipIf(!existsSync(emulator))('runs under qemu', async () => {
      const folder = await unpackedByHand();
      const words = [join(folder, 'ld.so'), '--library-path', join(folder, 'lib')];
      expect(await run(emulator, [...words, join(folder, 'program'), '--version'])).toEqual(printed);
    });
  });
});

/** Changes one byte in the middle. */
async function damage(file: string): Promise<void> {
  const bytes = readFileSync(file);
  const at = Math.floor(bytes.length / 2);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  await writeFile(file, bytes);
}
