// Records what a watch has reported: only what is needed of each object to tell what a new list
// changed. Entry point: Ledger.

import { BugError } from '../errors.ts';
import type { Change, ChangeEntry, ChangeType } from '../model/change.ts';
import { objectAt, stringAt, type Json, type JsonObject, type KubeObject } from '../model/object.ts';
import type { Page } from '../model/page.ts';
import { apiVersionOf, type ResourceType } from '../model/resource.ts';
import { compareResourceVersions, isOlderVersion } from '../model/resource-version.ts';
import { isSameLayout, type TableColumn } from '../model/table.ts';
import type { Exclusion } from './selection.ts';
import { TextStore, type Place } from './text-store.ts';

/** Namespace and name of an object within one type. */
interface Named {
  readonly namespace: string;
  readonly name: string;
}

/** Identity of an object within one type, and its state. */
interface Identity extends Named {
  readonly uid: string;
  readonly resourceVersion: string;
}

/**
 * The recorded state of an object. Types and column layouts are few, so they are stored as numbers.
 */
type Remembered = readonly [
  type: number,
  uid: string,
  resourceVersion: string,
  /** The last row, for the row of a deletion. */
  layout?: number,
  cells?: readonly Json[],
  /** Labels, for the label columns of that row. */
  labels?: JsonObject | null,
];

/** Max remembered deletions. They detect servers that report deletions again. */
const maxDeletions = 1_000;

/**
 * Holds names, UIDs and resource versions, and for tables cells and labels, but never whole
 * objects. A watch of a million events over 5,000 objects uses the memory of 5,000 rows, most of it
 * outside of V8's heap.
 */
export class Ledger {
  /**
   * Places by namespace and name. Two maps are cheaper than one with joined keys: building and
   * hashing a joined key cost more than all other work of the ledger.
   */
  readonly #known = new Map<string, Map<string, Place>>();
  /** The states as JSON. The mark of each is the number of the last list that had the object. */
  #states = new TextStore();
  readonly #types: ResourceType[] = [];
  readonly #layouts: (readonly TableColumn[])[] = [];
  #size = 0;
  #columns: readonly TableColumn[] = [];
  #list = 0;
  /** The namespace of rows that come without metadata. */
  readonly #namespace: string;
  readonly #name: string | undefined;
  readonly #remembersLabels: boolean;
  readonly #excludes: Exclusion | undefined;
  #hasExcluded = false;
  /**
   * Resource versions of the last deletions by UID, or by namespace and name if the server sends no
   * UID. The oldest is first.
   */
  readonly #deletions = new Map<string, string>();

  /**
   * @param namespace the watched namespace; undefined: all namespaces, or a cluster-scoped type
   * @param remembersLabels true to record the labels of rows, for the rows of deletions
   * @param name the only watched object; drops other objects, which servers send that ignore field
   * selectors
   * @param excludes true for objects that the query cannot have selected; drops them, because
   * servers that ignore selectors send them anyway
   */
  constructor(namespace?: string, remembersLabels = true, name?: string, excludes?: Exclusion) {
    this.#namespace = namespace ?? '';
    this.#excludes = excludes;
    this.#remembersLabels = remembersLabels;
    this.#name = name;
  }

  /** Number of known objects. */
  get size(): number {
    return this.#size;
  }

  /** True if the server sent objects that the query does not select. */
  get hasExcluded(): boolean {
    return this.#hasExcluded;
  }

  /**
   * Records an object that another watch reported, so that the first list reports what changed
   * since.
   */
  know({ type, namespace, name, uid, entry }: Change): void {
    this.#note(undefined, undefined, { namespace, name, uid, resourceVersion: '' }, entry, type);
  }

  /** Begins a list. Objects that are not in it by {@link Ledger.endList} are deleted. */
  beginList(): void {
    this.#list++;
    // The list can come from a restored store, so its objects must not be compared with older
    // deletions.
    this.#deletions.clear();
  }

