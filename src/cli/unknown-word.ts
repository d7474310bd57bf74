// The error for a word of the command line that kapi does not know: thrown by the parser, and
// examined again by second-reading.ts.

import type { FlagSpec } from '../commands/spec.ts';
import { UsageError, type ErrorDetails } from '../errors.ts';

/** The word, and the possible words. */
export type UnknownWord =
  | { readonly kind: 'command'; readonly word: string }
  | {
      readonly kind: 'flag';
      /** The word with its dashes, without a value. */
      readonly word: string;
      readonly known: readonly FlagSpec[];
      /** Name of the command. Undefined if there was none. */
      readonly command: string | undefined;
    }
  | { readonly kind: 'value'; readonly word: string; readonly choices: readonly string[] };

/** Unknown command, unknown flag, or a value that is not one of the flag's choices. */
export class UnknownWordError extends UsageError {
  readonly what: UnknownWord;
  constructor(message: string, details: ErrorDetails & { readonly what: UnknownWord }) {
    super(message, details);
    this.what = details.what;
  }
}
