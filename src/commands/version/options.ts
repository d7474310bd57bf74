// Parses flags of kapi version to options.

import { UsageError } from '../../errors.ts';
import { textOf } from '../read-flags.ts';
import type { RawFlags } from '../raw-flags.ts';

export interface VersionOptions {
  /** True to send no request to the server. */
  readonly clientOnly: boolean;
  /** Undefined: human-readable lines. */
  readonly output: string | undefined;
}

/** Parses flags. */
export function parseVersionOptions(_words: readonly string[], flags: RawFlags): VersionOptions {
  if (flags['client'] === true && flags['curl'] === true) {
    throw new UsageError('--client sends no request that --curl could print', {
      code: 'ConflictingFlags',
    });
  }
  return { clientOnly: flags['client'] === true, output: textOf(flags, 'output') };
}
