// Prints the requests of doctor for --curl, without connecting.

import { askRules } from '../../api/access-review.ts';
import { askWhoAmI } from '../../api/self-review.ts';
import { askReadiness, askServerClock } from '../../api/server-health.ts';
import { NotSent } from '../../errors.ts';
import type { Deps } from '../deps.ts';

/** Passes every request of the steps, in order, to a `send` that prints it. */
export async function printRequests(deps: Deps): Promise<void> {
  const [send, discovery, config] = await Promise.all([deps.send(), deps.discovery(), deps.config()]);
  const options = { signal: deps.signal };
  const asks: readonly (() => Promise<unknown>)[] = [
    () => askServerClock(send, options),
    () => askReadiness(send, options),
    () => askWhoAmI(send, options),
    () => askRules(send, config.namespace.value, options),
    () => discovery.surface('current'),
  ];
  for (const ask of asks) {
    try {
      await ask();
    } catch (thrown) {
      if (!(thrown instanceof NotSent)) throw thrown;
    }
  }
}
