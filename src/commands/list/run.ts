// Runs kapi list.

import type { Deps } from '../deps.ts';
import { readObjects } from '../read-objects.ts';
import { withoutOutput } from '../without-output.ts';
import type { ListOptions } from './options.ts';

/** Prints the list. */
export async function runList(options: ListOptions, deps: Deps): Promise<void> {
  const spoken = options.quiet ? withoutOutput(deps) : deps;
  return readObjects({ kind: 'types', types: options.types }, options, 'table', spoken);
}
