// The composition root: the real terminal, clock and environment, lazy dependencies, one command, one exit code.

import { setMaxListeners } from 'node:events';
import { join } from 'node:path';
import { version } from '../package.json';
import type { Discovery, Freshness } from './api/open-discovery.ts';
import type { OpenApi } from './api/openapi.ts';
import { commands } from './cli/command-list.ts';
import { describeFailure } from './cli/fail.ts';
import { parseCommandLine, type Invocation } from './cli/program.ts';
import type { Authenticator } from './auth/authenticator.ts';
import type { LocalCredentials } from './auth/local-credentials.ts';
import type { Deps, Env, Terminal, Traffic } from './commands/deps.ts';
import type { GlobalOptions } from './commands/global-options.ts';
import type { CurlFacts } from './curl/curl-facts.ts';
import type { ClusterConfig } from './config/cluster-config.ts';
import type { ContextSummary, EntryNames } from './config/contexts.ts';
import type { ParsedDocument } from './config/document.ts';
import type { ResolvedCredentials } from './curl/curl-facts.ts';
import { ExitCode, Interrupted, KapiError, PartialFailure, RefusedError } from './errors.ts';
import { ClosedPipe } from './io/closed-pipe.ts';
import type { Io } from './io/io.ts';
import { processIo, type ColorChoice } from './io/process-io.ts';
import type { RequestSpec, Send } from './model/request.ts';
import { Secret } from './model/secret.ts';
import { escapeControl } from './output/escape.ts';
import type { TransportOptions } from './transport/link.ts';
import type { Probe } from './transport/probe.ts';

/** All that a run takes from outside; tests hand in their own. */
export interface World {
  /** The terminal, with colours decided by `--color` and the environment. */
  readonly io: (color: ColorChoice) => Io;
  readonly env: Env;
  /** `HOME` alone, as kubectl: without it the kubeconfig is looked for in the working directory. */
  readonly home: string | undefined;
  readonly cwd: string;
  /** `process.platform`. */
  readonly platform: string;
  /** `process.versions.node`. */
  readonly nodeVersion: string;
  readonly now: () => Date;
  /** As in {@link Deps}. */
  readonly clock: () => number;
  readonly random: () => number;
  /** Resolves after a time in milliseconds; rejects with the signal's reason. Default: real time. */
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Aborted with an {@link Interrupted} by SIGINT or SIGTERM. */
  readonly signal: AbortSignal;
  /** Both ends of the terminal, where standard input and output are one. */
  readonly terminal: Terminal | undefined;
  /** Somebody pressed TAB and asked for nothing yet: exec plugins get no terminal and their words go nowhere. */
  readonly unattended?: boolean;
  /** Stands in for the network, in tests of commands. */
  readonly send?: Send;
  /** Stands in for connections that `doctor` looks at, in tests of commands. */
  readonly probe?: Probe;
  /** Stands in for configuration files, in tests of commands. */
  readonly config?: ClusterConfig;
}

const defaultColumns = 80;

/**
 * Runs one command line.
 * @param argv without interpreter and program name
 * @returns the exit code of the table in errors.ts; everything that went wrong has been written to stderr
 */
export async function main(argv: readonly string[], world: World): Promise<number> {
  if (argv[0] === completionWord) return completeQuietly(argv.slice(1), world);
  let io = world.io('auto');
  let globals: GlobalOptions | undefined;
  try {
    const invocation = parseCommandLine(argv, commands);
    globals = invocation.globals;
    if (globals.color !== 'auto') io = world.io(globals.color);
    return await run(invocation, io, world);
  } catch (thrown) {
    if (thrown instanceof ClosedPipe) return ExitCode.ok;
    const failure = describeFailure(
      thrown,
      globals?.errorFormat ?? errorFormatIn(argv),
      globals?.verbose ?? 0,
    );
    try {
      await io.err.write(failure.text);
    } catch (unwritable) {
      // stderr is closed as well: the exit code is all that can still be said.
      if (!(unwritable instanceof ClosedPipe)) throw unwritable;
    }
    return failure.exitCode;
  }
}

