// Parses words and flags of kapi whoami to options.

import { textOf } from '../read-flags.ts';
import type { RawFlags } from '../raw-flags.ts';

export interface WhoamiOptions {
  /** `table`, `json`, `yaml` or `name`. */
  readonly output: string;
  readonly noHeaders: boolean;
}

/** Parses flags. */
export function parseWhoamiOptions(_words: readonly string[], flags: RawFlags): WhoamiOptions {
  return { output: textOf(flags, 'output') ?? 'table', noHeaders: flags['no-headers'] === true };
}
