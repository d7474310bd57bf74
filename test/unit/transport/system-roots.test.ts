import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { decideRoots, readSystemRoots } from '../../../src/transport/system-roots.ts';
import { makeIdentity } from '../../transport/certificates.ts';

describe('decideRoots', () => {
  test('Linux: the bundle of the distribution, its directory otherwise', () => {
    const plan = decideRoots({}, 'linux', true);
    expect(plan).toMatchObject({ kind: 'files', directories: [] });
    expect(plan.kind === 'files' && plan.bundles[0]).toBe('/etc/ssl/certs/ca-certificates.crt');
    expect(plan.kind === 'files' && plan.otherwise[0]).toBe('/etc/ssl/certs');
  });

  test('the variables replace their halves, on every platform', () => {
    const env = { SSL_CERT_FILE: '/f', SSL_CERT_DIR: '/a:/b' };
    const files = { kind: 'files', bundles: ['/f'], directories: ['/a', '/b'], otherwise: [] };
    expect(decideRoots(env, 'linux', true)).toEqual(files);
    expect(decideRoots(env, 'darwin', true)).toEqual(files);
  });

  test('macOS and Windows: the keychain if Node can read it', () => {
    expect(decideRoots({}, 'darwin', true)).toEqual({ kind: 'keychain' });
    expect(decideRoots({ SSL_CERT_FILE: '' }, 'win32', false)).toEqual({ kind: 'built-in' });
  });
});

test('readSystemRoots takes the file and every file of the directories, and skips what is missing', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'kapi-roots-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const [a, b, c] = ['a', 'b', 'c'].map((name) =>
    makeIdentity({ subject: [['CN', name]] }).certificate.trim(),
  );
  await writeFile(join(directory, 'bundle'), `${a}\n${b}\n`);
  await writeFile(join(directory, 'readme'), 'no certificate');
  const file = join(directory, 'elsewhere');
  await writeFile(file, c ?? '');
  const env = { SSL_CERT_FILE: file, SSL_CERT_DIR: `${directory}:/nonexistent` };
  expect((await readSystemRoots(env, 'linux')).toSorted()).toEqual([a, b, c, c].toSorted());
  expect(
    await readSystemRoots({ SSL_CERT_FILE: '/nonexistent', SSL_CERT_DIR: '/nonexistent' }, 'linux'),
  ).toEqual([]);
});
