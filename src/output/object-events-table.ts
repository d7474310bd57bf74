// Events as rows with the columns of kubectl events, batch by batch. Entry point:
// openObjectEventsTable().

import type { Sink } from '../io/io.ts';
import { openPalette, withColours } from './colour.ts';
import { Columns } from './columns.ts';
import { isContextSink } from './context-output.ts';
import { escapeLine } from './escape.ts';

export interface ObjectEventsTableOptions {
  readonly noHeaders: boolean;
  /** True to add the columns SUBOBJECT and SOURCE. */
  readonly wide: boolean;
  readonly withNamespace: boolean;
  /** True if more rows follow later: columns begin as wide as usual values. */
  readonly isStream: boolean;
}

const usualWidths = { lastSeen: '10m (x12 over 100m)'.length, type: 'Warning'.length };

/** An Event as a row shows it. Texts can hold any characters. */
export interface ObjectEventRow {
  readonly namespace: string;
  /** An age, with the count of a repeated event: `2m (x3 over 10m)`. */
  readonly lastSeen: string;
  readonly type: string;
  readonly reason: string;
  /** `Pod/web`. */
  readonly object: string;
  /** `spec.containers{app}`. */
  readonly subobject: string;
  readonly source: string;
  readonly message: string;
}

export interface ObjectEventsTable {
  /** Prints rows, each on one line, before which the first call prints the header. */
  print(rows: readonly ObjectEventRow[]): Promise<void>;
}

/** Opens the table. Columns stay aligned from one batch to the next, as far as widths are known. */
export async function openObjectEventsTable(
  { noHeaders, wide, withNamespace, isStream }: ObjectEventsTableOptions,
  out: Sink,
): Promise<ObjectEventsTable> {
  const palette = await openPalette(out.color);
  const columns = new Columns();
  const wideEnough = (title: string, width: number): string => (isStream ? title.padEnd(width) : title);
  const headers = [
    ...(withNamespace ? ['NAMESPACE'] : []),
    ...[wideEnough('LAST SEEN', usualWidths.lastSeen), wideEnough('TYPE', usualWidths.type)],
    ...['REASON', 'OBJECT'],
    ...(wide ? ['SUBOBJECT', 'SOURCE'] : []),
    'MESSAGE',
  ];
  const typeColumn = withNamespace ? 2 : 1;
  let isHeaderDue = !noHeaders;
  const cellsOf = (row: ObjectEventRow): string[] => [
    ...(withNamespace ? [row.namespace] : []),
    ...[row.lastSeen, row.type, row.reason, row.object],
    ...(wide ? [row.subobject, row.source] : []),
    row.message,
  ];
  if (isContextSink(out)) {
    const { part } = out;
    return { print: (rows) => part.rows({ columns: headers, rows: rows.map(cellsOf), noHeaders, isStream }) };
  }
  return {
    async print(rows): Promise<void> {
      const lines = rows.map((row) => cellsOf(row).map(escapeLine));
      const headerLine = isHeaderDue ? 0 : undefined;
      if (isHeaderDue) lines.unshift(headers);
      isHeaderDue = false;
      const text = columns.format(
        lines,
        palette &&
          ((cell, column, line) => {
            if (line === headerLine) return palette.header(cell);
            if (withNamespace && column === 0) return palette.faint(cell);
            return column === typeColumn && cell !== 'Normal' ? palette.warning(cell) : cell;
          }),
      );
      await out.write(withColours(palette, text));
    },
  };
}
