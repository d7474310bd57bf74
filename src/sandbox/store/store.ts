// The object store: all objects with one revision, and for each type a window of recent changes.
// Entry point: Store. It knows only keys and revisions; its callers handle names, validation and
// authorization.

import { stringAt, type Json, type JsonObject, type KubeObject } from '../../model/object.ts';

/** One committed change. */
export interface StoreEvent {
  readonly revision: number;
  readonly verb: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly key: string;
  /** The object after the change. For DELETED its last state with the revision of the deletion. */
  readonly object: KubeObject;
  /** The object before the change. */
  readonly previous: KubeObject | undefined;
}

/** The content of a list: the objects of one type in the order of their keys, at one revision. */
export interface Snapshot {
  readonly revision: number;
  /** Yields entries from `start` on (inclusive) whose keys begin with `prefix`. */
  entries(prefix: string, start: string): Iterable<readonly [key: string, object: KubeObject]>;
  /** Returns the number of keys with this prefix from `start` on. */
  count(prefix: string, start: string): number;
}

/** Thrown for a revision whose history is gone. `oldest` is the first one that is available. */
export class RevisionGone extends Error {
  readonly requested: number;
  readonly oldest: number;
  constructor(requested: number, oldest: number) {
    super(`revision ${requested} is older than ${oldest}`);
    this.requested = requested;
    this.oldest = oldest;
  }
}

interface Collection {
  readonly objects: Map<string, KubeObject>;
  /** Sorted, in the order of lists. */
  keys: string[];
  /** Changes in order of revision. The oldest are dropped first. */
  log: StoreEvent[];
  /** Oldest revision of watches: the remembered changes begin after it. */
  oldest: number;
  readonly waiting: Set<() => void>;
}

/**
 * Returns `namespace/name`, or only the name for cluster-scoped types. Sorts like the keys of etcd.
 */
export function keyOf(namespace: string, name: string): string {
  return namespace === '' ? name : `${namespace}/${name}`;
}

/** Objects by type (`pods`, `deployments.apps`) and key. All values are immutable. */
export class Store {
  readonly #collections = new Map<string, Collection>();
  readonly #windowSize: number;
  /** Oldest revision of snapshots. */
  #compacted = 0;
  readonly #listeners: ((type: string, event: StoreEvent) => void)[] = [];
  #revision: number;

  /**
   * @param windowSize number of changes of a type that are kept for watches and old snapshots.
   *   Default: 4096
   */
  constructor(windowSize = 4096) {
    this.#windowSize = windowSize;
    this.#revision = 1;
  }

  /** The newest revision. */
  get revision(): number {
    return this.#revision;
  }

  get(type: string, key: string): KubeObject | undefined {
    return this.#collections.get(type)?.objects.get(key);
  }

  /** Returns all current objects of a type, in no particular order. */
  values(type: string): Iterable<KubeObject> {
    return this.#collections.get(type)?.objects.values() ?? [];
  }

  size(type: string): number {
    return this.#collections.get(type)?.objects.size ?? 0;
  }

  /** Calls `listener` after every change, before the call that made it returns. */
  onChange(listener: (type: string, event: StoreEvent) => void): void {
    this.#listeners.push(listener);
  }

