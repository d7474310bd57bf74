// The state of kapi explore: the way walked so far, what is on the screen, and the frame that shows
// it. Pure. Entry point: ExploreModel. explore-screen.ts has the terminal, src/commands/explore
// asks the server.

import type { ColorLevel } from '../io/io.ts';
import { celOf, jsonPathOf, jsonPointerOf, type PathStep } from '../model/field-path.ts';
import type { Json } from '../model/object.ts';
import { compactJson } from '../output/json.ts';
import { beside, factLines, wrapped, type FieldFacts } from './field-pane.ts';
import { footerOfText, footerWith } from './footer.ts';
import { closeFrame, withFooter, type Frame } from './frame.ts';
import { actionOf, helpOf, type Key, type Keymap } from './keymap.ts';
import type { Line } from './layout.ts';
import { ListView, type ListRow } from './list-view.ts';
import { Notice } from './notice.ts';
import { titleOf, type ExploreQuestion, type Place } from './place.ts';
import { SearchBox } from './search-box.ts';
import { textKeys, TextView, type TextLanguage } from './text-view.ts';
import { TreeView } from './tree-view.ts';

type ExploreAction =
  | 'up'
  | 'down'
  | 'pageUp'
  | 'pageDown'
  | 'home'
  | 'end'
  | 'left'
  | 'right'
  | 'open'
  | 'back'
  | 'search'
  | 'next'
  | 'previous'
  | 'copy'
  | 'live'
  | 'reload'
  | 'scope'
  | 'pane'
  | 'fold'
  | 'help'
  | 'quit'
  | ExploreQuestion;

/** The keys of kapi explore. */
export const exploreKeys: Keymap<ExploreAction> = [
  { action: 'up', keys: ['up'], label: '↑', footer: '↑↓', short: 'move', help: 'Move up' },
  { action: 'down', keys: ['down'], label: '↓', help: 'Move down' },
  { action: 'open', keys: ['enter'], label: 'Enter', short: 'open', help: 'Open what is under the cursor' },
  { action: 'back', keys: ['escape', 'backspace'], label: 'Esc', short: 'back', help: 'Go back' },
  { action: 'search', keys: ['/'], label: '/', short: 'search', help: 'Filter a list, search an object' },
  { action: 'copy', keys: ['y'], label: 'y', short: 'copy', help: 'Copy the path of a field, or its value' },
  { action: 'curl', keys: ['c'], label: 'c', short: 'curl', help: 'Show the curl command of this screen' },
  { action: 'kapi', keys: ['k'], label: 'k', short: 'kapi', help: 'Show the kapi command of this screen' },
  { action: 'events', keys: ['e'], label: 'e', short: 'events', help: 'Show the events of the object' },
  { action: 'history', keys: ['h'], label: 'h', short: 'history', help: 'Show past changes of the object' },
  { action: 'log', keys: ['l'], label: 'l', short: 'log', help: 'Show the end of the log of a pod' },
  { action: 'live', keys: ['w'], label: 'w', short: 'live', help: 'Follow the list in the live table' },
  { action: 'scope', keys: ['A'], label: 'A', help: 'List all namespaces, or only one again' },
  { action: 'reload', keys: ['r'], label: 'r', help: 'Read again' },
  { action: 'right', keys: ['right'], label: '→', help: 'Unfold a field, or scroll a list right' },
  { action: 'left', keys: ['left'], label: '←', help: 'Fold a field, or scroll a list left' },
  { action: 'fold', keys: ['f'], label: 'f', help: 'Fold everything, or unfold the first levels again' },
  { action: 'pane', keys: ['i'], label: 'i', help: 'Show or hide what is known about the field' },
  { action: 'next', keys: ['n'], label: 'n', help: 'Go to the next match' },
  { action: 'previous', keys: ['N'], label: 'N', help: 'Go to the previous match' },
  { action: 'pageUp', keys: ['pageUp'], label: 'PgUp', help: 'Move up one page' },
  { action: 'pageDown', keys: ['pageDown', ' '], label: 'PgDn Space', help: 'Move down one page' },
  { action: 'home', keys: ['home', 'g'], label: 'Home g', help: 'Go to the beginning' },
  { action: 'end', keys: ['end', 'G'], label: 'End G', help: 'Go to the end' },
  { action: 'help', keys: ['?'], label: '?', short: 'keys', help: 'Show the keys' },
  {
    action: 'quit',
    keys: ['q'],
    label: 'q',
    short: 'quit',
    help: 'Quit; the kapi command of the last screen stays on stderr',
  },
];

