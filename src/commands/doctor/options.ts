// kapi doctor: from words and flags to options.

import { textOf } from '../read-flags.ts';
import type { RawFlags } from '../spec.ts';

export interface DoctorOptions {
  /** `text`, `json` or `yaml`. */
  readonly output: string;
}

export function parseDoctorOptions(_words: readonly string[], flags: RawFlags): DoctorOptions {
  return { output: textOf(flags, 'output') ?? 'text' };
}
