// The parts of the benchmark: the rows of the table of targets, each as two commands with the same
// result. Entry points: parts, partNames.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { count, hasPodsOfTargets, kapiBy, pathOf, podPaths, runnersOf, type Bench } from './bench.ts';
import { CannotMeasure } from './cannot-measure.ts';
import { compare, type Comparison, type Targets } from './compare.ts';
import { measureContexts } from './contexts.ts';
import { measureExplore } from './explore.ts';
import { measureHistory } from './history.ts';
import { sizedNamespace, type NamespaceSize } from './layout.ts';
import { measureLinearity } from './linearity.ts';
import type { Command } from './measure.ts';
import { measureProxy } from './proxy.ts';
import type { CaseResult } from './result.ts';
import type { Runner } from './runner.ts';
import { measureWatch } from './watch.ts';

/** Something that can be measured by its name. */
export interface Part {
  readonly name: string;
  readonly summary: string;
  /** @throws CannotMeasure if it is not possible here */
  measure(bench: Bench): Promise<CaseResult[]>;
}

/** The table's first row is the heading. */
const firstRowOfTable = 2;
/** Memory of kubectl for a pod in a JSON list, and in a table. Kilobytes. */
const kubectlKbForJson = 120;
const kubectlKbForTable = 55;

export const parts: readonly Part[] = [
  {
    name: 'list-small',
    summary: 'list pods of a namespace of 20',
    measure: (bench) =>
      compareWithKubectl(bench, {
        part: 'list-small',
        title: 'list pods of 20',
        runs: 21,
        words: ['list', 'pods', '-n', namespaceOf(bench, 20)],
        kubectl: ['get', 'pods', '-n', namespaceOf(bench, 20)],
        firstRow: firstRowOfTable,
        targets: ({ node }) => ({ wall: { ratio: (node?.major ?? 20) < 22 ? 1.2 : 0.9 } }),
      }),
  },
  {
    name: 'version',
    summary: '--version against node -e 0',
    measure: (bench) => againstNode(bench, '--version'),
  },
  { name: 'help', summary: '--help against node -e 0', measure: (bench) => againstNode(bench, '--help') },
  {
    name: 'list-1000',
    summary: 'list pods of a namespace of 1,000',
    measure: (bench) =>
      compareWithKubectl(bench, {
        part: 'list-1000',
        title: 'list pods of 1,000 in one namespace',
        runs: 11,
        words: ['list', 'pods', '-n', namespaceOf(bench, 1_000)],
        kubectl: ['get', 'pods', '-n', namespaceOf(bench, 1_000)],
        firstRow: firstRowOfTable,
        targets: () => ({ wall: { ratio: 0.3 } }),
      }),
  },
  {
    name: 'list-all',
    summary: 'list pods -A',
    measure: (bench) =>
      compareWithKubectl(bench, {
        part: 'list-all',
        title: `list pods -A of ${count(bench.filling.pods)}`,
        runs: 3,
        words: ['list', 'pods', '-A'],
        kubectl: ['get', 'pods', '-A'],
        firstRow: firstRowOfTable,
        isTheirsSlow: true,
        needsMb: (bench.filling.pods * kubectlKbForTable) / 1_024,
        targets: ofAll(bench, {
          wall: { ratio: 0.15 },
          cpu: { ratio: 0.1 },
          memory: { ratio: 0.07, value: 150 * 1_024 },
          firstRow: { value: 150 },
        }),
      }),
  },
  {
    name: 'json',
    summary: 'list pods -A -o json',
    measure: (bench) =>
      compareWithKubectl(bench, {
        part: 'json',
        title: `list pods -A -o json of ${count(bench.filling.pods)}`,
        runs: 3,
        words: ['list', 'pods', '-A', '-o', 'json'],
        kubectl: ['get', 'pods', '-A', '-o', 'json'],
        isTheirsSlow: true,
        needsMb: (bench.filling.pods * kubectlKbForJson) / 1_024,
        targets: ofAll(bench, { wall: { ratio: 0.25 }, cpu: { ratio: 0.2 }, memory: { ratio: 0.04 } }),
      }),
  },
  {
    name: 'yaml',
    summary: 'list pods -o yaml of a namespace of 5,000',
    measure: (bench) =>
      compareWithKubectl(bench, {
        part: 'yaml',
        title: 'list pods -o yaml of 5,000',
        runs: 3,
        words: ['list', 'pods', '-n', namespaceOf(bench, 5_000), '-o', 'yaml'],
        kubectl: ['get', 'pods', '-n', namespaceOf(bench, 5_000), '-o', 'yaml'],
        isTheirsSlow: true,
        targets: () => ({ wall: { ratio: 0.25 } }),
      }),
  },
  {
    name: 'where',
    summary: 'list pods -A --where against -o ndjson of the same, and against kubectl and jq',
    measure: async (bench) => [
      ...(await compareWhere(bench, 'kapi list pods -A -o ndjson', { wall: { ratio: 1.3 } })),
      ...(await compareWhere(bench, 'kubectl | jq', { wall: { ratio: 0.3 } })),
    ],
  },
  {
    name: 'name',
    summary: 'list pods -A -o name',
    measure: (bench) =>
      compareWithKubectl(bench, {
        part: 'name',
        title: `list pods -A -o name of ${count(bench.filling.pods)}`,
        runs: 3,
        words: ['list', 'pods', '-A', '-o', 'name'],
        kubectl: ['get', 'pods', '-A', '-o', 'name'],
        firstRow: 1,
        isTheirsSlow: true,
        needsMb: (bench.filling.pods * kubectlKbForTable) / 1_024,
        targets: ofAll(bench, { wall: { ratio: 0.03 } }),
      }),
  },
  {
    name: 'resources',
    summary: 'resources against api-resources, with no cache and with a warm one',
    measure: async (bench) => [
      ...(await compareWithKubectl(bench, {
        part: 'resources',
        title: 'resources against api-resources, no cache',
        runs: 11,
        words: ['resources'],
        kubectl: ['api-resources'],
        firstRow: firstRowOfTable,
        prepare: () => rm(join(bench.home, '.kube'), { recursive: true, force: true }),
        targets: () => ({ wall: { ratio: 1 } }),
      })),
      ...(await compareWithKubectl(bench, {
        part: 'resources',
        title: 'resources against api-resources, warm caches',
        runs: 11,
        words: ['resources'],
        kubectl: ['api-resources'],
        firstRow: firstRowOfTable,
        targets: () => ({ wall: { ratio: 0.35 } }),
      })),
    ],
  },
  {
    name: 'describe',
    summary: 'describe of a pod with five events, against kubectl describe',
    measure: async (bench) => {
      const namespace = namespaceOf(bench, 20);
      const words = ['describe', 'pod', await podWithEvents(bench, namespace), '-n', namespace];
      return compareWithKubectl(bench, {
        ...{ part: 'describe', title: 'describe of a pod with five events', runs: 21, words, kubectl: words },
        // The two say the same in lines of their own.
        isSameAnswer: false,
        targets: ({ node }) => ((node?.major ?? 20) < 22 ? {} : { wall: { ratio: 1 } }),
      });
    },
  },
  {
    name: 'watch',
    summary: 'watch against get -w: processor time for each event, and memory',
    measure: (bench) => measureWatch(bench, pathOf(bench.kubectl), namespaceOf(bench, 1_000)),
  },
  {
    name: 'proxy',
    summary: 'proxy with 500 clients against kubectl proxy: time, processor time, memory',
    measure: (bench) => measureProxy(bench, pathOf(bench.kubectl)),
  },
  {
    name: 'history',
    summary: 'history and watch --replay of 50,000 events against curl and the same watch',
    measure: (bench) => measureHistory(bench, pathOf(bench.curl)),
  },
  {
    name: 'curl',
    summary: 'the whole JSON list of pods in one request against curl',
    measure: async (bench) => [
      ...(await compareWithCurl(bench, 'get', false)),
      ...(await compareWithCurl(bench, 'curl', true)),
    ],
  },
  {
    name: 'standalone',
    summary: 'the file for pods without Node: short commands, and a list of everything',
    measure: async (bench) => {
      const by = runnersOf(bench, 'bun');
      const results = await compareFirstRun(bench, by);
      for (const { target, kubectl, ...given } of standaloneQuestions(bench)) {
        const comparison = { part: 'standalone', by, kubectl: kubectl ?? ['get', ...given.words.slice(1)] };
        const targets = (): Targets => (target === undefined ? {} : { wall: { ratio: target } });
        results.push(...(await compareWithKubectl(bench, { ...comparison, ...given, targets })));
      }
      return results;
    },
  },
  {
    name: 'linearity',
    summary: 'cost of each object and memory from 500 to all pods; kapi alone',
    measure: (bench) => measureLinearity(bench),
  },
  {
    name: 'contexts',
    summary: 'list pods of 1, 4 and 16 sandboxes at once (--contexts); kapi alone',
    measure: (bench) => measureContexts(bench),
  },
  {
    name: 'explore',
    summary: 'kapi explore on a terminal: first frame against kapi paths, keys, memory',
    measure: (bench) => measureExplore(bench),
  },
];

