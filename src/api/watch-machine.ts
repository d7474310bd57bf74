// What a watch does next, as a pure state machine: list, watch, wait, list again, done. Entry point: step(). Sending,
// reading and timers are watch.ts; this file only decides.

/**
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes
 */
export type WatchState =
  /** The whole collection is being read; `cause` says why. */
  | { readonly phase: 'listing'; readonly cause: 'start' | 'expired'; readonly trouble: Trouble }
  /** A watch from this resource version is being opened or is open. */
  | {
      readonly phase: 'watching';
      readonly resourceVersion: string;
      /** `open`: the server has answered 200. `healthy`: something came after that, so the next failure is a first one. */
      readonly connection: 'opening' | 'open' | 'healthy';
      readonly trouble: Trouble;
    }
  /** Nothing is sent for so long. */
  | {
      readonly phase: 'waiting';
      readonly waitMs: number;
      readonly then: ListNext | WatchNext;
      readonly trouble: Trouble;
    }
  | { readonly phase: 'done'; readonly failure: Failure | undefined };

interface ListNext {
  readonly phase: 'listing';
  readonly cause: 'start' | 'expired';
}
interface WatchNext {
  readonly phase: 'watching';
  readonly resourceVersion: string;
}

/** What has gone wrong since the server was last well. */
export interface Trouble {
  /** Failures in a row. */
  readonly failures: number;
  /** Time since the first of them, in milliseconds. */
  readonly lastingMs: number;
  /** Streams in a row that held something unreadable at the same resource version. */
  readonly garbled: number;
}

export const noTrouble: Trouble = { failures: 0, lastingMs: 0, garbled: 0 };

/** Why a watch ends although nobody asked: the last thing that went wrong. */
export type Failure = Extract<
  WatchInput,
  { readonly kind: 'refused' | 'broken' | 'idle' | 'garbage' | 'ended' }
>;

/** What can happen to a watch. `afterMs` is the time since the input before it. */
export type WatchInput =
  /** The list is complete. */
  | { readonly kind: 'listed'; readonly resourceVersion: string }
  /** The server has answered the watch with 200. */
  | { readonly kind: 'opened' }
  /** ADDED, MODIFIED, DELETED or BOOKMARK: the position of the stream. */
  | { readonly kind: 'event'; readonly resourceVersion: string }
  /** The server answered with a status that is no success, or sent an ERROR event with its code. */
  | {
      readonly kind: 'refused';
      readonly status: number;
      readonly retryAfterMs: number;
      readonly afterMs: number;
    }
  /** No answer, or a connection that broke. */
  | { readonly kind: 'broken'; readonly afterMs: number }
  /** The server closed the stream in good order, as it does after a while. */
  | { readonly kind: 'ended'; readonly afterMs: number }
  /** Nothing has come for longer than bookmarks allow. */
  | { readonly kind: 'idle'; readonly afterMs: number }
  /** A line that is no event: the stream cannot be trusted any more. */
  | { readonly kind: 'garbage'; readonly afterMs: number }
  | { readonly kind: 'waited'; readonly afterMs: number }
  | { readonly kind: 'stop' };

export interface WatchPolicy {
  /** How long a server may stay away before it is lost for good. Milliseconds. */
  readonly giveUpAfterMs: number;
  /** Wait before the second attempt; doubles with each failure. Milliseconds. */
  readonly firstWaitMs: number;
  /** Longest wait. Milliseconds. */
  readonly longestWaitMs: number;
}

/** client-go's reflector waits from 0.8 to 30 seconds; a person who waits for a server wants it sooner. */
export const defaultPolicy: WatchPolicy = { giveUpAfterMs: 300_000, firstWaitMs: 250, longestWaitMs: 15_000 };

/** An unreadable stream is opened again from where it was so often; after that only a new list helps. */
const mostGarbled = 3;

/** A quiet watch that stood so long was a good one: nothing happened, and servers older than bookmarks say nothing then. */
const steadyAfterMs = 5_000;

/** A refusal after a good start may be a credential or a rule that is just being replaced. */
const mostRefusals = 3;

/**
 * The next state.
 * @param chance 0 to 1, for the jitter of waits: clients that lost one server must not come back as one
 */
export function step(state: WatchState, input: WatchInput, policy: WatchPolicy, chance: number): WatchState {
  if (state.phase === 'done') return state;
  switch (input.kind) {
    case 'stop':
      return { phase: 'done', failure: undefined };
    case 'listed':
      return {
        phase: 'watching',
        resourceVersion: input.resourceVersion,
        connection: 'opening',
        trouble: state.trouble,
      };
    case 'opened':
      return state.phase === 'watching' ? { ...state, connection: 'open' } : state;
    case 'event':
      return state.phase === 'watching'
        ? {
            phase: 'watching',
            resourceVersion: input.resourceVersion,
            connection: 'healthy',
            trouble: noTrouble,
          }
        : state;
    case 'waited':
      return state.phase === 'waiting' ? resumed(state, input.afterMs) : state;
    case 'refused':
      return afterRefusal(state, input, policy, chance);
    case 'broken':
    case 'ended':
    case 'idle':
    case 'garbage':
      return afterLoss(state, input, policy, chance);
  }
}

