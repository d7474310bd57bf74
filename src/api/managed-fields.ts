// Removes managedFields from JSON before it is parsed. Entry points: cutManagedFields(),
// ManagedFieldsCutter. They are nine tenths of a table with metadata, and no table shows them:
// parsing or even keeping them would cost more than everything else.

const key = Buffer.from('"managedFields":');
const [quote, backslash, comma, open, close, brace] = [0x22, 0x5c, 0x2c, 0x5b, 0x5d, 0x7b];

/**
 * Removes every member `managedFields` that is an array from compact JSON, in any object. For
 * responses whose only objects are metadata. Keeps indented JSON, which servers send only to
 * clients such as curl, and a member whose end is missing.
 * @param json is overwritten: the kept bytes move to its front
 * @returns a part of `json`
 */
export function cutManagedFields(json: Buffer): Buffer {
  const cutter = new ManagedFieldsCutter();
  const kept = cutter.cut(json);
  json.copyWithin(kept, json.length - cutter.unfinished);
  return json.subarray(0, kept + cutter.unfinished);
}

/**
 * Removes managedFields from JSON that arrives in pieces. A removed member never has to be complete
 * in memory.
 */
export class ManagedFieldsCutter {
  /** Bytes kept so far. */
  #length = 0;
  /** True inside an array that is being removed. */
  #inside = false;
  #depth = 0;
  #inString = false;
  #escaped = false;
  /** True if the removed member was the first one, so that the comma after it goes too. */
  #isFirst = false;
  #unfinished = 0;

  /** Bytes of the key and the comma before it: a key can begin in one piece and end in the next. */
  readonly reach = key.length + 1;

  /** Bytes at the end of the last piece that belong to an unfinished member. */
  get unfinished(): number {
    return this.#unfinished;
  }

  /**
   * Removes managedFields from the newest piece.
   * @param json the bytes kept so far, followed by the next piece; is overwritten
   * @returns how many bytes at the front of `json` are kept
   */
  cut(json: Buffer): number {
    let length = this.#length;
    let next = length;
    // The key can begin in the previous piece.
    let from = Math.max(0, length - key.length);
    this.#unfinished = 0;
    if (this.#inside) {
      next = this.#skip(json, next);
      if (next < 0) {
        this.#unfinished = json.length - length;
        return length;
      }
    }
    if (next > length || this.#isFirst) from = next = this.#skipComma(json, next);
    for (let at = json.indexOf(key, from); at >= 0; at = json.indexOf(key, from)) {
      const array = at + key.length;
      // The next byte decides, and is in the next piece.
      if (array === json.length) break;
      // A quote after a comma or a brace opens a key. Inside a string it would follow a backslash.
      const before = at === next && length > 0 ? json[length - 1] : json[at - 1];
      if (json[array] !== open || (before !== comma && before !== brace)) {
        from = array;
        continue;
      }
      const start = before === comma ? at - 1 : at;
      json.copyWithin(length, next, start);
      length += start - next;
      this.#isFirst = before === brace;
      next = this.#skip(json, array);
      if (next < 0) {
        this.#unfinished = json.length - start;
        this.#length = length;
        return length;
      }
      from = next = this.#skipComma(json, next);
    }
    json.copyWithin(length, next);
    length += json.length - next;
    this.#length = length;
    return length;
  }

  /** Tells that the caller removed the first bytes of the kept bytes. */
  forget(bytes: number): void {
    this.#length -= bytes;
  }

  #skipComma(json: Buffer, at: number): number {
    if (!this.#isFirst || at === json.length) return at;
    this.#isFirst = false;
    return json[at] === comma ? at + 1 : at;
  }

  /**
   * Skips the array.
   * @returns the position after its closing bracket; -1 if that is in a later piece
   */
  #skip(json: Buffer, start: number): number {
    let depth = this.#depth;
    let inString = this.#inString;
    let escaped = this.#escaped;
    let end = -1;
    for (let at = start; at < json.length && end < 0; at++) {
      const byte = json[at];
      if (inString) {
        if (escaped) escaped = false;
        else if (byte === backslash) escaped = true;
        else if (byte === quote) inString = false;
      } else if (byte === quote) {
        inString = true;
      } else if (byte === open) {
        depth++;
      } else if (byte === close && --depth === 0) {
        end = at + 1;
      }
    }
    this.#inside = end < 0;
    this.#depth = depth;
    this.#inString = inString;
    this.#escaped = escaped;
    return end;
  }
}
