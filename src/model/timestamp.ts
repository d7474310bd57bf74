// Parses RFC 3339 as Go does, and formats times in the two forms of the API: seconds for
// metav1.Time, microseconds for MicroTime.

/** Returns `2026-11-22T03:44:21Z`. */
export function formatTime(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}

/** Returns `2026-11-22T03:44:21.000000Z`. */
export function formatMicroTime(date: Date): string {
  return `${date.toISOString().slice(0, 23)}000Z`;
}

const rfc3339 =
  /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:[.,](\d+))?(?:(Z)|([+-])(\d{2}):(\d{2}))$/;

/**
 * Parses RFC 3339 as Go does.
 * @returns nanoseconds since 1970; undefined if the text is not a timestamp
 */
export function parseTimestamp(text: string): bigint | undefined {
  const match = rfc3339.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, seconds, fraction = '', , sign, offsetHour, offsetMinute] = match;
  const parts = [year, month, day, hour, minute, seconds].map(Number);
  const [y = 0, mo = 0, d = 0, h = 0, mi = 0, s = 0] = parts;
  const date = new Date(0);
  date.setUTCFullYear(y, mo - 1, d);
  date.setUTCHours(h, mi, s);
  const isReal =
    date.getUTCMonth() === mo - 1 && date.getUTCDate() === d && h < 24 && mi < 60 && s < 60 && mo > 0;
  const [oh, om] = [Number(offsetHour ?? 0), Number(offsetMinute ?? 0)];
  if (!isReal || oh > 24 || om > 60) return undefined;
  const offset = (sign === '-' ? -1 : 1) * (oh * 3600 + om * 60);
  const nanos = BigInt(fraction.slice(0, 9).padEnd(9, '0'));
  return BigInt(date.getTime() / 1000 - offset) * 1_000_000_000n + nanos;
}
