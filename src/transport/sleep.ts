// A timer that a signal can end.

import { reasonOf } from '../model/abort.ts';

/**
 * Resolves after `ms` milliseconds.
 * @throws the signal's reason when it aborts first
 */
export async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  // Imported only when needed, which most runs never do.
  const { setTimeout: delay } = await import('node:timers/promises');
  try {
    await delay(ms, undefined, { signal });
  } catch (error) {
    throw signal.aborted ? reasonOf(signal) : error;
  }
}
