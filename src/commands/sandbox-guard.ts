// Protects real clusters from the shell of a sandbox: KAPI_SANDBOX_DIR means that the command runs
// below `kapi sandbox -- COMMAND`, but a KUBECONFIG set by the shell's own files or a flag can
// select another cluster. Entry points: describeOtherServer(), refuseWrite().

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClusterConfig } from '../config/cluster-config.ts';
import { UsageError } from '../errors.ts';
import type { Deps, Env } from './deps.ts';

/**
 * Checks whether the server differs from that of the surrounding sandbox.
 * @returns a phrase about the other server; undefined in the sandbox and outside of any
 */
export async function describeOtherServer(
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
 * Refuses requests that write to a server other than the surrounding sandbox.
 * @param what the writing command or flag, for the message
 * @param stray the result of {@link describeOtherServer}
 * @throws UsageError `NotTheSandbox`
 */
export function refuseWrite(what: string, stray: string | undefined): void {
  if (stray === undefined) return;
  throw new UsageError(`${what} would write to a server that is not the sandbox of this shell`, {
    code: 'NotTheSandbox',
    hint: '--yes-not-the-sandbox writes to this server anyway',
  });
}

/**
 * Returns the input of {@link refuseWrite}. Undefined if nothing is sent or the user has agreed.
 */
export async function findOtherServer(deps: Deps, isAgreed: boolean): Promise<string | undefined> {
  if (isAgreed || deps.globals.curl || (deps.env['KAPI_SANDBOX_DIR'] ?? '') === '') return undefined;
  return describeOtherServer(await deps.config(), deps.env);
}

/** Returns the server in a sandbox's kubeconfig. Undefined if the sandbox is gone. */
async function serverIn(file: string): Promise<string | undefined> {
  try {
    return /^\s*server: (\S+)\s*$/m.exec(await readFile(file, 'utf8'))?.[1];
  } catch {
    return undefined;
  }
}

/** Returns scheme, host and port, without user and password. */
function originOf(server: string): string {
  if (!URL.canParse(server)) return server;
  const url = new URL(server);
  if (url.hostname === 'localhost') url.hostname = '127.0.0.1';
  return url.origin;
}
