// `--expect-count` and `--require-nonempty`: checks the number of objects.

import { NegativeAnswer } from '../errors.ts';
import type { CountRange } from './read-flags.ts';

/**
 * Checks a number.
 * @param where names what was counted in the message. Default: nothing
 * @throws NegativeAnswer `CountNotMet`
 */
export function checkCount(count: number, range: CountRange | undefined, where = ''): void {
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
  const place = where === '' ? '' : ` ${where}`;
  throw new NegativeAnswer(`expected ${wanted} ${noun}${place}, found ${count}`, { code: 'CountNotMet' });
}
