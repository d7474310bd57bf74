// Rows of the live table: one for each object, with its cells, mark and order. Pure.

import { objectOf, type Change } from '../model/change.ts';
import { objectAt, stringAt, type Json } from '../model/object.ts';
import type { ResourceType } from '../model/resource.ts';
import type { TableColumn } from '../model/table.ts';
import { escapeLine } from '../output/escape.ts';
import { cellText } from '../output/table.ts';
import type { Style } from './style.ts';

export interface Row {
  readonly change: Change;
  /** The change before this one, if the table saw both. */
  readonly before: Change | undefined;
  readonly cells: readonly string[];
  /** Creation time, to sort by age. */
  readonly created: string;
  mark: 'ADDED' | 'MODIFIED' | 'DELETED' | undefined;
  markedAtMs: number;
}

export interface Section {
  readonly type: ResourceType;
  columns: readonly TableColumn[];
  readonly rows: Map<string, Row>;
}

export interface BodyLine {
  readonly key: string;
  readonly section: Section;
  /** Undefined: a header or the empty line between two types. */
  readonly row: Row | undefined;
  readonly isHeader: boolean;
}

/**
 * Milliseconds: a mark is bright for the first second and then fades. A deleted row is removed when
 * its mark has faded.
 */
const brightMs = 1_000;
export const fadedMs = 4_000;

/** Returns the key of an object within its type. */
export function keyOf({ context = '', namespace, name }: Change): string {
  return `${context}/${namespace}/${name}`;
}

function cellsOf(change: Change): string[] {
  const { entry } = change;
  return entry.kind === 'row'
    ? entry.row.cells.map((cell) => escapeLine(cellText(cell)))
    : [escapeLine(change.name)];
}

/** Returns the mark of a recent change: bright at first, then faint, then none. */
export function markOf({ mark, markedAtMs }: Row, nowMs: number): { sign: string; style: Style } {
  if (mark === undefined) return { sign: ' ', style: 'plain' };
  const isBright = nowMs - markedAtMs < brightMs;
  switch (mark) {
    case 'ADDED':
      return { sign: '+', style: isBright ? 'added' : 'added-faint' };
    case 'MODIFIED':
      return { sign: '~', style: isBright ? 'modified' : 'modified-faint' };
    case 'DELETED':
      return { sign: '-', style: isBright ? 'deleted' : 'deleted-faint' };
  }
}

/**
 * Returns `STATUS: Pending -> Running` for each cell that the last change changed. Omits ages,
 * which change by themselves.
 */
export function cellChangesOf({ change, before }: Row, columns: readonly TableColumn[]): string[] {
  if (before === undefined) return [];
  const [old, now] = [cellsOf(before), cellsOf(change)];
  return columns.flatMap(({ name }, at) =>
    old[at] === now[at] || name === 'Age'
      ? []
      : [`${escapeLine(name.toUpperCase())}: ${old[at] ?? ''} -> ${now[at] ?? ''}`],
  );
}

/** Compares two cells of a column: numbers by value, other cells as text. */
export function compareCells(a: Change, b: Change, column: number): number {
  const [left, right] = [cellAt(a, column), cellAt(b, column)];
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  return compareText(cellText(left), cellText(right));
}

function cellAt({ entry }: Change, column: number): Json {
  return entry.kind === 'row' ? (entry.row.cells[column] ?? null) : null;
}

/** Compares digits by value, so that `web-10` follows `web-9`. */
const collator = new Intl.Collator('en', { numeric: true });

/** Compares two texts in natural order. */
export function compareText(a: string, b: string): number {
  return collator.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0);
}

/**
 * Makes the row of a change.
 * @param initial true if the object existed before the watch began: it is not marked
 * @param known the previous row of the object
 */
export function rowOf(change: Change, initial: boolean, nowMs: number, known: Row | undefined): Row {
  return {
    change,
    before: initial || change.change === 'ADDED' ? undefined : known?.change,
    cells: cellsOf(change),
    created: stringAt(objectAt(objectOf(change), 'metadata'), 'creationTimestamp'),
    mark: initial ? undefined : change.change,
    markedAtMs: nowMs,
  };
}
