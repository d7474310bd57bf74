// Finds out whether deleted objects of a filtered watch still exist: a server also sends DELETED
// when an object stops matching the selector. Entry point: openDepartures().

import { getPage } from '../../api/get.ts';
import type { WatchItem } from '../../api/watch.ts';
import { KapiError } from '../../errors.ts';
import type { Change } from '../../model/change.ts';
import { objectAt, stringAt, type JsonObject } from '../../model/object.ts';
import type { Page } from '../../model/page.ts';
import type { Send } from '../../model/request.ts';
import { inOrder } from '../in-order.ts';
import type { Fate } from './wait.ts';

/** Max parallel requests. */
const maxAtOnce = 6;

/**
 * Max objects of one batch that are looked up if no goal depends on them. The others stay unknown.
 */
const maxLookups = 25;

export interface Departures {
  /**
   * Returns whether the deleted objects of a batch still exist. `left`: the object exists, or that
   * is not known.
   */
  fatesOf(items: readonly WatchItem[]): Promise<ReadonlyMap<Change, Fate>>;
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
    async fatesOf(items) {
      const fates = new Map<Change, Fate>();
      if (!isSelective) return fates;
      const deletions = items.flatMap((item) =>
        item.kind === 'change' && item.change.change === 'DELETED' && item.isDeparted !== true
          ? [item.change]
          : [],
      );
      const asked = mustKnow ? deletions : deletions.slice(0, maxLookups);
      for (const change of deletions.slice(asked.length)) fates.set(change, 'left');
      const looked = inOrder(asked, maxAtOnce, async (change) => ({
        change,
        fate: await lookUp(change, send, options),
      }));
      for await (const { change, fate } of looked) fates.set(change, fate);
      return fates;
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
): Promise<Fate> {
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
