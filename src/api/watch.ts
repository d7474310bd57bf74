// A watch that lives: lists, follows, resumes, lists again, and says so. Entry point: watchType(). What happens next is
// decided in watch-machine.ts, what a new list means in ledger.ts; several types at once are watch-types.ts.

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
import { sourceOf } from './answer.ts';
import { EndlessLine, EventLines } from './event-lines.ts';
import { getPage } from './get.ts';
import { Ledger } from './ledger.ts';
import { listPages } from './list.ts';
import { cutManagedFields } from './managed-fields.ts';
import { exclusionOf } from './selection.ts';
import { errorOf, errorOfStatus, isSuccess } from './status.ts';
import { Attempt, Idle } from './watch-attempt.ts';
import { checkVersion } from './watch-check.ts';
import {
  buildWatchRequest,
  decodeEvent,
  NotAnEvent,
  type EventContext,
  type WatchQuery,
} from './watch-event.ts';
import {
  defaultPolicy,
  initialState,
  step,
  type Failure,
  type WatchInput,
  type WatchPolicy,
  type WatchState,
} from './watch-machine.ts';

/** What comes out of a watch, in the order in which it happened. */
export type WatchItem =
  /** An object came, changed or went. */
  | {
      readonly kind: 'change';
      readonly change: Change;
      /** It was there when the watch began; no news. */
      readonly initial: boolean;
      /** It comes from a watch of one object that has left the selection. */
      readonly isDeparted?: boolean;
    }
  /** The first list is complete, all of it has been told; comes once. From here on changes are news. */
  | {
      readonly kind: 'synced';
      readonly type: ResourceType;
      readonly resourceVersion: string;
      /** Objects in it. */
      readonly count: number;
    }
  /** A later moment at which nothing had changed, from a bookmark; about once a minute. */
  | { readonly kind: 'bookmark'; readonly type: ResourceType; readonly resourceVersion: string }
  /** Something people should know, on one line without a full stop: the connection was lost, the list was read again. */
  | { readonly kind: 'notice'; readonly type: ResourceType; readonly text: string }
  /** What the watch is doing now; comes with every change of phase and when a connection opens. */
  | { readonly kind: 'state'; readonly type: ResourceType; readonly state: WatchState };

export interface WatchOptions {
  /** Ends the watch; its reason is thrown. */
  readonly signal: AbortSignal;
  readonly now: () => Date;
  readonly warn: (text: string) => void;
  /** 0 to 1. */
  readonly random: () => number;
  /** Resolves after a time in milliseconds; rejects with the signal's reason when aborted. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** A monotonic clock in milliseconds. */
  readonly clock: () => number;
  /** Asked when the server does not have the type: {@link Discovery.rediscover}. */
  readonly rediscover?: ((type: ResourceType) => Promise<ResourceType | undefined>) | undefined;
  readonly policy?: WatchPolicy;
  readonly limits?: Partial<WatchLimits>;
}

/** How long nothing may come before something is taken for dead. Milliseconds. */
export interface WatchLimits {
  /**
   * On an open watch. Bookmarks come every minute; two of them missing are no accident. Where none come (old servers, and
   * types in which nothing happened since the server was started) there is a new connection as often, in silence.
   */
  readonly idleMs: number;
  /** Until the server answers a watch: it does so at once, before there is anything to tell. */
  readonly openMs: number;
  /** For each page when the list is read again. The server gives up after a minute by itself. */
  readonly pageMs: number;
}

export const defaultLimits: WatchLimits = { idleMs: 150_000, openMs: 30_000, pageMs: 90_000 };

/**
 * Lists one type and follows it for ever, whatever the server does: a closed or broken connection is resumed from the
 * last resource version, an expired one (410) is followed by a new list whose difference is told as changes. Batches hold
 * what came in one piece of the stream, so that a burst of events costs few turns of the loop; none is empty. The next
 * batch is read when the caller asks for it, so a slow reader slows the server down instead of filling memory.
 *
 * The list is a list in pages, not a streaming one (`sendInitialEvents`): the first rows are there as soon, memory stays
 * as flat, a list needs no fall-back on servers and types that have no streaming, and it says where its end is.
 * @throws RefusedError, ServerError, ConnectionError, ConfigError of the first list or of a watch that was never granted
 * @throws ConnectionError `WatchLost` when the server stays away, or refuses, longer than the policy allows
 */
export function watchType(
  send: Send,
  query: WatchQuery,
  options: WatchOptions,
): AsyncGenerator<readonly WatchItem[], void, undefined> {
  return new Watch(send, query, options).run();
}

/** A busy server may drop the first change before it is read; then the start is looked for again, so often. */
const maxFloorSearches = 10;

