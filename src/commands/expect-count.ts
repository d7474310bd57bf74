// `--expect-count` and `--require-nonempty`: whether as many objects were found as should be there.

import { NegativeAnswer } from '../errors.ts';
import type { CountRange } from './read-flags.ts';

/**
 * @throws NegativeAnswer `CountNotMet`
 */
export function checkCount(count: number, range: CountRange | undefined): void {
  if (range === undefined || (count >= range.least && count <= range.most)) return;
  const { least, most } = range;
  const wanted =
    least === most
      ? `${least}`
      : most === Infinity
        ? `${least} or more`
        : least === 0
          ? `at most ${most}`
          : `${least} to ${most}`;
  const noun = /^(at most )?1$/.test(wanted) ? 'object' : 'objects';
  throw new NegativeAnswer(`expected ${wanted} ${noun}, found ${count}`, { code: 'CountNotMet' });
}
