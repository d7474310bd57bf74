// Parses words and flags of kapi doctor to options.

import { textOf } from '../read-flags.ts';
import type { RawFlags } from '../raw-flags.ts';

export interface DoctorOptions {
  /** `text`, `json` or `yaml`. */
  readonly output: string;
}

/** Parses flags. */
export function parseDoctorOptions(_words: readonly string[], flags: RawFlags): DoctorOptions {
  return { output: textOf(flags, 'output') ?? 'text' };
}
