// One request of a watch with its own end: its caller leaves, or nothing comes for too long. Entry point: Attempt.

import { forwardAbort } from '../model/abort.ts';

/** Nothing came for too long. */
export class Idle extends Error {
  constructor(ms: number) {
    super(`nothing came for ${Math.round(ms / 1_000)} seconds`);
    this.name = 'Idle';
  }
}

export interface AttemptOptions {
  /** A monotonic clock in milliseconds. */
  readonly clock: () => number;
  /** Resolves after a time in milliseconds; rejects when aborted. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

/**
 * Ends its signal with {@link Idle} when the server is awaited longer than it may take. One timer serves the whole
 * attempt: it looks at the clock again when it fires, so that data by the thousand pieces set no timers.
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

  /** From now on something is awaited from the server, for so long at the most. Milliseconds. */
  expect(limitMs: number): void {
    this.#limitMs = limitMs;
    this.#awaitedSinceMs = this.#options.clock();
    if (this.#guarded || limitMs === Infinity) return;
    this.#guarded = true;
    void this.#guard();
  }

  /** Nothing is awaited: the time that the reader of the watch takes does not count. */
  pause(): void {
    this.#awaitedSinceMs = undefined;
  }

  /** Ends the request, should it still be there, and the timer. */
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
