// Parses words and flags of kapi groups to options.

import { textOf } from '../read-flags.ts';
import type { RawFlags } from '../raw-flags.ts';

export interface GroupsOptions {
  /** Undefined: all groups. Empty: the core group. */
  readonly group: string | undefined;
  readonly output: string;
  readonly noHeaders: boolean;
}

/** Parses words and flags. */
export function parseGroupsOptions(words: readonly string[], flags: RawFlags): GroupsOptions {
  const [group] = words;
  return {
    group: group === 'core' ? '' : group,
    output: textOf(flags, 'output') ?? 'table',
    noHeaders: flags['no-headers'] === true,
  };
}
