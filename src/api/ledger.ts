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

interface Known extends Identity {
  readonly type: ResourceType;
  /** The last row, for the row of its deletion. */
  readonly last: { readonly columns: readonly TableColumn[]; readonly cells: readonly Json[] } | undefined;
  /** For label columns in that row. */
  readonly labels: JsonObject | undefined;
  /** Number of the list in which it was last seen. */
  list: number;
}

/**
 * Holds names, UIDs and resource versions, and for tables cells and labels, never the objects: a watch of a million
 * events over 5,000 objects takes the memory of 5,000 rows.
 */
export class Ledger {
  readonly #known = new Map<string, Known>();
  #columns: readonly TableColumn[] = [];
  #list = 0;

  /** Objects that exist as far as is known. */
  get size(): number {
    return this.#known.size;
  }

  /** A list begins: what it has not named by {@link Ledger.endList} is gone. */
  beginList(): void {
    this.#list++;
  }

  /** The changes that a page of a list means against what was known: nothing for objects in a state already told. */
  list(page: Page): Change[] {
    const changes: Change[] = [];
    for (const entry of this.#entriesOf(page)) {
      const identity = identityOf(entry);
      const key = keyOf(identity);
      const known = this.#known.get(key);
      if (known !== undefined && isSameState(known, identity)) {
        known.list = this.#list;
        continue;
      }
      const remade = known !== undefined && known.uid !== identity.uid;
      if (remade) changes.push(deletionOf(known));
      this.#note(key, identity, entry, page.type);
      const change = known === undefined || remade ? 'ADDED' : 'MODIFIED';
      changes.push({ change, type: page.type, ...identity, entry });
    }
    return changes;
  }

  /** The list is complete. @returns the deletions: what it did not name */
  endList(): Change[] {
    const changes: Change[] = [];
    for (const [key, known] of this.#known) {
      if (known.list === this.#list) continue;
      this.#known.delete(key);
      changes.push(deletionOf(known));
    }
    return changes;
  }

  /**
   * Takes note of an event of the stream and gives it back as a change. Nothing comes back for a state that was told
   * before: a server that counts from an older moment than it was asked to tells everything since then again.
   */
  event(change: ChangeType, page: Page): Change[] {
    const changes: Change[] = [];
    for (const entry of this.#entriesOf(page)) {
      const identity = identityOf(entry);
      const key = keyOf(identity);
      if (change === 'DELETED') {
        this.#known.delete(key);
      } else {
        const known = this.#known.get(key);
        if (known !== undefined && isSameState(known, identity)) continue;
        this.#note(key, identity, entry, page.type);
      }
      changes.push({ change, type: page.type, ...identity, entry });
    }
    return changes;
  }

  #note(key: string, identity: Identity, entry: ChangeEntry, type: ResourceType): void {
    const row = entry.kind === 'row' ? entry.row : undefined;
    this.#known.set(key, {
      ...identity,
      type,
      last: entry.kind === 'row' ? { columns: entry.columns, cells: entry.row.cells } : undefined,
      labels: objectAt(objectAt(row?.object, 'metadata'), 'labels'),
      list: this.#list,
    });
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

/** Nobody saw the last state of what vanished between two lists: the change carries what is known of it. */
function deletionOf({ namespace, name, uid, resourceVersion, type, last, labels }: Known): Change {
  const metadata: JsonObject = {
    name,
    ...(namespace === '' ? {} : { namespace }),
    ...(labels === undefined ? {} : { labels }),
    resourceVersion,
    uid,
  };
  const object: KubeObject = { apiVersion: apiVersionOf(type), kind: type.kind, metadata };
  const entry: ChangeEntry =
    last === undefined
      ? { kind: 'object', object }
      : { kind: 'row', columns: last.columns, row: { cells: last.cells, object } };
  return { change: 'DELETED', type, namespace, name, uid, resourceVersion, entry };
}

function isSameState(known: Identity, identity: Identity): boolean {
  return (
    known.resourceVersion === identity.resourceVersion &&
    known.uid === identity.uid &&
    identity.resourceVersion !== ''
  );
}

function keyOf({ namespace, name }: Identity): string {
  return `${namespace}/${name}`;
}

function identityOf(entry: ChangeEntry): Identity {
  const metadata = entry.kind === 'object' ? entry.object.metadata : objectAt(entry.row.object, 'metadata');
  return {
    namespace: stringAt(metadata, 'namespace'),
    name: metadata === undefined ? nameInCells(entry) : stringAt(metadata, 'name'),
    uid: stringAt(metadata, 'uid'),
    resourceVersion: stringAt(metadata, 'resourceVersion'),
  };
}

/** A row without metadata still has its name in one of its cells. */
function nameInCells(entry: ChangeEntry): string {
  if (entry.kind === 'object') return '';
  const at = entry.columns.findIndex(({ format }) => format === 'name');
  const cell = entry.row.cells[Math.max(at, 0)];
  return typeof cell === 'string' ? cell : '';
}
