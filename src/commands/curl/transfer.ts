// One request with its repetitions and time limits. Entry point: openTransfer(). What comes of the answer is run.ts.

import { setTimeout as sleep } from 'node:timers/promises';
import { ConnectionError } from '../../errors.ts';
import type { ApiResponse, Send } from '../../model/request.ts';
import type { CurlOptions } from './options.ts';
import type { RequestMaker } from './request.ts';

export interface TransferWorld {
  readonly send: Send;
  /** Ends everything. */
  readonly signal: AbortSignal;
  /** Takes a line about a repetition. */
  readonly warn: (text: string) => void;
}

export interface Transfer {
  /** Resolves with the answer that is to be shown. @throws as {@link Send} */
  open(): Promise<ApiResponse>;
  /** Repetitions so far. */
  readonly retries: () => number;
  /** Lets the clock of --max-time go; to be called in any case. */
  end(): void;
}

/** Statuses that may pass, as curl sees it. */
const transient = new Set([408, 429, 500, 502, 503, 504]);
const longestDelayMs = 600_000;

export function openTransfer(make: RequestMaker, options: CurlOptions, world: TransferWorld): Transfer {
  const limit = new AbortController();
  const clock = startClock(options.maxTimeMs, () => {
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
        if (last || signal.aborted || !(thrown instanceof ConnectionError) || !mayPass(thrown)) throw thrown;
        why = thrown.message;
      }
      const delayMs = delayBefore(retries, asked);
      retries += 1;
      world.warn(
        `note: ${why}; repeating in ${delayMs / 1_000} s, ${options.retries - retries} more after that`,
      );
      await sleep(delayMs, undefined, { signal }).catch((thrown: unknown) => {
        throw signal.aborted ? signal.reason : thrown;
      });
    }
  }

  async function sendOnce(): Promise<ApiResponse> {
    const connecting = new AbortController();
    const connectClock = startClock(options.connectTimeoutMs, () => {
      connecting.abort(
        timedOut(`there is no connection after --connect-timeout ${options.connectTimeoutMs / 1_000} s`),
      );
    });
    try {
      return await world.send(make(), {
        signal: AbortSignal.any([signal, connecting.signal]),
        onSent: () => {
          clearTimeout(connectClock);
        },
      });
    } finally {
      clearTimeout(connectClock);
    }
  }

  function mayPass(error: ConnectionError): boolean {
    if (error.code === 'ConnectionRefused') return options.retryRefused;
    return /timeout/i.test(error.code);
  }

  /** curl's: a second, doubled each time, unless the server or the flag says how long. */
  function delayBefore(retry: number, asked: string | undefined): number {
    if (options.retryDelayMs !== undefined && options.retryDelayMs > 0) return options.retryDelayMs;
    if (asked !== undefined && /^\d{1,6}$/.test(asked)) return Number(asked) * 1_000;
    return Math.min(longestDelayMs, 1_000 * 2 ** retry);
  }

  return {
    open,
    retries: () => retries,
    end: () => {
      clearTimeout(clock);
    },
  };
}

function startClock(ms: number, ring: () => void): NodeJS.Timeout | undefined {
  return ms === 0 ? undefined : setTimeout(ring, Math.min(ms, 2 ** 31 - 1));
}

function timedOut(message: string): ConnectionError {
  return new ConnectionError(message, {
    code: 'TransferTimeout',
    hint: 'give it more time, or none of these flags',
  });
}