/** What completion scripts call in the place of a command; not in the help. */
const completionWord = '__complete';

/** Nothing but the answer leaves it: what goes wrong on the way to a server is not said at a TAB. */
async function completeQuietly(argv: readonly string[], world: World): Promise<number> {
  const io = world.io('never');
  const silent = { isTTY: false, columns: undefined, color: 0, write: () => undefined } as const;
  const nobody: Io = { in: Object.assign(noInput(), { isTTY: false }), out: silent, err: silent };
  const over = new AbortController();
  const { complete } = await import('./completion/complete.ts');
  try {
    await complete(argv, {
      commands,
      env: world.env,
      clock: world.clock,
      sleep: world.sleep ?? (await import('./transport/sleep.ts')).sleep,
      write: (text) => io.out.write(text),
      open: (globals, until) => {
        const signal = AbortSignal.any([world.signal, until, over.signal]);
        setMaxListeners(0, signal);
        return makeDeps(globals, nobody, { ...world, signal, unattended: true });
      },
    });
    return ExitCode.ok;
  } catch (thrown) {
    if (thrown instanceof ClosedPipe) return ExitCode.ok;
    const failure = describeFailure(thrown, 'text', 0);
    await io.err.write(failure.text);
    return failure.exitCode;
  } finally {
    over.abort();
  }
}

async function* noInput(): AsyncGenerator<Uint8Array> {
  // Empty.
}

async function run(invocation: Invocation, io: Io, world: World): Promise<number> {
  if (invocation.kind === 'client-version') {
    await io.out.write(`kapi ${version}\n`);
    return ExitCode.ok;
  }
  if (invocation.kind === 'help') {
    const { helpText } = await import('./cli/help.ts');
    await io.out.write(helpText(invocation.topic, commands, io.out.columns ?? defaultColumns));
    return ExitCode.ok;
  }
  // What a command leaves behind unread (a page asked for ahead, a body nobody wants) must not hold the process.
  const over = new AbortController();
  const signal = AbortSignal.any([world.signal, over.signal]);
  // Every request under way listens: many of them are no leak.
  setMaxListeners(0, signal);
  const deps = makeDeps(invocation.globals, io, { ...world, signal });
  try {
    return (await invocation.prepared.run(deps)) ?? ExitCode.ok;
  } catch (thrown) {
    throw await afterRefusal(thrown, invocation.spec.name, deps);
  } finally {
    over.abort();
  }
}

/** What is said and done besides where the server refused. @returns what to throw */
async function afterRefusal(thrown: unknown, command: string, deps: Deps): Promise<unknown> {
  if (!(thrown instanceof RefusedError || thrown instanceof PartialFailure)) return thrown;
  const { isRefusedWith, suggestForRefusal, withLocalFacts } = await import('./commands/refused.ts');
  if (deps.globals.suggestRbac && isRefusedWith(thrown, 403)) {
    try {
      await suggestForRefusal(thrown, command, deps);
    } catch (failure) {
      // The refusal is what the command ends with, whatever came of the suggestion.
      if (!(failure instanceof KapiError)) throw failure;
      deps.warn(`no role can be suggested: ${failure.message}`);
    }
  }
  return isRefusedWith(thrown, 401) ? withLocalFacts(thrown, deps) : thrown;
}

