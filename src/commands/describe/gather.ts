// Reads an object and related objects, and makes its summary. Entry point: gather(). A related
// object that cannot be read is omitted with a note; only the object itself must be readable.

import { managersOf } from '../../api/change-author.ts';
import { getObject, getPage } from '../../api/get.ts';
import { listPages, type ListOptions } from '../../api/list.ts';
import { eventsOfObject, listObjectEvents, type ObjectEvent } from '../../api/object-events.ts';
import { wellKnownType } from '../../api/well-known.ts';
import { Interrupted, KapiError, NotSent, RefusedError, ServerError, messageOf } from '../../errors.ts';
import {
  isBeingDeleted,
  nameOf,
  namespaceOf,
  numberAt,
  objectsAt,
  specOf,
  statusOf,
  uidOf,
} from '../../model/fields.ts';
import { fieldPathsOf } from '../../model/field-set.ts';
import { objectAt, stringAt, stringsAt, type KubeObject } from '../../model/object.ts';
import { apiVersionOf, groupResourceOf, parseApiVersion, type ResourceType } from '../../model/resource.ts';
import { isSecretType, measureSecretValues } from '../../model/secret-values.ts';
import type { Table } from '../../model/table.ts';
import { conditionsOf } from './conditions.ts';
import { containersOf } from './containers.ts';
import { detailsOf } from './details.ts';
import { isBuiltInGroup } from './object-label.ts';
import { allOwned, childrenOf, listOwned, ownedTree, type OwnedSearch, type SearchDeps } from './owned.ts';
import { ownersOf } from './owners.ts';
import { selectorText } from './pod-template.ts';
import { problemsOf } from './problems.ts';
import type { Change, Deletion, OwnedObject, Related, Summary } from './summary.ts';

/** Which types are searched for owned objects. `auto`: all types, for custom types only. */
export type OwnedMode = 'auto' | 'all' | 'none';

export interface GatherOptions extends SearchDeps {
  readonly ownedMode: OwnedMode;
  /** Called when the server does not have the type. */
  readonly rediscover: (type: ResourceType) => Promise<ResourceType | undefined>;
  /** Lists of whole namespaces that several objects need. */
  readonly lists: Map<string, Promise<readonly KubeObject[]>>;
}

/** An object with the cells of the server's row, by the names of their columns. */
export interface ReadObject {
  readonly type: ResourceType;
  readonly object: KubeObject;
  readonly cells: ReadonlyMap<string, string>;
  /**
   * Finds the events of the object among those of many objects. Undefined if these could not be
   * listed. Absent: they are listed for this object alone.
   */
  readonly events?: (() => Promise<readonly ObjectEvent[] | undefined>) | undefined;
}

/** An object to describe: its name, or an object of a list. */
export type GatherTarget =
  { readonly type: ResourceType; readonly namespace: string | undefined; readonly name: string } | ReadObject;

/**
 * Reads everything for the summary of an object: first the object and its events in parallel, then
 * everything that the object refers to.
 * @throws RefusedError, ServerError, ConnectionError if the object itself cannot be read
 */
