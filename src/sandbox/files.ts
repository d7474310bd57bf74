// The files through which clients find a sandbox: kubeconfig, CA, tokens. Entry point: writeSandboxFiles.
// All of them lie in a fresh directory that only its owner may enter, and go with it.

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { Sandbox } from './sandbox.ts';

/** Absolute paths. */
export interface SandboxFiles {
  readonly directory: string;
  /** Contexts `admin` (current), `jane` (reads pods in dev) and `serviceaccount` (may do nothing). */
  readonly kubeconfig: string;
  /** `token`, `ca.crt` and `namespace`, as a pod finds them. */
  readonly serviceAccountDirectory: string;
  readonly ca: string;
  /** Bearer token of admin. */
  readonly token: string;
  remove(): Promise<void>;
}

const secret = { mode: 0o600 } as const;

/**
 * @param parent where the directory is made, such as the system's directory for temporary files
 * @throws the system's error when nothing can be written there
 */
export async function writeSandboxFiles(sandbox: Sandbox, parent: string): Promise<SandboxFiles> {
  const directory = await mkdtemp(join(parent, 'kapi-sandbox-'));
  const serviceAccountDirectory = join(directory, 'serviceaccount');
  const files = {
    directory,
    kubeconfig: join(directory, 'kubeconfig'),
    serviceAccountDirectory,
    ca: join(directory, 'ca.crt'),
    token: join(directory, 'token'),
    remove: () => rm(directory, { recursive: true, force: true }),
  };
  await mkdir(serviceAccountDirectory, { mode: 0o700 });
  await Promise.all([
    writeFile(files.kubeconfig, kubeconfigOf(sandbox), secret),
    writeFile(files.ca, sandbox.caCertificate, secret),
    writeFile(files.token, sandbox.admin.token, secret),
    writeFile(join(serviceAccountDirectory, 'token'), sandbox.serviceAccountToken, secret),
    writeFile(join(serviceAccountDirectory, 'ca.crt'), sandbox.caCertificate, secret),
    writeFile(join(serviceAccountDirectory, 'namespace'), 'default', secret),
  ]);
  return files;
}

/** @see https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/ */
export function kubeconfigOf(sandbox: Sandbox): string {
  const data = (pem: string): string => Buffer.from(pem).toString('base64');
  const context = (name: string, namespace: string): unknown => ({
    name,
    context: { cluster: 'sandbox', user: name, namespace },
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
        {
          name: 'admin',
          user: {
            'client-certificate-data': data(sandbox.admin.certificate),
            'client-key-data': data(sandbox.admin.key),
          },
        },
        {
          name: 'jane',
          user: {
            'client-certificate-data': data(sandbox.jane.certificate),
            'client-key-data': data(sandbox.jane.key),
          },
        },
        { name: 'serviceaccount', user: { token: sandbox.serviceAccountToken } },
      ],
    },
    { lineWidth: 0 },
  );
}
