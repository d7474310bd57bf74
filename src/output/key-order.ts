// Sorts the keys of JSON objects, and caches the result by the sequence of keys: the objects of a
// list share a few shapes, so sorting and quoting is done once per shape. Entry point: KeyOrder.
// The emitters json.ts and yaml.ts provide the order and the form of a key.

import type { JsonObject } from '../model/object.ts';

/** The keys of one shape in output order, with the text of each key. */
export interface OrderedKeys {
  readonly keys: readonly string[];
  /** The text before the value of the key at the same index. */
  readonly labels: readonly Uint8Array[];
}

/** A node in the tree of key sequences. One object shape can end here, and longer ones continue. */
interface Place {
  ordered: OrderedKeys | undefined;
  /** The key that came next the last time, and its node: the fast path for most objects. */
  lastKey: string | undefined;
  last: Place | undefined;
  others: Map<string, Place> | undefined;
}

/**
 * Max nodes of the tree. Labels, annotations and data have an unlimited number of keys: beyond this
 * size the tree is discarded.
 */
const maxPlaces = 20_000;

/** Sorts the keys of objects and caches the result by shape. */
export class KeyOrder {
  readonly #compare: (a: string, b: string) => number;
  readonly #label: (key: string) => Uint8Array;
  #root: Place = place();
  #places = 0;

  /**
   * @param compare the order of keys
   * @param label the text before a value, such as `"name": `
   */
  constructor(compare: (a: string, b: string) => number, label: (key: string) => Uint8Array) {
    this.#compare = compare;
    this.#label = label;
  }

  of(object: JsonObject): OrderedKeys {
    const keys = Object.keys(object);
    let at = this.#root;
    for (const key of keys) {
      at = at.lastKey === key && at.last !== undefined ? at.last : this.#step(at, key);
    }
    return (at.ordered ??= this.#sort(keys));
  }

  #step(from: Place, key: string): Place {
    let to = from.others?.get(key);
    if (to === undefined) {
      to = place();
      if (++this.#places > maxPlaces) {
        this.#places = 0;
        this.#root = place();
      }
      (from.others ??= new Map()).set(key, to);
    }
    from.lastKey = key;
    from.last = to;
    return to;
  }

  #sort(keys: string[]): OrderedKeys {
    keys.sort(this.#compare);
    return { keys, labels: keys.map(this.#label) };
  }
}

/** Compares like Go's order of map keys: by UTF-8 bytes, which is the order of code points. */
export function compareBytes(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    let left = a.charCodeAt(index);
    let right = b.charCodeAt(index);
    if (left === right) continue;
    // UTF-16 sorts surrogates (code points from U+10000) before U+E000 to U+FFFF: move them above.
    if (left >= 0xd800 && right >= 0xd800) {
      if (left < 0xe000) left += 0x10000;
      if (right < 0xe000) right += 0x10000;
    }
    return left - right;
  }
  return a.length - b.length;
}

function place(): Place {
  return { ordered: undefined, lastKey: undefined, last: undefined, others: undefined };
}
