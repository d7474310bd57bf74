// A self-healing watch: lists, watches, resumes, lists again, and reports each step. Entry point:
// watchType(). watch-machine.ts decides the next step, ledger.ts computes what a new list changed,
// and watch-types.ts watches several types at once.

import {
  BugError,
  ConfigError,
  ConnectionError,
  KapiError,
  RefusedError,
  ServerError,
  UsageError,
  messageOf,
  type StatusFacts,
} from '../errors.ts';
import { forwardAbort } from '../model/abort.ts';
import type { Change } from '../model/change.ts';
import type { Page } from '../model/page.ts';
import type { ApiResponse, RequestSpec, Send } from '../model/request.ts';
import { compareResourceVersions } from '../model/resource-version.ts';
import { groupResourceOf, type ResourceType } from '../model/resource.ts';
import { sourceOf } from './response-source.ts';
import { EndlessLine } from './event-lines.ts';
import { EventReader, type ReadEvent } from './event-reader.ts';
import { getPage } from './get.ts';
import { Ledger } from './ledger.ts';
import { listPages } from './list.ts';
import { cutManagedFields } from './managed-fields.ts';
import { compileExclusion, ignoredSelector } from './selection.ts';
import { errorOf, errorOfStatus, isSuccess } from './status.ts';
import { Attempt, Idle } from './watch-attempt.ts';
import { checkVersion, isTooLargeVersion } from './watch-check.ts';
import { buildWatchRequest, NotAnEvent, type WatchQuery } from './watch-event.ts';
import {
  defaultPolicy,
  initialState,
  step,
  type Failure,
  type WatchInput,
  type WatchPolicy,
  type WatchState,
} from './watch-machine.ts';

/** An item that a watch yields, in the order of events. */
export type WatchItem =
  /** An object was added, modified or deleted. */
  | {
      readonly kind: 'change';
      readonly change: Change;
      /** True if the object existed when the watch began. */
      readonly initial: boolean;
      /** True if the change comes from a watch of one object that has left the selection. */
      readonly isDeparted?: boolean;
    }
  /**
   * The first list is complete and all its objects were yielded. Comes once. Later changes are new.
   */
  | {
      readonly kind: 'synced';
      readonly type: ResourceType;
      readonly resourceVersion: string;
      /** Objects in the list. */
      readonly count: number;
    }
  /**
   * A later resource version up to which nothing changed, from a bookmark. Sent about once a
   * minute.
   */
  | { readonly kind: 'bookmark'; readonly type: ResourceType; readonly resourceVersion: string }
  /**
   * A message for users, on one line without a full stop: the connection was lost, the list was
   * read again.
   */
  | { readonly kind: 'notice'; readonly type: ResourceType; readonly text: string }
  /**
   * The current state of the watch. Comes with every change of phase and when a connection opens.
   */
  | { readonly kind: 'state'; readonly type: ResourceType; readonly state: WatchState };

export interface WatchOptions {
  /** Ends the watch when aborted. The watch throws its reason. */
  readonly signal: AbortSignal;
  readonly now: () => Date;
  readonly warn: (text: string) => void;
  /** Returns a number from 0 to 1. */
  readonly random: () => number;
  /** Resolves after `ms` milliseconds. Rejects with the reason of the signal when aborted. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** A monotonic clock in milliseconds. */
  readonly clock: () => number;
  /** Called when the server does not have the type. See {@link Discovery.rediscover}. */
  readonly rediscover?: ((type: ResourceType) => Promise<ResourceType | undefined>) | undefined;
  readonly policy?: WatchPolicy;
  readonly limits?: Partial<WatchLimits>;
}

/** Max milliseconds without data before kapi treats a connection as dead. */
export interface WatchLimits {
  /**
   * On an open watch. Default: 150 s. The server sends a bookmark every minute, so two missing ones
   * are not a coincidence. Old servers, and types that did not change since the server started,
   * send no bookmarks: there the watch reconnects after the same time without a notice.
   */
  readonly idleMs: number;
  /**
   * Until the server responds to a watch request. Default: 30 s. A server responds immediately,
   * before it has an event to send.
   */
  readonly openMs: number;
  /**
   * For each page when the list is read again. Default: 90 s. The server itself gives up after one
   * minute.
   */
  readonly pageMs: number;
}

