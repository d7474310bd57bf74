// Stores many short texts in few large buffers. Entry point: TextStore. In V8's heap each text
// would be an object that the collector copies twice and then scans forever, and the young
// generation would grow to the size of all texts.

/** Bytes of a buffer. */
const chunkBytes = 256 * 1024;

/** Bytes of the header of each text: its capacity, its length and its mark, four bytes each. */
const headBytes = 12;

/** Spare capacity in bytes, so that a number can gain a digit. */
const spareBytes = 4;

/** Bytes of waste that are too few to move texts for. */
const minWasteBytes = 1024 * 1024;

/** The position of a text. Valid only in the store that returned it. */
export type Place = number;

/**
 * Stores texts and returns them. The owner of the positions moves the texts to a new store when
 * {@link TextStore.isMostlyWaste} is true.
 */
export class TextStore {
  readonly #chunks: Buffer[] = [];
  /** Used bytes of the last buffer. */
  #end = chunkBytes;
  #taken = 0;
  #wasted = 0;

  /** True if more than half of the used bytes belong to texts that were dropped or moved. */
  get isMostlyWaste(): boolean {
    return this.#wasted > minWasteBytes && this.#wasted > this.#taken / 2;
  }

  /** Stores a text. @param mark a number from 0 to 2^32-1 */
  put(text: string, mark: number): Place {
    const length = Buffer.byteLength(text);
    const room = length + spareBytes;
    const size = headBytes + room;
    if (this.#end + size > chunkBytes) {
      // A longer text gets its own buffer.
      this.#chunks.push(Buffer.allocUnsafeSlow(Math.max(chunkBytes, size)));
      this.#end = 0;
    }
    const at = this.#end;
    this.#end += size;
    this.#taken += size;
    const place = (this.#chunks.length - 1) * chunkBytes + at;
    const chunk = this.#chunkOf(place);
    chunk.writeUInt32LE(room, at);
    write(chunk, at, text, length);
    chunk.writeUInt32LE(mark, at + 8);
    return place;
  }

  markOf(place: Place): number {
    return this.#chunkOf(place).readUInt32LE((place % chunkBytes) + 8);
  }

  setMark(place: Place, mark: number): void {
    this.#chunkOf(place).writeUInt32LE(mark, (place % chunkBytes) + 8);
  }

  /** Returns a text. @param maxBytes where to cut it. Default: all of it */
  read(place: Place, maxBytes = Infinity): string {
    const chunk = this.#chunkOf(place);
    const at = place % chunkBytes;
    const start = at + headBytes;
    return chunk.toString('utf8', start, start + Math.min(chunk.readUInt32LE(at + 4), maxBytes));
  }

  /** Returns the bytes of a text. */
  lengthOf(place: Place): number {
    return this.#chunkOf(place).readUInt32LE((place % chunkBytes) + 4);
  }

  /** Replaces a text and its mark. @returns the new position, usually the same */
  replace(place: Place, text: string, mark: number): Place {
    const chunk = this.#chunkOf(place);
    const at = place % chunkBytes;
    const length = Buffer.byteLength(text);
    if (length <= chunk.readUInt32LE(at)) {
      write(chunk, at, text, length);
      chunk.writeUInt32LE(mark, at + 8);
      return place;
    }
    this.drop(place);
    return this.put(text, mark);
  }

  drop(place: Place): void {
    this.#wasted += headBytes + this.#chunkOf(place).readUInt32LE(place % chunkBytes);
  }

  #chunkOf(place: Place): Buffer {
    const chunk = this.#chunks[Math.floor(place / chunkBytes)];
    if (chunk === undefined) throw new RangeError('no such place');
    return chunk;
  }
}

function write(chunk: Buffer, at: number, text: string, length: number): void {
  chunk.writeUInt32LE(length, at + 4);
  chunk.write(text, at + headBytes, 'utf8');
}
