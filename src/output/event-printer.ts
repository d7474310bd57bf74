// Changes of a watch as they are printed, batch by batch. Entry point: openEventPrinter. Tables are event-table.ts's, whole
// objects event-documents.ts's; lists are printer.ts's.

import { BugError } from '../errors.ts';
import type { Sink } from '../io/io.ts';
import type { Change } from '../model/change.ts';
import type { KubeObject } from '../model/object.ts';
import type { FieldChange } from '../model/object-diff.ts';
import { escapeControl, escapeLine } from './escape.ts';
import { fieldChangeText } from './field-change.ts';
import type { OutputFormat, PrintOptions } from './format.ts';
import { kindPrefix } from './name.ts';

/** One change with what is to be shown beside it. */
export interface PrintedChange {
  readonly change: Change;
  /** When it came; shown where {@link EventPrintOptions.timestamps} asks for it. */
  readonly time: Date;
  /** Fields that are different; undefined: nobody asked, or there is nothing to compare with. */
  readonly fields?: readonly FieldChange[] | undefined;
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

/**
 * Opens the printer of a format. Nothing is held back: what came is written before more is taken.
 * @throws UsageError where a template or the columns cannot be understood
 */
export async function openEventPrinter(options: EventPrintOptions, out: Sink): Promise<EventPrinter> {
  const { format } = options;
  switch (format.kind) {
    case 'table': {
      const { openEventTablePrinter } = await import('./event-table.ts');
      return openEventTablePrinter({ ...options, wide: format.wide }, out);
    }
    case 'custom-columns': {
      const { openEventColumnsPrinter } = await import('./event-table.ts');
      return openEventColumnsPrinter({ ...options, format }, out);
    }
    case 'json':
    case 'yaml':
    case 'ndjson': {
      const { openEventDocumentPrinter } = await import('./event-documents.ts');
      return openEventDocumentPrinter({ ...options, syntax: format.kind }, out);
    }
    case 'name':
      return openEventNamePrinter(options, out);
    case 'jsonpath':
    case 'jsonpath-as-json':
      return openEventTemplatePrinter({ ...options, format }, out);
  }
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

function eventWord({ change, hasLeft }: PrintedChange): string {
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

/** `-o name`: `ADDED pod/web`. */
function openEventNamePrinter(
  { events, timestamps }: Pick<EventPrintOptions, 'events' | 'timestamps'>,
  out: Sink,
): EventPrinter {
  return {
    async print(changes): Promise<void> {
      let text = '';
      for (const printed of changes) {
        const { change } = printed;
        const words = [
          ...(timestamps ? [printed.time.toISOString()] : []),
          ...(events ? [eventWord(printed)] : []),
          `${escapeLine(kindPrefix(change.type))}/${escapeLine(change.name)}`,
        ];
        text += `${words.join(' ')}\n${fieldLines(printed)}`;
      }
      await out.write(text);
    },
  };
}

/** `-o jsonpath`: the template over each object by itself; nothing is added, as with kubectl. */
async function openEventTemplatePrinter(
  {
    format,
    allowMissingTemplateKeys,
  }: Pick<EventPrintOptions, 'allowMissingTemplateKeys'> & {
    readonly format: Extract<OutputFormat, { readonly kind: 'jsonpath' | 'jsonpath-as-json' }>;
  },
  out: Sink,
): Promise<EventPrinter> {
  const { evaluateJsonPath, parseJsonPath } = await import('./jsonpath.ts');
  const template = parseJsonPath(format.template);
  const how = {
    allowMissingKeys: allowMissingTemplateKeys,
    as: format.kind === 'jsonpath' ? 'text' : 'json',
  } as const;
  return {
    async print(changes): Promise<void> {
      let text = '';
      for (const { change } of changes) text += evaluateJsonPath(template, wholeObjectOf(change), how);
      if (text !== '') await out.write(out.isTTY ? escapeControl(text) : text);
    },
  };
}
