// How cost and memory grow with the number of objects; kapi alone. All sizes go the same way through kapi: `-A`, and a
// label selector for the smaller ones. Entry point: measureLinearity.
import { count, kapiBy, runnersOf, type Bench } from './cases.ts';
import { benchLabel } from './layout.ts';
import { measure, type Sample } from './measure.ts';
import { judge, type CaseResult } from './result.ts';
import { median } from './statistics.ts';

const formats: readonly (readonly string[])[] = [[], ['-o', 'json'], ['-o', 'yaml']];
const runs = 3;

/** An object more may not cost more in a long list than in a short one, give or take what is not exact. */
const growthAllowed = 1.15;
/** V8 lets its young generation grow until it is used to the load; a list that is held would be ten times as large. */
const memoryGrowthAllowed = 1.5;

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
          samples.get(size)?.push(await measure(command(words), { to: 'null' }));
        }
      }
      results.push(...resultsOf(runner.name, format, samples));
    }
  }
  return results;
}

/** A row for each size; from the second on held against the one before it. */
function resultsOf(
  by: string,
  format: readonly string[],
  samples: ReadonlyMap<number, Sample[]>,
): CaseResult[] {
  const results: CaseResult[] = [];
  let before: { readonly cpu: number; readonly memory: number; readonly size: number } | undefined;
  for (const [size, ofSize] of samples) {
    const cpu = (median(ofSize.map(({ userMs, systemMs }) => userMs + systemMs)) * 1_000) / size;
    const memory = median(ofSize.map(({ peakKb }) => peakKb));
    const ratioTo = (value: number, other: number | undefined) =>
      other === undefined ? undefined : { theirs: other, ratio: value / other };
    results.push({
      part: 'linearity',
      title: ['list pods -A', ...format, `of ${count(size)}`].join(' '),
      by,
      ...(before === undefined ? {} : { against: `kapi, ${count(before.size)}` }),
      findings: [
        judge('cpuPerObject', cpu, ratioTo(cpu, before?.cpu), before && { ratio: growthAllowed }),
        judge('memory', memory, ratioTo(memory, before?.memory), before && { ratio: memoryGrowthAllowed }),
      ],
      remarks: [],
      samples: { ours: ofSize, theirs: [] },
    });
    before = { cpu, memory, size };
  }
  return results;
}