function resumed(state: Extract<WatchState, { phase: 'waiting' }>, afterMs: number): WatchState {
  const trouble = { ...state.trouble, lastingMs: state.trouble.lastingMs + afterMs };
  return state.then.phase === 'listing'
    ? { ...state.then, trouble }
    : { ...state.then, connection: 'opening', trouble };
}

function afterRefusal(
  state: Exclude<WatchState, { phase: 'done' }>,
  input: Extract<WatchInput, { kind: 'refused' }>,
  policy: WatchPolicy,
  chance: number,
): WatchState {
  const { status } = input;
  if (status === 410) return relist(state, input, policy, chance);
  const passing = status === 429 || status >= 500;
  const started = state.phase === 'watching' || (state.phase === 'listing' && state.cause === 'expired');
  const trouble = worsened(troubleOf(state, input), input.afterMs);
  // At the start a refusal is the answer; later on it may be a passing one.
  if (!passing && (!started || trouble.failures > mostRefusals)) return { phase: 'done', failure: input };
  if (!started && trouble.failures > mostRefusals) return { phase: 'done', failure: input };
  return waitOrGiveUp(state, input, trouble, policy, chance, input.retryAfterMs);
}

function afterLoss(
  state: Exclude<WatchState, { phase: 'done' }>,
  input: Extract<WatchInput, { kind: 'broken' | 'ended' | 'idle' | 'garbage' }>,
  policy: WatchPolicy,
  chance: number,
): WatchState {
  // A server that cannot be reached at the very start is an error to tell, not one to sit out.
  if (state.phase === 'listing' && state.cause === 'start') return { phase: 'done', failure: input };
  const before = troubleOf(state, input);
  const garbled = input.kind === 'garbage' ? before.garbled + 1 : before.garbled;
  if (garbled >= mostGarbled) return relist(state, input, policy, chance);
  const trouble = { ...worsened(before, input.afterMs), garbled };
  return waitOrGiveUp(state, input, trouble, policy, chance, 0);
}

/** The resource version is of no use any more. The first new list comes at once; a server that expires each anew waits. */
function relist(
  state: Exclude<WatchState, { phase: 'done' }>,
  input: Failure,
  policy: WatchPolicy,
  chance: number,
): WatchState {
  const before = troubleOf(state, input);
  const trouble = { ...worsened(before, input.afterMs), garbled: 0 };
  const next: ListNext = { phase: 'listing', cause: state.phase === 'listing' ? state.cause : 'expired' };
  if (trouble.failures === 1) return { ...next, trouble };
  if (trouble.lastingMs >= policy.giveUpAfterMs) return { phase: 'done', failure: input };
  return { phase: 'waiting', waitMs: backOffMs(trouble.failures, policy, chance), then: next, trouble };
}

function waitOrGiveUp(
  state: Exclude<WatchState, { phase: 'done' }>,
  input: Failure,
  trouble: Trouble,
  policy: WatchPolicy,
  chance: number,
  atLeastMs: number,
): WatchState {
  if (trouble.lastingMs >= policy.giveUpAfterMs) return { phase: 'done', failure: input };
  const waitMs = Math.max(backOffMs(trouble.failures, policy, chance), atLeastMs);
  return { phase: 'waiting', waitMs, then: nextOf(state), trouble };
}

function nextOf(state: Exclude<WatchState, { phase: 'done' }>): ListNext | WatchNext {
  switch (state.phase) {
    case 'listing':
      return { phase: 'listing', cause: state.cause };
    case 'watching':
      return { phase: 'watching', resourceVersion: state.resourceVersion };
    case 'waiting':
      return state.then;
  }
}

/** A connection over which something came, or that stood for a while, has ended all trouble before it. */
function troubleOf(state: Exclude<WatchState, { phase: 'done' }>, input: Failure): Trouble {
  if (state.phase !== 'watching') return state.trouble;
  const steady = state.connection === 'open' && input.afterMs >= steadyAfterMs;
  return state.connection === 'healthy' || steady ? noTrouble : state.trouble;
}

/** The first failure begins the count of time; how long the connection lived before it does not matter. */
function worsened(before: Trouble, afterMs: number): Trouble {
  const lastingMs = before.failures === 0 ? 0 : before.lastingMs + afterMs;
  return { ...before, failures: before.failures + 1, lastingMs };
}

/**
 * Wait before the next attempt, half of it by chance.
 * @param failures in a row, from 1 on
 */
export function backOffMs(failures: number, policy: WatchPolicy, chance: number): number {
  const whole = Math.min(policy.longestWaitMs, policy.firstWaitMs * 2 ** Math.min(failures - 1, 20));
  return Math.round(whole * (0.5 + chance / 2));
}
