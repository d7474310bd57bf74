// Runs an exec plugin: finds the program, sets up its environment and streams, and limits its
// output. Entry point: runPlugin. The only place where kapi starts a process for credentials.

import { spawn, type ChildProcess } from 'node:child_process';
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { basename, posix } from 'node:path';

import type { ExecSpec, PluginPolicy } from '../config/cluster-config.ts';
import { ConfigError, systemCodeOf } from '../errors.ts';
import { reasonOf } from '../model/abort.ts';
import { describeCommand } from '../model/path-value.ts';
import { findProgram, hasSeparator } from './program-path.ts';

/**
 * The destination of a plugin's stderr: the stderr of the process (a plugin can draw on a
 * terminal), or a function.
 */
export type PluginStderr = 'inherit' | ((chunk: Uint8Array) => void);

export interface PluginWorld {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stderr: PluginStderr;
  /** True to run the plugin in a session of its own, in which it cannot open the terminal. */
  readonly apart?: boolean | undefined;
  /** Aborting it ends the plugin, and the promise rejects with its reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Max bytes of the output. An ExecCredential has a few kilobytes. */
const maxAnswerBytes = 1024 * 1024;

/**
 * Runs a plugin.
 * @param info value of KUBERNETES_EXEC_INFO
 * @param interactive true to give the plugin the terminal as its standard input, which is otherwise
 *   empty
 * @returns the bytes that the plugin wrote to its standard output
 * @throws ConfigError `ExecRefused` (by the kuberc's policy), `ExecNotFound`, `ExecFailed`,
 *   `ExecAnswerInvalid` (too long)
 */
export async function runPlugin(
  exec: ExecSpec,
  info: string,
  interactive: boolean,
  world: PluginWorld,
): Promise<Buffer> {
  world.signal?.throwIfAborted();
  if (exec.policy?.kind === 'DenyAll') throw policyError(exec, exec.policy);
  const program = await findProgram(exec.command, { env: world.env, isProgram });
  if (program === undefined) throw notFound(exec);
  if (exec.policy !== undefined && !(await isAllowed(exec.command, program, exec.policy, world.env))) {
    throw policyError(exec, exec.policy);
  }
  const child = start(program, exec, info, interactive, world);
  return collectAnswer(child, program, exec, world);
}

function start(
  program: string,
  exec: ExecSpec,
  info: string,
  interactive: boolean,
  world: PluginWorld,
): ChildProcess {
  try {
    return spawn(program, exec.args, {
      argv0: exec.command,
      env: {
        ...world.env,
        ...Object.fromEntries(exec.env.map(({ name, value }) => [name, value])),
        KUBERNETES_EXEC_INFO: info,
      },
      detached: world.apart === true,
      stdio: [interactive ? 'inherit' : 'ignore', 'pipe', world.stderr === 'inherit' ? 'inherit' : 'pipe'],
    });
  } catch (error) {
    // spawn throws, and emits no error, if an argument or variable contains a NUL.
    if (error instanceof Error) throw notStarted(exec, program, error);
    throw error;
  }
}

function collectAnswer(
  child: ChildProcess,
  program: string,
  exec: ExecSpec,
  world: PluginWorld,
): Promise<Buffer> {
  const { signal, stderr } = world;
  const chunks: Buffer[] = [];
  const written = { stdout: 0, stderr: stderr === 'inherit' ? undefined : 0 };
  return new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      signal?.removeEventListener('abort', abort);
      act();
    };
    const abort = (): void => {
      end(child);
      if (signal !== undefined) reject(reasonOf(signal));
    };
    signal?.addEventListener('abort', abort, { once: true });
    if (stderr !== 'inherit') {
      child.stderr?.on('data', (chunk: Buffer) => {
        written.stderr = (written.stderr ?? 0) + chunk.length;
        stderr(chunk);
      });
    }
    child.stdout?.on('data', (chunk: Buffer) => {
      written.stdout += chunk.length;
      if (written.stdout <= maxAnswerBytes) {
        chunks.push(chunk);
        return;
      }
      end(child);
      settle(() => reject(tooLong(exec)));
    });
    child.once('error', (error) => settle(() => reject(notStarted(exec, program, error))));
    child.once('close', (code, killedBy) => {
      settle(() => {
        if (code === 0) resolve(Buffer.concat(chunks));
        else reject(exitError(exec, code, killedBy, written));
      });
    });
    // A child of the plugin, such as a browser, can keep standard error open for hours. Only
    // standard output counts.
    child.once('exit', () =>
      child.stdout?.once('close', () => setTimeout(() => child.stderr?.destroy(), stderrMs).unref()),
    );
  });
}

/** Milliseconds to wait for the rest of standard error after the plugin has ended. */
const stderrMs = 200;

