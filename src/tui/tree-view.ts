// A JSON value as a tree that folds, with a cursor and a search. Pure. Entry point: TreeView. Reads
// the value as it is opened: an object of 10 MB has half a million fields, and a screen shows
// forty.

import { displayWidth } from '../output/display-width.ts';
import { escapeLine } from '../output/escape.ts';
import { isJsonArray, type Json } from '../model/object.ts';
import type { PathStep } from '../model/field-path.ts';
import { shorten, type Line, type Segment } from './layout.ts';
import { styleOfScalar } from './structured-line.ts';

/** One field or element. */
interface TreeNode {
  readonly step: PathStep | undefined;
  readonly value: Json;
  readonly parent: TreeNode | undefined;
  /** Position among the children of the parent. */
  readonly index: number;
  readonly depth: number;
  children: readonly TreeNode[] | undefined;
  /** The open children, in their order. They are few, while an array can have 100,000 elements. */
  opened: readonly TreeNode[];
  /** The names of the fields of an object, once they are needed. */
  keys: readonly string[] | undefined;
  isOpen: boolean;
  /** Lines that the node takes, with everything open below it. */
  rows: number;
}

/** Lines that are open at first. */
const openAtFirst = 60;

/** Fields that are folded at first. */
const closedAtFirst = new Set<PathStep>(['managedFields', 'annotations']);

/** Nodes that one step of a search looks at. */
const searchStep = 20_000;

/** Levels beyond which a line is not indented further. */
const maxIndent = 16;

export class TreeView {
  readonly #root: TreeNode;
  #cursor: TreeNode;
  #top = 0;
  #height = 10;
  /** Columns that are scrolled away to the left. */
  left = 0;
  #searching: Generator<undefined, TreeNode | undefined> | undefined;

  constructor(value: Json) {
    this.#root = node(undefined, value, undefined, 0);
    this.#cursor = this.#root;
    this.#setOpen(this.#root, true);
    this.#openSome();
    this.#cursor = this.#root.children?.[0] ?? this.#root;
  }

  /** Opens level after level while the whole stays short. */
  #openSome(): void {
    let level = this.#root.children ?? [];
    while (level.length > 0 && level.length <= openAtFirst) {
      const next: TreeNode[] = [];
      for (const one of level) {
        const size = sizeOf(one);
        if (size === 0 || this.#root.rows + size > openAtFirst) continue;
        if (one.step !== undefined && closedAtFirst.has(one.step)) continue;
        this.#setOpen(one, true);
        next.push(...(one.children ?? []));
      }
      level = next;
    }
  }

