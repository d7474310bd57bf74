// `--sort-by`: order of objects and table rows by a field. Entry points: parseSortBy, sortObjects, sortRows. The two sort in
// steps, between which the loop may turn: a list of everything takes its time.

import type { JsonObject } from '../model/object.ts';
import type { Quantity } from '../model/quantity.ts';
import { compareQuantities, parseQuantity } from '../model/quantity.ts';
import type { TableRow } from '../model/table.ts';
import type { Template } from './jsonpath.ts';
import { findLeniently, parseRelaxedJsonPath } from './jsonpath.ts';
import { compareBytes } from './key-order.ts';

/** Work that stops here and there; its result is what it returns. */
export type Steps<Result> = Generator<undefined, Result, undefined>;

/** Items looked at in one step: some ten milliseconds. */
const stepLength = 8_192;

/** A field to sort by. */
export interface SortBy {
  readonly path: Template;
}

/**
 * Understands the value of `--sort-by`: `.metadata.name`, `metadata.name` or either in braces.
 * @throws UsageError `BadJsonPath`
 */
export function parseSortBy(path: string): SortBy {
  return { path: parseRelaxedJsonPath(path) };
}

/**
 * The objects in ascending order of the field; equal ones keep their order.
 *
 * First come objects without the field, then null, false and true, numbers, quantities by amount, other strings by
 * their bytes. kubectl compares any two strings as quantities if both are some and as text otherwise, which is no
 * order at all for a mixture and agrees with this one for everything else; on booleans and on a mixture of types
 * it gives up. Where the path finds several values the first counts.
 * Whether objects have the field is no matter of who typed the path: lists, objects, and indexes that a list does not
 * have count as missing.
 */
export function sortObjects<T extends JsonObject>(objects: readonly T[], by: SortBy): Steps<Sorted<T>> {
  return sortItems(objects, by, (object) => object);
}

/**
 * Rows in ascending order of a field of their objects, like {@link sortObjects}. The rows have to carry whole objects
 * (`includeObject=Object`).
 */
export function sortRows(rows: readonly TableRow[], by: SortBy): Steps<Sorted<TableRow>> {
  return sortItems(rows, by, (row) => row.object ?? {});
}

/** Items in order. */
export interface Sorted<T> {
  readonly items: readonly T[];
  /** How many of them have the field. */
  readonly withField: number;
  /** What the field was in an item that cannot be compared: `a list`, `an object`. */
  readonly unsortable: string | undefined;
}

/** What items are compared by. Ranks separate the types; within a rank, the rest has one type. */
type SortKey =
  | { readonly rank: typeof rank.missing | typeof rank.null | typeof rank.false | typeof rank.true }
  | { readonly rank: typeof rank.number; readonly number: number | bigint }
  | { readonly rank: typeof rank.quantity; readonly quantity: Quantity }
  | { readonly rank: typeof rank.text; readonly text: string };

const rank = { missing: 0, null: 1, false: 2, true: 3, number: 4, quantity: 5, text: 6 } as const;

function* sortItems<T>(items: readonly T[], by: SortBy, objectOf: (item: T) => JsonObject): Steps<Sorted<T>> {
  let withField = 0;
  let unsortable: string | undefined;
  const keyed: { readonly item: T; readonly key: SortKey }[] = [];
  for (const item of items) {
    const key = keyOf(objectOf(item), by.path);
    if (typeof key === 'string') unsortable ??= key;
    else if (key.rank !== rank.missing) withField++;
    const sortKey: SortKey = typeof key === 'string' ? { rank: rank.missing } : key;
    if (keyed.push({ item, key: sortKey }) % stepLength === 0) yield;
  }
  const sorted = keyed.sort((a, b) => compareKeys(a.key, b.key)).map(({ item }) => item);
  return { items: sorted, withField, unsortable };
}

/** The key, or what the field is where it has no order. */
function keyOf(object: JsonObject, path: Template): SortKey | string {
  const value = findLeniently(path, object)[0]?.[0];
  switch (typeof value) {
    case 'undefined':
      return { rank: rank.missing };
    case 'boolean':
      return { rank: value ? rank.true : rank.false };
    case 'number':
    case 'bigint':
      return { rank: rank.number, number: value };
    case 'string': {
      const quantity = parseQuantity(value);
      return quantity === undefined ? { rank: rank.text, text: value } : { rank: rank.quantity, quantity };
    }
    default:
      if (value === null) return { rank: rank.null };
      return Array.isArray(value) ? 'a list' : 'an object';
  }
}

function compareKeys(a: SortKey, b: SortKey): number {
  if (a.rank === rank.number && b.rank === rank.number) {
    return a.number < b.number ? -1 : a.number > b.number ? 1 : 0;
  }
  if (a.rank === rank.quantity && b.rank === rank.quantity) return compareQuantities(a.quantity, b.quantity);
  if (a.rank === rank.text && b.rank === rank.text) return compareBytes(a.text, b.text);
  return a.rank - b.rank;
}

/**
 * Says why the order is not what was asked for, or nothing where it is.
 * @param sorted what was sorted by the same field, one for each type
 */
export function sortWarning({ path }: SortBy, sorted: readonly Sorted<unknown>[]): string | undefined {
  const unsortable = sorted.find((each) => each.unsortable !== undefined)?.unsortable;
  if (unsortable !== undefined) {
    return `Warning: --sort-by ${path.text}: ${unsortable} has no order; name a field that is a string, a number or a boolean`;
  }
  const isEmpty = sorted.every(({ items }) => items.length === 0);
  if (isEmpty || sorted.some(({ withField }) => withField > 0)) return undefined;
  return `Warning: --sort-by ${path.text}: no object has this field, so the order is the server's`;
}
