// A change of a watch as it is printed, and what all printers of changes share.

import { BugError } from '../errors.ts';
import type { Change } from '../model/change.ts';
import type { Json, KubeObject } from '../model/object.ts';
import type { FieldChange } from '../model/object-diff.ts';
import { fieldChangeText } from './field-change.ts';
import type { PrintOptions } from './format.ts';

/** One change with what is to be shown beside it. */
export interface PrintedChange {
  readonly change: Change;
  /** When it came; shown where {@link EventPrintOptions.timestamps} asks for it. */
  readonly time: Date;
  /** Fields that are different; undefined: nobody asked, or there is nothing to compare with. */
  readonly fields?: readonly FieldChange[] | undefined;
  /** Entries of a document between its type and its object. */
  readonly facts?: readonly (readonly [key: string, value: Json])[] | undefined;
  /** The deletion is none, as far as is known: the object does not match the selector any more. */
  readonly hasLeft?: boolean | undefined;
}

export type EventPrintOptions = Omit<PrintOptions, 'shape' | 'sortBy'> & {
  /** Say what happened; without, a deletion looks like one more state, as with kubectl. */
  readonly events: boolean;
  /** Say when it happened, in UTC to the millisecond. */
  readonly timestamps: boolean;
};

export interface EventPrinter {
  /** Writes the changes as one piece; resolves when more may follow. */
  print(changes: readonly PrintedChange[]): Promise<void>;
}

/** Words for what happened, padded to the longest, so that the columns after them stay in line. */
export function leadingWords(
  printed: PrintedChange,
  { events, timestamps }: Pick<EventPrintOptions, 'events' | 'timestamps'>,
): string[] {
  return [
    ...(timestamps ? [printed.time.toISOString()] : []),
    ...(events ? [eventWord(printed).padEnd('MODIFIED'.length)] : []),
  ];
}

export function eventWord({ change, hasLeft }: PrintedChange): string {
  return hasLeft === true ? 'LEFT' : change.change;
}

/** The lines of fields that go under a change. */
export function fieldLines({ fields }: PrintedChange): string {
  return (fields ?? []).map((field) => `    ${fieldChangeText(field)}\n`).join('');
}

/** The whole object of a change. */
export function wholeObjectOf({ entry }: Change): KubeObject {
  if (entry.kind === 'object') return entry.object;
  throw new BugError('whole objects are to be printed, but rows of a table came', { code: 'RowsForObjects' });
}
