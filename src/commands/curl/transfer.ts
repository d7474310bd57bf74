// One request with its retries and time limits. Entry point: openTransfer(). run.ts handles the
// response.

import { ConnectionError } from '../../errors.ts';
import type { ApiResponse, Send } from '../../model/request.ts';
import type { CurlOptions } from './options.ts';
import type { RequestMaker } from './request.ts';

export interface TransferWorld {
  readonly send: Send;
  /** Aborting it ends everything. */
  readonly signal: AbortSignal;
  /** Resolves after a time in milliseconds. Rejects with the reason of the signal. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Prints a line about a retry. */
  readonly warn: (text: string) => void;
}

export interface Transfer {
  /** Resolves with the response to show. @throws as {@link Send} */
  open(): Promise<ApiResponse>;
  /** Returns the number of retries so far. */
  readonly retries: () => number;
  /** Stops the timer of --max-time. Must always be called. */
  end(): void;
}

/** Statuses that curl considers transient. */
const transient = new Set([408, 429, 500, 502, 503, 504]);
const maxDelayMs = 600_000;

/** Opens a transfer. */
export function openTransfer(make: RequestMaker, options: CurlOptions, world: TransferWorld): Transfer {
  const limit = new AbortController();
  const stopClock = startClock(options.maxTimeMs, world.sleep, () => {
    limit.abort(timedOut(`the transfer is not complete after --max-time ${options.maxTimeMs / 1_000} s`));
  });
  const signal = AbortSignal.any([world.signal, limit.signal]);
  let retries = 0;

  async function open(): Promise<ApiResponse> {
    for (;;) {
      const last = retries >= options.retries;
      let asked: string | undefined;
      let why: string;
      try {
        const response = await sendOnce();
        if (last || !transient.has(response.status)) return response;
        response.cancel();
        asked = response.headers['retry-after'];
        why = `the server answered ${response.status}`;
      } catch (thrown) {
        if (last || signal.aborted || !(thrown instanceof ConnectionError) || !isTransient(thrown))
          throw thrown;
        why = thrown.message;
      }
      const delayMs = delayBefore(retries, asked);
      retries += 1;
      world.warn(
        `note: ${why}; repeating in ${delayMs / 1_000} s, ${options.retries - retries} more after that`,
      );
      await world.sleep(delayMs, signal);
    }
  }

  async function sendOnce(): Promise<ApiResponse> {
    const connecting = new AbortController();
    const stopConnectClock = startClock(options.connectTimeoutMs, world.sleep, () => {
      connecting.abort(
        timedOut(`no connection within --connect-timeout ${options.connectTimeoutMs / 1_000} s`),
      );
    });
    try {
      return await world.send(make(), {
        signal: AbortSignal.any([signal, connecting.signal]),
        onSent: stopConnectClock,
      });
    } finally {
      stopConnectClock();
    }
  }

  function isTransient(error: ConnectionError): boolean {
    if (error.code === 'ConnectionRefused') return options.retryRefused;
    return /timeout/i.test(error.code);
  }

  /**
   * Returns curl's delay in milliseconds: a second, doubled at each retry, unless the server or the
   * flag sets it.
   */
  function delayBefore(retry: number, asked: string | undefined): number {
    if (options.retryDelayMs !== undefined && options.retryDelayMs > 0) return options.retryDelayMs;
    if (asked !== undefined && /^\d{1,6}$/.test(asked)) return Number(asked) * 1_000;
    return Math.min(maxDelayMs, 1_000 * 2 ** retry);
  }

  return {
    open,
    retries: () => retries,
    end: stopClock,
  };
}

/** Starts a timer. @returns a function that stops it */
function startClock(ms: number, sleep: TransferWorld['sleep'], ring: () => void): () => void {
  const stopped = new AbortController();
  if (ms > 0) {
    // The wait rejects only if it is stopped.
    void sleep(ms, stopped.signal).then(ring, () => undefined);
  }
  return () => {
    stopped.abort();
  };
}

function timedOut(message: string): ConnectionError {
  return new ConnectionError(message, {
    code: 'TransferTimeout',
    hint: 'give it more time, or none of these flags',
  });
}
