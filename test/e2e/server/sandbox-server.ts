// kapi's sandbox as a test server, with the users and certificates of the real one. Entry point:
// startSandbox.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openSandbox } from '../../../src/sandbox/sandbox.ts';
import type { UserInfo } from '../../../src/sandbox/types/types.ts';
import { createAdminClient } from './admin-client.ts';
import { createAuthority, issueCertificate, type KeyPair } from './certificates.ts';
import { longAgo, staticTokens, type RunningServer } from './control-plane.ts';

/** Starts the sandbox in this process, on a free port. */
export async function startSandbox(): Promise<RunningServer> {
  const directory = await mkdtemp(join(tmpdir(), 'kapi-e2e-'));
  const sandbox = await openSandbox({
    port: 0,
    faults: [],
    objects: [],
    pods: 0,
    lively: false,
    tokens: {
      [staticTokens.admin]: userOf('admin', ['system:masters']),
      [staticTokens.bob]: userOf('bob', ['team-a', 'team-b']),
    },
    now: () => new Date(),
  });
  const write = async (
    name: string,
    { certificate, key }: { certificate: string; key: string },
  ): Promise<KeyPair> => {
    const pair = { certificateFile: join(directory, `${name}.crt`), keyFile: join(directory, `${name}.key`) };
    await writeFile(pair.certificateFile, certificate);
    await writeFile(pair.keyFile, key, { mode: 0o600 });
    return pair;
  };
  const caFile = join(directory, 'ca.crt');
  await writeFile(caFile, sandbox.caCertificate);
  // The sandbox does not reveal the key of its authority, so another authority signs the expired
  // certificate.
  const stranger = await createAuthority(directory, 'stranger', 'kapi-e2e-stranger');
  return {
    host: '127.0.0.1',
    port: sandbox.port,
    url: sandbox.url,
    directory,
    caFile,
    adminCertificate: await write('admin', sandbox.admin),
    janeCertificate: await write('jane', sandbox.jane),
    expiredCertificate: await issueCertificate(directory, stranger, {
      name: 'expired',
      commonName: 'jane',
      organizations: ['readers'],
      validity: longAgo,
    }),
    tokens: staticTokens,
    admin: createAdminClient(sandbox.url, await readFile(caFile, 'utf8'), staticTokens.admin),
    stop: async () => {
      await sandbox.close();
      await rm(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    },
  };
}

function userOf(username: string, groups: readonly string[]): UserInfo {
  return { username, uid: `uid-${username}`, groups: [...groups, 'system:authenticated'], extra: {} };
}
