// What the tests know of the server: plain data, because vitest hands it from the setup to the workers.
// Entry points: openTestServer for the setup; the tests take it from `inject('server')` through ../kapi.ts.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { findKubectl, findServerBinaries, MissingBinary } from './binaries.ts';
import type { AdminClient } from './admin-client.ts';
import { createAuthority } from './certificates.ts';
import { startControlPlane } from './control-plane.ts';
import { writeKubeconfigs, type Kubeconfigs } from './kubeconfigs.ts';
import { seed } from './seed.ts';

/** A running, seeded API server. */
export interface TestServer {
  readonly host: string;
  readonly port: number;
  readonly url: string;
  /** Removed with the server. */
  readonly directory: string;
  /** HOME of all children: it holds the discovery caches, as a user's does. */
  readonly home: string;
  readonly caFile: string;
  readonly caKeyFile: string;
  /** An authority that signed nothing here. */
  readonly otherCaFile: string;
  readonly kubeconfigs: Kubeconfigs;
  readonly tokens: Readonly<Record<'admin' | 'bob', string>>;
  /** A token of the service account default/default, and the file with it. */
  readonly serviceAccountToken: string;
  readonly serviceAccountTokenFile: string;
  /** The kubectl to compare with, or why there is none. */
  readonly kubectl: { readonly path: string } | { readonly missing: string };
}

/** @throws MissingBinary when there is no way to get a server here */
export async function openTestServer(
  say: (line: string) => void,
): Promise<{ readonly server: TestServer; readonly stop: () => Promise<void> }> {
  const binaries = await findServerBinaries(say);
  const kubectl = await findKubectl(say).then(
    (path) => ({ path }),
    (error: unknown) => {
      if (!(error instanceof MissingBinary)) throw error;
      return { missing: error.message };
    },
  );
  const startedAt = Date.now();
  const plane = await startControlPlane(binaries);
  try {
    await seed(plane.admin);
    const serviceAccountToken = await requestToken(plane.admin);
    const serviceAccountTokenFile = join(plane.directory, 'service-account-token');
    await writeFile(serviceAccountTokenFile, serviceAccountToken, { mode: 0o600 });
    const home = join(plane.directory, 'home');
    await mkdir(home);
    const server: TestServer = {
      host: plane.host,
      port: plane.port,
      url: plane.url,
      directory: plane.directory,
      home,
      caFile: plane.authority.certificateFile,
      caKeyFile: plane.authority.keyFile,
      otherCaFile: (await createAuthority(plane.directory, 'other-ca', 'kapi-e2e-other-ca')).certificateFile,
      kubeconfigs: await writeKubeconfigs(plane, serviceAccountToken),
      tokens: plane.tokens,
      serviceAccountToken,
      serviceAccountTokenFile,
      kubectl,
    };
    say(`${binaries.apiServer} on ${plane.url}, ready and seeded after ${Date.now() - startedAt} ms`);
    return { server, stop: () => plane.stop() };
  } catch (error) {
    await plane.stop();
    throw error;
  }
}

async function requestToken(admin: AdminClient): Promise<string> {
  const answer = await admin.must('POST', '/api/v1/namespaces/default/serviceaccounts/default/token', {
    spec: { expirationSeconds: 3600 },
  });
  const token = /"token":"([^"]+)"/.exec(JSON.stringify(answer))?.[1];
  if (token === undefined) throw new Error('the TokenRequest brought no token');
  return token;
}
