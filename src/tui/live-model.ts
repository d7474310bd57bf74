// The state of the live table: known objects, the user's view, and the frame that shows them. Entry
// point: LiveModel. Does not use the terminal or React: live-view.tsx draws frames, live-table.tsx
// feeds changes and keys; live-rows.ts has the rows, layout.ts the columns.

import type { ColorLevel } from '../io/io.ts';
import { ageOf } from '../model/age.ts';
import type { Change } from '../model/change.ts';
import { groupResourceOf, type ResourceType } from '../model/resource.ts';
import { displayWidth } from '../output/display-width.ts';
import { escapeLine } from '../output/escape.ts';
import { kindPrefix } from '../output/name.ts';
import { align, cut, gap, pad, type Segment } from './layout.ts';
import {
  compareCells,
  compareText,
  fadedMs,
  keyOf,
  markOf,
  rowOf,
  type BodyLine,
  type Row,
  type Section,
} from './live-rows.ts';
import { styleOfCell, type Style } from './style.ts';

/** The content of the window: exactly the requested number of lines. */
export type Frame = readonly (readonly Segment[])[];

export interface LiveOptions {
  /** Address of the server, for the header. */
  readonly server: string;
  /** What is watched: `pods in namespace default`. */
  readonly subject: string;
  readonly withNamespace: boolean;
  readonly showKind: boolean;
  readonly wide: boolean;
  /** 0: only text distinguishes rows, including the selected one. */
  readonly color: ColorLevel;
}

/** The state of the watches. The worst one is shown. */
export type Connection = 'listing' | 'watching' | 'waiting';

/** A key from the terminal: a name, or the character itself. */
export type Key =
  | 'up'
  | 'down'
  | 'pageUp'
  | 'pageDown'
  | 'home'
  | 'end'
  | 'enter'
  | 'escape'
  | 'backspace'
  | { readonly character: string };

/** The action that a key requests from the caller. */
export type Request =
  { readonly kind: 'quit' } | { readonly kind: 'show-yaml' | 'show-curl'; readonly change: Change };

interface Overlay {
  readonly title: string;
  readonly lines: readonly string[];
  top: number;
}

/** Milliseconds over which events are counted. */
const rateSpanMs = 5_000;

const headerLines = 2;
const footerLines = 1;

/** Holds one row for each object and renders only the rows in the window. */
export class LiveModel {
  readonly #options: LiveOptions;
  readonly #sections = new Map<string, Section>();
  readonly #connections = new Map<string, Connection>();
  #resourceVersion = '';
  #notice = '';
  #events: { atMs: number; count: number }[] = [];
  #wide: boolean;
  #sortColumn: number | undefined;
  #descending = false;
  #filter = '';
  #isTyping = false;
  #selected: string | undefined;
  #top = 0;
  #overlay: Overlay | undefined;
  /** The lines at the time when `p` was pressed. */
  #frozen: readonly BodyLine[] | undefined;
  #sincePause = 0;
  /** Cached lines of the body, until they change. */
  #body: readonly BodyLine[] | undefined;
  #bodyHeight = 10;

  constructor(options: LiveOptions) {
    this.#options = options;
    this.#wide = options.wide;
  }

  /** Adds a change. `initial`: the object existed before the watch began, so it is not marked. */
  change(change: Change, initial: boolean, nowMs: number): void {
    const section = this.#sectionOf(change.type);
    if (change.entry.kind === 'row' && change.entry.columns.length > 0)
      section.columns = change.entry.columns;
    const key = keyOf(change);
    if (change.resourceVersion !== '') this.#resourceVersion = change.resourceVersion;
    if (!initial) {
      this.#count(nowMs);
      if (this.#frozen !== undefined) this.#sincePause++;
    }
    section.rows.set(key, rowOf(change, initial, nowMs));
    this.#body = undefined;
  }

  connection(type: ResourceType, connection: Connection): void {
    this.#connections.set(groupResourceOf(type), connection);
  }

  /** Sets the resource version, for a position without a change. */
  position(resourceVersion: string): void {
    this.#resourceVersion = resourceVersion;
  }

  notice(text: string): void {
    this.#notice = escapeLine(text);
  }

  /** Shows text over the table until it is closed. */
  show(title: string, text: string): void {
    this.#overlay = {
      title: escapeLine(title),
      lines: text.replace(/\n$/, '').split('\n').map(escapeLine),
      top: 0,
    };
  }

