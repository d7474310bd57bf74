// Builds text as UTF-8 bytes, for the emitters of JSON and YAML. Writing bytes costs a fraction of
// joining millions of small strings and encoding the result. Entry point: ByteText.

const encoder = new TextEncoder();

/**
 * A growing buffer of UTF-8 text. Emitters can write single bytes to `bytes` and `length` directly.
 */
export class ByteText {
  /** Only the first `length` bytes are valid. {@link ByteText.reserve} can replace the array. */
  bytes: Uint8Array;
  length = 0;
  readonly #capacity: number;

  /** @param capacity initial bytes; grows as needed. Default: 4096 */
  constructor(capacity = 4096) {
    this.#capacity = capacity;
    this.bytes = Buffer.allocUnsafeSlow(capacity);
  }

  /** Makes room for `count` more bytes. */
  reserve(count: number): void {
    if (this.length + count <= this.bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.bytes.length * 2, this.length + count));
    larger.set(this.bytes.subarray(0, this.length));
    this.bytes = larger;
  }

  /** Appends UTF-8 bytes. */
  append(part: Uint8Array): void {
    const size = part.length;
    this.reserve(size);
    const bytes = this.bytes;
    const start = this.length;
    for (let index = 0; index < size; index++) bytes[start + index] = part[index] ?? 0;
    this.length = start + size;
  }

  /** Appends a string. Lone surrogates become U+FFFD. */
  text(part: string): void {
    const size = part.length;
    this.reserve(size * 3);
    const bytes = this.bytes;
    const start = this.length;
    for (let index = 0; index < size; index++) {
      const unit = part.charCodeAt(index);
      if (unit > 0x7f) {
        this.length =
          start + index + encoder.encodeInto(part.slice(index), bytes.subarray(start + index)).written;
        return;
      }
      bytes[start + index] = unit;
    }
    this.length = start + size;
  }

  /** Appends a line break and `spaces` spaces. */
  newline(spaces: number): void {
    this.reserve(spaces + 1);
    const bytes = this.bytes;
    let at = this.length;
    bytes[at++] = 0x0a;
    const end = at + spaces;
    while (at < end) bytes[at++] = 0x20;
    this.length = at;
  }

  /** Appends one ASCII character. */
  byte(code: number): void {
    this.reserve(1);
    this.bytes[this.length++] = code;
  }

  /**
   * Returns the text so far, and starts a new text in a new buffer, because the caller can keep the
   * result.
   */
  take(): Uint8Array {
    const taken = this.bytes.subarray(0, this.length);
    this.bytes = Buffer.allocUnsafeSlow(this.#capacity);
    this.length = 0;
    return taken;
  }

  /**
   * Returns a copy of the text so far, and starts a new text in the same buffer. For texts that are
   * small compared with the buffer.
   */
  takeCopy(): Uint8Array {
    const copy = Uint8Array.prototype.slice.call(this.bytes, 0, this.length);
    this.length = 0;
    return copy;
  }

  toString(): string {
    return new TextDecoder().decode(this.bytes.subarray(0, this.length));
  }
}

/** Encodes a string as UTF-8. */
export function utf8(text: string): Uint8Array {
  return encoder.encode(text);
}
