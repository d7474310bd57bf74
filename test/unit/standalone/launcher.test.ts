// Which directories the launcher of the standalone file trusts, tested with its own functions in
// every installed shell.
import { execFileSync, spawnSync } from 'node:child_process';
import { chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const launcher = readFileSync(new URL('../../../scripts/standalone/launcher.sh', import.meta.url), 'utf8');
const functions = ['kapi_whole', 'kapi_safe'].map(
  (name) => new RegExp(`^${name}\\(\\) \\{\\n[^]*?^\\}\\n`, 'm').exec(launcher)?.[0] ?? '',
);
const shells = [['dash'], ['bash', '--posix'], ['busybox', 'sh']].filter(
  ([program = '']) => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0,
);

function holds([program = '', ...words]: readonly string[], test: string, path: string): boolean {
  const script = `${functions.join('')}${test} "$1"`;
  return spawnSync(program, [...words, '-c', script, 'sh', path]).status === 0;
}

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kapi-launcher-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe.each(shells.map((shell) => [shell.join(' '), shell] as const))('in %s', (_, shell) => {
  it("trusts the user's own directories and new ones in them", () => {
    for (const path of [folder, join(folder, 'a/b'), `${folder}/`, '/tmp', '.', '']) {
      expect([path, holds(shell, 'kapi_safe', path)]).toEqual([path, true]);
    }
  });

  it('as root does not trust a path with a directory of another user', () => {
    if (process.getuid?.() !== 0) {
      console.error('SKIPPED: folders of another user (needs root)');
      return;
    }
    mkdirSync(join(folder, 'home/.cache'), { recursive: true });
    chownSync(join(folder, 'home'), 65534, 65534);
    for (const path of ['home', 'home/.cache', 'home/.cache/not/there', 'home/none']) {
      expect([path, holds(shell, 'kapi_safe', join(folder, path))]).toEqual([path, false]);
    }
    execFileSync('ln', ['-s', '/root', join(folder, 'home/link')]);
    expect(holds(shell, 'kapi_safe', join(folder, 'home/link'))).toBe(false);
  });

  it('treats an unpacked directory as complete only with everything that a start needs', () => {
    const files = ['program', 'ld.so'];
    for (const file of files) {
      writeFileSync(join(folder, file), '', { mode: 0o700 });
    }
    expect(holds(shell, 'kapi_whole', folder)).toBe(true);
    for (const file of files) {
      rmSync(join(folder, file));
      expect([file, holds(shell, 'kapi_whole', folder)]).toEqual([file, false]);
      writeFileSync(join(folder, file), '', { mode: 0o700 });
    }
  });
});
