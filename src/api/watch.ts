// A watch that lives: lists, follows, resumes, lists again, and says so. Entry point: watchType(). What happens next is
// decided in watch-machine.ts, what a new list means in ledger.ts; several types at once are watch-types.ts.

import {
  BugError,
  ConfigError,
  ConnectionError,
  KapiError,
  RefusedError,
  ServerError,
  messageOf,
} from '../errors.ts';
import { forwardAbort } from '../model/abort.ts';
import type { Change } from '../model/change.ts';
import type { Page } from '../model/page.ts';
import type { ApiResponse, RequestSpec, Send } from '../model/request.ts';
import { groupResourceOf, type ResourceType } from '../model/resource.ts';
import { sourceOf } from './answer.ts';
import { EndlessLine, EventLines } from './event-lines.ts';
import { Ledger } from './ledger.ts';
import { listPages } from './list.ts';
import { cutManagedFields } from './managed-fields.ts';
import { errorOf, errorOfStatus, isSuccess } from './status.ts';
import { Attempt, Idle } from './watch-attempt.ts';
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
  /** The last failure in words. */
  #reason = '';
  /** What was said of the present trouble, so that it is said once. */
  #said = '';
  /** The server sends bookmarks for this type, so that their absence means something. */
  #hasBookmarks = false;
  /** Since when nobody was told that the connection is there again; undefined: nobody waits for that. */
  #lostSinceMs: number | undefined;

  constructor(send: Send, query: WatchQuery, options: WatchOptions) {
    this.#send = send;
    this.#query = query;
    this.#ledger = new Ledger(query.type.namespaced ? query.namespace : undefined, query.remembersLabels);
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
        ...{ signal: attempt.signal, now, warn, rediscover },
        oneMoment: true,
      });
      for await (const page of pages) {
        attempt.pause();
        resourceVersion ||= versionOf(page);
        // The server may serve it in another version than was known.
        this.#query = { ...this.#query, type: page.type };
        changes += this.#tellChanges(this.#ledger.list(page), initial);
        if (this.#items.length > 0) yield this.#takeItems();
        attempt.expect(limitMs);
      }
    } catch (thrown) {
      this.#fail(this.#failureOf(thrown));
      return;
    } finally {
      attempt.end();
    }
    this.#inOneAnswer = false;
    changes += this.#tellChanges(this.#ledger.endList(), initial);
    if (!this.#synced) {
      this.#synced = true;
      const count = this.#ledger.size;
      this.#tell({ kind: 'synced', type: this.#query.type, resourceVersion, count });
    }
    if (!initial) this.#notice(`the list was read again, with ${counted(changes, 'change')} in the meantime`);
    this.#lostSinceMs = undefined;
    this.#enter({ kind: 'listed', resourceVersion });
  }

  async *#follow(resourceVersion: string): AsyncGenerator<readonly WatchItem[], void, undefined> {
    const { type, as } = this.#query;
    const request = buildWatchRequest(this.#query, resourceVersion);
    const attempt = new Attempt(this.#leaving.signal, this.#options);
    let response: ApiResponse | undefined;
    try {
      attempt.expect(this.#limits.openMs);
      response = await this.#send(request, { signal: attempt.signal });
      if (!isSuccess(response)) throw await errorOf(request, response, { type });
      attempt.pause();
      this.#opened();
      yield this.#takeItems();
      const context = { type, as, source: sourceOf(request, response), now: this.#options.now };
      const lines = new EventLines(holdsMetadataOnly(this.#query) ? cutManagedFields : undefined);
      attempt.expect(this.#limits.idleMs);
      for await (const chunk of response.body) {
        attempt.pause();
        const problem = this.#take(lines, chunk, context, request);
        // What came before something unreadable is good and counts.
        if (this.#items.length > 0) yield this.#takeItems();
        if (problem !== undefined) throw problem;
        attempt.expect(this.#limits.idleMs);
      }
      this.#error = undefined;
      this.#fail({ kind: lines.rest === 0 ? 'ended' : 'broken' });
    } catch (thrown) {
      this.#fail(this.#failureOf(thrown));
    } finally {
      attempt.end();
      response?.cancel();
    }
  }

  /** Takes the events of one piece of the stream. @returns what was wrong with the first line that is none */
  #take(
    lines: EventLines,
    chunk: Uint8Array,
    context: EventContext,
    request: RequestSpec,
  ): Error | undefined {
    const { type } = context;
    let position: string | undefined;
    let problem: Error | undefined;
    try {
      for (const line of lines.push(chunk)) {
        const event = decodeEvent(line, context);
        if (event.kind === 'error') {
          problem = errorOfStatus(request, event.status, { json: event.json, subject: { type } });
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
    // One input for the whole piece: of many positions only the last counts.
    if (position !== undefined) this.#enter({ kind: 'event', resourceVersion: position });
    return problem;
  }

  #opened(): void {
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
        return this.#error?.code === 'TruncatedBody'
          ? 'the connection broke'
          : `the connection broke${detail}`;
      case 'garbage':
        return `something unreadable came${detail}`;
      case 'refused':
        return failure.status === 410 ? 'the server has forgotten this moment (410)' : `refused${detail}`;
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
    if (!(thrown instanceof KapiError) || thrown instanceof BugError) throw thrown;
    this.#error = thrown;
    // Of an exec plugin or a token file, when a credential is renewed: it may be there again in a moment.
    if (thrown instanceof ConnectionError || thrown instanceof ConfigError) return { kind: 'broken' };
    const facts = thrown instanceof RefusedError || thrown instanceof ServerError ? thrown.facts : undefined;
    // An answer that cannot be understood.
    if (facts === undefined) return { kind: 'garbage' };
    const retryAfterMs = (facts.retryAfterSeconds ?? 0) * 1_000;
    return { kind: 'refused', status: facts.httpStatus, retryAfterMs };
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
    for (const change of changes) this.#items.push({ kind: 'change', change, initial });
    return changes.length;
  }

  #takeItems(): readonly WatchItem[] {
    const items = this.#items;
    this.#items = [];
    return items;
  }
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
    : `going on from resourceVersion ${state.then.resourceVersion} in ${seconds} s`;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
