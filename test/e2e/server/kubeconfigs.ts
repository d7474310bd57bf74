// Kubeconfig files for the users of a test server, valid and broken ones. Entry points:
// writeKubeconfigs for the valid ones, kubeconfigText for tests that make their own.
import { readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

import type { KeyPair } from './certificates.ts';
import type { RunningServer } from './control-plane.ts';

/** Paths of the files by user. */
export interface Kubeconfigs {
  /** system:masters by certificate, everything inline. */
  readonly admin: string;
  /** The same by file paths, the authority relative to the kubeconfig. */
  readonly adminFiles: string;
  /** A certificate user who may read pods in `dev` and nothing else; namespace `dev`. */
  readonly jane: string;
  /** A static-token user, group team-a; namespace `dev`. */
  readonly bob: string;
  /** Namespace `default` with the token of the service account default/default. */
  readonly serviceAccount: string;
  /** A user with a certificate that expired in 2024. */
  readonly expired: string;
  /** No credential at all. */
  readonly anonymous: string;
}

/** Returns a kubeconfig with one cluster, one user and one context named `e2e`. */
export function kubeconfigText(
  cluster: Readonly<Record<string, unknown>>,
  user: Readonly<Record<string, unknown>>,
  namespace?: string,
): string {
  const context = { cluster: 'e2e', user: 'me', ...(namespace === undefined ? {} : { namespace }) };
  return `${JSON.stringify(
    {
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'e2e',
      clusters: [{ name: 'e2e', cluster }],
      users: [{ name: 'me', user }],
      contexts: [{ name: 'e2e', context }],
    },
    undefined,
    2,
  )}\n`;
}

/** Writes the files. @param serviceAccountToken a token of default/default */
export async function writeKubeconfigs(
  server: RunningServer,
  serviceAccountToken: string,
): Promise<Kubeconfigs> {
  const { directory, caFile, url } = server;
  const ca = { server: url, 'certificate-authority-data': await base64Of(caFile) };
  const filesOf = (pair: KeyPair): Record<string, string> => ({
    'client-certificate': pair.certificateFile,
    'client-key': pair.keyFile,
  });
  const admin = {
    'client-certificate-data': await base64Of(server.adminCertificate.certificateFile),
    'client-key-data': await base64Of(server.adminCertificate.keyFile),
  };
  const write = async (name: string, text: string): Promise<string> => {
    const file = join(directory, `${name}.kubeconfig`);
    await writeFile(file, text, { mode: 0o600 });
    return file;
  };
  return {
    admin: await write('admin', kubeconfigText(ca, admin)),
    adminFiles: await write(
      'admin-files',
      kubeconfigText(
        { server: url, 'certificate-authority': basename(caFile) },
        filesOf(server.adminCertificate),
      ),
    ),
    jane: await write('jane', kubeconfigText(ca, filesOf(server.janeCertificate), 'dev')),
    bob: await write('bob', kubeconfigText(ca, { token: server.tokens.bob }, 'dev')),
    serviceAccount: await write(
      'service-account',
      kubeconfigText(ca, { token: serviceAccountToken }, 'default'),
    ),
    expired: await write('expired', kubeconfigText(ca, filesOf(server.expiredCertificate), 'dev')),
    anonymous: await write('anonymous', kubeconfigText(ca, {})),
  };
}

async function base64Of(file: string): Promise<string> {
  return (await readFile(file)).toString('base64');
}
