// Finds what an object owns. Entry points: childrenOf(), ownedTree(), allOwned(). Lists only types
// that can be listed, in parallel and within a time limit, and reports what was omitted.

import { lifecycleOf } from '../../api/api-lifecycle.ts';
import { askRules, type AccessRule } from '../../api/access-review.ts';
import { versionsByPreference } from '../../api/groups.ts';
import { listPages } from '../../api/list.ts';
import type { Discovery } from '../../api/open-discovery.ts';
import { Interrupted, NotSent, RefusedError, messageOf } from '../../errors.ts';
import { nameOf, namespaceOf, objectsAt, specOf, uidOf } from '../../model/fields.ts';
import { objectAt, stringAt, type Json, type JsonObject, type KubeObject } from '../../model/object.ts';
import type { Send } from '../../model/request.ts';
import { groupResourceOf, type ResourceType } from '../../model/resource.ts';
import type { TableColumn, TableRow } from '../../model/table.ts';
import type { Deps } from '../deps.ts';
import { mapInOrder } from '../map-in-order.ts';
import { selectorText } from './pod-template.ts';
import type { OwnedObject } from './summary.ts';

/** Max milliseconds of the search through all types. */
const searchLimitMs = 5_000;
const maxParallelRequests = 8;

/** Types whose objects a controller of Kubernetes creates for an object. */
interface Child {
  readonly type: string;
  /** Label selector. Undefined: the objects of the namespace. */
  readonly selector?: string | undefined;
  /** True to read whole objects, to search them for problems. */
  readonly isWhole?: boolean;
}

/**
 * Returns the types of the objects that a built-in object owns. Undefined for unknown types: then
 * all types are searched.
 */
export function childrenOf(type: ResourceType, object: KubeObject): readonly Child[] | undefined {
  const selector = selectorText(specOf(object));
  const pods: Child = { type: 'pods', selector, isWhole: true };
  switch (groupResourceOf(type)) {
    case 'deployments.apps':
      return selector === '' ? [] : [{ type: 'replicasets.apps', selector, isWhole: true }, pods];
    case 'replicasets.apps':
    case 'replicationcontrollers':
    case 'jobs.batch':
      return selector === '' ? [] : [pods];
    case 'statefulsets.apps':
    case 'daemonsets.apps':
      return selector === '' ? [] : [pods, { type: 'controllerrevisions.apps', selector }];
    case 'cronjobs.batch':
      return [{ type: 'jobs.batch', isWhole: true }];
    case 'services':
      return [
        {
          ...{ type: 'endpointslices.discovery.k8s.io', isWhole: true },
          selector: `kubernetes.io/service-name=${nameOf(object)}`,
        },
      ];
    case 'pods': {
      const isEphemeral = objectsAt(specOf(object), 'volumes').some(
        (volume) => objectAt(volume, 'ephemeral') !== undefined,
      );
      return isEphemeral ? [{ type: 'persistentvolumeclaims' }] : [];
    }
    default:
      return undefined;
  }
}

/** Returns the rows of a table as owned objects, with the whole object if the server sent it. */
export function rowsToOwned(
  type: ResourceType,
  columns: readonly TableColumn[],
  rows: readonly TableRow[],
  isWhole: boolean,
): readonly OwnedObject[] {
  return rows.flatMap(({ cells, object }) => {
    const metadata = objectAt(object, 'metadata');
    if (object === undefined || metadata === undefined) return [];
    const note = columns
      .flatMap(({ name, priority }, index) => {
        const text = cellText(cells[index]);
        const isShown = priority === 0 && !/^(?:Name|Age|Created At)$/i.test(name) && text !== '';
        return isShown ? [`${name.toLowerCase()} ${text}`] : [];
      })
      .join(', ');
    return [
      {
        ...{ type, note, namespace: namespaceOf(object), name: nameOf(object), uid: uidOf(object) },
        ownerUids: objectsAt(metadata, 'ownerReferences').map((owner) => stringAt(owner, 'uid')),
        object: isWhole ? asKubeObject(object, type) : undefined,
        owned: [],
      },
    ];
  });
}

function cellText(cell: Json | undefined): string {
  const text = typeof cell === 'object' || cell === undefined ? '' : String(cell);
  return text === '<none>' ? '' : text;
}

function asKubeObject(object: JsonObject, type: ResourceType): KubeObject {
  return {
    ...object,
    apiVersion: type.group === '' ? type.version : `${type.group}/${type.version}`,
    kind: type.kind,
    metadata: objectAt(object, 'metadata') ?? {},
  };
}

/** Arranges objects below their owner, by UID. Omits objects of other owners. */
export function ownedTree(
  uid: string,
  found: readonly OwnedObject[],
  seen: ReadonlySet<string> = new Set(),
): readonly OwnedObject[] {
  if (uid === '' || seen.has(uid)) return [];
  const known = new Set([...seen, uid]);
  return found
    .filter((one) => one.ownerUids.includes(uid))
    .map((one) => ({ ...one, owned: ownedTree(one.uid, found, known) }));
}

export interface OwnedSearch {
  readonly owned: readonly OwnedObject[];
  /** What was omitted and why. */
  readonly leftOut: readonly string[];
}

/** Cached lists of types, so that several objects share them. */
export type ListCache = Map<string, Promise<readonly OwnedObject[]>>;

export interface SearchDeps {
  readonly send: Send;
  readonly discovery: Discovery;
  readonly deps: Pick<Deps, 'signal' | 'now' | 'warn'>;
  readonly cache: ListCache;
}

