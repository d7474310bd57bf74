// The real terminal: sinks over Node's writable streams, with back-pressure and a quiet end when the reader goes.

import type { Readable, Writable } from 'node:stream';
import { ClosedPipe } from './closed-pipe.ts';
import type { ColorLevel, Io, Sink } from './io.ts';

/** A stream that is a terminal, or a pipe or file and then knows neither. */
export type TerminalStream = Writable & { readonly isTTY?: boolean; readonly columns?: number };

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

/** A sink over one of the process's streams. */
export class StreamSink implements Sink {
  readonly #stream: TerminalStream;
  readonly color: ColorLevel;
  #failure: Error | undefined;

  constructor(stream: TerminalStream, color: ColorLevel) {
    this.#stream = stream;
    this.color = color;
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
    if (this.#stream.write(chunk)) return undefined;
    return this.#drained();
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

  async #drained(): Promise<void> {
    await new Promise<void>((resolve) => {
      const done = (): void => {
        for (const event of ['drain', 'error', 'close']) this.#stream.off(event, done);
        resolve();
      };
      for (const event of ['drain', 'error', 'close']) this.#stream.on(event, done);
    });
    this.#throwFailure();
  }

  #throwFailure(): void {
    if (this.#failure === undefined) return;
    if (
      'code' in this.#failure &&
      (this.#failure.code === 'EPIPE' || this.#failure.code === 'ERR_STREAM_DESTROYED')
    ) {
      throw new ClosedPipe();
    }
    throw this.#failure;
  }
}

/** The process's own streams as {@link Io}. */
export function processIo(
  streams: ProcessStreams,
  env: Readonly<Record<string, string | undefined>>,
  color: ColorChoice,
): Io & { readonly out: StreamSink; readonly err: StreamSink } {
  const open = (stream: TerminalStream): StreamSink =>
    new StreamSink(stream, decideColor(color, env, stream.isTTY === true));
  let out: StreamSink | undefined;
  let err: StreamSink | undefined;
  return {
    // `in` opens standard input only when it is read: touching it earlier would keep a process alive.
    in: {
      get isTTY() {
        return streams.stdin.isTTY === true;
      },
      [Symbol.asyncIterator]: () => streams.stdin[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>,
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
