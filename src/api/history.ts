// Reads the past changes of a type that an API server remembers: replays its watch cache from the
// oldest version. Entry point: readHistory(). memory-floor.ts finds the oldest version,
// version-clock.ts tells when a change happened and change-author.ts who made it. Keeps the last
// state of each object as text outside of V8's heap.

import type { KapiError } from '../errors.ts';
import { ConnectionError, RefusedError, ServerError } from '../errors.ts';
import type { ChangeType } from '../model/change.ts';
import { objectAt, stringAt, type JsonObject, type KubeObject } from '../model/object.ts';
import { diffObjects, type FieldChange } from '../model/object-diff.ts';
import type { Author, PastChange } from '../model/past-change.ts';
import type { Send } from '../model/request.ts';
import { compareResourceVersions } from '../model/resource-version.ts';
import { groupResourceOf, type ResourceType } from '../model/resource.ts';
import { authorOf, managersOf, timeOf } from './change-author.ts';
import { parseJson } from './exact-json.ts';
import { listPages } from './list.ts';
import {
  findFloor,
  floorIn,
  isExpired,
  readEvents,
  type EventReadingOptions,
  type Floor,
  type PastEvent,
} from './memory-floor.ts';
import { TextStore, type Place } from './text-store.ts';
import type { VersionClock } from './version-clock.ts';
import type { WatchQuery } from './watch-event.ts';
import { backOffMs } from './watch-machine.ts';

/** An item that readHistory() yields. */
export type HistoryItem =
  /**
   * The oldest remembered version. Comes first, and again with a later version if the server has
   * dropped the next changes to read, or if another API server answers that remembers less.
   */
  | {
      readonly kind: 'floor';
      readonly floor: Floor;
      /**
       * The version up to which readHistory() reads. Undefined: unknown, because `list` is
       * forbidden.
       */
      readonly newest: string | undefined;
    }
  /**
   * Whether the states at the floor are known. Otherwise the differences of the first changes are
   * unknown. Comes after the first floor, and after a later one if no change was read before.
   */
  | { readonly kind: 'base'; readonly isKnown: boolean }
  /** A range of versions whose changes the server dropped before kapi read them. */
  | { readonly kind: 'gap'; readonly after: string; readonly until: string }
  | { readonly kind: 'changes'; readonly changes: readonly PastChange[] };

export interface HistoryOptions extends EventReadingOptions {
  /** Returns a number from 0 to 1, for the jitter of waits. */
  readonly random: () => number;
  readonly warn: (text: string) => void;
  /**
   * True to keep the state of every object, so that all differences are known. Otherwise only the
   * states that fit into {@link maxStateBytes} are kept.
   */
  readonly keepsStates: boolean;
  /** Called with each object at the floor. */
  readonly onBase?: ((object: KubeObject, type: ResourceType) => void) | undefined;
  /** Receives the times of the changes. */
  readonly times: VersionClock;
}

/** Max bytes of kept states if differences only serve to find the author of a change. */
const maxStateBytes = 16 * 1024 * 1024;

/** Max consecutive failures that are retried. */
const maxFailures = 4;

/** Max consecutive watches that bring changes, if the version up to which to read is unknown. */
const maxRounds = 30;

/** Max times that the server can drop the next changes to read. */
const maxGaps = 20;

/**
 * Yields past changes in the order in which they happened, up to the time of the call.
 *
 * Needs only the permission `watch`. With `list`, the differences of the first changes are known
 * too, and the end is found sooner.
 * @throws RefusedError, ServerError, ConnectionError
 */
