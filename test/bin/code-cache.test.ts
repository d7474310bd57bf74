// bin/kapi.js alone, on the Node of the test run: the built kapi with and without its code cache.
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lchownSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const program = `
  require(${JSON.stringify(join(root, 'bin/kapi.js'))}).start();`;

let home: string;
let folder: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'kapi-code-cache-'));
  folder = join(home, '.cache/kapi/code');
});
afterEach(() => {
  rmSync(home, { recursive: true });
});

function version(env: Record<string, string> = { HOME: home }): string {
  return execFileSync(process.execPath, ['-e', program, 'kapi', '--version'], {
    env,
    encoding: 'utf8',
    timeout: 60_000,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** A command that does more than `--version`, and takes more than one turn of the event loop. */
const configShow = ['config', 'show', '-s', 'http://127.0.0.1:1'];

/** Name of the cache file of the version under test: contains the digest of the code. */
const mainName = `main.cjs-${readFileSync(join(root, 'dist/main.cjs'), 'latin1').slice(2, 18)}-${process.versions.node}-${process.arch}`;
const mainFile = (): string => join(folder, mainName);

describe('bin/kapi.js', () => {
  it('keeps the code of the run, writable only by the user', () => {
    const first = version();
    expect(first).toMatch(/^kapi \d/);
    expect(readdirSync(folder)).toEqual([mainName]);
    expect(statSync(mainFile()).mode & 0o022).toBe(0);
    const kept = readFileSync(mainFile());
    expect(version()).toBe(first);
    expect(readFileSync(mainFile()).equals(kept), 'used, not written again').toBe(true);
  });

  it.each([
    [
      'of other code',
      (bytes: Buffer) => Buffer.concat([Buffer.from(`/*${'0'.repeat(36)}*/`), bytes.subarray(40)]),
    ],
    ['cut short', (bytes: Buffer) => bytes.subarray(0, 100)],
    ['of another V8', (bytes: Buffer) => Buffer.concat([bytes.subarray(0, 40), Buffer.alloc(4_000, 7)])],
  ])('replaces a cache %s', (_, damage) => {
    const right = version();
    const kept = readFileSync(mainFile());
    const damaged = damage(kept);
    writeFileSync(mainFile(), damaged);
    expect(version()).toBe(right);
    expect(readFileSync(mainFile()).equals(damaged)).toBe(false);
    expect(version()).toBe(right);
  });

  it('replaces a damaged cache before V8 runs it: a flipped bit, a page of zeros, a page of another file', () => {
    const right = version();
    const kept = readFileSync(mainFile());
    const flipped = [41, 1_000, kept.length / 2 - 1, kept.length - 1].map((at) => (bytes: Buffer) => {
      bytes[at] = (bytes[at] ?? 0) ^ 0x10;
    });
    const pages = [4_096, kept.length / 2 + 4_096].map((at) => (bytes: Buffer) => {
      bytes.fill(0, at, at + 4_096);
    });
    for (const damage of [...flipped, ...pages, (bytes: Buffer) => void bytes.copy(bytes, 8_192, 0, 4_096)]) {
      const damaged = Buffer.from(kept);
      damage(damaged);
      writeFileSync(mainFile(), damaged);
      expect(version()).toBe(right);
      expect(readFileSync(mainFile()).equals(damaged)).toBe(false);
    }
  });

  it.each([
    ['a FIFO', (file: string) => execFileSync('mkfifo', [file])],
    ['a device', (file: string) => execFileSync('mknod', [file, 'c', '1', '5'])],
    ['a link', (file: string) => symlinkSync('/dev/zero', file)],
    ['a folder', (file: string) => mkdirSync(file)],
  ])('does not open %s instead of a cache', (what, put) => {
    const right = version();
    rmSync(mainFile());
    try {
      put(mainFile());
    } catch (error) {
      if (what !== 'a device') throw error;
      // Only root can create devices: the other three test the same check.
      console.error('SKIPPED: a device in the place of a cache (needs root)');
      return;
    }
    expect(version()).toBe(right);
  });

  it("makes no folder below one of another user, as under sudo with the caller's HOME", () => {
    if (process.getuid?.() !== 0) {
      console.error('SKIPPED: a HOME of another user (needs root)');
      return;
    }
    chownSync(home, 65534, 65534);
    expect(version()).toMatch(/^kapi \d/);
    expect(readdirSync(home)).toEqual([]);
  });

  it("makes no folder behind another user's symlink", () => {
    if (process.getuid?.() !== 0) {
      console.error('SKIPPED: a symlink of another user (needs root)');
      return;
    }
    const target = join(home, 'target');
    mkdirSync(target);
    symlinkSync(target, join(home, '.cache'));
    lchownSync(join(home, '.cache'), 65534, 65534);
    expect(version()).toMatch(/^kapi \d/);
    expect(readdirSync(target)).toEqual([]);
  });

  it('writes no file that another user prepared as a hard link or a symlink', () => {
    const right = version();
    const victim = join(home, 'victim');
    writeFileSync(victim, 'precious');
    rmSync(mainFile());
    for (const put of [() => linkSync(victim, mainFile()), () => symlinkSync(victim, mainFile())]) {
      rmSync(mainFile(), { force: true });
      put();
      expect(version()).toBe(right);
      expect(readFileSync(victim, 'utf8')).toBe('precious');
    }
  });

  it('removes unfinished files of a killed run', () => {
    version();
    const left = `${mainFile()}.123456`;
    writeFileSync(left, '');
    utimesSync(left, 1, 1);
    rmSync(mainFile());
    version();
    expect(existsSync(left)).toBe(false);
  });

  it('extends the cache with a run that loads more', () => {
    const list = (): string[] => readdirSync(folder).filter((name) => name.startsWith('list.cjs'));
    version();
    const kept = readFileSync(mainFile());
    expect(list()).toEqual([]);
    const run = (): unknown =>
      execFileSync(process.execPath, ['-e', program, 'kapi', ...configShow], {
        env: { HOME: home },
      });
    run();
    expect(list()).toHaveLength(1);
    const learnt = readFileSync(mainFile());
    expect(learnt.length).toBeGreaterThan(kept.length);
    version();
    run();
    expect(readFileSync(mainFile()).equals(learnt), 'and then it is left alone').toBe(true);
  });

  it('reads files that are functions in ASCII after their digest', () => {
    const files = readdirSync(join(root, 'dist')).filter((name) => name.endsWith('.cjs'));
    expect(files.length).toBeGreaterThan(20);
    for (const name of files) {
      const text = readFileSync(join(root, 'dist', name), 'latin1');
      expect(text, name).toMatch(/^\/\*[0-9a-f]{36}\*\/\(exports,require,module\)=>\{/);
      expect(/[^\x00-\x7f]/.test(text), name).toBe(false);
    }
  });

  it('keeps the code of another version that uses the same home', () => {
    const other = join(home, 'other');
    cpSync(join(root, 'bin'), join(other, 'bin'), { recursive: true });
    cpSync(join(root, 'dist'), join(other, 'dist'), { recursive: true });
    cpSync(join(root, 'package.json'), join(other, 'package.json'));
    // Another version has other code and therefore another digest.
    const text = readFileSync(join(other, 'dist/main.cjs'), 'latin1');
    const digest = text.slice(2, 38);
    writeFileSync(join(other, 'dist/main.cjs'), text.replaceAll(digest, 'f'.repeat(36)), 'latin1');
    const runOther = (): string =>
      execFileSync(process.execPath, [join(other, 'bin/kapi.js'), '--version'], {
        env: { HOME: home },
        encoding: 'utf8',
      });
    version();
    const inode = statSync(mainFile()).ino;
    expect(runOther()).toMatch(/^kapi /);
    const files = readdirSync(folder);
    expect(files.filter((name) => name.startsWith('main.cjs-'))).toHaveLength(2);
    for (let round = 0; round < 2; round++) {
      version();
      runOther();
    }
    expect(readdirSync(folder)).toEqual(files);
    expect(statSync(mainFile()).ino, 'not written again').toBe(inode);
  });

  it('keeps the code of six versions and removes older ones, and nothing that is not a cache', () => {
    version();
    const put = (name: string, seconds: number): void => {
      writeFileSync(join(folder, name), 'x');
      utimesSync(join(folder, name), seconds, seconds);
    };
    for (let age = 1; age <= 8; age++) {
      put(`main.cjs-${String(age).repeat(16)}-20.0.0-x64`, 1_000_000 - age);
      put(`chunk-OLD${age}.cjs-20.0.0-x64`, 1_000_000 - age);
    }
    put('notes.txt', 1);
    rmSync(mainFile());
    version();
    const left = readdirSync(folder);
    const olds = [1, 2, 3, 4, 5];
    expect(left.sort()).toEqual(
      [
        ...olds.map((age) => `chunk-OLD${age}.cjs-20.0.0-x64`),
        ...olds.map((age) => `main.cjs-${String(age).repeat(16)}-20.0.0-x64`),
        mainName,
        'notes.txt',
      ].sort(),
    );
  });

  it('writes the cache on request, and then not at the end of the run', () => {
    const bin = JSON.stringify(join(root, 'bin/kapi.js'));
    const folderText = JSON.stringify(folder);
    const asked = `
      require(${bin}).start();
      process.emit('exit');
      console.log(require('node:fs').readdirSync(${folderText}).some((name) => name.startsWith('main.cjs')));
      require('node:fs').rmSync(${JSON.stringify(join(home, '.cache'))}, { recursive: true });`;
    const said = execFileSync(process.execPath, ['-e', asked, 'kapi', '--version'], {
      env: { HOME: home },
      encoding: 'utf8',
    });
    expect(said).toMatch(/^true\nkapi /);
    expect(readdirSync(home)).toEqual([]);
  });

  it('runs no code that others can write', () => {
    version();
    const kept = readFileSync(mainFile());
    chmodSync(mainFile(), 0o666);
    expect(version()).toMatch(/^kapi /);
    expect(statSync(mainFile()).mode & 0o777, 'replaced by a file of its own').toBe(0o644);
    expect(readFileSync(mainFile()).subarray(0, 40).equals(kept.subarray(0, 40))).toBe(true);
  });

  it('works without a cache if nothing can be written', () => {
    expect(version({})).toMatch(/^kapi /);
    for (const HOME of ['/proc/nowhere', '/dev/null/home']) expect(version({ HOME })).toMatch(/^kapi /);
    expect(version({ HOME: home, NODE_DISABLE_COMPILE_CACHE: '1' })).toMatch(/^kapi /);
    expect(readdirSync(home)).toEqual([]);
  });
});
