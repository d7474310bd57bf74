// The cost of watches. CPU time of one event: one watch of a namespace gets a burst of updates,
// another one gets none for the same time; the result is the difference, divided by the events.
// Memory: a watch of everything gets a burst. Entry point: measureWatch.
import { setTimeout as sleep } from 'node:timers/promises';
import { annotate, count, hasPodsOfTargets, kapiBy, podPaths, runnersOf, type Bench } from './bench.ts';
import { start, type Command, type Sample } from './measure.ts';
import { judge, type CaseResult, type Target } from './result.ts';
import { median, medianDeviation, medianRatio } from './statistics.ts';
import { inParallel } from './writer.ts';

const pairs = 3;
/** Max time for all lines of a list or a burst. */
const linesWithinMs = 180_000;
/** Pause of a watch after its list, so that all work of the list is done. */
const settleMs = 500;
/** Events of the burst for memory: memory depends on the watched objects. */
const eventsForMemory = 1_000;

interface Following {
  readonly namespace: string;
  readonly flags: readonly string[];
  /** Lines of the list before the first event, the heading included. */
  readonly linesOfList: number;
}

export async function measureWatch(bench: Bench, kubectl: string, namespace: string): Promise<CaseResult[]> {
  const pods = bench.filling.namespaces.find(({ name }) => name === namespace)?.pods ?? 0;
  const one = { namespace, flags: ['-n', namespace], linesOfList: pods + 1 };
  const all = { namespace, flags: ['-A'], linesOfList: bench.filling.pods + 1 };
  const { environment } = bench;
  const ours = (argv: readonly string[], { flags }: Following): Command => ({
    argv: [...argv, 'watch', 'pods', ...flags],
    environment,
  });
  const theirs = ({ flags }: Following): Command => ({
    argv: [kubectl, 'get', 'pods', '-w', ...flags],
    environment,
  });
  const results: CaseResult[] = [];
  for (const runner of runnersOf(bench)) {
    const argv = kapiBy(runner);
    const [own, other]: [Cost[], Cost[]] = [[], []];
    for (let pair = 0; pair < (bench.runs ?? pairs); pair += 1) {
      own.push(await costOf(bench, ours(argv, one), one));
      other.push(await costOf(bench, theirs(one), one));
    }
    const judged = (metric: 'cpuPerEvent' | 'memory', valueOf: (cost: Cost) => number, target?: Target) => {
      const [values, others] = [own.map(valueOf), other.map(valueOf)];
      const ratios = values.map((value, index) => value / (others[index] ?? Number.NaN));
      const ratio = medianRatio(values, others);
      const compared = { theirs: median(others), ratio, spread: medianDeviation(ratios) };
      return judge(metric, median(values), compared, target);
    };
    results.push({
      part: 'watch',
      title: `watch pods, a burst of ${count(bench.events)} updates`,
      by: runner.name,
      against: 'kubectl',
      findings: [
        judged('cpuPerEvent', ({ usPerEvent }) => usPerEvent, { ratio: 0.3 }),
        judged('memory', ({ peakKb }) => peakKb),
      ],
      remarks: [],
    });
  }
  const other = await follow(bench, theirs(all), all, eventsForMemory);
  for (const runner of runnersOf(bench)) {
    const own = await follow(bench, ours(kapiBy(runner), all), all, eventsForMemory);
    const compared = (ofOwn: number, ofOther: number) => ({ theirs: ofOther, ratio: ofOwn / ofOther });
    results.push({
      part: 'watch',
      title: `watch pods -A of ${count(bench.filling.pods)}, ${count(eventsForMemory)} updates`,
      by: runner.name,
      against: 'kubectl',
      findings: [
        judge(
          'memory',
          own.peakKb,
          compared(own.peakKb, other.peakKb),
          hasPodsOfTargets(bench) ? { ratio: 0.05 } : undefined,
        ),
        judge('cpu', cpuOf(own), compared(cpuOf(own), cpuOf(other)), undefined),
      ],
      remarks: [],
      samples: { ours: [own], theirs: [other] },
    });
  }
  return results;
}

/** The cost of a watch that gets a burst. */
interface Cost {
  /** Processor time. */
  readonly usPerEvent: number;
  readonly peakKb: number;
}

async function costOf(bench: Bench, command: Command, following: Following): Promise<Cost> {
  const startedAt = Date.now();
  const busy = await follow(bench, command, following, bench.events);
  const empty = await follow(bench, command, following, 0, Date.now() - startedAt);
  const usPerEvent = ((cpuOf(busy) - cpuOf(empty)) * 1_000) / bench.events;
  return { usPerEvent, peakKb: busy.peakKb };
}

/**
 * Starts a watch, makes the number of changes once the list is printed, and ends it when every
 * event is printed.
 * @param forMs how long a watch without events lasts, list included
 */
async function follow(
  bench: Bench,
  command: Command,
  { namespace, linesOfList }: Following,
  events: number,
  forMs = 0,
): Promise<Sample> {
  await bench.stir();
  const startedAt = Date.now();
  const running = start(command);
  let lines = 0;
  let wake: () => void = () => undefined;
  running.stdout.on('data', (piece: Buffer) => {
    for (let at = piece.indexOf(10); at !== -1; at = piece.indexOf(10, at + 1)) lines += 1;
    wake();
  });
  const until = async (wanted: number): Promise<void> => {
    const timeout = sleep(linesWithinMs, 'late' as const, { ref: false });
    while (lines < wanted) {
      const more = new Promise<'more'>((resolve) => (wake = () => resolve('more')));
      const what = await Promise.race([more, timeout, running.ended.then(() => 'ended' as const)]);
      if (what === 'more') continue;
      throw new Error(
        `${command.argv.join(' ')}: ${what === 'late' ? 'still waiting' : 'ended'} after ${lines} of ${wanted} lines: ${running.stderr()}`,
      );
    }
  };
  try {
    await until(linesOfList);
    await sleep(settleMs);
    if (events > 0) {
      await burst(bench, namespace, events);
      await until(linesOfList + events);
    } else {
      await sleep(Math.max(0, forMs - (Date.now() - startedAt)));
    }
  } finally {
    running.interrupt();
    await running.ended;
  }
  return running.ended;
}

/** Changes an annotation of one pod after the other. */
async function burst({ writer }: Bench, namespace: string, events: number): Promise<void> {
  const paths = await podPaths(writer, namespace);
  const run = Date.now();
  await inParallel(Array(events).keys(), (event) =>
    annotate(writer, paths[event % paths.length] ?? '', 'event', `${run}-${event}`),
  );
}

function cpuOf({ userMs, systemMs }: Sample): number {
  return userMs + systemMs;
}
