// Bytes of a watch to its lines: one JSON document a line, however the network cut it. Entry point: EventLines.

const newline = 0x0a;

/** Longer than any object etcd stores (1.5 MB) with all its growth as JSON; a line beyond it is no event. Bytes. */
export const maxLineLength = 64 * 1024 * 1024;

/** A line grew beyond what any event is: whoever sends it does not send a watch. */
export class EndlessLine extends Error {
  constructor(bytes: number) {
    super(`a line of more than ${Math.round(bytes / 1024 / 1024)} MB`);
    this.name = 'EndlessLine';
  }
}

/**
 * Splits on line feeds over bytes, so that a character cut in two by the network is whole again before it is decoded.
 * Lines of any length cost one copy.
 */
export class EventLines {
  readonly #maxLength: number;
  readonly #trim: (line: Buffer) => Buffer;
  #parts: Uint8Array[] = [];
  #length = 0;

  /**
   * @param trim takes out of a line what nobody will look at; the line is its to overwrite
   * @param maxLength bytes of a line at the most
   */
  constructor(trim: (line: Buffer) => Buffer = (line) => line, maxLength = maxLineLength) {
    this.#trim = trim;
    this.#maxLength = maxLength;
  }

  /**
   * @returns the lines that these bytes complete, without their line feeds, blank ones left out
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

  /** Bytes after the last line feed; 0 after a stream that ended in good order. */
  get rest(): number {
    return this.#length;
  }

  /** Takes what came after the last line feed as a line: the stream has ended. Empty when nothing is left. */
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
    // Some proxies keep a connection alive with line breaks of their own.
    if (line.length > 2 || line.trim() !== '') lines.push(line);
  }
}
