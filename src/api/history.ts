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
import {
  authorOf,
  creatorOf,
  decodeEntries,
  encodeEntries,
  managersOf,
  timeOf,
  type ManagerEntry,
} from './change-author.ts';
import { parseJson } from './exact-json.ts';
import { listPages } from './list.ts';
import {
  bookmarkSeconds,
  findFloor,
  floorIn,
  isExpired,
  readEvents,
  silenceMs,
  type EventReadingOptions,
  type Floor,
  type PastEvent,
  type ReplayLimits,
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
   * True to keep the state of every object, so that the differences are known. Otherwise only the
   * states that fit into {@link maxStateBytes} are kept, and only the authors are known.
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
  // A bookmark can show that the server has sent everything up to the end. After a silence without
  // one, a short watch shows it that brings nothing.
  let limits: ReplayLimits = end === undefined ? {} : untilBookmark;
  const batch = new Batch(options.clock);
  for (let rounds = 0; rounds < maxRounds && !hasReached(position, end?.last);) {
    let isQuiet = true;
    const reading = readEvents(send, query, position, options, limits);
    try {
      let next = await reading.next();
      for (; next.done !== true; next = await reading.next()) {
        isQuiet = false;
        failures = 0;
        const events = next.value;
        const wanted = events.filter(({ event }) => !isAfter(event.resourceVersion, end?.version));
        batch.add(reader.take(wanted), wanted);
        for (const { event } of events) position = laterOf(position, event.resourceVersion);
        if (hasReached(position, end?.last)) break;
        if (batch.isFull) yield { kind: 'changes', changes: batch.take() };
      }
      if (batch.hasChanges) yield { kind: 'changes', changes: batch.take() };
      if (next.done !== true) return;
      if (next.value === 'silent' && limits === untilBookmark) limits = {};
      else if (isQuiet) return;
      else limits = end === undefined ? {} : untilBookmark;
      if (end === undefined) rounds++;
    } catch (thrown) {
      if (batch.hasChanges) yield { kind: 'changes', changes: batch.take() };
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
    } finally {
      await reading.return('ended');
    }
  }
}

/** Limits of a watch whose end a bookmark shows. */
const untilBookmark: ReplayLimits = { firstLineMs: silenceMs, seconds: bookmarkSeconds };

/** Max bytes of the lines of a batch. */
const maxBatchBytes = 32 * 1024;

/** Milliseconds after which the next changes complete a batch. */
const maxBatchMs = 100;

/**
 * Collects changes, because each batch costs a turn of the event loop and a write. A batch is
 * complete soon enough for a reader at a terminal.
 */
class Batch {
  readonly #clock: () => number;
  #changes: PastChange[] = [];
  #bytes = 0;
  #sinceMs: number;

  /** @param clock a monotonic clock in milliseconds */
  constructor(clock: () => number) {
    this.#clock = clock;
    this.#sinceMs = clock();
  }

  get hasChanges(): boolean {
    return this.#changes.length > 0;
  }

  get isFull(): boolean {
    if (!this.hasChanges) return false;
    return this.#bytes >= maxBatchBytes || this.#clock() - this.#sinceMs >= maxBatchMs;
  }

  add(changes: readonly PastChange[], events: readonly PastEvent[]): void {
    for (const change of changes) this.#changes.push(change);
    for (const { line } of events) this.#bytes += line.length;
  }