/** What Enter does on a row. */
export interface RowTarget {
  readonly place: Place | undefined;
  /** A row of the tree of paths that folds. */
  readonly folds?: string;
}

/** One screen on the way. */
export interface Page {
  readonly place: Place;
  view: ListView<RowTarget> | TreeView | TextView | undefined;
  /** True until everything has been read. */
  isReading: boolean;
  /** Why it could not be read. */
  failure: string;
  /** What is known about a field; undefined until it has been read. */
  facts: ((path: readonly PathStep[]) => FieldFacts) | undefined;
}

/** What a key asks of the outside. */
export type ExploreRequest =
  | { readonly kind: 'quit' | 'back' | 'reload' }
  | { readonly kind: 'open'; readonly place: Place }
  | { readonly kind: 'fold'; readonly path: string }
  | { readonly kind: 'copy'; readonly text: string; readonly what: string }
  | { readonly kind: 'live'; readonly place: Place & { readonly kind: 'objects' } };

export interface ExploreOptions {
  /** Address of the server, for the line at the top. Empty: there is none. */
  readonly server: string;
  readonly color: ColorLevel;
  /** The namespace in which lists begin. */
  readonly namespace: string;
}

/** Min columns for a pane next to the tree, and min rows for a pane below it. */
const paneColumns = 100;
const paneRows = 16;

export class ExploreModel {
  readonly #options: ExploreOptions;
  readonly #pages: Page[] = [];
  readonly #notice = new Notice();
  readonly #search = new SearchBox();
  #help: TextView | undefined;
  #copies: readonly Copy[] | undefined;
  #hasPane = true;
  #lastWord = '';

  constructor(options: ExploreOptions) {
    this.#options = options;
  }

  get page(): Page | undefined {
    return this.#pages.at(-1);
  }

  /** The way walked so far, the screen last. */
  get pages(): readonly Page[] {
    return this.#pages;
  }

  /** True until the page is left. */
  has(page: Page): boolean {
    return this.#pages.includes(page);
  }

  /** Opens a screen that is being read. */
  open(place: Place): Page {
    const page: Page = { place, view: undefined, isReading: true, failure: '', facts: undefined };
    this.#pages.push(page);
    return page;
  }

  /** Replaces the screen by one of the same or another place. */
  reopen(place: Place): Page {
    this.#pages.pop();
    return this.open(place);
  }

