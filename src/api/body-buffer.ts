// Holds the body of an answer while it is read. Entry points: BodyBuffer; Cutter, which shortens what is in it.

/**
 * Holds one body after the other, of pages that are read in turn. New memory for each costs more than copying into memory that
 * exists, and megabytes of it would wait for the garbage collector.
 */
export class BodyBuffer {
  #buffer = Buffer.alloc(0);
  #start = 0;
  #end = 0;

  /** The bytes that were appended and neither truncated nor consumed; valid until the next call. */
  get bytes(): Buffer {
    return this.#buffer.subarray(this.#start, this.#end);
  }

  get length(): number {
    return this.#end - this.#start;
  }

  /** Keeps the first `length` bytes only. */
  truncate(length: number): void {
    this.#end = this.#start + length;
    if (length === 0) this.#start = this.#end = 0;
  }

  /** Removes the first `length` bytes. */
  consume(length: number): void {
    this.#start += length;
    if (this.#start === this.#end) this.#start = this.#end = 0;
  }

  append(chunk: Uint8Array): void {
    const size = chunk.byteLength;
    if (this.#end + size > this.#buffer.length) this.#makeSpace(this.length + size);
    this.#buffer.set(chunk, this.#end);
    this.#end += size;
  }

  #makeSpace(length: number): void {
    const { bytes } = this;
    // What is moved to the front is never more than what was dropped since the last time.
    if (2 * length <= this.#buffer.length) this.#buffer.copyWithin(0, this.#start, this.#end);
    else {
      // By much: what is not used of fresh memory costs nothing, and what is used twice costs twice.
      this.#buffer = Buffer.allocUnsafeSlow(Math.max(length, 4 * this.#buffer.length, minBufferBytes));
      this.#buffer.set(bytes);
    }
    this.#start = 0;
    this.#end = bytes.length;
  }
}

/** Holds the answer to most lists. Bytes. */
const minBufferBytes = 64 * 1024;

/** Shortens a body while it arrives: {@link ManagedFieldsCutter}. */
export interface Cutter {
  /**
   * @param body what was kept of the pieces before, and behind it the next piece; is overwritten
   * @returns how many bytes at its front are kept
   */
  cut(body: Buffer): number;
  /** What was kept is without so many bytes at its front from now on. */
  forget(bytes: number): void;
  /** So many bytes at the end of what is kept may still be cut; all before them stand. */
  readonly reach: number;
  /** More than 0: the body ended within something that was being cut. */
  readonly unfinished: number;
}
