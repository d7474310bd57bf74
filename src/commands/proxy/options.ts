// Parses words and flags of kapi proxy to options.

import { UsageError } from '../../errors.ts';
import { parseIp } from '../../model/ip-address.ts';
import type { FilterTexts } from '../../proxy/filters.ts';
import { prefixOf } from '../../proxy/target.ts';
import { parseCount, textOf } from '../read-flags.ts';
import type { RawFlags } from '../raw-flags.ts';

export interface ProxyCommandOptions {
  readonly listen: { readonly port: number; readonly host: string } | { readonly path: string };
  /** Segments of the path prefix that the proxy serves the API under. Empty for the root. */
  readonly prefix: readonly string[];
  /** Not compiled yet: that needs a library which other commands do not load. */
  readonly filters: FilterTexts;
  /** True to allow writes to another server in the shell of a sandbox. */
  readonly notTheSandbox: boolean;
}

/**
 * kubectl's default with its documented meaning. kubectl's own pattern misses `[::1]` with a port.
 */
export const defaultHosts = '^localhost$,^127\\.0\\.0\\.1$,^\\[::1\\]$';

/** kubectl's default. */
export const defaultRejectedPaths = '^/api/.*/pods/.*/exec,^/api/.*/pods/.*/attach';

const defaultPort = 8001;

/** Parses words and flags. @throws UsageError for an invalid port, address, or prefix */
export function parseProxyOptions(_words: readonly string[], flags: RawFlags): ProxyCommandOptions {
  return {
    listen: parseListen(flags),
    prefix: parsePrefix(textOf(flags, 'api-prefix') ?? '/'),
    notTheSandbox: flags['yes-not-the-sandbox'] === true,
    filters: {
      allowWrites: flags['allow-writes'] === true,
      acceptHosts: textsOf(flags, 'accept-hosts', defaultHosts),
      acceptPaths: textsOf(flags, 'accept-paths', '^.*'),
      rejectPaths: textsOf(flags, 'reject-paths', defaultRejectedPaths),
      rejectMethods: textsOf(flags, 'reject-methods', ''),
    },
  };
}

function parseListen(flags: RawFlags): ProxyCommandOptions['listen'] {
  const path = textOf(flags, 'unix-socket');
  const port = parseCount(flags, 'port');
  const address = textOf(flags, 'address');
  if (path !== undefined) {
    if (port !== undefined || address !== undefined) {
      throw new UsageError('--unix-socket takes the place of --port and --address', {
        code: 'FlagsConflict',
      });
    }
    return { path };
  }
  if (port !== undefined && port > 65_535) {
    throw new UsageError(`invalid value "${port}" of --port: ports end at 65535`, { code: 'BadFlagValue' });
  }
  const host = address?.replace(/^\[(.*)\]$/, '$1') ?? '127.0.0.1';
  // A name is not accepted, because the address of a name can change. An IPv6 address can have a
  // zone (fe80::1%eth0).
  if (parseIp(host.replace(/^(.*:.*)%[^%]+$/, '$1')) === undefined) {
    throw new UsageError(`invalid value "${host}" of --address: it takes an IP address of this machine`, {
      code: 'BadFlagValue',
    });
  }
  return { port: port ?? defaultPort, host };
}

function parsePrefix(text: string): readonly string[] {
  const prefix = text.startsWith('/') ? prefixOf(text) : undefined;
  if (prefix !== undefined) return prefix;
  throw new UsageError(`invalid value "${text}" of --api-prefix: it takes a path such as /k8s/`, {
    code: 'BadFlagValue',
  });
}

/** Returns all values of a flag, or its default if it was not given. */
function textsOf(flags: RawFlags, name: string, otherwise: string): readonly string[] {
  const given = flags[name];
  return typeof given === 'object' ? given : [typeof given === 'string' ? given : otherwise];
}
