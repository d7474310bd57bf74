// Parses words and flags of kapi config to options.

import { suggested } from '../../model/suggestion.ts';
import { UsageError } from '../../errors.ts';
import { textOf } from '../read-flags.ts';
import type { RawFlags } from '../raw-flags.ts';

/** Views that print one raw value, for `$(…)` and `<(…)`. */
export const rawViews = ['server', 'ca', 'cert', 'key', 'token'] as const;
export type RawView = (typeof rawViews)[number];

export const views = ['show', ...rawViews, 'contexts'] as const;

export type ConfigOptions =
  | { readonly view: 'show'; readonly output: string }
  | { readonly view: 'contexts'; readonly output: string; readonly noHeaders: boolean }
  | { readonly view: RawView };

/**
 * Parses words and flags.
 * @throws UsageError for an unknown view, or a format that the view does not have
 */
export function parseConfigOptions(words: readonly string[], flags: RawFlags): ConfigOptions {
  const [word = 'show'] = words;
  const output = textOf(flags, 'output');
  const raw = rawViews.find((one) => one === word);
  if (raw !== undefined) {
    if (output !== undefined) {
      throw new UsageError(`kapi config ${raw} prints one value and takes no --output`, {
        code: 'ConflictingFlags',
      });
    }
    return { view: raw };
  }
  if (word === 'show') {
    if (output !== 'name') return { view: 'show', output: output ?? 'table' };
    throw new UsageError('kapi config show has no format "name"', {
      code: 'BadFlagValue',
      hint: `it has table, json, yaml; ${suggested('config', 'contexts', '-o', 'name')} prints the names of contexts`,
    });
  }
  if (word === 'contexts') {
    return { view: 'contexts', output: output ?? 'table', noHeaders: flags['no-headers'] === true };
  }
  throw new UsageError(`kapi config has no view "${word}"`, {
    code: 'BadArgument',
    hint: `it has ${views.join(', ')}`,
  });
}
