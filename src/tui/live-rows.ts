// Rows of the live table: one for each object, with its cells, its mark and its order. Pure.

import { objectOf, type Change } from '../model/change.ts';
import { objectAt, stringAt, type Json } from '../model/object.ts';
import type { ResourceType } from '../model/resource.ts';
import type { TableColumn } from '../model/table.ts';
import { escapeLine } from '../output/escape.ts';
import { cellText } from '../output/table.ts';
import type { Style } from './style.ts';

export interface Row {
  readonly change: Change;
  /** The change before this one, where both were seen while the table was open. */
  readonly before: Change | undefined;
  readonly cells: readonly string[];
  /** Values to sort by: numbers where the cell is one. */
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
  /** undefined: a header or the empty line between two types. */
  readonly row: Row | undefined;
  readonly isHeader: boolean;
}

/**
 * A mark is bright for the first second and then fades; a deleted row leaves when its mark has
 * faded. Milliseconds.
 */
const brightMs = 1_000;
export const fadedMs = 4_000;

export function keyOf({ context = '', namespace, name }: Change): string {
  return `${context}/${namespace}/${name}`;
}

function cellsOf(change: Change): string[] {
  const { entry } = change;
  return entry.kind === 'row'
    ? entry.row.cells.map((cell) => escapeLine(cellText(cell)))
    : [escapeLine(change.name)];
}

/** What a recent change looks like: bright at first, then faint, then gone. */
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
 * `STATUS: Pending -> Running` for each cell that the last change changed; ages, which change by
 * themselves, are left out.
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

export function compareCells(a: Change, b: Change, column: number): number {
  const [left, right] = [cellAt(a, column), cellAt(b, column)];
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  return compareText(cellText(left), cellText(right));
}

function cellAt({ entry }: Change, column: number): Json {
  return entry.kind === 'row' ? (entry.row.cells[column] ?? null) : null;
}

/** Digits by their value, so that `web-10` follows `web-9`. */
const collator = new Intl.Collator('en', { numeric: true });

export function compareText(a: string, b: string): number {
  return collator.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0);
}

/**
 * @param initial the object was there before the watch began, so that nothing is marked
 * @param known the row of the object until now
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
