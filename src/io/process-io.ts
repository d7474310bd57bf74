// The real terminal: sinks over Node's writable streams, with back-pressure. They throw what the system says; guarded-io.ts
// makes of it what commands see.

import { writeSync } from 'node:fs';
import { addAbortSignal, type Readable, type Writable } from 'node:stream';
import { localError } from '../errors.ts';
import type { ColorLevel, RawIo, RawSink } from './io.ts';

/** A stream that is a terminal, or a pipe or file and then knows neither. */
export type TerminalStream = Writable & {
  readonly isTTY?: boolean;
  readonly columns?: number;
  /** Node's own: `fs` for a regular file or a device such as /dev/null. */
  readonly _type?: string;
  readonly fd?: number;
};

/** What is used of Node's `process`. */
export interface ProcessStreams {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: TerminalStream;
  readonly stderr: TerminalStream;
}

/** `--color`: by terminal and environment, or as told. */
export type ColorChoice = 'auto' | 'always' | 'never';

/**
 * Decides how many colours a stream gets. The flag beats the environment; `NO_COLOR` beats `FORCE_COLOR`.
 * @see https://no-color.org and https://force-color.org
 */
export function decideColor(
  choice: ColorChoice,
  env: Readonly<Record<string, string | undefined>>,
  isTTY: boolean,
): ColorLevel {
  if (choice === 'never') return 0;
  const depth: ColorLevel = /truecolor|24bit/.test(env['COLORTERM'] ?? '')
    ? 3
    : (env['TERM'] ?? '').includes('256')
      ? 2
      : 1;
  if (choice === 'always') return depth;
  if ((env['NO_COLOR'] ?? '') !== '') return 0;
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined && forced !== '') {
    if (forced === '0' || forced === 'false') return 0;
    return forced === '2' ? 2 : forced === '3' ? 3 : depth;
  }
  return isTTY && env['TERM'] !== 'dumb' ? depth : 0;
}

/** How long one caller may write without the loop looking at anything else. */
const maxWithoutTurnMs = 30;

/** A sink over one of the process's streams. */
export class StreamSink implements RawSink {
  readonly #stream: TerminalStream;
  readonly color: ColorLevel;
  readonly #signal: AbortSignal | undefined;
  #failure: Error | undefined;
  /**
   * When the loop is known to have turned last; undefined before the first write, which has mostly been waited for. Not by `performance`,
   * whose first touch loads modules of its own.
   */
  #turned: number | undefined;

  /** @param signal ends the waiting for a reader; what it left behind then is lost */
  constructor(stream: TerminalStream, color: ColorLevel, signal?: AbortSignal) {
    this.#stream = stream;
    this.color = color;
    this.#signal = signal;
    // Without a listener a write to a closed pipe would end the process with a stack trace.
    stream.on('error', (error) => {
      this.#failure ??= error;
    });
  }

  get isTTY(): boolean {
    return this.#stream.isTTY === true;
  }

  get columns(): number | undefined {
    return this.isTTY ? this.#stream.columns : undefined;
  }

  write(chunk: string | Uint8Array): Promise<void> | void {
    this.#throwFailure();
    const { _type: type, fd } = this.#stream;
    if (type === 'fs' && fd !== undefined) writeWhole(fd, chunk);
    else if (!this.#stream.write(chunk)) return markHandled(this.#drained());
    // A file and a fast reader take all that comes, so that a long text would never let the loop turn, and no signal in.
    const now = Date.now();
    this.#turned ??= now;
    return now - this.#turned > maxWithoutTurnMs ? markHandled(this.#turn()) : undefined;
  }

  /** Resolves when all that was written has left the process or cannot leave it any more. */
  async flush(): Promise<void> {
    if (this.#failure === undefined && this.#stream.writableLength > 0) {
      await new Promise<void>((resolve) => {
        this.#stream.write('', () => {
          resolve();
        });
      });
    }
    this.#throwFailure();
  }

  async #turn(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    this.#turned = Date.now();
    this.#throwFailure();
    this.#signal?.throwIfAborted();
  }

  async #drained(): Promise<void> {
    await new Promise<void>((resolve) => {
      const done = (): void => {
        for (const event of ['drain', 'error', 'close']) this.#stream.off(event, done);
        this.#signal?.removeEventListener('abort', done);
        resolve();
      };
      for (const event of ['drain', 'error', 'close']) this.#stream.on(event, done);
      if (this.#signal?.aborted === true) done();
      else this.#signal?.addEventListener('abort', done);
    });
    this.#turned = Date.now();
    this.#throwFailure();
    this.#signal?.throwIfAborted();
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }
}

/** Writes all of it: Node's stream over a file makes one system call, and what a full disk or a limit has cut off is lost. */
function writeWhole(fd: number, chunk: string | Uint8Array): void {
  const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
  for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at);
}

/** Its failure is met where it is awaited; warnings are written without waiting, and theirs is no matter of anyone. */
function markHandled(promise: Promise<void>): Promise<void> {
  promise.catch(() => undefined);
  return promise;
}

/**
 * The process's own streams as {@link RawIo}.
 * @param signal ends reading from standard input, and waiting for the reader of standard output
 */
export function processIo(
  streams: ProcessStreams,
  env: Readonly<Record<string, string | undefined>>,
  color: ColorChoice,
  signal: AbortSignal,
): RawIo & { readonly out: StreamSink; readonly err: StreamSink } {
  const open = (stream: TerminalStream): StreamSink =>
    new StreamSink(stream, decideColor(color, env, stream.isTTY === true), signal);
  let out: StreamSink | undefined;
  let err: StreamSink | undefined;
  return {
    // `in` opens standard input only when it is read: touching it earlier would keep a process alive.
    in: {
      get isTTY() {
        return streams.stdin.isTTY === true;
      },
      [Symbol.asyncIterator]: () => {
        const { stdin } = streams;
        addAbortSignal(signal, stdin);
        return withReason(stdin, signal);
      },
    },
    // Node makes a stream when it is first touched, which takes its time: most runs have nothing to say on stderr.
    get out() {
      return (out ??= open(streams.stdout));
    },
    get err() {
      return (err ??= open(streams.stderr));
    },
  };
}

/** Node throws an error of its own when a signal ends a stream; what is thrown here is the signal's reason. */
async function* withReason(
  stdin: Readable,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* stdin as AsyncIterable<Uint8Array>;
  } catch (error) {
    signal.throwIfAborted();
    throw localError('cannot read standard input', error, 'InputFailed');
  }
}
