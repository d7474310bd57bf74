// An exec plugin as a source of credentials: run when needed, remembered while valid. Entry: openExecPlugin.

import type { ClusterConfig, ExecSpec } from '../config/cluster-config.ts';
import { ConfigError } from '../errors.ts';
import { describeCommand } from '../model/path-value.ts';
import type { Json } from '../model/object.ts';
import { bearerHeader, type Authenticator } from './authenticator.ts';
import { decodeExecCredential, type ExecCredential } from './exec-credential.ts';
import { buildExecInfo } from './exec-info.ts';
import { runPlugin, type PluginWorld } from './run-plugin.ts';

export interface ExecWorld extends PluginWorld {
  readonly now: () => Date;
  readonly stdinIsTTY: () => boolean;
  /** Reads JSON or YAML; `problem` quotes nothing of the text. */
  readonly parseDocument: (text: string) => Promise<{ readonly value: Json } | { readonly problem: string }>;
}

/**
 * The plugin runs at the first request, and again when its answer has expired or was refused; requests at the same
 * time share one run.
 */
export function openExecPlugin(exec: ExecSpec, config: ClusterConfig, world: ExecWorld): Authenticator {
  let current: ExecCredential | undefined;
  let running: Promise<ExecCredential> | undefined;

  function run(): Promise<ExecCredential> {
    running ??= askPlugin(exec, config, world)
      .then((credential) => (current = credential))
      .finally(() => (running = undefined));
    return running;
  }

  async function credential(): Promise<ExecCredential> {
    const expired = current?.expires !== undefined && world.now() > current.expires;
    return current === undefined || expired ? run() : current;
  }

  return {
    authorization: async () => headerOf(await credential(), exec),
    clientCertificate: async () => {
      const pair = (await credential()).certificate;
      return pair === undefined ? undefined : { certificate: pair.certificate, key: pair.key.expose() };
    },
    renew: async (refused) => {
      const before = current;
      if (refused !== undefined && before !== undefined && running === undefined) {
        const now = headerOf(before, exec);
        if (now !== undefined && now !== refused) return true;
      }
      return !isSame(before, await run(), exec);
    },
  };
}

async function askPlugin(exec: ExecSpec, config: ClusterConfig, world: ExecWorld): Promise<ExecCredential> {
  const interactive = decideInteractive(exec, world.stdinIsTTY());
  const text = await runPlugin(exec, buildExecInfo(exec, config, interactive), interactive, world);
  const parsed = await world.parseDocument(text);
  if ('value' in parsed)
    return decodeExecCredential(parsed.value, exec.apiVersion, describeCommand(exec.command));
  throw new ConfigError(
    `decoding the answer of the exec plugin ${describeCommand(exec.command)}: ${parsed.problem}`,
    {
      code: 'ExecAnswerInvalid',
      hint: 'run the plugin by hand to see what it prints',
    },
  );
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
