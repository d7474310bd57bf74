// What it costs to replay the changes that an API server remembers: kapi history and kapi watch
// --replay against curl, which gets the same watch. Entry point: measureHistory.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { count, kapiBy, runnersOf, type Bench } from './bench.ts';
import { CannotMeasure } from './cannot-measure.ts';
import { benchLabel } from './layout.ts';
import { measure, type Command, type Sample } from './measure.ts';
import { judge, type CaseResult } from './result.ts';
import { median, medianDeviation, medianRatio } from './statistics.ts';
import { inParallel } from './writer.ts';

const pairs = 5;
const events = 50_000;
const objects = 1_000;
/** Bytes of the value that changes. */
const valueLength = 500;
const namespace = `${benchLabel}-history`;
const path = `/api/v1/namespaces/${namespace}/configmaps`;
/** When the server ends the watch of curl, which would wait for more otherwise. Seconds. */
const curlSeconds = 10;

/**
 * Changes ConfigMaps until the server has had 50,000 events, and replays them. The time of curl is
 * until the last event; kapi's is that of the whole process, which also has to find out that it was
 * the last.
 * @throws CannotMeasure if the server remembers fewer events
 */
export async function measureHistory(bench: Bench, curl: string): Promise<CaseResult[]> {
  await makeEvents(bench);
  try {
    const { environment } = bench;
    const url = `${bench.url}${path}?watch=true&allowWatchBookmarks=true&timeoutSeconds=${curlSeconds}`;
    const floor = await floorOf(curl, bench);
    const theirs = { argv: [curl, ...bench.curlFlags, `${url}&resourceVersion=${floor}`], environment };
    const { lines } = await measure(theirs, { to: 'launcher', firstRow: events });
    if (lines < events) {
      throw new CannotMeasure(`the server remembers ${count(lines)} of ${count(events)} events`);
    }
    const questions: readonly (readonly [title: string, words: readonly string[]])[] = [
      ['history configmaps', ['history', 'configmaps']],
      ['watch configmaps --replay', ['watch', 'configmaps', '--replay', '--for-count', String(events)]],
    ];
    const results: CaseResult[] = [];
    for (const [title, words] of questions) {
      for (const runner of runnersOf(bench)) {
        const ours = { argv: [...kapiBy(runner), ...words, '-n', namespace], environment };
        const samples = await takeTurns(ours, theirs, bench.runs ?? pairs);
        const wall = samples.ours.map(({ wallMs }) => wallMs);
        const last = samples.theirs.map(({ firstRowMs }) => firstRowMs ?? Number.NaN);
        const ratios = wall.map((value, index) => value / (last[index] ?? Number.NaN));
        const compared = {
          theirs: median(last),
          ratio: medianRatio(wall, last),
          spread: medianDeviation(ratios),
        };
        const printed = samples.ours[0]?.lines ?? 0;
        results.push({
          part: 'history',
          title: `${title}, ${count(events)} events`,
          by: runner.name,
          against: 'curl',
          findings: [
            judge('wall', median(wall), compared, { ratio: 1.5 }),
            judge('memory', median(samples.ours.map(({ peakKb }) => peakKb)), undefined, {
              value: 100 * 1_024,
            }),
          ],
          remarks: printed >= events ? [] : [`kapi printed ${count(printed)} lines`],
          samples,
        });
      }
    }
    return results;
  } finally {
    await bench.writer.must('DELETE', path);
    await bench.writer.must('DELETE', `/api/v1/namespaces/${namespace}`, undefined, 404);
  }
}

async function takeTurns(
  ours: Command,
  theirs: Command,
  runs: number,
): Promise<{ readonly ours: readonly Sample[]; readonly theirs: readonly Sample[] }> {
  const samples: { readonly ours: Sample[]; readonly theirs: Sample[] } = { ours: [], theirs: [] };
  // The first round fills caches.
  for (let round = 0; round <= runs; round += 1) {
    const own = await measure(ours, { to: 'launcher', firstRow: events });
    const other = await measure(theirs, { to: 'launcher', firstRow: events });
    if (round === 0) continue;
    samples.ours.push(own);
    samples.theirs.push(other);
  }
  return samples;
}

/** Creates the ConfigMaps and changes one after the other. */
async function makeEvents({ writer }: Bench): Promise<void> {
  const metadata = { name: namespace, labels: { [benchLabel]: 'true' } };
  await writer.must('POST', '/api/v1/namespaces', { metadata }, 409);
  const bodyOf = (number: number): object => ({
    metadata: { name: `map-${number % objects}`, namespace, labels: { app: `app-${number % 20}` } },
    data: { 'settings.yaml': `${number} `.padEnd(valueLength, 'x'), kept: 'y'.repeat(valueLength) },
  });
  const numbers = Array.from({ length: events }, (_, number) => number);
  await inParallel(numbers.slice(0, objects), async (number) => {
    await writer.must('POST', `${path}?fieldManager=maker`, bodyOf(number), 409);
  });
  await inParallel(numbers.slice(objects), async (number) => {
    await writer.must('PUT', `${path}/map-${number % objects}?fieldManager=writer`, bodyOf(number));
  });
}

/** The version that the server names when it refuses an older one. */
async function floorOf(curl: string, { curlFlags, url, environment }: Bench): Promise<string> {
  const { stdout } = await promisify(execFile)(
    curl,
    [...curlFlags, `${url}${path}?watch=true&resourceVersion=1&timeoutSeconds=1`],
    { env: environment, maxBuffer: 2 ** 30 },
  );
  return /too old resource version: 1 \((\d+)\)/.exec(stdout)?.[1] ?? '1';
}