/**
 * Searches every type that can be listed for objects that an object owns. A namespaced object owns
 * only objects of its namespace. A SelfSubjectRulesReview returns the types that the user can list;
 * if it is incomplete, kapi tries the types and handles refusals.
 */
export async function allOwned(object: KubeObject, search: SearchDeps): Promise<OwnedSearch> {
  const { discovery, deps, send } = search;
  const namespace = namespaceOf(object) || undefined;
  const surface = await discovery.surface('cached');
  const types = surface.groups
    .flatMap((group) => versionsByPreference(group).slice(0, 1))
    .flatMap(({ types: all }) => all)
    .filter((type) => type.verbs.includes('list') && (namespace === undefined || type.namespaced))
    // Events are never owned, and there are many. A request for Endpoints gives a warning, and
    // counts in the metric that shows which deprecated APIs are still in use.
    .filter((type) => type.kind !== 'Event' && !isDeprecatedCoreType(type));
  const limit = AbortSignal.timeout(searchLimitMs);
  const isLate = (): boolean => limit.aborted;
  const signal = AbortSignal.any([deps.signal, limit]);
  const rules = namespace === undefined ? undefined : await rulesOf(send, namespace, signal);
  const readable = types.filter((type) => rules === undefined || isListAllowed(rules, type));
  const refused = types.filter((type) => !readable.includes(type)).map(groupResourceOf);
  const late: string[] = [];
  const failed: string[] = [];
  const found: OwnedObject[] = [];
  const read = async (type: ResourceType): Promise<readonly OwnedObject[]> => {
    if (isLate()) {
      late.push(groupResourceOf(type));
      return [];
    }
    try {
      return await listOwned(type, namespace, { ...search, signal });
    } catch (thrown) {
      if (thrown instanceof Interrupted || deps.signal.aborted) throw thrown;
      if (isLate()) late.push(groupResourceOf(type));
      else if (thrown instanceof RefusedError) refused.push(groupResourceOf(type));
      else failed.push(`${groupResourceOf(type)} (${messageOf(thrown)})`);
      return [];
    }
  };
  for await (const objects of mapInOrder(readable, maxParallelRequests, read)) found.push(...objects);
  const problems = surface.problems.map(({ groupVersion }) => groupVersion);
  return {
    owned: ownedTree(uidOf(object), found),
    leftOut: [
      leftOutText(refused, 'you may not list them'),
      leftOutText(late, `they were not read within ${searchLimitMs / 1_000}s`),
      leftOutText(failed, 'the server failed'),
      leftOutText(problems, 'their types could not be read'),
    ].filter((text) => text !== ''),
  };
}

function isDeprecatedCoreType(type: ResourceType): boolean {
  return type.group === '' && lifecycleOf(type, type.kind)?.deprecatedIn !== undefined;
}

/** Returns how many types were not searched, and the names of the first ones. */
function leftOutText(types: readonly string[], why: string): string {
  if (types.length === 0) return '';
  const shown = types.slice(0, 4).join(', ');
  const more = types.length > 4 ? ` and ${types.length - 4} more` : '';
  return `owned objects of ${types.length} ${types.length === 1 ? 'type' : 'types'} are left out (${why}): ${shown}${more}`;
}

async function rulesOf(
  send: Send,
  namespace: string,
  signal: AbortSignal,
): Promise<readonly AccessRule[] | undefined> {
  try {
    const { rules, incomplete } = await askRules(send, namespace, { signal });
    return incomplete ? undefined : rules;
  } catch (thrown) {
    if (thrown instanceof Interrupted || thrown instanceof NotSent) throw thrown;
    return undefined;
  }
}

function isListAllowed(rules: readonly AccessRule[], { group, resource }: ResourceType): boolean {
  const has = (values: readonly string[], value: string): boolean =>
    values.includes('*') || values.includes(value);
  return rules.some(
    ({ verbs, apiGroups, resources, resourceNames }) =>
      has(verbs, 'list') && has(apiGroups, group) && has(resources, resource) && resourceNames.length === 0,
  );
}

/** Lists the objects of a type with the metadata for ownership. @throws as listPages() */
export function listOwned(
  type: ResourceType,
  namespace: string | undefined,
  { send, deps, cache, signal }: Omit<SearchDeps, 'discovery'> & { readonly signal: AbortSignal },
  child?: Pick<Child, 'selector' | 'isWhole'>,
): Promise<readonly OwnedObject[]> {
  const isWhole = child?.isWhole === true;
  const key = JSON.stringify([groupResourceOf(type), namespace, child?.selector, isWhole]);
  const known = cache.get(key);
  if (known !== undefined) return known;
  const list = async (): Promise<readonly OwnedObject[]> => {
    const found: OwnedObject[] = [];
    let columns: readonly TableColumn[] = [];
    const pages = listPages(
      send,
      {
        ...{ type, namespace, as: 'table', includeObject: isWhole ? 'Object' : 'Metadata' },
        ...{ labelSelector: child?.selector, withoutManagedFields: true },
      },
      { signal, now: deps.now, warn: deps.warn },
    );
    for await (const page of pages) {
      if (page.kind !== 'table') continue;
      if (page.table.columns.length > 0) columns = page.table.columns;
      found.push(...rowsToOwned(type, columns, page.table.rows, isWhole));
    }
    return found;
  };
  const listed = list();
  listed.catch(() => undefined);
  cache.set(key, listed);
  return listed;
}
