// JSON of many megabytes to values without holding the loop: the elements of its arrays are parsed by the megabyte while they arrive,
// and between them the loop turns, so that a signal is heard. Entry point: LongJson. Which answers are long is read.ts's.

import type { Json } from '../model/object.ts';
import { JsonSyntaxError, parseJson } from './exact-json.ts';

const quote = 0x22;
const comma = 0x2c;
const openBracket = 0x5b;
const backslash = 0x5c;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

/** Bytes that are parsed at a time: some ten milliseconds. */
const batchBytes = 1024 * 1024;

/**
 * Takes a list or a table in pieces. Only arrays that are members of the outermost object are taken apart; the text around them is
 * kept, with a number in the place of each array's elements, and parsed at the end.
 */
export class LongJson {
  readonly #around: Buffer[] = [];
  readonly #arrays: Json[][] = [];
  /** Elements that are still to be parsed, the last of them perhaps not whole. */
  #pending: Buffer[] = [];
  #pendingBytes = 0;
  /** A comma stood before them. */
  #continues = false;
  #depth = 0;
  #isObject: boolean | undefined;
  #inString = false;
  #escaped = false;
  #inArray = false;
  #bytes = 0;

  /** @throws JsonSyntaxError */
  push(chunk: Buffer): void {
    let from = 0;
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at];
      if (this.#inString) {
        if (this.#escaped) this.#escaped = false;
        else if (byte === backslash) this.#escaped = true;
        else if (byte === quote) this.#inString = false;
      } else if (byte === quote) {
        this.#inString = true;
      } else if (byte === openBrace || byte === openBracket) {
        this.#isObject ??= byte === openBrace;
        this.#depth++;
        if (byte === openBracket && this.#depth === 2 && this.#isObject) {
          this.#around.push(chunk.subarray(from, at + 1), Buffer.from(String(this.#arrays.length)));
          this.#arrays.push([]);
          this.#inArray = true;
          this.#continues = false;
          from = at + 1;
        }
      } else if (byte === closeBrace || byte === closeBracket) {
        this.#depth--;
        if (this.#inArray && this.#depth === 1) {
          if (byte === closeBrace) {
            const place = this.#bytes + at;
            throw new JsonSyntaxError(`unexpected "}" in an array near byte ${place}`, place, false);
          }
          this.#take(chunk.subarray(from, at));
          this.#parseTaken();
          this.#inArray = false;
          from = at;
        }
      } else if (byte === comma && this.#inArray && this.#depth === 2) {
        if (this.#pendingBytes + at - from > batchBytes) {
          this.#take(chunk.subarray(from, at));
          this.#parseTaken();
          this.#continues = true;
          from = at + 1;
        }
      }
    }
    this.#bytes += chunk.length;
    if (this.#inArray) this.#take(chunk.subarray(from));
    else this.#around.push(chunk.subarray(from));
  }

  /**
   * The value, when all has been pushed.
   * @throws JsonSyntaxError
   */
  end(): Json {
    if (this.#depth > 0 || this.#inString) {
      throw new JsonSyntaxError(`breaks off after ${this.#bytes} bytes`, this.#bytes, true);
    }
    const outermost = parseJson(Buffer.concat(this.#around).toString('utf8'));
    if (this.#arrays.length === 0 || typeof outermost !== 'object' || outermost === null) return outermost;
    return Object.fromEntries(
      Object.entries(outermost).map(([key, value]) => {
        const [index] = isArray(value) ? value : [];
        return [key, typeof index === 'number' ? (this.#arrays[index] ?? value) : value];
      }),
    );
  }

  #take(bytes: Buffer): void {
    this.#pending.push(bytes);
    this.#pendingBytes += bytes.length;
  }

  #parseTaken(): void {
    const text = Buffer.concat(this.#pending, this.#pendingBytes).toString('utf8');
    this.#pending = [];
    this.#pendingBytes = 0;
    // A value in the place of those before, so that a comma with nothing after it stays an error.
    const elements = parsed(this.#continues ? `[0,${text}]` : `[${text}]`, this.#bytes);
    const all = this.#arrays.at(-1);
    for (let at = this.#continues ? 1 : 0; at < elements.length; at++) all?.push(elements[at] ?? null);
  }
}

function isArray(json: Json | undefined): json is readonly Json[] {
  return Array.isArray(json);
}

/** @param near bytes of the whole text that came before, about */
function parsed(text: string, near: number): readonly Json[] {
  try {
    const json = parseJson(text);
    return isArray(json) ? json : [];
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    const [what = ''] = error.message.split(' at character ');
    throw new JsonSyntaxError(`${what} in an element near byte ${near}`, near, false);
  }
}
