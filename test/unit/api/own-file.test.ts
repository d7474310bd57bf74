// What others could have written is no cache, and nothing is opened that would make the process wait.
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
/** Owns nothing here; root's files are everybody's to trust, so the user is the stranger then. */
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

  it.each([0o620, 0o602, 0o666])('reads nothing that others can write: mode %o', (mode) => {
    chmodSync(file, mode);
    expect(readOwnFile(file, uid)).toBeUndefined();
  });

  it('reads nothing of another user', () => {
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
  ])('reads nothing and does not wait where there is %s', (_, put) => {
    writeFileSync(join(folder, 'g'), 'text');
    rmSync(file);
    put(file);
    expect(readOwnFile(file, uid)).toBeUndefined();
  });
});

describe('isOwnPlace', () => {
  it('holds below a folder of the user, however much of the way is missing', () => {
    expect(isOwnPlace(folder, uid)).toBe(true);
    expect(isOwnPlace(join(folder, 'a/b/c'), uid)).toBe(true);
  });

  it('does not hold below a folder of another user, and nothing is made there', () => {
    if (uid === 0) execFileSync('chown', ['65534', folder]);
    expect(isOwnPlace(join(folder, 'a/b'), stranger)).toBe(false);
    writeAtomically(join(folder, 'a/b'), 'text', stranger);
    expect(readdirSync(folder)).toEqual(['f']);
  });
});
