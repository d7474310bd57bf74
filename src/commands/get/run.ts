// Runs kapi get.

import type { Targets } from '../../api/targets.ts';
import { suggested } from '../../model/suggestion.ts';
import { RefusedError, UsageError } from '../../errors.ts';
import type { Deps } from '../deps.ts';
import { checkCount } from '../expect-count.ts';
import { readObjects } from '../read-objects.ts';
import { withoutOutput } from '../without-output.ts';
import type { GetOptions, PrintedOptions } from './options.ts';

/** Prints or shows the target. */
export async function runGet(options: GetOptions, deps: Deps): Promise<void> {
  // There is nothing to show with --curl, which prints the command instead.
  const isView = options.view !== undefined && !deps.globals.curl;
  if (isView || options.target.kind === 'input') {
    const { viewGet } = await import('./view.ts');
    return viewGet(options, deps, print);
  }
  return print({ ...options, target: options.target }, deps);
}

async function print(options: PrintedOptions, given: Deps): Promise<void> {
  const deps = options.quiet ? withoutOutput(given) : given;
  const { target } = options;
  if (target.kind !== 'path') {
    try {
      await readObjects(target, options, target.kind === 'objects' ? 'json' : 'table', deps);
      return;
    } catch (thrown) {
      throw withSlash(thrown, target);
    }
  }
  const path = target.path.startsWith('/')
    ? target.path
    : await (await import('../request-target.ts')).resolveTarget(target.path, deps);
  try {
    await runPath(path, options, deps);
  } catch (thrown) {
    const isMissing = thrown instanceof RefusedError && thrown.facts.httpStatus === 404;
    if (!isMissing || !options.ignoreNotFound) throw thrown;
    checkCount(0, options.expectCount);
  }
}

/** Matches paths of every server without their leading slash, for a hint. */
const roots = /^(?:api|apis|healthz|livez|readyz|version|metrics|openapi|logs|\.well-known)$/;

function withSlash(thrown: unknown, target: Targets): unknown {
  const [first] = target.kind === 'objects' ? target.objects : [];
  const type = first?.type ?? (target.kind === 'types' ? target.types : '');
  const isUnknown = thrown instanceof UsageError && thrown.code === 'UnknownResourceType';
  if (!isUnknown || !roots.test(type)) return thrown;
  const path = first === undefined ? `/${type}` : `/${type}/${first.name}`;
  const { message, code, hint = '' } = thrown;
  return new UsageError(message, {
    code,
    cause: thrown,
    hint: `a path of the API begins with a slash: ${suggested('get', path)}\n${hint}`.trim(),
  });
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
