// Every input of a watch in the states in which it can occur, with the next state.
import { describe, expect, it } from 'vitest';
import {
  backOffMs,
  defaultPolicy,
  initialState,
  step,
  initialHealth,
  type Failure,
  type Health,
  type WatchInput,
  type WatchState,
} from '../../../src/api/watch-machine.ts';

const begun: Health = { ...initialHealth, hasOpened: true };
const now = 100_000;
/** Half of the jitter: the first wait is 188 of 250 ms. */
const chance = 0.5;

function watching(
  more: Partial<Extract<WatchState, { phase: 'watching' }>> = {},
): Extract<WatchState, { phase: 'watching' }> {
  return {
    ...{ phase: 'watching', resourceVersion: '7', openSinceMs: 40_000, receivedEvents: true, health: begun },
    ...more,
  };
}

const next = (state: WatchState, input: WatchInput, nowMs = now): WatchState =>
  step(state, input, nowMs, chance);

const refused = (status: number, retryAfterMs = 0): Failure => ({ kind: 'refused', status, retryAfterMs });

/** Failures after which another server, or another store, can answer. */
function isDoubt(failure: Failure): boolean {
  if (failure.kind === 'refused') return failure.status >= 500;
  return failure.kind === 'broken' || failure.kind === 'idle';
}

/** The health after a first failure. */
const once: Health = { ...begun, failures: 1, troubledSinceMs: now };

describe('listing', () => {
  it('continues with watching from the version of the list', () => {
    expect(next(initialState, { kind: 'listed', resourceVersion: '7' })).toEqual(
      watching({ openSinceMs: undefined, receivedEvents: false, health: initialHealth }),
    );
  });

  it.each<Failure>([
    { kind: 'broken' },
    { kind: 'garbage' },
    refused(401),
    refused(403),
    refused(404),
    refused(429, 1_000),
    refused(500),
    refused(503),
  ])('at the start, $kind $status is final', (failure) => {
    expect(next(initialState, failure)).toMatchObject({ phase: 'done', because: 'failedStart', failure });
  });

  it('at the start, 410 in the middle of the list restarts it', () => {
    expect(next(initialState, refused(410))).toMatchObject({ phase: 'listing', cause: 'start' });
  });

  it.each<Failure>([
    { kind: 'broken' },
    { kind: 'idle' },
    { kind: 'garbage' },
    refused(401),
    refused(403),
    refused(404),
    refused(429),
    refused(500),
  ])('later, $kind $status waits and lists again', (failure) => {
    const state: WatchState = { phase: 'listing', cause: 'expired', health: begun };
    expect(next(state, failure)).toMatchObject({
      phase: 'waiting',
      waitMs: 188,
      then: { phase: 'listing', cause: 'expired' },
    });
  });
});

