// `--at` of get and list: reads objects at a resource version, as long as the server's store has
// it. Entry points: versionAt(), pastPages(). kapi history --at computes the same from remembered
// changes.

import { listPages } from '../api/list.ts';
import type { IncludeObject, Representation } from '../api/object-request.ts';
import type { Targets } from '../api/targets.ts';
import type { WatchQuery } from '../api/watch-event.ts';
import type { KapiError } from '../errors.ts';
import { RefusedError, ServerError, UsageError } from '../errors.ts';
import type { Page } from '../model/page.ts';
import type { Send } from '../model/request.ts';
import { groupResourceOf, resourcePath, type ResourceType } from '../model/resource.ts';
import { suggested } from '../model/suggestion.ts';
import type { Deps } from './deps.ts';
import type { Moment } from './moment.ts';
import type { ReadFlags } from './read-flags.ts';

/**
 * Returns the resource version of a moment.
 * @throws UsageError for flags that exclude `--at`
 * @throws RefusedError 410 if the server remembers nothing so old
 */
export async function versionAt(
  moment: Moment,
  targets: Targets,
  types: readonly ResourceType[],
  namespace: string | undefined,
  {
    subresource,
    labelSelector,
    fieldSelector,
  }: Pick<ReadFlags, 'subresource' | 'labelSelector' | 'fieldSelector'>,
  deps: Deps,
): Promise<string> {
  if (subresource !== undefined) {
    throw new UsageError('--at has no meaning with --subresource: only whole objects are kept', {
      code: 'ConflictingFlags',
    });
  }
  if (moment.kind === 'version') return moment.version;
  if (deps.globals.curl) {
    throw new UsageError('with --curl nothing is asked, so the resourceVersion of a time is not known', {
      code: 'ConflictingFlags',
      hint: `${suggested('history', ...wordsOf(targets), '-o', 'wide')} shows the versions; --at takes one of them`,
    });
  }
  const names = targets.kind === 'objects' ? targets.objects : [undefined];
  const queries: WatchQuery[] = types.flatMap((type) =>
    // Reading one name is cheaper than reading its type. For several names the type is read once.
    (names.length === 1 ? names : [undefined]).map((target) => ({
      ...{ type, name: target?.name, labelSelector, fieldSelector, as: 'objects' },
      namespace: type.namespaced ? namespace : undefined,
    })),
  );
  const { resolveMoment } = await import('./past-version.ts');
  return resolveMoment(moment, queries, await deps.send(), deps);
}

export interface PastObject {
  readonly send: Send;
  readonly deps: Pick<Deps, 'signal' | 'now' | 'warn'>;
  readonly type: ResourceType;
  readonly namespace: string | undefined;
  readonly name: string;
  readonly as: Representation;
  readonly includeObject: IncludeObject;
  readonly resourceVersion: string;
}

/**
 * Returns one object at a version, as a list of one: a get accepts no exact version.
 * @throws RefusedError 404 if it did not exist, 410 if the store has dropped the version
 * @throws UsageError for a version that does not exist yet
 */
export async function pastPages({ send, deps, ...query }: PastObject): Promise<readonly Page[]> {
  const { type, name, namespace, resourceVersion } = query;
  const pages = listPages(send, { ...query, resourceVersionMatch: 'Exact', chunkSize: 0 }, deps);
  const { value: page } = await explained(pages.next(), resourceVersion, type, name);
  await pages.return();
  const isThere = page !== undefined && (page.kind === 'table' ? page.table.rows : page.objects).length > 0;
  if (isThere) return [page];
  throw new RefusedError(
    `${groupResourceOf(type)} "${name}" did not exist at resourceVersion ${resourceVersion}`,
    {
      code: 'NotFound',
      hint: `${suggested('history', groupResourceOf(type), name)} shows what happened to it`,
      facts: {
        ...{ httpStatus: 404, reason: 'NotFound', method: 'GET' },
        path: resourcePath(type, { namespace: type.namespaced ? namespace : undefined }),
      },
    },
  );
}

/** Explains the refusal of a version. */
export async function explained<Value>(
  answer: Promise<Value>,
  resourceVersion: string,
  type: ResourceType,
  name = '',
): Promise<Value> {
  try {
    return await answer;
  } catch (thrown) {
    if (!(thrown instanceof RefusedError || thrown instanceof ServerError)) throw thrown;
    throw explanationOf(thrown, resourceVersion, type, name) ?? thrown;
  }
}

function explanationOf(
  error: RefusedError | ServerError,
  resourceVersion: string,
  type: ResourceType,
  name: string,
): KapiError | undefined {
  const { message, code, prefix, causes, facts } = error;
  if (facts?.httpStatus === 504 && /too large resource version/i.test(message)) {
    const newest = /current: (\d+)/.exec(message)?.[1];
    const known = newest === undefined ? '' : `: the newest one is ${newest}`;
    return new UsageError(`resourceVersion ${resourceVersion} does not exist yet${known}`, {
      code: 'VersionTooLarge',
      cause: error,
    });
  }
  if (facts?.httpStatus !== 410 || !(error instanceof RefusedError)) return undefined;
  const hint =
    `the store keeps old versions for about five minutes; ` +
    `${suggested('history', groupResourceOf(type), name, '--at', resourceVersion)} computes the state from the changes that the API server remembers`;
  return new RefusedError(message, { code, prefix, causes, hint, facts: error.facts, cause: error });
}

function wordsOf(targets: Targets): readonly string[] {
  return targets.kind === 'types'
    ? [targets.types]
    : targets.objects.map(({ type, name }) => `${type}/${name}`);
}
