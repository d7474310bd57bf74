// The test server as plain data, which vitest passes from the setup to the workers. Entry points:
// openTestServer for the setup; the tests read it from `inject('server')` through ../kapi.ts.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { findKubectl, findServerBinaries, MissingBinary } from './binaries.ts';
import type { AdminClient } from './admin-client.ts';
import { createAuthority, type KeyPair } from './certificates.ts';
import { startControlPlane, type RunningServer } from './control-plane.ts';
import { writeKubeconfigs, type Kubeconfigs } from './kubeconfigs.ts';
import { startSandbox } from './sandbox-server.ts';
import { seed } from './seed.ts';

/** A running, seeded API server. */
export interface TestServer {
  readonly kind: ServerKind;
  readonly host: string;
  readonly port: number;
  readonly url: string;
  /** Removed with the server. */
  readonly directory: string;
  /** HOME of all child processes. It contains the discovery caches, like a user's home. */
  readonly home: string;
  readonly caFile: string;
  readonly janeCertificate: KeyPair;
  /** An authority that signed neither the server nor any user. */
  readonly otherAuthority: KeyPair;
  readonly kubeconfigs: Kubeconfigs;
  readonly tokens: Readonly<Record<'admin' | 'bob', string>>;
  /** A token of the service account default/default, and the file with it. */
  readonly serviceAccountToken: string;
  readonly serviceAccountTokenFile: string;
  /** The kubectl to compare with, or the reason why there is none. */
  readonly kubectl: { readonly path: string } | { readonly missing: string };
}

/** The kind of server: kube-apiserver, or kapi's sandbox in memory. */
export type ServerKind = 'kube-apiserver' | 'sandbox';

/** Opens a server. @throws MissingBinary if a server of this kind is not available */
export async function openTestServer(
  kind: ServerKind,
  say: (line: string) => void,
): Promise<{ readonly server: TestServer; readonly stop: () => Promise<void> }> {
  const start = kind === 'sandbox' ? startSandbox : await controlPlaneStarter(say);
  const kubectl = await findKubectl(say).then(
    (path) => ({ path }),
    (error: unknown) => {
      if (!(error instanceof MissingBinary)) throw error;
      return { missing: error.message };
    },
  );
  const startedAt = Date.now();
  const running = await start();
  try {
    await seed(running.admin);
    const { directory } = running;
    const serviceAccountToken = await requestToken(running.admin);
    const serviceAccountTokenFile = join(directory, 'service-account-token');
    await writeFile(serviceAccountTokenFile, serviceAccountToken, { mode: 0o600 });
    const home = join(directory, 'home');
    await mkdir(home);
    const server: TestServer = {
      kind,
      host: running.host,
      port: running.port,
      url: running.url,
      directory,
      home,
      caFile: running.caFile,
      janeCertificate: running.janeCertificate,
      otherAuthority: await createAuthority(directory, 'other-ca', 'kapi-e2e-other-ca'),
      kubeconfigs: await writeKubeconfigs(running, serviceAccountToken),
      tokens: running.tokens,
      serviceAccountToken,
      serviceAccountTokenFile,
      kubectl,
    };
    say(`${kind} on ${running.url}, ready and seeded after ${Date.now() - startedAt} ms`);
    return { server, stop: () => running.stop() };
  } catch (error) {
    await running.stop();
    throw error;
  }
}

async function controlPlaneStarter(say: (line: string) => void): Promise<() => Promise<RunningServer>> {
  const binaries = await findServerBinaries(say);
  say(`with ${binaries.apiServer} and ${binaries.etcd}`);
  return () => startControlPlane(binaries);
}

async function requestToken(admin: AdminClient): Promise<string> {
  const answer = await admin.must('POST', '/api/v1/namespaces/default/serviceaccounts/default/token', {
    spec: { expirationSeconds: 3600 },
  });
  const token = /"token":"([^"]+)"/.exec(JSON.stringify(answer))?.[1];
  if (token === undefined) throw new Error('the TokenRequest brought no token');
  return token;
}
