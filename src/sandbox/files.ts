// The files that clients of a sandbox need: kubeconfig, CA, tokens. Entry point: writeSandboxFiles.
// All of them are in a new directory that only its owner can access, and are removed with it.

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import { localError } from '../errors.ts';
import type { CertifiedKey } from './access/certificates.ts';
import type { Sandbox } from './sandbox.ts';

/** Absolute paths. */
export interface SandboxFiles {
  readonly directory: string;
  /**
   * Contexts `admin` (current), `jane` (reads pods in dev) and `serviceaccount` (has no rights).
   */
  readonly kubeconfig: string;
  /** Directory with `token`, `ca.crt` and `namespace`, as in a pod. */
  readonly serviceAccountDirectory: string;
  readonly ca: string;
  /** The bearer token of admin. */
  readonly token: string;
  /**
   * Writes more files that only the owner can read, by absolute path, in directories below the
   * directory.
   */
  add(files: Readonly<Record<string, string>>): Promise<void>;
  remove(): Promise<void>;
}

/** Only the owner can access the file from the start, and an existing file is an error. */
const secret = { mode: 0o600, flag: 'wx' } as const;

/**
 * Writes the files.
 * @param parent parent of the new directory, such as the system's directory for temporary files
 * @throws LocalError if it cannot be written; removes everything then
 */
export async function writeSandboxFiles(sandbox: Sandbox, parent: string): Promise<SandboxFiles> {
  const what = `cannot write the sandbox's files in ${parent} (TMPDIR)`;
  let directory: string;
  try {
    directory = await mkdtemp(join(parent, 'kapi-sandbox-'));
  } catch (error) {
    throw localError(what, error);
  }
  const serviceAccountDirectory = join(directory, 'serviceaccount');
  const files = {
    directory,
    kubeconfig: join(directory, 'kubeconfig'),
    serviceAccountDirectory,
    ca: join(directory, 'ca.crt'),
    token: join(directory, 'token'),
    add: addFiles,
    remove: () => rm(directory, { recursive: true, force: true }),
  };
  try {
    await addFiles({
      [files.kubeconfig]: kubeconfigOf(sandbox),
      [files.ca]: sandbox.caCertificate,
      [files.token]: sandbox.admin.token,
      [join(serviceAccountDirectory, 'token')]: sandbox.serviceAccountToken,
      [join(serviceAccountDirectory, 'ca.crt')]: sandbox.caCertificate,
      [join(serviceAccountDirectory, 'namespace')]: 'default',
    });
  } catch (error) {
    await files.remove();
    throw localError(what, error);
  }
  return files;
}

async function addFiles(files: Readonly<Record<string, string>>): Promise<void> {
  for (const folder of new Set(Object.keys(files).map((file) => dirname(file)))) {
    await mkdir(folder, { mode: 0o700, recursive: true });
  }
  await Promise.all(Object.entries(files).map(([file, text]) => writeFile(file, text, secret)));
}

/**
 * Makes the kubeconfig.
 * @see https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/
 */
export function kubeconfigOf(sandbox: Sandbox): string {
  const data = (pem: string): string => Buffer.from(pem).toString('base64');
  const context = (name: string, namespace: string): unknown => ({
    name,
    context: { cluster: 'sandbox', user: name, namespace },
  });
  const certifiedUser = (name: string, { certificate, key }: CertifiedKey): unknown => ({
    name,
    user: { 'client-certificate-data': data(certificate), 'client-key-data': data(key) },
  });
  return stringify(
    {
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'admin',
      clusters: [
        {
          name: 'sandbox',
          cluster: { server: sandbox.url, 'certificate-authority-data': data(sandbox.caCertificate) },
        },
      ],
      contexts: [context('admin', 'default'), context('jane', 'dev'), context('serviceaccount', 'default')],
      users: [
        certifiedUser('admin', sandbox.admin),
        certifiedUser('jane', sandbox.jane),
        { name: 'serviceaccount', user: { token: sandbox.serviceAccountToken } },
      ],
    },
    { lineWidth: 0 },
  );
}
