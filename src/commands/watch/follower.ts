// Processes the items of the watches: selects what is printed, and decides when to end. Entry
// point: Follower.

import type { WatchItem } from '../../api/watch.ts';
import type { WatchQuery } from '../../api/watch-event.ts';
import type { RefusedError } from '../../errors.ts';
import { objectOf, type Change } from '../../model/change.ts';
import { objectAt, type JsonObject } from '../../model/object.ts';
import { diffObjects, type FieldChange } from '../../model/object-diff.ts';
import { groupResourceOf, type ResourceType } from '../../model/resource.ts';
import { hideSecretChanges, isSecretType } from '../../model/secret-values.ts';
import type { PrintedChange } from '../../output/printed-change.ts';
import type { Deps } from '../deps.ts';
import { namesakesText } from '../namesakes.ts';
import { emptyNotice } from '../read-objects.ts';
import type { WatchOptions } from './options.ts';
import { subjectKey, type DeletionKind, type Wait } from './wait.ts';

/** The result of a batch. */
export interface Step {
  readonly changes: readonly PrintedChange[];
  /** The reason to end. Undefined: continue. */
  readonly end: 'reached' | 'failed' | 'time-up' | undefined;
}

/** Processes batches of watch items. */
export class Follower {
  readonly #options: WatchOptions;
  readonly #wait: Wait | undefined;
  readonly #deps: Deps;
  /** The last state of each object, for `--diff`. */
  readonly #states = new Map<string, JsonObject>();
  /** Queries whose lists are not complete, in the order in which they arrive. */
  #listing: readonly WatchQuery[];
  readonly #queries: readonly WatchQuery[];
  #joining: WatchQuery[] = [];
  /** Keys of objects that left the selection and are watched by name. */
  readonly #departed = new Set<string>();
  #objects = 0;
  #printed = 0;
  #isTroubled = false;
  #hasListedSome = false;

  constructor(options: WatchOptions, queries: readonly WatchQuery[], wait: Wait | undefined, deps: Deps) {
    this.#options = options;
    this.#queries = queries;
    this.#listing = queries;
    this.#wait = wait;
    this.#deps = deps;
  }

  /** Queries whose first list is not complete. */
  get unanswered(): readonly WatchQuery[] {
    return this.#listing;
  }

  /** True if some objects of the first incomplete list have arrived. */
  get hasListedSome(): boolean {
    return this.#hasListedSome;
  }

  /**
   * True if a connection was lost or a list is read again, so that the known state can be outdated.
   */
  get isTroubled(): boolean {
    return this.#isTroubled;
  }

  /** Returns additional queries to watch from now on, each once. */
  takeJoining(): readonly WatchQuery[] {
    const joining = this.#joining;
    this.#joining = [];
    return joining;
  }

  /**
   * Processes a batch.
   * @param deletions kinds of deletion, if the watch alone does not show them
   */
  take(items: readonly WatchItem[], deletions: ReadonlyMap<Change, DeletionKind>): Step {
    const changes: PrintedChange[] = [];
    const time = this.#deps.now();
    for (const item of items) {
      if (item.kind === 'notice') this.#deps.warn(item.text);
      if (item.kind === 'state') this.#isTroubled = isTroubled(item);
      if (item.kind === 'synced') this.#synced(item.count);
      if (item.kind === 'change') this.#change(item, deletions.get(item.change), time, changes);
      const end = this.#endOf();
      if (end !== undefined) return { changes, end };
    }
    const isOver = this.#options.timeoutMs === 0 && this.#listing.length === 0;
    return { changes, end: isOver ? 'time-up' : undefined };
  }

  /** Continues without one of several types, which the server refused. */
  dropQuery(query: WatchQuery, error: RefusedError): void {
    this.#listing = this.#listing.filter((one) => one !== query);
    this.#deps.warn(`Warning: ${groupResourceOf(query.type)} cannot be watched: ${error.message}`);
  }

