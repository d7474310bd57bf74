// Reads the selected objects of two contexts or two moments, and pairs them by type and name.
// Entry points: compareContexts(), compareMoments().

import { getPage } from '../../api/get.ts';
import { listPages } from '../../api/list.ts';
import { isMissingType } from '../../api/status.ts';
import { KapiError, NotSent, RefusedError, UsageError } from '../../errors.ts';
import { stringAt, type KubeObject } from '../../model/object.ts';
import type { Page } from '../../model/page.ts';
import { groupResourceOf, type ResourceType } from '../../model/resource.ts';
import { checkContextsFlags, chooseContexts } from '../choose-contexts.ts';
import type { Deps } from '../deps.ts';
import { mapInOrder } from '../map-in-order.ts';
import type { Moment } from '../moment.ts';
import { partialFailure } from '../partial-failure.ts';
import { pastPages, versionAt } from '../read-past.ts';
import type { Selected } from './options.ts';
import type { Comparison, Pair } from './pairs.ts';

/** Max requests at the same time to one server. */
const maxParallelRequests = 6;

/** Where one side is read. */
type Place = Pick<Deps, 'config' | 'send' | 'discovery' | 'signal' | 'now' | 'warn' | 'globals'>;

interface Found {
  readonly type: ResourceType;
  readonly object: KubeObject;
}

/** The objects of one side by key, and what could not be read by the key of the type or object. */
interface Side {
  readonly found: ReadonlyMap<string, Found>;
  readonly failures: ReadonlyMap<string, KapiError>;
  /** Named objects that do not exist. */
  readonly missing: ReadonlyMap<string, KapiError>;
  /** Undefined: all. */
  readonly namespace: string | undefined;
}

/**
 * Reads the objects of two contexts at the same time.
 * @throws UsageError unless two contexts are named; ConfigError
 * @throws RefusedError, ServerError, ConnectionError if a context cannot be asked
 */
export async function compareContexts(
  subject: Selected & { readonly patterns: string },
  deps: Deps,
): Promise<Comparison> {
  const { patterns } = checkContextsFlags({ contexts: subject.patterns }, deps.globals);
  const names = chooseContexts(
    patterns,
    (await deps.contexts()).map(({ name }) => name),
  );
  const [before, after, ...more] = names;
  if (before === undefined || after === undefined || more.length > 0) {
    const found = names.length === 1 ? `only ${names.join('')}` : `${names.length}: ${names.join(', ')}`;
    throw new UsageError(`kapi diff compares two contexts, and --contexts chooses ${found}`, {
      code: 'BadFlagValue',
    });
  }
  const read = async (name: string): Promise<Side> => {
    const { config, send, discovery } = deps.forContext(name, 'same flags');
    const place: Place = { ...deps, config, send, discovery };
    if (deps.globals.curl) await deps.io.out.write(`# ${name}\n`);
    try {
      return await readSide(place, subject);
    } catch (thrown) {
      if (thrown instanceof KapiError && !(thrown instanceof NotSent) && !deps.signal.aborted) {
        deps.warn(`note: the context ${name} could not be read`);
      }
      throw thrown;
    }
  };
  // Commands are printed one context after the other.
  const left = read(before);
  left.catch(() => undefined);
  if (deps.globals.curl) await left;
  const [old, now] = await Promise.all([left, read(after)]);
  for (const [name, side] of [
    [before, old],
    [after, now],
  ] as const) {
    for (const failure of side.failures.values()) {
      if (!(failure instanceof NotSent)) deps.warn(`note: in the context ${name}: ${failure.message}`);
    }
  }
  const words = { removed: `only in ${before}`, added: `only in ${after}`, changed: 'different' };
  return { labels: [before, after], words, ...paired(old, now) };
}

/**
 * Reads the objects of two moments.
 * @throws RefusedError 410 for a moment that the server does not remember; ServerError,
 *   ConnectionError
 */
export async function compareMoments(
  subject: Selected & { readonly from: Moment; readonly to: Moment | undefined },
  deps: Deps,
): Promise<Comparison> {
  const { from, to } = subject;
  const old = await readSide(deps, subject, { moment: from, deps });
  const now = await readSide(deps, subject, to === undefined ? undefined : { moment: to, deps });
  const words = { removed: 'removed', added: 'added', changed: 'changed' };
  return { labels: [labelOf(from), to === undefined ? 'now' : labelOf(to)], words, ...paired(old, now) };
}

function labelOf(moment: Moment): string {
  return moment.kind === 'version' ? moment.version : `${moment.text}-ago`;
}