  /** Removes deleted rows after a while. */
  tick(nowMs: number): void {
    for (const { rows } of this.#sections.values()) {
      for (const [key, row] of rows) {
        if (row.mark === undefined || nowMs - row.markedAtMs < fadedMs) continue;
        if (row.mark === 'DELETED') {
          rows.delete(key);
          this.#body = undefined;
        } else row.mark = undefined;
      }
    }
  }

  /**
   * Handles a key.
   * @returns the action for the caller, if there is one
   */
  key(key: Key): Request | undefined {
    if (this.#overlay !== undefined) return this.#overlayKey(this.#overlay, key);
    if (this.#isTyping) return this.#filterKey(key);
    switch (key) {
      case 'up':
        return this.#move(-1);
      case 'down':
        return this.#move(1);
      case 'pageUp':
        return this.#move(-this.#bodyHeight);
      case 'pageDown':
        return this.#move(this.#bodyHeight);
      case 'home':
        return this.#move(-Infinity);
      case 'end':
        return this.#move(Infinity);
      case 'enter':
        return this.#ofSelected('show-yaml');
      case 'escape':
        this.#filter = '';
        this.#body = undefined;
        return undefined;
      case 'backspace':
        return undefined;
      default:
        return this.#command(key.character);
    }
  }

  #command(character: string): Request | undefined {
    switch (character) {
      case 'q':
        return { kind: 'quit' };
      case '/':
        this.#isTyping = true;
        return undefined;
      case 's':
        this.#sortColumn = this.#nextSortColumn();
        this.#body = undefined;
        return undefined;
      case 'S':
        this.#descending = !this.#descending;
        this.#body = undefined;
        return undefined;
      case 'w':
        this.#wide = !this.#wide;
        this.#body = undefined;
        return undefined;
      case 'p':
        this.#frozen = this.#frozen === undefined ? this.#lines() : undefined;
        this.#sincePause = 0;
        return undefined;
      case 'c':
        return this.#ofSelected('show-curl');
      case 'g':
        return this.#move(-Infinity);
      case 'G':
        return this.#move(Infinity);
      case 'k':
        return this.#move(-1);
      case 'j':
        return this.#move(1);
      default:
        return undefined;
    }
  }

  #filterKey(key: Key): Request | undefined {
    if (key === 'enter') this.#isTyping = false;
    else if (key === 'escape') {
      this.#isTyping = false;
      this.#filter = '';
    } else if (key === 'backspace') this.#filter = Array.from(this.#filter).slice(0, -1).join('');
    else if (typeof key === 'object') this.#filter += key.character;
    this.#body = undefined;
    return undefined;
  }

  #overlayKey(overlay: Overlay, key: Key): Request | undefined {
    const last = Math.max(0, overlay.lines.length - this.#bodyHeight);
    const by = {
      up: -1,
      down: 1,
      pageUp: -this.#bodyHeight,
      pageDown: this.#bodyHeight,
      home: -Infinity,
      end: Infinity,
    };
    if (typeof key === 'object') {
      if (key.character === 'q') this.#overlay = undefined;
    } else if (key === 'escape' || key === 'enter') this.#overlay = undefined;
    else if (key !== 'backspace') overlay.top = Math.min(last, Math.max(0, overlay.top + by[key]));
    return undefined;
  }

  #ofSelected(kind: 'show-yaml' | 'show-curl'): Request | undefined {
    const lines = this.#frozen ?? this.#lines();
    const line = lines[this.#selectedIndex(lines)];
    return line?.row === undefined ? undefined : { kind, change: line.row.change };
  }

  #move(by: number): Request | undefined {
    const lines = this.#frozen ?? this.#lines();
    const step = by < 0 ? -1 : 1;
    let at = Math.min(lines.length - 1, Math.max(0, this.#selectedIndex(lines) + by));
    // Headers between types cannot be selected.
    while (lines[at] !== undefined && lines[at]?.row === undefined) at += step;
    const line = lines[at] ?? lines.find(({ row }) => row !== undefined);
    this.#selected = line?.key ?? this.#selected;
    return undefined;
  }

  #selectedIndex(lines: readonly BodyLine[]): number {
    const at = lines.findIndex(({ key, row }) => row !== undefined && key === this.#selected);
    return at >= 0 ? at : lines.findIndex(({ row }) => row !== undefined);
  }

  #nextSortColumn(): number | undefined {
    const count = Math.max(0, ...[...this.#sections.values()].map((section) => this.#shown(section).length));
    const next = this.#sortColumn === undefined ? 0 : this.#sortColumn + 1;
    return next < count ? next : undefined;
  }

  #sectionOf(type: ResourceType): Section {
    const name = groupResourceOf(type);
    let section = this.#sections.get(name);
    if (section === undefined) {
      section = { type, columns: [], rows: new Map() };
      this.#sections.set(name, section);
    }
    return section;
  }

  #count(nowMs: number): void {
    const last = this.#events.at(-1);
    if (last !== undefined && nowMs - last.atMs < 100) last.count++;
    else this.#events.push({ atMs: nowMs, count: 1 });
  }

