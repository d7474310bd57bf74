// kapi version: from flags to options.

import { UsageError } from '../../errors.ts';
import { textOf } from '../read-flags.ts';
import type { RawFlags } from '../spec.ts';

export interface VersionOptions {
  /** Leave the server alone. */
  readonly clientOnly: boolean;
  /** undefined: lines for people. */
  readonly output: string | undefined;
}

export function parseVersionOptions(_words: readonly string[], flags: RawFlags): VersionOptions {
  if (flags['client'] === true && flags['curl'] === true) {
    throw new UsageError('--client sends no request that --curl could print', {
      code: 'ConflictingFlags',
    });
  }
  return { clientOnly: flags['client'] === true, output: textOf(flags, 'output') };
}
