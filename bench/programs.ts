// The measured programs: kapi with each Node, kubectl, curl, the standalone file; and their
// versions.
import { execFile } from 'node:child_process';
import { access, constants, stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { findKubectl, MissingBinary } from '../test/e2e/server/binaries.ts';

const run = promisify(execFile);

/** The built program. */
export const kapiFile = fileURLToPath(new URL('../bin/kapi.js', import.meta.url));

/** Where `npm run build:standalone` puts the file of this machine. */
export const defaultStandalone = fileURLToPath(
  new URL(`../dist-standalone/kapi-linux-${process.arch}`, import.meta.url),
);

/** A Node that runs kapi. */
export interface NodeProgram {
  readonly path: string;
  /** Without the v. */
  readonly version: string;
  readonly major: number;
}

/** @throws Error if it is not Node */
export async function openNode(path: string): Promise<NodeProgram> {
  const { stdout } = await run(path, ['-p', 'process.versions.node']).catch((error: unknown) => {
    throw new Error(
      `${path} cannot be run as Node: ${error instanceof Error ? error.message : String(error)}`,
    );
  });
  const version = stdout.trim();
  const major = Number(version.split('.')[0]);
  if (!Number.isInteger(major)) throw new Error(`${path} is not Node: its version is ${version}`);
  return { path, version, major };
}

/** A program, or the reason why it is missing. */
export type Found = { readonly path: string; readonly version: string } | { readonly missing: string };

/** The program in KUBECTL, or the kubectl of the e2e suite. */
export async function openKubectl(
  environment: Readonly<Record<string, string | undefined>>,
  say: (line: string) => void,
): Promise<Found> {
  const named = environment['KUBECTL'];
  try {
    const path = named === undefined || named === '' ? await findKubectl(say) : named;
    const { stdout } = await run(path, ['version', '--client', '-o', 'json']);
    const version = /"gitVersion": "v([^"]+)/.exec(stdout)?.[1] ?? 'of unknown version';
    if (version.includes('dispatcher')) {
      say(`${path} only starts another kubectl, which costs it time: name the other one in KUBECTL`);
    }
    return { path, version };
  } catch (error) {
    if (error instanceof MissingBinary || named === undefined) return { missing: messageOf(error) };
    throw new Error(`KUBECTL=${named} cannot be run: ${messageOf(error)}`);
  }
}

export async function openCurl(): Promise<Found> {
  try {
    const { stdout } = await run('curl', ['--version']);
    return { path: 'curl', version: /^curl (\S+)/.exec(stdout)?.[1] ?? 'of unknown version' };
  } catch (error) {
    return { missing: `curl cannot be run: ${messageOf(error)}` };
  }
}

/** The self-extracting file. Its version includes its size. */
export async function openStandalone(path: string): Promise<Found> {
  try {
    await access(path, constants.X_OK);
  } catch {
    return {
      missing: `${path} is not there: make it (npm run build:standalone) or name another with --standalone`,
    };
  }
  // One that does not run fails in its measurement.
  const { stdout } = await run(path, ['--version']).catch(() => ({ stdout: 'of unknown version' }));
  const { size } = await stat(path);
  return { path, version: `${stdout.trim()}, ${(size / 1e6).toFixed(1)} MB` };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