function paired(old: Side, now: Side): Pick<Comparison, 'pairs' | 'failures' | 'sameNamespace'> {
  const failures = [...old.failures.values(), ...now.failures.values()];
  const pairs = new Map<string, Pair>();
  for (const [key, { type, object }] of [...old.found, ...now.found]) {
    const typeKey = groupResourceOf(type);
    // If one side is not known, nothing can be said.
    if ([old, now].some((side) => side.failures.has(key) || side.failures.has(typeKey))) continue;
    pairs.set(key, {
      ...{ type, namespace: stringAt(object.metadata, 'namespace'), name: stringAt(object.metadata, 'name') },
      ...{ before: old.found.get(key)?.object, after: now.found.get(key)?.object },
    });
  }
  for (const [key, error] of old.missing) if (now.missing.has(key)) failures.push(error);
  const sorted = [...pairs].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, pair]) => pair);
  return { pairs: sorted, failures, sameNamespace: old.namespace === now.namespace };
}

interface Past {
  readonly moment: Moment;
  readonly deps: Deps;
}

async function readSide(place: Place, selected: Selected, past?: Past): Promise<Side> {
  const { targets, allNamespaces } = selected;
  const discovery = await place.discovery();
  const names = targets.kind === 'types' ? targets.types : targets.objects.map(({ type }) => type).join(',');
  const types = await discovery.resolve(names);
  const namespace = allNamespaces ? undefined : (await place.config()).namespace.value;
  const side = {
    ...{ found: new Map<string, Found>(), failures: new Map<string, KapiError>() },
    ...{ missing: new Map<string, KapiError>(), namespace },
  };
  const send = await place.send();
  const resourceVersion =
    past &&
    (await versionAt(
      past.moment,
      targets,
      types,
      namespace,
      { ...selected, subresource: undefined },
      past.deps,
    ));
  const keep = (page: Page): void => {
    for (const object of page.kind === 'objects' ? page.objects : []) {
      side.found.set(keyOf(page.type, object.metadata, allNamespaces), { type: page.type, object });
    }
  };
  const lookAgain = (type: ResourceType): Promise<ResourceType | undefined> => discovery.rediscover(type);
  if (targets.kind === 'types') {
    const reads = mapInOrder(types, maxParallelRequests, (type) =>
      settled(groupResourceOf(type), async () => {
        const pages = listPages(
          send,
          {
            ...{ type, namespace, as: 'objects', asksForUnmanaged: true },
            ...{ labelSelector: selected.labelSelector, fieldSelector: selected.fieldSelector },
            ...{ chunkSize: place.globals.curl ? 0 : undefined, resourceVersion },
            resourceVersionMatch: resourceVersion === undefined ? undefined : 'Exact',
          },
          { ...place, rediscover: lookAgain },
        );
        for await (const page of pages) keep(page);
      }),
    );
    for await (const failure of reads) if (failure !== undefined) side.failures.set(...failure);
    return side;
  }
  const reads = mapInOrder(targets.objects, maxParallelRequests, async ({ type: word, name }) => {
    const [type] = await discovery.resolve(word);
    if (type === undefined) return undefined;
    const key = keyOf(type, { name }, allNamespaces);
    return settled(key, async () => {
      const query = { type, namespace, name, as: 'objects' } as const;
      try {
        const pages =
          resourceVersion === undefined
            ? [await getPage(send, query, { ...place, rediscover: lookAgain })]
            : await pastPages({ ...query, send, deps: place, includeObject: 'None', resourceVersion });
        for (const page of pages) keep(page);
      } catch (thrown) {
        const is404 = thrown instanceof RefusedError && thrown.facts.httpStatus === 404;
        const isMissing = is404 && (resourceVersion !== undefined || !isMissingType(thrown));
        if (!isMissing) throw thrown;
        side.missing.set(key, thrown);
      }
    });
  });
  for await (const failure of reads) if (failure !== undefined) side.failures.set(...failure);
  return side;
}

/** Returns the failure of one type or object. @throws errors that concern all of them */
async function settled(
  key: string,
  read: () => Promise<void>,
): Promise<readonly [key: string, failure: KapiError] | undefined> {
  try {
    await read();
    return undefined;
  } catch (thrown) {
    return [key, partialFailure(thrown)];
  }
}

/** The namespace counts only in a list of all namespaces: contexts can have different ones. */
function keyOf(type: ResourceType, metadata: KubeObject['metadata'], allNamespaces: boolean): string {
  const namespace = allNamespaces ? stringAt(metadata, 'namespace') : '';
  return [groupResourceOf(type), namespace, stringAt(metadata, 'name')].join('\n');
}
