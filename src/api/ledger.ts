// What a watch has told so far: enough of each object to say what a new list changed, and no more. Entry point: Ledger.

import { BugError } from '../errors.ts';
import type { Change, ChangeEntry, ChangeType } from '../model/change.ts';
import { objectAt, stringAt, type Json, type JsonObject, type KubeObject } from '../model/object.ts';
import type { Page } from '../model/page.ts';
import { apiVersionOf, type ResourceType } from '../model/resource.ts';
import { compareResourceVersions, isOlderVersion } from '../model/resource-version.ts';
import { isSameLayout, type TableColumn } from '../model/table.ts';
import type { Exclusion } from './selection.ts';
import { TextStore, type Place } from './text-store.ts';

/** An object's place within one type. */
interface Named {
  readonly namespace: string;
  readonly name: string;
}

/** Identity of an object within one type, and its state. */
interface Identity extends Named {
  readonly uid: string;
  readonly resourceVersion: string;
}

/** A state of an object. Types and layouts are few and stand for themselves by their number. */
type Remembered = readonly [
  type: number,
  uid: string,
  resourceVersion: string,
  /** The last row, for the row of its deletion. */
  layout?: number,
  cells?: readonly Json[],
  /** For label columns in that row. */
  labels?: JsonObject | null,
];

/** So many deletions are remembered, against servers that tell them again. */
const maxDeletions = 1_000;

/**
 * Holds names, UIDs and resource versions, and for tables cells and labels, never the objects: a watch of a million
 * events over 5,000 objects takes the memory of 5,000 rows, most of it outside of V8's heap.
 */
export class Ledger {
  /** By namespace and name. Not by both in one string: making and hashing it cost more than all the rest. */
  readonly #known = new Map<string, Map<string, Place>>();
  /** The states as JSON, each marked with the number of the list in which it was last seen. */
  #states = new TextStore();
  readonly #types: ResourceType[] = [];
  readonly #layouts: (readonly TableColumn[])[] = [];
  #size = 0;
  #columns: readonly TableColumn[] = [];
  #list = 0;
  /** Of rows that come without metadata, and so without their namespace. */
  readonly #namespace: string;
  readonly #name: string | undefined;
  readonly #remembersLabels: boolean;
  readonly #excludes: Exclusion | undefined;
  #hasExcluded = false;
  /** The versions of the last deletions, by UID, or by name where the server does not say it. The oldest is first. */
  readonly #deletions = new Map<string, string>();

  /**
   * @param namespace the one that is watched; undefined: all, or none
   * @param remembersLabels those of rows, for the rows of deletions
   * @param name the only one that is watched: other objects, from servers that ignore field selectors, are dropped
   * @param excludes says which objects the query cannot have selected: servers that ignore selectors send them all the same, and
   *   they are dropped
   */
  constructor(namespace?: string, remembersLabels = true, name?: string, excludes?: Exclusion) {
    this.#namespace = namespace ?? '';
    this.#excludes = excludes;
    this.#remembersLabels = remembersLabels;
    this.#name = name;
  }

  /** Objects that exist as far as is known. */
  get size(): number {
    return this.#size;
  }

  /** Whether the server sent objects that the query does not select. */
  get hasExcluded(): boolean {
    return this.#hasExcluded;
  }

  /** Takes note of an object that another watch told of, so that the first list tells what has become of it. */
  know({ type, namespace, name, uid, entry }: Change): void {
    this.#note(undefined, undefined, { namespace, name, uid, resourceVersion: '' }, entry, type);
  }

  /** A list begins: what it has not named by {@link Ledger.endList} is gone. */
  beginList(): void {
    this.#list++;
    // The list may be one of a store that was restored: what follows it is compared with the list and nothing older.
    this.#deletions.clear();
  }

  /** The changes that a page of a list means against what was known: nothing for objects in a state already told. */
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

  /** The list is complete. @returns the deletions: what it did not name */
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
   * Takes note of an event of the stream and gives it back as a change. Nothing comes back for a state that was told
   * before or that is older than what was told of the object: a server that counts from an older moment than it was asked
   * to tells everything since then again. Of deleted objects the last 1,000 are compared.
   */
  event(change: ChangeType, page: Page): Change[] {
    const changes: Change[] = [];
    // A table of one row carries the version of its object.
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
      // A server that ignores the selector does not say that an object has stopped matching it.
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
   * Whether an object of a list cannot be in the store that was told up to a version: it is no newer than the version and
   * was not told in this state.
   * @param metadata of the object
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
    // A row without metadata says its name only where a column is marked as the one of names.
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
    // An object that left a selection may come back, with a newer version.
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
    // Written by #note alone.
    return JSON.parse(this.#states.read(place)) as Remembered;
  }

  #note(
    known: Place | undefined,
    before: Remembered | undefined,
    { namespace, name, uid, resourceVersion }: Identity,
    entry: ChangeEntry,
    type: ResourceType,
  ): void {
    // Rows without metadata are silent about UID and labels; those of before are no less true.
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

  /** Nobody saw the last state of what vanished between two lists: the change carries what is known of it. */
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
    // Later events of a stream come without columns, those of a new stream with the same once more: what stays the same
    // stays the same array.
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

/** An object of the same name that was made anew. Of one that was only seen in rows without metadata nobody can tell. */
function isAnother([, known]: Remembered, { uid }: Identity): boolean {
  return known !== uid && known !== '' && uid !== '';
}

/** The place of a value in a short list that it is added to. */
function numberOf<Value>(values: Value[], value: Value): number {
  const at = values.lastIndexOf(value);
  return at >= 0 ? at : values.push(value) - 1;
}

/** Integers that only a bigint holds are cells of no table that servers make; one that is there is printed as its digits. */
function asNumber(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}

/** A row without metadata still has its name in one of its cells. */
function nameInCells(entry: ChangeEntry): string {
  if (entry.kind === 'object') return '';
  const cell = entry.row.cells[Math.max(nameColumnOf(entry.columns), 0)];
  return typeof cell === 'string' ? cell : '';
}

/** -1: no column is marked as the one of names. */
function nameColumnOf(columns: readonly TableColumn[]): number {
  return columns.findIndex(({ format }) => format === 'name');
}
