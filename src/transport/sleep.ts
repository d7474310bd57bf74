// Waiting that can be ended.

import { reasonOf } from '../model/abort.ts';

/** Resolves after a time. @throws the signal's reason when it aborts first */
export async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  // A module of its own, which most runs never need.
  const { setTimeout: delay } = await import('node:timers/promises');
  try {
    await delay(ms, undefined, { signal });
  } catch (error) {
    throw signal.aborted ? reasonOf(signal) : error;
  }
}
