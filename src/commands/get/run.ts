// kapi get: the running part.

import { RefusedError, UsageError } from '../../errors.ts';
import type { Deps } from '../deps.ts';
import { checkCount } from '../expect-count.ts';
import { readObjects } from '../read-objects.ts';
import type { GetOptions } from './options.ts';

export async function runGet(options: GetOptions, deps: Deps): Promise<void> {
  const { target } = options;
  if (target.kind !== 'path') {
    return readObjects(target, options, target.kind === 'objects' ? 'json' : 'table', deps);
  }
  try {
    await runPath(target.path, options, deps);
  } catch (thrown) {
    const isMissing = thrown instanceof RefusedError && thrown.facts.httpStatus === 404;
    if (!isMissing || !options.ignoreNotFound) throw thrown;
    checkCount(0, options.expectCount);
  }
}

async function runPath(path: string, options: GetOptions, deps: Deps): Promise<void> {
  if (options.output === undefined) {
    if (options.expectCount !== undefined) {
      throw new UsageError('--expect-count and --require-nonempty count objects: name a format with -o', {
        code: 'ConflictingFlags',
      });
    }
    const { showPath } = await import('./show-path.ts');
    return showPath(path, deps);
  }
  const { printPath } = await import('./print-path.ts');
  return printPath(path, { ...options, output: options.output }, deps);
}
