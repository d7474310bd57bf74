// Holds the body of a response while it is read. Entry points: BodyBuffer; Cutter, which removes
// parts of the body.

/**
 * A buffer for one body after another, such as the pages of a list. Allocating new memory for each
 * body costs more than copying into existing memory, and would leave megabytes to the garbage
 * collector.
 */
export class BodyBuffer {
  #buffer = Buffer.alloc(0);
  #start = 0;
  #end = 0;

  /**
   * The appended bytes that were neither truncated nor consumed. The view is valid until the next
   * call.
   */
  get bytes(): Buffer {
    return this.#buffer.subarray(this.#start, this.#end);
  }

  get length(): number {
    return this.#end - this.#start;
  }

  /** Keeps only the first `length` bytes. */
  truncate(length: number): void {
    this.#end = this.#start + length;
    if (length === 0) this.#start = this.#end = 0;
  }

  /** Removes the first `length` bytes. */
  consume(length: number): void {
    this.#start += length;
    if (this.#start === this.#end) this.#start = this.#end = 0;
  }

  /** Copies a chunk to the end of the buffer, and enlarges the buffer if needed. */
  append(chunk: Uint8Array): void {
    const size = chunk.byteLength;
    if (this.#end + size > this.#buffer.length) this.#makeSpace(this.length + size);
    this.#buffer.set(chunk, this.#end);
    this.#end += size;
  }

  #makeSpace(length: number): void {
    const { bytes } = this;
    // Here fewer bytes move to the front than were consumed since the last move, so moving is
    // cheap.
    if (2 * length <= this.#buffer.length) this.#buffer.copyWithin(0, this.#start, this.#end);
    else {
      // Grows by a factor of four: untouched memory costs nothing, but each growth copies all
      // bytes.
      this.#buffer = Buffer.allocUnsafeSlow(Math.max(length, 4 * this.#buffer.length, minBufferBytes));
      this.#buffer.set(bytes);
    }
    this.#start = 0;
    this.#end = bytes.length;
  }
}

/** Initial bytes of the buffer: enough for the responses of most lists. */
const minBufferBytes = 64 * 1024;

/** Removes parts of a body while it arrives. Implemented by {@link ManagedFieldsCutter}. */
export interface Cutter {
  /**
   * Removes what is not needed from the newest piece of the body.
   * @param body the bytes kept so far, followed by the next piece; its content is overwritten
   * @returns how many bytes at the front of `body` to keep
   */
  cut(body: Buffer): number;
  /** Tells the cutter that the caller removed the first `bytes` bytes of the kept body. */
  forget(bytes: number): void;
  /**
   * Number of bytes at the end of the kept body that the cutter can still remove. The bytes before
   * them are final.
   */
  readonly reach: number;
  /** More than 0 when the body ended inside a part that was being removed. */
  readonly unfinished: number;
}
