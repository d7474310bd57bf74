// Faults that the sandbox injects on request. Entry points: parseFault, planFaults. server.ts
// decides where in a request a fault applies.

import { UsageError } from '../errors.ts';
import type { UnavailableApi } from './endpoints/discovery.ts';

/** One `--fault`. */
export type Fault =
  | { readonly kind: 'drop-watch'; readonly afterMs: number }
  | { readonly kind: 'compact'; readonly everyMs: number }
  | { readonly kind: 'forget'; readonly everyMs: number }
  | { readonly kind: 'throttle'; readonly retryAfterSeconds: number; readonly filter: FaultFilter }
  | { readonly kind: 'fail'; readonly status: number; readonly filter: FaultFilter }
  | { readonly kind: 'latency'; readonly ms: number; readonly filter: FaultFilter }
  | { readonly kind: 'truncate'; readonly bytes: number; readonly filter: FaultFilter }
  | { readonly kind: 'unavailable'; readonly api: UnavailableApi };

/** The requests that a fault applies to. */
export interface FaultFilter {
  /** Every n-th of the requests that the path selects. */
  readonly every: number;
  /** Prefix of the path. Empty for all paths. */
  readonly path: string;
}

/** The grammar, for the help. */
export const faultHelp = [
  'drop-watch=DURATION             cut every watch after this long, without a goodbye',
  'compact=DURATION                drop old states this often: lists at older versions and list tokens get 410',
  'forget=DURATION                 drop remembered changes as well, like a restart: older watches get 410, too',
  'throttle=SECONDS[,every=N][,path=PREFIX]   answer 429 with Retry-After: SECONDS',
  'fail=STATUS[,every=N][,path=PREFIX]        answer this 4xx or 5xx status',
  'latency=DURATION[,every=N][,path=PREFIX]   wait before answering',
  'truncate=BYTES[,every=N][,path=PREFIX]     break the connection after this number of bytes of a body',
  'unavailable=GROUP/VERSION       an aggregated API whose server does not answer: 503, stale in discovery',
].join('\n');

/**
 * Parses one `--fault` value. Durations are `200ms`, `5s` or `1m`.
 * @throws UsageError
 */
export function parseFault(text: string): Fault {
  const [head = '', ...options] = text.split(',');
  const equals = head.indexOf('=');
  const kind = equals < 0 ? head : head.slice(0, equals);
  const value = equals < 0 ? '' : head.slice(equals + 1);
  const wrong = (why: string): UsageError =>
    new UsageError(`--fault ${text}: ${why}`, { code: 'BadFault', hint: `faults are\n${faultHelp}` });
  const filtered = ['throttle', 'fail', 'latency', 'truncate'].includes(kind);
  if (!filtered && options.length > 0) throw wrong(`${kind} takes no options`);
  const filter = readFilter(options, wrong);
  switch (kind) {
    case 'drop-watch':
      return { kind, afterMs: readDuration(value, wrong) };
    case 'compact':
    case 'forget':
      return { kind, everyMs: readDuration(value, wrong) };
    case 'throttle':
      return { kind, retryAfterSeconds: readInteger(value, 0, 3600, wrong), filter };
    case 'fail':
      return { kind, status: readInteger(value, 400, 599, wrong), filter };
    case 'latency':
      return { kind, ms: readDuration(value, wrong), filter };
    case 'truncate':
      return { kind, bytes: readInteger(value, 0, Number.MAX_SAFE_INTEGER, wrong), filter };
    case 'unavailable': {
      const [group = '', version = '', ...rest] = value.split('/');
      if (group === '' || version === '' || rest.length > 0) throw wrong('expected GROUP/VERSION');
      return { kind, api: { group, version } };
    }
    default:
      throw wrong(`there is no fault ${JSON.stringify(kind)}`);
  }
}

type Wrong = (why: string) => UsageError;

function readFilter(options: readonly string[], wrong: Wrong): FaultFilter {
  let filter: FaultFilter = { every: 1, path: '' };
  for (const option of options) {
    const equals = option.indexOf('=');
    const name = option.slice(0, Math.max(equals, 0));
    const value = option.slice(equals + 1);
    if (name === 'every') filter = { ...filter, every: readInteger(value, 1, 1_000_000, wrong) };
    else if (name === 'path') filter = { ...filter, path: value };
    else throw wrong(`unknown option ${JSON.stringify(option)}`);
  }
  return filter;
}

function readInteger(text: string, least: number, most: number, wrong: Wrong): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= least && value <= most)) throw wrong(`expected a number from ${least} to ${most}`);
  return value;
}

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000 };

function readDuration(text: string, wrong: Wrong): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(ms|s|m)$/.exec(text) ?? [];
  const factor = unitMs[unit ?? ''];
  if (amount === undefined || factor === undefined)
    throw wrong('expected a duration such as 500ms, 5s or 1m');
  return Number(amount) * factor;
}

/** The faults of one request. */
export interface FaultDecision {
  readonly latencyMs: number;
  /** Send this response instead of the real one. */
  readonly refuse: { readonly status: number; readonly retryAfterSeconds: number | undefined } | undefined;
  readonly truncateAt: number | undefined;
}

/** The faults of one sandbox with their counters. */
export interface FaultPlan {
  decide(path: string): FaultDecision;
  readonly dropWatchAfterMs: number | undefined;
  readonly compactEveryMs: number | undefined;
  readonly forgetEveryMs: number | undefined;
  readonly unavailable: readonly UnavailableApi[];
}

/** Makes the plan of faults with new counters. */
export function planFaults(faults: readonly Fault[]): FaultPlan {
  const counts = new Map<Fault, number>();
  const applies = (fault: Extract<Fault, { filter: FaultFilter }>, path: string): boolean => {
    if (!path.startsWith(fault.filter.path)) return false;
    const count = (counts.get(fault) ?? 0) + 1;
    counts.set(fault, count);
    return count % fault.filter.every === 0;
  };
  const first = <K extends Fault['kind']>(kind: K): Extract<Fault, { kind: K }> | undefined =>
    faults.find((fault): fault is Extract<Fault, { kind: K }> => fault.kind === kind);
  return {
    decide(path) {
      let latencyMs = 0;
      let refuse: FaultDecision['refuse'];
      let truncateAt: number | undefined;
      for (const fault of faults) {
        if (!('filter' in fault) || !applies(fault, path)) continue;
        if (fault.kind === 'latency') latencyMs += fault.ms;
        if (fault.kind === 'truncate') truncateAt = fault.bytes;
        if (fault.kind === 'fail') refuse ??= { status: fault.status, retryAfterSeconds: undefined };
        if (fault.kind === 'throttle') {
          refuse ??= { status: 429, retryAfterSeconds: fault.retryAfterSeconds };
        }
      }
      return { latencyMs, refuse, truncateAt };
    },
    dropWatchAfterMs: first('drop-watch')?.afterMs,
    compactEveryMs: first('compact')?.everyMs,
    forgetEveryMs: first('forget')?.everyMs,
    unavailable: faults.flatMap((fault) => (fault.kind === 'unavailable' ? [fault.api] : [])),
  };
}
