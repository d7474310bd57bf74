// A word of the command line that nothing of kapi's is: thrown by the parser, looked at again by second-reading.ts.

import type { FlagSpec } from '../commands/spec.ts';
import { UsageError, type ErrorDetails } from '../errors.ts';

/** The word, and what stood to choice. */
export type Misread =
  | { readonly kind: 'command'; readonly word: string }
  | {
      readonly kind: 'flag';
      /** With its dashes, without a value. */
      readonly word: string;
      readonly known: readonly FlagSpec[];
      /** Name of the command; undefined where there was none. */
      readonly command: string | undefined;
    }
  | { readonly kind: 'value'; readonly word: string; readonly choices: readonly string[] };

/** Unknown command, unknown flag, or a value that is none of a flag's choices. */
export class NotUnderstood extends UsageError {
  readonly what: Misread;
  constructor(message: string, details: ErrorDetails & { readonly what: Misread }) {
    super(message, details);
    this.what = details.what;
  }
}