/** Limits that allow for one missing bookmark and for the request timeout of the server. */
export const defaultLimits: WatchLimits = { idleMs: 150_000, openMs: 30_000, pageMs: 90_000 };

/**
 * Lists one type and watches it without end. Resumes a closed or broken connection from the last
 * resource version. Reads the list again after an expired version (410) and yields the difference
 * as changes. A batch holds the events of one chunk of the stream, so that a burst of events costs
 * few turns of the event loop; no batch is empty. Reads the next chunk only when the caller asks
 * for it, so that a slow reader slows down the server instead of filling memory.
 *
 * Reads the list in pages and not as a streaming list (`sendInitialEvents`). The first rows appear
 * as soon and memory stays as flat, pages need no fallback for servers and types without streaming
 * lists, and a list tells where it ends.
 * @throws RefusedError, ServerError, ConnectionError, ConfigError of the first list, or of a watch
 * that the server never granted
 * @throws ConnectionError `WatchLost` when the server is unreachable, or refuses, for longer than
 * the policy allows
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes
 */
export function watchType(
  send: Send,
  query: WatchQuery,
  options: WatchOptions,
): AsyncGenerator<readonly WatchItem[], void, undefined> {
  return new Watch(send, query, options).run();
}

/**
 * Max searches for the oldest change that the server remembers. A busy server can drop that change
 * before kapi reads it, and then the search starts again.
 */
const maxFloorSearches = 10;

class Watch {
  readonly #send: Send;
  readonly #options: WatchOptions;
  readonly #limits: WatchLimits;
  readonly #ledger: Ledger;
  /** Aborted by the signal of the caller, and when the caller leaves the loop. */
  readonly #leaving = new AbortController();
  #query: WatchQuery;
  #state: WatchState = initialState;
  #items: WatchItem[] = [];
  #synced = false;
  /**
   * True if the next list is read in one response, because the last one expired between two pages.
   */
  #inOneAnswer = false;
  /** The last failure as an error. Undefined for other ends, such as a clean end of the stream. */
  #error: KapiError | undefined;
  /** Attempts without a credential since the last open watch. */
  #credentialFailures = 0;
  /** The last failure as text for messages. */
  #reason = '';
  /** The text of the last notice about the current trouble, so that it is not repeated. */
  #said = '';
  /** True if the server sends bookmarks for this type, so that their absence means something. */
  #hasBookmarks = false;
  /** True after the notice that the server ignores the selector. */
  #saidExcluded = false;
  /**
   * True if kapi reads the named object with `get` because `list` is forbidden. The verbs `get` and
   * `watch` are enough then.
   */
  #readsByGet = false;
  /** Resource version of the last event. Empty before the first event. */
  #followed = '';
  /** Searches for the oldest remembered change so far. */
  #floorSearches = 0;
  /** Unknown event types that were reported, so that each is reported once. */
  readonly #skipped = new Set<string>();
  /**
   * When the connection was lost, until its return is reported. Undefined if there is nothing to
   * report.
   */
  #lostSinceMs: number | undefined;

  constructor(send: Send, query: WatchQuery, options: WatchOptions) {
    this.#send = send;
    this.#query = query;
    const namespace = query.type.namespaced ? query.namespace : undefined;
    const excludes = compileExclusion(query.labelSelector, query.fieldSelector);
    this.#ledger = new Ledger(namespace, query.remembersLabels, query.name, excludes);
    if (query.departed !== undefined) this.#ledger.know(query.departed);
    this.#options = options;
    this.#limits = { ...defaultLimits, ...options.limits };
  }