export async function gather(target: GatherTarget, options: GatherOptions): Promise<Summary> {
  const leftOut: string[] = [];
  const isRead = 'object' in target;
  const name = isRead ? nameOf(target.object) : target.name;
  const namespace = isRead ? namespaceOf(target.object) || undefined : target.namespace;
  const ownEvents = (): Promise<readonly ObjectEvent[] | undefined> =>
    eventsOf(target.type, name, target.type.namespaced ? namespace : undefined, options, leftOut);
  const events =
    isRead && target.events !== undefined
      ? target.events().then((found) => found ?? ownEvents())
      : ownEvents();
  events.catch(() => undefined);
  const read = isRead ? target : await readObject({ ...target, namespace }, options);
  const { type, cells } = read;
  const isHidden = isSecretType(type) || (read.object.kind === 'Secret' && read.object.apiVersion === 'v1');
  const object = isHidden ? measureSecretValues(read.object) : read.object;
  const ownNamespace = namespaceOf(object) || undefined;
  const [found, owners, search, related] = await Promise.all([
    events,
    settle('owners', leftOut, options, () => ownersOf(object.metadata, ownNamespace, options)),
    settle('owned objects', leftOut, options, () => searchOwned(type, object, options)),
    relatedOf(type, object, options, leftOut),
  ]);
  const owned = search?.owned ?? [];
  leftOut.push(...(search?.leftOut ?? []));
  const own = found === undefined ? undefined : eventsOfObject(found, object);
  const pods = related.pods ?? (search === undefined ? undefined : podsIn(owned));
  const withPods: Related = { ...related, pods };
  const now = options.deps.now();
  return {
    ...{ type, object, owned, owners: owners ?? [], events: own, leftOut },
    status: statusWord(object, cells),
    details: detailsOf({ type, object, related: withPods, cells, now }),
    problems: problemsOf({ type, object, related: withPods, owned, events: own, now }),
    conditions: conditionsOf(object),
    containers: type.group === '' && type.resource === 'pods' ? containersOf(object) : [],
    deletion: deletionOf(object),
    finalizers: [...stringsAt(object.metadata, 'finalizers'), ...stringsAt(specOf(object), 'finalizers')],
    changes: changesOf(object),
  };
}

async function readObject(
  target: { readonly type: ResourceType; readonly namespace: string | undefined; readonly name: string },
  { send, deps, rediscover }: GatherOptions,
): Promise<ReadObject> {
  const page = await getPage(
    send,
    { ...target, as: 'table', includeObject: 'Object' },
    { signal: deps.signal, now: deps.now, rediscover },
  );
  const [read] = page.kind === 'table' ? rowsOf(page.table, page.type) : [];
  if (read === undefined) {
    throw new ServerError(
      `unexpected answer of the server: no object in the table of ${groupResourceOf(target.type)} "${target.name}"`,
      { code: 'UnexpectedAnswer', hint: 'is this a Kubernetes API server? -v shows the exchange' },
    );
  }
  return read;
}

/** Returns the objects of a table with the cells of their rows. Omits rows without an object. */
export function rowsOf({ columns, rows }: Table, type: ResourceType): readonly ReadObject[] {
  return rows.flatMap(({ cells, object }) => {
    if (object === undefined) return [];
    const named = columns.map(({ name }, index): readonly [string, string] => {
      const cell = cells[index];
      return [name, typeof cell === 'object' || cell === undefined ? '' : String(cell)];
    });
    const whole = {
      ...object,
      apiVersion: stringAt(object, 'apiVersion') || apiVersionOf(type),
      kind: stringAt(object, 'kind') || type.kind,
      metadata: objectAt(object, 'metadata') ?? {},
    };
    return [{ type, object: whole, cells: new Map(named) }];
  });
}

/**
 * Lists the events of all objects of a type once, when the first object asks for its own. Many
 * servers search all events of a namespace for each such request.
 * @param namespace undefined: all namespaces
 * @returns finds the events of one object; undefined if the list failed: then the events of each
 *   object are listed alone, with a note about what fails
 * @throws Interrupted
 */
export function shareEvents(
  type: ResourceType,
  namespace: string | undefined,
  { deps, send }: GatherOptions,
): (object: KubeObject) => Promise<readonly ObjectEvent[] | undefined> {
  const read = async (): Promise<ReadonlyMap<string, readonly ObjectEvent[]> | undefined> => {
    try {
      const listing: ListOptions = { signal: deps.signal, now: deps.now, warn: deps.warn };
      const events = await listObjectEvents(send, { kind: type.kind, name: undefined, namespace }, listing);
      const byName = new Map<string, ObjectEvent[]>();
      for (const event of events) {
        const known = byName.get(event.subject.name);
        if (known === undefined) byName.set(event.subject.name, [event]);
        else known.push(event);
      }
      return byName;
    } catch (thrown) {
      if (!(thrown instanceof KapiError) || thrown instanceof Interrupted || deps.signal.aborted)
        throw thrown;
      return undefined;
    }
  };
  let listed: ReturnType<typeof read> | undefined;
  return async (object) => {
    if (type.kind === 'Event') return [];
    const byName = await (listed ??= read());
    return byName === undefined ? undefined : (byName.get(nameOf(object)) ?? []);
  };
}

