// Finds etcd, kube-apiserver and kubectl, and builds missing ones if a Go toolchain is available.
// Entry points: findServerBinaries, findKubectl. All three come from one Go module,
// ../apiserver/go.mod.
import { execFile, spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { access, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Paths of the two programs of an API server. */
export interface ServerBinaries {
  readonly etcd: string;
  readonly apiServer: string;
}

/** Thrown if a program is not available. The message says how to get it. */
export class MissingBinary extends Error {}

/** A program of the Go module: its source and the name of the built file. */
interface Program {
  /** Name on PATH and below KUBEBUILDER_ASSETS. */
  readonly name: string;
  /** Go package with its main function. */
  readonly goPackage: string;
  /** The module whose version in go.mod is that of the program. */
  readonly goModule: string;
  /** Advice for users without Go. */
  readonly advice: string;
}

const kubernetesAdvice =
  'install Go 1.21 or later (it is then built, some 5 minutes once), or put the programs of ' +
  'https://book.kubebuilder.io/reference/envtest.html (setup-envtest use) in a folder and name it in KUBEBUILDER_ASSETS';

const programs = {
  apiServer: {
    name: 'kube-apiserver',
    goPackage: 'k8s.io/kubernetes/cmd/kube-apiserver',
    goModule: 'k8s.io/kubernetes',
    advice: kubernetesAdvice,
  },
  kubectl: {
    name: 'kubectl',
    goPackage: 'k8s.io/kubernetes/cmd/kubectl',
    goModule: 'k8s.io/kubernetes',
    advice: kubernetesAdvice,
  },
  etcd: {
    name: 'etcd',
    goPackage: 'go.etcd.io/etcd/server/v3',
    goModule: 'go.etcd.io/etcd/server/v3',
    advice:
      'install it (Debian: apt-get install etcd-server), or install Go 1.21 or later (it is then built)',
  },
} as const satisfies Record<string, Program>;

const moduleFolder = fileURLToPath(new URL('../apiserver/', import.meta.url));

/**
 * The oldest kubectl with today's output: later ones do not differ in anything that the suite
 * compares.
 */
const oldestKubectlMinor = 36;

/**
 * Which etcd: any available one, or the one of go.mod, which this version of Kubernetes is tested
 * with.
 */
export type WhichEtcd = 'any' | 'of-kubernetes';

/**
 * Finds the programs: KUBEBUILDER_ASSETS, then PATH, then the cache, then a build. Uses etcd from
 * PATH for `of-kubernetes` only if it cannot be built: a server reads lists from its cache with
 * etcd 3.5 or later, and with an older one from etcd, page by page.
 * @param say prints a line of progress
 * @throws MissingBinary
 */
export async function findServerBinaries(
  say: (line: string) => void,
  which: WhichEtcd = 'any',
): Promise<ServerBinaries> {
  // One after the other: two parallel Go builds are not faster.
  const etcd = await (which === 'any' ? obtain(programs.etcd, say) : obtainOfKubernetes(programs.etcd, say));
  return { etcd, apiServer: await obtain(programs.apiServer, say) };
}

async function obtainOfKubernetes(program: Program, say: (line: string) => void): Promise<string> {
  const own = (await inAssets(program)) ?? (await executable(await cachedFile(program)));
  if (own !== undefined) return own;
  const installed = await onPath(program.name);
  if (installed === undefined || (await onPath('go')) !== undefined) return build(program, say);
  say(
    `there is no Go toolchain to build etcd ${await versionOf(program)} with: ${installed} takes its place`,
  );
  return installed;
}

/**
 * Finds the kubectl to compare with: KUBEBUILDER_ASSETS, the cache, PATH if it is not older than
 * 1.31, then a build. The cache comes before PATH because it has the server's own version.
 * @throws MissingBinary
 */
export async function findKubectl(say: (line: string) => void): Promise<string> {
  const { kubectl } = programs;
  const own = (await inAssets(kubectl)) ?? (await executable(await cachedFile(kubectl)));
  if (own !== undefined) return own;
  const installed = await onPath(kubectl.name);
  if (installed !== undefined && (await minorOfKubectl(installed)) >= oldestKubectlMinor) return installed;
  return build(kubectl, say);
}

async function obtain(program: Program, say: (line: string) => void): Promise<string> {
  return (
    (await inAssets(program)) ??
    (await onPath(program.name)) ??
    (await executable(await cachedFile(program))) ??
    (await build(program, say))
  );
}

async function inAssets(program: Program): Promise<string | undefined> {
  const folder = process.env['KUBEBUILDER_ASSETS'];
  return folder === undefined || folder === '' ? undefined : executable(join(folder, program.name));
}

async function onPath(name: string): Promise<string | undefined> {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const found = folder === '' ? undefined : await executable(join(folder, name));
    if (found !== undefined) return found;
  }
  return undefined;
}

async function executable(file: string): Promise<string | undefined> {
  try {
    await access(file, constants.X_OK);
    return file;
  } catch {
    // Absent or not executable: search further in both cases.
    return undefined;
  }
}

async function minorOfKubectl(file: string): Promise<number> {
  const { stdout } = await run(file, ['version', '--client', '-o', 'json']);
  return Number(/"minor": "(\d+)/.exec(stdout)?.[1] ?? 0);
}

/**
 * Returns the cache directory. It is outside the checkout, so that a new clone need not build
 * again.
 */
export function cacheFolder(): string {
  const base = process.env['XDG_CACHE_HOME'];
  return join(base === undefined || base === '' ? join(homedir(), '.cache') : base, 'kapi-e2e');
}

async function versionOf(program: Program): Promise<string> {
  const text = await readFile(join(moduleFolder, 'go.mod'), 'utf8');
  const line = text.split('\n').find((one) => one.trim().startsWith(`${program.goModule} v`));
  const version = line?.trim().split(' ')[1];
  if (version === undefined) throw new Error(`go.mod does not require ${program.goModule}`);
  return version;
}

async function cachedFile(program: Program): Promise<string> {
  return join(cacheFolder(), `${program.name}-${await versionOf(program)}`);
}

/** Builds into the cache. A second process that needs the same program waits for the first. */
async function build(program: Program, say: (line: string) => void): Promise<string> {
  const go = await onPath('go');
  if (go === undefined) {
    throw new MissingBinary(
      `${program.name} is neither below KUBEBUILDER_ASSETS, nor on PATH, nor in ${cacheFolder()}, and there is no Go ` +
        `toolchain to build it with. To get it: ${program.advice}.`,
    );
  }
  const target = await cachedFile(program);
  await mkdir(cacheFolder(), { recursive: true });
  const release = await lock(`${target}.lock`, () => {
    say(`${program.name} is being built by another run; waiting for it`);
  });
  try {
    const builtMeanwhile = await executable(target);
    if (builtMeanwhile !== undefined) return builtMeanwhile;
    const unfinished = `${target}.${process.pid}`;
    try {
      await compile(go, program, unfinished, say);
      // Atomic: a file with its final name is complete.
      await rename(unfinished, target);
    } finally {
      await rm(unfinished, { force: true });
    }
    return target;
  } finally {
    await release();
  }
}

async function compile(
  go: string,
  program: Program,
  output: string,
  say: (line: string) => void,
): Promise<void> {
  const version = await versionOf(program);
  const [, minor] = version.split('.');
  const stamp = 'k8s.io/component-base/version';
  const linkerFlags =
    program.goModule === 'k8s.io/kubernetes'
      ? `-s -w -X ${stamp}.gitVersion=${version} -X ${stamp}.gitMajor=1 -X ${stamp}.gitMinor=${minor ?? ''}`
      : '-s -w';
  const startedAt = Date.now();
  say(`building ${program.name} ${version} from its Go module; kept in ${cacheFolder()} afterwards`);
  const compiler = spawn(
    go,
    ['build', '-v', '-trimpath', '-buildvcs=false', '-o', output, '-ldflags', linkerFlags, program.goPackage],
    { cwd: moduleFolder, env: { ...process.env, CGO_ENABLED: '0' }, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let said = '';
  let packages = 0;
  compiler.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-4000);
    packages += text.split('\n').length - 1;
  });
  const seconds = (): number => Math.round((Date.now() - startedAt) / 1000);
  const ticker = setInterval(() => {
    say(`  ${program.name}: ${packages} packages, ${seconds()} s`);
  }, 15_000);
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      compiler.once('error', reject);
      compiler.once('close', resolve);
    });
    if (code !== 0) {
      throw new MissingBinary(
        `${program.name} could not be built (go build ended with ${code}):\n${said.trim()}`,
      );
    }
  } finally {
    clearInterval(ticker);
  }
  say(`built ${program.name} ${version} in ${seconds()} s`);
}

/**
 * Locks with a directory, because creating one is atomic everywhere. Takes over a lock of a process
 * that is gone.
 */
async function lock(folder: string, onWait: () => void): Promise<() => Promise<void>> {
  const owner = join(folder, 'pid');
  let waited = false;
  for (;;) {
    try {
      await mkdir(folder);
      await writeFile(owner, String(process.pid));
      return () => rm(folder, { recursive: true, force: true });
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
    if (await isAbandoned(folder, owner)) {
      await rm(folder, { recursive: true, force: true });
    } else if (!waited) {
      waited = true;
      onWait();
    }
    await sleep(500);
  }
}

async function isAbandoned(folder: string, owner: string): Promise<boolean> {
  const pid = Number(await readFile(owner, 'utf8').catch(() => ''));
  if (pid === 0) {
    // Just created and without a pid file yet, or its creator died in between.
    const made = await stat(folder).catch(() => undefined);
    return made !== undefined && Date.now() - made.mtimeMs > 10_000;
  }
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
}
