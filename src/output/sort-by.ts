// `--sort-by`: sorts objects and table rows by a field. Entry points: parseSortBy, sortObjects,
// sortRows. Both sort in steps, between which the event loop can run, because sorting a long list
// takes long.

import type { JsonObject } from '../model/object.ts';
import type { Quantity } from '../model/quantity.ts';
import { compareQuantities, parseQuantity } from '../model/quantity.ts';
import type { TableRow } from '../model/table.ts';
import type { Template } from './jsonpath.ts';
import { findLeniently, parseRelaxedJsonPath } from './jsonpath.ts';
import { compareBytes } from './key-order.ts';

/** Work in steps, with its result as return value. */
export type Steps<Result> = Generator<undefined, Result, undefined>;

/** Items in one step: about ten milliseconds. */
const stepLength = 8_192;

/** A field to sort by. */
export interface SortBy {
  readonly path: Template;
}

/**
 * Parses the value of `--sort-by`: `.metadata.name`, `metadata.name` or either in braces.
 * @throws UsageError `BadJsonPath`
 */
export function parseSortBy(path: string): SortBy {
  return { path: parseRelaxedJsonPath(path) };
}

/**
 * Sorts objects in ascending order of the field. Equal ones keep their order.
 *
 * The order is: objects without the field, null, false, true, numbers, quantities by amount, other
 * strings by their bytes. kubectl compares two strings as quantities if both are quantities and as
 * text otherwise. That is not a total order for a mixture, and agrees with this one for everything
 * else. kubectl fails on booleans and on a mixture of types. If the path finds several values, the
 * first counts. A path that does not fit an object is not an error: lists, objects, and indexes
 * beyond the end of a list count as missing.
 */
export function sortObjects<T extends JsonObject>(objects: readonly T[], by: SortBy): Steps<Sorted<T>> {
  return sortItems(objects, by, (object) => object);
}

/**
 * Sorts rows in ascending order of a field of their objects, like {@link sortObjects}. The rows
 * must contain whole objects (`includeObject=Object`).
 */
export function sortRows(rows: readonly TableRow[], by: SortBy): Steps<Sorted<TableRow>> {
  return sortItems(rows, by, (row) => row.object ?? {});
}

/** The sorted items. */
export interface Sorted<T> {
  readonly items: readonly T[];
  /** Number of items that have the field. */
  readonly withField: number;
  /** The value of an item that cannot be compared: `a list`, `an object`. */
  readonly unsortable: string | undefined;
}

/** The sort key of an item. Ranks separate the types; within a rank, the rest has one type. */
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

/** Returns the key, or a description of the value if it has no order. */
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
 * Returns a warning if the order is not complete, or undefined.
 * @param sorted the items that were sorted by the same field, one list for each type
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
