import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';

import { givenOverrides, namesIdentity, readFileAsText } from '../../../src/config/input.ts';

describe('givenOverrides', () => {
  it('drops what says nothing', () => {
    expect(
      givenOverrides({
        token: '',
        as: 'x',
        insecureSkipTlsVerify: false,
        asGroup: ['', 'g'],
        asUserExtra: [''],
        requestTimeoutMs: 0,
      }),
    ).toEqual({ as: 'x', asGroup: ['g'], requestTimeoutMs: 0 });
  });
});

describe('namesIdentity', () => {
  it.each([
    [{ token: 't' }, true],
    [{ tokenFile: 'f' }, true],
    [{ username: 'u' }, true],
    [{ clientCertificate: 'c' }, true],
    [{ password: 'p', clientKey: 'k', as: 'x' }, false],
  ])('%j: %s', (overrides, names) => {
    expect(namesIdentity(overrides)).toBe(names);
  });
});

describe('readFileAsText', () => {
  async function directory(): Promise<string> {
    const path = await mkdtemp(join(tmpdir(), 'kapi-input-'));
    onTestFinished(() => rm(path, { recursive: true }));
    return path;
  }

  it('reads a file', async () => {
    const path = join(await directory(), 'a');
    await writeFile(path, 'ä');
    expect(await readFileAsText(path)).toBe('ä');
  });

  it('waits for a pipe without blocking', async () => {
    const path = join(await directory(), 'pipe');
    await promisify(execFile)('mkfifo', [path]);
    const read = readFileAsText(path);
    // Only a free event loop gets to write here.
    await writeFile(path, 'later');
    expect(await read).toBe('later');
  });

  it('rejects with the system’s code', async () => {
    const path = await directory();
    await expect(readFileAsText(join(path, 'missing'))).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(readFileAsText(path)).rejects.toMatchObject({ code: 'EISDIR' });
  });
});
