// How deep a document may nest that is printed.

import { ServerError } from '../errors.ts';
import type { Json, JsonObject } from '../model/object.ts';

/**
 * Levels. Go's decoder stops at the same depth, so that no Kubernetes server stores more and kubectl prints no more; the
 * indentation of a document grows with the square of its depth.
 * @see https://pkg.go.dev/encoding/json#Unmarshal (maxNestingDepth)
 */
export const maxDepth = 10_000;

/** Levels down to which nobody has to ask: nearly all documents end before. */
export const shallow = 500;

/**
 * Makes sure, before anything of it is written, that a value at level {@link shallow} of a document ends in time.
 * @throws ServerError `TooDeep`
 */
export function checkDepth(root: readonly Json[] | JsonObject): void {
  let level: object[] = [root];
  for (let depth = shallow; level.length > 0; depth++) {
    if (depth > maxDepth) {
      throw new ServerError(
        `the answer is nested deeper than ${maxDepth} levels, which no Kubernetes server stores`,
        { code: 'TooDeep' },
      );
    }
    const inner: object[] = [];
    for (const value of level) {
      for (const one of Object.values(value) as unknown[]) {
        if (typeof one === 'object' && one !== null) inner.push(one);
      }
    }
    level = inner;
  }
}