/** Each part is made at its first use and once: `--help` reads no kubeconfig, `config show` opens no connection. */
function makeDeps(globals: GlobalOptions, io: Io, world: World): Deps {
  const { env, now, clock, random, signal } = world;
  const sleep =
    world.sleep ??
    (async (ms: number, until: AbortSignal): Promise<void> =>
      (await import('./transport/sleep.ts')).sleep(ms, until));
  const warn = (text: string): void => {
    void io.err.write(`${escapeControl(text)}\n`);
  };
  const parseDocument = async (text: string): Promise<ParsedDocument> =>
    (await import('./config/document.ts')).parseDocument(text);
  const loadConfig = async (): Promise<ClusterConfig> => {
    if (world.config !== undefined) return world.config;
    const { loadClusterConfig } = await import('./config/load.ts');
    return loadClusterConfig({ overrides: globals, env, home: world.home, cwd: world.cwd });
  };
  const config = once(async (): Promise<ClusterConfig> => {
    const resolved = await loadConfig();
    if (globals.verbose === 2) {
      const { configLines } = await import('./commands/config-facts.ts');
      configLines(resolved).forEach(warn);
    }
    return resolved;
  });
  const authenticator = once(async (): Promise<Authenticator> => {
    const [{ openAuthenticator }, resolved] = await Promise.all([
      import('./auth/open-authenticator.ts'),
      config(),
    ]);
    return openAuthenticator(resolved, {
      ...{ env, now, signal, stdinIsTTY: io.in.isTTY, parseDocument },
      ...(world.unattended === true ? { apart: true, pluginStderr: () => undefined } : {}),
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
    return openPrintingSend({
      facts: curlFacts,
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
    const open = (over: Send, directory: string | undefined): Discovery =>
      openDiscovery({ send: over, cache: openDiscoveryCache(directory), now, warn, signal });
    const asked = open(await askServer(), await cacheDirectory());
    if (!globals.curl) return asked;
    // With --curl what a name means is still asked of the server; what a command shows of discovery is printed.
    const printed = open(await printInstead(), undefined);
    const of = (freshness?: Freshness): Discovery =>
      freshness === undefined || freshness === 'current' ? printed : asked;
    return {
      resolve: (names) => asked.resolve(names),
      rediscover: (type) => asked.rediscover(type),
      surface: (freshness) => of(freshness).surface(freshness),
      groups: (freshness) => of(freshness).groups(freshness),
      types: (freshness) => of(freshness).types(freshness),
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
      cache: openOpenApiCache(globals.curl ? undefined : await cacheDirectory()),
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
    discovery,
    openApi,
    runProgram: async (program, args, childEnv) => {
      const { runProgram } = await import('./io/run-program.ts');
      return runProgram(program, args, { env: childEnv, signal, stdinIsTTY: io.in.isTTY });
    },
    signal,
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

/** The error format of a command line that could not be parsed. */
function errorFormatIn(argv: readonly string[]): 'text' | 'json' {
  const at = argv.findIndex((word) => word === '--error-format' || word === '--error-format=json');
  return at >= 0 && (argv[at]?.endsWith('=json') === true || argv[at + 1] === 'json') ? 'json' : 'text';
}

/**
 * A name that is being looked up, or a pipe in the place of a file, holds a thread that nothing else can end, and a shell
 * waits for the process. Everything has been written.
 */
function endIfHeld(process: NodeJS.Process, by: RegExp): void {
  if (process.getActiveResourcesInfo().some((name) => by.test(name))) process.kill(process.pid, 'SIGKILL');
}

/** Runs the process's own command line and sets its exit code; the event loop then ends by itself. */
export function start(process: NodeJS.Process): void {
  const interrupt = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    // Once: a second signal ends the process at once, should something not heed the first.
    process.once(name, () => {
      interrupt.abort(new Interrupted(name));
    });
  }
  const world: World = {
    io: (color) => processIo(process, process.env, color),
    env: process.env,
    home: process.env['HOME'],
    cwd: process.cwd(),
    platform: process.platform,
    nodeVersion: process.versions.node,
    now: () => new Date(),
    clock: () => performance.now(),
    random: Math.random,
    signal: interrupt.signal,
    terminal:
      process.stdin.isTTY && process.stdout.isTTY
        ? { stdin: process.stdin, stdout: process.stdout }
        : undefined,
  };
  const argv = process.argv.slice(2);
  void main(argv, world).then((code) => {
    process.exitCode = code;
    if (argv[0] !== completionWord) return;
    setTimeout(() => endIfHeld(process, /^GetAddrInfoReq/), 25).unref();
    // Files are mostly read in the meantime.
    setTimeout(() => endIfHeld(process, /^FSReq/), 250).unref();
  });
}
