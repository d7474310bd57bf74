// What all parts of the benchmark share: the programs, the server and what it holds, and how kapi is called. The parts
// themselves are in cases.ts.
import type { Filling } from './fill.ts';
import { kapiFile, type Found, type NodeProgram } from './programs.ts';
import type { Runner } from './runner.ts';
import type { Writer } from './writer.ts';

/** `bun`: the standalone file. `node`: bin/kapi.js by every Node. */
export const runtimes = ['bun', 'node'] as const;
export type Runtime = (typeof runtimes)[number];

/** All that a part may use. */
export interface Bench {
  readonly nodes: readonly NodeProgram[];
  readonly kubectl: Found;
  readonly curl: Found;
  readonly standalone: Found;
  /** What runs kapi in the part `standalone`. */
  readonly runtimes: readonly Runtime[];
  readonly curlFlags: readonly string[];
  /** Without a trailing slash. */
  readonly url: string;
  /** Of every measured process. */
  readonly environment: Readonly<Record<string, string>>;
  /** HOME in it: what is cached there is ours to remove. */
  readonly home: string;
  readonly filling: Filling;
  readonly writer: Writer;
  /** Changes one pod: {@link stirrer}. */
  readonly stir: () => Promise<void>;
  readonly runs: number | undefined;
  readonly events: number;
}

/**
 * Changes an annotation of a pod of the generator. A server answers the pages of a list from its cache as long as something of the type
 * changes now and then; where nothing does, it forgets how the list was with etcd's next compaction (after 5 to 10 minutes) and from
 * then on reads every page from etcd. A cluster with so many pods is never still, so this server is not either.
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

/** @param limit of them; absent: all */
export async function podPaths(writer: Writer, namespace: string, limit?: number): Promise<string[]> {
  const path = `/api/v1/namespaces/${namespace}/pods`;
  const query = limit === undefined ? '' : `?limit=${limit}`;
  const { items } = (await writer.must('GET', `${path}${query}`)) as {
    readonly items: readonly { readonly metadata: { readonly name: string } }[];
  };
  return items.map(({ metadata }) => `${path}/${metadata.name}`);
}

/** Changes an object in the one way that means nothing to anybody. */
export async function annotate(writer: Writer, path: string, key: string, value: string): Promise<void> {
  await writer.must('PATCH', path, { metadata: { annotations: { [`kapi-bench/${key}`]: value } } });
}

/** The targets of the lists of everything were set for so many pods; a shorter list is mostly start-up. */
const podsOfTargets = 50_000;

/** Whether the whole server is what the targets of its lists are for. */
export function hasPodsOfTargets({ filling }: Bench): boolean {
  return filling.pods >= podsOfTargets;
}

/** One for each Node. */
export function runnersOf({ nodes }: Bench): Runner[] {
  return nodes.map((node) => ({ name: `Node ${node.version}`, node }));
}

/** The beginning of kapi's command line, by a runner. */
export function kapiBy({ node, program }: Runner): string[] {
  return program === undefined ? [node?.path ?? process.execPath, kapiFile] : [program];
}

/** A number as people read it. */
export function count(value: number): string {
  return value.toLocaleString('en-US');
}
