// Prints changes of a watch batch by batch. Entry point: openEventPrinter. event-table.ts prints
// tables, event-documents.ts whole objects, and printer.ts lists.

import { UsageError } from '../errors.ts';
import type { Sink } from '../io/io.ts';
import { isContextSink } from './context-output.ts';
import { escapeControl, escapeLine } from './escape.ts';
import type { OutputFormat } from './format.ts';
import { kindPrefix } from './name.ts';
import {
  eventWord,
  fieldLines,
  wholeObjectOf,
  type EventPrinter,
  type EventPrintOptions,
} from './printed-change.ts';

/**
 * Opens the printer of a format. Buffers nothing: writes each batch before it accepts the next.
 * @throws UsageError if a template or the columns are invalid
 */
export async function openEventPrinter(options: EventPrintOptions, out: Sink): Promise<EventPrinter> {
  if (isContextSink(out)) return out.part.events(options, openPlain);
  return openPlain(options, out);
}

async function openPlain(options: EventPrintOptions, out: Sink): Promise<EventPrinter> {
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
    case 'kyaml':
    case 'ndjson': {
      const { openEventDocumentPrinter } = await import('./event-documents.ts');
      return openEventDocumentPrinter({ ...options, syntax: format.kind }, out);
    }
    case 'csv':
      throw new UsageError('-o csv prints lists, not events', {
        code: 'BadOutputFormat',
        hint: '-o ndjson gives one event a line',
      });
    case 'name':
      return openEventNamePrinter(options, out);
    case 'jsonpath':
    case 'jsonpath-as-json':
      return openEventTemplatePrinter({ ...options, format }, out);
  }
}

/** Opens `-o name`: `ADDED pod/web`. */
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
          ...(printed.context === undefined ? [] : [escapeLine(printed.context)]),
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

/**
 * Returns the text of one object of several contexts: the context and a tab before each line, the
 * last of which is ended.
 */
function withContext(text: string, context: string): string {
  if (text === '') return '';
  const lines = text.replace(/\n$/, '').split('\n');
  return lines.map((line) => `${escapeLine(context)}\t${line}\n`).join('');
}

/**
 * Opens `-o jsonpath`: evaluates the template on each object separately and adds nothing, as
 * kubectl does.
 */
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
      for (const { change, context } of changes) {
        const found = evaluateJsonPath(template, wholeObjectOf(change), how);
        text += context === undefined ? found : withContext(found, context);
      }
      if (text !== '') await out.write(out.isTTY ? escapeControl(text) : text);
    },
  };
}
