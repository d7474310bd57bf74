// What a run of the benchmark finds out, as plain data: the JSON file is this, the table is made of it.
import type { Sample } from './measure.ts';

/** What can be compared of two processes. Milliseconds; kilobytes for memory; microseconds for each event or object. */
export type Metric = 'wall' | 'cpu' | 'memory' | 'firstRow' | 'cpuPerEvent' | 'cpuPerObject';

/** A figure to stay below: of the ratio to the other program, of our own value, or both. */
export interface Target {
  readonly ratio?: number;
  readonly value?: number;
}

/** One metric of one case under one Node. */
export interface Finding {
  readonly metric: Metric;
  /** Median of ours. */
  readonly ours: number;
  /** Median of the other program's; absent where there is none to compare with. */
  readonly theirs?: number;
  /** Median of the ratios within the pairs. */
  readonly ratio?: number;
  /** Half of the ratios lie within this of the median. */
  readonly spread?: number;
  readonly target?: Target;
  readonly isMet?: boolean;
}

/** A case under one Node. */
export interface CaseResult {
  readonly part: string;
  readonly title: string;
  /** What ran our half: `Node 20.20.2`, or `standalone`. */
  readonly by: string;
  /** What the other half was. */
  readonly against?: string;
  readonly findings: readonly Finding[];
  /** What the reader should know of the figures. */
  readonly remarks: readonly string[];
  /** Every process, in pairs; absent where the figures come about in another way. */
  readonly samples?: { readonly ours: readonly Sample[]; readonly theirs: readonly Sample[] };
}

/** A part that was asked for and gave no figures. */
export interface PartWithout {
  readonly part: string;
  readonly why: string;
  /** Skipped: it cannot be had here. Failed: something that should work does not. */
  readonly outcome: 'skipped' | 'failed';
}

/** Makes a finding of medians and judges it. */
export function judge(
  metric: Metric,
  ours: number,
  compared: { readonly theirs: number; readonly ratio: number; readonly spread?: number } | undefined,
  target: Target | undefined,
): Finding {
  const finding: Finding = { metric, ours, ...compared };
  if (target === undefined) return finding;
  const isRatioMet = target.ratio === undefined || (compared !== undefined && compared.ratio <= target.ratio);
  const isValueMet = target.value === undefined || ours <= target.value;
  return { ...finding, target, isMet: isRatioMet && isValueMet };
}
