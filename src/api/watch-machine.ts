// Decides the next step of a watch as a pure state machine: list, watch, wait, list again, done.
// Entry point: step(). watch.ts sends requests, reads responses and runs timers.

/**
 * State of a watch: listing, watching, waiting (back-off) or done. Listing with the cause `expired`
 * is a re-list.
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes
 */
export type WatchState =
  /**
   * The watch reads the whole list. `expired`: the known resource version is too old to watch from.
   */
  | (ListNext & { readonly health: Health })
  /** The watch opens a connection or has one open. */
  | {
      readonly phase: 'watching';
      /** Version to resume from. All changes up to it were yielded. */
      readonly resourceVersion: string;
      /** When the server responded with 200. Undefined before that. */
      readonly openSinceMs: number | undefined;
      /** True if an event or bookmark came over this connection. */
      readonly receivedEvents: boolean;
      readonly health: Health;
    }
  /** The watch sends nothing for `waitMs` milliseconds. */
  | {
      readonly phase: 'waiting';
      readonly waitMs: number;
      readonly then: ListNext | WatchNext;
      readonly health: Health;
    }
  | {
      readonly phase: 'done';
      readonly failure: Failure;
      /**
       * `failedStart`: the watch failed before it began, so its error is the result. `lost`: the
       * server failed for longer than the policy allows.
       */
      readonly because: 'failedStart' | 'lost';
      readonly health: Health;
    };

interface ListNext {
  readonly phase: 'listing';
  readonly cause: 'start' | 'expired';
}
interface WatchNext {
  readonly phase: 'watching';
  readonly resourceVersion: string;
}

/** What went wrong, and since when. */
export interface Health {
  /**
   * True after the first open watch. Before that a refusal is final; after it a refusal can be
   * temporary.
   */
  readonly hasOpened: boolean;
  /** Consecutive failures. They determine the back-off. */
  readonly failures: number;
  /**
   * Time of the first failure since the server last granted a watch or a list. Undefined while the
   * watch is healthy.
   */
  readonly troubledSinceMs: number | undefined;
  /** Time of the first refusal since the server last granted a watch. */
  readonly refusedSinceMs: number | undefined;
  /** Unreadable streams since the last event or list. */
  readonly unreadableStreams: number;
  /**
   * Watches since the last event or list that brought neither an event nor a bookmark although the
   * server was reachable.
   */
  readonly emptyWatches: number;
  /**
   * True if the last watch was silent. The check of the version tells whether it was empty or
   * nothing happened.
   */
  readonly wasSilent: boolean;
  /**
   * True if the connection was lost or silent, or if the server responded with 401 or 5xx. The
   * server at the address can then be another one or have another store, so the version needs a
   * check before the next watch.
   */
  readonly isDoubtful: boolean;
}

/** Health of a watch before its first failure. */
export const initialHealth: Health = {
  hasOpened: false,
  failures: 0,
  troubledSinceMs: undefined,
  refusedSinceMs: undefined,
  unreadableStreams: 0,
  emptyWatches: 0,
  wasSilent: false,
  isDoubtful: false,
};

/** Initial state of a watch. */
export const initialState: WatchState = { phase: 'listing', cause: 'start', health: initialHealth };

/** Inputs of the state machine. */
export type WatchInput =
  /** The list is complete. */
  | { readonly kind: 'listed'; readonly resourceVersion: string }
  /** The server has answered the watch with 200. */
  | { readonly kind: 'opened' }
  /**
   * ADDED, MODIFIED, DELETED or BOOKMARK, with the resource version that the stream has reached.
   */
  | { readonly kind: 'event'; readonly resourceVersion: string }
  /** The result of the check whether the server's store has the version of the watch. */
  | { readonly kind: 'checked'; readonly verdict: CheckVerdict }
  | Failure
  /** The wait of a waiting state is over. */
  | { readonly kind: 'waited' };

