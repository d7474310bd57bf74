// kapi config: from words and flags to options.

import { UsageError } from '../../errors.ts';
import { textOf } from '../read-flags.ts';
import type { RawFlags } from '../spec.ts';

export const views = ['show'] as const;
export type ConfigView = (typeof views)[number];

export interface ConfigOptions {
  readonly view: ConfigView;
  readonly output: string;
}

/**
 * @throws UsageError for a view that there is none of
 */
export function parseConfigOptions(words: readonly string[], flags: RawFlags): ConfigOptions {
  const [word = 'show'] = words;
  const view = views.find((one) => one === word);
  if (view === undefined) {
    throw new UsageError(`kapi config has no view "${word}"`, {
      code: 'BadArgument',
      hint: `it has ${views.join(', ')}`,
    });
  }
  return { view, output: textOf(flags, 'output') ?? 'table' };
}
