// Provides the local configuration to a command: kubeconfig or pod files, and credentials. Entry
// point: openConfigDeps().

import type { Authenticator } from './auth/authenticator.ts';
import type { Deps } from './commands/deps.ts';
import type { GlobalOptions } from './commands/global-options.ts';
import type { ClusterConfig } from './config/cluster-config.ts';
import type { RequestSettings } from './config/input.ts';
import type { KubeconfigInput } from './config/kubeconfig.ts';
import type { Io } from './io/io.ts';
import { once } from './model/once.ts';
import type { World } from './world.ts';

export interface ConfigDeps extends Pick<
  Deps,
  'forRequests' | 'config' | 'credentials' | 'contexts' | 'entryNames' | 'parseDocument' | 'preferences'
> {
  readonly authenticator: () => Promise<Authenticator>;
}

/** Makes the configuration dependencies of one command. */
export function openConfigDeps(
  globals: GlobalOptions,
  io: Io,
  world: World,
  { warn, log }: { readonly warn: (text: string) => void; readonly log: (text: string) => void },
): ConfigDeps {
  const { env, now, signal } = world;
  let settings: RequestSettings = {};
  const input = (): KubeconfigInput => ({
    overrides: { ...globals, ...settings },
    env,
    home: world.home,
    cwd: world.cwd,
    readFile: world.shared?.readFile,
    kubeconfig: world.shared?.kubeconfig,
  });
  const parseDocument: Deps['parseDocument'] = async (text) =>
    (await import('./config/document.ts')).parseDocument(text);
  const loadConfig = async (): Promise<ClusterConfig> => {
    if (world.config !== undefined) return world.config;
    const { loadClusterConfig } = await import('./config/load.ts');
    return loadClusterConfig(input());
  };
  const config = once(async () => {
    const resolved = await loadConfig();
    if (globals.verbose > 0) {
      const { configLines } = await import('./commands/config-facts.ts');
      configLines(resolved, globals.verbose).forEach(log);
    }
    if ((env['KAPI_SANDBOX_DIR'] ?? '') !== '' && world.unattended !== true) {
      const { describeOtherServer } = await import('./commands/sandbox-guard.ts');
      const stray = await describeOtherServer(resolved, env);
      if (stray !== undefined) warn(`Warning: ${stray}`);
    }
    return resolved;
  });
  const authenticator = once(async () => {
    const [{ openAuthenticator }, resolved] = await Promise.all([
      import('./auth/open-authenticator.ts'),
      config(),
    ]);
    const isApart = world.unattended === true;
    const open = (): Authenticator =>
      openAuthenticator(resolved, {
        ...{ env, now, signal, stdinIsTTY: () => io.in.isTTY, parseDocument, apart: isApart },
        // Only plugins use it: Node creates the stream of standard error at the first access.
        get pluginStderr() {
          if (isApart) return () => undefined;
          // A plugin can draw on a terminal. Elsewhere runPlugin() passes the plugin's standard
          // error on and counts its bytes: the error of a plugin that wrote 0 bytes says so.
          return io.err.isTTY ? 'inherit' : (chunk: Uint8Array) => void io.err.write(chunk);
        },
        pluginTurn: world.shared?.pluginTurn,
        readFile: async (path) => (await import('./config/input.ts')).readFileAsText(path),
      });
    return world.shared === undefined ? open() : world.shared.authenticator(resolved, open);
  });
  return {
    forRequests: (given) => {
      settings = given;
    },
    config,
    authenticator,
    credentials: once(async () => {
      const { openLocalCredentials } = await import('./auth/local-credentials.ts');
      return openLocalCredentials(await config(), await authenticator());
    }),
    contexts: once(async () => (await import('./config/contexts.ts')).readContexts(input())),
    entryNames: once(async () => (await import('./config/contexts.ts')).readEntryNames(input())),
    parseDocument,
    preferences: once(async () => (await import('./config/preferences.ts')).readPreferences(input(), warn)),
  };
}