  #change(
    { change, initial, isDeparted }: Extract<WatchItem, { readonly kind: 'change' }>,
    deletion: DeletionKind | undefined,
    time: Date,
    changes: PrintedChange[],
  ): void {
    this.#wait?.take(change, initial, deletion);
    if (isDeparted === true) return;
    if (this.#listing.length > 0) this.#hasListedSome = true;
    // Objects that left a condition are still watched.
    const isGone = change.change === 'DELETED';
    if (deletion === 'left' && isGone && this.#wait !== undefined) this.#followDeparted(change);
    const fields = this.#options.diff ? this.#fieldsOf(change) : undefined;
    if (initial && this.#options.watchOnly) return;
    changes.push({ change, time, fields, hasLeft: deletion === 'left' });
    this.#printed++;
  }

  #followDeparted(change: Change): void {
    const key = subjectKey(change);
    const query = this.#queries.find(({ type }) => groupResourceOf(type) === groupResourceOf(change.type));
    if (query === undefined || this.#departed.has(key)) return;
    this.#departed.add(key);
    const { type, namespace, name } = change;
    this.#joining.push({
      ...{ ...query, type, name, namespace: namespace === '' ? undefined : namespace },
      ...{ labelSelector: undefined, fieldSelector: undefined, departed: change },
    });
  }

  #endOf(): 'reached' | 'failed' | undefined {
    const { forCount } = this.#options;
    const isListed = this.#listing.length === 0;
    // Called before the failure: kubectl's wait can find one at its start.
    const isReached = isListed && this.#wait?.reached() === true;
    if (this.#wait?.failure !== undefined) return 'failed';
    if (forCount !== undefined) return this.#printed >= forCount ? 'reached' : undefined;
    return isReached ? 'reached' : undefined;
  }

  #synced(count: number): void {
    const [query, ...others] = this.#listing;
    this.#listing = others;
    this.#objects += count;
    this.#hasListedSome = false;
    // A replay does not ask for existing objects.
    if (this.#options.replay) return;
    const { all, any, inTurn } = this.#options.goals;
    if (query === undefined || [...all, ...any, ...inTurn].some(({ kind }) => kind === 'delete')) return;
    if (query.name !== undefined) {
      // Most names that do not exist are misspelt, and the watch would wait forever.
      if (count > 0) return;
      this.#deps.warn(`${groupResourceOf(query.type)} "${query.name}" is not there yet`);
      if (query.type.namespaced) this.#noteMissingNamespace(query.namespace);
      this.#noteNamesakes([query.type]);
    } else if (others.length === 0 && this.#objects === 0) {
      const types = this.#queries.map(({ type }) => type);
      this.#deps.warn(emptyNotice(types, query.namespace));
      if (types.every(({ namespaced }) => namespaced)) this.#noteMissingNamespace(query.namespace);
      this.#noteNamesakes(types);
    }
  }

  /**
   * Reports a missing namespace, in parallel with the watch, which does not wait for it and reports
   * its own failures.
   */
  #noteMissingNamespace(namespace: string | undefined): void {
    if (namespace === undefined) return;
    import('../missing-namespace.ts')
      .then(({ missingNamespaceHint }) => missingNamespaceHint(namespace, this.#deps))
      .then(
        (hint) => {
          if (hint !== undefined) this.#deps.warn(`hint: ${hint}`);
        },
        () => undefined,
      );
  }

  /** Names the types of other groups that a name also means, in parallel with the watch. */
  #noteNamesakes(types: readonly ResourceType[]): void {
    this.#deps.discovery().then(
      (discovery) => {
        for (const type of types) {
          const text = namesakesText(type, discovery.namesakesOf(type));
          if (text !== undefined) this.#deps.warn(`hint: ${text}`);
        }
      },
      () => undefined,
    );
  }

  #fieldsOf(change: Change): readonly FieldChange[] | undefined {
    const key = subjectKey(change);
    const after = objectOf(change);
    const before = this.#states.get(key);
    if (change.change === 'DELETED' || after === undefined) {
      this.#states.delete(key);
      return undefined;
    }
    this.#states.set(key, slim(after));
    if (change.change !== 'MODIFIED' || before === undefined) return undefined;
    const fields = diffObjects(before, after);
    const isHidden = isSecretType(change.type) && !this.#deps.globals.showSecrets;
    return isHidden ? hideSecretChanges(fields) : fields;
  }
}

function isTroubled({ state }: Extract<WatchItem, { readonly kind: 'state' }>): boolean {
  return state.phase === 'waiting' || (state.phase === 'listing' && state.cause === 'expired');
}

/** Returns an object without managedFields, which are half of it and never shown. */
function slim(object: JsonObject): JsonObject {
  const { managedFields, ...metadata } = objectAt(object, 'metadata') ?? {};
  return managedFields === undefined ? object : { ...object, metadata };
}