/** The first run of the standalone file, which unpacks it, against a later one. */
function compareFirstRun(bench: Bench, by: readonly Runner[]): Promise<CaseResult[]> {
  const place = join(bench.home, 'first-run');
  const words = (runner: Runner): string[] => [...kapiBy(runner), '--version'];
  const environment = { ...bench.environment, KAPI_STANDALONE_DIR: place };
  const comparison: Comparison = {
    part: 'standalone',
    title: '--version, first run',
    runs: 5,
    by: by.filter(({ program }) => program !== undefined),
    against: 'a later run',
    prepare: () => rm(place, { recursive: true, force: true }),
    ours: (runner) => ({ argv: words(runner), environment }),
    theirs: (runner) => ({ argv: words(runner), environment: bench.environment }),
    targets: () => ({}),
    isSameAnswer: true,
  };
  return compare(comparison, bench);
}

/** Questions of the part `standalone`, with their max ratio of wall time to kubectl's. */
function standaloneQuestions(bench: Bench): readonly {
  readonly title: string;
  readonly runs: number;
  readonly words: readonly string[];
  /** Default: the same with `get`. */
  readonly kubectl?: readonly string[];
  readonly target?: number;
}[] {
  const list = (size: NamespaceSize) => ['list', 'pods', '-n', namespaceOf(bench, size)];
  return [
    { title: 'list pods of 20', runs: 21, words: list(20), target: 0.7 },
    { title: 'list pods of 1,000', runs: 11, words: list(1_000) },
    { title: 'resources', runs: 11, words: ['resources'], kubectl: ['api-resources'] },
    {
      title: 'can-i',
      runs: 21,
      words: ['can-i', 'list', 'pods'],
      kubectl: ['auth', 'can-i', 'list', 'pods'],
    },
    { title: `list pods of ${count(bench.filling.pods)}`, runs: 3, words: ['list', 'pods', '-A'] },
  ];
}

