// The terminal as a command sees it: two sinks and a source, all of them inputs of main().

/** Number of colours of a terminal: none, 16, 256 or 16 million. */
export type ColorLevel = 0 | 1 | 2 | 3;

/** Only `withColours()` of output/colour.ts makes values of this type. */
declare const isPainted: unique symbol;

/**
 * Text whose escape sequences are colours of kapi; text from elsewhere in it has been escaped. A
 * plain string is never trusted: a terminal shows each control character of it, including colours.
 */
export interface Painted {
  readonly painted: string;
  readonly [isPainted]: true;
}

/** A stream of the process before guardIo() wraps it: see guarded-io.ts. */
export interface RawSink extends Omit<Sink, 'write'> {
  write(chunk: string | Uint8Array): Promise<void> | void;
}

/** A destination for text and bytes. */
export interface Sink {
  /**
   * Writes text or bytes. A terminal shows control characters of a string as `^[` and similar, and
   * interprets only the colours of {@link Painted} text. Bytes are not changed, so a command writes
   * bytes only if the user asked for raw data. Resolves when the sink can accept more
   * (back-pressure): await it in a loop.
   * @throws ClosedPipe if the reader is gone (`| head`): the command ends silently with 0
   */
  write(chunk: string | Painted | Uint8Array): Promise<void> | void;
  readonly isTTY: boolean;
  /** Width in characters. Undefined if it is not a terminal. */
  readonly columns: number | undefined;
  readonly color: ColorLevel;
}

export interface Io {
  /** Standard input as bytes, read only if a flag names `-`. */
  readonly in: AsyncIterable<Uint8Array> & { readonly isTTY: boolean };
  /** Standard output: data only. */
  readonly out: Sink;
  /** Standard error: warnings, hints, progress, notices. */
  readonly err: Sink;
}

/** The streams of the process, before `guardIo()`. */
export interface RawIo extends Pick<Io, 'in'> {
  readonly out: RawSink;
  readonly err: RawSink;
}