class Watch {
  readonly #send: Send;
  readonly #options: WatchOptions;
  readonly #limits: WatchLimits;
  readonly #ledger: Ledger;
  /** Aborted by the caller's signal, and when the caller leaves. */
  readonly #leaving = new AbortController();
  #query: WatchQuery;
  #state: WatchState = initialState;
  #items: WatchItem[] = [];
  #synced = false;
  /** The list is asked for in one answer: the last one expired between two pages. */
  #inOneAnswer = false;
  /** The last failure as an error; undefined where it was none, such as a clean end. */
  #error: KapiError | undefined;
  /** Attempts in a row for which there was no credential. */
  #credentialFailures = 0;
  /** The last failure in words. */
  #reason = '';
  /** What was said of the present trouble, so that it is said once. */
  #said = '';
  /** The server sends bookmarks for this type, so that their absence means something. */
  #hasBookmarks = false;
  /** That the server ignores the selector was told. */
  #saidExcluded = false;
  /** The named object is read with `get`, since the list is forbidden: `get` and `watch` are enough then. */
  #readsByGet = false;
  /** Up to where the stream has brought events; empty: it has not brought any. */
  #followed = '';
  /** How often the start of the remembered changes was looked for. */
  #floorSearches = 0;
  /** Types of events that were skipped, each of which is told once. */
  readonly #skipped = new Set<string>();
  /** Since when nobody was told that the connection is there again; undefined: nobody waits for that. */
  #lostSinceMs: number | undefined;