/** Names in the order in which they are measured. */
export const partNames: readonly string[] = parts.map(({ name }) => name);

/** Gives a pod of the namespace five events. @returns its name */
async function podWithEvents({ writer }: Bench, namespace: string): Promise<string> {
  const [path = ''] = await podPaths(writer, namespace, 1);
  const { metadata } = (await writer.must('GET', path)) as {
    readonly metadata: { readonly name: string; readonly uid: string };
  };
  const { name, uid } = metadata;
  const now = new Date().toISOString().replace(/\.\d+Z$/, 'Z');
  for (const reason of ['Scheduled', 'Pulling', 'Pulled', 'Created', 'Started']) {
    const event = {
      metadata: { name: `${name}.${reason.toLowerCase()}` },
      involvedObject: { apiVersion: 'v1', kind: 'Pod', name, namespace, uid },
      ...{ reason, message: `${reason} something`, type: 'Normal', source: { component: 'kubelet' } },
      ...{ firstTimestamp: now, lastTimestamp: now, count: 1 },
    };
    await writer.must('POST', `/api/v1/namespaces/${namespace}/events`, event, 409);
  }
  return name;
}

type KubectlComparison = Omit<Comparison, 'by' | 'against' | 'ours' | 'theirs' | 'isSameAnswer'> & {
  /** Default: true. */
  readonly isSameAnswer?: boolean;
  readonly words: readonly string[];
  readonly kubectl: readonly string[];
  /** Absent: every Node. */
  readonly by?: readonly Runner[];
};