  #rate(nowMs: number): number {
    this.#events = this.#events.filter(({ atMs }) => nowMs - atMs < rateSpanMs);
    return this.#events.reduce((sum, { count }) => sum + count, 0) / (rateSpanMs / 1_000);
  }

  /** Returns the indexes of the visible columns. */
  #shown({ columns }: Section): number[] {
    return columns.flatMap(({ priority }, index) => (this.#wide || priority === 0 ? [index] : []));
  }

  #lines(): readonly BodyLine[] {
    this.#body ??= this.#makeLines();
    return this.#body;
  }

  #makeLines(): BodyLine[] {
    const lines: BodyLine[] = [];
    for (const [name, section] of this.#sections) {
      const rows = [...section.rows].filter(([, row]) => this.#matches(row));
      if (rows.length === 0) continue;
      if (lines.length > 0) lines.push({ key: `${name} gap`, section, row: undefined, isHeader: false });
      lines.push({ key: `${name} header`, section, row: undefined, isHeader: true });
      rows.sort(([, a], [, b]) => this.#compare(section, a, b));
      for (const [key, row] of rows) lines.push({ key: `${name}/${key}`, section, row, isHeader: false });
    }
    return lines;
  }

  #matches({ cells, change }: Row): boolean {
    if (this.#filter === '') return true;
    const wanted = this.#filter.toLowerCase();
    return `${change.namespace} ${cells.join(' ')}`.toLowerCase().includes(wanted);
  }

  #compare(section: Section, a: Row, b: Row): number {
    const turn = this.#descending ? -1 : 1;
    const column = this.#sortColumn === undefined ? undefined : this.#shown(section)[this.#sortColumn];
    if (column !== undefined) {
      const isAge = section.columns[column]?.name === 'Age' && a.created !== '' && b.created !== '';
      // Sorting by age in ascending order puts the youngest object first.
      const order = isAge ? compareText(b.created, a.created) : compareCells(a.change, b.change, column);
      if (order !== 0) return turn * order;
    }
    const byPlace = compareText(
      `${a.change.namespace}\0${a.change.name}`,
      `${b.change.namespace}\0${b.change.name}`,
    );
    return column === undefined ? turn * byPlace : byPlace;
  }

  /**
   * Returns the content of the window at this moment.
   * @param columns width
   * @param rows height
   */
  frame(columns: number, rows: number, nowMs: number): Frame {
    this.#bodyHeight = Math.max(1, rows - headerLines - footerLines);
    const body =
      this.#overlay === undefined
        ? this.#tableLines(columns, nowMs)
        : overlayLines(this.#overlay, this.#bodyHeight);
    while (body.length < this.#bodyHeight) body.push([]);
    const frame = [...this.#header(nowMs), ...body, this.#footer()];
    // Escapes all text again before it reaches the terminal, whatever was done to it before.
    return frame
      .slice(0, rows)
      .map((line) => line.map(({ text, style }) => ({ text: escapeLine(text), style })))
      .map((line) => cut(line, columns));
  }

  #header(nowMs: number): Segment[][] {
    const { server, subject } = this.#options;
    const connection = this.#worstConnection();
    const objects = [...this.#sections.values()].reduce((sum, { rows }) => sum + rows.size, 0);
    const state: Style = connection === 'watching' ? 'good' : 'warning';
    const first: Segment[] = [
      { text: 'kapi ', style: 'header' },
      { text: `${subject} `, style: 'plain' },
      { text: `${connection} `, style: state },
      {
        text: `${objects} objects, ${this.#rate(nowMs).toFixed(1)} events/s, resourceVersion ${this.#resourceVersion || '-'} `,
        style: 'faint',
      },
      { text: server, style: 'faint' },
    ];
    const second: Segment[] = this.#notice === '' ? [] : [{ text: this.#notice, style: 'warning' }];
    return [first, second];
  }

  #worstConnection(): Connection {
    const all = new Set(this.#connections.values());
    return all.has('waiting') ? 'waiting' : all.has('listing') || all.size === 0 ? 'listing' : 'watching';
  }

  #footer(): Segment[] {
    if (this.#overlay !== undefined)
      return [{ text: `${this.#overlay.title}   arrows scroll, q closes`, style: 'faint' }];
    if (this.#isTyping) {
      return [
        { text: `/${escapeLine(this.#filter)}`, style: 'header' },
        { text: '   Enter keeps the filter, Esc drops it', style: 'faint' },
      ];
    }
    const facts = [
      ...(this.#frozen === undefined ? [] : [`paused, ${this.#sincePause} changes since`]),
      ...(this.#filter === '' ? [] : [`filter: ${escapeLine(this.#filter)}`]),
    ].map((fact): Segment => ({ text: `${fact}   `, style: 'warning' }));
    return [
      ...facts,
      {
        text: 'arrows move, / filter, s sort, S reverse, w wide, p pause, Enter YAML, c curl, q quit',
        style: 'faint',
      },
    ];
  }

  #tableLines(columns: number, nowMs: number): Segment[][] {
    const lines = this.#frozen ?? this.#lines();
    const selected = this.#selectedIndex(lines);
    // The header of the first type stays visible with the first row.
    const first = selected === 1 ? 0 : selected;
    if (first < this.#top) this.#top = first;
    if (selected >= this.#top + this.#bodyHeight) this.#top = selected - this.#bodyHeight + 1;
    this.#top = Math.max(0, Math.min(this.#top, lines.length - this.#bodyHeight));
    const visible = lines.slice(this.#top, this.#top + this.#bodyHeight);
    const now = new Date(nowMs);
    const widths = new Map<Section, readonly number[]>();
    return visible.map((line, index) => {
      let known = widths.get(line.section);
      if (known === undefined) {
        known = this.#widths(line.section, visible, now);
        widths.set(line.section, known);
      }
      return this.#line(line, known, this.#top + index === selected, now, columns);
    });
  }

  /**
   * Returns column widths of the visible rows only: 5,000 rows are not measured for the thirty that
   * are visible.
   */
  #widths(section: Section, visible: readonly BodyLine[], now: Date): number[] {
    const widths = this.#titles(section).map(displayWidth);
    for (const line of visible) {
      if (line.section !== section || line.row === undefined) continue;
      this.#texts(section, line.row, now).forEach((text, at) => {
        widths[at] = Math.max(widths[at] ?? 0, displayWidth(text));
      });
    }
    return widths;
  }

  #titles(section: Section): string[] {
    const { withNamespace } = this.#options;
    const arrow = this.#descending ? '↓' : '↑';
    const titles = this.#shown(section).map((column, at) => {
      const name = escapeLine(section.columns[column]?.name.toUpperCase() ?? '');
      return at === this.#sortColumn ? `${name}${arrow}` : name;
    });
    return withNamespace && section.type.namespaced ? ['NAMESPACE', ...titles] : titles;
  }

  #texts(section: Section, row: Row, now: Date): string[] {
    const { withNamespace, showKind } = this.#options;
    const texts = this.#shown(section).map((column, at) => {
      const isAge = section.columns[column]?.name === 'Age' && row.created !== '';
      const text = isAge ? ageOf(row.created, now) : (row.cells[column] ?? '');
      return at === 0 && showKind ? `${kindPrefix(section.type)}/${text}` : text;
    });
    return withNamespace && section.type.namespaced ? [escapeLine(row.change.namespace), ...texts] : texts;
  }

  #line(
    line: BodyLine,
    widths: readonly number[],
    isSelected: boolean,
    now: Date,
    columns: number,
  ): Segment[] {
    const { section, row, isHeader } = line;
    if (row === undefined) {
      return isHeader ? [{ text: `  ${align(this.#titles(section), widths)}`, style: 'header' }] : [];
    }
    const texts = this.#texts(section, row, now);
    const mark = markOf(row, now.getTime());
    if (isSelected) {
      const lead = this.#options.color === 0 ? `>${mark.sign}` : `${mark.sign} `;
      const text = `${lead}${align(texts, widths)}`;
      return [{ text: text + ' '.repeat(Math.max(0, columns - displayWidth(text))), style: 'selected' }];
    }
    if (mark.style !== 'plain') return [{ text: `${mark.sign} ${align(texts, widths)}`, style: mark.style }];
    const titles = this.#titles(section);
    const segments: Segment[] = [{ text: '  ', style: 'plain' }];
    texts.forEach((text, at) => {
      segments.push({
        text: at === texts.length - 1 ? text : pad(text, widths[at] ?? 0) + gap,
        style: styleOfCell(titles[at] ?? '', text),
      });
    });
    return segments;
  }
}

function overlayLines({ lines, top }: Overlay, height: number): Segment[][] {
  return lines.slice(top, top + height).map((text): Segment[] => [{ text, style: 'plain' }]);
}
