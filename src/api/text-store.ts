// Many short texts in few large pieces of memory. Entry point: TextStore. In V8's heap each would be an object that the collector copies
// twice and looks at for ever, and its young generation would grow to the size of all that is kept.

/** Memory is taken by so much at a time. Bytes. */
const chunkBytes = 256 * 1024;

/** Before each text: the room it has, how much of that it takes, and its mark, in four bytes each. */
const headBytes = 12;

/** A little room is left, so that a number may gain a digit. */
const spareBytes = 4;

/** Waste below this is not worth moving anything. */
const smallWaste = 1024 * 1024;

/** Where a text is; only the store that gave it knows what it means. */
export type Place = number;

/** Keeps texts and hands them out again. Who keeps the places moves the texts to a new store when {@link TextStore.isMostlyWaste}. */
export class TextStore {
  readonly #chunks: Buffer[] = [];
  /** Bytes taken of the last chunk. */
  #end = chunkBytes;
  #taken = 0;
  #wasted = 0;

  /** More than half of what was taken is of texts that were dropped or moved. */
  get isMostlyWaste(): boolean {
    return this.#wasted > smallWaste && this.#wasted > this.#taken / 2;
  }

  /** @param mark a number from 0 to 2^32-1 */
  put(text: string, mark: number): Place {
    const length = Buffer.byteLength(text);
    const room = length + spareBytes;
    const size = headBytes + room;
    if (this.#end + size > chunkBytes) {
      // A longer text gets a chunk of its own length.
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

  read(place: Place): string {
    const chunk = this.#chunkOf(place);
    const at = place % chunkBytes;
    const start = at + headBytes;
    return chunk.toString('utf8', start, start + chunk.readUInt32LE(at + 4));
  }

  /** Bytes of a text. */
  lengthOf(place: Place): number {
    return this.#chunkOf(place).readUInt32LE((place % chunkBytes) + 4);
  }

  /** Puts another text and mark in the place of one. @returns where it is now: mostly the same place */
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
