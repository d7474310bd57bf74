// Ages as kubectl shows them: two or three significant figures. Entry points: humanDuration, ageOf.

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const hoursOfDay = 24;
const daysOfYear = 365;

/**
 * A duration with the precision that matters to a reader: `119s`, `4m3s`, `5h30m`, `3d4h`, `400d`, `3y45d`; `<invalid>`
 * for one that lies more than a second in the future.
 * @param ms milliseconds
 */
export function humanDuration(ms: number): string {
  const seconds = Math.trunc(ms / second);
  // Clocks differ a little: up to a second of the future counts as now.
  if (seconds < -1) return '<invalid>';
  if (seconds < 0) return '0s';
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.trunc(ms / minute);
  if (minutes < 10) return both(minutes, 'm', seconds % 60, 's');
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.trunc(ms / hour);
  if (hours < 8) return both(hours, 'h', minutes % 60, 'm');
  if (hours < 48) return `${hours}h`;
  const days = Math.trunc(hours / hoursOfDay);
  if (days < 8) return both(days, 'd', hours % hoursOfDay, 'h');
  if (days < 2 * daysOfYear) return `${days}d`;
  const years = Math.trunc(days / daysOfYear);
  return years < 8 ? both(years, 'y', days % daysOfYear, 'd') : `${years}y`;
}

/** The age of a timestamp of the API (RFC 3339); `<unknown>` where there is none. */
export function ageOf(timestamp: string, now: Date): string {
  const then = Date.parse(timestamp);
  return Number.isNaN(then) ? '<unknown>' : humanDuration(now.getTime() - then);
}

function both(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large}${largeUnit}` : `${large}${largeUnit}${small}${smallUnit}`;
}
