// --quiet: what a command gets so that it prints nothing. Entry point: silenced().

import type { Deps } from './deps.ts';

/** The same without standard output, notices and a terminal to draw on. Errors are not the command's to print. */
export function silenced(deps: Deps): Deps {
  const out = { ...deps.io.out, isTTY: false, color: 0 as const, write: () => Promise.resolve() };
  return {
    ...deps,
    io: { ...deps.io, out },
    terminal: () => Promise.resolve(undefined),
    warn: () => undefined,
  };
}