/**
 * Whether the server's store has the version that a watch resumes from. `lost`: it does not, or it
 * has other objects. `same`: it does, and the type has not changed since. `known`: it does.
 * `unknown`: the server did not tell.
 */
export type CheckVerdict = 'lost' | 'same' | 'known' | 'unknown';

/** A failure of a list or a watch. */
export type Failure =
  /**
   * The server responded with a status that is not a success, or sent an ERROR event (`isEvent`)
   * with that code. `status` is 410 for the reasons Expired and Gone, whatever the code is.
   */
  | {
      readonly kind: 'refused';
      readonly status: number;
      readonly retryAfterMs: number;
      readonly isEvent?: boolean;
      /** True if the server's store has not reached the version of the watch. */
      readonly isTooLarge?: boolean;
    }
  /** No response, a broken connection, or no credential. */
  | { readonly kind: 'broken' }
  /** The server closed the stream cleanly, as it does after about half an hour. */
  | { readonly kind: 'ended' }
  /** Nothing came for longer than the time limit. */
  | { readonly kind: 'idle' }
  /** A line that is not an event. The rest of the stream cannot be trusted. */
  | { readonly kind: 'garbage' };

/** Time limits of a watch in milliseconds. */
export interface WatchPolicy {
  /** How long a server can be unreachable before the watch is lost. */
  readonly giveUpAfterMs: number;
  /**
   * How long a server can refuse (401, 403, 404 and similar) after it has granted the watch. A
   * credential can be about to be renewed, and a server that has just started refuses until it has
   * loaded its RBAC rules and CRDs.
   */
  readonly refusedAfterMs: number;
  /** Base of the back-off. It doubles with each failure. */
  readonly firstWaitMs: number;
  /** Max wait that the server did not ask for. */
  readonly maxWaitMs: number;
}

/**
 * Default time limits. client-go's reflector waits from 0.8 to 30 seconds and never gives up; users
 * at a terminal need both sooner.
 */
export const defaultPolicy: WatchPolicy = {
  giveUpAfterMs: 300_000,
  refusedAfterMs: 30_000,
  firstWaitMs: 250,
  maxWaitMs: 15_000,
};

/**
 * Min age of an open connection that counts as stable, even without events. A stable connection
 * resets the failures before it.
 */
const steadyAfterMs = 5_000;

/**
 * Max failures that count for a connection that brought events and then broke. Such a connection
 * reopens soon, but never immediately.
 */
const maxFailuresWhileReceiving = 2;

/**
 * The number of unreadable streams from the same version after which the watch reads the list
 * again.
 */
const maxUnreadableStreams = 3;

/**
 * The number of watches from the same version without an event or bookmark after which the watch
 * reads the list again.
 */
const maxEmptyWatches = 3;

/**
 * Returns the next state.
 * @param nowMs a monotonic clock in milliseconds
 * @param jitter 0 to 1; spreads the waits, so that clients that lost the same server do not return
 * at the same time
 */
export function step(
  state: WatchState,
  input: WatchInput,
  nowMs: number,
  jitter: number,
  policy: WatchPolicy = defaultPolicy,
): WatchState {
  if (state.phase === 'done') return state;
  const { health } = state;
  switch (input.kind) {
    case 'listed':
      return startWatching(input.resourceVersion, {
        ...health,
        ...{
          troubledSinceMs: undefined,
          unreadableStreams: 0,
          emptyWatches: 0,
          wasSilent: false,
          isDoubtful: false,
        },
      });
    case 'opened':
      if (state.phase !== 'watching') return state;
      return { ...state, openSinceMs: nowMs, health: { ...healthAfterGrant(health), hasOpened: true } };
    case 'event':
      if (state.phase !== 'watching') return state;
      return {
        ...state,
        // Kubernetes servers always send a version. An event without one is yielded, but the watch
        // cannot resume from it.
        resourceVersion: input.resourceVersion === '' ? state.resourceVersion : input.resourceVersion,
        ...(bringsNothing(state, input.resourceVersion, nowMs)
          ? {}
          : { receivedEvents: true, health: { ...health, unreadableStreams: 0, emptyWatches: 0 } }),
      };
    case 'checked':
      return state.phase === 'watching' ? afterCheck(state, input.verdict) : state;
    case 'waited':
      if (state.phase !== 'waiting') return state;
      return state.then.phase === 'listing'
        ? { ...state.then, health }
        : startWatching(state.then.resourceVersion, health);
    case 'refused':
    case 'broken':
    case 'ended':
    case 'idle':
    case 'garbage':
      return afterFailure(state, input, nowMs, jitter, policy);
  }
}

