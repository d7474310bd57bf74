// Runs kapi proxy.

import { setMaxListeners } from 'node:events';
import { platform } from 'node:os';
import { ConfigError, fileProblemOf, systemCodeOf } from '../../errors.ts';
import { waitForAbort } from '../../model/abort.ts';
import { isLoopback, parseIp } from '../../model/ip-address.ts';
import { readRules } from '../../proxy/filters.ts';
import { logLine } from '../../proxy/log-line.ts';
import { openProxy, type RunningProxy } from '../../proxy/proxy.ts';
import { checkSocketPath, removeStaleSocket } from '../../proxy/unix-socket.ts';
import type { Deps } from '../deps.ts';
import { refuseWrite, findOtherServer } from '../sandbox-guard.ts';
import { describeRequest } from './describe.ts';
import type { ProxyCommandOptions } from './options.ts';
import { describePath } from '../../model/path-value.ts';

/** Milliseconds that pending requests have after Ctrl-C. */
const graceMs = 2_000;

/** Runs the proxy. @throws Interrupted when a signal ends it, which is the only way to end it */
export async function runProxy(options: ProxyCommandOptions, deps: Deps): Promise<never> {
  const { listen, prefix } = options;
  const rules = readRules(options.filters);
  if (rules.allowWrites) refuseWrite('--allow-writes', await findOtherServer(deps, options.notTheSandbox));
  if ('path' in listen) await checkSocketPath(listen.path, platform());
  await deps.surviveHangup();
  // Not the signal of the process: pending requests outlive it for a moment.
  const traffic = new AbortController();
  // Every pending request listens, so many listeners are not a leak.
  setMaxListeners(0, traffic.signal);
  const { send, upgrade } = await deps.openTraffic(traffic.signal);
  const proxy = await openAndReplaceStaleSocket(options, () =>
    openProxy({
      listen,
      prefix,
      rules,
      privately: deps.withPrivateFiles,
      send,
      upgrade,
      describe: describeRequest,
      log: (entry) => {
        deps.warn(logLine(entry));
      },
      clock: deps.clock,
    }),
  );
  try {
    if ('host' in listen && !isLoopbackHost(listen.host)) {
      deps.warn(
        `Warning: ${proxy.address} can be reached from other machines: every client of it acts as you; --accept-hosts must match the name they use`,
      );
    }
    await deps.io.out.write(`Starting to serve on ${proxy.address}\n`);
    await waitForAbort(deps.signal);
  } finally {
    await proxy.stop(graceMs);
    traffic.abort(deps.signal.reason);
  }
  throw deps.signal.reason;
}

/** True if only this machine (in a pod: the containers of the pod) can reach an address. */
function isLoopbackHost(host: string): boolean {
  const ip = parseIp(host);
  return ip !== undefined && isLoopback(ip);
}

async function openAndReplaceStaleSocket(
  { listen }: ProxyCommandOptions,
  open: () => Promise<RunningProxy>,
): Promise<RunningProxy> {
  try {
    return await open();
  } catch (cause) {
    if (!('path' in listen) || systemCodeOf(cause) !== 'EADDRINUSE') throw listenError(listen, cause);
  }
  // Only now, so that the file of a running proxy is never missing.
  await removeStaleSocket(listen.path);
  try {
    return await open();
  } catch (cause) {
    throw listenError(listen, cause);
  }
}

function listenError(listen: ProxyCommandOptions['listen'], cause: unknown): unknown {
  const code = systemCodeOf(cause);
  if (code === undefined) return cause;
  const where = 'path' in listen ? describePath(listen.path) : `port ${listen.port} of ${listen.host}`;
  const why =
    code === 'EADDRINUSE'
      ? 'it is in use'
      : code === 'EADDRNOTAVAIL'
        ? 'this machine has no such address'
        : fileProblemOf(cause);
  return new ConfigError(`cannot listen on ${where}: ${why}`, {
    code: 'AddressUnavailable',
    hint: code === 'EADDRINUSE' && 'port' in listen ? '--port 0 takes a free port' : undefined,
    cause,
  });
}
