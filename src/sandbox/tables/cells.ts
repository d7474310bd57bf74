// Reads the cells of tables.txt (readCell), and formats values that several cells show.

import { ageOf } from '../../model/age.ts';
import { canonicalQuantity } from '../../model/canonical-quantity.ts';
import { conditionOf, objectsAt, quantityTextAt, stringEntries } from '../../model/fields.ts';
import { objectAt, stringAt, stringsAt } from '../../model/object.ts';
import type { Json, JsonObject } from '../../model/object.ts';

/** Returns the value of a cell. */
export type Cell = (object: JsonObject, now: Date) => Json;

/** Returns the value at the last part of a path. Undefined if it is absent or empty. */
type Read = (parent: JsonObject | undefined, part: string, now: Date) => Json | undefined;

/** What the verbs of tables.txt read, and the value of a cell without a value and a fallback. */
const verbs: Readonly<Record<string, { readonly read: Read; readonly zero: Json }>> = {
  text: { read: textOf, zero: '' },
  number: {
    read: (parent, part) => {
      const value = parent?.[part];
      return typeof value === 'bigint' ? Number(value) : typeof value === 'number' ? value : undefined;
    },
    zero: 0,
  },
  boolean: {
    read: (parent, part) => {
      const value = parent?.[part];
      return typeof value === 'boolean' ? value : undefined;
    },
    zero: false,
  },
  count: { read: (parent, part) => objectsAt(parent, part).length, zero: 0 },
  list: { read: listText, zero: '' },
  age: {
    read: (parent, part, now) => {
      const time = stringAt(parent, part);
      return time === '' ? undefined : ageOf(time, now);
    },
    zero: '<unknown>',
  },
  quantity: { read: quantityAt, zero: '0' },
  labels: { read: (parent, part) => labelsText(objectAt(parent, part)), zero: '' },
  selector: { read: (parent, part) => selectorCell(objectAt(parent, part)), zero: '' },
};

/**
 * Reads a cell in the notation of tables.txt.
 * @param functions the cells that the notation can name
 * @throws Error for a verb or a function that does not exist
 */
export function readCell(text: string, functions: Readonly<Record<string, Cell>>): Cell {
  const [, name = '', verbName = 'text', operands = ''] =
    /^(?:(\w+)\(\)|(?:(\w+) )?(\..*))$/.exec(text) ?? [];
  const named = functions[name];
  if (named !== undefined) return named;
  const verb = verbs[verbName];
  if (operands === '' || verb === undefined) throw new Error(`not in the notation: ${text}`);
  const { read, zero } = verb;
  const alternatives = operands.split(' || ').map((operand) => readOperand(operand, read, zero));
  return (object, now) => {
    for (const alternative of alternatives) {
      const value = alternative(object, now);
      if (value !== undefined) return value;
    }
    return zero;
  };
}

/** Reads a path or a fallback, which has the type of `zero`. */
function readOperand(
  operand: string,
  read: Read,
  zero: Json,
): (object: JsonObject, now: Date) => Json | undefined {
  if (!operand.startsWith('.')) {
    const fallback = typeof zero === 'string' ? operand : (JSON.parse(operand) as Json);
    return () => fallback;
  }
  const parts = operand.match(/[^.]+\[\]\.[^.]+|[^.]+/g) ?? [];
  const last = parts.at(-1) ?? '';
  const steps = parts.slice(0, -1).map((part) => part.split(/[[\]]/));
  return (object, now) => {
    let parent: JsonObject | undefined = object;
    for (const [name = '', type] of steps) {
      parent = type === undefined ? objectAt(parent, name) : conditionOf(objectsAt(parent, name), type);
    }
    return read(parent, last, now);
  };
}

function textOf(parent: JsonObject | undefined, part: string): string | undefined {
  const [name = '', keys] = part.split(/[{}]/);
  if (keys === undefined) return stringAt(parent, name) || undefined;
  const object = objectAt(parent, name);
  return object === undefined
    ? undefined
    : keys
        .split('/')
        .map((key) => stringAt(object, key))
        .join('/');
}

function listText(parent: JsonObject | undefined, part: string): string | undefined {
  const [name = '', key] = part.split('[].');
  const texts =
    key === undefined ? stringsAt(parent, name) : objectsAt(parent, name).map((item) => stringAt(item, key));
  return texts.join(',') || undefined;
}

/** Returns a quantity in canonical form, or `0` (the zero value) if it is absent. */
export function quantityAt(object: JsonObject | undefined, key: string): string {
  const text = quantityTextAt(object, key);
  return text === '' ? '0' : (canonicalQuantity(text) ?? text);
}

/** Formats labels as `a=b,c=d`, sorted, or `<none>`. */
export function labelsText(labels: JsonObject | undefined): string {
  const pairs = stringEntries(labels).map(([key, value]) => `${key}=${value}`);
  return pairs.length === 0 ? '<none>' : pairs.sort().join(',');
}

/**
 * Formats a LabelSelector in the syntax of `kubectl get -l`. Empty if the selector is absent or
 * selects everything. Undefined if an operator is unknown.
 */
export function selectorText(selector: JsonObject | undefined): string | undefined {
  const parts: [key: string, text: string][] = [];
  for (const [key, value] of stringEntries(objectAt(selector, 'matchLabels'))) {
    parts.push([key, `${key}=${value}`]);
  }
  for (const expression of objectsAt(selector, 'matchExpressions')) {
    const key = stringAt(expression, 'key');
    const values = [...stringsAt(expression, 'values')].sort().join(',');
    switch (expression.operator) {
      case 'In':
        parts.push([key, `${key} in (${values})`]);
        break;
      case 'NotIn':
        parts.push([key, `${key} notin (${values})`]);
        break;
      case 'Exists':
        parts.push([key, key]);
        break;
      case 'DoesNotExist':
        parts.push([key, `!${key}`]);
        break;
      default:
        return undefined;
    }
  }
  return parts
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([, text]) => text)
    .join(',');
}

/**
 * Formats a LabelSelector as most tables do: like {@link selectorText}, but `<none>` instead of
 * empty and `<error>` instead of undefined.
 */
export function selectorCell(selector: JsonObject | undefined): string {
  const text = selectorText(selector);
  return text === undefined ? '<error>' : text === '' ? '<none>' : text;
}

/**
 * Formats the first `max` entries, joined by commas, and the number of the remaining ones:
 * `a,b,c + 2 more...`.
 */
export function firstFew(entries: readonly string[], max: number): string {
  const shown = entries.slice(0, max).join(',');
  return entries.length > max ? `${shown} + ${entries.length - max} more...` : shown;
}