async function eventsOf(
  type: ResourceType,
  name: string,
  namespace: string | undefined,
  options: GatherOptions,
  leftOut: string[],
): Promise<readonly ObjectEvent[] | undefined> {
  if (type.kind === 'Event') return [];
  const { deps, send } = options;
  const listing: ListOptions = { signal: deps.signal, now: deps.now, warn: deps.warn };
  try {
    return await listObjectEvents(send, { kind: type.kind, name, namespace }, listing);
  } catch (thrown) {
    const isForbidden = thrown instanceof RefusedError && thrown.facts.httpStatus === 403;
    // Events of cluster-scoped objects are in the namespace default, which can be the only readable
    // one.
    if (isForbidden && !type.namespaced && namespace === undefined) {
      return settle('events', leftOut, options, () =>
        listObjectEvents(send, { kind: type.kind, name, namespace: 'default' }, listing),
      );
    }
    return settle('events', leftOut, options, () => Promise.reject(asError(thrown)));
  }
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

/**
 * Runs a part of the reading. A part that fails is omitted with a note.
 * @throws Interrupted, and errors that are not KapiErrors
 */
async function settle<Result>(
  what: string,
  leftOut: string[],
  { deps }: Pick<GatherOptions, 'deps'>,
  read: () => Promise<Result>,
): Promise<Result | undefined> {
  try {
    return await read();
  } catch (thrown) {
    if (thrown instanceof NotSent) return undefined;
    if (!(thrown instanceof KapiError) || thrown instanceof Interrupted || deps.signal.aborted) throw thrown;
    leftOut.push(`${what} are left out: ${reasonOf(thrown)}`);
    return undefined;
  }
}

function reasonOf(thrown: KapiError): string {
  if (thrown instanceof RefusedError && thrown.facts.httpStatus === 403) return 'you may not read them';
  return messageOf(thrown);
}

async function searchOwned(
  type: ResourceType,
  object: KubeObject,
  options: GatherOptions,
): Promise<OwnedSearch> {
  const { ownedMode, deps } = options;
  if (ownedMode === 'none') return { owned: [], leftOut: [] };
  const isBuiltIn = isBuiltInGroup(type.group);
  if (ownedMode === 'all' || !isBuiltIn) return allOwned(object, options);
  const children = childrenOf(type, object) ?? [];
  const lists = await Promise.all(
    children.map(async (child) => {
      const childType = wellKnownType(child.type);
      if (childType === undefined) return [];
      const namespace = namespaceOf(object) || undefined;
      return listOwned(childType, namespace, { ...options, signal: deps.signal }, child);
    }),
  );
  return { owned: ownedTree(uidOf(object), lists.flat()), leftOut: [] };
}

function podsIn(owned: readonly OwnedObject[]): readonly KubeObject[] {
  return owned.flatMap(({ type, object, owned: inner }) => [
    ...(type.group === '' && type.resource === 'pods' && object !== undefined ? [object] : []),
    ...podsIn(inner),
  ]);
}

/** Reads the other objects for the summary of a type, in parallel. */
async function relatedOf(
  type: ResourceType,
  object: KubeObject,
  options: GatherOptions,
  leftOut: string[],
): Promise<Related> {
  const namespace = namespaceOf(object) || undefined;
  const spec = specOf(object);
  const part = <Result>(what: string, read: () => Promise<Result>): Promise<Result | undefined> =>
    settle(what, leftOut, options, read);
  const list = (word: string, selection: Selection = {}): Promise<readonly KubeObject[] | undefined> =>
    part(word.split('.', 1)[0] ?? word, () => listAll(word, selection, options));
  switch (groupResourceOf(type)) {
    case 'nodes': {
      const fieldSelector = `spec.nodeName=${nameOf(object)}`;
      const [pods, lease] = await Promise.all([
        list('pods', { fieldSelector }),
        part('leases', () =>
          getOne('leases.coordination.k8s.io', 'kube-node-lease', nameOf(object), options),
        ),
      ]);
      return { pods, lease: lease === 'missing' ? undefined : lease };
    }
    case 'namespaces': {
      const at = { namespace: nameOf(object) };
      const [quotas, limitRanges] = await Promise.all([list('resourcequotas', at), list('limitranges', at)]);
      return { quotas, limitRanges };
    }
    case 'persistentvolumeclaims': {
      const name = stringAt(spec, 'storageClassName');
      const isBound = stringAt(statusOf(object), 'phase') === 'Bound';
      const [pods, storageClass] = await Promise.all([
        list('pods', { namespace }),
        name === '' || isBound
          ? undefined
          : part('storage classes', () => getOne('storageclasses.storage.k8s.io', undefined, name, options)),
      ]);
      // A claim of a missing class binds to a volume of that class, if there is one.
      return { pods, storageClass };
    }
    case 'pods': {
      if (stringAt(statusOf(object), 'phase') !== 'Pending' || isBeingDeleted(object)) return {};
      const names = objectsAt(spec, 'volumes')
        .map((volume) => stringAt(objectAt(volume, 'persistentVolumeClaim'), 'claimName'))
        .filter((name) => name !== '');
      return { claims: await byName('persistentvolumeclaims', namespace, names, part, options) };
    }
    case 'ingresses.networking.k8s.io': {
      const backends = [
        objectAt(spec, 'defaultBackend'),
        ...objectsAt(spec, 'rules').flatMap((rule) =>
          objectsAt(objectAt(rule, 'http'), 'paths').map((path) => objectAt(path, 'backend')),
        ),
      ];
      const names = backends
        .map((backend) => stringAt(objectAt(backend, 'service'), 'name'))
        .filter((name) => name !== '');
      return { services: await byName('services', namespace, names, part, options) };
    }
    case 'horizontalpodautoscalers.autoscaling': {
      const target = objectAt(spec, 'scaleTargetRef');
      const { group } = parseApiVersion(stringAt(target, 'apiVersion'));
      const kind = stringAt(target, 'kind');
      const word = group === '' ? kind : `${kind}.${group}`;
      if (wellKnownType(word) === undefined) return {};
      return {
        scaleTarget: await part('targets', () => getOne(word, namespace, stringAt(target, 'name'), options)),
      };
    }
    case 'services': {
      // By their label: slices that are made by hand or mirrored are not owned by the Service.
      const [child] = childrenOf(type, object) ?? [];
      const slices = child && wellKnownType(child.type);
      const listed =
        slices &&
        (await part('endpoints', () =>
          listOwned(slices, namespace, { ...options, signal: options.deps.signal }, child),
        ));
      const endpointSlices = listed?.flatMap(({ object: slice }) => (slice === undefined ? [] : [slice]));
      return { endpointSlices, ...(selectorText(specOf(object)) === '' ? { pods: [] } : {}) };
    }
    case 'deployments.apps':
    case 'statefulsets.apps':
    case 'daemonsets.apps':
    case 'replicasets.apps':
      return selectorText(specOf(object)) === '' ? { pods: [] } : {};
    default:
      return {};
  }
}

/** Max number of claims and services of one object that are read. */
const maxNamed = 8;

async function byName(
  word: string,
  namespace: string | undefined,
  names: readonly string[],
  part: <Result>(what: string, read: () => Promise<Result>) => Promise<Result | undefined>,
  options: GatherOptions,
): Promise<ReadonlyMap<string, KubeObject | 'missing'>> {
  const entries = await Promise.all(
    [...new Set(names)].slice(0, maxNamed).map(async (name) => {
      const found = await part(word, () => getOne(word, namespace, name, options));
      return found === undefined ? [] : [[name, found] as const];
    }),
  );
  return new Map(entries.flat());
}

interface Selection {
  readonly namespace?: string | undefined;
  readonly fieldSelector?: string;
}

/** Lists objects. Several objects of a namespace share its whole list. */
function listAll(word: string, selection: Selection, options: GatherOptions): Promise<readonly KubeObject[]> {
  if (selection.fieldSelector !== undefined) return readList(word, selection, options);
  const key = JSON.stringify([word, selection.namespace]);
  const known = options.lists.get(key) ?? readList(word, selection, options);
  options.lists.set(key, known);
  return known;
}

async function readList(
  word: string,
  selection: Selection,
  { send, deps }: GatherOptions,
): Promise<readonly KubeObject[]> {
  const type = wellKnownType(word);
  if (type === undefined) return [];
  const objects: KubeObject[] = [];
  const pages = listPages(
    send,
    { type, ...selection, as: 'objects', withoutManagedFields: true },
    { signal: deps.signal, now: deps.now, warn: deps.warn },
  );
  for await (const page of pages) if (page.kind === 'objects') objects.push(...page.objects);
  return objects;
}

/**
 * Reads one object. `missing` after a 404; undefined for a type that kapi does not know.
 * @throws RefusedError for other refusals, ServerError, ConnectionError
 */
async function getOne(
  word: string,
  namespace: string | undefined,
  name: string,
  { send, deps }: GatherOptions,
): Promise<KubeObject | 'missing' | undefined> {
  const type = wellKnownType(word);
  if (type === undefined) return undefined;
  try {
    return await getObject(send, { type, namespace, name }, { signal: deps.signal, now: deps.now });
  } catch (thrown) {
    if (thrown instanceof RefusedError && thrown.facts.httpStatus === 404) return 'missing';
    throw thrown;
  }
}

/** Returns the word for the state of an object from the server's row. */
function statusWord(object: KubeObject, cells: ReadonlyMap<string, string>): string {
  const cell = ['Status', 'Phase', 'State'].map((name) => cells.get(name) ?? '').find((text) => text !== '');
  const ready = cells.get('Ready') ?? '';
  const phase = stringAt(statusOf(object), 'phase');
  const word = cell ?? phase;
  const parts = [
    word,
    ready === '' ? '' : `ready ${ready}`,
    isBeingDeleted(object) && word !== 'Terminating' ? 'being deleted' : '',
  ];
  return parts.filter((text) => text !== '' && text !== '<none>').join(', ');
}

function deletionOf(object: KubeObject): Deletion | undefined {
  if (!isBeingDeleted(object)) return undefined;
  const due = stringAt(object.metadata, 'deletionTimestamp');
  const graceSeconds = numberAt(object.metadata, 'deletionGracePeriodSeconds');
  const at = Date.parse(due);
  const requested = Number.isNaN(at)
    ? ''
    : new Date(at - graceSeconds * 1_000).toISOString().replace('.000Z', 'Z');
  return { requested, due, graceSeconds };
}

/** Returns the last writes of the field managers, newest first; those without a time last. */
function changesOf(object: KubeObject): readonly Change[] {
  return managersOf(object)
    .map(({ manager, operation, subresource, time, fields }) => ({
      ...{ manager, operation, subresource, time },
      fields: fieldPathsOf(fields ?? {}),
    }))
    .sort((a, b) => (Date.parse(b.time) || 0) - (Date.parse(a.time) || 0));
}
