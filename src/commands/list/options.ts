// Parses words and flags of kapi list to options.

import { isTypeName } from '../type-name.ts';
import { suggested } from '../../model/suggestion.ts';
import { parseTargets } from '../../api/targets.ts';
import { UsageError } from '../../errors.ts';
import { flagWords, parseReadFlags, type ReadFlags } from '../read-flags.ts';
import type { RawFlags } from '../raw-flags.ts';

export interface ListOptions extends ReadFlags {
  /** Names of types or categories, separated by commas. */
  readonly types: string;
}

/** Flags that select objects, which names do already. */
const choosing = [
  'selector',
  'field-selector',
  'where',
  'count-by',
  'sum',
  'all-namespaces',
  'limit',
  'chunk-size',
];

/** Parses words and flags. @throws UsageError for names of objects, which `get` accepts */
export function parseListOptions(words: readonly string[], flags: RawFlags): ListOptions {
  const targets = parseTargets(words);
  if (targets.kind === 'objects') {
    const isTypes = words.length > 1 && words.every((word) => isTypeName(word));
    throw new UsageError('list takes types, not names of objects', {
      code: 'UnexpectedName',
      hint: isTypes
        ? `types are separated by commas: ${suggested('list', words.join(','), ...flagWords(flags))}`
        : suggested('get', ...words, ...flagWords({ output: 'table', ...flags }, choosing)),
    });
  }
  return { ...parseReadFlags(flags), types: targets.types };
}
