// kapi get: the running part.

import { UsageError } from '../../errors.ts';
import type { Deps } from '../deps.ts';
import { readObjects } from '../read-objects.ts';
import type { GetOptions } from './options.ts';

export async function runGet(options: GetOptions, deps: Deps): Promise<void> {
  const { target } = options;
  if (target.kind !== 'path') {
    return readObjects(target, options, target.kind === 'objects' ? 'json' : 'table', deps);
  }
  if (options.output === undefined) {
    if (options.expectCount !== undefined) {
      throw new UsageError('--expect-count and --require-nonempty count objects: name a format with -o', {
        code: 'ConflictingFlags',
      });
    }
    const { showPath } = await import('./show-path.ts');
    return showPath(target.path, deps);
  }
  const { printPath } = await import('./print-path.ts');
  return printPath(target.path, { ...options, output: options.output }, deps);
}
