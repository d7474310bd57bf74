// The abort signal of one request of a watch. It aborts when the caller aborts, or when the server
// sends nothing for too long. Entry point: Attempt.

import { forwardAbort } from '../model/abort.ts';

/** The reason of the abort when the server sent nothing for too long. */
export class Idle extends Error {
  constructor(ms: number) {
    super(`nothing came for ${Math.round(ms / 1_000)} seconds`);
    this.name = 'Idle';
  }
}

export interface AttemptOptions {
  /** A monotonic clock in milliseconds. */
  readonly clock: () => number;
  /** Resolves after `ms` milliseconds. Rejects when aborted. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

/**
 * Aborts its signal with {@link Idle} when the server sends nothing within the time limit. An
 * attempt has one timer, which compares the clock with the time limit when it fires. A timer for
 * each chunk would mean thousands of timers.
 */
export class Attempt {
  readonly #options: AttemptOptions;
  readonly #controller = new AbortController();
  readonly #release: () => void;
  #limitMs = Infinity;
  #awaitedSinceMs: number | undefined;
  #guarded = false;
  /** Ends the wait of the timer, so that it waits for a shorter time limit. */
  #timer: AbortController | undefined;
  #timerDueMs = Infinity;

  constructor(parent: AbortSignal, options: AttemptOptions) {
    this.#options = options;
    this.#release = forwardAbort(parent, this.#controller);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Restarts the time limit: the server has `limitMs` milliseconds from now to send something. */
  expect(limitMs: number): void {
    const nowMs = this.#options.clock();
    this.#limitMs = limitMs;
    this.#awaitedSinceMs = nowMs;
    if (nowMs + limitMs < this.#timerDueMs) this.#timer?.abort();
    if (this.#guarded || limitMs === Infinity) return;
    this.#guarded = true;
    void this.#guard();
  }

  /**
   * Suspends the time limit until the next expect(), so that the time that the consumer of the
   * watch needs for an event does not count.
   */
  pause(): void {
    this.#awaitedSinceMs = undefined;
  }

  /** Cancels the request, if it is still running, and the timer. */
  end(): void {
    this.#release();
    this.#controller.abort(new Error('the attempt is over'));
  }

  /** Aborts when the time limit has passed. Does not abort while the time limit is suspended. */
  async #guard(): Promise<void> {
    const { clock, sleep } = this.#options;
    const { signal } = this.#controller;
    while (!signal.aborted) {
      const since = this.#awaitedSinceMs;
      const leftMs = since === undefined ? this.#limitMs : this.#limitMs - (clock() - since);
      if (leftMs <= 0) {
        this.#controller.abort(new Idle(this.#limitMs));
        return;
      }
      const timer = new AbortController();
      const release = forwardAbort(signal, timer);
      this.#timer = timer;
      this.#timerDueMs = clock() + leftMs;
      await sleep(leftMs, timer.signal).catch((thrown: unknown) => {
        if (!timer.signal.aborted) throw thrown;
      });
      release();
    }
  }
}
