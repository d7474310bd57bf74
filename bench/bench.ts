// What all parts of the benchmark share: the programs, the server and what it holds, and how kapi is called. The parts
// themselves are in cases.ts.
import type { Runner } from './compare.ts';
import type { Filling } from './fill.ts';
import { kapiFile, type Found, type NodeProgram } from './programs.ts';
import type { Writer } from './writer.ts';

/** All that a part may use. */
export interface Bench {
  readonly nodes: readonly NodeProgram[];
  readonly kubectl: Found;
  readonly curl: Found;
  readonly standalone: Found;
  readonly curlFlags: readonly string[];
  /** Without a trailing slash. */
  readonly url: string;
  /** Of every measured process. */
  readonly environment: Readonly<Record<string, string>>;
  /** HOME in it: what is cached there is ours to remove. */
  readonly home: string;
  readonly filling: Filling;
  readonly writer: Writer;
  readonly runs: number | undefined;
  readonly events: number;
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

/** The beginning of kapi's command line under a Node. */
export function kapiBy({ node }: Runner): string[] {
  return [node?.path ?? process.execPath, kapiFile];
}

/** A number as people read it. */
export function count(value: number): string {
  return value.toLocaleString('en-US');
}
