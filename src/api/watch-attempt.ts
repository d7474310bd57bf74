// Runs one request of a watch with its own abort signal: the caller leaves, or nothing comes for
// too long. Entry point: Attempt.

import { forwardAbort } from '../model/abort.ts';

/** The reason of the abort when nothing came for too long. */
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
 * Aborts its signal with {@link Idle} when the server takes longer than its time limit. One timer
 * serves the whole attempt: it checks the clock when it fires, so that thousands of chunks do not
 * set thousands of timers.
 */
export class Attempt {
  readonly #options: AttemptOptions;
  readonly #controller = new AbortController();
  readonly #release: () => void;
  #limitMs = Infinity;
  #awaitedSinceMs: number | undefined;
  #guarded = false;

  constructor(parent: AbortSignal, options: AttemptOptions) {
    this.#options = options;
    this.#release = forwardAbort(parent, this.#controller);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Starts the time limit: the server has `limitMs` milliseconds to send something. */
  expect(limitMs: number): void {
    this.#limitMs = limitMs;
    this.#awaitedSinceMs = this.#options.clock();
    if (this.#guarded || limitMs === Infinity) return;
    this.#guarded = true;
    void this.#guard();
  }

  /** Suspends the time limit: the time that the reader of the watch needs does not count. */
  pause(): void {
    this.#awaitedSinceMs = undefined;
  }

  /** Cancels the request, if it is still running, and the timer. */
  end(): void {
    this.#release();
    this.#controller.abort(new Error('the attempt is over'));
  }

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
      await sleep(leftMs, signal).catch((thrown: unknown) => {
        if (!signal.aborted) throw thrown;
      });
    }
  }
}
