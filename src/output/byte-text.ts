// Text under construction as UTF-8 bytes. The emitters of JSON and YAML write into it: byte by byte costs a fraction of
// joining millions of small strings and encoding the result. Entry point: ByteText.

const encoder = new TextEncoder();

/** A growing buffer of UTF-8 text. `bytes` and `length` are open to emitters that write single bytes themselves. */
export class ByteText {
  /** Only the first `length` bytes mean anything. Another array after {@link ByteText.reserve}. */
  bytes: Uint8Array;
  length = 0;
  readonly #capacity: number;

  /** @param capacity bytes to begin with; it grows as needed */
  constructor(capacity = 4096) {
    this.#capacity = capacity;
    this.bytes = Buffer.allocUnsafeSlow(capacity);
  }

  /** Makes room for so many further bytes. */
  reserve(count: number): void {
    if (this.length + count <= this.bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.bytes.length * 2, this.length + count));
    larger.set(this.bytes.subarray(0, this.length));
    this.bytes = larger;
  }

  /** Appends bytes that are UTF-8 already. */
  append(part: Uint8Array): void {
    const size = part.length;
    this.reserve(size);
    const bytes = this.bytes;
    const start = this.length;
    for (let index = 0; index < size; index++) bytes[start + index] = part[index] ?? 0;
    this.length = start + size;
  }

  /** Appends a string; lone surrogates become U+FFFD. */
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

  /** Appends a line break and so many spaces. */
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

  /** The text so far; begins anew in another buffer, since who takes it may keep it. */
  take(): Uint8Array {
    const taken = this.bytes.subarray(0, this.length);
    this.bytes = Buffer.allocUnsafeSlow(this.#capacity);
    this.length = 0;
    return taken;
  }

  /** The text so far as a copy; begins anew in the same buffer. For pieces that are small beside the buffer. */
  takeCopy(): Uint8Array {
    const copy = Uint8Array.prototype.slice.call(this.bytes, 0, this.length);
    this.length = 0;
    return copy;
  }

  toString(): string {
    return new TextDecoder().decode(this.bytes.subarray(0, this.length));
  }
}

/** A string as UTF-8. */
export function utf8(text: string): Uint8Array {
  return encoder.encode(text);
}
