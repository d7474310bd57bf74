// A "pod" for the built kapi: no kubeconfig, an empty HOME, the service account's files and the two variables that a
// kubelet would set. Entry points: writeServiceAccount, podEnvironment, mountNamespace, runInPod.
import { execFileSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { kapiFile, makeFolder, run, testServer, type Result, type RunOptions } from './kapi.ts';

/** Where a kubelet mounts the files. */
const mountPoint = '/var/run/secrets/kubernetes.io/serviceaccount';

/** What the service account's folder holds; the real server's where a field is absent, no such file for `null`. */
export interface ServiceAccountFiles {
  readonly token?: string | null;
  readonly ca?: string | null;
  readonly namespace?: string | null;
}

/** Makes a folder like a pod's service account volume. */
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

/** The environment of a container: the API server's address and an empty home. */
export async function podEnvironment(host: string, port: number): Promise<Record<string, string>> {
  const home = join(makeFolder(), 'home');
  await mkdir(home);
  return { HOME: home, KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: String(port) };
}

/** The words before a command that give it mounts of its own; undefined where the system does not permit that. */
export function mountNamespace(): readonly string[] | undefined {
  // As an ordinary user a user namespace of one's own gives the right to mount, where the system allows those.
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
      // Not permitted this way; that is the question.
      return false;
    }
  });
}

/**
 * Runs kapi where `folder` is mounted at the place a kubelet uses and HOME is read-only. /run is covered by a file system in memory for that
 * one process, so nothing is left on the machine.
 */
export function runInPod(
  namespaceWords: readonly string[],
  folder: string,
  args: readonly string[],
  options: RunOptions,
): Promise<Result> {
  return runProgramInPod(namespaceWords, folder, [process.execPath, kapiFile, ...args], options);
}

/** The same for any program with its arguments. */
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
    // Containers often have nothing to write to.
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
