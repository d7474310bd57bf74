// JSON to values while it arrives, without holding the loop or the bytes: the elements of a list are parsed some at a time, and between
// them the loop turns, so that a signal is heard. Entry point: LongJson. Which answers are read so is read.ts's.

import { isJsonArray } from '../model/object.ts';
import type { Json } from '../model/object.ts';
import type { BodyBuffer, Cutter } from './body-buffer.ts';
import { JsonSyntaxError, parseJson } from './exact-json.ts';

const quote = 0x22;
const comma = 0x2c;
const openBracket = 0x5b;
const backslash = 0x5c;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

/** Bytes: some ten milliseconds. */
const defaultBatchBytes = 1024 * 1024;

export interface LongJsonOptions {
  /** So many bytes are parsed at a time. Default 1 MiB. */
  readonly batchBytes?: number;
  /** Takes out what nobody will look at, before it is parsed. */
  readonly cutter?: Cutter | undefined;
}

/** Where an array begins of which {@link LongJson.take} gives parts. */
const isListOpening = /"(?:rows|items)"\s*:\s*\[$/;

/**
 * Takes a list or a table in pieces. Only arrays that are members of the outermost object are taken apart; the text around them is
 * kept, with a number in the place of each array's elements, and parsed at the end.
 */
export class LongJson {
  /** What has arrived and was not parsed yet. */
  readonly #buffer: BodyBuffer;
  readonly #cutter: Cutter | undefined;
  readonly #batchBytes: number;
  #envelope = '';
  readonly #arrays: Json[][] = [];
  /** Elements of the last array, until they are taken. */
  #elements: Json[] = [];
  /** Bytes at the front of the buffer that were looked at already. */
  #scanned = 0;
  /** Elements of the array were parsed before those in the buffer. */
  #isContinuation = false;
  #depth = 0;
  #isObject: boolean | undefined;
  #inString = false;
  #escaped = false;
  #inArray = false;
  #inList = false;
  /** Bytes at the front of the buffer that have been dealt with and are kept for their place. */
  #processedBytes = 0;
  /** Bytes that left the buffer. */
  #dropped = 0;
  #arrived: number;

  /** @param buffer may hold the beginning of the text already; nobody else may use it meanwhile */
  constructor(buffer: BodyBuffer, { batchBytes = defaultBatchBytes, cutter }: LongJsonOptions = {}) {
    this.#buffer = buffer;
    this.#batchBytes = batchBytes;
    this.#cutter = cutter;
    this.#arrived = buffer.length;
  }

  /** Bytes of the text so far, without what was cut out. */
  get length(): number {
    return this.#dropped + this.#buffer.length;
  }

  /** An array has begun: this is JSON, and meant to be a list. */
  get hasBegun(): boolean {
    return this.#arrays.length > 0;
  }

  push(chunk: Uint8Array): void {
    this.#arrived += chunk.byteLength;
    this.#buffer.append(chunk);
    if (this.#cutter !== undefined) this.#buffer.truncate(this.#cutter.cut(this.#buffer.bytes));
  }

  /**
   * Parses what has come, for {@link LongJson.end}.
   * @throws JsonSyntaxError
   */
  parse(): void {
    while (this.#parseBatch(this.#buffer.length - (this.#cutter?.reach ?? 0)));
  }

  /**
   * The next elements of the list as a value of its own, with all that stands around the list as far as it has come. Undefined until
   * there are enough of them; the last ones come with {@link LongJson.end}.
   * @throws JsonSyntaxError
   */
  take(): Json | undefined {
    while (this.#parseBatch(this.#buffer.length - (this.#cutter?.reach ?? 0))) {
      if (!this.#inList) continue;
      const elements = this.#elements;
      this.#arrays[this.#arrays.length - 1] = this.#elements = [];
      return this.#valueOf(`${this.#envelope}]}`, [...this.#arrays.slice(0, -1), elements]);
    }
    return undefined;
  }

  /**
   * The value, when all has been pushed, without those elements that were taken.
   * @throws JsonSyntaxError
   */
  end(): Json {
    while (this.#parseBatch(this.#buffer.length));
    if (this.#depth > 0 || this.#inString || (this.#cutter?.unfinished ?? 0) > 0) {
      throw new JsonSyntaxError(`breaks off after ${this.#arrived} bytes`, this.#arrived, true);
    }
    this.#envelope += this.#buffer.bytes.toString('utf8', this.#processedBytes);
    return this.#valueOf(this.#envelope, this.#arrays);
  }

  /**
   * Looks at what is in the buffer up to a place, or until a batch of elements is together.
   * @returns whether a batch was parsed, so that there may be more
   */
  #parseBatch(to: number): boolean {
    const { bytes } = this.#buffer;
    /** What comes before it has been dealt with. Of what is left the buffer keeps one byte more: elements need a bracket before them. */
    let start = this.#processedBytes;
    let at = this.#scanned;
    let isBatch = false;
    for (; at < to && !isBatch; at++) {
      const byte = bytes[at];
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
          this.#openArray(bytes.toString('utf8', start, at + 1));
          start = at + 1;
        }
      } else if (byte === closeBrace || byte === closeBracket) {
        this.#depth--;
        if (this.#inArray && this.#depth === 1) {
          if (byte === closeBrace) {
            const place = this.#dropped + at;
            throw new JsonSyntaxError(`unexpected "}" in an array near byte ${place}`, place, false);
          }
          this.#parse(bytes, start, at);
          this.#inArray = false;
          start = at;
        }
      } else if (byte === comma && this.#depth === 2 && this.#inArray && at - start >= this.#batchBytes) {
        this.#parse(bytes, start, at);
        this.#isContinuation = true;
        start = at + 1;
        isBatch = true;
      }
    }
    this.#processedBytes = Math.min(start, 1);
    const gone = start - this.#processedBytes;
    this.#scanned = at - gone;
    this.#dropped += gone;
    this.#buffer.consume(gone);
    this.#cutter?.forget(gone);
    return isBatch;
  }

  #openArray(before: string): void {
    this.#envelope += before;
    this.#inList = isListOpening.test(this.#envelope);
    this.#envelope += String(this.#arrays.length);
    this.#elements = [];
    this.#arrays.push(this.#elements);
    this.#inArray = true;
    this.#isContinuation = false;
  }

  /** Parses elements where they stand: brackets in the place of what is around them spare a copy of the text. */
  #parse(bytes: Buffer, start: number, end: number): void {
    const after = bytes[end] ?? closeBracket;
    bytes[start - 1] = openBracket;
    bytes[end] = closeBracket;
    const elements = parsed(bytes.toString('utf8', start - 1, end + 1), this.#dropped);
    bytes[end] = after;
    if (this.#isContinuation && elements.length === 0) {
      const place = this.#dropped + end;
      throw new JsonSyntaxError(`unexpected "]" after a comma near byte ${place}`, place, false);
    }
    for (const element of elements) this.#elements.push(element);
  }

  #valueOf(around: string, arrays: readonly Json[][]): Json {
    const outermost = parseJson(around);
    if (arrays.length === 0 || typeof outermost !== 'object' || outermost === null) return outermost;
    return Object.fromEntries(
      Object.entries(outermost).map(([key, value]) => {
        const [index] = isJsonArray(value) ? value : [];
        return [key, typeof index === 'number' ? (arrays[index] ?? value) : value];
      }),
    );
  }
}

/** @param near bytes of the whole text that came before, about */
function parsed(text: string, near: number): readonly Json[] {
  try {
    const json = parseJson(text);
    return isJsonArray(json) ? json : [];
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    const [what = ''] = error.message.split(' at character ');
    throw new JsonSyntaxError(`${what} in an element near byte ${near}`, near, false);
  }
}
