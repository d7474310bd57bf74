// Formats ages as tables show them: `5m3s`, `2d4h`. Entry point: ageOf().

/**
 * Formats a duration with at most two units, coarser the longer it is. Tolerates clock differences
 * of up to two seconds; a time further in the future is `<invalid>`.
 * @param ms milliseconds
 * @see https://pkg.go.dev/k8s.io/apimachinery/pkg/util/duration#HumanDuration
 */
export function humanDuration(ms: number): string {
  const seconds = Math.trunc(ms / 1_000);
  if (seconds < -1) return '<invalid>';
  if (seconds < 120) return `${Math.max(0, seconds)}s`;
  const minutes = Math.trunc(seconds / 60);
  if (minutes < 10) return pair(minutes, 'm', seconds % 60, 's');
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.trunc(minutes / 60);
  if (hours < 8) return pair(hours, 'h', minutes % 60, 'm');
  if (hours < 48) return `${hours}h`;
  const days = Math.trunc(hours / 24);
  if (hours < 192) return pair(days, 'd', hours % 24, 'h');
  if (days < 730) return `${days}d`;
  const years = Math.trunc(days / 365);
  return days < 2_920 ? pair(years, 'y', days % 365, 'd') : `${years}y`;
}

/** Go's zero time, which means an unset time. */
const zeroTime = Date.parse('0001-01-01T00:00:00Z');

/** Formats the age of an RFC 3339 time. `<unknown>` for a missing or invalid time. */
export function ageOf(timestamp: string, now: Date): string {
  if (timestamp === '') return '<unknown>';
  const then = Date.parse(timestamp);
  return Number.isNaN(then) || then === zeroTime ? '<unknown>' : humanDuration(now.getTime() - then);
}

function pair(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return `${large}${largeUnit}${small === 0 ? '' : `${small}${smallUnit}`}`;
}
