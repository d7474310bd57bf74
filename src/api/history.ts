// The changes that an API server remembers of a type: replays its watch cache from the oldest version on. Entry point:
// readHistory(). How far back the server remembers is memory-floor.ts, when something happened version-clock.ts, who did it
// change-author.ts. States are kept as text outside of V8's heap, the last one of each object.

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

export type HistoryItem =
  /** Comes first, and again with a later version where the server has dropped what was to be read next. */
  | {
      readonly kind: 'floor';
      readonly floor: Floor;
      /** The version of the moment up to which it reads; undefined: not known, since the list is forbidden. */
      readonly newest: string | undefined;
    }
  /** Whether the states at the floor are known: else the first differences are not. Comes after the first floor. */
  | { readonly kind: 'base'; readonly isKnown: boolean }
  /** Versions of which the changes are lost to this command. */
  | { readonly kind: 'gap'; readonly after: string; readonly until: string }
  | { readonly kind: 'changes'; readonly changes: readonly PastChange[] };

export interface HistoryOptions extends EventReadingOptions {
  /** 0 to 1, for the jitter of waits. */
  readonly random: () => number;
  readonly warn: (text: string) => void;
  /** Keep the state of every object, so that all differences are known. Else those that fit into {@link maxStateBytes}. */
  readonly keepsStates: boolean;
  /** Takes the states at the floor. */
  readonly onBase?: ((object: KubeObject, type: ResourceType) => void) | undefined;
  /** Takes the times that the changes bring. */
  readonly times: VersionClock;
}

/** States that are kept where differences only help to name who made a change. Bytes. */
const maxStateBytes = 16 * 1024 * 1024;

/** Failures in a row that are waited out. */
const maxFailures = 4;

/** Watches that bring something, one after the other, where it is not known up to which version to read. */
const maxRounds = 30;

/** How often the server may drop changes that are to be read next. */
const maxGaps = 20;

/**
 * The past changes in the order in which they happened, up to the moment of the call.
 *
 * Nothing but the right `watch` is needed. With `list` the differences of the first changes are known, too, and the end is
 * found sooner.
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
    patiently(() => findFloor(send, query, newest, options), options);
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
        const next = await floorNow();
        if (position !== floor.resourceVersion) {
          yield { kind: 'gap', after: position, until: next.resourceVersion };
        }
        floor = next;
        position = next.resourceVersion;
        yield { kind: 'floor', floor, newest: end?.version };
      } else {
        if (!isPassing(thrown) || ++failures > maxFailures) throw thrown;
        await waitAfter(thrown, failures, options);
      }
    }
  }
}

/** How far to read. */
interface End {
  /** What happened later is not asked for. */
  readonly version: string;
  /** The last change of what is asked for is not older, as far as that is known. */
  readonly last: string;
}

/** The version of this moment, by a list or by what a watch begins with; undefined: neither tells. */
export async function newestVersion(
  send: Send,
  query: WatchQuery,
  options: AskingOptions,
): Promise<string | undefined> {
  return (await findEnd(send, query, options))?.version ?? newestSeen(send, query, options);
}

type AskingOptions = EventReadingOptions & Pick<HistoryOptions, 'warn'>;

/** The version of this moment; undefined where the list is forbidden. */
async function findEnd(send: Send, query: WatchQuery, options: AskingOptions): Promise<End | undefined> {
  try {
    const pages = listPages(send, { ...query, as: 'objects', limit: 1, chunkSize: 1 }, options);
    const { value: page } = await pages.next();
    if (page?.kind !== 'objects') return undefined;
    const version = page.resourceVersion ?? '';
    if (compareResourceVersions(version, '1') === undefined) return undefined;
    const [object] = page.objects;
    // Nothing happened to a named object after the version that it has.
    const last = query.name === undefined ? '' : stringAt(object?.metadata, 'resourceVersion');
    return { version, last: last === '' ? version : last };
  } catch (thrown) {
    options.signal.throwIfAborted();
    // The watch says what is wrong, if anything is.
    if (thrown instanceof RefusedError || thrown instanceof ServerError) return undefined;
    throw thrown;
  }
}