/**
 * True for a bookmark of the version that the watch began with, soon after the watch opened. A
 * server that sends one and closes the watch, again and again, is not believed.
 */
function bringsNothing(
  { resourceVersion, openSinceMs }: Extract<WatchState, { phase: 'watching' }>,
  received: string,
  nowMs: number,
): boolean {
  return received === resourceVersion && openSinceMs !== undefined && nowMs - openSinceMs < steadyAfterMs;
}

function afterCheck(state: Extract<WatchState, { phase: 'watching' }>, verdict: CheckVerdict): WatchState {
  const { health } = state;
  switch (verdict) {
    case 'lost':
      return { phase: 'listing', cause: 'expired', health };
    case 'same':
    case 'known':
    case 'unknown': {
      // For `same`, the server itself says that there was nothing to send.
      const emptyWatches = health.emptyWatches + (health.wasSilent && verdict !== 'same' ? 1 : 0);
      const checked = { ...health, emptyWatches, wasSilent: false, isDoubtful: verdict === 'unknown' };
      return emptyWatches >= maxEmptyWatches
        ? { phase: 'listing', cause: 'expired', health: checked }
        : { ...state, health: checked };
    }
  }
}

/**
 * Resets the times of failures. A server that grants watches is healthy even if it sends nothing: a
 * server sends no bookmarks for types that did not change since it started.
 */
function healthAfterGrant(health: Health): Health {
  return { ...health, troubledSinceMs: undefined, refusedSinceMs: undefined };
}

function startWatching(resourceVersion: string, health: Health): WatchState {
  return { phase: 'watching', resourceVersion, openSinceMs: undefined, receivedEvents: false, health };
}

type Alive = Exclude<WatchState, { readonly phase: 'done' }>;

function afterFailure(
  state: Alive,
  failure: Failure,
  nowMs: number,
  jitter: number,
  policy: WatchPolicy,
): WatchState {
  const health = healthAfterFailure(state, failure, nowMs);
  const done = (because: 'failedStart' | 'lost'): WatchState => ({ phase: 'done', failure, because, health });
  const expired = failure.kind === 'refused' && failure.status === 410;
  // Reports a failure of the first list immediately instead of waiting: a wrong name or address
  // does not fix itself.
  if (state.phase === 'listing' && state.cause === 'start' && !expired) return done('failedStart');
  if (isLasting(failure)) {
    if (!health.hasOpened) return done('failedStart');
    if (nowMs - (health.refusedSinceMs ?? nowMs) >= policy.refusedAfterMs) return done('lost');
  }
  if (nowMs - (health.troubledSinceMs ?? nowMs) >= policy.giveUpAfterMs) return done('lost');
  const then = nextAttempt(state, failure, health);
  // The first re-list starts immediately. A server that rejects every version as too old needs a
  // pause between requests.
  if (expired && health.failures === 1 && then.phase === 'listing') return { ...then, health };
  const asked = failure.kind === 'refused' ? Math.min(failure.retryAfterMs, policy.giveUpAfterMs) : 0;
  const waitMs = Math.max(asked, backOffMs(health.failures, jitter, policy));
  return { phase: 'waiting', waitMs, then, health };
}

