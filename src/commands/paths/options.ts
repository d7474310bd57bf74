// Parses words and flags of kapi paths to options.

import { textOf } from '../read-flags.ts';
import type { RawFlags } from '../raw-flags.ts';

export interface PathsOptions {
  /** Empty: all paths. */
  readonly prefix: string;
  /** Undefined: depends on the terminal. */
  readonly output: string | undefined;
}

/** Parses words and flags. */
export function parsePathsOptions(words: readonly string[], flags: RawFlags): PathsOptions {
  const [prefix = ''] = words;
  return {
    prefix: prefix === '' || prefix.startsWith('/') ? prefix : `/${prefix}`,
    output: textOf(flags, 'output'),
  };
}
