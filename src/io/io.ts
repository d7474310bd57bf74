// What a command may know of the terminal: two sinks and a source, all of them inputs of main().

/** How many colours a terminal shows: none, 16, 256 or 16 million. */
export type ColorLevel = 0 | 1 | 2 | 3;

/** Only `withColours()` of output/colour.ts makes values with it. */
declare const isPainted: unique symbol;

/**
 * Text whose escape sequences are kapi's own colours; foreign words in it have been escaped. Every plain string counts as foreign:
 * a terminal shows each control character of it, colours included.
 */
export interface Painted {
  readonly painted: string;
  readonly [isPainted]: true;
}

/** What a stream takes in the end: see guarded-io.ts. */
export interface RawSink extends Omit<Sink, 'write'> {
  write(chunk: string | Uint8Array): Promise<void> | void;
}

/** Where text goes. */
export interface Sink {
  /**
   * Hands text or bytes over. A terminal shows control characters of a string as `^[` and the like and lets through the colours of
   * {@link Painted} text only. Bytes pass as they are, so a command writes bytes only where they are what was asked for. Resolves when more may follow (back-pressure), so a caller in a loop awaits it.
   * @throws ClosedPipe when the reader has gone (`| head`): the command ends quietly with 0
   */
  write(chunk: string | Painted | Uint8Array): Promise<void> | void;
  readonly isTTY: boolean;
  /** Width in characters; undefined where there is no terminal. */
  readonly columns: number | undefined;
  readonly color: ColorLevel;
}

export interface Io {
  /** Standard input as bytes; read only when a flag names `-`. */
  readonly in: AsyncIterable<Uint8Array> & { readonly isTTY: boolean };
  /** Data and nothing else. */
  readonly out: Sink;
  /** Warnings, hints, progress, notices. */
  readonly err: Sink;
}

/** The streams as the process has them, before `guardIo()`. */
export interface RawIo extends Pick<Io, 'in'> {
  readonly out: RawSink;
  readonly err: RawSink;
}
