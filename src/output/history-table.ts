// Prints past changes as rows: when, what, who, and which fields. Entry point: openHistoryTable().

import type { Sink } from '../io/io.ts';
import type { FieldChange } from '../model/object-diff.ts';
import type { PastChange, TimeRange } from '../model/past-change.ts';
import { openPalette } from './colour.ts';
import { Columns } from './columns.ts';
import { escapeLine } from './escape.ts';
import { fieldChangeText } from './field-change.ts';
import { kindPrefix } from './name.ts';

export interface HistoryTableOptions {
  readonly noHeaders: boolean;
  /** True to add a column VERSION. */
  readonly wide: boolean;
  /** True to add a column NAME, for several objects. */
  readonly withName: boolean;
  /** True to put the type before each name. */
  readonly showKind: boolean;
  readonly withNamespace: boolean;
  /** True to add a column CHANGE. */
  readonly diff: boolean;
  /** The current day: times of this day are shown without a date. */
  readonly now: Date;
}

/** A change as a row. */
export interface HistoryRow {
  readonly past: PastChange;
  readonly time: TimeRange;
  /** True if the object met the condition of `--where` and no longer does. */
  readonly hasLeft?: boolean;
  /** The fields to show under CHANGE. Undefined if the state before is not known. */
  readonly fields: readonly FieldChange[] | undefined;
}

export interface HistoryTable {
  print(rows: readonly HistoryRow[]): Promise<void>;
}

/** Max width of a time range within one day. */
const timeWidth = '00:00:00..00:00:00'.length;

/**
 * Opens the table: one change a row. If several fields changed, further lines follow under CHANGE.
 */
export async function openHistoryTable(options: HistoryTableOptions, out: Sink): Promise<HistoryTable> {
  const palette = await openPalette(out.color);
  const columns = new Columns();
  const headers = [
    'TIME'.padEnd(timeWidth),
    ...(options.wide ? ['VERSION'] : []),
    'EVENT'.padEnd('MODIFIED'.length),
    ...(options.withNamespace ? ['NAMESPACE'] : []),
    ...(options.withName ? ['NAME'] : []),
    'BY',
    ...(options.diff ? ['CHANGE'] : []),
  ];
  let isHeaderDue = !options.noHeaders;
  return {
    async print(rows): Promise<void> {
      const withHeader = isHeaderDue;
      const lines = rows.flatMap((row) => linesOf(row, options));
      if (withHeader) lines.unshift(headers);
      isHeaderDue = false;
      const text = columns.format(
        lines,
        palette && ((cell, _column, line) => (withHeader && line === 0 ? palette.header(cell) : cell)),
      );
      // The last cell of a row can be empty.
      await out.write(text.replaceAll(/(?<! ) +$/gm, ''));
    },
  };
}

function linesOf({ past, time, hasLeft, fields }: HistoryRow, options: HistoryTableOptions): string[][] {
  const { change, author } = past;
  const { type, name, namespace, resourceVersion } = change;
  const prefix = options.showKind ? `${escapeLine(kindPrefix(type))}/` : '';
  const cells = [
    timeText(time, options.now).padEnd(timeWidth),
    ...(options.wide ? [escapeLine(resourceVersion)] : []),
    (hasLeft === true ? 'LEFT' : change.change).padEnd('MODIFIED'.length),
    ...(options.withNamespace ? [escapeLine(namespace)] : []),
    ...(options.withName ? [prefix + escapeLine(name)] : []),
    escapeLine(author?.manager ?? ''),
  ];
  if (!options.diff) return [cells];
  const [first = '', ...others] = changeTexts(change.change, fields);
  return [[...cells, first], ...others.map((text) => [...cells.map(() => ''), text])];
}

function changeTexts(event: string, fields: readonly FieldChange[] | undefined): readonly string[] {
  if (event !== 'MODIFIED') return [];
  if (fields === undefined) return ['(what it was before is not known)'];
  return fields.length === 0 ? ['(nothing but field managers)'] : fields.map(fieldChangeText);
}

/**
 * Formats a time: `21:21:13` in UTC, with the date if it is not today; `21:21:22..21:21:32` for a
 * change between two times, and open on the side without a known time.
 */
export function timeText({ from, to }: TimeRange, now: Date): string {
  if (from === undefined && to === undefined) return '?';
  if (from === to && from !== undefined) return momentText(from, now);
  const [start, end] = [from, to].map((at) => (at === undefined ? '' : momentText(at, now)));
  return start === end ? (start ?? '') : `${start ?? ''}..${end ?? ''}`;
}

function momentText(at: number, now: Date): string {
  const moment = new Date(at).toISOString();
  const day = moment.slice(0, 10);
  const time = moment.slice(11, 19);
  return day === now.toISOString().slice(0, 10) ? time : `${day}T${time}`;
}
