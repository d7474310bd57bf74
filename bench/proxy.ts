// What a crowd of clients costs `kapi proxy` and `kubectl proxy`: time, processor time and peak
// memory. Entry point: measureProxy.
import { Agent, get } from 'node:http';
import { count, kapiBy, runnersOf, type Bench } from './bench.ts';
import { start, type Command, type Sample } from './measure.ts';
import { judge, type CaseResult } from './result.ts';
import { median, medianDeviation, medianRatio } from './statistics.ts';

const pairs = 5;
const clients = 500;
const requestsOfClient = 20;
const requests = clients * requestsOfClient;
/** A short answer that costs the server little. */
const path = '/version';
/** Max time until a proxy listens. */
const listensWithinMs = 30_000;

/** A proxy that has served the crowd. */
interface Served {
  /** From the first request to the last answer. */
  readonly ms: number;
  /** The whole process. */
  readonly sample: Sample;
}

/** The two programs take turns; every proxy is a new process. */
export async function measureProxy(bench: Bench, kubectl: string): Promise<CaseResult[]> {
  const { environment } = bench;
  const theirs: Command = { argv: [kubectl, 'proxy', '--port', '0'], environment };
  const results: CaseResult[] = [];
  for (const runner of runnersOf(bench)) {
    const ours: Command = { argv: [...kapiBy(runner), 'proxy', '--port', '0'], environment };
    const [own, other]: [Served[], Served[]] = [[], []];
    for (let pair = 0; pair < (bench.runs ?? pairs); pair += 1) {
      own.push(await serveCrowd(ours));
      other.push(await serveCrowd(theirs));
    }
    const judged = (metric: 'wall' | 'cpu' | 'memory', valueOf: (served: Served) => number) => {
      const [values, others] = [own.map(valueOf), other.map(valueOf)];
      const ratios = values.map((value, at) => value / (others[at] ?? Number.NaN));
      const ratio = medianRatio(values, others);
      const compared = { theirs: median(others), ratio, spread: medianDeviation(ratios) };
      return judge(metric, median(values), compared, undefined);
    };
    results.push({
      part: 'proxy',
      title: `proxy, ${count(requests)} requests of ${count(clients)} clients`,
      by: runner.name,
      against: 'kubectl',
      findings: [
        judged('wall', ({ ms }) => ms),
        judged('cpu', ({ sample }) => sample.userMs + sample.systemMs),
        judged('memory', ({ sample }) => sample.peakKb),
      ],
      remarks: [
        `${runner.name} answered ${perSecond(own)} requests in a second, kubectl ${perSecond(other)}`,
      ],
      samples: { ours: own.map(({ sample }) => sample), theirs: other.map(({ sample }) => sample) },
    });
  }
  return results;
}

function perSecond(served: readonly Served[]): string {
  return count(Math.round((requests * 1_000) / median(served.map(({ ms }) => ms))));
}

/** @throws Error if the proxy ends early or an answer is not 200 */
async function serveCrowd(command: Command): Promise<Served> {
  const running = start(command);
  try {
    let written = '';
    const port = await new Promise<number>((resolve, reject) => {
      const fail = (why: string) => (): void => {
        reject(new Error(`${command.argv.join(' ')}: ${why}: ${running.stderr()}`));
      };
      setTimeout(fail('does not listen'), listensWithinMs).unref();
      void running.ended.then(fail('ended'), reject);
      running.stdout.on('data', (chunk: Buffer) => {
        written += chunk.toString();
        const [, found] = /127\.0\.0\.1:(\d+)\n/.exec(written) ?? [];
        if (found !== undefined) resolve(Number(found));
      });
    });
    const agent = new Agent({ keepAlive: true, maxSockets: clients });
    const startedAt = performance.now();
    await Promise.all(Array.from({ length: clients }, () => beClient(port, agent)));
    const ms = performance.now() - startedAt;
    agent.destroy();
    running.interrupt();
    return { ms, sample: await running.ended };
  } finally {
    running.interrupt();
  }
}

/** Sends one request after the other. */
async function beClient(port: number, agent: Agent): Promise<void> {
  for (let sent = 0; sent < requestsOfClient; sent += 1) {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      get({ host: '127.0.0.1', port, path, agent }, (response) => {
        response.resume();
        response.once('end', () => resolve(response.statusCode));
        response.once('error', reject);
      }).once('error', reject);
    });
    if (status !== 200) throw new Error(`the proxy answered ${status ?? 'nothing'}`);
  }
}
