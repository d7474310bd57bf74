// kapi list: from words and flags to options.

import { parseTargets } from '../../api/targets.ts';
import { UsageError } from '../../errors.ts';
import { parseReadFlags, type ReadFlags } from '../read-flags.ts';
import type { RawFlags } from '../spec.ts';

export interface ListOptions extends ReadFlags {
  /** Names of types or categories, separated by commas. */
  readonly types: string;
}

/**
 * @throws UsageError for names of objects, which are what `get` is for
 */
export function parseListOptions(words: readonly string[], flags: RawFlags): ListOptions {
  const targets = parseTargets(words);
  if (targets.kind === 'objects') {
    throw new UsageError('list takes types, not names of objects', {
      code: 'UnexpectedName',
      hint: `kapi get ${words.join(' ')} -o table`,
    });
  }
  return { ...parseReadFlags(flags), types: targets.types };
}
