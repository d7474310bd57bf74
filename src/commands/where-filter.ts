// --where on lists: narrows the request, and filters the objects of the response. Entry point:
// openWhereFilter().

import type { JsonObject } from '../model/object.ts';
import type { Page } from '../model/page.ts';
import type { ResourceType } from '../model/resource.ts';
import type { Deps } from './deps.ts';
import { narrow, type Narrowed } from './narrow.ts';
import { MissingNote, openCondition } from './where.ts';

export interface WhereFilter {
  narrow(type: ResourceType, namespace: string | undefined, fieldSelector: string | undefined): Narrowed;
  /**
   * True if `metadata.managedFields` are not needed.
   * @param areShown true if the output shows them
   */
  cutsManagedFields(areShown: boolean): boolean;
  /**
   * Yields the objects that meet the condition, at least one page.
   * @param limit undefined: all
   * @param more called if the limit leaves objects out
   */
  pages(
    pages: AsyncIterable<Page>,
    limit: number | undefined,
    more: (remaining: number | undefined) => void,
  ): AsyncGenerator<Page, void, undefined>;
  /** True if an object was judged. */
  readonly hasSeen: boolean;
  /** Prints notes on stderr: that no object meets the condition, and what could not be judged. */
  printNotes(warn: (text: string) => void): void;
}

/** Milliseconds after which the event loop runs, so that signals are handled between objects. */
const maxBusyMs = 30;

/**
 * Opens the filter of `--where`.
 * @throws UsageError `BadExpression`, before any request except for schemas
 */
export async function openWhereFilter(
  text: string,
  types: readonly ResourceType[],
  deps: Deps,
): Promise<WhereFilter> {
  const condition = openCondition(text, '--where', deps.now);
  // With --curl only the request of the list is printed.
  if (!deps.globals.curl) await condition.checkFields(types, deps);
  const note = new MissingNote();
  const isMet = (object: JsonObject): boolean => note.take(condition.judge(object));
  let busySince = deps.clock();
  const breathe = async (): Promise<void> => {
    if (deps.clock() - busySince < maxBusyMs) return;
    await new Promise((resolve) => setImmediate(resolve));
    deps.signal.throwIfAborted();
    busySince = deps.clock();
  };
  return {
    narrow: (type, namespace, fieldSelector) => narrow(condition, type, namespace, fieldSelector),
    cutsManagedFields: (areShown) => !areShown && !condition.readsManagedFields,
    async *pages(pages, limit, more) {
      let left = limit ?? Infinity;
      let isFirst = true;
      for await (const page of pages) {
        busySince = deps.clock();
        const chosen: number[] = [];
        const objects = page.kind === 'table' ? page.table.rows.map((row) => row.object ?? {}) : page.objects;
        for (const [index, object] of objects.entries()) {
          if (isMet(withKind(object, page.type))) chosen.push(index);
          await breathe();
        }
        const kept = chosen.slice(0, left);
        left -= kept.length;
        // The first page contains the columns, even if it is empty.
        if (kept.length > 0 || isFirst) yield select(page, kept);
        isFirst = false;
        if (chosen.length > kept.length) {
          more(undefined);
          return;
        }
      }
    },
    get hasSeen() {
      return note.total > 0;
    },
    printNotes: (warn) => {
      note.printNotes(warn);
    },
  };
}

/** Returns the object with its kind. Objects in rows have one, except those of old servers. */
export function withKind(object: JsonObject, { group, version, kind }: ResourceType): JsonObject {
  if (object['kind'] !== undefined) return object;
  return { apiVersion: group === '' ? version : `${group}/${version}`, kind, ...object };
}

function select(page: Page, chosen: readonly number[]): Page {
  if (page.kind === 'objects') {
    return { ...page, objects: chosen.flatMap((index) => page.objects[index] ?? []) };
  }
  const rows = chosen.flatMap((index) => page.table.rows[index] ?? []);
  return { ...page, table: { ...page.table, rows } };
}