  take(): readonly PastChange[] {
    const changes = this.#changes;
    this.#changes = [];
    this.#bytes = 0;
    this.#sinceMs = this.#clock();
    return changes;
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

/**
 * Returns the version to read from next. An older version, as in the bookmark of a broken server,
 * would repeat changes, and an empty one would skip them.
 */
function laterOf(position: string, received: string): string {
  return received === '' || isAfter(position, received) ? position : received;
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
  readonly #known = new Map<string, KnownState>();
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
        const { metadata } = object;
        const isFull =
          text !== undefined &&
          !this.#keep(keyOf(metadata), text, stringAt(metadata, 'uid'), managersOf(object));
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
    const namespace = stringAt(metadata, 'namespace');
    const name = stringAt(metadata, 'name');
    const uid = stringAt(metadata, 'uid');
    const resourceVersion = stringAt(metadata, 'resourceVersion');
    const key = keyOf(metadata);
    const known = this.#known.get(key);
    // An object of this name but with another UID can have been known.
    const before = change === 'MODIFIED' && known?.uid === uid ? known : undefined;
    let differences: readonly FieldChange[] | undefined;
    const fieldsOf = (state: KnownState): readonly FieldChange[] =>
      (differences ??= diffObjects(this.#read(state), object));
    const fields = before !== undefined && this.#options.keepsStates ? fieldsOf(before) : undefined;
    const managers = managersOf(object);
    let author: Author | undefined;
    if (change === 'ADDED') author = creatorOf(object, managers);
    // A deleted object does not tell who deleted it.
    else if (change === 'DELETED') author = undefined;
    else if (before === undefined) author = this.#likelyAuthor(managers, resourceVersion);
    else author = authorOf(this.#managersOf(before), managers, () => fieldsOf(before));
    if (change === 'DELETED') this.#forget(key);
    else this.#keep(key, line, uid, managers);
    this.#noteTime(change, resourceVersion, metadata, author);
    return {
      change: { change, type, resourceVersion, entry: { kind: 'object', object }, namespace, name, uid },
      author,
      fields,
    };
  }

  /**
   * Returns the probable author if the state before is unknown: the manager of the only entry that
   * is newer than the time of the previous known version.
   */
  #likelyAuthor(entries: readonly ManagerEntry[], resourceVersion: string): Author | undefined {
    const { from } = this.#options.times.timeOf(resourceVersion);
    const newer = entries.filter(({ time }) => from !== undefined && (timeOf(time) ?? 0) > from);
    const [first] = newer;
    if (first === undefined || newer.length > 1) return undefined;
    return { manager: first.manager, at: timeOf(first.time) };
  }

  #noteTime(change: ChangeType, version: string, metadata: JsonObject, author: Author | undefined): void {
    const at =
      author?.at ?? (change === 'ADDED' ? timeOf(stringAt(metadata, 'creationTimestamp')) : undefined);
    // An object that starts to match a selector is also ADDED, long after its creation.
    const isOld =
      change === 'ADDED' && (this.#query.labelSelector ?? this.#query.fieldSelector) !== undefined;
    if (at !== undefined && !isOld) this.#options.times.add(groupResourceOf(this.#query.type), version, at);
  }

  #read({ place }: KnownState): JsonObject {
    const text = this.#states.read(place);
    const json = parseJson(text.slice(text.indexOf('\n') + 1)) as JsonObject;
    // The text is a line of a watch or an object of a list.
    return typeof json['type'] === 'string' && objectAt(json, 'metadata') === undefined
      ? (objectAt(json, 'object') ?? json)
      : json;
  }

  /** Returns the managers of a known state, without parsing the state. */
  #managersOf({ place }: KnownState): readonly ManagerEntry[] {
    return decodeEntries(this.#states.read(place, this.#states.markOf(place)));
  }

  /** @returns false if there is no room for the state */
  #keep(key: string, text: string, uid: string, managers: readonly ManagerEntry[]): boolean {
    const known = this.#known.get(key);
    if (!this.#options.keepsStates && this.#bytes + text.length > maxStateBytes) {
      // The next comparison must not use an outdated state.
      if (known !== undefined) this.#forget(key);
      return false;
    }
    const head = encodeEntries(managers);
    const stored = `${head}\n${text}`;
    const mark = Buffer.byteLength(head);
    if (known === undefined) {
      const place = this.#states.put(stored, mark);
      this.#known.set(key, { place, uid });
      this.#bytes += this.#states.lengthOf(place);
    } else {
      this.#bytes -= this.#states.lengthOf(known.place);
      known.place = this.#states.replace(known.place, stored, mark);
      if (known.uid !== uid) known.uid = uid;
      this.#bytes += this.#states.lengthOf(known.place);
    }
    if (this.#states.isMostlyWaste) this.#tidy();
    return true;
  }

  #forget(key: string): void {
    const known = this.#known.get(key);
    if (known === undefined) return;
    this.#bytes -= this.#states.lengthOf(known.place);
    this.#states.drop(known.place);
    this.#known.delete(key);
    if (this.#states.isMostlyWaste) this.#tidy();
  }

  #tidy(): void {
    const states = new TextStore();
    for (const known of this.#known.values()) {
      const { place } = known;
      known.place = states.put(this.#states.read(place), this.#states.markOf(place));
    }
    this.#states = states;
  }
}

/** The last state of an object. */
interface KnownState {
  /**
   * Where it is stored: a line with its managers, and its text. The mark of the place is the length
   * of the first line.
   */
  place: Place;
  uid: string;
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