  /** The steps that lead to the field under the cursor. */
  get path(): readonly PathStep[] {
    const steps: PathStep[] = [];
    for (let at: TreeNode | undefined = this.#cursor; at !== undefined; at = at.parent)
      if (at.step !== undefined) steps.push(at.step);
    return steps.reverse();
  }

  get value(): Json {
    return this.#cursor.value;
  }

  /** `12/345`: the line of the cursor and the number of open lines. */
  get position(): string {
    return `${this.#rowOf(this.#cursor)}/${this.#root.rows - 1}`;
  }

  /** True while a search has nodes left to look at. */
  get isSearching(): boolean {
    return this.#searching !== undefined;
  }

  move(by: number): void {
    const last = this.#root.rows - 1;
    const at = Math.min(last, Math.max(Math.min(1, last), this.#rowOf(this.#cursor) + by));
    this.#cursor = this.#nodeAt(at) ?? this.#cursor;
  }

  page(pages: number): void {
    this.move(pages * Math.max(1, this.#height - 1));
  }

  /** Opens a container, or goes into it where it is open. @returns false for anything else */
  open(): boolean {
    if (sizeOf(this.#cursor) === 0) return false;
    if (this.#cursor.isOpen) this.move(1);
    else this.#setOpen(this.#cursor, true);
    return true;
  }

  /** Closes a container, or goes to the one around the cursor. @returns false at the top */
  close(): boolean {
    if (this.#cursor.isOpen && this.#cursor !== this.#root) {
      this.#setOpen(this.#cursor, false);
      return true;
    }
    const { parent } = this.#cursor;
    if (parent === undefined || parent === this.#root) return false;
    this.#cursor = parent;
    return true;
  }

  toggle(): boolean {
    if (!this.#cursor.isOpen) return this.open();
    this.#setOpen(this.#cursor, false);
    return true;
  }

  /** Closes everything below the top level, or opens as much as a screen can use. */
  foldAll(): void {
    const top = this.#root.children ?? [];
    const anyOpen = top.some(({ isOpen }) => isOpen);
    while (this.#cursor.depth > 1 && this.#cursor.parent !== undefined) this.#cursor = this.#cursor.parent;
    for (const one of top) if (one.isOpen) this.#setOpen(one, false);
    if (!anyOpen) this.#openSome();
  }

  /** Begins a search for the next field whose name or value has the word. */
  search(word: string, step: 1 | -1): void {
    this.#searching = word === '' ? undefined : this.#find(word.toLowerCase(), step);
  }

  /** Continues the search for a limited time. @returns the result, once it is known */
  continueSearch(): 'found' | 'missing' | undefined {
    if (this.#searching === undefined) return undefined;
    const { done, value } = this.#searching.next();
    if (done !== true) return undefined;
    this.#searching = undefined;
    if (value === undefined) return 'missing';
    this.#reveal(value);
    return 'found';
  }

  /** Walks in the order of the document from the cursor on, and round once. */
  *#find(word: string, step: 1 | -1): Generator<undefined, TreeNode | undefined> {
    const start = this.#cursor;
    let at = start;
    for (let looked = 1; ; looked++) {
      at = step === 1 ? (next(at) ?? this.#root) : previous(at, this.#root);
      if (matches(at, word)) return at;
      if (at === start) return undefined;
      if (looked % searchStep === 0) yield undefined;
    }
  }

  #reveal(found: TreeNode): void {
    const above: TreeNode[] = [];
    for (let at = found.parent; at !== undefined; at = at.parent) above.push(at);
    for (const one of above) if (!one.isOpen) this.#setOpen(one, true);
    this.#cursor = found;
  }

  #setOpen(one: TreeNode, isOpen: boolean): void {
    if (one.isOpen === isOpen || !isContainer(one.value)) return;
    one.isOpen = isOpen;
    const { parent } = one;
    if (parent !== undefined) {
      const others = parent.opened.filter((child) => child !== one);
      parent.opened = isOpen ? [...others, one].sort((a, b) => a.index - b.index) : others;
    }
    const rows = isOpen ? 1 + childrenOf(one).length + sum(one.opened.map(moreRows)) : 1;
    const change = rows - one.rows;
    one.rows = rows;
    for (let at = parent; at?.isOpen === true; at = at.parent) at.rows += change;
  }

  /** Looks at open nodes only: the others have one line each. */
  #rowOf(wanted: TreeNode): number {
    let row = 0;
    for (let at = wanted; at.parent !== undefined; at = at.parent) {
      const { index, parent } = at;
      const above = parent.opened.filter((child) => child.index < index);
      row += 1 + index + sum(above.map(moreRows));
    }
    return row;
  }

  #nodeAt(row: number): TreeNode | undefined {
    let left = row;
    let at: TreeNode | undefined = this.#root;
    while (at !== undefined && left > 0) {
      left--;
      const { children = [], opened }: TreeNode = at;
      let more = 0;
      let inside: TreeNode | undefined;
      for (const child of opened) {
        const first = child.index + more;
        if (left < first) break;
        more += moreRows(child);
        if (left <= child.index + more) {
          inside = child;
          left -= first;
          break;
        }
      }
      at = inside ?? children[left - more];
      if (inside === undefined) left = 0;
    }
    return at;
  }

  /** The part of the tree that is in a window of this size. @param mark before the selected line */
  lines(columns: number, height: number, mark: string): Line[] {
    this.#height = Math.max(1, height);
    const cursor = this.#rowOf(this.#cursor);
    if (cursor - 1 < this.#top) this.#top = Math.max(0, cursor - 1);
    if (cursor > this.#top + this.#height) this.#top = cursor - this.#height;
    this.#top = Math.max(0, Math.min(this.#top, this.#root.rows - 1 - this.#height));
    const lines: Line[] = [];
    let at = this.#root.rows === 1 ? this.#root : this.#nodeAt(this.#top + 1);
    while (at !== undefined && lines.length < this.#height) {
      lines.push(this.#line(at, columns, mark));
      at = nextOpen(at);
    }
    return lines;
  }

  #line(one: TreeNode, columns: number, mark: string): Line {
    const isSelected = one === this.#cursor;
    const depth = Math.max(0, one.depth - 1);
    const indent = '  '.repeat(Math.min(depth, maxIndent));
    const sign = sizeOf(one) === 0 ? '  ' : one.isOpen ? '▾ ' : '▸ ';
    const name = nameOf(one);
    const lead = `${isSelected ? mark : ' '.repeat(mark.length)}${indent}${sign}`;
    const room = Math.max(8, columns - displayWidth(lead) - displayWidth(name) - 1) + this.left;
    const segments: Segment[] = [
      { text: lead, style: 'plain' },
      { text: name, style: 'key' },
      ...valueSegments(one, room),
    ];
    if (!isSelected) return segments;
    const text = segments.map((segment) => segment.text).join('');
    return [{ text: text + ' '.repeat(Math.max(0, columns - displayWidth(text))), style: 'selected' }];
  }
}

function node(
  step: PathStep | undefined,
  value: Json,
  parent: TreeNode | undefined,
  index: number,
): TreeNode {
  const depth = parent === undefined ? 0 : parent.depth + 1;
  return {
    ...{ step, value, parent, index, depth, children: undefined, opened: [], keys: undefined },
    ...{ isOpen: false, rows: 1 },
  };
}

/** Lines that an open node takes beside its own. */
function moreRows({ rows }: TreeNode): number {
  return rows - 1;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0);
}

type Container = Exclude<Json, null | boolean | number | bigint | string>;

function isContainer(value: Json): value is Container {
  return typeof value === 'object' && value !== null;
}

/** Number of children; 0 for anything but an object or an array. */
function sizeOf(one: TreeNode): number {
  if (!isContainer(one.value)) return 0;
  return isJsonArray(one.value) ? one.value.length : keysOf(one).length;
}

/** Reads the names of the fields once: an object can have 100,000. */
function keysOf(one: TreeNode): readonly string[] {
  one.keys ??= Object.keys(one.value as Container);
  return one.keys;
}

function childrenOf(one: TreeNode): readonly TreeNode[] {
  if (one.children !== undefined) return one.children;
  const { value } = one;
  if (!isContainer(value)) return [];
  one.children = isJsonArray(value)
    ? value.map((item, index) => node(index, item, one, index))
    : keysOf(one).map((key, index) => node(key, value[key] ?? null, one, index));
  return one.children;
}

/** Drops the children of a closed node, for the memory. They are made again when it is opened. */
function forget(one: TreeNode): void {
  one.children = undefined;
  one.opened = [];
  one.keys = undefined;
}

/** The next node of the document, open or not. */
function next(one: TreeNode): TreeNode | undefined {
  return childrenOf(one)[0] ?? nextSibling(one);
}

/** The next line of the screen. */
function nextOpen(one: TreeNode): TreeNode | undefined {
  return (one.isOpen ? one.children?.[0] : undefined) ?? nextSibling(one);
}

function nextSibling(one: TreeNode): TreeNode | undefined {
  for (let at = one; at.parent !== undefined; at = at.parent) {
    const sibling = at.parent.children?.[at.index + 1];
    if (sibling !== undefined) return sibling;
    // A search has no use for the children of what it has left.
    if (!at.parent.isOpen && at.parent.parent !== undefined) forget(at.parent);
  }
  return undefined;
}

function previous(one: TreeNode, root: TreeNode): TreeNode {
  let at = one === root ? root : undefined;
  if (one.parent !== undefined) {
    at = childrenOf(one.parent)[one.index - 1];
    if (at === undefined) {
      if (!one.parent.isOpen && one.parent.parent !== undefined) forget(one.parent);
      return one.parent;
    }
  }
  let last = at ?? root;
  for (let child = childrenOf(last).at(-1); child !== undefined; child = childrenOf(last).at(-1))
    last = child;
  return last;
}

function matches({ step, value }: TreeNode, word: string): boolean {
  if (typeof step === 'string' && step.toLowerCase().includes(word)) return true;
  if (isContainer(value)) return false;
  return String(value).toLowerCase().includes(word);
}

function nameOf({ step }: TreeNode): string {
  if (step === undefined) return '';
  return typeof step === 'number' ? `[${step}]` : `${escapeLine(step)}:`;
}

function valueSegments(one: TreeNode, room: number): Segment[] {
  const { step, value, isOpen } = one;
  const before = step === undefined ? '' : ' ';
  if (!isContainer(value)) {
    const text = typeof value === 'string' ? escapeLine(value.slice(0, room + 1)) : String(value);
    return [{ text: before + shorten(quoteAmbiguous(value, text), room), style: styleOfScalar(value) }];
  }
  const size = sizeOf(one);
  const isArray = isJsonArray(value);
  if (size === 0) return [{ text: `${before}${isArray ? '[]' : '{}'}`, style: 'plain' }];
  if (isOpen) return [];
  const count = `${size} ${isArray ? 'item' : 'field'}${size === 1 ? '' : 's'}`;
  return [{ text: `${before}${shorten(`${count}  ${preview(one, value, room)}`, room)}`, style: 'faint' }];
}

/** A string that could be taken for another value is quoted. */
function quoteAmbiguous(value: Json, text: string): string {
  if (typeof value !== 'string') return text;
  return value === '' || /^(?:true|false|null|[-+]?[\d.]+)$|^\s|\s$/.test(text) ? JSON.stringify(text) : text;
}

/** What is inside a closed container, as far as there is room. */
function preview(one: TreeNode, value: Container, room: number): string {
  const parts: string[] = [];
  let length = 0;
  for (const key of isJsonArray(value) ? value.keys() : keysOf(one)) {
    const item = isJsonArray(value) ? value[Number(key)] : value[key];
    const shown =
      item === undefined || typeof item === 'object'
        ? '…'
        : escapeLine(String(item).slice(0, Math.max(0, room - length)));
    const part = typeof key === 'number' ? shown : `${escapeLine(key.slice(0, room))}: ${shown}`;
    parts.push(part);
    length += part.length + 2;
    if (length > room) break;
  }
  return parts.join(', ');
}