  /** Closes the screen. @returns false for the first one, which stays */
  back(): boolean {
    if (this.#pages.length <= 1) return false;
    this.#pages.pop();
    return true;
  }

  notice(text: string, nowMs: number): void {
    this.#notice.say(text, nowMs);
  }

  showText(page: Page, text: string, language: TextLanguage = 'plain'): void {
    page.view = TextView.of(titleOf(page.place), text, language);
    page.isReading = false;
  }

  /** Begins a list. @param pinned columns that stay when it is scrolled sideways */
  showList(page: Page, titles: readonly string[], pinned = 1): void {
    page.view = new ListView<RowTarget>(titles, pinned);
  }

  addRows(page: Page, rows: readonly ListRow<RowTarget>[]): void {
    if (page.view instanceof ListView) page.view.append(rows);
  }

  /** Replaces the rows; the selection stays on its row. */
  setRows(page: Page, rows: readonly ListRow<RowTarget>[]): void {
    if (page.view instanceof ListView) page.view.replace(rows);
  }

  showTree(page: Page, value: Json): void {
    page.view = new TreeView(value);
    page.isReading = false;
  }

  /** True while a search has nodes left to look at. */
  get isSearching(): boolean {
    const view = this.page?.view;
    return view instanceof TreeView && view.isSearching;
  }

  /** Continues a search. @returns true if the search is not finished */
  work(nowMs: number): boolean {
    const view = this.page?.view;
    if (!(view instanceof TreeView) || !view.isSearching) return false;
    if (view.continueSearch() === 'missing') this.notice(`nothing has "${this.#lastWord}"`, nowMs);
    return view.isSearching;
  }

  key(key: Key): ExploreRequest | undefined {
    if (this.#help !== undefined) {
      if (this.#help.key(key) === 'close') this.#help = undefined;
      return undefined;
    }
    if (this.#copies !== undefined) return this.#copyKey(this.#copies, key);
    const { page } = this;
    const view = page?.view;
    if (view instanceof TextView) return this.#textKey(view, key);
    const box = view instanceof ListView ? view.filter : this.#search;
    const typed = box.key(key);
    if (typed !== 'not-typing') {
      if (view instanceof ListView) view.refilter();
      else if (typed === 'search' && view instanceof TreeView) {
        this.#lastWord = box.word;
        view.search(box.word, 1);
      }
      return undefined;
    }
    const action = actionOf(exploreKeys, key);
    if (action === undefined || page === undefined) return undefined;
    return this.#moved(action, page) ? undefined : this.#do(action, page);
  }

  #textKey(view: TextView, key: Key): ExploreRequest | undefined {
    const isTyping = view.search.isOpen;
    const asked = view.key(key);
    if (asked === 'help') this.#help = new TextView('keys', helpOf(textKeys));
    if (asked === 'close') return this.#pages.length > 1 ? { kind: 'back' } : { kind: 'quit' };
    if (isTyping || typeof key === 'string') return undefined;
    // A text that is a place of its own has the commands of a place.
    const action = actionOf(exploreKeys, key);
    if (action === 'reload') return { kind: 'reload' };
    const { page } = this;
    const isQuestion = action === 'curl' && page?.place.kind === 'path';
    return isQuestion ? this.#ask(action, page.place) : undefined;
  }

  #copyKey(copies: readonly Copy[], key: Key): ExploreRequest | undefined {
    const chosen =
      typeof key === 'object' ? copies.find(({ letter }) => letter === key.character) : undefined;
    this.#copies = undefined;
    return chosen === undefined ? undefined : { kind: 'copy', text: chosen.text, what: chosen.what };
  }

  /** @returns whether the action was one that moves */
  #moved(action: ExploreAction, { view }: Page): boolean {
    if (view === undefined || view instanceof TextView) return false;
    switch (action) {
      case 'up':
        view.move(-1);
        return true;
      case 'down':
        view.move(1);
        return true;
      case 'pageUp':
        view.page(-1);
        return true;
      case 'pageDown':
        view.page(1);
        return true;
      case 'home':
        view.move(-Infinity);
        return true;
      case 'end':
        view.move(Infinity);
        return true;
      case 'left':
      case 'right':
        if (view instanceof ListView) view.sideways(action === 'right' ? 1 : -1);
        else if (action === 'right') view.open();
        else view.close();
        return true;
      default:
        return false;
    }
  }