function compareWithKubectl(bench: Bench, given: KubectlComparison): Promise<CaseResult[]> {
  const { words, kubectl, ...rest } = given;
  const path = pathOf(bench.kubectl);
  const { environment } = bench;
  const comparison: Comparison = {
    isSameAnswer: true,
    ...rest,
    by: given.by ?? runnersOf(bench),
    against: 'kubectl',
    ours: (runner) => ({ argv: [...kapiBy(runner), ...words], environment }),
    theirs: () => ({ argv: [path, ...kubectl], environment }),
  };
  return compare(comparison, bench);
}

/**
 * The names of pods that one condition selects. The other program lists the same pods, all of them
 * or through jq.
 */
function compareWhere(
  bench: Bench,
  against: 'kapi list pods -A -o ndjson' | 'kubectl | jq',
  targets: Targets,
): Promise<CaseResult[]> {
  const { environment } = bench;
  const isJq = against === 'kubectl | jq';
  const kubectl = pathOf(bench.kubectl);
  const where = ['--where', 'spec.containers.exists(c, !has(c.resources.limits))'];
  const filter = '.items[] | select(any(.spec.containers[]; .resources.limits == null)) | .metadata.name';
  const comparison: Comparison = {
    part: 'where',
    title: `list pods -A --where of ${count(bench.filling.pods)}`,
    runs: 3,
    by: runnersOf(bench),
    against,
    ours: (runner) => ({
      argv: [...kapiBy(runner), 'list', 'pods', '-A', ...where, '-o', 'name'],
      environment,
    }),
    theirs: (runner) => ({
      argv: isJq
        ? ['sh', '-c', '"$1" get pods -A -o json | jq -r "$2"', 'sh', kubectl, filter]
        : [...kapiBy(runner), 'list', 'pods', '-A', '-o', 'ndjson'],
      environment,
    }),
    isTheirsSlow: isJq,
    ...(isJq ? { needsMb: (bench.filling.pods * kubectlKbForJson) / 1_024 } : {}),
    targets: ofAll(bench, { ...targets, memory: { value: 130 * 1_024 } }),
    isSameAnswer: isJq,
  };
  return compare(comparison, bench);
}

function againstNode(bench: Bench, flag: string): Promise<CaseResult[]> {
  const { environment } = bench;
  const comparison: Comparison = {
    part: flag.slice(2),
    title: flag,
    runs: 21,
    by: runnersOf(bench),
    against: 'node -e 0',
    ours: (runner) => ({ argv: [...kapiBy(runner), flag], environment }),
    theirs: ({ node }) => ({ argv: [node?.path ?? process.execPath, '-e', '0'], environment }),
    targets: () => ({ wall: { ratio: 1.4 } }),
    isSameAnswer: false,
  };
  return compare(comparison, bench);
}

function compareWithCurl(
  bench: Bench,
  command: 'get' | 'curl',
  isSameAnswer: boolean,
): Promise<CaseResult[]> {
  const { environment } = bench;
  const path = '/api/v1/pods';
  const curl = pathOf(bench.curl);
  const comparison: Comparison = {
    part: 'curl',
    title: `${command} ${path} of ${count(bench.filling.pods)}`,
    runs: 5,
    by: runnersOf(bench),
    against: 'curl',
    ours: (runner) => ({ argv: [...kapiBy(runner), command, path], environment }),
    theirs: (): Command => ({ argv: [curl, ...bench.curlFlags, `${bench.url}${path}`], environment }),
    targets: ofAll(bench, { wall: { ratio: 1.5 } }),
    isSameAnswer,
  };
  return compare(comparison, bench);
}

/** Targets of a list of everything; none if the server has fewer objects than they are for. */
function ofAll(bench: Bench, targets: Targets): () => Targets {
  return () => (hasPodsOfTargets(bench) ? targets : {});
}

function namespaceOf({ filling }: Bench, size: NamespaceSize): string {
  const name = sizedNamespace(size);
  if (filling.namespaces.some((namespace) => namespace.name === name)) return name;
  throw new CannotMeasure(`the server has no namespace ${name}: it was filled with too few pods`);
}
