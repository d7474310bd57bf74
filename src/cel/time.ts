// Timestamps and durations of CEL: as text and in parts. Entry points: timestampText(),
// parseGoDuration(), timeFunctions. Pure.

import { memberFunction, type Operation, type Overload } from './overload.ts';
import { Duration, Fault, noOverload, Timestamp } from './values.ts';

const second = 1_000_000_000n;

/** Formats a timestamp as RFC 3339, with as many fraction digits as needed. */
export function timestampText(nanos: bigint): string {
  const rest = ((nanos % second) + second) % second;
  const seconds = (nanos - rest) / second;
  const text = new Date(Number(seconds) * 1000).toISOString().slice(0, 19);
  const fraction = rest === 0n ? '' : `.${String(rest).padStart(9, '0').replace(/0+$/, '')}`;
  return `${text}${fraction}Z`;
}

const units: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  μs: 1_000n,
  ms: 1_000_000n,
  s: second,
  m: 60n * second,
  h: 3600n * second,
};

/**
 * Parses a duration as Go's time.ParseDuration does: `1h30m`, `-1.5s`, `0`.
 * @returns nanoseconds; undefined if the text is not a duration
 */
export function parseGoDuration(text: string): bigint | undefined {
  const match = /^([+-]?)((?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+|0)$/.exec(text);
  if (match === null) return undefined;
  let nanos = 0n;
  for (const [, whole = '', fraction = '', unit = 's'] of (match[2] ?? '').matchAll(
    /(\d*)\.?(\d*)(ns|us|µs|μs|ms|s|m|h)/g,
  )) {
    const size = units[unit] ?? 0n;
    nanos += BigInt(whole === '' ? 0 : whole) * size;
    if (fraction !== '') nanos += (BigInt(fraction) * size) / 10n ** BigInt(fraction.length);
  }
  return match[1] === '-' ? -nanos : nanos;
}

/** Formats a duration as seconds, with as many fraction digits as needed: `90s`, `1.5s`. */
export function durationText(nanos: bigint): string {
  const size = nanos < 0n ? -nanos : nanos;
  const rest = size % second;
  const fraction = rest === 0n ? '' : `.${String(rest).padStart(9, '0').replace(/0+$/, '')}`;
  return `${nanos < 0n ? '-' : ''}${size / second}${fraction}s`;
}

/** Formats a double as Go's strconv does with 'g': `1.5`, `1e+06`, `+Inf`. */
export function doubleText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value < 0 ? '-Inf' : '+Inf';
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const [digits = '', exponentText = '0'] = value.toExponential().split('e');
  const exponent = Number(exponentText);
  const count = digits.replace(/[-.]/g, '').length;
  if (exponent >= -4 && exponent < 6) return plainText(value, exponent, count);
  const sign = exponent < 0 ? '-' : '+';
  return `${digits}e${sign}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

function plainText(value: number, exponent: number, count: number): string {
  return exponent < 0 ? value.toFixed(count - 1 - exponent) : String(value);
}

interface TimeParts {
  readonly year: number;
  /** From 0. */
  readonly month: number;
  /** From 1. */
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

function partsIn(nanos: bigint, zone: string | undefined): TimeParts | Fault {
  const rest = ((nanos % second) + second) % second;
  const ms = Number((nanos - rest) / 1_000_000n);
  const offset = zone === undefined || zone === 'UTC' || zone === '' ? 0 : offsetOf(ms, zone);
  if (offset instanceof Fault) return offset;
  const date = new Date(ms + offset);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth(),
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
  };
}

/**
 * Returns the offset of a zone from UTC at a moment, in milliseconds: of `+05:30`, `-02:00`, or a
 * zone of the IANA database.
 */
function offsetOf(ms: number, zone: string): number | Fault {
  const fixed = /^([+-]?)(\d{1,2}):(\d{2})$/.exec(zone);
  if (fixed !== null) {
    const minutes = Number(fixed[2]) * 60 + Number(fixed[3]);
    return (fixed[1] === '-' ? -minutes : minutes) * 60_000;
  }
  try {
    const format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    const part = (type: string): number =>
      Number(format.formatToParts(new Date(ms)).find((one) => one.type === type)?.value ?? 0);
    const local = Date.UTC(
      part('year'),
      part('month') - 1,
      part('day'),
      part('hour'),
      part('minute'),
      part('second'),
    );
    return local - ms;
  } catch {
    return new Fault(`unknown time zone ${zone}`);
  }
}

function dayOfYear({ year, month, day }: TimeParts): number {
  return Math.round((Date.UTC(year, month, day) - Date.UTC(year, 0, 1)) / 86_400_000);
}

function weekday({ year, month, day }: TimeParts): number {
  return new Date(Date.UTC(year, month, day)).getUTCDay();
}

function accessor(name: string, read: (parts: TimeParts, nanos: bigint) => number): readonly Overload[] {
  const run: Operation = ([time, zone]) => {
    if (!(time instanceof Timestamp)) return noOverload;
    const parts = partsIn(time.nanos, typeof zone === 'string' ? zone : undefined);
    return parts instanceof Fault ? parts : BigInt(read(parts, time.nanos));
  };
  return [
    memberFunction('timestamp', `${name}(): int`, run),
    memberFunction('timestamp', `${name}(string): int`, run),
  ];
}

function durationPart(name: string, size: bigint): Overload {
  return memberFunction('duration', `${name}(): int`, ([duration]) =>
    duration instanceof Duration ? duration.nanos / size : noOverload,
  );
}

/** Accessors for the parts of timestamps and durations. */
export const timeFunctions: readonly Overload[] = [
  ...accessor('getFullYear', ({ year }) => year),
  ...accessor('getMonth', ({ month }) => month),
  ...accessor('getDayOfYear', dayOfYear),
  ...accessor('getDayOfMonth', ({ day }) => day - 1),
  ...accessor('getDate', ({ day }) => day),
  ...accessor('getDayOfWeek', weekday),
  ...accessor('getHours', ({ hour }) => hour),
  ...accessor('getMinutes', ({ minute }) => minute),
  ...accessor('getSeconds', (parts) => parts.second),
  ...accessor('getMilliseconds', (_, nanos) => Number((((nanos % second) + second) % second) / 1_000_000n)),
  durationPart('getHours', 3600n * second),
  durationPart('getMinutes', 60n * second),
  durationPart('getSeconds', second),
  durationPart('getMilliseconds', 1_000_000n),
];
