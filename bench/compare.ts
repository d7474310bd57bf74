// Measures two programs in pairs, A B A B, after a warm-up in which both must print the same number
// of lines. Entry point: compare.
import { freemem } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench } from './bench.ts';
import { CannotMeasure } from './cannot-measure.ts';
import { measure, type Command, type Sample, type Stdout } from './measure.ts';
import { judge, type CaseResult, type Finding, type Metric, type Target } from './result.ts';
import type { Runner } from './runner.ts';
import { median, medianDeviation, medianRatio } from './statistics.ts';

/** Two commands that answer the same question. */
export interface Comparison {
  readonly part: string;
  readonly title: string;
  /** Pairs, unless the command line says otherwise. */
  readonly runs: number;
  /** The runners of kapi: one for each Node, or a single one. */
  readonly by: readonly Runner[];
  readonly against: string;
  readonly ours: (runner: Runner) => Command;
  readonly theirs: (runner: Runner) => Command;
  /** Line of stdout that is the first row. Absent: stdout is discarded. */
  readonly firstRow?: number;
  readonly targets: (runner: Runner) => Targets;
  /** Called before every process. */
  readonly prepare?: () => Promise<void>;
  /** True if the other program is slow: one run of it serves all Nodes of a round. */
  readonly isTheirsSlow?: boolean;
  /** Memory of the other program in megabytes. */
  readonly needsMb?: number;
  /** True if the warm-up compares the numbers of lines. */
  readonly isSameAnswer: boolean;
}

/** The targets by metric. */
export type Targets = Partial<Record<Metric, Target>>;

/** Pause for the server after a slow program. */
const settleMs = 5_000;

const comparable: readonly Metric[] = ['wall', 'cpu', 'memory', 'firstRow'];

/** @throws CannotMeasure */
export async function compare(
  comparison: Comparison,
  { runs, stir }: Pick<Bench, 'runs' | 'stir'>,
): Promise<CaseResult[]> {
  const { by, needsMb = 0 } = comparison;
  const freeMb = freemem() / 2 ** 20;
  if (freeMb < needsMb) {
    throw new CannotMeasure(
      `${comparison.against} needs about ${needsMb} MB for it, and ${Math.round(freeMb)} MB are free`,
    );
  }
  const stdout: Stdout =
    comparison.firstRow === undefined ? { to: 'null' } : { to: 'launcher', firstRow: comparison.firstRow };
  const run = async (command: Command, where = stdout): Promise<Sample> => {
    await stir();
    await comparison.prepare?.();
    return measure(command, where);
  };
  const remarks = await warmUp(comparison, run);

  const pairs = new Map(by.map((runner) => [runner, { ours: [] as Sample[], theirs: [] as Sample[] }]));
  for (let round = 0; round < (runs ?? comparison.runs); round += 1) {
    let shared: Sample | undefined;
    for (const [runner, { ours, theirs }] of pairs) {
      ours.push(await run(comparison.ours(runner)));
      if (comparison.isTheirsSlow !== true) shared = undefined;
      if (shared === undefined) {
        shared = await run(comparison.theirs(runner));
        // A server collects garbage after minutes of load, which would slow down the next program.
        if (comparison.isTheirsSlow === true) await sleep(settleMs);
      }
      theirs.push(shared);
    }
  }
  return [...pairs].map(([runner, samples]): CaseResult => {
    const targets = comparison.targets(runner);
    return {
      part: comparison.part,
      title: comparison.title,
      by: runner.name,
      against: comparison.against,
      findings: comparable.flatMap((metric) => findingOf(metric, samples, targets[metric])),
      remarks,
      samples,
    };
  });
}

/** Runs each command once, reads its output, and adds differences to the remarks. */
async function warmUp(
  { by, ours, theirs, against, isSameAnswer }: Comparison,
  run: (command: Command, stdout: Stdout) => Promise<Sample>,
): Promise<string[]> {
  const remarks: string[] = [];
  let other: Sample | undefined;
  for (const runner of by) {
    const own = await run(ours(runner), { to: 'launcher', firstRow: 1 });
    other ??= await run(theirs(runner), { to: 'launcher', firstRow: 1 });
    if (isSameAnswer && own.lines !== other.lines) {
      remarks.push(`${runner.name} printed ${own.lines} lines, ${against} ${other.lines}`);
    }
  }
  return remarks;
}

/** Returns nothing for a metric that was not measured. */
function findingOf(
  metric: Metric,
  samples: { readonly ours: readonly Sample[]; readonly theirs: readonly Sample[] },
  target: Target | undefined,
): Finding[] {
  const ours = samples.ours.map((sample) => valueOf(sample, metric));
  const theirs = samples.theirs.map((sample) => valueOf(sample, metric));
  if (ours.some(Number.isNaN) || theirs.some(Number.isNaN)) return [];
  const ratios = ours.map((value, index) => value / (theirs[index] ?? Number.NaN));
  const compared = {
    theirs: median(theirs),
    ratio: medianRatio(ours, theirs),
    spread: medianDeviation(ratios),
  };
  return [judge(metric, median(ours), compared, target)];
}

function valueOf(sample: Sample, metric: Metric): number {
  switch (metric) {
    case 'wall':
      return sample.wallMs;
    case 'cpu':
      return sample.userMs + sample.systemMs;
    case 'memory':
      return sample.peakKb;
    case 'firstRow':
      return sample.firstRowMs ?? Number.NaN;
    default:
      return Number.NaN;
  }
}