function tooLong(exec: ExecSpec): ConfigError {
  return new ConfigError(
    `exec: the answer of ${describeCommand(exec.command)} is longer than ${maxAnswerBytes} bytes`,
    { code: 'ExecAnswerInvalid', hint: 'run the plugin by hand to see what it prints' },
  );
}

/**
 * Stops the plugin and closes its pipes, because a grandchild that keeps them open must not keep
 * kapi alive.
 */
function end(child: ChildProcess): void {
  child.kill('SIGTERM');
  child.stdout?.destroy();
  child.stderr?.destroy();
  child.unref();
}

/**
 * True if the policy allows a command. As in kubectl, an entry allows the command of the same name,
 * and the command that resolves to the same file.
 */
async function isAllowed(
  command: string,
  program: string,
  { commands }: PluginPolicy,
  env: PluginWorld['env'],
): Promise<boolean> {
  if (commands.includes(posix.normalize(command)) || commands.includes(posix.normalize(program))) return true;
  const alike = commands.filter((entry) => basename(entry) === basename(program));
  for (const entry of alike) {
    if ((await findProgram(entry, { env, isProgram })) === posix.normalize(program)) return true;
  }
  return false;
}

function policyError(exec: ExecSpec, policy: PluginPolicy): ConfigError {
  const command = describeCommand(exec.command);
  return new ConfigError(
    `exec: ${command} may not run: credentialPluginPolicy is ${policy.kind} (from ${policy.path})`,
    {
      code: 'ExecRefused',
      hint: [
        `${exec.origin.text} names it as its credential plugin`,
        policy.kind === 'DenyAll'
          ? `to allow it, write credentialPluginPolicy: Allowlist with the entry command: ${command} in credentialPluginAllowlist into ${policy.path}`
          : `to allow it, add the entry command: ${command} to credentialPluginAllowlist in ${policy.path}`,
        'or give another credential, for example with --token-file',
      ].join('\n'),
    },
  );
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch (error) {
    if (systemCodeOf(error) !== undefined) return false;
    throw error;
  }
}

function notFound(exec: ExecSpec): ConfigError {
  const where = hasSeparator(exec.command) ? 'an executable file' : 'in PATH';
  const hints = [
    /\s/.test(exec.command)
      ? `command in ${exec.origin.text} contains blanks: it must be the program alone, and its arguments belong in args`
      : `${exec.origin.text} names it as its credential plugin; it must be ${where}`,
    ...(exec.installHint === undefined ? [] : [replaceControlCharacters(exec.installHint)]),
  ];
  return new ConfigError(`exec: executable ${describeCommand(exec.command)} not found`, {
    code: 'ExecNotFound',
    hint: hints.join('\n'),
  });
}

/** Node starts no batch files without a shell, which would read the arguments as commands. */
function batchHint(program: string): string | undefined {
  return /\.(?:bat|cmd)$/i.test(program)
    ? `${program} is a batch file, which kapi does not start; name the .exe that it starts`
    : undefined;
}

function notStarted(exec: ExecSpec, program: string, error: Error): ConfigError {
  return new ConfigError(
    `exec: ${describeCommand(exec.command)} could not be started: ${systemCodeOf(error) ?? error.name}`,
    {
      code: 'ExecFailed',
      hint: batchHint(program) ?? `${exec.origin.text} names it as its credential plugin`,
      cause: error,
    },
  );
}

/** Bytes that a plugin wrote. Undefined if they went directly to a terminal. */
interface Written {
  readonly stdout: number;
  readonly stderr: number | undefined;
}

function exitError(
  exec: ExecSpec,
  code: number | null,
  killedBy: NodeJS.Signals | null,
  written: Written,
): ConfigError {
  const how = code === null ? `was ended by ${killedBy ?? 'a signal'}` : `failed with exit code ${code}`;
  return new ConfigError(`exec: executable ${describeCommand(exec.command)} ${how}`, {
    code: 'ExecFailed',
    hint: `it is the credential plugin of ${exec.origin.text}; ${describeOutput(written)}`,
  });
}

/**
 * Describes the output. Plugins write messages to standard error; standard output can contain a
 * credential and is not shown.
 */
function describeOutput({ stdout, stderr }: Written): string {
  const out = stdout === 0 ? 'nothing' : `${stdout} bytes, which are not shown,`;
  if (stderr === undefined)
    return `it wrote ${out} to standard output; what it wrote to standard error, if anything, is above`;
  if (stderr > 0) return 'what it wrote to standard error is above';
  return stdout === 0
    ? 'it wrote nothing, neither to standard output nor to standard error: run it by hand'
    : `it wrote ${out} to standard output and nothing to standard error: run it by hand to see them`;
}

/**
 * Replaces control and format characters except white space with `U+001B`: the hint comes from a
 * file and goes to a terminal.
 */
function replaceControlCharacters(text: string): string {
  return text.replaceAll(
    /[^\p{L}\p{M}\p{N}\p{P}\p{S}\p{Z}\t-\r]/gu,
    (character) => `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`,
  );
}
