// Limits the depth of printed documents.

import { ServerError } from '../errors.ts';
import type { Json, JsonObject } from '../model/object.ts';

/**
 * Max depth. Go's decoder has the same limit, so no Kubernetes server stores deeper objects and
 * kubectl prints none. The indentation of a document grows with the square of its depth.
 * @see https://pkg.go.dev/encoding/json#Unmarshal (maxNestingDepth)
 */
export const maxDepth = 10_000;

/** Depth down to which no check is needed: nearly all documents are less deep. */
export const maxUncheckedDepth = 500;

/**
 * Checks that a value at depth {@link maxUncheckedDepth} is not too deep, before anything of it is
 * written.
 * @throws ServerError `TooDeep`
 */
export function checkDepth(root: readonly Json[] | JsonObject): void {
  let level: object[] = [root];
  for (let depth = maxUncheckedDepth; level.length > 0; depth++) {
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
