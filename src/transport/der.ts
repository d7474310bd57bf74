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
export interface DerElement {
  readonly tag: number;
  /** The element with its tag and length. */
  readonly whole: Buffer;
  readonly content: Buffer;
}

/**
 * Reads consecutive elements. All methods throw a {@link DerError} with the message that is passed
 * as `problem`.
 */
export class DerReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get isEmpty(): boolean {
    return this.#at >= this.#bytes.length;
  }

  /** Returns true if the next element has this tag. */
  peek(tag: number): boolean {
    return this.#bytes[this.#at] === tag;
  }

  /** Reads the next element, whatever its tag. */
  any(problem: string): DerElement {
    const bytes = this.#bytes;
    const start = this.#at;
    const tag = bytes[start];
    const first = bytes[start + 1];
    if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) throw new DerError(problem);
    let header = 2;
    let length = first;
    if (first >= 0x80) {
      const count = first & 0x7f;
      if (count === 0 || count > 4 || start + 2 + count > bytes.length) throw new DerError(problem);
      length = bytes.readUIntBE(start + 2, count);
      // DER requires the shortest form of a length.
      if (length < 0x80 || length < 2 ** (8 * (count - 1))) throw new DerError(problem);
      header += count;
    }
    const end = start + header + length;
    if (end > bytes.length) throw new DerError(problem);
    this.#at = end;
    return { tag, whole: bytes.subarray(start, end), content: bytes.subarray(start + header, end) };
  }

  /** Reads the next element, which must have this tag. */
  element(tag: number, problem: string): DerElement {
    const element = this.any(problem);
    if (element.tag !== tag) throw new DerError(problem);
    return element;
  }

  /** Reads the next element and returns a reader of its content. */
  inside(tag: number, problem: string): DerReader {
    return new DerReader(this.element(tag, problem).content);
  }

  /** Reads the next element if it has this tag. Otherwise reads nothing and returns undefined. */
  optional(tag: number, problem: string): DerElement | undefined {
    return this.peek(tag) ? this.element(tag, problem) : undefined;
  }

  /** Reads a BOOLEAN. Returns undefined if the next element is not a BOOLEAN. */
  optionalBoolean(problem: string): boolean | undefined {
    const element = this.optional(Tag.boolean, problem);
    if (element === undefined) return undefined;
    const [value] = element.content;
    if (element.content.length !== 1 || (value !== 0 && value !== 0xff)) throw new DerError(problem);
    return value === 0xff;
  }

  /**
   * Reads an INTEGER, or another tag with such content. Returns its bytes: big-endian two's
   * complement, never empty.
   */
  integer(problem: string, tag: number = Tag.integer): Buffer {
    const { content } = this.element(tag, problem);
    const [first, second] = content;
    const isLong =
      second !== undefined && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80));
    if (first === undefined || isLong) throw new DerError(problem);
    return content;
  }

  /** Reads an INTEGER of at most 6 bytes that is not negative. */
  smallInteger(problem: string, tag: number = Tag.integer): number {
    const content = this.integer(problem, tag);
    if (content.length > 6 || content.readInt8(0) < 0) throw new DerError(problem);
    return content.readUIntBE(0, content.length);
  }

  /** Reads an OBJECT IDENTIFIER in dotted notation. */
  oid(problem: string): string {
    return oidText(this.element(Tag.oid, problem).content, problem);
  }

  /** Reads a BIT STRING: its bytes, and the number of unused bits at its end. */
  bitString(problem: string): { readonly bytes: Buffer; readonly unused: number } {
    const { content } = this.element(Tag.bitString, problem);
    const [unused] = content;
    const bytes = content.subarray(1);
    const last = bytes.at(-1);
    const isWrong =
      unused === undefined ||
      unused > 7 ||
      (last === undefined ? unused !== 0 : (last & ((1 << unused) - 1)) !== 0);
    if (isWrong) throw new DerError(problem);
    return { bytes, unused };
  }
}

function oidText(content: Buffer, problem: string): string {
  const numbers: number[] = [];
  let value = 0;
  let length = 0;
  for (const byte of content) {
    // The number is not in its shortest form, or it is 2^31 or more.
    if ((length === 0 && byte === 0x80) || value >= 2 ** 24) throw new DerError(problem);
    value = value * 128 + (byte & 0x7f);
    length += 1;
    if (byte >= 0x80) continue;
    if (numbers.length === 0) {
      const first = Math.min(2, Math.floor(value / 40));
      numbers.push(first, value - 40 * first);
    } else {
      numbers.push(value);
    }
    value = 0;
    length = 0;
  }
  if (numbers.length === 0 || length !== 0) throw new DerError(problem);
  return numbers.join('.');
}
