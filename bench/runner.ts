// The runner of kapi: one of the Nodes, or the standalone file.
import type { NodeProgram } from './programs.ts';

/** The runner of kapi. */
export interface Runner {
  readonly name: string;
  readonly node?: NodeProgram;
  /** The standalone file, instead of a Node. */
  readonly program?: string;
}