  #do(action: ExploreAction, page: Page): ExploreRequest | undefined {
    const { place, view } = page;
    switch (action) {
      case 'open':
        return this.#openSelected(view);
      case 'back':
        if (view instanceof ListView && view.filter.word !== '') {
          view.filter.clear();
          view.refilter();
          return undefined;
        }
        return { kind: 'back' };
      case 'search':
        (view instanceof ListView ? view.filter : this.#search).open();
        return undefined;
      case 'next':
      case 'previous':
        if (view instanceof TreeView) view.search(this.#lastWord, action === 'next' ? 1 : -1);
        return undefined;
      case 'copy':
        this.#copies = this.#copiesOf(page);
        return undefined;
      case 'live':
        return place.kind === 'objects' ? { kind: 'live', place } : undefined;
      case 'reload':
        return { kind: 'reload' };
      case 'scope':
        return place.kind === 'objects' && place.type.namespaced
          ? { kind: 'open', place: { ...place, namespace: this.#otherScope(place.namespace) } }
          : undefined;
      case 'pane':
        this.#hasPane = !this.#hasPane;
        return undefined;
      case 'fold':
        if (view instanceof TreeView) view.foldAll();
        return undefined;
      case 'help':
        this.#help = new TextView('keys', helpOf(exploreKeys));
        return undefined;
      case 'quit':
        return { kind: 'quit' };
      case 'events':
      case 'history':
      case 'log':
        return this.#ask(action, this.#objectHere(page) ?? place);
      case 'curl':
      case 'kapi':
        return this.#ask(action, place);
      default:
        return undefined;
    }
  }

  #otherScope(namespace: string | undefined): string | undefined {
    return namespace === undefined ? this.#options.namespace : undefined;
  }

  #ask(question: ExploreQuestion, about: Place): ExploreRequest | undefined {
    const needsObject = !['curl', 'kapi'].includes(question);
    if (needsObject && about.kind !== 'object') return undefined;
    return { kind: 'open', place: { kind: 'answer', question, about } };
  }

  /** The object of the screen, or of the selected row. */
  #objectHere({ place, view }: Page): Place | undefined {
    if (place.kind === 'object') return place;
    return view instanceof ListView ? view.selected?.data.place : undefined;
  }

