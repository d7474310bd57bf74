// What a command gets, made of the world: every part at its first use, by import(), so that a plain run loads little.

import { join } from 'node:path';
import { version } from '../package.json';
import type { Discovery, Freshness } from './api/open-discovery.ts';
import type { OpenApi } from './api/openapi.ts';
import type { Authenticator } from './auth/authenticator.ts';
import type { LocalCredentials } from './auth/local-credentials.ts';
import type { Deps, Traffic } from './commands/deps.ts';
import type { GlobalOptions } from './commands/global-options.ts';
import type { ClusterConfig } from './config/cluster-config.ts';
import type { ContextSummary, EntryNames } from './config/contexts.ts';
import type { ParsedDocument } from './config/document.ts';
import type { RequestSettings } from './config/input.ts';
import type { CurlFacts, ResolvedCredentials } from './curl/curl-facts.ts';
import type { Io } from './io/io.ts';
import type { RequestSpec, Send } from './model/request.ts';
import { Secret, withoutLogins } from './model/secret.ts';
import { escapeMessage } from './output/escape.ts';
import type { TransportOptions } from './transport/link.ts';
import type { Probe } from './transport/probe.ts';
import type { World } from './world.ts';

/** Each part is made at its first use and once: `--help` reads no kubeconfig, `config show` opens no connection. */
export function makeDeps(
  globals: GlobalOptions,
  io: Io,
  world: World,
  completeCommands: (hint: string) => string = (hint) => hint,
): Deps {
  const { env, now, clock, random, signal } = world;
  const sleep =
    world.sleep ??
    (async (ms: number, until: AbortSignal): Promise<void> =>
      (await import('./transport/sleep.ts')).sleep(ms, until));
  const warn = (text: string): void => {
    void io.err.write(`${escapeMessage(withoutLogins(completeCommands(text)))}\n`);
  };
  const parseDocument = async (text: string): Promise<ParsedDocument> =>
    (await import('./config/document.ts')).parseDocument(text);
  let settings: RequestSettings = {};
  const loadConfig = async (): Promise<ClusterConfig> => {
    if (world.config !== undefined) return world.config;
    const { loadClusterConfig } = await import('./config/load.ts');
    const overrides = { ...globals, ...settings };
    return loadClusterConfig({ overrides, env, home: world.home, cwd: world.cwd });
  };
  const config = once(async (): Promise<ClusterConfig> => {
    const resolved = await loadConfig();
    if (globals.verbose > 0) {
      const { configLines } = await import('./commands/config-facts.ts');
      configLines(resolved, globals.verbose).forEach(warn);
    }
    if ((env['KAPI_SANDBOX_DIR'] ?? '') !== '' && world.unattended !== true) {
      const { strayFromSandbox } = await import('./commands/sandbox-guard.ts');
      const stray = await strayFromSandbox(resolved, env);
      if (stray !== undefined) warn(`Warning: ${stray}`);
    }
    return resolved;
  });
  const authenticator = once(async (): Promise<Authenticator> => {
    const [{ openAuthenticator }, resolved] = await Promise.all([
      import('./auth/open-authenticator.ts'),
      config(),
    ]);
    return openAuthenticator(resolved, {
      ...{ env, now, signal, stdinIsTTY: () => io.in.isTTY, parseDocument },
      ...(world.unattended === true
        ? { apart: true, pluginStderr: () => undefined }
        : // A plugin may draw on a terminal; elsewhere it is of use to know whether it said something.
          { pluginStderr: io.err.isTTY ? 'inherit' : (chunk: Uint8Array) => void io.err.write(chunk) }),
      readFile: async (path) => (await import('./config/input.ts')).readFileAsText(path),
    });
  });
  const credentials = once(async (): Promise<LocalCredentials> => {
    const { openLocalCredentials } = await import('./auth/local-credentials.ts');
    return openLocalCredentials(await config(), await authenticator());
  });
  const contexts = once(async (): Promise<readonly ContextSummary[]> => {
    const { readContexts } = await import('./config/contexts.ts');
    return readContexts({ overrides: globals, env, home: world.home, cwd: world.cwd });
  });
  const entryNames = once(async (): Promise<EntryNames> => {
    const { readEntryNames } = await import('./config/contexts.ts');
    return readEntryNames({ overrides: globals, env, home: world.home, cwd: world.cwd });
  });
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
    warn: (text) => warn(`Warning: ${text}`),
    verbose: globals.verbose === 0 ? undefined : { level: globals.verbose, line: warn },
  };
  const sendToServer = once(async (): Promise<Send> => {
    if (world.send !== undefined) return world.send;
    const [{ openSend }, credentials, resolved] = await Promise.all([
      import('./transport/send.ts'),
      authenticator(),
      config(),
    ]);
    return openSend(resolved, credentials, transportOptions);
  });
  const openTraffic = async (until: AbortSignal): Promise<Traffic> => {
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
  };
  const probe = once(async (): Promise<Probe> => {
    if (world.probe !== undefined) return world.probe;
    const { openProbe } = await import('./transport/probe.ts');
    return openProbe(await config(), await authenticator(), transportOptions);
  });
  const curlFacts = once(async (): Promise<CurlFacts> => {
    const [{ configFlagsOf }, resolved] = await Promise.all([import('./cli/config-flags.ts'), config()]);
    return {
      config: resolved,
      configFlags: configFlagsOf(globals, resolved.authorization.kind === 'exec'),
      env,
      showSecrets: globals.showSecrets,
      resolved: await resolveCredentials(resolved),
    };
  });
  const printInstead = once(async (): Promise<Send> => {
    const { openPrintingSend } = await import('./curl/print-instead.ts');
    const facts = async (): Promise<CurlFacts> => {
      const found = await curlFacts();
      const { replacedText } = await import('./commands/config-facts.ts');
      const replaced = replacedText(found.config);
      if (replaced !== undefined) warn(`note: ${replaced}`);
      return found;
    };
    return openPrintingSend({
      facts,
      print: (text) => io.out.write(text),
      warn: (text) => warn(`note: ${text}`),
      columns: io.out.columns,
    });
  });
  const curlOf = async (request: RequestSpec): Promise<string> => {
    const [{ curlCommand }, { layOut }] = await Promise.all([
      import('./curl/curl-command.ts'),
      import('./curl/print-instead.ts'),
    ]);
    return layOut(curlCommand(request, await curlFacts()).lines, io.out.columns);
  };
  /** Only where the command shows them, or where only an exec plugin knows what they are: it is then run. */
  const resolveCredentials = async (resolved: ClusterConfig): Promise<ResolvedCredentials | undefined> => {
    if (!globals.showSecrets && resolved.authorization.kind !== 'exec') return undefined;
    const given = await authenticator();
    const [authorization, pair] = [await given.authorization(), await given.clientCertificate()];
    return {
      authorization: authorization === undefined ? undefined : new Secret(authorization),
      certificate: pair && { certificate: pair.certificate, key: new Secret(pair.key) },
    };
  };
  const send = globals.curl ? printInstead : sendToServer;
  /** Beside kubectl's cache, never in its files; undefined: nothing is kept. */
  const cacheDirectory = once(async (): Promise<string | undefined> => {
    const { cacheKeyOf } = await import('./api/discovery-cache.ts');
    const base =
      globals.cacheDir ?? (world.home === undefined ? undefined : join(world.home, '.kube', 'cache'));
    return base === undefined ? undefined : join(base, 'kapi', cacheKeyOf((await config()).server.value));
  });
  const askServer = once(async (): Promise<Send> => {
    return globals.curl ? announced(await sendToServer(), warn) : sendToServer();
  });
  const discovery = once(async (): Promise<Discovery> => {
    const [{ openDiscovery }, { openDiscoveryCache }] = await Promise.all([
      import('./api/open-discovery.ts'),
      import('./api/discovery-cache.ts'),
    ]);
    const { requestTimeoutMs, authorization } = await config();
    const open = (over: Send, directory: string | undefined): Discovery =>
      openDiscovery({
        send: over,
        cache: openDiscoveryCache(directory, world.uid),
        now,
        warn,
        signal,
        // A time that the user gave is kept by the transport.
        limitMs: requestTimeoutMs > 0 ? Infinity : undefined,
        // A plugin may open a browser.
        awaitsLogin: authorization.kind === 'exec',
      });
    const asked = open(await askServer(), await cacheDirectory());
    if (!globals.curl) return asked;
    // With --curl what a name means is still asked of the server; what a command shows of discovery is printed.
    const printed = open(await printInstead(), undefined);
    const of = (freshness?: Freshness): Discovery =>
      freshness === undefined || freshness === 'current' ? printed : asked;
    return {
      resolve: (names) => asked.resolve(names),
      rediscover: (type) => asked.rediscover(type),
      namesakesOf: (type) => asked.namesakesOf(type),
      listing: () => printed.listing(),
      surface: (freshness) => of(freshness).surface(freshness),
      groups: (freshness) => of(freshness).groups(freshness),
    };
  });
  const openApi = once(async (): Promise<OpenApi> => {
    const [{ openOpenApi }, { openOpenApiCache }] = await Promise.all([
      import('./api/openapi.ts'),
      import('./api/openapi-cache.ts'),
    ]);
    return openOpenApi({
      send: await send(),
      sendIndex: await askServer(),
      cache: openOpenApiCache(globals.curl ? undefined : await cacheDirectory(), world.uid),
      signal,
    });
  });
  return {
    io,
    version,
    globals,
    env,
    now,
    clock,
    random,
    sleep,
    forRequests: (given) => {
      settings = given;
    },
    config,
    credentials,
    contexts,
    entryNames,
    parseDocument,
    send,
    openTraffic,
    probe,
    curlOf,
    terminal: world.terminal,
    liveTable: world.liveTable,
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
    runsLong: once(async () => world.runsLong?.()),
    discovery,
    openApi,
    runProgram: async (program, args, childEnv) => {
      const { runProgram } = await import('./io/run-program.ts');
      return runProgram(program, args, { env: childEnv, signal, stdinIsTTY: io.in.isTTY });
    },
    signal,
    completeCommands,
    warn,
  };
}

/** With --curl nobody expects a request: the first one is told. */
function announced(send: Send, warn: (text: string) => void): Send {
  let told = false;
  return (request, options) => {
    if (!told) warn('note: the server is asked which types it has (GET only); nothing else is sent');
    told = true;
    return send(request, options);
  };
}

function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined;
  return () => (made ??= make());
}
