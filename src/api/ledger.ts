// What a watch has told so far: enough of each object to say what a new list changed, and no more. Entry point: Ledger.

import type { Change, ChangeEntry, ChangeType } from '../model/change.ts';
import { objectAt, stringAt, type Json, type JsonObject, type KubeObject } from '../model/object.ts';
import type { Page } from '../model/page.ts';
import { apiVersionOf, type ResourceType } from '../model/resource.ts';
import { isSameLayout, type TableColumn } from '../model/table.ts';

/** Identity of an object within one type, and its state. */
interface Identity {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
}

/** What is remembered of an object. Changed in place: most events are changes of objects that are known. */
interface Known {
  readonly type: ResourceType;
  readonly namespace: string;
  readonly name: string;
  uid: string;
  resourceVersion: string;
  /** The last row, for the row of its deletion. */
  columns: readonly TableColumn[] | undefined;
  cells: readonly Json[];
  /** For label columns in that row. */
  labels: JsonObject | undefined;
  /** Number of the list in which it was last seen. */
  list: number;
}

/**
 * Holds names, UIDs and resource versions, and for tables cells and labels, never the objects: a watch of a million
 * events over 5,000 objects takes the memory of 5,000 rows.
 */
export class Ledger {
  /** By namespace and name. Not by both in one string: making and hashing it cost more than all the rest. */
  readonly #known = new Map<string, Map<string, Known>>();
  #size = 0;
  #columns: readonly TableColumn[] = [];
  #list = 0;
  /** Of rows that come without metadata, and so without their namespace. */
  readonly #namespace: string;

  /** @param namespace the one that is watched; undefined: all, or none */
  constructor(namespace: string | undefined = undefined) {
    this.#namespace = namespace ?? '';
  }

  /** Objects that exist as far as is known. */
  get size(): number {
    return this.#size;
  }

  /** A list begins: what it has not named by {@link Ledger.endList} is gone. */
  beginList(): void {
    this.#list++;
  }

  /** The changes that a page of a list means against what was known: nothing for objects in a state already told. */
  list(page: Page): Change[] {
    const changes: Change[] = [];
    for (const entry of this.#entriesOf(page)) {
      const identity = this.#identityOf(entry, '');
      const known = this.#get(identity);
      if (known !== undefined && isSameState(known, identity)) {
        known.list = this.#list;
        continue;
      }
      const remade = known !== undefined && isAnother(known, identity);
      if (remade) changes.push(deletionOf(known));
      this.#note(known, identity, entry, page.type);
      const change = known === undefined || remade ? 'ADDED' : 'MODIFIED';
      changes.push(changeOf(change, page.type, identity, entry));
    }
    return changes;
  }

  /** The list is complete. @returns the deletions: what it did not name */
  endList(): Change[] {
    const changes: Change[] = [];
    for (const inNamespace of this.#known.values()) {
      for (const known of inNamespace.values()) {
        if (known.list === this.#list) continue;
        this.#forget(known);
        changes.push(deletionOf(known));
      }
    }
    return changes;
  }

  /**
   * Takes note of an event of the stream and gives it back as a change. Nothing comes back for a state that was told
   * before: a server that counts from an older moment than it was asked to tells everything since then again.
   */
  event(change: ChangeType, page: Page): Change[] {
    const changes: Change[] = [];
    // A table of one row carries the version of its object.
    const version = page.kind === 'table' ? page.table.resourceVersion : '';
    for (const entry of this.#entriesOf(page)) {
      const identity = this.#identityOf(entry, version);
      const known = this.#get(identity);
      if (change === 'DELETED') {
        if (known !== undefined) this.#forget(known);
      } else {
        if (known !== undefined && isSameState(known, identity)) continue;
        this.#note(known, identity, entry, page.type);
      }
      changes.push(changeOf(change, page.type, identity, entry));
    }
    return changes;
  }

  #get({ namespace, name }: Identity): Known | undefined {
    return this.#known.get(namespace)?.get(name);
  }

  #note(known: Known | undefined, identity: Identity, entry: ChangeEntry, type: ResourceType): void {
    const { namespace, name, uid, resourceVersion } = identity;
    const isRow = entry.kind === 'row';
    const columns = isRow ? entry.columns : undefined;
    const cells = isRow ? entry.row.cells : [];
    const labels = isRow ? objectAt(objectAt(entry.row.object, 'metadata'), 'labels') : undefined;
    const list = this.#list;
    if (known !== undefined) {
      Object.assign(known, { resourceVersion, columns, cells, list });
      // Rows without metadata are silent about these; they are no less true.
      if (uid !== '') Object.assign(known, { uid, labels });
      return;
    }
    let inNamespace = this.#known.get(namespace);
    if (inNamespace === undefined) {
      inNamespace = new Map();
      this.#known.set(namespace, inNamespace);
    }
    inNamespace.set(name, { type, namespace, name, uid, resourceVersion, columns, cells, labels, list });
    this.#size++;
  }

  #forget({ namespace, name }: Known): void {
    const inNamespace = this.#known.get(namespace);
    inNamespace?.delete(name);
    if (inNamespace?.size === 0) this.#known.delete(namespace);
    this.#size--;
  }

  #identityOf(entry: ChangeEntry, version: string): Identity {
    const metadata = entry.kind === 'object' ? entry.object.metadata : objectAt(entry.row.object, 'metadata');
    if (metadata === undefined) {
      const name = nameInCells(entry);
      return { namespace: this.#namespace, name, uid: '', resourceVersion: version };
    }
    return {
      namespace: stringAt(metadata, 'namespace'),
      name: stringAt(metadata, 'name'),
      uid: stringAt(metadata, 'uid'),
      resourceVersion: stringAt(metadata, 'resourceVersion'),
    };
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

function changeOf(
  change: ChangeType,
  type: ResourceType,
  { namespace, name, uid, resourceVersion }: Identity,
  entry: ChangeEntry,
): Change {
  return { change, type, namespace, name, uid, resourceVersion, entry };
}

/** Nobody saw the last state of what vanished between two lists: the change carries what is known of it. */
function deletionOf({ namespace, name, uid, resourceVersion, type, columns, cells, labels }: Known): Change {
  const metadata: JsonObject = {
    name,
    ...(namespace === '' ? {} : { namespace }),
    ...(labels === undefined ? {} : { labels }),
    resourceVersion,
    uid,
  };
  const object: KubeObject = { apiVersion: apiVersionOf(type), kind: type.kind, metadata };
  const entry: ChangeEntry =
    columns === undefined ? { kind: 'object', object } : { kind: 'row', columns, row: { cells, object } };
  return { change: 'DELETED', type, namespace, name, uid, resourceVersion, entry };
}

function isSameState(known: Known, identity: Identity): boolean {
  const { resourceVersion } = identity;
  return known.resourceVersion === resourceVersion && resourceVersion !== '' && !isAnother(known, identity);
}

/** An object of the same name that was made anew. Of one that was only seen in rows without metadata nobody can tell. */
function isAnother(known: Known, { uid }: Identity): boolean {
  return known.uid !== uid && known.uid !== '' && uid !== '';
}

/** A row without metadata still has its name in one of its cells. */
function nameInCells(entry: ChangeEntry): string {
  if (entry.kind === 'object') return '';
  const at = entry.columns.findIndex(({ format }) => format === 'name');
  const cell = entry.row.cells[Math.max(at, 0)];
  return typeof cell === 'string' ? cell : '';
}
