// Parses JSON while it arrives, without blocking the event loop and without keeping all bytes.
// Parses the elements of a list in batches, and lets the event loop handle signals between batches.
// Entry point: LongJson. read.ts decides which responses need it.

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

/** Default bytes of a batch. They take about ten milliseconds. */
const defaultBatchBytes = 1024 * 1024;

export interface LongJsonOptions {
  /** Bytes that are parsed at a time. Default: 1 MiB. */
  readonly batchBytes?: number;
  /** Removes parts that no caller needs before they are parsed. */
  readonly cutter?: Cutter | undefined;
}

/** Matches the start of an array that {@link LongJson.take} splits. */
const isListOpening = /"(?:rows|items)"\s*:\s*\[$/;

/**
 * Parses a list or a table in batches. Splits only arrays that are direct members of the outermost
 * object. Keeps the text around the arrays (the envelope), with the number of each array instead of
 * its elements, and parses it at the end.
 */
export class LongJson {
  /** Bytes that arrived and were not parsed yet. */
  readonly #buffer: BodyBuffer;
  readonly #cutter: Cutter | undefined;
  readonly #batchBytes: number;
  #envelope = '';
  readonly #arrays: Json[][] = [];
  /** Elements of the last array until {@link LongJson.take} returns them. */
  #elements: Json[] = [];
  /** Bytes at the front of the buffer that were already scanned. */
  #scanned = 0;
  /** True if earlier elements of the array were already parsed. */
  #isContinuation = false;
  #depth = 0;
  #isObject: boolean | undefined;
  #inString = false;
  #escaped = false;
  #inArray = false;
  #inList = false;
  /**
   * Processed bytes that stay at the front of the buffer, 0 or 1: elements need a byte before them
   * for a bracket.
   */
  #processedBytes = 0;
  /** Bytes that were removed from the buffer. */
  #dropped = 0;
  #arrived: number;

  /** @param buffer can already hold the start of the text; nothing else must use it meanwhile */
  constructor(buffer: BodyBuffer, { batchBytes = defaultBatchBytes, cutter }: LongJsonOptions = {}) {
    this.#buffer = buffer;
    this.#batchBytes = batchBytes;
    this.#cutter = cutter;
    this.#arrived = buffer.length;
  }

  /** Bytes of the text so far, without the bytes that the cutter removed. */
  get length(): number {
    return this.#dropped + this.#buffer.length;
  }

  /** True if an array has begun: the text is JSON and meant to be a list. */
  get hasBegun(): boolean {
    return this.#arrays.length > 0;
  }

  /** Appends a chunk, and removes what the cutter does not need. */
  push(chunk: Uint8Array): void {
    this.#arrived += chunk.byteLength;
    this.#buffer.append(chunk);
    if (this.#cutter !== undefined) this.#buffer.truncate(this.#cutter.cut(this.#buffer.bytes));
  }

  /**
   * Parses what has arrived, for {@link LongJson.end}.
   * @throws JsonSyntaxError
   */
  parse(): void {
    while (this.#parseBatch(this.#buffer.length - (this.#cutter?.reach ?? 0)));
  }

  /**
   * Returns the next batch of elements inside a copy of the envelope that has arrived. Returns
   * undefined if there are not enough elements yet. {@link LongJson.end} returns the last ones.
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
   * Returns the value after all chunks were pushed, without the elements that {@link LongJson.take}
   * returned.
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
   * Scans the buffer up to `to`, or until a batch of elements is complete.
   * @returns whether a batch was parsed, so that there can be another one
   */
  #parseBatch(to: number): boolean {
    const { bytes } = this.#buffer;
    /**
     * Bytes before `start` are processed. The buffer keeps one of them, because elements need a
     * byte before them for a bracket.
     */
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

  /**
   * Parses elements in place. Writes brackets over the bytes around the elements, which avoids a
   * copy of the text.
   */
  #parse(bytes: Buffer, start: number, end: number): void {
    const after = bytes[end] ?? closeBracket;
    bytes[start - 1] = openBracket;
    bytes[end] = closeBracket;
    const elements = parseArray(bytes.toString('utf8', start - 1, end + 1), this.#dropped);
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

/** Parses an array. @param near approximate number of bytes before it in the whole text */
function parseArray(text: string, near: number): readonly Json[] {
  try {
    const json = parseJson(text);
    return isJsonArray(json) ? json : [];
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    const [what = ''] = error.message.split(' at character ');
    throw new JsonSyntaxError(`${what} in an element near byte ${near}`, near, false);
  }
}
