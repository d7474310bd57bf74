// Field managers cut out of JSON before it is parsed. Entry points: cutManagedFields(), ManagedFieldsCutter. They are nine tenths
// of a table with metadata and no table shows them: parsing them, even keeping them, would cost more than all the rest.

const key = Buffer.from('"managedFields":');
const [quote, backslash, comma, open, close, brace] = [0x22, 0x5c, 0x2c, 0x5b, 0x5d, 0x7b];

/**
 * Takes every member `managedFields` that is an array out of compact JSON, whatever object it belongs to: for answers
 * whose only objects are metadata. Indented JSON, which the server writes for curl alone, and JSON that breaks off come back
 * as they were.
 * @param json is overwritten: what is kept moves to its front
 * @returns a part of `json`
 */
export function cutManagedFields(json: Buffer): Buffer {
  const cutter = new ManagedFieldsCutter();
  const kept = cutter.cut(json);
  json.copyWithin(kept, json.length - cutter.unfinished);
  return json.subarray(0, kept + cutter.unfinished);
}

/** The same for JSON that arrives in pieces: what is cut never has to be there as a whole. */
export class ManagedFieldsCutter {
  /** Bytes that are kept so far. */
  #length = 0;
  /** Within an array that is cut. */
  #inside = false;
  #depth = 0;
  #inString = false;
  #escaped = false;
  /** The member that was cut was the first one: the comma after it goes too. */
  #isFirst = false;
  #unfinished = 0;

  /** A key may begin in one piece and end in the next, and the comma before it goes with it. */
  readonly reach = key.length + 1;

  /** Bytes at the end of the last piece that belong to a member whose end is missing. */
  get unfinished(): number {
    return this.#unfinished;
  }

  /**
   * @param json what was kept of the pieces before, and behind it the next piece; is overwritten
   * @returns how many bytes at the front of `json` are kept
   */
  cut(json: Buffer): number {
    let length = this.#length;
    let next = length;
    // A key may have begun in the piece before.
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
      // What comes after it decides, and is in the next piece.
      if (array === json.length) break;
      // A quote after a comma or a brace opens a key; within a string it would have a backslash before it.
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

  /** The first bytes of what is kept will not be there any more. */
  forget(bytes: number): void {
    this.#length -= bytes;
  }

  #skipComma(json: Buffer, at: number): number {
    if (!this.#isFirst || at === json.length) return at;
    this.#isFirst = false;
    return json[at] === comma ? at + 1 : at;
  }

  /** @returns the place after the array's last bracket; -1 where that is in a later piece */
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
