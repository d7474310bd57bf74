// Parses words of kapi completion to options.

import { UsageError } from '../../errors.ts';
import { nearest } from '../../model/nearest.ts';
import { shells, type Shell } from './scripts.ts';

export interface CompletionOptions {
  readonly shell: Shell;
}

/** Parses words. @throws UsageError for a shell without a script */
export function parseCompletionOptions([word = '']: readonly string[]): CompletionOptions {
  const shell = shells.find((one) => one === word);
  if (shell !== undefined) return { shell };
  const [near] = nearest(word, shells);
  throw new UsageError(`there is no completion for "${word}"`, {
    code: 'UnknownShell',
    hint: `${near === undefined ? '' : `did you mean ${near}? `}shells: ${shells.join(', ')}`,
  });
}
