// Does not use cache files that others can write, and opens nothing that blocks the process.
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeAtomically } from '../../../src/api/atomic-file.ts';
import { isOwnPlace, readOwnFile } from '../../../src/api/own-file.ts';

const { uid } = userInfo();
/**
 * A user who owns nothing here. Files of root are trusted by all, so as root the other user is not
 * root.
 */
const stranger = uid === 0 ? 0 : uid + 1;
let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kapi-own-'));
  file = join(folder, 'f');
  writeFileSync(file, 'text', { mode: 0o600 });
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('readOwnFile', () => {
  it('reads what the user wrote', () => {
    expect(readOwnFile(file, uid)).toBe('text');
    expect(readOwnFile(file, undefined)).toBe('text');
  });

  it.each([0o620, 0o602, 0o666])('does not read a file that others can write: mode %o', (mode) => {
    chmodSync(file, mode);
    expect(readOwnFile(file, uid)).toBeUndefined();
  });

  it('does not read a file of another user', () => {
    if (uid === 0) execFileSync('chown', ['65534', file]);
    expect(readOwnFile(file, stranger)).toBeUndefined();
  });

  it.each([
    ['a FIFO', (path: string) => execFileSync('mkfifo', [path])],
    ['a link', (path: string) => symlinkSync('g', path)],
    ['a link to a device', (path: string) => symlinkSync('/dev/zero', path)],
    ['a folder', (path: string) => mkdirSync(path)],
    ['nothing', () => undefined],
    [
      'a file without end',
      (path: string) => {
        writeFileSync(path, '');
        truncateSync(path, 2 ** 40);
      },
    ],
  ])('does not read and does not block if there is %s', (_, put) => {
    writeFileSync(join(folder, 'g'), 'text');
    rmSync(file);
    put(file);
    expect(readOwnFile(file, uid)).toBeUndefined();
  });
});

describe('isOwnPlace', () => {
  it('is true below a directory of the user, however much of the path is missing', () => {
    expect(isOwnPlace(folder, uid)).toBe(true);
    expect(isOwnPlace(join(folder, 'a/b/c'), uid)).toBe(true);
  });

  it('is false below a directory of another user, and nothing is created there', () => {
    if (uid === 0) execFileSync('chown', ['65534', folder]);
    expect(isOwnPlace(join(folder, 'a/b'), stranger)).toBe(false);
    writeAtomically(join(folder, 'a/b'), 'text', stranger);
    expect(readdirSync(folder)).toEqual(['f']);
  });

  it("does not hold behind another user's symlink, who would choose where root writes", () => {
    if (uid !== 0) {
      console.error('SKIPPED: a symlink of another user (needs root)');
      return;
    }
    const [target, link] = [join(folder, 'target'), join(folder, 'link')];
    mkdirSync(target);
    symlinkSync(target, link);
    expect(isOwnPlace(join(link, 'kapi'), uid)).toBe(true);
    execFileSync('chown', ['-h', '65534', link]);
    expect(isOwnPlace(join(link, 'kapi'), uid)).toBe(false);
    writeAtomically(join(link, 'kapi/a'), 'text', uid);
    expect(readdirSync(target)).toEqual([]);
  });
});
