// What a command may know of the terminal: two sinks and a source, all of them inputs of main().

/** How many colours a terminal shows: none, 16, 256 or 16 million. */
export type ColorLevel = 0 | 1 | 2 | 3;

/** Where text goes. */
export interface Sink {
  /**
   * Hands text or bytes over. A terminal shows control characters of a text as `^[` and the like; bytes pass as they are, so a
   * command writes bytes only where they are what was asked for. Resolves when more may follow (back-pressure), so a caller in a loop awaits it.
   * @throws ClosedPipe when the reader has gone (`| head`): the command ends quietly with 0
   */
  write(chunk: string | Uint8Array): Promise<void> | void;
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