  /** Loads objects without recording events: the initial state of the sandbox. */
  load(type: string, entries: Iterable<readonly [key: string, object: KubeObject]>): void {
    const collection = this.#collection(type);
    for (const [key, object] of entries) {
      this.#revision += 1;
      collection.objects.set(key, withRevision(object, this.#revision));
    }
    collection.keys = [...collection.objects.keys()].sort(compareKeys);
    collection.log = [];
    collection.oldest = this.#revision;
  }

  /** Stores an object with the next revision and returns it with that `resourceVersion`. */
  put(type: string, key: string, object: KubeObject): KubeObject {
    const collection = this.#collection(type);
    const previous = collection.objects.get(key);
    const stored = withRevision(object, this.#next());
    collection.objects.set(key, stored);
    if (previous === undefined) insertSorted(collection.keys, key);
    this.#record(type, collection, {
      revision: this.#revision,
      verb: previous === undefined ? 'ADDED' : 'MODIFIED',
      key,
      object: stored,
      previous,
    });
    return stored;
  }

  /**
   * Removes an object. Returns its last state with the revision of the removal, or undefined if it
   * did not exist.
   */
  remove(type: string, key: string): KubeObject | undefined {
    const collection = this.#collection(type);
    const previous = collection.objects.get(key);
    if (previous === undefined) return undefined;
    const object = withRevision(previous, this.#next());
    collection.objects.delete(key);
    collection.keys.splice(lowerBound(collection.keys, key), 1);
    this.#record(type, collection, { revision: this.#revision, verb: 'DELETED', key, object, previous });
    return object;
  }

  /**
   * Returns the state at a revision. Default: the newest. Valid until the next change, so read it
   * synchronously.
   * @throws RevisionGone
   */
  snapshot(type: string, revision = this.#revision): Snapshot {
    const collection = this.#collection(type);
    if (revision >= this.#revision) return snapshotOf(collection, this.#revision);
    const oldest = Math.max(collection.oldest, this.#compacted);
    if (revision < oldest) throw new RevisionGone(revision, oldest);
    return pastSnapshotOf(collection, revision);
  }

  /**
   * Returns the first change of a type after a revision. Undefined if there is none yet.
   * @throws RevisionGone if the revision is too old, also for a reader that is slower than the
   *   window
   */
  changeAfter(type: string, revision: number): StoreEvent | undefined {
    const collection = this.#collection(type);
    if (revision < collection.oldest) throw new RevisionGone(revision, collection.oldest);
    return collection.log[firstAfter(collection.log, revision)];
  }

  /** Resolves at the next change of a type, after `ms` milliseconds, or when `signal` aborts. */
  waitForChange(type: string, ms: number, signal: AbortSignal): Promise<void> {
    const { waiting } = this.#collection(type);
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', wake);
        waiting.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, Math.min(ms, 0x7fffffff));
      waiting.add(wake);
      signal.addEventListener('abort', wake, { once: true });
      if (signal.aborted) wake();
    });
  }

  /**
   * Drops the old states like etcd's compaction: lists at an older revision, and their continue
   * tokens, are answered with 410 from then on. Watches keep the remembered changes, because an API
   * server keeps them in its own memory.
   */
  compact(): void {
    this.#revision += 1;
    this.#compacted = this.#revision;
  }

  /**
   * Drops the old states and the remembered changes, like a restart of an API server after a
   * compaction: every older resourceVersion is answered with 410 from then on.
   */
  forget(): void {
    this.compact();
    for (const collection of this.#collections.values()) {
      collection.log = [];
      collection.oldest = this.#revision;
    }
  }

  /** Returns the oldest revision from which changes of a type can be watched. */
  oldest(type: string): number {
    return this.#collection(type).oldest;
  }

  /** Removes a type with all its objects (its CRD was deleted). */
  drop(type: string): void {
    for (const key of [...this.#collection(type).keys]) this.remove(type, key);
  }

  #next(): number {
    this.#revision += 1;
    return this.#revision;
  }

  #collection(type: string): Collection {
    const known = this.#collections.get(type);
    if (known !== undefined) return known;
    const fresh: Collection = {
      objects: new Map(),
      keys: [],
      log: [],
      oldest: this.#revision,
      waiting: new Set(),
    };
    this.#collections.set(type, fresh);
    return fresh;
  }

  #record(type: string, collection: Collection, event: StoreEvent): void {
    collection.log.push(event);
    // Cut in large steps: removing one entry of a long array at every change would cost more than
    // the change.
    if (collection.log.length >= this.#windowSize * 2) {
      const dropped = collection.log.splice(0, this.#windowSize);
      collection.oldest = dropped.at(-1)?.revision ?? collection.oldest;
    }
    const waiting = [...collection.waiting];
    collection.waiting.clear();
    for (const wake of waiting) wake();
    for (const listener of this.#listeners) listener(type, event);
  }
}

function withRevision(object: KubeObject, revision: number): KubeObject {
  return { ...object, metadata: orderedMetadata(object.metadata, String(revision)) };
}

/** Returns metadata in the real server's order, which is visible in `-o json` of one object. */
function orderedMetadata(metadata: JsonObject, resourceVersion: string): JsonObject {
  const ordered: Record<string, Json | undefined> = {};
  for (const key of metadataOrder) {
    if (key === 'resourceVersion') ordered[key] = resourceVersion;
    else if (metadata[key] !== undefined) ordered[key] = metadata[key];
  }
  for (const [key, value] of Object.entries(metadata)) if (!(key in ordered)) ordered[key] = value;
  return ordered;
}

const metadataOrder = [
  'name',
  'generateName',
  'namespace',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'labels',
  'annotations',
  'ownerReferences',
  'finalizers',
  'managedFields',
];

function snapshotOf(collection: Collection, revision: number): Snapshot {
  const { keys, objects } = collection;
  return {
    revision,
    *entries(prefix, start) {
      for (let index = lowerBound(keys, later(prefix, start)); index < keys.length; index += 1) {
        const key = keys[index];
        const object = key === undefined ? undefined : objects.get(key);
        if (key === undefined || object === undefined || !key.startsWith(prefix)) return;
        yield [key, object];
      }
    },
    count: (prefix, start) => countFrom(keys, prefix, start),
  };
}

/** Computes a past state: the current one with every later change undone. */
function pastSnapshotOf(collection: Collection, revision: number): Snapshot {
  const past = new Map<string, KubeObject | undefined>();
  for (let index = firstAfter(collection.log, revision); index < collection.log.length; index += 1) {
    const event = collection.log[index];
    // The first change after the revision contains the state at the revision.
    if (event !== undefined && !past.has(event.key)) past.set(event.key, event.previous);
  }
  if (past.size === 0) return snapshotOf(collection, revision);
  const keys = collection.keys.filter((key) => !past.has(key));
  for (const [key, object] of past) if (object !== undefined) keys.push(key);
  keys.sort(compareKeys);
  const objects = new Map<string, KubeObject>();
  for (const key of keys) {
    const object = past.get(key) ?? collection.objects.get(key);
    if (object !== undefined) objects.set(key, object);
  }
  return snapshotOf({ ...collection, keys, objects }, revision);
}

function countFrom(keys: readonly string[], prefix: string, start: string): number {
  // Keys are ASCII, so a larger character ends the range.
  const end = lowerBound(keys, `${prefix}\uffff`);
  return Math.max(0, end - lowerBound(keys, later(prefix, start)));
}

function later(a: string, b: string): string {
  return a > b ? a : b;
}

function compareKeys(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function insertSorted(keys: string[], key: string): void {
  const last = keys.at(-1);
  if (last === undefined || last < key) keys.push(key);
  else keys.splice(lowerBound(keys, key), 0, key);
}

/** Returns the index of the first key that is not before `key`. */
function lowerBound(keys: readonly string[], key: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((keys[middle] ?? '') < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Returns the index of the first change after a revision. */
function firstAfter(log: readonly StoreEvent[], revision: number): number {
  let low = 0;
  let high = log.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((log[middle]?.revision ?? 0) <= revision) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Returns the revision of an object as a number. 0 if it has none. */
export function revisionOf(object: KubeObject): number {
  return Number(stringAt(object.metadata, 'resourceVersion')) || 0;
}
