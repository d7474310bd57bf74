// Keeps the shell of a sandbox apart from real clusters: KAPI_SANDBOX_DIR says that the command runs below `kapi sandbox --
// COMMAND`, yet a KUBECONFIG of the shell's own files or a flag may lead somewhere else. Entry points: strayFromSandbox(),
// refuseWrite().

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClusterConfig } from '../config/cluster-config.ts';
import { UsageError } from '../errors.ts';
import type { Deps, Env } from './deps.ts';

/**
 * Whether the server is another one than that of the sandbox which the command runs in.
 * @returns what to say of it; undefined in the sandbox and outside of any
 */
export async function strayFromSandbox(
  { server }: Pick<ClusterConfig, 'server'>,
  env: Env,
): Promise<string | undefined> {
  const directory = env['KAPI_SANDBOX_DIR'] ?? '';
  if (directory === '') return undefined;
  const own = await serverIn(join(directory, 'kubeconfig'));
  if (own !== undefined && originOf(own) === originOf(server.value)) return undefined;
  return (
    `the server ${originOf(server.value)} (from ${server.origin.text}) is not the sandbox of this shell; ` +
    '`export KUBECONFIG="$KAPI_SANDBOX_DIR/kubeconfig"` leads back to it'
  );
}

/**
 * Refuses requests that write to another server than the sandbox which the command runs in.
 * @param what the writing thing, for the message
 * @param stray what {@link strayFromSandbox} has found
 * @throws UsageError `NotTheSandbox`
 */
export function refuseWrite(what: string, stray: string | undefined): void {
  if (stray === undefined) return;
  throw new UsageError(`${what} would write to a server that is not the sandbox of this shell`, {
    code: 'NotTheSandbox',
    hint: '--yes-not-the-sandbox writes to this server anyway',
  });
}

/** What {@link refuseWrite} needs; undefined where nothing is sent or the user has agreed. */
export async function strayOf(deps: Deps, isAgreed: boolean): Promise<string | undefined> {
  if (isAgreed || deps.globals.curl || (deps.env['KAPI_SANDBOX_DIR'] ?? '') === '') return undefined;
  return strayFromSandbox(await deps.config(), deps.env);
}

/** The server of a sandbox's own kubeconfig; undefined where the sandbox is gone. */
async function serverIn(file: string): Promise<string | undefined> {
  try {
    return /^\s*server: (\S+)\s*$/m.exec(await readFile(file, 'utf8'))?.[1];
  } catch {
    return undefined;
  }
}

/** Scheme, host and port, without user and password. */
function originOf(server: string): string {
  if (!URL.canParse(server)) return server;
  const url = new URL(server);
  if (url.hostname === 'localhost') url.hostname = '127.0.0.1';
  return url.origin;
}
