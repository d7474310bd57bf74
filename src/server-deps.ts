// Provides the server to a command: requests, connections, discovery and schemas. Entry point:
// openServerDeps().

import { join } from 'node:path';
import { version } from '../package.json';
import type { Discovery } from './api/open-discovery.ts';
import type { OpenApi } from './api/openapi.ts';
import type { Deps } from './commands/deps.ts';
import type { GlobalOptions } from './commands/global-options.ts';
import type { ConfigDeps } from './config-deps.ts';
import { cacheOf } from './model/home.ts';
import { once } from './model/once.ts';
import type { Send } from './model/request.ts';
import type { TransportOptions } from './transport/link.ts';
import type { World } from './world.ts';

export interface ServerDeps extends Pick<
  Deps,
  'send' | 'openTraffic' | 'probe' | 'discovery' | 'openApi' | 'countServerWarnings'
> {
  /**
   * Makes a Discovery with another `Send`.
   * @param isKept true to use the cache on disk
   */
  readonly discoverBy: (send: Send, isKept: boolean) => Promise<Discovery>;
  /**
   * Makes an OpenApi with other `Send`s, without the cache on disk.
   * @param sendIndex sends the request for the index of the documents
   */
  readonly openApiBy: (send: Send, sendIndex: Send) => Promise<OpenApi>;
}

/** Makes the server dependencies of one command. */
export function openServerDeps(
  globals: GlobalOptions,
  world: World,
  { config, authenticator }: ConfigDeps,
  { sleep, warn, log }: Pick<Deps, 'sleep' | 'warn'> & { readonly log: (line: string) => void },
): ServerDeps {
  const { env, now, clock, random, signal } = world;
  let serverWarnings = 0;
  const transportOptions: TransportOptions = {
    userAgent: `kapi/${version}`,
    signal,
    now,
    clock,
    env,
    sleep,
    random,
    platform: world.platform,
    nodeVersion: world.nodeVersion,
    warn: (text) => {
      serverWarnings++;
      warn(`Warning: ${text}`);
    },
    verbose: globals.verbose === 0 ? undefined : { level: globals.verbose, line: log },
  };
  const send = once(async (): Promise<Send> => {
    if (world.send !== undefined) return world.send;
    const [{ openSend }, credentials, resolved] = await Promise.all([
      import('./transport/send.ts'),
      authenticator(),
      config(),
    ]);
    return openSend(resolved, credentials, transportOptions);
  });
  /** A directory next to kubectl's cache, never in its files. Undefined: no cache. */
  const cacheDirectory = once(async (): Promise<string | undefined> => {
    const { cacheKeyOf } = await import('./api/discovery-cache.ts');
    const ofUser = cacheOf(world.env, world.platform, world.home);
    const named = world.env['KUBECACHEDIR'] ?? '';
    const base = globals.cacheDir ?? (named === '' ? ofUser : named);
    return base === undefined ? undefined : join(base, 'kapi', cacheKeyOf((await config()).server.value));
  });
  const discoverBy: ServerDeps['discoverBy'] = async (by, isKept) => {
    const [{ openDiscovery }, { openDiscoveryCache }] = await Promise.all([
      import('./api/open-discovery.ts'),
      import('./api/discovery-cache.ts'),
    ]);
    const { requestTimeoutMs, authorization } = await config();
    return openDiscovery({
      send: by,
      cache: openDiscoveryCache(isKept ? await cacheDirectory() : undefined, world.uid),
      now,
      warn,
      signal,
      // The transport applies a time limit of the user.
      limitMs: requestTimeoutMs > 0 ? Infinity : undefined,
      // A plugin can open a browser.
      awaitsLogin: authorization.kind === 'exec',
    });
  };
  const openApiOver = async (by: Send, sendIndex: Send, directory: string | undefined): Promise<OpenApi> => {
    const [{ openOpenApi }, { openOpenApiCache }] = await Promise.all([
      import('./api/openapi.ts'),
      import('./api/openapi-cache.ts'),
    ]);
    return openOpenApi({ send: by, sendIndex, cache: openOpenApiCache(directory, world.uid), signal });
  };
  return {
    send,
    openTraffic: async (until) => {
      const [{ openSend }, { openUpgrade }, credentials, resolved] = await Promise.all([
        import('./transport/send.ts'),
        import('./transport/upgrade.ts'),
        authenticator(),
        config(),
      ]);
      const options: TransportOptions = {
        ...transportOptions,
        signal: until,
        load: 'many',
        warn: () => undefined,
      };
      return {
        send: world.send ?? openSend(resolved, credentials, options),
        upgrade: openUpgrade(resolved, credentials, options),
      };
    },
    probe: once(async () => {
      if (world.probe !== undefined) return world.probe;
      const { openProbe } = await import('./transport/probe.ts');
      return openProbe(await config(), await authenticator(), transportOptions);
    }),
    discovery: once(async () => discoverBy(await send(), true)),
    openApi: once(async () => openApiOver(await send(), await send(), await cacheDirectory())),
    countServerWarnings: () => serverWarnings,
    discoverBy,
    openApiBy: (by, sendIndex) => openApiOver(by, sendIndex, undefined),
  };
}
