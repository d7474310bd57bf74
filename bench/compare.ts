// Measures two programs pair by pair, A B A B, after a warm-up in which both have to give the same number of lines. Entry
// point: compare.
import { freemem } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench } from './bench.ts';
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
  /** Who runs our half; one for each Node, or one alone. */
  readonly by: readonly Runner[];
  readonly against: string;
  readonly ours: (runner: Runner) => Command;
  readonly theirs: (runner: Runner) => Command;
  /** Line of stdout that is the first row; absent when stdout is thrown away. */
  readonly firstRow?: number;
  readonly targets: (runner: Runner) => Targets;
  /** Called before every process. */
  readonly prepare?: () => Promise<void>;
  /** The other program takes long: one run of it serves all Nodes of a round. */
  readonly isTheirsSlow?: boolean;
  /** Memory the other program needs. Megabytes. */
  readonly needsMb?: number;
  /** Whether the warm-up holds the numbers of lines against each other. */
  readonly isSameAnswer: boolean;
}

/** What is to be reached, by metric. */
export type Targets = Partial<Record<Metric, Target>>;

/** A case that cannot be measured here, in words that say why. */
export class CannotMeasure extends Error {}

/** What the server gets to itself after a program that took long. */
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
        // A server that has answered for minutes collects its garbage first; who comes next would pay for it.
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

/** Runs each command once, reading what it prints; says in remarks what does not agree. */
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

/** A metric that was not taken gives nothing. */
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
