// Exec plugin as an Authenticator: runs it when needed and keeps its credential while valid. Entry
// point: openExecPlugin.

import type { ClusterConfig, ExecSpec } from '../config/cluster-config.ts';
import { ConfigError } from '../errors.ts';
import { forwardAbort } from '../model/abort.ts';
import { decodeText } from '../model/decode-text.ts';
import { describeCommand } from '../model/path-value.ts';
import { parseJson } from '../model/json.ts';
import type { Json } from '../model/object.ts';
import { bearerHeader, type Authenticator } from './authenticator.ts';
import { decodeExecCredential, type ExecCredential } from './exec-credential.ts';
import { buildExecInfo } from './exec-info.ts';
import { runPlugin, type PluginWorld } from './run-plugin.ts';

/** Decides when a plugin may run. */
export type PluginTurn = <Value>(isInteractive: boolean, run: () => Promise<Value>) => Promise<Value>;

export interface ExecWorld extends PluginWorld {
  /** Default: immediately. */
  readonly pluginTurn?: PluginTurn | undefined;
  readonly now: () => Date;
  readonly stdinIsTTY: () => boolean;
  /** Parses JSON or YAML. `problem` quotes nothing of the text. */
  readonly parseDocument: (text: string) => Promise<{ readonly value: Json } | { readonly problem: string }>;
}

/** One run of the plugin, with the number of waiting requests that can be aborted. */
interface Run {
  readonly answer: Promise<ExecCredential>;
  readonly stop: AbortController;
  waiting: number;
}

/**
 * Makes an Authenticator that runs a plugin. Runs it at the first request, and again when its
 * credential has expired or was refused. Concurrent requests share one run.
 *
 * A credential that is already expired when it arrives (clocks differ, or the plugin sets no real
 * time) is used until the server refuses it: another run would return the same.
 */
export function openExecPlugin(exec: ExecSpec, config: ClusterConfig, world: ExecWorld): Authenticator {
  let current: ExecCredential | undefined;
  let running: Run | undefined;

  function start(): Run {
    const stop = new AbortController();
    const release = world.signal && forwardAbort(world.signal, stop);
    const answer = askPlugin(exec, config, { ...world, signal: stop.signal })
      .then(({ expires, ...credential }) => {
        const isPast = expires !== undefined && expires <= world.now();
        return (current = isPast ? credential : { ...credential, expires });
      })
      .finally(() => {
        running = undefined;
        release?.();
      });
    return { answer, stop, waiting: 0 };
  }

  async function run(signal: AbortSignal | undefined): Promise<ExecCredential> {
    const mine = (running ??= start());
    if (signal === undefined) return mine.answer;
    const giveUp = (): void => {
      mine.waiting--;
      if (mine.waiting === 0) mine.stop.abort(signal.reason);
    };
    mine.waiting++;
    signal.addEventListener('abort', giveUp, { once: true });
    try {
      return await mine.answer;
    } finally {
      signal.removeEventListener('abort', giveUp);
    }
  }

  async function credential(signal?: AbortSignal): Promise<ExecCredential> {
    const expired = current?.expires !== undefined && world.now() > current.expires;
    return current === undefined || expired ? run(signal) : current;
  }

  return {
    authorization: async (signal) => headerOf(await credential(signal), exec),
    clientCertificate: async (signal) => {
      const pair = (await credential(signal)).certificate;
      return pair === undefined ? undefined : { certificate: pair.certificate, key: pair.key.expose() };
    },
    renew: async (refused, signal) => {
      const before = current;
      if (refused !== undefined && before !== undefined && running === undefined) {
        const now = headerOf(before, exec);
        if (now !== undefined && now !== refused) return true;
      }
      return !isSame(before, await run(signal), exec);
    },
  };
}

async function askPlugin(exec: ExecSpec, config: ClusterConfig, world: ExecWorld): Promise<ExecCredential> {
  const interactive = decideInteractive(exec, world.stdinIsTTY());
  const run = (): Promise<Buffer> =>
    runPlugin(exec, buildExecInfo(exec, config, interactive), interactive, world);
  const bytes = await (world.pluginTurn === undefined ? run() : world.pluginTurn(interactive, run));
  const text = decodeText(bytes);
  const command = describeCommand(exec.command);
  const wrong = (problem: string): ConfigError =>
    new ConfigError(`decoding the answer of the exec plugin ${command}: ${problem}`, {
      code: 'ExecAnswerInvalid',
      hint: 'run the plugin by hand to see what it prints; its standard output must contain an ExecCredential and nothing else',
    });
  if (text.trim() === '') throw wrong('it wrote nothing to standard output');
  // client-go reads text that begins with a brace as JSON only.
  const isJson = /^\s*\{/.test(text);
  const before = isJson ? 0 : textBeforeJson(text);
  if (before > 0) throw wrong(`it wrote ${before} bytes of other text before the JSON`);
  const json = isJson ? jsonOf(text) : undefined;
  if (json !== undefined) return decodeExecCredential(json, exec.apiVersion, command);
  const parsed = await world.parseDocument(text);
  if (!('value' in parsed)) throw wrong(parsed.problem);
  if (isJson) throw wrong('it begins with { and is not one JSON document');
  return decodeExecCredential(parsed.value, exec.apiVersion, command);
}

/** Parses JSON. Undefined if the text is not JSON; the error of JSON.parse() would quote it. */
function jsonOf(text: string): Json | undefined {
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Returns the number of bytes before a JSON object that begins a line. 0 if there is none. */
function textBeforeJson(text: string): number {
  const start = text.search(/^[ \t]*\{\s*(?:["}]|$)/m);
  return start < 0 ? 0 : Buffer.byteLength(text.slice(0, start));
}

function decideInteractive(exec: ExecSpec, stdinIsTTY: boolean): boolean {
  if (exec.interactiveMode === 'Never') return false;
  if (exec.interactiveMode === 'IfAvailable' || stdinIsTTY) return stdinIsTTY;
  throw new ConfigError(
    `exec plugin ${describeCommand(exec.command)} cannot support interactive mode: standard input is not a terminal`,
    {
      code: 'ExecNeedsTerminal',
      hint: `${exec.origin.text} says interactiveMode: Always; run kapi on a terminal, or give another credential`,
    },
  );
}

function headerOf(credential: ExecCredential, exec: ExecSpec): string | undefined {
  return credential.token === undefined
    ? undefined
    : bearerHeader(credential.token, `that the exec plugin ${describeCommand(exec.command)} gave`);
}

function isSame(before: ExecCredential | undefined, after: ExecCredential, exec: ExecSpec): boolean {
  return (
    before !== undefined &&
    headerOf(before, exec) === headerOf(after, exec) &&
    before.certificate?.certificate === after.certificate?.certificate
  );
}