export async function* readHistory(
  send: Send,
  query: WatchQuery,
  options: HistoryOptions,
): AsyncGenerator<HistoryItem, void, undefined> {
  const reader = new Reader(query, options);
  const end = await findEnd(send, query, options);
  const newest = async (): Promise<string | undefined> => end?.version ?? newestSeen(send, query, options);
  const floorNow = async (): Promise<Floor> =>
    withRetries(() => findFloor(send, query, newest, options), options);
  let floor = await floorNow();
  yield { kind: 'floor', floor, newest: end?.version };
  const isKnown = floor.source === 'start' || (await reader.takeBase(send, floor.resourceVersion));
  yield { kind: 'base', isKnown };
  let position = floor.resourceVersion;
  let failures = 0;
  let gaps = 0;
  for (let rounds = 0; rounds < maxRounds && !hasReached(position, end?.last);) {
    let isQuiet = true;
    try {
      for await (const events of readEvents(send, query, position, options)) {
        isQuiet = false;
        failures = 0;
        const wanted = events.filter(({ event }) => !isAfter(event.resourceVersion, end?.version));
        const changes = reader.take(wanted);
        if (changes.length > 0) yield { kind: 'changes', changes };
        position = events.at(-1)?.event.resourceVersion ?? position;
        if (hasReached(position, end?.last)) return;
      }
      if (isQuiet) return;
      if (end === undefined) rounds++;
    } catch (thrown) {
      if (isExpired(thrown) && ++gaps <= maxGaps) {
        // The refusal names the floor of the API server that refuses. Another request can reach a
        // replica that remembers more.
        const told = floorIn(thrown);
        const next: Floor = told === undefined ? await floorNow() : { resourceVersion: told, source: 'told' };
        const isUnread = position === floor.resourceVersion;
        if (!isUnread) yield { kind: 'gap', after: position, until: next.resourceVersion };
        floor = next;
        position = next.resourceVersion;
        yield { kind: 'floor', floor, newest: end?.version };
        if (isUnread) yield { kind: 'base', isKnown: await reader.takeBase(send, position) };
      } else {
        if (!isTransient(thrown) || ++failures > maxFailures) throw thrown;
        await waitAfter(thrown, failures, options);
      }
    }
  }
}

/** How far to read. */
interface End {
  /** Changes after this version are ignored. */
  readonly version: string;
  /** Version of the last change, as far as known. Reading can stop there. */
  readonly last: string;
}

/**
 * Returns the current version, from a list or from the first events of a watch. Undefined if
 * neither tells.
 * @throws RefusedError, ServerError, ConnectionError of the watch
 */
export async function newestVersion(
  send: Send,
  query: WatchQuery,
  options: AskingOptions,
): Promise<string | undefined> {
  return (await findEnd(send, query, options))?.version ?? newestSeen(send, query, options);
}

type AskingOptions = EventReadingOptions & Pick<HistoryOptions, 'warn'>;

/**
 * Returns the current version from a list. Undefined if the list fails, for example because it is
 * forbidden.
 */
async function findEnd(send: Send, query: WatchQuery, options: AskingOptions): Promise<End | undefined> {
  try {
    const pages = listPages(send, { ...query, as: 'objects', limit: 1, chunkSize: 1 }, options);
    const { value: page } = await pages.next();
    if (page?.kind !== 'objects') return undefined;
    const version = page.resourceVersion ?? '';
    if (compareResourceVersions(version, '1') === undefined) return undefined;
    const [object] = page.objects;
    // The version of a named object is that of its last change.
    const last = query.name === undefined ? '' : stringAt(object?.metadata, 'resourceVersion');
    return { version, last: last === '' ? version : last };
  } catch (thrown) {
    options.signal.throwIfAborted();
    // If there is a real problem, the watch reports it.
    if (thrown instanceof RefusedError || thrown instanceof ServerError) return undefined;
    throw thrown;
  }
}

/** Returns the newest version in the first events of a watch. Undefined if there are none. */
async function newestSeen(
  send: Send,
  query: WatchQuery,
  options: AskingOptions,
): Promise<string | undefined> {
  let newest: string | undefined;
  for await (const events of readEvents(send, query, '', options)) {
    for (const { event } of events) {
      if (newest === undefined || isAfter(event.resourceVersion, newest)) newest = event.resourceVersion;
    }
  }
  return newest;
}

function isAfter(version: string, end: string | undefined): boolean {
  return end !== undefined && (compareResourceVersions(version, end) ?? 0) > 0;
}

