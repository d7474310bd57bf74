// Splits the bytes of a watch into lines, one JSON document each, wherever the network splits them.
// Entry point: EventLines. event-reader.ts reads lines that are not one document each.

const newline = 0x0a;
const [quote, backslash, openBracket, closeBracket, openBrace, closeBrace] = [
  0x22, 0x5c, 0x5b, 0x5d, 0x7b, 0x7d,
];

/**
 * Max bytes of a line. No object in etcd (max 1.5 MB) reaches it, even with the overhead of JSON,
 * so a longer line is not an event.
 */
export const maxLineLength = 64 * 1024 * 1024;

/**
 * Bytes without a line feed after which kapi looks for the end of a document that no line feed
 * follows. More than any event has.
 */
const longRest = 8 * 1024 * 1024;

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
  readonly #ends = new DocumentEnds();
  /** True after a document that no line feed followed. */
  #searchesEnds = false;

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
   * @returns the lines that the chunk completes, without line feeds and without blank lines. Also
   * text that ends with the `}` of a document, because some servers send no line feed after it
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
    if (this.#searchesEnds || this.#length > longRest || chunk.at(-1) === closeBrace) this.#takeEnded(lines);
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

  /** Takes the text up to the last end of a document after the last line feed. */
  #takeEnded(lines: string[]): void {
    const found = this.#ends.lastEnd(this.#parts);
    if (found === undefined) return;
    this.#searchesEnds = true;
    const last = this.#parts[found.part] ?? new Uint8Array();
    const rest = [last.subarray(found.end), ...this.#parts.slice(found.part + 1)];
    this.#parts.splice(found.part, Infinity, last.subarray(0, found.end));
    this.#length = lengthOf(this.#parts);
    this.#take(lines);
    for (const part of rest) this.#keep(part);
    this.#ends.lastEnd(this.#parts);
  }

  #take(lines: string[]): void {
    if (this.#length === 0) return;
    this.#ends.reset();
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

function lengthOf(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, { length }) => sum + length, 0);
}

/**
 * Finds where documents end in the text of a line. Such text begins outside of a string, because a
 * string of JSON contains no line feed.
 */
class DocumentEnds {
  /** Parts that were searched. */
  #searched = 0;
  #depth = 0;
  #inString = false;
  #isEscaped = false;

  /** Begins a line. */
  reset(): void {
    this.#searched = this.#depth = 0;
    this.#inString = this.#isEscaped = false;
  }

  /**
   * Searches the parts that it has not searched yet.
   * @param parts of one line
   * @returns the position after the last `}` that closes every open brace and bracket of the line;
   * undefined if these parts do not contain one
   */
  lastEnd(parts: readonly Uint8Array[]): { readonly part: number; readonly end: number } | undefined {
    let found: { readonly part: number; readonly end: number } | undefined;
    for (; this.#searched < parts.length; this.#searched++) {
      const end = this.#search(parts[this.#searched] ?? new Uint8Array());
      if (end > 0) found = { part: this.#searched, end };
    }
    return found;
  }

  #search(part: Uint8Array): number {
    let end = 0;
    for (let at = 0; at < part.length; at++) {
      const byte = part[at];
      if (this.#inString) {
        if (this.#isEscaped) this.#isEscaped = false;
        else if (byte === backslash) this.#isEscaped = true;
        else if (byte === quote) this.#inString = false;
      } else if (byte === quote) {
        this.#inString = true;
      } else if (byte === openBrace || byte === openBracket) {
        this.#depth++;
      } else if (byte === closeBrace || byte === closeBracket) {
        // A line can also begin inside a document.
        this.#depth = Math.max(0, this.#depth - 1);
        if (this.#depth === 0 && byte === closeBrace) end = at + 1;
      }
    }
    return end;
  }
}
