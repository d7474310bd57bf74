// kapi whoami: from words and flags to options.

import { textOf } from '../read-flags.ts';
import type { RawFlags } from '../spec.ts';

export interface WhoamiOptions {
  /** `table`, `json`, `yaml` or `name`. */
  readonly output: string;
  readonly noHeaders: boolean;
}

export function parseWhoamiOptions(_words: readonly string[], flags: RawFlags): WhoamiOptions {
  return { output: textOf(flags, 'output') ?? 'table', noHeaders: flags['no-headers'] === true };
}
