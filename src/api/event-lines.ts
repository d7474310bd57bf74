// Splits the bytes of a watch into lines, one JSON document each, wherever the network splits them.
// Entry point: EventLines.

const newline = 0x0a;

/**
 * Max bytes of a line. No object in etcd (max 1.5 MB) reaches it, even with the overhead of JSON,
 * so a longer line is not an event.
 */
export const maxLineLength = 64 * 1024 * 1024;

/** Thrown for a line that is longer than any event can be: the response is not a watch. */
export class EndlessLine extends Error {
  constructor(bytes: number) {
    super(`a line of more than ${Math.round(bytes / 1024 / 1024)} MB`);
    this.name = 'EndlessLine';
  }
}

/**
 * Splits bytes at line feeds before decoding them, so that a character that spans two chunks is
 * complete. Copies each line at most once, whatever its length.
 */
export class EventLines {
  readonly #maxLength: number;
  readonly #trim: (line: Buffer) => Buffer;
  #parts: Uint8Array[] = [];
  #length = 0;

  /**
   * @param trim removes parts of a line that no caller needs; can overwrite the line
   * @param maxLength max bytes of a line
   */
  constructor(trim: (line: Buffer) => Buffer = (line) => line, maxLength = maxLineLength) {
    this.#trim = trim;
    this.#maxLength = maxLength;
  }

  /**
   * Appends a chunk.
   * @returns the lines that the chunk completes, without line feeds and without blank lines
   * @throws EndlessLine
   */
  push(chunk: Uint8Array): string[] {
    const lines: string[] = [];
    let from = 0;
    for (let at = chunk.indexOf(newline); at >= 0; at = chunk.indexOf(newline, from)) {
      this.#keep(chunk.subarray(from, at));
      this.#take(lines);
      from = at + 1;
    }
    this.#keep(chunk.subarray(from));
    return lines;
  }

  /** Bytes after the last line feed. 0 after a stream that ended cleanly. */
  get rest(): number {
    return this.#length;
  }

  /**
   * Returns the text after the last line feed as a line, when the stream has ended. Empty if there
   * is none.
   */
  takeRest(): string[] {
    const lines: string[] = [];
    this.#take(lines);
    return lines;
  }

  #keep(part: Uint8Array): void {
    if (part.length === 0) return;
    this.#length += part.length;
    if (this.#length > this.#maxLength) throw new EndlessLine(this.#maxLength);
    this.#parts.push(part);
  }

  #take(lines: string[]): void {
    if (this.#length === 0) return;
    const [only] = this.#parts;
    const bytes =
      this.#parts.length === 1 && only !== undefined ? only : Buffer.concat(this.#parts, this.#length);
    this.#parts = [];
    this.#length = 0;
    const line = this.#trim(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)).toString('utf8');
    // Some proxies send blank lines to keep a connection alive.
    if (line.length > 2 || line.trim() !== '') lines.push(line);
  }
}