  #openSelected(view: Page['view']): ExploreRequest | undefined {
    if (view instanceof ListView) {
      const target = view.selected?.data;
      if (target?.folds !== undefined) return { kind: 'fold', path: target.folds };
      return target?.place === undefined ? undefined : { kind: 'open', place: target.place };
    }
    if (view instanceof TreeView && !view.toggle()) {
      const { value } = view;
      const text = typeof value === 'string' ? value : compactJson(value);
      const page = this.open({ kind: 'document', name: jsonPathOf(view.path) });
      this.showText(page, text);
    }
    return undefined;
  }

  #copiesOf({ place, view }: Page): readonly Copy[] | undefined {
    if (view instanceof ListView) {
      const row = view.selected;
      if (row === undefined) return undefined;
      const name = row.data.place?.kind === 'object' ? row.data.place.name : row.key;
      return [{ letter: 'n', what: 'name', text: name }];
    }
    if (!(view instanceof TreeView)) return undefined;
    const { path, value } = view;
    const whole = typeof value === 'string' ? value : compactJson(value);
    return [
      { letter: 'y', what: 'jsonpath', text: jsonPathOf(path) },
      { letter: 'c', what: 'CEL', text: celOf(path) },
      { letter: 'p', what: 'JSON pointer', text: jsonPointerOf(path) },
      { letter: 'v', what: 'value', text: whole },
      ...(place.kind === 'object' ? [{ letter: 'n', what: 'name', text: place.name }] : []),
    ];
  }

  /** The field under the cursor of the screen that shows a place. */
  fieldPathOf(place: Place): readonly PathStep[] {
    const view = this.#pages.findLast((page) => page.place === place)?.view;
    return view instanceof TreeView ? view.path : [];
  }

  /**
   * The window at this moment.
   * @param columns width
   * @param rows height
   */
  frame(columns: number, rows: number, nowMs: number): Frame {
    const height = Math.max(1, rows - 3);
    const body = this.#body(columns, height);
    const head = [this.#header(columns), this.#second(nowMs)];
    return closeFrame(withFooter([...head, ...body], this.#footer(columns), rows), columns, rows);
  }

  #header(columns: number): Line {
    const titles = this.#pages.map(({ place }) => titleOf(place));
    // The end of the way is what counts.
    while (titles.length > 1 && titles.join(' › ').length > columns - 6) titles.shift();
    return [
      { text: 'kapi ', style: 'header' },
      { text: titles.join(' › '), style: 'plain' },
      { text: `   ${this.#options.server}`, style: 'faint' },
    ];
  }

  #second(nowMs: number): Line {
    const notice = this.#notice.text(nowMs);
    if (notice !== '') return [{ text: notice, style: 'warning' }];
    const { page } = this;
    if (page?.view instanceof TreeView && page.view.isSearching)
      return [{ text: 'searching…', style: 'warning' }];
    return page?.isReading === true ? [{ text: 'reading…', style: 'warning' }] : [];
  }

  #body(columns: number, height: number): Line[] {
    if (this.#help !== undefined) return this.#help.lines(columns, height);
    if (this.#copies !== undefined) return copyLines(this.#copies);
    const { page } = this;
    if (page === undefined) return [];
    const failure = page.failure === '' ? [] : failureLines(page.failure, columns);
    const mark = this.#options.color === 0 ? '> ' : '  ';
    const { view } = page;
    const room = Math.max(1, height - failure.length);
    if (view instanceof TextView) return [...failure, ...view.lines(columns, room)];
    if (view instanceof TreeView) return [...failure, ...this.#treeLines(view, page, columns, room, mark)];
    if (view === undefined) return failure;
    if (view.count === 0 && !page.isReading && page.failure === '')
      return [[{ text: 'nothing here', style: 'faint' }]];
    return [...failure, ...(view.count === 0 ? [] : view.lines(columns, room, mark))];
  }

  #treeLines(view: TreeView, page: Page, columns: number, height: number, mark: string): Line[] {
    const { facts } = page;
    if (!this.#hasPane) return view.lines(columns, height, mark);
    const known = facts?.(view.path);
    if (columns >= paneColumns) {
      const width = Math.floor(columns * 0.55);
      const pane = factLines(view.path, known, columns - width - 3);
      return beside(view.lines(width, height, mark), pane, width, height);
    }
    if (height < paneRows - 3) return view.lines(columns, height, mark);
    const below = Math.max(4, Math.floor(height / 3));
    const tree = view.lines(columns, height - below - 1, mark);
    while (tree.length < height - below - 1) tree.push([]);
    return [
      ...tree,
      [{ text: '─'.repeat(columns), style: 'faint' }],
      ...factLines(view.path, known, columns).slice(0, below),
    ];
  }

  #footer(columns: number): Line {
    if (this.#help !== undefined) return footerOfText(this.#help, columns);
    if (this.#copies !== undefined)
      return [{ text: 'a letter copies, any other key closes', style: 'faint' }];
    const view = this.page?.view;
    if (view instanceof TextView) return footerOfText(view, columns);
    const box = view instanceof ListView ? view.filter : this.#search;
    if (box.isOpen) {
      const hint =
        view instanceof ListView ? 'Enter keeps the filter, Esc removes it' : 'Enter searches, Esc cancels';
      return box.line(hint);
    }
    const facts: Line =
      view instanceof ListView && box.word !== ''
        ? [{ text: `filter: ${box.word}   `, style: 'warning' }]
        : [];
    return footerWith(facts, keysOf(this.page), view === undefined ? '' : view.position, columns);
  }
}

interface Copy {
  readonly letter: string;
  readonly what: string;
  readonly text: string;
}

/** The keys that do something on a screen. */
function keysOf(page: Page | undefined): Keymap {
  const kind = page?.place.kind;
  const hasCommand = page?.place.kind === 'document' && page.place.command !== undefined;
  const hasObject = kind === 'object' || kind === 'objects';
  const needed = new Map<string, boolean>([
    ['events', hasObject],
    ['history', hasObject],
    ['log', hasObject],
    ['live', kind === 'objects'],
    ['curl', kind !== 'document' && kind !== 'answer'],
    ['kapi', hasCommand || (kind !== 'document' && kind !== 'answer')],
  ]);
  return exploreKeys.filter(({ action }) => needed.get(action) !== false);
}

function copyLines(copies: readonly Copy[]): Line[] {
  const width = Math.max(...copies.map(({ what }) => what.length));
  return copies.map(({ letter, what, text }) => [
    { text: `${letter}  `, style: 'hotkey' },
    { text: `${what.padEnd(width)}   `, style: 'faint' },
    { text: text.slice(0, 2_000), style: 'plain' },
  ]);
}

function failureLines(failure: string, columns: number): Line[] {
  return [
    ...failure
      .split('\n')
      .flatMap((line) => wrapped(line, columns))
      .map((text): Line => [{ text, style: 'bad' }]),
    [{ text: 'r reads it again', style: 'faint' }],
  ];
}
