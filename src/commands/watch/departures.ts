// Finds out whether deleted objects of a filtered watch still exist: a server also sends DELETED
// when an object stops matching the selector. Entry point: openDepartures().

import { getPage } from '../../api/get.ts';
import type { WatchItem } from '../../api/watch.ts';
import { KapiError } from '../../errors.ts';
import type { Change } from '../../model/change.ts';
import { objectAt, stringAt, type JsonObject } from '../../model/object.ts';
import type { Page } from '../../model/page.ts';
import type { Send } from '../../model/request.ts';
import { mapInOrder } from '../map-in-order.ts';
import type { DeletionKind } from './wait.ts';

/** Max parallel requests. */
const maxParallelLookups = 6;

/**
 * Max objects of one batch that are looked up if no goal depends on them. The others stay unknown.
 */
const maxLookups = 25;

export interface Departures {
  /**
   * Returns whether the deleted objects of a batch still exist. `left`: the object exists, or that
   * is not known.
   */
  classifyDeletions(items: readonly WatchItem[]): Promise<ReadonlyMap<Change, DeletionKind>>;
}

/**
 * Opens the lookup.
 * @param selectors the selectors of the watch
 * @param mustKnow true if a goal depends on it, so that every object is looked up
 */
export function openDepartures(
  selectors: { readonly labelSelector?: string | undefined; readonly fieldSelector?: string | undefined },
  mustKnow: boolean,
  send: Send,
  options: { readonly signal: AbortSignal; readonly now: () => Date },
): Departures {
  const isSelective = selectors.labelSelector !== undefined || !isByNameAlone(selectors.fieldSelector);
  return {
    async classifyDeletions(items) {
      const kinds = new Map<Change, DeletionKind>();
      if (!isSelective) return kinds;
      const deletions = items.flatMap((item) =>
        item.kind === 'change' && item.change.change === 'DELETED' && item.isDeparted !== true
          ? [item.change]
          : [],
      );
      const asked = mustKnow ? deletions : deletions.slice(0, maxLookups);
      for (const change of deletions.slice(asked.length)) kinds.set(change, 'left');
      const looked = mapInOrder(asked, maxParallelLookups, async (change) => ({
        change,
        kind: await lookUp(change, send, options),
      }));
      for await (const { change, kind } of looked) kinds.set(change, kind);
      return kinds;
    },
  };
}

/**
 * True if the selector has only names and namespaces, which cannot change, so an object cannot stop
 * matching.
 */
function isByNameAlone(fieldSelector = ''): boolean {
  return fieldSelector
    .split(',')
    .every((term) => term === '' || /^metadata\.name(?:space)?==?[^=]/.test(term));
}

async function lookUp(
  { type, namespace, name, uid }: Change,
  send: Send,
  options: { readonly signal: AbortSignal; readonly now: () => Date },
): Promise<DeletionKind> {
  try {
    const page = await getPage(
      send,
      { type, namespace: namespace === '' ? undefined : namespace, name, as: 'table' },
      options,
    );
    const found = stringAt(objectAt(firstOf(page), 'metadata'), 'uid');
    return found !== '' && uid !== '' && found !== uid ? 'deleted' : 'left';
  } catch (thrown) {
    options.signal.throwIfAborted();
    if (!(thrown instanceof KapiError)) throw thrown;
    return isNotFound(thrown) ? 'deleted' : 'left';
  }
}

function firstOf(page: Page): JsonObject | undefined {
  return page.kind === 'table' ? page.table.rows[0]?.object : page.objects[0];
}

function isNotFound(error: KapiError): boolean {
  const facts = 'facts' in error ? error.facts : undefined;
  return typeof facts === 'object' && facts !== null && 'httpStatus' in facts && facts.httpStatus === 404;
}