  async *run(): AsyncGenerator<readonly WatchItem[], void, undefined> {
    const release = forwardAbort(this.#options.signal, this.#leaving);
    try {
      for (;;) {
        this.#leaving.signal.throwIfAborted();
        const state = this.#state;
        this.#tell({ kind: 'state', type: this.#query.type, state });
        // Not before the first list: a caller that asks several watches for their first batch needs
        // all their lists to start immediately.
        if (state.phase !== 'listing' || state.cause !== 'start') yield this.#takeItems();
        switch (state.phase) {
          case 'listing':
            yield* this.#list(state.cause);
            break;
          case 'watching':
            yield* this.#follow(state.resourceVersion);
            break;
          case 'waiting':
            await this.#options.sleep(state.waitMs, this.#leaving.signal);
            this.#enter({ kind: 'waited' });
            break;
          case 'done':
            throw this.#finalError(state);
        }
      }
    } finally {
      release();
      this.#leaving.abort();
    }
  }

  async *#list(cause: 'start' | 'expired'): AsyncGenerator<readonly WatchItem[], void, undefined> {
    const { now, warn, rediscover } = this.#options;
    if (this.#readsByGet) {
      // The object is read after the watch opens: the resource version of one object is not the
      // version of a list to watch from.
      this.#enter({ kind: 'listed', resourceVersion: '' });
      return;
    }
    if (this.#query.replays === true && this.#followed === '' && this.#floorSearches++ < maxFloorSearches) {
      await this.#findPast();
      return;
    }
    const initial = cause === 'start';
    // The first list has no time limit, as in `kapi list`. Later lists must not hang unnoticed.
    const limitMs = initial ? Infinity : this.#limits.pageMs;
    const attempt = new Attempt(this.#leaving.signal, this.#options);
    let resourceVersion = '';
    let changes = 0;
    this.#ledger.beginList();
    try {
      attempt.expect(limitMs);
      const query = this.#inOneAnswer ? { ...this.#query, chunkSize: 0 } : this.#query;
      const pages = listPages(this.#send, query, {
        ...{ signal: attempt.signal, now, warn },
        rediscover: initial ? rediscover : (type) => this.#rediscoverLater(type),
        requireSingleSnapshot: true,
      });
      for await (const page of pages) {
        attempt.pause();
        resourceVersion ||= versionOf(page);
        // The server can list the type in another version than discovery told.
        this.#query = { ...this.#query, type: page.type };
        changes += this.#tellChanges(this.#news(this.#ledger.list(page)), initial);
        if (this.#items.length > 0) yield this.#takeItems();
        attempt.expect(limitMs);
      }
    } catch (thrown) {
      if (await this.#canReadByGet(thrown)) {
        this.#readsByGet = true;
        this.#enter({ kind: 'listed', resourceVersion: '' });
      } else {
        this.#fail(this.#failureOf(thrown));
      }
      return;
    } finally {
      attempt.end();
    }
    this.#inOneAnswer = false;
    changes += this.#tellChanges(this.#ledger.endList(), initial);
    this.#tellExcluded();
    this.#tellSynced(resourceVersion);
    if (!initial)
      this.#notice(`the list was read again, with ${countText(changes, 'change')} in the meantime`);
    this.#lostSinceMs = undefined;
    this.#enter({ kind: 'listed', resourceVersion });
  }

  /**
   * Returns only the changes that are new to the user. A watch that replays has no first list, so
   * objects older than the last event are new to the ledger but not to the user.
   */
  #news(changes: readonly Change[]): readonly Change[] {
    if (this.#query.replays !== true) return changes;
    return changes.filter(
      ({ change, resourceVersion }) =>
        change !== 'ADDED' || (compareResourceVersions(resourceVersion, this.#followed) ?? 1) > 0,
    );
  }

  /** Makes the watch begin at the oldest change that the server remembers. */
  async #findPast(): Promise<void> {
    const [{ findFloor }, { newestVersion }] = await Promise.all([
      import('./memory-floor.ts'),
      import('./history.ts'),
    ]);
    const options = { ...this.#options, signal: this.#leaving.signal };
    const newest = (): Promise<string | undefined> => newestVersion(this.#send, this.#query, options);
    try {
      const { resourceVersion } = await findFloor(this.#send, this.#query, newest, options);
      await this.#takeBase(resourceVersion);
      this.#tellSynced(resourceVersion);
      const type = groupResourceOf(this.#query.type);
      this.#notice(
        `the changes of ${type} that this API server remembers begin at resourceVersion ${resourceVersion}`,
      );
      this.#enter({ kind: 'listed', resourceVersion });
    } catch (thrown) {
      this.#fail(this.#failureOf(thrown));
    }
  }

  /**
   * Records the objects that existed before the first change, so that a later list can tell which
   * of them were deleted.
   */
  async #takeBase(resourceVersion: string): Promise<void> {
    const { now, warn } = this.#options;
    const query = { ...this.#query, resourceVersion, resourceVersionMatch: 'Exact' } as const;
    this.#ledger.beginList();
    try {
      const pages = listPages(this.#send, query, {
        signal: this.#leaving.signal,
        now,
        warn,
        requireSingleSnapshot: true,
      });
      for await (const page of pages) this.#ledger.list(page);
    } catch (thrown) {
      this.#leaving.signal.throwIfAborted();
      // The server compacted the version, or refuses or fails to list it. The watch works without
      // these objects.
      if (!(thrown instanceof RefusedError || thrown instanceof ServerError)) throw thrown;
    }
    this.#ledger.endList();
  }

  #tellSynced(resourceVersion: string): void {
    if (this.#synced) return;
    this.#synced = true;
    if (this.#query.departed !== undefined) return;
    this.#tell({ kind: 'synced', type: this.#query.type, resourceVersion, count: this.#ledger.size });
  }

  /** True if listing the named object is forbidden and `get` is allowed. */
  async #canReadByGet(thrown: unknown): Promise<boolean> {
    if (this.#query.name === undefined || !isForbidden(thrown)) return false;
    const attempt = new Attempt(this.#leaving.signal, this.#options);
    try {
      await this.#getNamed(attempt);
      return true;
    } catch {
      // The caller reports the refusal of the list instead.
      this.#leaving.signal.throwIfAborted();
      return false;
    } finally {
      attempt.end();
    }
  }

  /** Returns the named object as a page. Undefined if it does not exist. */
  async #getNamed(attempt: Attempt): Promise<Page | undefined> {
    const { name = '' } = this.#query;
    attempt.expect(this.#limits.openMs);
    try {
      return await getPage(
        this.#send,
        { ...this.#query, name },
        { signal: attempt.signal, now: this.#options.now },
      );
    } catch (thrown) {
      if (thrown instanceof RefusedError && thrown.facts.httpStatus === 404) return undefined;
      throw thrown;
    } finally {
      attempt.pause();
    }
  }

  /**
   * Reads the named object after the watch has opened, so that no change between the two is lost.
   */
  async #readNamed(attempt: Attempt): Promise<void> {
    const page = await this.#getNamed(attempt);
    const initial = !this.#synced;
    this.#ledger.beginList();
    if (page !== undefined) this.#tellChanges(this.#ledger.list(page), initial);
    this.#tellChanges(this.#ledger.endList(), initial);
    this.#tellSynced('');
  }

  /**
   * Asks the server whether its store has the version.
   * @returns whether the watch can continue from the version
   */
  async #check(resourceVersion: string, attempt: Attempt): Promise<boolean> {
    attempt.expect(this.#limits.openMs);
    const verdict = await checkVersion(
      this.#send,
      this.#query,
      resourceVersion,
      this.#ledger,
      attempt.signal,
    );
    attempt.pause();
    this.#enter({ kind: 'checked', verdict });
    if (this.#state.phase === 'watching') return true;
    // In the other case there were too many silent watches.
    if (verdict === 'lost')
      this.#notice(
        `the server's store does not have resourceVersion ${resourceVersion}, as after a restore; reading the list again`,
      );
    return false;
  }

  async *#follow(resourceVersion: string): AsyncGenerator<readonly WatchItem[], void, undefined> {
    const { type, as } = this.#query;
    const request = buildWatchRequest(this.#query, this.#readsByGet ? '' : resourceVersion);
    const attempt = new Attempt(this.#leaving.signal, this.#options);
    let response: ApiResponse | undefined;
    try {
      attempt.expect(this.#limits.openMs);
      response = await this.#send(request, { signal: attempt.signal });
      if (!isSuccess(response)) throw await errorOf(request, response, { type });
      attempt.pause();
      const isDoubtful = this.#state.health.isDoubtful;
      this.#opened();
      if (this.#readsByGet) await this.#readNamed(attempt);
      else if (isDoubtful && !(await this.#check(resourceVersion, attempt))) return;
      yield this.#takeItems();
      const context = { type, as, source: sourceOf(request, response), now: this.#options.now };
      const reader = new EventReader(context, isMetadataOnly(this.#query) ? cutManagedFields : undefined);
      attempt.expect(this.#limits.idleMs);
      let failure: Failure | undefined;
      try {
        for await (const chunk of response.body) {
          attempt.pause();
          const problem = this.#take(reader.push(chunk), request);
          // Events before an unreadable line are valid.
          if (this.#items.length > 0) yield this.#takeItems();
          if (problem !== undefined) throw problem;
          attempt.expect(this.#limits.idleMs);
        }
      } catch (thrown) {
        failure = this.#failureOf(thrown);
      }
      this.#fail(this.#takeRest(reader, request, failure));
    } catch (thrown) {
      this.#fail(this.#failureOf(thrown));
    } finally {
      attempt.end();
      response?.cancel();
    }
  }

  /**
   * Handles the end of a stream. Text after the last line end is an event if it is complete, as in
   * client-go.
   * @param failure why the stream ended; undefined: the server closed it cleanly
   */
  #takeRest(reader: EventReader, request: RequestSpec, failure: Failure | undefined): Failure {
    if (reader.hasRest && (failure === undefined || failure.kind === 'broken')) {
      const error = this.#error;
      const problem = this.#take(reader.takeRest(), request);
      if (problem instanceof ErrorEvent) return this.#failureOf(problem);
      // An HTML page, for example, was not cut off.
      if (failure === undefined && problem instanceof NotAnEvent && !problem.isTruncated) {
        return this.#failureOf(problem);
      }
      this.#error = error;
      if (problem !== undefined) failure ??= { kind: 'broken' };
    }
    if (failure !== undefined) return failure;
    this.#error = undefined;
    return { kind: 'ended' };
  }

  /**
   * Decodes the events of one chunk and records them.
   * @returns the problem of the first line that is not an event, or the ERROR event
   */
  #take(events: Iterable<ReadEvent>, request: RequestSpec): Error | undefined {
    const { type } = this.#query;
    let position: string | undefined;
    let problem: Error | undefined;
    try {
      for (const { event } of events) {
        if (event.kind === 'unknown') {
          this.#skip(event.type);
          continue;
        }
        if (event.kind === 'error') {
          const error = errorOfStatus(request, event.status, { json: event.json, subject: { type } });
          problem = new ErrorEvent(error);
          break;
        }
        if (
          event.kind === 'change' &&
          event.resourceVersion === '' &&
          this.#query.includeInEvents === 'None'
        ) {
          // Some aggregated servers send rows without a resource version. Later requests ask for
          // metadata.
          this.#query = { ...this.#query, includeInEvents: undefined };
          throw new NotAnEvent('a row without a resourceVersion');
        }
        if (event.kind === 'bookmark' && event.resourceVersion === '') continue;
        position = event.resourceVersion;
        if (event.kind === 'change') {
          this.#tellChanges(this.#ledger.event(event.change, event.page), false);
        } else {
          this.#hasBookmarks = true;
          this.#tell({ kind: 'bookmark', type, resourceVersion: position });
        }
      }
    } catch (thrown) {
      if (!(thrown instanceof Error)) throw thrown;
      problem = thrown;
    }
    this.#tellExcluded();
    // One input for the whole chunk: only the last resource version counts.
    if (position !== undefined && position !== '') this.#followed = position;
    if (position !== undefined) this.#enter({ kind: 'event', resourceVersion: position });
    return problem;
  }

  #skip(type: string): void {
    if (this.#skipped.has(type) || this.#skipped.size >= maxSkippedTypes) return;
    this.#skipped.add(type);
    this.#notice(`events of the unknown type ${JSON.stringify(type.slice(0, 40))} are skipped`);
  }

  #opened(): void {
    this.#credentialFailures = 0;
    this.#enter({ kind: 'opened' });
    this.#tell({ kind: 'state', type: this.#query.type, state: this.#state });
    if (this.#lostSinceMs === undefined) return;
    const seconds = Math.floor((this.#options.clock() - this.#lostSinceMs) / 1_000);
    this.#lostSinceMs = undefined;
    // A connection that returned within a second needs no notice.
    if (seconds > 0) this.#notice(`connected again after ${countText(seconds, 'second')}`);
  }

  #enter(input: WatchInput): void {
    const { clock, random, policy } = this.#options;
    this.#state = step(this.#state, input, clock(), random(), policy);
  }

  #fail(failure: Failure): void {
    const before = this.#state;
    const isOpen = before.phase === 'watching' && before.openSinceMs !== undefined;
    this.#reason = this.#reasonOf(failure, isOpen);
    this.#enter(failure);
    const state = this.#state;
    if (before.phase === 'listing' && failure.kind === 'refused' && failure.status === 410) {
      this.#inOneAnswer = true;
    }
    if (state.phase === 'done') return;
    // Where bookmarks never come, silence is not a failure: the new connection is a precaution.
    if (failure.kind === 'idle' && isOpen && !this.#hasBookmarks) return;
    // Reports a connection that keeps breaking only once, until a connection was healthy in
    // between.
    if (state.health.failures > 1 && this.#reason === this.#said) return;
    this.#said = this.#reason;
    this.#lostSinceMs ??= this.#options.clock();
    this.#notice(`${this.#reason}; ${describeNextStep(state)}`);
  }

  #reasonOf(failure: Failure, isOpen: boolean): string {
    const detail = this.#error === undefined ? '' : `: ${messageOf(this.#error)}`;
    switch (failure.kind) {
      case 'ended':
        return 'the server closed the connection';
      case 'idle':
        return isOpen ? 'nothing came for too long, not even a bookmark' : 'the server does not answer';
      case 'broken':
        if (detail === '') return 'the connection broke in the middle of an event';
        // The transport describes a truncated response. A watch loses nothing, so its message is
        // shorter.
        if (this.#error instanceof ConfigError) return `no credential is available${detail}`;
        return this.#error?.code === 'TruncatedBody'
          ? 'the connection broke'
          : `the connection broke${detail}`;
      case 'garbage':
        return `something unreadable came${detail}`;
      case 'refused':
        if (failure.status === 410) return 'the server has forgotten this moment (410)';
        return failure.isEvent === true ? `the server ended the watch${detail}` : `refused${detail}`;
    }
  }

  /**
   * Returns undefined for an unknown type instead of throwing. When a type disappears during a
   * watch, the server can serve it again soon.
   */
  async #rediscoverLater(type: ResourceType): Promise<ResourceType | undefined> {
    try {
      return await this.#options.rediscover?.(type);
    } catch (thrown) {
      if (thrown instanceof UsageError) return undefined;
      throw thrown;
    }
  }

  /**
   * Translates an error into an input of the state machine.
   * @throws errors that are not failures of the server: the abort by the caller, bugs
   */
  #failureOf(thrown: unknown): Failure {
    this.#leaving.signal.throwIfAborted();
    this.#error = undefined;
    if (thrown instanceof Idle) return { kind: 'idle' };
    if (thrown instanceof NotAnEvent || thrown instanceof EndlessLine) {
      this.#error = new ServerError(thrown.message, { code: 'NotAnEvent', cause: thrown });
      return { kind: 'garbage' };
    }
    if (thrown instanceof ErrorEvent) {
      this.#error = thrown.error;
      return { ...refusalOf(thrown.error.facts), isEvent: true };
    }
    if (!(thrown instanceof KapiError) || thrown instanceof BugError) throw thrown;
    this.#error = thrown;
    // From an exec plugin or a token file when a credential is renewed. It can be available again
    // soon.
    if (thrown instanceof ConfigError) {
      this.#credentialFailures++;
      // Stops an exec plugin with an interactive login from starting again and again.
      if (this.#credentialFailures >= maxCredentialFailures) throw thrown;
      return { kind: 'broken' };
    }
    if (thrown instanceof ConnectionError) return { kind: 'broken' };
    const refusal = thrown instanceof RefusedError || thrown instanceof ServerError ? thrown : undefined;
    // Without facts the response was not understood.
    if (refusal?.facts === undefined) return { kind: 'garbage' };
    const isTooLarge = this.#state.phase === 'watching' && isTooLargeVersion(refusal);
    return isTooLarge ? { ...refusalOf(refusal.facts), isTooLarge } : refusalOf(refusal.facts);
  }

  #finalError({ failure, because }: Extract<WatchState, { phase: 'done' }>): KapiError {
    if (because === 'failedStart' && this.#error !== undefined) return this.#error;
    const { giveUpAfterMs, refusedAfterMs } = this.#options.policy ?? defaultPolicy;
    const refused = failure.kind === 'refused' && failure.status < 500 && failure.status !== 429;
    const patience = Math.round((refused ? refusedAfterMs : giveUpAfterMs) / 1_000);
    return new ConnectionError(`the ${this.#name()} is lost: ${this.#reason}`, {
      code: 'WatchLost',
      causes: [`tried again for ${countText(patience, 'second')}`],
      hint: this.#error?.hint,
      cause: this.#error,
    });
  }

  #name(): string {
    const { type, name } = this.#query;
    return `watch of ${groupResourceOf(type)}${name === undefined ? '' : `/${name}`}`;
  }

  #notice(text: string): void {
    this.#tell({ kind: 'notice', type: this.#query.type, text: `${this.#name()}: ${text}` });
  }

  #tell(item: WatchItem): void {
    this.#items.push(item);
  }

  #tellChanges(changes: readonly Change[], initial: boolean): number {
    const isDeparted = this.#query.departed !== undefined;
    for (const change of changes) {
      this.#items.push(
        isDeparted
          ? { kind: 'change', change, initial: false, isDeparted }
          : { kind: 'change', change, initial },
      );
    }
    return changes.length;
  }

  #tellExcluded(): void {
    if (this.#saidExcluded || !this.#ledger.hasExcluded) return;
    this.#saidExcluded = true;
    this.#notice(ignoredSelector);
  }

  #takeItems(): readonly WatchItem[] {
    const items = this.#items;
    this.#items = [];
    return items;
  }
}

/** Max unknown event types that are reported. kapi skips further types silently. */
const maxSkippedTypes = 5;
/**
 * Max attempts without a credential since the last open watch: an exec plugin fails, or a token
 * file is missing. The watch ends with the error of the last one.
 */
const maxCredentialFailures = 4;

/** An ERROR event of the stream, with the error made from its Status. */
class ErrorEvent extends Error {
  readonly error: RefusedError | ServerError;
  constructor(error: RefusedError | ServerError) {
    super(error.message);
    this.error = error;
  }
}

/**
 * Returns the refusal for the state machine. Servers express "expired" by the code 410, by the
 * reason, or by both.
 */
function refusalOf(facts: StatusFacts | undefined): Extract<Failure, { kind: 'refused' }> {
  const isExpired = facts?.reason === 'Expired' || facts?.reason === 'Gone';
  return {
    kind: 'refused',
    status: isExpired ? 410 : (facts?.httpStatus ?? 500),
    retryAfterMs: (facts?.retryAfterSeconds ?? 0) * 1_000,
  };
}

function isForbidden(thrown: unknown): boolean {
  return thrown instanceof RefusedError && thrown.facts.httpStatus === 403;
}

/** True if the rows of events hold only the metadata of objects. */
function isMetadataOnly({ as, includeObject, includeInEvents }: WatchQuery): boolean {
  return as === 'table' && (includeInEvents ?? includeObject ?? 'Metadata') === 'Metadata';
}

function versionOf(page: Page): string {
  return page.kind === 'table' ? page.table.resourceVersion : (page.resourceVersion ?? '');
}

/** Describes the next step of a watch after a failure, for its notice. */
function describeNextStep(state: WatchState): string {
  if (state.phase === 'listing') return 'reading the list again';
  if (state.phase !== 'waiting') return '';
  const seconds = (state.waitMs / 1_000).toFixed(1);
  return state.then.phase === 'listing'
    ? `reading the list again in ${seconds} s`
    : state.then.resourceVersion === ''
      ? `watching again in ${seconds} s`
      : `continuing from resourceVersion ${state.then.resourceVersion} in ${seconds} s`;
}

function countText(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