  constructor(send: Send, query: WatchQuery, options: WatchOptions) {
    this.#send = send;
    this.#query = query;
    const namespace = query.type.namespaced ? query.namespace : undefined;
    const excludes = exclusionOf(query.labelSelector, query.fieldSelector);
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
        // Not before the first list: whoever asks for the first batch of several watches shall have all lists under way.
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
            throw this.#lastWords(state);
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
      // Read when the watch is open: the version of one object is no moment of its type.
      this.#enter({ kind: 'listed', resourceVersion: '' });
      return;
    }
    if (this.#query.replays === true && this.#followed === '' && this.#floorSearches++ < maxFloorSearches) {
      await this.#findPast();
      return;
    }
    const initial = cause === 'start';
    // The first list takes the time it takes, as in `kapi list`; later ones must not hang unnoticed.
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
        // The server may serve it in another version than was known.
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
    if (!initial) this.#notice(`the list was read again, with ${counted(changes, 'change')} in the meantime`);
    this.#lostSinceMs = undefined;
    this.#enter({ kind: 'listed', resourceVersion });
  }

  /** Without a list at the start, objects that are older than what was followed are new to the ledger alone. */
  #news(changes: readonly Change[]): readonly Change[] {
    if (this.#query.replays !== true) return changes;
    return changes.filter(
      ({ change, resourceVersion }) =>
        change !== 'ADDED' || (compareResourceVersions(resourceVersion, this.#followed) ?? 1) > 0,
    );
  }

  /** Makes the watch begin with the oldest change that the server remembers. */
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

  /** Notes what was there before the first change, so that its deletion is not missed when the list is read again. */
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
      // Compacted or forbidden.
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

  /** Whether the list of a named object was forbidden and `get` is not. */
  async #canReadByGet(thrown: unknown): Promise<boolean> {
    if (this.#query.name === undefined || !isForbidden(thrown)) return false;
    const attempt = new Attempt(this.#leaving.signal, this.#options);
    try {
      await this.#getNamed(attempt);
      return true;
    } catch {
      // What is told is the refusal of the list.
      this.#leaving.signal.throwIfAborted();
      return false;
    } finally {
      attempt.end();
    }
  }

  /** The named object as a page; undefined when there is none. */
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

  /** What the named object is once the watch is open, so that nothing falls between the two. */
  async #readNamed(attempt: Attempt): Promise<void> {
    const page = await this.#getNamed(attempt);
    const initial = !this.#synced;
    this.#ledger.beginList();
    if (page !== undefined) this.#tellChanges(this.#ledger.list(page), initial);
    this.#tellChanges(this.#ledger.endList(), initial);
    this.#tellSynced('');
  }

  /** @returns whether the watch may go on from the version */
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
    // Else silent watches have been too many.
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
      const lines = new EventLines(holdsMetadataOnly(this.#query) ? cutManagedFields : undefined);
      attempt.expect(this.#limits.idleMs);
      let failure: Failure | undefined;
      try {
        for await (const chunk of response.body) {
          attempt.pause();
          const problem = this.#take(() => lines.push(chunk), context, request);
          // What came before something unreadable is good and counts.
          if (this.#items.length > 0) yield this.#takeItems();
          if (problem !== undefined) throw problem;
          attempt.expect(this.#limits.idleMs);
        }
      } catch (thrown) {
        failure = this.#failureOf(thrown);
      }
      this.#fail(this.#takeRest(lines, context, request, failure));
    } catch (thrown) {
      this.#fail(this.#failureOf(thrown));
    } finally {
      attempt.end();
      response?.cancel();
    }
  }

  /**
   * The end of a stream: what came last without a line end is an event when it is a whole one, as for client-go.
   * @param failure why it ended; undefined: the server closed it in good order
   */
  #takeRest(
    lines: EventLines,
    context: EventContext,
    request: RequestSpec,
    failure: Failure | undefined,
  ): Failure {
    if (lines.rest > 0 && (failure === undefined || failure.kind === 'broken')) {
      const error = this.#error;
      const problem = this.#take(() => lines.takeRest(), context, request);
      if (problem instanceof ErrorEvent) return this.#failureOf(problem);
      this.#error = error;
      if (problem !== undefined) failure ??= { kind: 'broken' };
    }
    if (failure !== undefined) return failure;
    this.#error = undefined;
    return { kind: 'ended' };
  }

  /** Takes the events of one piece of the stream. @returns what was wrong with the first line that is none */
  #take(linesOf: () => readonly string[], context: EventContext, request: RequestSpec): Error | undefined {
    const { type } = context;
    let position: string | undefined;
    let problem: Error | undefined;
    try {
      for (const line of linesOf()) {
        const event = decodeEvent(line, context);
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
          // Some aggregated servers make rows that say nothing of their version: from here on with metadata.
          this.#query = { ...this.#query, includeInEvents: undefined };
          throw new NotAnEvent('a row without a resourceVersion');
        }
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
    // One input for the whole piece: of many positions only the last counts.
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
    // What was repaired before anybody could read about it needs no second line.
    if (seconds > 0) this.#notice(`connected again after ${counted(seconds, 'second')}`);
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
    // Where bookmarks never come, silence is no trouble: the new connection is a precaution.
    if (failure.kind === 'idle' && isOpen && !this.#hasBookmarks) return;
    // A connection that breaks again and again is told of once, until it has been well in between.
    if (state.health.failures > 1 && this.#reason === this.#said) return;
    this.#said = this.#reason;
    this.#lostSinceMs ??= this.#options.clock();
    this.#notice(`${this.#reason}; ${nextWords(state)}`);
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
        // The transport's words are for answers that are now incomplete; here nothing is lost.
        if (this.#error instanceof ConfigError) return `no credential could be had${detail}`;
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

  /** A type that goes away under a watch is a refusal of the server, which may serve it again in a moment. */
  async #rediscoverLater(type: ResourceType): Promise<ResourceType | undefined> {
    try {
      return await this.#options.rediscover?.(type);
    } catch (thrown) {
      if (thrown instanceof UsageError) return undefined;
      throw thrown;
    }
  }

  /** @throws what is no failure of the server: the end that the caller wants, a bug */
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
    // Of an exec plugin or a token file, when a credential is renewed: it may be there again in a moment.
    if (thrown instanceof ConfigError) {
      this.#credentialFailures++;
      // A login that asks somebody must not be begun again and again.
      if (this.#credentialFailures >= maxCredentialFailures) throw thrown;
      return { kind: 'broken' };
    }
    if (thrown instanceof ConnectionError) return { kind: 'broken' };
    const facts = thrown instanceof RefusedError || thrown instanceof ServerError ? thrown.facts : undefined;
    // An answer that cannot be understood.
    return facts === undefined ? { kind: 'garbage' } : refusalOf(facts);
  }

  #lastWords({ failure, because }: Extract<WatchState, { phase: 'done' }>): KapiError {
    if (because === 'answer' && this.#error !== undefined) return this.#error;
    const { giveUpAfterMs, refusedAfterMs } = this.#options.policy ?? defaultPolicy;
    const refused = failure.kind === 'refused' && failure.status < 500 && failure.status !== 429;
    const patience = Math.round((refused ? refusedAfterMs : giveUpAfterMs) / 1_000);
    return new ConnectionError(`the ${this.#name()} is lost: ${this.#reason}`, {
      code: 'WatchLost',
      causes: [`tried again for ${counted(patience, 'second')}`],
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
    this.#notice('the server sends objects that the selector does not select; kapi leaves them out');
  }

  #takeItems(): readonly WatchItem[] {
    const items = this.#items;
    this.#items = [];
    return items;
  }
}

/** More types of unknown events are skipped in silence. */
const maxSkippedTypes = 5;
/** Runs of an exec plugin that fails, or looks at a token file that is gone, before the watch ends with that error. */
const maxCredentialFailures = 4;

/** An ERROR event of the stream, with the error that its Status makes. */
class ErrorEvent extends Error {
  readonly error: RefusedError | ServerError;
  constructor(error: RefusedError | ServerError) {
    super(error.message);
    this.error = error;
  }
}

/** Servers say with the code, with the reason, or with both that a version is too old. */
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

/** Objects of such answers are metadata and nothing else. */
function holdsMetadataOnly({ as, includeObject, includeInEvents }: WatchQuery): boolean {
  return as === 'table' && (includeInEvents ?? includeObject ?? 'Metadata') === 'Metadata';
}

function versionOf(page: Page): string {
  return page.kind === 'table' ? page.table.resourceVersion : (page.resourceVersion ?? '');
}

/** What a watch in trouble does next, for its notice. */
function nextWords(state: WatchState): string {
  if (state.phase === 'listing') return 'reading the list again';
  if (state.phase !== 'waiting') return '';
  const seconds = (state.waitMs / 1_000).toFixed(1);
  return state.then.phase === 'listing'
    ? `reading the list again in ${seconds} s`
    : state.then.resourceVersion === ''
      ? `watching again in ${seconds} s`
      : `going on from resourceVersion ${state.then.resourceVersion} in ${seconds} s`;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
