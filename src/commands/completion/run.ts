// Runs kapi completion.

import type { Deps } from '../deps.ts';
import type { CompletionOptions } from './options.ts';
import { scriptOf } from './scripts.ts';

/** Prints the script of a shell. */
export async function runCompletion({ shell }: CompletionOptions, { io }: Deps): Promise<void> {
  await io.out.write(scriptOf(shell));
}
