// Rows with a selection, a filter and a header that stays. Pure. Entry point: ListView.

import { displayWidth } from '../output/display-width.ts';
import { escapeLine } from '../output/escape.ts';
import {
  alignWindow,
  hiddenLeft,
  hiddenRight,
  windowOf,
  type ColumnWindow,
  type Line,
  type Segment,
} from './layout.ts';
import { SearchBox } from './search-box.ts';
import { styleOfCell } from './style.ts';

export interface ListRow<Data> {
  /** Differs for every row of the list. */
  readonly key: string;
  readonly cells: readonly string[];
  readonly data: Data;
}

export class ListView<Data> {
  readonly filter = new SearchBox();
  #titles: readonly string[];
  /** Columns that stay when the list is scrolled sideways. */
  readonly #pinned: number;
  #rows: ListRow<Data>[] = [];
  #matching: readonly ListRow<Data>[] | undefined;
  #selected: string | undefined;
  #top = 0;
  #offset = 0;
  #isCutRight = false;
  #height = 10;

  constructor(titles: readonly string[], pinned = 1) {
    this.#titles = titles;
    this.#pinned = pinned;
  }

  get count(): number {
    return this.#rows.length;
  }

  get selected(): ListRow<Data> | undefined {
    const rows = this.#shown();
    return rows[this.#index(rows)];
  }

  /** `3/12`, and `of 200` where a filter hides rows. */
  get position(): string {
    const rows = this.#shown();
    const all = rows.length === this.#rows.length ? '' : ` of ${this.#rows.length}`;
    return rows.length === 0 ? `0${all}` : `${this.#index(rows) + 1}/${rows.length}${all}`;
  }

  setTitles(titles: readonly string[]): void {
    this.#titles = titles;
  }

  append(rows: readonly ListRow<Data>[]): void {
    for (const row of rows) this.#rows.push(row);
    this.#matching = undefined;
  }

  replace(rows: readonly ListRow<Data>[]): void {
    this.#rows = [...rows];
    this.#matching = undefined;
  }

  /** Tells that the filter is another one. */
  refilter(): void {
    this.#matching = undefined;
  }

  select(key: string): void {
    this.#selected = key;
  }

  move(by: number): void {
    const rows = this.#shown();
    const at = Math.min(rows.length - 1, Math.max(0, this.#index(rows) + by));
    this.#selected = rows[at]?.key ?? this.#selected;
  }

  page(pages: number): void {
    this.move(pages * Math.max(1, this.#height - 2));
  }

  sideways(by: 1 | -1): void {
    if (by === 1 && !this.#isCutRight) return;
    this.#offset = Math.max(0, this.#offset + by);
  }

  #shown(): readonly ListRow<Data>[] {
    const word = this.filter.word.toLowerCase();
    if (word === '') return this.#rows;
    this.#matching ??= this.#rows.filter(({ cells }) => cells.join(' ').toLowerCase().includes(word));
    return this.#matching;
  }

  #index(rows: readonly ListRow<Data>[]): number {
    if (this.#selected === undefined) return 0;
    return Math.max(
      0,
      rows.findIndex(({ key }) => key === this.#selected),
    );
  }

  /**
   * The header and the rows that are in a window of this size.
   * @param mark before the selected row
   */
  lines(columns: number, height: number, mark: string): Line[] {
    this.#height = Math.max(2, height);
    const rows = this.#shown();
    const selected = this.#index(rows);
    const body = this.#height - 1;
    if (selected < this.#top) this.#top = selected;
    if (selected >= this.#top + body) this.#top = selected - body + 1;
    this.#top = Math.max(0, Math.min(this.#top, rows.length - body));
    const visible = rows.slice(this.#top, this.#top + body).map(({ cells }) => cells.map(escapeLine));
    const titles = this.#titles.map((title) => escapeLine(title.toUpperCase()));
    const widths = titles.map(displayWidth);
    for (const cells of visible) {
      cells.forEach((text, at) => {
        widths[at] = Math.max(widths[at] ?? 0, displayWidth(text));
      });
    }
    const window = windowOf(widths, this.#pinned, this.#offset, columns - mark.length);
    this.#offset = window.offset;
    this.#isCutRight = window.isCutRight;
    const head: Line = [
      { text: (window.isCutLeft ? hiddenLeft : ' ').padEnd(mark.length), style: 'faint' },
      { text: alignWindow(titles, window).join('').trimEnd(), style: 'header' },
      { text: window.isCutRight ? ` ${hiddenRight}` : '', style: 'faint' },
    ];
    const lines = visible.map((cells, at) =>
      rowLine(cells, titles, window, this.#top + at === selected ? mark : undefined, columns, mark.length),
    );
    return [head, ...lines];
  }
}

function rowLine(
  cells: readonly string[],
  titles: readonly string[],
  window: ColumnWindow,
  mark: string | undefined,
  columns: number,
  markWidth: number,
): Line {
  const shown = alignWindow(cells, window);
  if (mark !== undefined) {
    const text = mark + shown.join('');
    return [{ text: text + ' '.repeat(Math.max(0, columns - displayWidth(text))), style: 'selected' }];
  }
  return [
    { text: ' '.repeat(markWidth), style: 'plain' },
    ...shown.map((text, at): Segment => {
      const index = window.columns[at]?.index ?? 0;
      return { text, style: styleOfCell(titles[index] ?? '', (cells[index] ?? '').trim(), cells) };
    }),
  ];
}
