// --quiet: dependencies with which a command prints nothing. Entry point: withoutOutput().

import type { Deps } from './deps.ts';

/**
 * Returns the dependencies without standard output, notices and a terminal to draw on. main prints
 * errors.
 */
export function withoutOutput(deps: Deps): Deps {
  const out = { ...deps.io.out, isTTY: false, color: 0 as const, write: () => Promise.resolve() };
  return {
    ...deps,
    io: { ...deps.io, out },
    terminal: () => Promise.resolve(undefined),
    warn: () => undefined,
  };
}
