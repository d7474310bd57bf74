// A "pod" for the built kapi: no kubeconfig, an empty HOME, the service account's files and the two
// variables of a kubelet. Entry points: writeServiceAccount, podEnvironment, mountNamespace,
// runInPod.
import { execFileSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { kapiFile, makeFolder, run, testServer, type Result, type RunOptions } from './kapi.ts';

/** The directory where a kubelet mounts the files. */
const mountPoint = '/var/run/secrets/kubernetes.io/serviceaccount';

/**
 * Content of the service account's directory. Absent field: the real server's value. `null`: no
 * such file.
 */
export interface ServiceAccountFiles {
  readonly token?: string | null;
  readonly ca?: string | null;
  readonly namespace?: string | null;
}

/** Makes a directory like a pod's service account volume. */
export async function writeServiceAccount(files: ServiceAccountFiles = {}): Promise<string> {
  const folder = makeFolder();
  const ca = await readFile(testServer().caFile, 'utf8');
  const contents = {
    token: files.token === undefined ? testServer().serviceAccountToken : files.token,
    'ca.crt': files.ca === undefined ? ca : files.ca,
    namespace: files.namespace === undefined ? 'default' : files.namespace,
  };
  for (const [name, text] of Object.entries(contents)) {
    if (text !== null) await writeFile(join(folder, name), text);
  }
  return folder;
}

/** Makes the environment of a container: the API server's address and an empty home. */
export async function podEnvironment(host: string, port: number): Promise<Record<string, string>> {
  const home = join(makeFolder(), 'home');
  await mkdir(home);
  return { HOME: home, KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: String(port) };
}

/**
 * Returns the words before a command that give it a mount namespace of its own. Undefined if the
 * system does not permit that.
 */
export function mountNamespace(): readonly string[] | undefined {
  // A user namespace gives an ordinary user the right to mount, if the system allows user
  // namespaces.
  const attempts = [
    ['unshare', '--mount', '--propagation', 'private'],
    ['unshare', '--map-root-user', '--mount', '--propagation', 'private'],
  ];
  return attempts.find((words) => {
    try {
      execFileSync(words[0] ?? '', [...words.slice(1), 'mount', '-t', 'tmpfs', 'none', '/run'], {
        stdio: 'ignore',
      });
      return true;
    } catch {
      // Not permitted with these words.
      return false;
    }
  });
}

/**
 * Runs kapi with `folder` mounted where a kubelet mounts it, and with a read-only HOME. A file
 * system in memory covers /run for that one process, so nothing stays on the machine.
 */
export function runInPod(
  namespaceWords: readonly string[],
  folder: string,
  args: readonly string[],
  options: RunOptions,
): Promise<Result> {
  return runProgramInPod(namespaceWords, folder, [process.execPath, kapiFile, ...args], options);
}

/** Runs any program in the same way. */
export function runProgramInPod(
  namespaceWords: readonly string[],
  folder: string,
  command: readonly string[],
  options: RunOptions,
): Promise<Result> {
  const script = [
    'set -e',
    'mount -t tmpfs none "$(readlink -f /var/run)"',
    `mkdir -p ${mountPoint}`,
    `mount --bind "$1" ${mountPoint}`,
    // Many containers have no writable directory.
    'mount -t tmpfs -o ro none "$HOME"',
    'shift',
    'exec "$@"',
  ].join('\n');
  const [program = '', ...words] = namespaceWords;
  return run(program, [...words, 'sh', '-c', script, 'sh', folder, ...command], {
    ...options,
    kubeconfig: null,
  });
}
