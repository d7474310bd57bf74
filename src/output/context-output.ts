// The output of one context among several (--contexts) as printers see it: they pass on what they
// would print, and it is merged with that of the other contexts. Types and one guard;
// merged-output.ts implements them.

import type { Sink } from '../io/io.ts';
import type { Json } from '../model/object.ts';
import type { Printer, PrintOptions, Rows, StructuredFormat } from './format.ts';
import type { EventPrinter, EventPrintOptions } from './printed-change.ts';

/** The output of one context. */
export interface ContextPart {
  /** Opens a printer of pages for this context. @param open opens the printer of a plain sink */
  printer(
    options: PrintOptions,
    open: (options: PrintOptions, out: Sink) => Promise<Printer>,
  ): Promise<Printer>;
  /** Opens the printer of counts and sums, which all contexts share. */
  tally(open: (out: Sink, warn: (text: string) => void) => Printer): Printer;
  /** Opens a printer of events, which all contexts share. */
  events(
    options: EventPrintOptions,
    open: (options: EventPrintOptions, out: Sink) => Promise<EventPrinter>,
  ): Promise<EventPrinter>;
  rows(table: Rows): Promise<void>;
  structured(format: StructuredFormat, document: Json, items: readonly Json[]): Promise<void>;
}

/** The standard output of a command that runs for one context among several. */
export interface ContextSink extends Sink {
  readonly part: ContextPart;
}

/** True for the standard output of a command that runs for one context among several. */
export function isContextSink(out: Sink): out is ContextSink {
  return 'part' in out;
}