describe('watching', () => {
  it('is open once the response has arrived', () => {
    const opening = watching({ openSinceMs: undefined, receivedEvents: false, health: initialHealth });
    expect(next(opening, { kind: 'opened' })).toEqual({ ...opening, openSinceMs: now, health: begun });
  });

  it('has no trouble and no refusals once it is granted, but still backs off', () => {
    const health = { ...begun, failures: 4, troubledSinceMs: 1, refusedSinceMs: 1, unreadableStreams: 1 };
    expect(next(watching({ openSinceMs: undefined, health }), { kind: 'opened' }).health).toEqual({
      ...begun,
      failures: 4,
      unreadableStreams: 1,
    });
  });

  it('has the version of the last event or bookmark', () => {
    const troubled = { ...begun, failures: 3, unreadableStreams: 2 };
    expect(
      next(watching({ receivedEvents: false, health: troubled }), { kind: 'event', resourceVersion: '9' }),
    ).toEqual(watching({ resourceVersion: '9', health: { ...begun, failures: 3 } }));
  });

  it('counts a bookmark of its first version, soon after it opened, as nothing', () => {
    const health = { ...begun, emptyWatches: 2 };
    const fresh = watching({ openSinceMs: now - 100, receivedEvents: false, health });
    expect(next(fresh, { kind: 'event', resourceVersion: '7' })).toEqual(fresh);
    expect(next(fresh, { kind: 'event', resourceVersion: '8' })).toMatchObject({ health: begun });
    const steady = watching({ receivedEvents: false, health });
    expect(next(steady, { kind: 'event', resourceVersion: '7' })).toEqual(watching());
  });

  it('lists again where the store has not reached the version', () => {
    const failure = { ...refused(504, 1_000), isTooLarge: true };
    expect(next(watching({ openSinceMs: undefined, receivedEvents: false }), failure)).toMatchObject({
      phase: 'waiting',
      waitMs: 1_000,
      then: { phase: 'listing', cause: 'expired' },
    });
  });

  it('keeps its version after an event without one', () => {
    expect(next(watching(), { kind: 'event', resourceVersion: '' })).toEqual(watching());
  });

  it.each<Failure>([
    { kind: 'ended' },
    { kind: 'broken' },
    { kind: 'idle' },
    refused(500),
    refused(502),
    refused(503),
    refused(504),
    refused(429),
    refused(408),
  ])('continues from its version after $kind $status', (failure) => {
    expect(next(watching(), failure)).toEqual({
      phase: 'waiting',
      waitMs: 188,
      then: { phase: 'watching', resourceVersion: '7' },
      health: { ...once, isDoubtful: isDoubt(failure) },
    });
  });

  it('waits as long as Retry-After says, up to its own limit', () => {
    expect(next(watching(), refused(429, 20_000))).toMatchObject({ phase: 'waiting', waitMs: 20_000 });
    expect(next(watching(), refused(503, 3_000))).toMatchObject({ waitMs: 3_000 });
    expect(next(watching(), refused(429, 86_400_000))).toMatchObject({
      waitMs: defaultPolicy.giveUpAfterMs,
    });
  });

  it.each([401, 403])(
    'after %i continues from its version: the credential or rule can still arrive',
    (status) => {
      expect(next(watching(), refused(status))).toEqual({
        phase: 'waiting',
        waitMs: 188,
        then: { phase: 'watching', resourceVersion: '7' },
        health: { ...once, refusedSinceMs: now, isDoubtful: status === 401 },
      });
    },
  );

  it.each([400, 404, 405])('after %i lists again: this request cannot succeed', (status) => {
    expect(next(watching(), refused(status))).toMatchObject({
      phase: 'waiting',
      then: { phase: 'listing', cause: 'expired' },
    });
  });

  it.each([400, 401, 403, 404, 405])('is refused with %i for good when it was never granted', (status) => {
    const opening = watching({ openSinceMs: undefined, receivedEvents: false, health: initialHealth });
    expect(next(opening, refused(status))).toMatchObject({ phase: 'done', because: 'failedStart' });
  });

  it.each<Failure>([{ kind: 'broken' }, { kind: 'ended' }, refused(503), refused(429)])(
    'tries again after $kind $status even when it was never granted',
    (failure) => {
      const opening = watching({ openSinceMs: undefined, receivedEvents: false, health: initialHealth });
      expect(next(opening, failure)).toMatchObject({ phase: 'waiting' });
    },
  );

  it('after 410, as an answer or as an ERROR event, lists again at once', () => {
    expect(next(watching(), refused(410))).toEqual({ phase: 'listing', cause: 'expired', health: once });
  });

  it('after the second 410 in a row waits before the list', () => {
    const opening = watching({ openSinceMs: undefined, receivedEvents: false, health: once });
    expect(next(opening, refused(410))).toMatchObject({
      phase: 'waiting',
      waitMs: 375,
      then: { phase: 'listing', cause: 'expired' },
    });
  });

  it('continues from its version after an unreadable stream, and lists again after the third one', () => {
    const first = next(watching(), { kind: 'garbage' });
    expect(first).toMatchObject({
      then: { phase: 'watching', resourceVersion: '7' },
      health: { unreadableStreams: 1 },
    });
    const again = (state: WatchState): WatchState =>
      next(next(next(state, { kind: 'waited' }), { kind: 'opened' }), { kind: 'garbage' });
    const second = again(first);
    expect(second).toMatchObject({ then: { phase: 'watching' }, health: { unreadableStreams: 2 } });
    expect(again(second)).toMatchObject({ then: { phase: 'listing', cause: 'expired' } });
  });

  it('forgets unreadable streams when an event came after them', () => {
    const troubled = watching({ health: { ...begun, unreadableStreams: 2 } });
    const after = next(troubled, { kind: 'event', resourceVersion: '8' });
    expect(next(after, { kind: 'garbage' })).toMatchObject({ then: { phase: 'watching' } });
  });
});

