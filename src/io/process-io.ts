// The real terminal: sinks over Node's writable streams, with back-pressure. They throw the
// system's errors, which guarded-io.ts converts.

import { fstatSync, writeSync } from 'node:fs';
import { addAbortSignal, type Readable, type Writable } from 'node:stream';
import { localError } from '../errors.ts';
import type { ColorLevel, RawIo, RawSink } from './io.ts';

/** A stream of the process. Only a terminal has isTTY and columns. */
export type TerminalStream = Writable & {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly fd?: number;
};

/** The part of Node's `process` that this file uses. */
export interface ProcessStreams {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: TerminalStream;
  readonly stderr: TerminalStream;
}

/** `--color`: decided by terminal and environment, or fixed. */
export type ColorChoice = 'auto' | 'always' | 'never';

/**
 * Decides how many colours a stream gets. The flag beats the environment; `NO_COLOR` beats
 * `FORCE_COLOR`.
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

/** Max milliseconds of writes without a turn of the event loop. */
const maxWithoutTurnMs = 30;

/** A sink over one stream of the process. */
export class StreamSink implements RawSink {
  readonly #stream: TerminalStream;
  readonly color: ColorLevel;
  readonly #signal: AbortSignal | undefined;
  #failure: Error | undefined;
  /**
   * True for a regular file and for a device such as /dev/null; undefined before the first write.
   */
  #isFile: boolean | undefined;
  /**
   * Time of the last known turn of the event loop. Undefined before the first write. Not from
   * `performance`, whose first use loads modules.
   */
  #turned: number | undefined;

  /** @param signal aborting it ends the wait for a reader; unwritten data is lost then */
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
    const { fd } = this.#stream;
    this.#isFile ??= fd !== undefined && !this.isTTY && isFileOrDevice(fd);
    if (this.#isFile && fd !== undefined) writeWhole(fd, chunk);
    else if (!this.#stream.write(chunk)) return markHandled(this.#drained());
    // A file or a fast reader accepts everything at once. Without this pause a long text would
    // block the event loop, and with it signals.
    const now = Date.now();
    this.#turned ??= now;
    return now - this.#turned > maxWithoutTurnMs ? markHandled(this.#turn()) : undefined;
  }

  /** Resolves when everything has been written or can no longer be written. */
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

function isFileOrDevice(fd: number): boolean {
  const stats = fstatSync(fd);
  return stats.isFile() || stats.isCharacterDevice();
}

/**
 * Writes the whole chunk. Node's stream over a file makes one system call and loses the rest after
 * a short write (a full disk or a limit).
 */
function writeWhole(fd: number, chunk: string | Uint8Array): void {
  const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
  for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at);
}

/**
 * Marks a rejection as handled. Callers that await the promise still get it; warnings are written
 * without waiting.
 */
function markHandled(promise: Promise<void>): Promise<void> {
  promise.catch(() => undefined);
  return promise;
}

/**
 * Makes {@link RawIo} from the streams of the process.
 * @param signal aborting it ends reads from standard input, and the wait for the reader of standard
 *   output
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
    // Opens standard input only when it is read: an earlier access would keep the process alive.
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
    // Node creates a stream at the first access, which takes time: most runs write nothing to
    // stderr.
    get out() {
      return (out ??= open(streams.stdout));
    },
    get err() {
      return (err ??= open(streams.stderr));
    },
  };
}

/** Throws the reason of the signal. Node throws an error of its own when a signal ends a stream. */
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
