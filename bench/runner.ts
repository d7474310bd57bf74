// What runs our half of a pair: one of the Nodes, or the standalone file.
import type { NodeProgram } from './programs.ts';

/** What runs our half of a pair. */
export interface Runner {
  readonly name: string;
  readonly node?: NodeProgram;
  /** The standalone file, instead of a Node. */
  readonly program?: string;
}