describe('a watch without events', () => {
  const opening = watching({ openSinceMs: undefined, receivedEvents: false });
  const grant = (state: WatchState, failure: Failure): WatchState =>
    next(next(next(state, { kind: 'waited' }), { kind: 'opened' }), failure);
  const relist = { then: { phase: 'listing', cause: 'expired' } };

  it.each<Failure>([
    { kind: 'ended' },
    { kind: 'broken' },
    { kind: 'garbage' },
    { kind: 'refused', status: 429, retryAfterMs: 0, isEvent: true },
  ])('is resumed twice; the third end in a row ($kind) leads to a new list', (failure) => {
    const second = grant(grant(opening, failure), failure);
    expect(second).toMatchObject({ then: { phase: 'watching' }, health: { emptyWatches: 2 } });
    expect(grant(second, failure)).toMatchObject(relist);
  });

  it('counts from zero after an event or bookmark, and after a list', () => {
    const ended: Failure = { kind: 'ended' };
    const second = grant(grant(opening, ended), ended);
    const brought = next(next(next(second, { kind: 'waited' }), { kind: 'opened' }), {
      kind: 'event',
      resourceVersion: '8',
    });
    expect(next(brought, ended)).toMatchObject({ then: { phase: 'watching' }, health: { emptyWatches: 0 } });
    const listed = next(
      { phase: 'listing', cause: 'expired', health: second.health },
      { kind: 'listed', resourceVersion: '9' },
    );
    expect(listed.health).toMatchObject({ emptyWatches: 0, isDoubtful: false });
  });

  it('does not count if the watch was not granted, except for 500', () => {
    const after = (failure: Failure): WatchState =>
      [1, 2, 3].reduce<WatchState>((state) => next(next(state, failure), { kind: 'waited' }), opening);
    expect(after({ kind: 'broken' })).toMatchObject({ phase: 'watching', health: { emptyWatches: 0 } });
    expect(after(refused(503))).toMatchObject({ phase: 'watching', health: { emptyWatches: 0 } });
    expect(after(refused(500))).toMatchObject({ phase: 'listing', cause: 'expired' });
  });

  it.each([400, 403, 404, 500, 503, 504])('an ERROR event with %i leads to a new list', (status) => {
    const error: Failure = { kind: 'refused', status, retryAfterMs: 0, isEvent: true };
    expect(next(watching(), error)).toMatchObject(relist);
  });

  it('an ERROR event with 410 leads to a new list at once, one with 429 to the same version', () => {
    const error = (status: number): Failure => ({ kind: 'refused', status, retryAfterMs: 0, isEvent: true });
    expect(next(watching(), error(410))).toMatchObject({ phase: 'listing', cause: 'expired' });
    expect(next(watching(), error(429))).toMatchObject({ then: { phase: 'watching' } });
  });
});

describe('a check of the version', () => {
  const health = { ...begun, emptyWatches: 1, isDoubtful: true };

  it.each([
    ['lost', { phase: 'listing', cause: 'expired' }],
    ['same', { phase: 'watching', health: { emptyWatches: 1, isDoubtful: false } }],
    ['known', { phase: 'watching', health: { emptyWatches: 1, isDoubtful: false } }],
    ['unknown', { phase: 'watching', health: { emptyWatches: 1, isDoubtful: true } }],
  ] as const)('that says %s', (verdict, state) => {
    expect(next(watching({ receivedEvents: false, health }), { kind: 'checked', verdict })).toMatchObject(
      state,
    );
  });

  it.each([
    ['same', { phase: 'watching', health: { emptyWatches: 2 } }],
    ['known', { phase: 'listing', cause: 'expired' }],
    ['unknown', { phase: 'listing', cause: 'expired' }],
  ] as const)('after a silent watch, %s decides whether it was empty', (verdict, state) => {
    const silent = next(watching({ receivedEvents: false, health: { ...health, emptyWatches: 2 } }), {
      kind: 'idle',
    });
    expect(silent).toMatchObject({
      then: { phase: 'watching' },
      health: { emptyWatches: 2, wasSilent: true },
    });
    const opened = next(next(silent, { kind: 'waited' }), { kind: 'opened' });
    expect(next(opened, { kind: 'checked', verdict })).toMatchObject(state);
  });
});

describe('waiting', () => {
  it('ends in the awaited state', () => {
    const health = { ...begun, failures: 2, troubledSinceMs: 5 };
    expect(
      next(
        { phase: 'waiting', waitMs: 1, then: { phase: 'watching', resourceVersion: '7' }, health },
        { kind: 'waited' },
      ),
    ).toEqual(watching({ openSinceMs: undefined, receivedEvents: false, health }));
    expect(
      next(
        { phase: 'waiting', waitMs: 1, then: { phase: 'listing', cause: 'expired' }, health },
        { kind: 'waited' },
      ),
    ).toEqual({ phase: 'listing', cause: 'expired', health });
  });
});

