// kapi version: from flags to options.

import { textOf } from '../read-flags.ts';
import type { RawFlags } from '../spec.ts';

export interface VersionOptions {
  /** Leave the server alone. */
  readonly clientOnly: boolean;
  /** undefined: lines for people. */
  readonly output: string | undefined;
}

export function parseVersionOptions(_words: readonly string[], flags: RawFlags): VersionOptions {
  return { clientOnly: flags['client'] === true, output: textOf(flags, 'output') };
}
