import { execFile } from 'node:child_process';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';

import { givenOverrides, namesIdentity, readFileAsText } from '../../../src/config/input.ts';
import { loadClusterConfig } from '../../../src/config/load.ts';
import { failureOf } from './memory-files.ts';

describe('givenOverrides', () => {
  it('drops empty values', () => {
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
    // This write runs only if the event loop is free.
    await writeFile(path, 'later');
    expect(await read).toBe('later');
  });

  it('rejects with the system’s code', async () => {
    const path = await directory();
    await expect(readFileAsText(join(path, 'missing'))).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(readFileAsText(path)).rejects.toMatchObject({ code: 'EISDIR' });
    // stat() itself fails, as it does below a directory without the x permission.
    await symlink('loop', join(path, 'loop'));
    const caught = readFileAsText(join(path, 'loop/file')).catch((error: unknown) => error);
    expect(await caught).toMatchObject({ code: 'ELOOP' });
  });

  it('a service account directory without the x permission is a configuration error that names the file', async () => {
    const path = await directory();
    await symlink('loop', join(path, 'loop'));
    const config = loadClusterConfig({
      overrides: { serviceAccountDir: join(path, 'loop') },
      env: { KUBERNETES_SERVICE_HOST: '127.0.0.1', KUBERNETES_SERVICE_PORT: '6443' },
      home: undefined,
      cwd: path,
    });
    expect(await failureOf(config)).toBe(
      `3 CaUnreadable: unable to read certificate-authority ${path}/loop/ca.crt for the server: too many symbolic links (named by the service account's files in ${path}/loop)`,
    );
  });
});
