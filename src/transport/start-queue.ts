// Limits how many requests wait for a new connection at the same time. Entry point: StartQueue.

/**
 * Starts requests in the order of arrival. Each new connection costs a TLS handshake. If hundreds
 * of them run at once, all of them take so long that they exceed their time limit. A request that
 * waits here takes the next connection that becomes free, or opens its own when its turn comes, as
 * in Go's `http.Transport`.
 */
export class StartQueue {
  readonly #max: number;
  readonly #tickMs: number;
  readonly #hasFreeConnection: () => boolean;
  readonly #waiting: (() => void)[] = [];
  /** Number of requests that can be opening a connection. */
  #starting = 0;

  /**
   * @param max number of requests that can wait for a new connection at the same time
   * @param tickMs after {@link ticksOfTurn} timers of so many milliseconds a request no longer
   *   counts
   */
  constructor(max: number, tickMs: number, hasFreeConnection: () => boolean) {
    this.#max = max;
    this.#tickMs = tickMs;
    this.#hasFreeConnection = hasFreeConnection;
  }

  /**
   * Calls `start` now or later, exactly once.
   * @param start gets a function to call when the request has a connection or has failed. Further
   *   calls do nothing.
   */
  add(start: (done: () => void) => void): void {
    this.#waiting.push(() => {
      this.#starting += 1;
      let ticks = 0;
      let timer: NodeJS.Timeout | undefined;
      const done = (): void => {
        if (timer === undefined) return;
        clearTimeout(timer);
        timer = undefined;
        this.#starting -= 1;
        this.go();
      };
      const tick = (): void => {
        ticks += 1;
        if (ticks > ticksOfTurn) done();
        else timer = setTimeout(tick, this.#tickMs).unref();
      };
      tick();
      start(done);
    });
    this.go();
  }

  /** Starts the requests that can start. Call it when a connection becomes free. */
  go(): void {
    while (this.#waiting.length > 0 && (this.#starting < this.#max || this.#hasFreeConnection())) {
      this.#waiting.shift()?.();
    }
  }

  /** Starts all requests now. */
  flush(): void {
    while (this.#waiting.length > 0) this.#waiting.shift()?.();
  }
}

/**
 * Number of timers, one after the other, after which a slow network or a server that does not
 * answer no longer delays other requests. If this process has too little processor time, they take
 * longer, and it starts no more handshakes meanwhile.
 */
const ticksOfTurn = 20;
