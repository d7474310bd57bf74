// Waiting that can be ended.

import { setTimeout as delay } from 'node:timers/promises';
import { reasonOf } from './scope.ts';

/** Resolves after a time. @throws the signal's reason when it aborts first */
export async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(ms, undefined, { signal });
  } catch (error) {
    throw signal.aborted ? reasonOf(signal) : error;
  }
}
