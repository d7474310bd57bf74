// Makes the dependencies of a command from the world. Each part is loaded with import() at its
// first use, so that a plain run loads little. config-deps.ts, server-deps.ts and curl-deps.ts make
// the parts.

import { version } from '../package.json';
import type { Deps } from './commands/deps.ts';
import type { GlobalOptions } from './commands/global-options.ts';
import { openConfigDeps } from './config-deps.ts';
import { openCurlDeps, printingDeps } from './curl-deps.ts';
import type { Io } from './io/io.ts';
import { once } from './model/once.ts';
import { withoutLogins } from './model/secret.ts';
import { escapeMessage } from './output/escape.ts';
import { openServerDeps } from './server-deps.ts';
import { wrapMessage } from './output/wrap.ts';
import type { World } from './world.ts';

/**
 * Makes the dependencies. Each part is made once, at its first use: `--help` reads no kubeconfig,
 * and `config show` opens no connection.
 */
export function makeDeps(
  globals: GlobalOptions,
  io: Io,
  world: World,
  completeCommands: (hint: string) => string = (hint) => hint,
): Deps {
  const { env, now, clock, random, signal } = world;
  const sleep: Deps['sleep'] =
    world.sleep ?? (async (ms, until) => (await import('./transport/sleep.ts')).sleep(ms, until));
  let diverted: ((text: string) => void) | undefined;
  const shownOf = (text: string): string => escapeMessage(withoutLogins(completeCommands(text)));
  const log = (text: string): void => {
    if (diverted === undefined) void io.err.write(`${shownOf(text)}\n`);
    else diverted(shownOf(text));
  };
  const warn = (text: string): void => {
    if (diverted === undefined) void io.err.write(`${wrapMessage(shownOf(text), io.err.columns)}\n`);
    else diverted(shownOf(text));
  };
  const config = openConfigDeps(globals, io, world, { warn, log });
  const server = openServerDeps(globals, world, config, { sleep, warn, log });
  const curl = openCurlDeps(globals, io, env, config);
  const deps: Deps = {
    io,
    version,
    globals,
    env,
    now,
    clock,
    random,
    sleep,
    forRequests: config.forRequests,
    config: config.config,
    credentials: config.credentials,
    contexts: config.contexts,
    forContext: (context, flags) => {
      const kept = flags === 'same flags' ? globals : withoutIdentity(globals);
      return makeDeps({ ...kept, context }, io, world, completeCommands);
    },
    entryNames: config.entryNames,
    parseDocument: config.parseDocument,
    preferences: config.preferences,
    send: server.send,
    openTraffic: server.openTraffic,
    probe: server.probe,
    countServerWarnings: server.countServerWarnings,
    discovery: server.discovery,
    openApi: server.openApi,
    curlOf: curl.curlOf,
    terminal: world.terminal,
    liveTable: world.liveTable,
    explorer: world.liveTable,
    explore: async (terminal, first) =>
      (await import('./commands/explore/explore.ts')).explore(terminal, first, deps),
    withPrivateFiles: (make) => {
      const { umask } = world;
      const before = umask?.(0o177);
      try {
        return make();
      } finally {
        if (before !== undefined) umask?.(before);
      }
    },
    surviveHangup: async () => world.surviveHangup?.(),
    noteLongRunning: once(async () => world.runsLong?.()),
    runProgram: async (program, args, childEnv) => {
      const { runProgram } = await import('./io/run-program.ts');
      return runProgram(program, args, { env: childEnv, signal, stdinIsTTY: io.in.isTTY });
    },
    runCommand: async (name, words, flags, changes) => {
      const { commands } = await import('./cli/command-list.ts');
      const spec = commands.find((command) => command.name === name);
      await spec?.prepare(words, flags).run({ ...deps, ...changes });
    },
    signal,
    completeCommands,
    warn,
    divertWarnings: (to) => {
      diverted = to;
    },
  };
  return globals.curl ? { ...deps, ...printingDeps(server, curl, io, warn) } : deps;
}

/** Returns the flags without those that say which server, and who asks. */
function withoutIdentity(globals: GlobalOptions): GlobalOptions {
  const none = undefined;
  return {
    ...globals,
    ...{ cluster: none, user: none, server: none, tlsServerName: none, certificateAuthority: none },
    ...{ token: none, tokenFile: none, username: none, password: none, anonymous: none },
    ...{ clientCertificate: none, clientKey: none, insecureSkipTlsVerify: none, inCluster: false },
    ...{ as: none, asSa: none, asGroup: none, asUid: none, asUserExtra: none },
  };
}
