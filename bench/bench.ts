// Shared by all parts of the benchmark: the programs, the server and its content, and kapi's
// command line. The parts are in cases.ts.
import { CannotMeasure } from './cannot-measure.ts';
import type { Filling } from './fill.ts';
import { kapiFile, type Found, type NodeProgram } from './programs.ts';
import type { Runner } from './runner.ts';
import type { Writer } from './writer.ts';

/** `bun`: the standalone file. `node`: bin/kapi.js by every Node. */
export const runtimes = ['bun', 'node'] as const;
export type Runtime = (typeof runtimes)[number];

/** Everything that a part can use. */
export interface Bench {
  readonly nodes: readonly NodeProgram[];
  readonly kubectl: Found;
  readonly curl: Found;
  readonly standalone: Found;
  /** The runners of kapi that the command line names. Empty: the part decides. */
  readonly runtimes: readonly Runtime[];
  readonly curlFlags: readonly string[];
  /** Without a trailing slash. */
  readonly url: string;
  /** The environment of every measured process. */
  readonly environment: Readonly<Record<string, string>>;
  /** HOME of the processes: its caches can be removed. */
  readonly home: string;
  readonly filling: Filling;
  readonly writer: Writer;
  /** Changes one pod: {@link stirrer}. */
  readonly stir: () => Promise<void>;
  readonly runs: number | undefined;
  readonly events: number;
}

/**
 * Changes an annotation of a generated pod. A server serves the pages of a list from its cache as
 * long as objects of the type change now and then. Without changes, it loses the snapshot at etcd's
 * next compaction (after 5 to 10 minutes) and then reads every page from etcd. A cluster of this
 * size always changes, so this server does too.
 */
export function stirrer(writer: Writer, { namespaces }: Filling): () => Promise<void> {
  let path: string | undefined;
  return async () => {
    const name = namespaces[0]?.name;
    if (name === undefined) return;
    path ??= (await podPaths(writer, name, 1))[0];
    if (path !== undefined) await annotate(writer, path, 'stirred', new Date().toISOString());
  };
}

/** @param limit max number of pods. Absent: all */
export async function podPaths(writer: Writer, namespace: string, limit?: number): Promise<string[]> {
  const path = `/api/v1/namespaces/${namespace}/pods`;
  const query = limit === undefined ? '' : `?limit=${limit}`;
  const { items } = (await writer.must('GET', `${path}${query}`)) as {
    readonly items: readonly { readonly metadata: { readonly name: string } }[];
  };
  return items.map(({ metadata }) => `${path}/${metadata.name}`);
}

/** Changes an annotation of an object, which has no effect. */
export async function annotate(writer: Writer, path: string, key: string, value: string): Promise<void> {
  await writer.must('PATCH', path, { metadata: { annotations: { [`kapi-bench/${key}`]: value } } });
}

/**
 * Number of pods for which the targets of full lists are defined; a shorter list is mostly
 * start-up.
 */
const podsOfTargets = 50_000;

/** True if the server has the number of pods of the targets. */
export function hasPodsOfTargets({ filling }: Bench): boolean {
  return filling.pods >= podsOfTargets;
}

/**
 * Returns the standalone file, one runner for each Node, or all of them.
 * @param usual the runtime unless the command line names others
 * @throws CannotMeasure if the standalone file is missing
 */
export function runnersOf({ nodes, runtimes, standalone }: Bench, usual: Runtime = 'node'): Runner[] {
  return (runtimes.length === 0 ? [usual] : runtimes).flatMap((runtime): Runner[] =>
    runtime === 'node'
      ? nodes.map((node) => ({ name: `Node ${node.version}`, node }))
      : [{ name: 'one file, Bun', program: pathOf(standalone) }],
  );
}

/** @throws CannotMeasure if the program is missing */
export function pathOf(program: Found): string {
  if ('missing' in program) throw new CannotMeasure(program.missing);
  return program.path;
}

/** Returns the beginning of kapi's command line for a runner. */
export function kapiBy({ node, program }: Runner): string[] {
  return program === undefined ? [node?.path ?? process.execPath, kapiFile] : [program];
}

/** Formats a number for people. */
export function count(value: number): string {
  return value.toLocaleString('en-US');
}