  /**
   * Returns the changes of a page of a list against the known states. An object whose state was
   * already reported is not a change.
   */
  list(page: Page): Change[] {
    const changes: Change[] = [];
    for (const entry of this.#entriesOf(page)) {
      const identity = this.#identityOf(entry, '');
      if (this.#isOther(identity, entry)) continue;
      if (this.#isExcluded(entry)) {
        this.#hasExcluded = true;
        continue;
      }
      const known = this.#get(identity);
      const before = known === undefined ? undefined : this.#read(known);
      if (known !== undefined && before !== undefined && isSameState(before, identity)) {
        this.#states.setMark(known, this.#list);
        continue;
      }
      const remade = before !== undefined && isAnother(before, identity);
      if (remade) changes.push(this.#deletionOf(identity, before));
      this.#note(known, before, identity, entry, page.type);
      const change = before === undefined || remade ? 'ADDED' : 'MODIFIED';
      changes.push(changeOf(change, page.type, identity, entry));
    }
    return changes;
  }

  /** Ends a list. @returns the deletions: known objects that the list did not have */
  endList(): Change[] {
    const changes: Change[] = [];
    for (const [namespace, inNamespace] of this.#known) {
      for (const [name, known] of inNamespace) {
        if (this.#states.markOf(known) === this.#list) continue;
        const before = this.#read(known);
        changes.push(this.#deletionOf({ namespace, name }, before));
        this.#forget({ namespace, name }, known);
      }
    }
    return changes;
  }

  /**
   * Records a watch event and returns it as a change. Returns nothing for a state that was already
   * reported, or that is older than the reported one: a server that starts from an older version
   * than requested repeats all later events. Compares deleted objects with the last 1,000
   * deletions.
   */
  event(change: ChangeType, page: Page): Change[] {
    const changes: Change[] = [];
    // The resource version of a table with one row is that of its object.
    const version = page.kind === 'table' ? page.table.resourceVersion : '';
    for (const entry of this.#entriesOf(page)) {
      const identity = this.#identityOf(entry, version);
      if (this.#isOther(identity, entry)) continue;
      const known = this.#get(identity);
      const before = known === undefined ? undefined : this.#read(known);
      if (this.#isReplay(change, before, identity)) continue;
      const isExcluded = this.#isExcluded(entry);
      this.#hasExcluded ||= isExcluded && change !== 'DELETED';
      if (isExcluded && known === undefined) continue;
      // A server that ignores the selector does not report that an object no longer matches.
      if (change === 'DELETED' || isExcluded) {
        if (known !== undefined) this.#forget(identity, known);
        this.#noteDeletion(identity);
        changes.push(changeOf('DELETED', page.type, identity, entry));
        continue;
      }
      const remade = before !== undefined && isAnother(before, identity);
      if (remade) changes.push(this.#deletionOf(identity, before));
      this.#note(known, before, identity, entry, page.type);
      changes.push(changeOf(remade ? 'ADDED' : change, page.type, identity, entry));
    }
    return changes;
  }

  /**
   * True if an object of a list cannot be in the store that was reported up to `version`: the
   * object is not newer than `version`, and this state was not reported.
   * @param metadata metadata of the object
   */
  contradicts(metadata: JsonObject, version: string): boolean {
    const identity = identityIn(metadata);
    if (this.#isOther(identity) || this.#excludes?.({ metadata }) === true) return false;
    const order = compareResourceVersions(identity.resourceVersion, version);
    if (order === undefined || order > 0) return false;
    const known = this.#get(identity);
    return known === undefined || !isSameState(this.#read(known), identity);
  }

  #isOther({ name }: Named, entry?: ChangeEntry): boolean {
    if (this.#name === undefined || name === '' || name === this.#name) return false;
    // The name in a row without metadata is certain only if a column has the format `name`.
    const isGuess =
      entry?.kind === 'row' && entry.row.object === undefined && nameColumnOf(entry.columns) < 0;
    return !isGuess;
  }

  #isExcluded(entry: ChangeEntry): boolean {
    const object = entry.kind === 'row' ? entry.row.object : entry.object;
    return object !== undefined && this.#excludes?.(object) === true;
  }

  #isReplay(change: ChangeType, before: Remembered | undefined, identity: Identity): boolean {
    const { resourceVersion } = identity;
    if (before !== undefined && !isAnother(before, identity)) {
      if (isOlderVersion(resourceVersion, before[2])) return true;
      return change !== 'DELETED' && isSameState(before, identity);
    }
    // An object that left the selection can return with a newer version.
    const deleted = this.#deletions.get(deletionKeyOf(identity));
    return deleted !== undefined && (compareResourceVersions(resourceVersion, deleted) ?? 1) <= 0;
  }

  #noteDeletion(identity: Identity): void {
    const key = deletionKeyOf(identity);
    this.#deletions.delete(key);
    this.#deletions.set(key, identity.resourceVersion);
    const [oldest] = this.#deletions.keys();
    if (this.#deletions.size > maxDeletions && oldest !== undefined) this.#deletions.delete(oldest);
  }

  #get({ namespace, name }: Named): Place | undefined {
    return this.#known.get(namespace)?.get(name);
  }

  #read(place: Place): Remembered {
    // Only #note() writes these texts.
    return JSON.parse(this.#states.read(place)) as Remembered;
  }

  #note(
    known: Place | undefined,
    before: Remembered | undefined,
    { namespace, name, uid, resourceVersion }: Identity,
    entry: ChangeEntry,
    type: ResourceType,
  ): void {
    // Rows without metadata have no UID and labels; the recorded ones are still valid.
    const [, uidBefore = '', , , , labelsBefore] = before ?? [];
    const labels =
      entry.kind === 'row' && this.#remembersLabels
        ? objectAt(objectAt(entry.row.object, 'metadata'), 'labels')
        : undefined;
    const state: Remembered = [numberOf(this.#types, type), uid === '' ? uidBefore : uid, resourceVersion];
    const row =
      entry.kind === 'row'
        ? [numberOf(this.#layouts, entry.columns), entry.row.cells, uid === '' ? labelsBefore : labels]
        : [];
    const text = JSON.stringify([...state, ...row], asNumber);
    let inNamespace = this.#known.get(namespace);
    if (inNamespace === undefined) {
      inNamespace = new Map();
      this.#known.set(namespace, inNamespace);
    }
    if (known === undefined) {
      inNamespace.set(name, this.#states.put(text, this.#list));
      this.#size++;
      return;
    }
    const place = this.#states.replace(known, text, this.#list);
    if (place !== known) inNamespace.set(name, place);
    if (this.#states.isMostlyWaste) this.#tidy();
  }

  #forget({ namespace, name }: Named, place: Place): void {
    this.#states.drop(place);
    const inNamespace = this.#known.get(namespace);
    inNamespace?.delete(name);
    if (inNamespace?.size === 0) this.#known.delete(namespace);
    this.#size--;
    if (this.#states.isMostlyWaste) this.#tidy();
  }

  #tidy(): void {
    const states = new TextStore();
    for (const inNamespace of this.#known.values()) {
      for (const [name, place] of inNamespace) {
        inNamespace.set(name, states.put(this.#states.read(place), this.#states.markOf(place)));
      }
    }
    this.#states = states;
  }

  /**
   * Returns the deletion of an object that disappeared between two lists. Its last state is
   * unknown, so the change holds the recorded state.
   */
  #deletionOf(
    { namespace, name }: Named,
    [typeNumber, uid, resourceVersion, layout, cells = [], labels]: Remembered,
  ): Change {
    const type = this.#types[typeNumber];
    if (type === undefined) throw new BugError('an object without a type', { code: 'LedgerBroken' });
    const metadata: JsonObject = {
      name,
      ...(namespace === '' ? {} : { namespace }),
      ...(labels === undefined || labels === null ? {} : { labels }),
      resourceVersion,
      uid,
    };
    const object: KubeObject = { apiVersion: apiVersionOf(type), kind: type.kind, metadata };
    const columns = layout === undefined ? undefined : this.#layouts[layout];
    const entry: ChangeEntry =
      columns === undefined ? { kind: 'object', object } : { kind: 'row', columns, row: { cells, object } };
    return { change: 'DELETED', type, namespace, name, uid, resourceVersion, entry };
  }

  #identityOf(entry: ChangeEntry, version: string): Identity {
    const metadata = entry.kind === 'object' ? entry.object.metadata : objectAt(entry.row.object, 'metadata');
    if (metadata === undefined) {
      const name = nameInCells(entry);
      return { namespace: this.#namespace, name, uid: '', resourceVersion: version };
    }
    return identityIn(metadata);
  }

  #entriesOf(page: Page): ChangeEntry[] {
    if (page.kind === 'objects') return page.objects.map((object) => ({ kind: 'object', object }));
    // Later events of a stream have no columns, and a new stream sends the same columns again.
    // Equal columns stay the same array.
    const { columns, rows } = page.table;
    if (columns.length > 0 && !isSameLayout(columns, this.#columns)) this.#columns = columns;
    return rows.map((row) => ({ kind: 'row', columns: this.#columns, row }));
  }
}

function identityIn(metadata: JsonObject): Identity {
  return {
    namespace: stringAt(metadata, 'namespace'),
    name: stringAt(metadata, 'name'),
    uid: stringAt(metadata, 'uid'),
    resourceVersion: stringAt(metadata, 'resourceVersion'),
  };
}

function deletionKeyOf({ uid, namespace, name }: Identity): string {
  return uid === '' ? `${namespace}/${name}` : uid;
}

function changeOf(
  change: ChangeType,
  type: ResourceType,
  { namespace, name, uid, resourceVersion }: Identity,
  entry: ChangeEntry,
): Change {
  return { change, type, namespace, name, uid, resourceVersion, entry };
}

function isSameState(before: Remembered, identity: Identity): boolean {
  const { resourceVersion } = identity;
  return before[2] === resourceVersion && resourceVersion !== '' && !isAnother(before, identity);
}

/**
 * True if an object of the same name was created again, with another UID. Unknown, and false, for
 * objects seen only in rows without metadata.
 */
function isAnother([, known]: Remembered, { uid }: Identity): boolean {
  return known !== uid && known !== '' && uid !== '';
}

/** Returns the index of a value in a short list. Appends the value if it is missing. */
function numberOf<Value>(values: Value[], value: Value): number {
  const at = values.lastIndexOf(value);
  return at >= 0 ? at : values.push(value) - 1;
}

/**
 * JSON.stringify() replacer for bigints. Cells of server-made tables do not hold such large
 * integers; if one does, it prints as its digits.
 */
function asNumber(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}

/** Returns the name of an object from the cells of its row, for rows without metadata. */
function nameInCells(entry: ChangeEntry): string {
  if (entry.kind === 'object') return '';
  const cell = entry.row.cells[Math.max(nameColumnOf(entry.columns), 0)];
  return typeof cell === 'string' ? cell : '';
}

/** Returns the index of the column with the format `name`, or -1. */
function nameColumnOf(columns: readonly TableColumn[]): number {
  return columns.findIndex(({ format }) => format === 'name');
}