describe('back-off and limits', () => {
  it('backs off from failure to failure, up to 15 seconds', () => {
    const waits: number[] = [];
    let state: WatchState = watching({ openSinceMs: undefined, receivedEvents: false });
    for (let attempt = 0; attempt < 9; attempt++) {
      state = next(state, { kind: 'broken' });
      if (state.phase === 'waiting') waits.push(state.waitMs);
      state = next(state, { kind: 'waited' });
    }
    expect(waits).toEqual([188, 375, 750, 1_500, 3_000, 6_000, 11_250, 11_250, 11_250]);
  });

  it('makes half of each wait random', () => {
    expect([backOffMs(1, 0), backOffMs(1, 1), backOffMs(3, 0), backOffMs(3, 1), backOffMs(60, 1)]).toEqual([
      125, 250, 500, 1_000, 15_000,
    ]);
  });

  it('backs off too when the server answers 200 and closes at once', () => {
    let state: WatchState = watching({ openSinceMs: undefined, receivedEvents: false });
    const waits: number[] = [];
    const phases: string[] = [];
    for (let attempt = 0; attempt < 5; attempt++) {
      state = next(next(state, { kind: 'opened' }), { kind: 'ended' });
      if (state.phase === 'waiting') waits.push(state.waitMs);
      state = next(state, { kind: 'waited' });
      phases.push(state.phase);
      if (state.phase === 'listing') state = next(state, { kind: 'listed', resourceVersion: '7' });
    }
    expect(waits).toEqual([188, 375, 750, 1_500, 3_000]);
    expect(phases).toEqual(['watching', 'watching', 'listing', 'watching', 'watching']);
  });

  it('stays fast if short connections receive events', () => {
    const health = { ...begun, failures: 7 };
    const state = watching({ openSinceMs: now - 100, receivedEvents: true, health });
    expect(next(state, { kind: 'ended' })).toMatchObject({ waitMs: 750 });
  });

  it('resets the failures after a connection of 5 seconds, quiet or not', () => {
    const health = { ...begun, failures: 7 };
    const state = watching({ openSinceMs: now - 5_000, receivedEvents: false, health });
    expect(next(state, { kind: 'broken' })).toMatchObject({ waitMs: 188 });
  });

  it('gives up after 5 minutes without progress', () => {
    const health = { ...begun, failures: 30, troubledSinceMs: now - 299_999 };
    const opening = watching({ openSinceMs: undefined, receivedEvents: false, health });
    expect(next(opening, { kind: 'broken' })).toMatchObject({ phase: 'waiting' });
    expect(next(opening, { kind: 'broken' }, now + 1)).toMatchObject({
      phase: 'done',
      because: 'lost',
      failure: { kind: 'broken' },
    });
  });

  it('gives up after 30 seconds of refusals', () => {
    const health = { ...begun, failures: 9, troubledSinceMs: now - 30_000, refusedSinceMs: now - 30_000 };
    const opening = watching({ openSinceMs: undefined, receivedEvents: false, health });
    expect(next(opening, refused(403), now - 1)).toMatchObject({ phase: 'waiting' });
    expect(next(opening, refused(403))).toMatchObject({ phase: 'done', because: 'lost' });
  });

  it('restarts the limit with a granted watch and with a list', () => {
    const health = { ...begun, failures: 30, troubledSinceMs: now - 400_000 };
    const opened = next(watching({ openSinceMs: undefined, health }), { kind: 'opened' });
    expect(next(opened, { kind: 'broken' })).toMatchObject({ phase: 'waiting' });
    const listed = next(
      { phase: 'listing', cause: 'expired', health },
      { kind: 'listed', resourceVersion: '8' },
    );
    expect(next(listed, { kind: 'broken' })).toMatchObject({ phase: 'waiting' });
  });
});

describe('done', () => {
  it.each<WatchInput>([
    { kind: 'listed', resourceVersion: '1' },
    { kind: 'opened' },
    { kind: 'event', resourceVersion: '1' },
    { kind: 'waited' },
    { kind: 'broken' },
  ])('stays done after $kind', (input) => {
    const done = next(initialState, refused(403));
    expect(next(done, input)).toBe(done);
  });
});

describe('inputs that come too late', () => {
  it('change nothing', () => {
    const listing = initialState;
    expect(next(listing, { kind: 'opened' })).toBe(listing);
    expect(next(listing, { kind: 'event', resourceVersion: '1' })).toBe(listing);
    expect(next(listing, { kind: 'waited' })).toBe(listing);
  });
});