/**
 * True for a refusal that is about the request, and not about a server that is busy, starting or
 * stopping.
 */
function isLasting(failure: Failure): boolean {
  if (failure.kind !== 'refused') return false;
  const { status } = failure;
  return status >= 400 && status < 500 && status !== 408 && status !== 410 && status !== 429;
}

function healthAfterFailure(state: Alive, failure: Failure, nowMs: number): Health {
  const before = state.health;
  let { failures } = before;
  if (state.phase === 'watching' && state.openSinceMs !== undefined) {
    if (nowMs - state.openSinceMs >= steadyAfterMs) failures = 0;
    else if (state.receivedEvents) failures = Math.min(failures, maxFailuresWhileReceiving);
  }
  return {
    hasOpened: before.hasOpened,
    failures: failures + 1,
    troubledSinceMs: before.troubledSinceMs ?? nowMs,
    refusedSinceMs: isLasting(failure) ? (before.refusedSinceMs ?? nowMs) : before.refusedSinceMs,
    unreadableStreams: before.unreadableStreams + (failure.kind === 'garbage' ? 1 : 0),
    emptyWatches: before.emptyWatches + (isEmptyWatch(state, failure) ? 1 : 0),
    wasSilent: failure.kind === 'idle' && state.phase === 'watching' && !state.receivedEvents,
    isDoubtful: before.isDoubtful || canChangeServer(failure),
  };
}

/**
 * True if the watch brought nothing although the server was reachable. A server with a broken store
 * responds with 500.
 */
function isEmptyWatch(state: Alive, failure: Failure): boolean {
  if (state.phase !== 'watching' || state.receivedEvents || failure.kind === 'idle') return false;
  return state.openSinceMs !== undefined || (failure.kind === 'refused' && failure.status === 500);
}

/** True if another server, or the same server with another store, can respond next. */
function canChangeServer(failure: Failure): boolean {
  if (failure.kind === 'refused')
    return failure.isEvent !== true && (failure.status >= 500 || failure.status === 401);
  return failure.kind === 'broken' || failure.kind === 'idle';
}

function nextAttempt(
  state: Alive,
  failure: Failure,
  { unreadableStreams, emptyWatches }: Health,
): ListNext | WatchNext {
  if (state.phase === 'listing') return { phase: 'listing', cause: state.cause };
  const here: ListNext | WatchNext =
    state.phase === 'waiting' ? state.then : { phase: 'watching', resourceVersion: state.resourceVersion };
  const relist: ListNext = { phase: 'listing', cause: 'expired' };
  if (emptyWatches >= maxEmptyWatches) return relist;
  if (failure.kind === 'garbage') return unreadableStreams >= maxUnreadableStreams ? relist : here;
  if (failure.kind !== 'refused') return here;
  // As client-go's reflector: after an ERROR event, only a busy server (429) gets the same version
  // again.
  if (failure.isEvent === true) return failure.status === 429 ? here : relist;
  if (failure.isTooLarge === true) return relist;
  // A new list cures 410, and it is the only possible cure for other errors of this request: a type
  // that moved to another version, a version of another etcd. It does not cure credentials and
  // permissions.
  const aboutCredentials = failure.status === 401 || failure.status === 403;
  return failure.status === 410 || (isLasting(failure) && !aboutCredentials) ? relist : here;
}

/**
 * Returns the wait before the next attempt in milliseconds. It doubles with each failure up to
 * `maxWaitMs`; half of it is random.
 * @param failures consecutive failures, from 1 on
 * @param jitter 0 to 1
 */
export function backOffMs(failures: number, jitter: number, policy: WatchPolicy = defaultPolicy): number {
  const whole = Math.min(policy.maxWaitMs, policy.firstWaitMs * 2 ** Math.min(failures - 1, 20));
  return Math.round(whole * (0.5 + jitter / 2));
}
