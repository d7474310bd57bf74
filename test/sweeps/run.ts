// Runs a line in this process with a real connection to a loopback server, real files and a
// scripted terminal. Entry point: runLine(). Unlike run-kapi.ts it scripts no responses: the sweeps
// run every command against one server.
import { Readable } from 'node:stream';
import { Interrupted } from '../../src/errors.ts';
import type { RawSink } from '../../src/io/io.ts';
import { decideColor } from '../../src/io/process-io.ts';
import { main } from '../../src/main.ts';
import type { World } from '../../src/world.ts';

export interface LineOptions {
  /** Home and working directory. */
  readonly directory: string;
  readonly kubeconfig: string;
  readonly tty: boolean;
  readonly env?: Readonly<Record<string, string>>;
  /** Called with each text before it is written. */
  readonly onWrite?: (stream: 'stdout' | 'stderr', text: string) => void;
  /** Receives the function that ends the command as Ctrl-C does. */
  readonly onStart?: (interrupt: () => void) => void;
}

export interface LineResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
}

/** Runs a line. */
export async function runLine(words: readonly string[], options: LineOptions): Promise<LineResult> {
  const { directory, tty: isTTY } = options;
  const stop = new AbortController();
  const interrupt = (): void => stop.abort(new Interrupted('SIGINT'));
  const texts = { stdout: '', stderr: '' };
  const sink = (name: 'stdout' | 'stderr', color: RawSink['color']): RawSink => ({
    ...{ isTTY, columns: isTTY ? 100 : undefined, color },
    write: (chunk) => {
      const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
      options.onWrite?.(name, text);
      texts[name] += text;
      // A server prints a line when it is ready.
      if (/^(Starting to serve on|To stop it)/m.test(text)) setImmediate(interrupt);
    },
  });
  const env = { TERM: 'xterm', HOME: directory, KUBECONFIG: options.kubeconfig, ...options.env };
  const world: World = {
    io: (choice) => {
      const color = decideColor(choice, env, isTTY);
      return {
        in: Object.assign(Readable.from([]), { isTTY: false }),
        out: sink('stdout', color),
        err: sink('stderr', color),
      };
    },
    ...{ env, home: directory, cwd: directory, platform: 'linux', nodeVersion: process.versions.node },
    umask: (mask) => (mask >= 0 ? 0o022 : 0),
    now: () => new Date(),
    clock: () => performance.now(),
    // Retries and back-off do not wait; their times have their own tests.
    sleep: (_, signal) =>
      new Promise((resolve, reject) => {
        setImmediate(() => (signal.aborted ? reject(signal.reason as Error) : resolve()));
      }),
    random: () => 0.5,
    signal: stop.signal,
    terminal: () => Promise.resolve(undefined),
    liveTable: () => Promise.reject(new Error('the sweeps have no live table')),
  };
  options.onStart?.(interrupt);
  const code = await main(words, world);
  return { ...texts, code };
}
