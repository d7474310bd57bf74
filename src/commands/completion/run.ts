// kapi completion: the running part.

import type { Deps } from '../deps.ts';
import type { CompletionOptions } from './options.ts';
import { scriptOf } from './scripts.ts';

export async function runCompletion({ shell }: CompletionOptions, { io }: Deps): Promise<void> {
  await io.out.write(scriptOf(shell));
}
