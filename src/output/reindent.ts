// Indents JSON byte by byte while it arrives. Parses nothing, so key order and number texts do not
// change, and memory stays constant. Entry point: JsonIndenter.

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const colon = 0x3a;
const space = 0x20;
const newline = 0x0a;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;

/** Max depth that is indented. No Kubernetes server sends deeper JSON here. */
const maxDepth = 500;

/**
 * Formats JSON as `jq` does: one member a line, two spaces a level, `{}` and `[]` on one line.
 * Drops white space outside strings. Passes everything else unchanged, even if it is not valid
 * JSON.
 * @see https://www.rfc-editor.org/rfc/rfc8259
 */
export class JsonIndenter {
  readonly #indent: number;
  #depth = 0;
  #inString = false;
  #escaped = false;
  /** True if nothing followed the last opening bracket yet: `{}` stays on one line. */
  #justOpened = false;
  #out = Buffer.allocUnsafe(64 * 1024);
  #at = 0;

  /** @param indent spaces a level. Default: 2 */
  constructor(indent = 2) {
    this.#indent = indent;
  }

  /** True if the input so far ends inside a string, an object or an array. */
  get isOpen(): boolean {
    return this.#depth > 0 || this.#inString;
  }

  /**
   * Formats the next bytes.
   * @returns the indented form; valid until the next call
   */
  push(chunk: Uint8Array): Uint8Array {
    this.#at = 0;
    let index = 0;
    while (index < chunk.length) {
      if (this.#inString) {
        index = this.#copyString(chunk, index);
        continue;
      }
      const byte = chunk[index++] ?? 0;
      if (byte <= space) continue;
      if (byte === closeBrace || byte === closeBracket) {
        this.#depth = Math.max(0, this.#depth - 1);
        if (!this.#justOpened) this.#lineBreak();
        this.#justOpened = false;
        this.#put(byte);
        continue;
      }
      if (this.#justOpened) {
        this.#justOpened = false;
        this.#lineBreak();
      }
      this.#put(byte);
      if (byte === quote) this.#inString = true;
      else if (byte === openBrace || byte === openBracket) {
        this.#depth++;
        this.#justOpened = true;
      } else if (byte === comma) this.#lineBreak();
      else if (byte === colon) this.#put(space);
    }
    return this.#out.subarray(0, this.#at);
  }

  /** Copies up to and including the closing quote, or the rest of the chunk. */
  #copyString(chunk: Uint8Array, from: number): number {
    let index = from;
    for (; index < chunk.length; index++) {
      const byte = chunk[index];
      if (this.#escaped) this.#escaped = false;
      else if (byte === backslash) this.#escaped = true;
      else if (byte === quote) {
        this.#inString = false;
        index++;
        break;
      }
    }
    this.#reserve(index - from);
    this.#out.set(chunk.subarray(from, index), this.#at);
    this.#at += index - from;
    return index;
  }

  #lineBreak(): void {
    const width = Math.min(this.#depth, maxDepth) * this.#indent;
    this.#reserve(width + 1);
    this.#out[this.#at++] = newline;
    this.#out.fill(space, this.#at, this.#at + width);
    this.#at += width;
  }

  #put(byte: number): void {
    this.#reserve(1);
    this.#out[this.#at++] = byte;
  }

  #reserve(more: number): void {
    if (this.#at + more <= this.#out.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.#out.length * 2, this.#at + more));
    this.#out.copy(grown, 0, 0, this.#at);
    this.#out = grown;
  }
}
