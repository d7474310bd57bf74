// What a watch does next, as a pure state machine: list, watch, wait, list again, done. Entry point: step(). Sending,
// reading and timers are watch.ts; this file only decides.

/**
 * Listing, Watching, Waiting (back-off) and Done; listing with the cause `expired` is the re-list.
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes
 */
export type WatchState =
  /** The whole collection is being read. `expired`: what was known of it is too old to go on from. */
  | (ListNext & { readonly health: Health })
  /** A watch is being opened or is open. */
  | {
      readonly phase: 'watching';
      /** Where it goes on: everything up to here has been told. */
      readonly resourceVersion: string;
      /** When the server answered 200; undefined: not yet. */
      readonly openSinceMs: number | undefined;
      /** Something came over this connection. */
      readonly receivedEvents: boolean;
      readonly health: Health;
    }
  /** Nothing is sent for so long. */
  | {
      readonly phase: 'waiting';
      readonly waitMs: number;
      readonly then: ListNext | WatchNext;
      readonly health: Health;
    }
  | {
      readonly phase: 'done';
      readonly failure: Failure;
      /** `answer`: it failed before it had begun, so the failure is what to tell. `lost`: patience is at its end. */
      readonly because: 'answer' | 'lost';
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

/** What has gone wrong, and since when. */
export interface Health {
  /** A watch was open once. From then on refusals may be passing ones; before, they are the answer. */
  readonly begun: boolean;
  /** Failures in a row: how far the back-off has come. */
  readonly failures: number;
  /** When the first failure happened since the server last granted a watch or a list; undefined while all is well. */
  readonly troubledSinceMs: number | undefined;
  /** When the first refusal came after the last watch that was granted. */
  readonly refusedSinceMs: number | undefined;
  /** Streams in a row that held something unreadable after the same resource version. */
  readonly garbled: number;
  /** Watches in a row that the server granted and that brought neither an event nor a bookmark. */
  readonly fruitless: number;
  /** The last watch was silent: whether it was fruitless or nothing happened is for the check to say. */
  readonly wasSilent: boolean;
  /**
   * The connection was lost or silent, so the server at the address may be another one, or have another store. The version
   * has to be checked before the next watch is believed.
   */
  readonly isDoubtful: boolean;
}

export const initialHealth: Health = {
  begun: false,
  failures: 0,
  troubledSinceMs: undefined,
  refusedSinceMs: undefined,
  garbled: 0,
  fruitless: 0,
  wasSilent: false,
  isDoubtful: false,
};

/** The state that a watch begins with. */
export const initialState: WatchState = { phase: 'listing', cause: 'start', health: initialHealth };

/** What can happen to a watch. */
export type WatchInput =
  /** The list is complete. */
  | { readonly kind: 'listed'; readonly resourceVersion: string }
  /** The server has answered the watch with 200. */
  | { readonly kind: 'opened' }
  /** ADDED, MODIFIED, DELETED or BOOKMARK: the stream has come so far. */
  | { readonly kind: 'event'; readonly resourceVersion: string }
  /** The server was asked whether the version of the watch exists in its store. */
  | { readonly kind: 'checked'; readonly verdict: CheckVerdict }
  | Failure
  /** The time of a waiting state is over. */
  | { readonly kind: 'waited' };

/**
 * Whether the server's store has the version that a watch goes on from.
 * `lost`: it does not, or not with the same objects. `same`: it does, and nothing has happened to the type since. `known`: it
 * does. `unknown`: the server did not say.
 */
export type CheckVerdict = 'lost' | 'same' | 'known' | 'unknown';

/** What can go wrong. */
export type Failure =
  /**
   * The server answered with a status that is no success, or sent an ERROR event (`isEvent`) with its code. Reasons that
   * mean 410 (Expired, Gone) come as 410 whatever the code says.
   */
  | {
      readonly kind: 'refused';
      readonly status: number;
      readonly retryAfterMs: number;
      readonly isEvent?: boolean;
    }
  /** No answer, or a connection that broke. */
  | { readonly kind: 'broken' }
  /** The server closed the stream in good order, as it does after half an hour or so. */
  | { readonly kind: 'ended' }
  /** Nothing came for longer than bookmarks allow. */
  | { readonly kind: 'idle' }
  /** Something that is no event: the rest of the stream cannot be trusted. */
  | { readonly kind: 'garbage' };

/** How patient a watch is. Milliseconds. */
export interface WatchPolicy {
  /** How long a server may stay away before it is lost for good. */
  readonly giveUpAfterMs: number;
  /**
   * How long it may refuse (401, 403, 404 and the like) once it has granted the watch: a credential may be about to be
   * replaced, and a server that has just started answers so until it has read its own rules and types.
   */
  readonly refusedAfterMs: number;
  /** Wait before the second attempt; doubles with each failure. */
  readonly firstWaitMs: number;
  /** Longest wait that the server did not ask for. */
  readonly maxWaitMs: number;
}

/** client-go's reflector waits from 0.8 to 30 seconds and never gives up; people who look at a terminal want both sooner. */
export const defaultPolicy: WatchPolicy = {
  giveUpAfterMs: 300_000,
  refusedAfterMs: 30_000,
  firstWaitMs: 250,
  maxWaitMs: 15_000,
};

/** A connection that stood so long was a good one, even if nothing happened: the failures before it are forgiven. */
const steadyAfterMs = 5_000;

/** Connections that bring something and then break are opened again soon, but never at once. */
const maxFailuresWhileReceiving = 2;

/** An unreadable stream is opened again from where it was so often; after that only a new list gets past the spot. */
const maxGarbledLines = 3;

/** So many watches without an event or bookmark at one version are believed; after that the list is read again. */
const maxFruitless = 3;

/**
 * The next state.
 * @param nowMs a monotonic clock
 * @param jitter 0 to 1, for the jitter of waits: clients that lost one server must not come back as one
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
      return watching(input.resourceVersion, {
        ...health,
        ...{ troubledSinceMs: undefined, garbled: 0, fruitless: 0, wasSilent: false, isDoubtful: false },
      });
    case 'opened':
      if (state.phase !== 'watching') return state;
      return { ...state, openSinceMs: nowMs, health: { ...granted(health), begun: true } };
    case 'event':
      if (state.phase !== 'watching') return state;
      return {
        ...state,
        // An event without a version, which no Kubernetes server sends, is told but is no place to go on from.
        resourceVersion: input.resourceVersion === '' ? state.resourceVersion : input.resourceVersion,
        receivedEvents: true,
        health: { ...health, garbled: 0, fruitless: 0 },
      };
    case 'checked':
      return state.phase === 'watching' ? afterCheck(state, input.verdict) : state;
    case 'waited':
      if (state.phase !== 'waiting') return state;
      return state.then.phase === 'listing'
        ? { ...state.then, health }
        : watching(state.then.resourceVersion, health);
    case 'refused':
    case 'broken':
    case 'ended':
    case 'idle':
    case 'garbage':
      return afterFailure(state, input, nowMs, jitter, policy);
  }
}

function afterCheck(state: Extract<WatchState, { phase: 'watching' }>, verdict: CheckVerdict): WatchState {
  const { health } = state;
  switch (verdict) {
    case 'lost':
      return { phase: 'listing', cause: 'expired', health };
    case 'same':
    case 'known':
    case 'unknown': {
      // Where the version is the same, the server itself says that there was nothing to bring.
      const fruitless = health.fruitless + (health.wasSilent && verdict !== 'same' ? 1 : 0);
      const checked = { ...health, fruitless, wasSilent: false, isDoubtful: verdict === 'unknown' };
      return fruitless >= maxFruitless
        ? { phase: 'listing', cause: 'expired', health: checked }
        : { ...state, health: checked };
    }
  }
}

/**
 * A server that grants watches is there, even if it tells nothing: types in which nothing happens get no bookmarks from
 * a server that was started since.
 */
function granted(health: Health): Health {
  return { ...health, troubledSinceMs: undefined, refusedSinceMs: undefined };
}

function watching(resourceVersion: string, health: Health): WatchState {
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
  const health = worsened(state, failure, nowMs);
  const done = (because: 'answer' | 'lost'): WatchState => ({ phase: 'done', failure, because, health });
  const expired = failure.kind === 'refused' && failure.status === 410;
  // What fails at the very start is told, not sat out: a wrong name or address does not get better.
  if (state.phase === 'listing' && state.cause === 'start' && !expired) return done('answer');
  if (isLasting(failure)) {
    if (!health.begun) return done('answer');
    if (nowMs - (health.refusedSinceMs ?? nowMs) >= policy.refusedAfterMs) return done('lost');
  }
  if (nowMs - (health.troubledSinceMs ?? nowMs) >= policy.giveUpAfterMs) return done('lost');
  const then = nextAttempt(state, failure, health);
  // The first new list comes at once. A server that finds every version too old must not be asked without a pause.
  if (expired && health.failures === 1 && then.phase === 'listing') return { ...then, health };
  const asked = failure.kind === 'refused' ? Math.min(failure.retryAfterMs, policy.giveUpAfterMs) : 0;
  const waitMs = Math.max(asked, backOffMs(health.failures, jitter, policy));
  return { phase: 'waiting', waitMs, then, health };
}

/** Refusals that mean what they say, as opposed to those of a server that is busy, starting or stopping. */
function isLasting(failure: Failure): boolean {
  if (failure.kind !== 'refused') return false;
  const { status } = failure;
  return status >= 400 && status < 500 && status !== 408 && status !== 410 && status !== 429;
}

function worsened(state: Alive, failure: Failure, nowMs: number): Health {
  const before = state.health;
  let { failures } = before;
  if (state.phase === 'watching' && state.openSinceMs !== undefined) {
    if (nowMs - state.openSinceMs >= steadyAfterMs) failures = 0;
    else if (state.receivedEvents) failures = Math.min(failures, maxFailuresWhileReceiving);
  }
  return {
    begun: before.begun,
    failures: failures + 1,
    troubledSinceMs: before.troubledSinceMs ?? nowMs,
    refusedSinceMs: isLasting(failure) ? (before.refusedSinceMs ?? nowMs) : before.refusedSinceMs,
    garbled: before.garbled + (failure.kind === 'garbage' ? 1 : 0),
    fruitless: before.fruitless + (isFruitless(state, failure) ? 1 : 0),
    wasSilent: failure.kind === 'idle' && state.phase === 'watching' && !state.receivedEvents,
    isDoubtful: before.isDoubtful || raisesDoubt(failure),
  };
}

/** Whether a watch at this version brought nothing though the server was there. 500 is what a broken store answers. */
function isFruitless(state: Alive, failure: Failure): boolean {
  if (state.phase !== 'watching' || state.receivedEvents || failure.kind === 'idle') return false;
  return state.openSinceMs !== undefined || (failure.kind === 'refused' && failure.status === 500);
}

/** Whether another server, or the same one with another store, may answer next. */
function raisesDoubt(failure: Failure): boolean {
  if (failure.kind === 'refused')
    return failure.isEvent !== true && (failure.status >= 500 || failure.status === 401);
  return failure.kind === 'broken' || failure.kind === 'idle';
}

function nextAttempt(state: Alive, failure: Failure, { garbled, fruitless }: Health): ListNext | WatchNext {
  if (state.phase === 'listing') return { phase: 'listing', cause: state.cause };
  const here: ListNext | WatchNext =
    state.phase === 'waiting' ? state.then : { phase: 'watching', resourceVersion: state.resourceVersion };
  const relist: ListNext = { phase: 'listing', cause: 'expired' };
  if (fruitless >= maxFruitless) return relist;
  if (failure.kind === 'garbage') return garbled >= maxGarbledLines ? relist : here;
  if (failure.kind !== 'refused') return here;
  // As client-go's reflector: after an ERROR event only a busy server is asked for the same version again.
  if (failure.isEvent === true) return failure.status === 429 ? here : relist;
  // Besides 410 whatever else is wrong with this very request (a type that moved to another version, a version number
  // of another etcd) is cured by a new list, if by anything; credentials and rights are not.
  const aboutCredentials = failure.status === 401 || failure.status === 403;
  return failure.status === 410 || (isLasting(failure) && !aboutCredentials) ? relist : here;
}

/**
 * Wait before the next attempt: doubles from failure to failure, half of it by chance. Milliseconds.
 * @param failures in a row, from 1 on
 */
export function backOffMs(failures: number, jitter: number, policy: WatchPolicy = defaultPolicy): number {
  const whole = Math.min(policy.maxWaitMs, policy.firstWaitMs * 2 ** Math.min(failures - 1, 20));
  return Math.round(whole * (0.5 + jitter / 2));
}
