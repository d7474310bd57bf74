// How cost and memory grow with the number of objects; kapi alone. All sizes use the same path
// through kapi: `-A`, and a label selector for the smaller ones. Entry point: measureLinearity.
import { count, kapiBy, runnersOf, type Bench } from './bench.ts';
import { benchLabel } from './layout.ts';
import { measure, type Sample } from './measure.ts';
import { judge, type CaseResult, type Finding } from './result.ts';
import { median } from './statistics.ts';

const formats: readonly (readonly string[])[] = [[], ['-o', 'json'], ['-o', 'yaml']];
const runs = 3;

/**
 * Max growth of the cost of one object from a short to a long list, with a margin for inexact
 * figures.
 */
const growthAllowed = 1.15;
/** The same for memory, once a list is long enough to have filled all buffers. */
const memoryGrowthAllowed = 1.25;

export async function measureLinearity(bench: Bench): Promise<CaseResult[]> {
  const { filling, environment } = bench;
  const sizes = [500, 5_000].filter((size) => filling.namespaces.some(({ pods }) => pods === size));
  const lists = [
    ...sizes.map((size) => ({ size, words: ['-l', `${benchLabel}=${size}`] })),
    { size: filling.pods, words: [] },
  ];
  const results: CaseResult[] = [];
  for (const runner of runnersOf(bench)) {
    for (const format of formats) {
      const command = (words: readonly string[]): Parameters<typeof measure>[0] => ({
        argv: [...kapiBy(runner), 'list', 'pods', '-A', ...words, ...format],
        environment,
      });
      const samples = new Map<number, Sample[]>(lists.map(({ size }) => [size, []]));
      await measure(command(['-l', `${benchLabel}=500`]), { to: 'null' });
      for (let round = 0; round < (bench.runs ?? runs); round += 1) {
        for (const { size, words } of lists) {
          await bench.stir();
          samples.get(size)?.push(await measure(command(words), { to: 'null' }));
        }
      }
      const growth = growthOf([...samples].map(([size, ofSize]) => costOf(size, ofSize)));
      for (const [index, [size, ofSize]] of [...samples].entries()) {
        results.push({
          part: 'linearity',
          title: ['list pods -A', ...format, `of ${count(size)}`].join(' '),
          by: runner.name,
          ...(index === 0 ? {} : { against: 'the size before' }),
          findings: growth[index] ?? [],
          remarks: [],
          samples: { ours: ofSize, theirs: [] },
        });
      }
    }
  }
  return results;
}

/** The cost of lists of one size. */
export interface SizeCost {
  readonly size: number;
  /** Milliseconds. */
  readonly cpu: number;
  /** Kilobytes. */
  readonly memory: number;
}

/**
 * The findings for each size, smallest first. The cost of each object includes the start, so growth
 * compares the cost of the additional objects of each list; from the third size on there are two of
 * these to compare.
 */
export function growthOf(costs: readonly SizeCost[]): Finding[][] {
  return costs.map(({ size, cpu, memory }, index) => {
    const before = costs[index - 1];
    const cpuPerObject = judge('cpuPerObject', (cpu * 1_000) / size, undefined, undefined);
    if (before === undefined) return [cpuPerObject, judge('memory', memory, undefined, undefined)];
    const further = furtherCost(costs, index);
    const furtherBefore = index < 2 ? undefined : furtherCost(costs, index - 1);
    return [
      cpuPerObject,
      judge(
        'cpuPerFurtherObject',
        further,
        furtherBefore === undefined ? undefined : { theirs: furtherBefore, ratio: further / furtherBefore },
        furtherBefore === undefined ? undefined : { ratio: growthAllowed },
      ),
      judge(
        'memory',
        memory,
        { theirs: before.memory, ratio: memory / before.memory },
        index < 2 ? undefined : { ratio: memoryGrowthAllowed },
      ),
    ];
  });
}

/** Microseconds for each additional object, compared with the list before it. */
function furtherCost(costs: readonly SizeCost[], index: number): number {
  const [own, before] = [costs[index], costs[index - 1]];
  if (own === undefined || before === undefined) return Number.NaN;
  return ((own.cpu - before.cpu) * 1_000) / (own.size - before.size);
}

function costOf(size: number, samples: readonly Sample[]): SizeCost {
  return {
    size,
    cpu: median(samples.map(({ userMs, systemMs }) => userMs + systemMs)),
    memory: median(samples.map(({ peakKb }) => peakKb)),
  };
}
