// Containers for the standalone kapi: minimal root file systems, entered like a container of a
// kubelet. Entry points: whyNoRoots, makeRoot, inRoot.
import { execFileSync } from 'node:child_process';
import { chmod, chown, copyFile, cp, mkdir, symlink, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { makeFolder, testServer } from '../kapi.ts';
import { mountNamespace, writeServiceAccount } from '../pod.ts';

/** The user of the containers, `nobody`, who owns no file in them. */
export const containerUser = 65534;

const busybox = '/bin/busybox';
const musl = '/lib/x86_64-linux-musl/libc.so';
const serviceAccount = 'var/run/secrets/kubernetes.io/serviceaccount';

/** Returns why this machine cannot enter a separate root. Undefined if it can. */
export function whyNoRoots(): string | undefined {
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'the file is for Linux on x64';
  if (process.getuid?.() !== 0 || mountNamespace() === undefined) return 'chroot and mount need root';
  if (!existsSync(busybox) || !isStatic(busybox)) return 'no static busybox (Debian: busybox-static)';
  if (!existsSync(musl)) return 'no musl (Debian: musl)';
  return undefined;
}

function isStatic(program: string): boolean {
  return !execFileSync('od', ['-An', '-c', '-N', '1024', program], { encoding: 'utf8' })
    .replaceAll(/\s/g, '')
    .includes('ld-linux');
}

/** The content of a root in addition to a static busybox. */
export type RootKind = 'busybox' | 'musl';

/**
 * Makes a root file system with the service account's files, and a directory /scratch that belongs
 * to the container's user.
 * @param kind with `musl`, also its loader and libc
 */
export async function makeRoot(kind: RootKind): Promise<string> {
  const root = join(makeFolder(), 'root');
  for (const folder of ['bin', 'etc', 'lib', 'proc', 'dev', 'tmp'])
    await mkdir(join(root, folder), { recursive: true });
  await copyFile(busybox, join(root, 'bin/busybox'));
  const applets = execFileSync(busybox, ['--list'], { encoding: 'utf8' }).trim().split('\n');
  for (const applet of applets) if (applet !== 'busybox') await symlink('busybox', join(root, 'bin', applet));
  if (kind === 'musl') {
    await copyFile(musl, join(root, 'lib/libc.musl-x86_64.so.1'));
    await symlink('libc.musl-x86_64.so.1', join(root, 'lib/ld-musl-x86_64.so.1'));
    await chmod(join(root, 'lib/libc.musl-x86_64.so.1'), 0o755);
  }
  await furnish(root);
  return root;
}

/** Adds what a kubelet adds to an image: the service account's files, and a writable directory. */
export async function furnish(root: string): Promise<void> {
  await cp(await writeServiceAccount(), join(root, serviceAccount), { recursive: true });
  await chmod(join(root, serviceAccount), 0o755);
  await mkdir(join(root, 'scratch'));
  await chown(join(root, 'scratch'), containerUser, containerUser);
}

const scratches = {
  own: 'true',
  'read-only': 'mount -o remount,bind,ro "$1/scratch"',
  noexec: 'mount -o remount,bind,noexec "$1/scratch"',
  small: 'mount -t tmpfs -o size=16m none "$1/scratch"',
};

/** Options for entering a root. */
export interface Entry {
  /** The command inside the root. */
  readonly command: readonly string[];
  /** User and group. Default: root. */
  readonly user?: number;
  /**
   * Kind of /scratch, the only directory that can be writable: owned by the user, read-only,
   * without execution, or limited to 16 MB. Default: owned by the user.
   */
  readonly scratch?: keyof typeof scratches;
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Returns the program and arguments that run the command inside `root`. Signals to the child
 * process reach the command.
 */
export function inRoot(root: string, entry: Entry): { readonly program: string; readonly args: string[] } {
  const { command, user, scratch = 'own', env = {} } = entry;
  const { host, port } = testServer();
  const script = [
    'set -e',
    'mount --bind "$1" "$1"',
    'mount --bind "$1/scratch" "$1/scratch"',
    // What every container has of /proc and /dev.
    'mount -t proc proc "$1/proc" || mount --rbind /proc "$1/proc"',
    'mount --rbind /dev "$1/dev"',
    'mount -t tmpfs -o ro none "$1/dev/shm"',
    'mount -o remount,bind,ro "$1"',
    scratches[scratch],
    'shift',
    'exec env -i "$@"',
  ].join('\n');
  const variables = {
    PATH: '/usr/local/bin:/usr/bin:/bin',
    KUBERNETES_SERVICE_HOST: host,
    KUBERNETES_SERVICE_PORT: String(port),
    ...env,
  };
  return {
    program: 'unshare',
    args: [
      ...['--mount', '--propagation', 'private', 'sh', '-c', script, 'sh', root],
      ...Object.entries(variables).map(([name, value]) => `${name}=${value}`),
      ...['/usr/sbin/chroot', `--userspec=${user ?? 0}:${user ?? 0}`, '--groups=', root, ...command],
    ],
  };
}

/** Makes the root resolve names with another name server. */
export async function nameServerOf(root: string, address: string): Promise<void> {
  const lines = [`nameserver ${address}`, 'search default.svc.cluster.local svc.cluster.local cluster.local'];
  await writeFile(join(root, 'etc/resolv.conf'), `${lines.join('\n')}\noptions ndots:5 timeout:2\n`);
}
