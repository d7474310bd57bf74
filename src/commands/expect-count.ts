// `--expect-count` and `--require-nonempty`: whether as many objects were found as should be there.

import { NegativeAnswer } from '../errors.ts';
import type { CountRange } from './read-flags.ts';

/**
 * @throws NegativeAnswer `CountNotMet`
 */
export function checkCount(count: number, range: CountRange | undefined): void {
  if (range === undefined || (count >= range.min && count <= range.max)) return;
  const { min, max } = range;
  const wanted =
    min === max
      ? `${min}`
      : max === Infinity
        ? `${min} or more`
        : min === 0
          ? `at most ${max}`
          : `${min} to ${max}`;
  const noun = /^(at most )?1$/.test(wanted) ? 'object' : 'objects';
  throw new NegativeAnswer(`expected ${wanted} ${noun}, found ${count}`, { code: 'CountNotMet' });
}
