// Bytes of a watch to its lines: one JSON document a line, however the network cut it. Entry point: EventLines.

const newline = 0x0a;

/** Longer than any object etcd stores (1.5 MB) with all its growth as JSON; a line beyond it is no event. */
export const longestLine = 64 * 1024 * 1024;

/** A line grew beyond {@link longestLine}: whoever sends it does not send a watch. */
export class EndlessLine extends Error {
  constructor() {
    super(`a line of more than ${longestLine / 1024 / 1024} MB`);
    this.name = 'EndlessLine';
  }
}

/**
 * Splits on line feeds over bytes, so that a character cut in two by the network is whole again before it is decoded.
 * Lines of any length cost one copy.
 */
export class EventLines {
  #parts: Uint8Array[] = [];
  #length = 0;

  /**
   * @returns the lines that these bytes complete, without their line feeds, empty ones left out
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

  /** What came after the last line feed; empty after a stream that ended in good order. */
  get rest(): number {
    return this.#length;
  }

  #keep(part: Uint8Array): void {
    if (part.length === 0) return;
    this.#length += part.length;
    if (this.#length > longestLine) throw new EndlessLine();
    this.#parts.push(part);
  }

  #take(lines: string[]): void {
    if (this.#length === 0) return;
    const [only] = this.#parts;
    const bytes =
      this.#parts.length === 1 && only !== undefined ? only : Buffer.concat(this.#parts, this.#length);
    this.#parts = [];
    this.#length = 0;
    lines.push(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'));
  }
}
