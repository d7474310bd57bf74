// Cost of --contexts for each further cluster: kapi alone, with sandboxes in one kubeconfig. Entry
// point: measureContexts.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { kapiBy, runnersOf, type Bench } from './bench.ts';
import { measure, type Sample } from './measure.ts';
import { judge, type CaseResult } from './result.ts';
import { openServer, type Server } from './server.ts';
import { median } from './statistics.ts';

const sizes = [1, 4, 16] as const;
const defaultRuns = 9;

/** Max wall time that each further cluster adds, as a part of the time for one cluster. */
const perFurtherCluster = 0.15;

interface Entry {
  readonly name: string;
  readonly [field: string]: unknown;
}

interface Kubeconfig {
  readonly 'current-context': string;
  readonly clusters: readonly Entry[];
  readonly users: readonly Entry[];
  readonly contexts: readonly (Entry & {
    readonly context: { readonly cluster: string; readonly user: string };
  })[];
}

/** Measures `list pods` of 1, 4 and 16 clusters, in turn. */
export async function measureContexts(bench: Bench): Promise<CaseResult[]> {
  const servers: Server[] = [];
  try {
    for (let at = 0; at < Math.max(...sizes); at += 1) {
      servers.push(await openServer('sandbox', bench.environment, bench.home, () => undefined));
    }
    const kubeconfig = join(bench.home, 'contexts.kubeconfig');
    await writeFile(kubeconfig, await joinedKubeconfig(servers), { mode: 0o600 });
    const environment = { ...bench.environment, KUBECONFIG: kubeconfig };
    const results: CaseResult[] = [];
    for (const runner of runnersOf(bench)) {
      const samples = new Map<number, Sample[]>(sizes.map((size) => [size, []]));
      for (let round = 0; round <= (bench.runs ?? defaultRuns); round += 1) {
        for (const size of sizes) {
          const names = Array.from({ length: size }, (_, at) => nameOf(at)).join(',');
          const argv = [...kapiBy(runner), 'list', 'pods', '-n', 'default', '--contexts', names];
          const sample = await measure({ argv, environment }, { to: 'null' });
          // The first round fills caches.
          if (round > 0) samples.get(size)?.push(sample);
        }
      }
      const one = median((samples.get(1) ?? []).map(({ wallMs }) => wallMs));
      for (const [size, ofSize] of samples) {
        const wall = median(ofSize.map(({ wallMs }) => wallMs));
        results.push({
          part: 'contexts',
          title: `list pods of ${size} ${size === 1 ? 'cluster' : 'clusters'} (--contexts)`,
          by: runner.name,
          ...(size === 1 ? {} : { against: 'one cluster' }),
          findings: [
            judge(
              'wall',
              wall,
              size === 1 ? undefined : { theirs: one, ratio: wall / one },
              size === 1 ? undefined : { ratio: 1 + perFurtherCluster * (size - 1) },
            ),
            judge('memory', median(ofSize.map(({ peakKb }) => peakKb)), undefined, undefined),
          ],
          remarks: [],
          samples: { ours: ofSize, theirs: [] },
        });
      }
    }
    return results;
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
  }
}

function nameOf(at: number): string {
  return `cluster-${at}`;
}

/** Makes one kubeconfig with a context for each server from their own ones. */
async function joinedKubeconfig(servers: readonly Server[]): Promise<string> {
  const parts = await Promise.all(
    servers.map(async ({ kubeconfig }, at) => {
      const config = parse(await readFile(kubeconfig, 'utf8')) as Kubeconfig;
      const current = config.contexts.find(({ name }) => name === config['current-context']);
      const entryOf = (entries: readonly Entry[], name: string | undefined): Entry[] =>
        entries.filter((entry) => entry.name === name).map((entry) => ({ ...entry, name: nameOf(at) }));
      return {
        clusters: entryOf(config.clusters, current?.context.cluster),
        users: entryOf(config.users, current?.context.user),
        contexts: [{ name: nameOf(at), context: { cluster: nameOf(at), user: nameOf(at) } }],
      };
    }),
  );
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: parts.flatMap(({ clusters }) => clusters),
    users: parts.flatMap(({ users }) => users),
    contexts: parts.flatMap(({ contexts }) => contexts),
  });
}
