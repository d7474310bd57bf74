// Reads DER as strictly as golang.org/x/crypto/cryptobyte, so that kapi rejects what kubectl
// rejects.

/** ASN.1 tags as bytes on the wire. */
export const Tag = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  utf8String: 0x0c,
  numericString: 0x12,
  printableString: 0x13,
  t61String: 0x14,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  bmpString: 0x1e,
  sequence: 0x30,
  set: 0x31,
} as const;

/**
 * Returns the byte of the context-specific tag `[number]`.
 * @param constructed true if the element contains other elements
 */
export function contextTag(number: number, constructed: boolean): number {
  return 0x80 | (constructed ? 0x20 : 0) | number;
}

/** The bytes are not the expected DER. */
export class DerError extends Error {
  override readonly name = 'DerError';
}

/** One element of DER. */
export class DerElement {
  readonly tag: number;
  readonly #bytes: Buffer;
  readonly #start: number;
  /** Where the content begins in `bytes`. */
  readonly contentStart: number;
  /** Where the element ends in `bytes`. */
  readonly end: number;

  constructor(bytes: Buffer, tag: number, start: number, contentStart: number, end: number) {
    this.#bytes = bytes;
    this.tag = tag;
    this.#start = start;
    this.contentStart = contentStart;
    this.end = end;
  }

  /** The element with its tag and length. */
  get whole(): Buffer {
    return this.#bytes.subarray(this.#start, this.end);
  }

  get content(): Buffer {
    return this.#bytes.subarray(this.contentStart, this.end);
  }
}

/**
 * Reads consecutive elements. All methods throw a {@link DerError} with the message that is passed
 * as `problem`. Works with positions in one buffer: a certificate has a hundred elements, and most
 * of them need no buffer of their own.
 */
export class DerReader {
  readonly #bytes: Buffer;
  readonly #end: number;
  #at: number;

  constructor(bytes: Buffer, start = 0, end = bytes.length) {
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
  }

  get isEmpty(): boolean {
    return this.#at >= this.#end;
  }

  /** Returns true if the next element has this tag. */
  peek(tag: number): boolean {
    return this.#at < this.#end && this.#bytes[this.#at] === tag;
  }

  /** Reads the next element, whatever its tag. */
  any(problem: string): DerElement {
    const bytes = this.#bytes;
    const start = this.#at;
    const tag = bytes[start];
    const first = bytes[start + 1];
    if (tag === undefined || first === undefined || start + 2 > this.#end || (tag & 0x1f) === 0x1f) {
      throw new DerError(problem);
    }
    let header = 2;
    let length = first;
    if (first >= 0x80) {
      const count = first & 0x7f;
      if (count === 0 || count > 4 || start + 2 + count > this.#end) throw new DerError(problem);
      length = 0;
      for (let at = start + 2; at < start + 2 + count; at += 1) length = length * 256 + (bytes[at] ?? 0);
      // DER requires the shortest form of a length.
      if (length < 0x80 || length < 2 ** (8 * (count - 1))) throw new DerError(problem);
      header += count;
    }
    const end = start + header + length;
    if (end > this.#end) throw new DerError(problem);
    this.#at = end;
    return new DerElement(bytes, tag, start, start + header, end);
  }

  /** Reads the next element, which must have this tag. */
  element(tag: number, problem: string): DerElement {
    const element = this.any(problem);
    if (element.tag !== tag) throw new DerError(problem);
    return element;
  }

  /** Reads the next element and returns a reader of its content. */
  inside(tag: number, problem: string): DerReader {
    const { contentStart, end } = this.element(tag, problem);
    return new DerReader(this.#bytes, contentStart, end);
  }

  /** Reads the next element if it has this tag. Otherwise reads nothing and returns undefined. */
  optional(tag: number, problem: string): DerElement | undefined {
    return this.peek(tag) ? this.element(tag, problem) : undefined;
  }

  /** Reads a BOOLEAN. Returns undefined if the next element is not a BOOLEAN. */
  optionalBoolean(problem: string): boolean | undefined {
    const element = this.optional(Tag.boolean, problem);
    if (element === undefined) return undefined;
    const value = this.#bytes[element.contentStart];
    if (element.end - element.contentStart !== 1 || (value !== 0 && value !== 0xff))
      throw new DerError(problem);
    return value === 0xff;
  }

  /**
   * Reads an INTEGER, or another tag with such content. Returns its bytes: big-endian two's
   * complement, never empty.
   */
  integer(problem: string, tag: number = Tag.integer): Buffer {
    const { content } = this.element(tag, problem);
    const first = content[0];
    const second = content[1];
    const isLong =
      second !== undefined && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80));
    if (first === undefined || isLong) throw new DerError(problem);
    return content;
  }

  /** Reads an INTEGER of at most 64 bits that is not negative. Rounds numbers beyond 2^53. */
  smallInteger(problem: string, tag: number = Tag.integer): number {
    const value = this.signedInteger(problem, tag);
    if (value < 0) throw new DerError(problem);
    return value;
  }

  /** Reads an INTEGER of at most 64 bits. Rounds numbers beyond 2^53. */
  signedInteger(problem: string, tag: number = Tag.integer): number {
    const content = this.integer(problem, tag);
    if (content.length > 8) throw new DerError(problem);
    let value = isNegative(content) ? -1 : 0;
    for (const byte of content) value = value * 256 + byte;
    return value;
  }

  /** Reads an OBJECT IDENTIFIER in dotted notation. */
  oid(problem: string): string {
    const { contentStart, end } = this.element(Tag.oid, problem);
    return oidText(this.#bytes, contentStart, end, problem);
  }

  /** Reads a BIT STRING: its bytes, and the number of unused bits at its end. */
  bitString(problem: string): { readonly bytes: Buffer; readonly unused: number } {
    const { contentStart, end } = this.element(Tag.bitString, problem);
    const unused = contentStart < end ? this.#bytes[contentStart] : undefined;
    const last = contentStart + 1 < end ? this.#bytes[end - 1] : undefined;
    const isWrong =
      unused === undefined ||
      unused > 7 ||
      (last === undefined ? unused !== 0 : (last & ((1 << unused) - 1)) !== 0);
    if (isWrong) throw new DerError(problem);
    return { bytes: this.#bytes.subarray(contentStart + 1, end), unused };
  }
}

/** True if the first bit of an INTEGER is set. */
export function isNegative(integer: Buffer): boolean {
  return (integer[0] ?? 0) >= 0x80;
}

function oidText(bytes: Buffer, start: number, end: number, problem: string): string {
  let text = '';
  let value = 0;
  let length = 0;
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at] ?? 0;
    // The number is not in its shortest form, or it is 2^31 or more.
    if ((length === 0 && byte === 0x80) || value >= 2 ** 24) throw new DerError(problem);
    value = value * 128 + (byte & 0x7f);
    length += 1;
    if (byte >= 0x80) continue;
    if (text === '') {
      const first = Math.min(2, Math.floor(value / 40));
      text = `${first}.${value - 40 * first}`;
    } else {
      text += `.${value}`;
    }
    value = 0;
    length = 0;
  }
  if (text === '' || length !== 0) throw new DerError(problem);
  return text;
}
