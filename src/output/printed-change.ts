// A change of a watch as printed, and functions that all printers of changes share.

import { BugError } from '../errors.ts';
import type { Change } from '../model/change.ts';
import type { Json, KubeObject } from '../model/object.ts';
import type { FieldChange } from '../model/object-diff.ts';
import { fieldChangeText } from './field-change.ts';
import type { PrintOptions } from './format.ts';
import { contextCell } from './table.ts';

/** One change and the additional data to print. */
export interface PrintedChange {
  /** The context that it is from, with `--contexts`. */
  readonly context?: string | undefined;
  readonly change: Change;
  /** When the change arrived. Printed if {@link EventPrintOptions.timestamps} is set. */
  readonly time: Date;
  /**
   * The fields that differ. Undefined if the user did not ask for them, or if there is nothing to
   * compare with.
   */
  readonly fields?: readonly FieldChange[] | undefined;
  /** Entries of a document between its type and its object. */
  readonly facts?: readonly (readonly [key: string, value: Json])[] | undefined;
  /** True if the object probably still exists and only no longer matches the selector. */
  readonly hasLeft?: boolean | undefined;
}

export type EventPrintOptions = Omit<PrintOptions, 'shape' | 'sortBy' | 'warn'> & {
  /**
   * True to print the type of the change. Otherwise a deletion looks like another state, as in
   * kubectl.
   */
  readonly events: boolean;
  /**
   * True to print `LEFT` as the type in documents for an object that no longer matches. Default:
   * `DELETED`, as the server sends it for a selector.
   */
  readonly namesLeft?: boolean | undefined;
  /** True to print the time, in UTC to the millisecond. */
  readonly timestamps: boolean;
};

export interface EventPrinter {
  /** Prints the changes as one piece. Resolves when more can follow. */
  print(changes: readonly PrintedChange[]): Promise<void>;
}

/**
 * Returns the words for a change, padded to the longest, so that the columns after them are
 * aligned.
 */
export function leadingWords(
  printed: PrintedChange,
  { contextWidth, events, timestamps }: Pick<EventPrintOptions, 'contextWidth' | 'events' | 'timestamps'>,
): string[] {
  return [
    ...(printed.context === undefined ? [] : [contextCell(printed.context, contextWidth)]),
    ...(timestamps ? [printed.time.toISOString()] : []),
    ...(events ? [eventWord(printed).padEnd('MODIFIED'.length)] : []),
  ];
}

/** Returns the word for a change. */
export function eventWord({ change, hasLeft }: PrintedChange): string {
  return hasLeft === true ? 'LEFT' : change.change;
}

/** Returns the lines of changed fields below a change. */
export function fieldLines({ fields }: PrintedChange): string {
  return (fields ?? []).map((field) => `    ${fieldChangeText(field)}\n`).join('');
}

/** Returns the whole object of a change. */
export function wholeObjectOf({ entry }: Change): KubeObject {
  if (entry.kind === 'object') return entry.object;
  throw new BugError('whole objects are to be printed, but rows of a table came', { code: 'RowsForObjects' });
}
