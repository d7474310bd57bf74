// kapi paths: from words and flags to options.

import { textOf } from '../read-flags.ts';
import type { RawFlags } from '../spec.ts';

export interface PathsOptions {
  /** Empty: all paths. */
  readonly prefix: string;
  /** undefined: by terminal. */
  readonly output: string | undefined;
}

export function parsePathsOptions(words: readonly string[], flags: RawFlags): PathsOptions {
  const [prefix = ''] = words;
  return {
    prefix: prefix === '' || prefix.startsWith('/') ? prefix : `/${prefix}`,
    output: textOf(flags, 'output'),
  };
}