function hasReached(version: string, last: string | undefined): boolean {
  return last !== undefined && (compareResourceVersions(version, last) ?? -1) >= 0;
}

/** Asks again after failures of the server that can pass. */
async function withRetries<Value>(ask: () => Promise<Value>, options: HistoryOptions): Promise<Value> {
  for (let failures = 1; ; failures++) {
    try {
      return await ask();
    } catch (thrown) {
      // Does not wait for an unreachable server.
      if (!(thrown instanceof ServerError) || !isTransient(thrown) || failures > maxFailures) throw thrown;
      await waitAfter(thrown, failures, options);
    }
  }
}

/** True if a retry of the same request can succeed. */
function isTransient(thrown: unknown): thrown is KapiError {
  if (thrown instanceof ConnectionError) return true;
  const status = thrown instanceof ServerError ? thrown.facts?.httpStatus : undefined;
  return status === 429 || status === 500 || status === 503 || status === 504;
}

async function waitAfter(thrown: unknown, failures: number, options: HistoryOptions): Promise<void> {
  const asked = thrown instanceof ServerError ? (thrown.facts?.retryAfterSeconds ?? 0) * 1_000 : 0;
  await options.sleep(
    Math.max(Math.min(asked, 30_000), backOffMs(failures, options.random())),
    options.signal,
  );
}

/** Turns events into changes: compares each with the last state of its object. */
class Reader {
  readonly #query: WatchQuery;
  readonly #options: HistoryOptions;
  /** Where the last state of each object is stored. */
  readonly #places = new Map<string, Place>();
  #states = new TextStore();
  #bytes = 0;

  constructor(query: WatchQuery, options: HistoryOptions) {
    this.#query = query;
    this.#options = options;
  }

  /**
   * Reads the states at the floor, for the differences of the first changes.
   * @returns whether the server told them
   */
  async takeBase(send: Send, resourceVersion: string): Promise<boolean> {
    try {
      await this.#readBase(send, resourceVersion);
      return true;
    } catch (thrown) {
      this.#options.signal.throwIfAborted();
      // The version is compacted, the list is forbidden, or the response is invalid.
      if (!(thrown instanceof RefusedError || thrown instanceof ServerError)) throw thrown;
      return false;
    }
  }

