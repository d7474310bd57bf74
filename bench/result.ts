// The findings of a run of the benchmark as plain data: the JSON file and the source of the table.
import type { Sample } from './measure.ts';

/**
 * The metrics of a comparison of two processes. Milliseconds; kilobytes for memory; microseconds
 * for each event or object.
 */
export type Metric =
  | 'wall'
  | 'cpu'
  | 'memory'
  | 'firstRow'
  | 'firstFrame'
  | 'key'
  | 'cpuPerEvent'
  | 'cpuPerObject'
  | 'cpuPerFurtherObject';

/** A max value: of the ratio to the other program, of kapi's own value, or both. */
export interface Target {
  readonly ratio?: number;
  readonly value?: number;
}

/** One metric of one case under one Node. */
export interface Finding {
  readonly metric: Metric;
  /** Median of ours. */
  readonly ours: number;
  /** Median of the other program. Absent if there is none. */
  readonly theirs?: number;
  /** Median of the ratios within the pairs. */
  readonly ratio?: number;
  /** Half of the ratios are within this distance of the median. */
  readonly spread?: number;
  readonly target?: Target;
  readonly isMet?: boolean;
}

/** A case under one Node. */
export interface CaseResult {
  readonly part: string;
  readonly title: string;
  /** The runner of kapi: `Node 20.20.2`, or `standalone`. */
  readonly by: string;
  /** The other program. */
  readonly against?: string;
  readonly findings: readonly Finding[];
  /** Remarks about the figures. */
  readonly remarks: readonly string[];
  /** Every process, in pairs. Absent if the figures have another source. */
  readonly samples?: { readonly ours: readonly Sample[]; readonly theirs: readonly Sample[] };
}

/** A requested part without figures. */
export interface PartWithout {
  readonly part: string;
  readonly why: string;
  /** Skipped: not possible here. Failed: something that must work does not. */
  readonly outcome: 'skipped' | 'failed';
}

/** Makes a finding from medians and compares it with the target. */
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