/** A version that the server has, from what a watch begins with; undefined: it begins with nothing. */
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

async function patiently<Value>(ask: () => Promise<Value>, options: HistoryOptions): Promise<Value> {
  for (let failures = 1; ; failures++) {
    try {
      return await ask();
    } catch (thrown) {
      // A server that cannot be reached at all is not waited for.
      if (!(thrown instanceof ServerError) || !isPassing(thrown) || failures > maxFailures) throw thrown;
      await waitAfter(thrown, failures, options);
    }
  }
}

/** Whether the same question may be answered later. */
function isPassing(thrown: unknown): thrown is KapiError {
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

/** Makes changes of events: compares each with the last state of its object. */
class Reader {
  readonly #query: WatchQuery;
  readonly #options: HistoryOptions;
  /** Of each object where its last state is. */
  readonly #places = new Map<string, Place>();
  #states = new TextStore();
  #bytes = 0;

  constructor(query: WatchQuery, options: HistoryOptions) {
    this.#query = query;
    this.#options = options;
  }

  /** The states at the floor, for the differences of the first changes. Without them these are not known. */
  async takeBase(send: Send, resourceVersion: string): Promise<boolean> {
    const query = { ...this.#query, resourceVersion, resourceVersionMatch: 'Exact', as: 'objects' } as const;
    try {
      for await (const page of listPages(send, query, { ...this.#options, requireSingleSnapshot: true })) {
        if (page.kind !== 'objects') continue;
        for (const object of page.objects) {
          this.#options.onBase?.(object, page.type);
          const text = textOf(object);
          if (text !== undefined) this.#keep(keyOf(object.metadata), text);
          if (!this.#options.keepsStates && this.#bytes > maxStateBytes) return true;
        }
      }
      return true;
    } catch (thrown) {
      this.#options.signal.throwIfAborted();
      // Compacted, forbidden, or not understood.
      if (!(thrown instanceof RefusedError || thrown instanceof ServerError)) throw thrown;
      return false;
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

  /** Nothing in a deleted object says who deleted it. */
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
   * Without the state before, an entry is known to be this change's when it is younger than the version that the server
   * had written last.
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
    // An object that begins to match a selector is ADDED, too, long after it was created.
    const isOld =
      change === 'ADDED' && (this.#query.labelSelector ?? this.#query.fieldSelector) !== undefined;
    if (at !== undefined && !isOld) this.#options.times.add(groupResourceOf(this.#query.type), version, at);
  }

  /** The last state of an object; of another one with its name nothing is compared. */
  #stateOf(key: string, metadata: JsonObject): JsonObject | undefined {
    const place = this.#places.get(key);
    if (place === undefined) return undefined;
    const json = parseJson(this.#states.read(place)) as JsonObject;
    // A line of a watch, or an object of a list.
    const state =
      typeof json['type'] === 'string' && objectAt(json, 'metadata') === undefined
        ? objectAt(json, 'object')
        : json;
    const isSame = stringAt(objectAt(state, 'metadata'), 'uid') === stringAt(metadata, 'uid');
    return isSame ? state : undefined;
  }

  #keep(key: string, text: string): void {
    const place = this.#places.get(key);
    if (!this.#options.keepsStates && this.#bytes + text.length > maxStateBytes) {
      // An old state would be compared with the wrong one.
      if (place !== undefined) this.#forget(key);
      return;
    }
    if (place !== undefined) this.#bytes -= this.#states.lengthOf(place);
    const kept = place === undefined ? this.#states.put(text, 0) : this.#states.replace(place, text, 0);
    this.#places.set(key, kept);
    this.#bytes += this.#states.lengthOf(kept);
    if (this.#states.isMostlyWaste) this.#tidy();
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

/** Undefined for integers that only a bigint holds: the state then counts as not known. */
function textOf(object: KubeObject): string | undefined {
  try {
    return JSON.stringify(object);
  } catch (thrown) {
    if (thrown instanceof TypeError) return undefined;
    throw thrown;
  }
}