  async #readBase(send: Send, resourceVersion: string): Promise<void> {
    const query = { ...this.#query, resourceVersion, resourceVersionMatch: 'Exact', as: 'objects' } as const;
    for await (const page of listPages(send, query, { ...this.#options, requireSingleSnapshot: true })) {
      if (page.kind !== 'objects') continue;
      for (const object of page.objects) {
        this.#options.onBase?.(object, page.type);
        const text = textOf(object);
        const isFull = text !== undefined && !this.#keep(keyOf(object.metadata), text);
        if (isFull && this.#options.onBase === undefined) return;
      }
    }
  }

  take(events: readonly PastEvent[]): readonly PastChange[] {
    return events.flatMap(({ event, line }) => {
      if (event.kind !== 'change' || event.page.kind !== 'objects') return [];
      const [object] = event.page.objects;
      return object === undefined ? [] : [this.#changeOf(event.change, object, line, event.page.type)];
    });
  }

  #changeOf(change: ChangeType, object: KubeObject, line: string, type: ResourceType): PastChange {
    const { metadata } = object;
    const key = keyOf(metadata);
    const before = change === 'MODIFIED' ? this.#stateOf(key, metadata) : undefined;
    const fields = before === undefined ? undefined : diffObjects(before, object);
    if (change === 'DELETED') this.#forget(key);
    else this.#keep(key, line);
    const resourceVersion = stringAt(metadata, 'resourceVersion');
    const author = this.#authorOf(change, before, object, fields);
    this.#noteTime(change, resourceVersion, metadata, author);
    const [namespace, name, uid] = ['namespace', 'name', 'uid'].map((field) => stringAt(metadata, field));
    return {
      change: {
        ...{ change, type, resourceVersion, entry: { kind: 'object', object } },
        ...{ namespace: namespace ?? '', name: name ?? '', uid: uid ?? '' },
      },
      author,
      fields,
    };
  }

  /** Returns the author of a change. A deleted object does not tell who deleted it. */
  #authorOf(
    change: ChangeType,
    before: JsonObject | undefined,
    object: KubeObject,
    fields: readonly FieldChange[] | undefined,
  ): Author | undefined {
    if (change === 'DELETED') return undefined;
    if (change === 'ADDED') return authorOf(undefined, object, undefined);
    return before === undefined ? this.#likelyAuthor(object) : authorOf(before, object, fields);
  }

  /**
   * Returns the probable author if the state before is unknown: the manager of the only entry that
   * is newer than the time of the previous known version.
   */
  #likelyAuthor(object: KubeObject): Author | undefined {
    const { from } = this.#options.times.timeOf(stringAt(object.metadata, 'resourceVersion'));
    const entries = managersOf(object).filter(({ time }) => from !== undefined && (timeOf(time) ?? 0) > from);
    return entries.length === 1
      ? { manager: entries[0]?.manager ?? '', at: timeOf(entries[0]?.time ?? '') }
      : undefined;
  }

  #noteTime(change: ChangeType, version: string, metadata: JsonObject, author: Author | undefined): void {
    const at =
      author?.at ?? (change === 'ADDED' ? timeOf(stringAt(metadata, 'creationTimestamp')) : undefined);
    // An object that starts to match a selector is also ADDED, long after its creation.
    const isOld =
      change === 'ADDED' && (this.#query.labelSelector ?? this.#query.fieldSelector) !== undefined;
    if (at !== undefined && !isOld) this.#options.times.add(groupResourceOf(this.#query.type), version, at);
  }

  /**
   * Returns the last state of an object. Undefined if an object of this name but with another UID
   * was stored.
   */
  #stateOf(key: string, metadata: JsonObject): JsonObject | undefined {
    const place = this.#places.get(key);
    if (place === undefined) return undefined;
    const json = parseJson(this.#states.read(place)) as JsonObject;
    // The text is a line of a watch or an object of a list.
    const state =
      typeof json['type'] === 'string' && objectAt(json, 'metadata') === undefined
        ? objectAt(json, 'object')
        : json;
    const isSame = stringAt(objectAt(state, 'metadata'), 'uid') === stringAt(metadata, 'uid');
    return isSame ? state : undefined;
  }

  /** @returns false if there is no room for the state */
  #keep(key: string, text: string): boolean {
    const place = this.#places.get(key);
    if (!this.#options.keepsStates && this.#bytes + text.length > maxStateBytes) {
      // The next comparison must not use an outdated state.
      if (place !== undefined) this.#forget(key);
      return false;
    }
    if (place !== undefined) this.#bytes -= this.#states.lengthOf(place);
    const kept = place === undefined ? this.#states.put(text, 0) : this.#states.replace(place, text, 0);
    this.#places.set(key, kept);
    this.#bytes += this.#states.lengthOf(kept);
    if (this.#states.isMostlyWaste) this.#tidy();
    return true;
  }

  #forget(key: string): void {
    const place = this.#places.get(key);
    if (place === undefined) return;
    this.#bytes -= this.#states.lengthOf(place);
    this.#states.drop(place);
    this.#places.delete(key);
    if (this.#states.isMostlyWaste) this.#tidy();
  }

  #tidy(): void {
    const states = new TextStore();
    for (const [key, place] of this.#places) this.#places.set(key, states.put(this.#states.read(place), 0));
    this.#states = states;
  }
}

function keyOf(metadata: JsonObject): string {
  return `${stringAt(metadata, 'namespace')}/${stringAt(metadata, 'name')}`;
}

/**
 * Returns an object as text. Undefined for bigints, which JSON.stringify() does not support: the
 * state is then unknown.
 */
function textOf(object: KubeObject): string | undefined {
  try {
    return JSON.stringify(object);
  } catch (thrown) {
    if (thrown instanceof TypeError) return undefined;
    throw thrown;
  }
}
