// The state of the live table: known objects, the user's view, and the frame that shows them. Entry
// point: LiveModel. Does not use the terminal or React: screen.ts draws frames, live-table.ts
// feeds changes and keys; live-rows.ts has the rows, layout.ts the columns, keymap.ts the keys.

import type { ColorLevel } from '../io/io.ts';
import { ageOf } from '../model/age.ts';
import type { Change } from '../model/change.ts';
import { groupResourceOf, type ResourceType } from '../model/resource.ts';
import { displayWidth } from '../output/display-width.ts';
import { escapeLine } from '../output/escape.ts';
import { kindPrefix } from '../output/name.ts';
import { footerOfText, footerWith } from './footer.ts';
import { closeFrame, withFooter, type Frame } from './frame.ts';
import { actionOf, helpOf, widthOf, type Key, type Keymap } from './keymap.ts';
import {
  alignWindow,
  hiddenLeft,
  hiddenRight,
  windowOf,
  type ColumnWindow,
  type Line,
  type Segment,
} from './layout.ts';
import {
  cellChangesOf,
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
import { Notice } from './notice.ts';
import { SearchBox } from './search-box.ts';
import { styleOfCell, type Style } from './style.ts';
import { textKeys, TextView, type TextLanguage } from './text-view.ts';

export type { Frame } from './frame.ts';
export type { Key } from './keymap.ts';

export interface LiveOptions {
  /** Address of the server, for the header. */
  readonly server: string;
  /** True to show the context of each row in a column. Default: false. */
  readonly withContext?: boolean;
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

/** The information about the selected object that a key requests. */
export type Question = 'yaml' | 'curl' | 'diff' | 'events' | 'log' | 'copy-curl';

/** A question about one object. */
export interface ObjectRequest {
  readonly kind: Question;
  readonly change: Change;
  /** The cells that the last change changed: `STATUS: Pending -> Running`. */
  readonly cellChanges: readonly string[];
}

/** The action that a key requests from the caller. */
export type Request = { readonly kind: 'quit' } | ObjectRequest;

type LiveAction =
  | 'up'
  | 'down'
  | 'pageUp'
  | 'pageDown'
  | 'home'
  | 'end'
  | 'left'
  | 'right'
  | 'filter'
  | 'unfilter'
  | 'sort'
  | 'reverse'
  | 'wide'
  | 'pause'
  | 'help'
  | 'quit'
  | Question;

/** The keys of the live table. */
export const liveKeys: Keymap<LiveAction> = [
  {
    action: 'up',
    keys: ['up', 'k'],
    label: '↑ k',
    footer: '↑↓',
    short: 'move',
    help: 'Move up',
  },
  { action: 'down', keys: ['down', 'j'], label: '↓ j', help: 'Move down' },
  { action: 'filter', keys: ['/'], label: '/', short: 'filter', help: 'Show only the rows that have a word' },
  { action: 'yaml', keys: ['enter'], label: 'Enter', short: 'YAML', help: 'Show the object as YAML' },
  { action: 'diff', keys: ['d'], label: 'd', short: 'diff', help: 'Show the last changes of the object' },
  { action: 'events', keys: ['e'], label: 'e', short: 'events', help: 'Show the events of the object' },
  { action: 'log', keys: ['l'], label: 'l', short: 'log', help: 'Show the end of the log of a pod' },
  { action: 'sort', keys: ['s'], label: 's', short: 'sort', help: 'Sort by the next column' },
  {
    action: 'pause',
    keys: ['p'],
    label: 'p',
    short: 'pause',
    help: 'Pause; press again to continue',
  },
  {
    action: 'curl',
    keys: ['c'],
    label: 'c',
    short: 'curl',
    help: 'Show the curl command that gets the object',
  },
  {
    action: 'copy-curl',
    keys: ['y'],
    label: 'y',
    short: 'copy',
    help: 'Copy the curl command to the clipboard of the terminal',
  },
  { action: 'wide', keys: ['w'], label: 'w', short: 'wide', help: 'Show all columns, as -o wide does' },
  {
    action: 'right',
    keys: ['right'],
    label: '→',
    footer: '←→',
    short: 'columns',
    help: 'Scroll right by columns',
  },
  { action: 'left', keys: ['left'], label: '←', help: 'Scroll left by columns' },
  { action: 'reverse', keys: ['S'], label: 'S', short: 'reverse', help: 'Reverse the order' },
  { action: 'pageUp', keys: ['pageUp'], label: 'PgUp', help: 'Move up one page' },
  { action: 'pageDown', keys: ['pageDown', ' '], label: 'PgDn Space', help: 'Move down one page' },
  { action: 'home', keys: ['home', 'g'], label: 'Home g', help: 'Go to the first row' },
  { action: 'end', keys: ['end', 'G'], label: 'End G', help: 'Go to the last row' },
  { action: 'unfilter', keys: ['escape'], label: 'Esc', help: 'Remove the filter' },
  { action: 'help', keys: ['?'], label: '?', short: 'keys', help: 'Show the keys' },
  { action: 'quit', keys: ['q'], label: 'q', short: 'quit', help: 'Quit' },
];

/** Milliseconds over which events are counted. */
const rateSpanMs = 5_000;

const headerLines = 2;
const footerLines = 1;

/** Holds one row for each object and renders only the rows in the window. */
export class LiveModel {
  readonly #options: LiveOptions;
  readonly #sections = new Map<string, Section>();
  readonly #connections = new Map<string, Connection>();
  readonly #notice = new Notice();
  readonly #filter = new SearchBox();
  #resourceVersion = '';
  #events: { atMs: number; count: number }[] = [];
  #wide: boolean;
  #sortColumn: number | undefined;
  #descending = false;
  #selected: string | undefined;
  #top = 0;
  /** Number of columns scrolled away to the left. */
  #offset = 0;
  #isCutRight = false;
  /** Texts over the table, the last one on top. */
  readonly #texts: TextView[] = [];
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
    const section = this.#sectionOf(change);
    if (change.entry.kind === 'row' && change.entry.columns.length > 0)
      section.columns = change.entry.columns;
    const key = keyOf(change);
    if (change.resourceVersion !== '') this.#resourceVersion = change.resourceVersion;
    if (!initial) {
      this.#count(nowMs);
      if (this.#frozen !== undefined) this.#sincePause++;
    }
    section.rows.set(key, rowOf(change, initial, nowMs, section.rows.get(key)));
    this.#body = undefined;
  }

  /** Sets the state of a watch. @param context context of the watch, if there are several */
  connection(type: ResourceType, connection: Connection, context = ''): void {
    this.#connections.set(`${context}/${groupResourceOf(type)}`, connection);
  }

  /** Sets the resource version, for a position without a change. */
  position(resourceVersion: string): void {
    this.#resourceVersion = resourceVersion;
  }

  /** Shows a notice with its time for some seconds. */
  notice(text: string, nowMs: number): void {
    this.#notice.say(text, nowMs);
  }

  /** Shows text over the table until it is closed. */
  show(title: string, text: string, language: TextLanguage = 'plain'): TextView {
    const view = TextView.of(title, text, language);
    this.#texts.push(view);
    return view;
  }

  /** Replaces a text if it is still open. */
  replace(view: TextView, text: string, language: TextLanguage = 'plain'): void {
    const at = this.#texts.indexOf(view);
    if (at >= 0) this.#texts[at] = TextView.of(view.title, text, language);
  }

  /** True until the text is closed. */
  isOpen(view: TextView): boolean {
    return this.#texts.includes(view);
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

  /** Handles a key. @returns the action for the caller, if there is one */
  key(key: Key): Request | undefined {
    const text = this.#texts.at(-1);
    if (text !== undefined) {
      this.#textKey(text, key);
      return undefined;
    }
    if (this.#filter.key(key) !== 'not-typing') {
      this.#body = undefined;
      return undefined;
    }
    const action = actionOf(liveKeys, key);
    return action === undefined ? undefined : this.#do(action);
  }

  #textKey(text: TextView, key: Key): void {
    const asked = text.key(key);
    if (asked === 'close') this.#texts.pop();
    if (asked === 'help' && text.title !== helpTitle) {
      this.#texts.push(new TextView(helpTitle, helpOf(textKeys)));
    }
  }

  #do(action: LiveAction): Request | undefined {
    switch (action) {
      case 'up':
        return this.#move(-1);
      case 'down':
        return this.#move(1);
      case 'pageUp':
        return this.#move(1 - this.#bodyHeight);
      case 'pageDown':
        return this.#move(this.#bodyHeight - 1);
      case 'home':
        return this.#move(-Infinity);
      case 'end':
        return this.#move(Infinity);
      case 'left':
        this.#offset = Math.max(0, this.#offset - 1);
        return undefined;
      case 'right':
        if (this.#isCutRight) this.#offset++;
        return undefined;
      case 'filter':
        this.#filter.open();
        break;
      case 'unfilter':
        this.#filter.clear();
        break;
      case 'sort':
        this.#sortColumn = this.#nextSortColumn();
        break;
      case 'reverse':
        this.#descending = !this.#descending;
        break;
      case 'wide':
        this.#wide = !this.#wide;
        break;
      case 'pause':
        this.#frozen = this.#frozen === undefined ? this.#lines() : undefined;
        this.#sincePause = 0;
        return undefined;
      case 'help':
        this.#texts.push(new TextView(helpTitle, helpOf(liveKeys)));
        return undefined;
      case 'quit':
        return { kind: 'quit' };
      default:
        return this.#ofSelected(action);
    }
    this.#body = undefined;
    return undefined;
  }

  #ofSelected(kind: Question): Request | undefined {
    const lines = this.#frozen ?? this.#lines();
    const line = lines[this.#selectedIndex(lines)];
    if (line?.row === undefined) return undefined;
    return { kind, change: line.row.change, cellChanges: cellChangesOf(line.row, line.section.columns) };
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

  #sectionOf({ type, context, entry }: Change): Section {
    // Servers of other versions can have other columns.
    const layout =
      context !== undefined && entry.kind === 'row' ? entry.columns.map((column) => column.name) : [];
    const name = [groupResourceOf(type), ...layout].join('\0');
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

  /**
   * Makes the lines. Omits the header of the first type: the frame always shows the header of the
   * topmost row.
   */
  #makeLines(): BodyLine[] {
    const lines: BodyLine[] = [];
    let above: Section | undefined;
    for (const [name, section] of this.#sections) {
      const rows = [...section.rows].filter(([, row]) => this.#matches(row));
      if (rows.length === 0) continue;
      if (above !== undefined) {
        lines.push({ key: `${name} gap`, section: above, row: undefined, isHeader: false });
        lines.push({ key: `${name} header`, section, row: undefined, isHeader: true });
      }
      above = section;
      rows.sort(([, a], [, b]) => this.#compare(section, a, b));
      for (const [key, row] of rows) lines.push({ key: `${name}/${key}`, section, row, isHeader: false });
    }
    return lines;
  }

  #matches({ cells, change }: Row): boolean {
    const { word } = this.#filter;
    if (word === '') return true;
    const { context = '', namespace } = change;
    return `${context} ${namespace} ${cells.join(' ')}`.toLowerCase().includes(word.toLowerCase());
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
    const byPlace = compareText(placeOf(a.change), placeOf(b.change));
    return column === undefined ? turn * byPlace : byPlace;
  }

  /**
   * Returns the content of the window at this moment.
   * @param columns width
   * @param rows height
   */
  frame(columns: number, rows: number, nowMs: number): Frame {
    this.#bodyHeight = Math.max(1, rows - headerLines - footerLines);
    const text = this.#texts.at(-1);
    const body =
      text === undefined ? this.#tableLines(columns, nowMs) : text.lines(columns, this.#bodyHeight);
    const footer = text === undefined ? this.#footer(columns) : footerOfText(text, columns);
    return closeFrame(withFooter([...this.#header(columns, nowMs), ...body], footer, rows), columns, rows);
  }

  #header(columns: number, nowMs: number): Segment[][] {
    const { server, subject, withContext } = this.#options;
    const connection = this.#frozen === undefined ? this.#worstConnection() : 'paused';
    const all = [...this.#sections.values()].reduce((sum, { rows }) => sum + rows.size, 0);
    const shown = (this.#frozen ?? this.#lines()).filter(({ row }) => row !== undefined).length;
    const objects = this.#filter.word === '' ? plural(all, 'object') : `${shown} of ${plural(all, 'object')}`;
    const first: Segment[] = [
      { text: 'kapi ', style: 'header' },
      { text: `${subject} `, style: 'plain' },
      { text: `${connection} `, style: connection === 'watching' ? 'good' : 'warning' },
      { text: objects, style: 'faint' },
    ];
    // Omits what does not fit: half a version or an address is useless.
    for (const fact of [
      `, ${this.#rate(nowMs).toFixed(1)} events/s`,
      ...(withContext === true ? [] : [`, resourceVersion ${this.#resourceVersion || '-'}`]),
      ` ${server}`,
    ]) {
      if (widthOf(first) + displayWidth(escapeLine(fact)) > columns) break;
      first.push({ text: fact, style: 'faint' });
    }
    const notice = this.#notice.text(nowMs);
    return [first, notice === '' ? [] : [{ text: notice, style: 'warning' }]];
  }

  #worstConnection(): Connection {
    const all = new Set(this.#connections.values());
    return all.has('waiting') ? 'waiting' : all.has('listing') || all.size === 0 ? 'listing' : 'watching';
  }

  #footer(columns: number): Line {
    if (this.#filter.isOpen) return this.#filter.line('Enter keeps the filter, Esc removes it');
    const facts = [
      ...(this.#frozen === undefined ? [] : [`paused, ${plural(this.#sincePause, 'change')} since`]),
      ...(this.#filter.word === '' ? [] : [`filter: ${escapeLine(this.#filter.word)}`]),
    ].map((fact): Segment => ({ text: `${fact}   `, style: 'warning' }));
    const rows = (this.#frozen ?? this.#lines()).filter(({ row }) => row !== undefined);
    const at = rows.findIndex(({ key }) => key === this.#selected);
    const position = rows.length === 0 ? '' : `${Math.max(0, at) + 1}/${rows.length}`;
    return footerWith(facts, liveKeys, position, columns);
  }

  #tableLines(columns: number, nowMs: number): Line[] {
    const lines = this.#frozen ?? this.#lines();
    if (lines.length === 0) return this.#emptyLines();
    const height = Math.max(1, this.#bodyHeight - 1);
    const selected = this.#selectedIndex(lines);
    if (selected < this.#top) this.#top = selected;
    if (selected >= this.#top + height) this.#top = selected - height + 1;
    this.#top = Math.max(0, Math.min(this.#top, lines.length - height));
    // The header of the topmost type is drawn above anyway.
    const first = lines[this.#top]?.isHeader === true ? this.#top + 1 : this.#top;
    const visible = lines.slice(first, this.#top + height);
    const section = visible[0]?.section;
    const now = new Date(nowMs);
    const windows = new Map<Section, ColumnWindow>();
    const windowFor = (one: Section): ColumnWindow => {
      const known = windows.get(one) ?? this.#window(one, visible, now, columns - markWidth);
      windows.set(one, known);
      return known;
    };
    const head = section === undefined ? [] : [this.#headerLine(section, windowFor(section))];
    const body = visible.map((line, index) =>
      this.#line(line, windowFor(line.section), first + index === selected, now, columns),
    );
    this.#isCutRight = [...windows.values()].some(({ isCutRight }) => isCutRight);
    this.#offset = Math.max(0, ...[...windows.values()].map(({ offset }) => offset));
    return [...head, ...body];
  }

  #emptyLines(): Line[] {
    const isKnown = this.#worstConnection() === 'watching';
    const { word } = this.#filter;
    if (word !== '')
      return [[{ text: `no row has ${JSON.stringify(word)}; Esc removes the filter`, style: 'faint' }]];
    return isKnown ? [[{ text: `no ${this.#options.subject}`, style: 'faint' }]] : [];
  }

  /** Uses only the visible rows: 5,000 rows are not measured for the thirty that are visible. */
  #window(section: Section, visible: readonly BodyLine[], now: Date, columns: number): ColumnWindow {
    const titles = this.#titles(section);
    const widths = titles.map(displayWidth);
    for (const line of visible) {
      if (line.section !== section || line.row === undefined) continue;
      this.#cells(section, line.row, now).forEach((text, at) => {
        widths[at] = Math.max(widths[at] ?? 0, displayWidth(text));
      });
    }
    return windowOf(widths, titles[0] === 'NAMESPACE' ? 2 : 1, this.#offset, columns);
  }

  #titles(section: Section): string[] {
    const { withContext, withNamespace } = this.#options;
    const arrow = this.#descending ? '↓' : '↑';
    const titles = this.#shown(section).map((column, at) => {
      const name = escapeLine(section.columns[column]?.name.toUpperCase() ?? '');
      return at === this.#sortColumn ? `${name}${arrow}` : name;
    });
    const namespace = withNamespace && section.type.namespaced ? ['NAMESPACE'] : [];
    return [...(withContext === true ? ['CONTEXT'] : []), ...namespace, ...titles];
  }

  #cells(section: Section, row: Row, now: Date): string[] {
    const { withContext, withNamespace, showKind } = this.#options;
    const texts = this.#shown(section).map((column, at) => {
      const isAge = section.columns[column]?.name === 'Age' && row.created !== '';
      const text = isAge ? ageOf(row.created, now) : (row.cells[column] ?? '');
      return at === 0 && showKind ? `${kindPrefix(section.type)}/${text}` : text;
    });
    const { context = '', namespace } = row.change;
    return [
      ...(withContext === true ? [escapeLine(context)] : []),
      ...(withNamespace && section.type.namespaced ? [escapeLine(namespace)] : []),
      ...texts,
    ];
  }

  /** Returns the titles, with marks if columns are outside the window. */
  #headerLine(section: Section, window: ColumnWindow): Segment[] {
    const text = alignWindow(this.#titles(section), window).join('').trimEnd();
    return [
      { text: window.isCutLeft ? `${hiddenLeft} ` : '  ', style: 'faint' },
      { text, style: 'header' },
      { text: window.isCutRight ? ` ${hiddenRight}` : '', style: 'faint' },
    ];
  }

  #line(
    { section, row, isHeader }: BodyLine,
    window: ColumnWindow,
    isSelected: boolean,
    now: Date,
    columns: number,
  ): Segment[] {
    if (row === undefined) return isHeader ? this.#headerLine(section, window) : [];
    const texts = this.#cells(section, row, now);
    const cells = alignWindow(texts, window);
    const mark = markOf(row, now.getTime());
    if (isSelected) {
      const lead = this.#options.color === 0 ? `>${mark.sign}` : `${mark.sign} `;
      const text = `${lead}${cells.join('')}`;
      return [{ text: text + ' '.repeat(Math.max(0, columns - displayWidth(text))), style: 'selected' }];
    }
    if (mark.style !== 'plain') return [{ text: `${mark.sign} ${cells.join('')}`, style: mark.style }];
    const titles = this.#titles(section);
    return [
      { text: '  ', style: 'plain' },
      ...cells.map((text, at): Segment => {
        const index = window.columns[at]?.index ?? 0;
        const style: Style = styleOfCell(titles[index] ?? '', (texts[index] ?? '').trim(), texts);
        return { text, style };
      }),
    ];
  }
}

function placeOf({ context = '', namespace, name }: Change): string {
  return `${context}\0${namespace}\0${name}`;
}

/** Number of columns before the cells, for the mark of a change. */
const markWidth = 2;

const helpTitle = 'keys';

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
