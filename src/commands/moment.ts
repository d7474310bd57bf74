// Parses the value of --at: a resource version, or a duration before now. Entry point:
// parseMoment(). Pure.

import { UsageError } from '../errors.ts';
import { parseDuration } from '../model/duration.ts';

export type Moment =
  | { readonly kind: 'version'; readonly version: string }
  /** A number of milliseconds ago. */
  | { readonly kind: 'ago'; readonly ms: number; readonly text: string };

/**
 * Parses a moment. A plain number is a version, never seconds.
 * @param text undefined: the flag is absent
 * @throws UsageError
 */
export function parseMoment(text: string | undefined): Moment | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,18}$/.test(text)) return { kind: 'version', version: text };
  const ms = /^\d*$/.test(text) ? undefined : parseDuration(text);
  if (ms !== undefined) return { kind: 'ago', ms, text };
  throw new UsageError(
    `invalid value "${text}" of --at: it takes a resource version such as 4711, or how long ago, such as 90s or 2m`,
    { code: 'BadFlagValue' },
  );
}
