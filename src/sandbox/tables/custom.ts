// Tables of custom resources: columns from a CRD's `additionalPrinterColumns`, cells by JSONPath.
// Entry point: `customTable`.

import { isJsonObject, isJsonArray } from '../../model/object.ts';
import type { Json, JsonObject } from '../../model/object.ts';
import { ageOf } from '../../model/age.ts';
import { nameOf } from '../../model/fields.ts';
import { ageColumn, nameColumn } from './layout.ts';
import type { TableLayout } from './layout.ts';
import type { CustomTypeFacts, PrinterColumn } from '../types/types.ts';

/** Returns the values of one step of a path. Empty if there are none. */
type PathStep = (value: Json) => readonly Json[];

/** The column of a CRD without columns. */
const defaultColumn: PrinterColumn = {
  name: 'Age',
  type: 'date',
  format: '',
  description: ageColumn.description,
  priority: 0,
  jsonPath: '.metadata.creationTimestamp',
};

/**
 * Returns the table of a version of a CRD.
 * @see
 *   https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#additional-printer-columns
 */
export function customTable(facts: CustomTypeFacts): TableLayout {
  const printerColumns = facts.printerColumns.length === 0 ? [defaultColumn] : facts.printerColumns;
  const cells = printerColumns.map((column) => {
    const steps = parseSimplePath(column.jsonPath);
    return (object: JsonObject, now: Date): Json => {
      const value = steps === undefined ? undefined : followPath(steps, object);
      return value === undefined ? null : cellOf(column.type, value, now);
    };
  });
  return {
    columns: [
      nameColumn,
      ...printerColumns.map(({ jsonPath, ...column }) => ({
        ...column,
        description:
          column.description === ''
            ? `Custom resource definition column (in JSONPath format): ${jsonPath}`
            : column.description,
      })),
    ],
    cells: (object, now) => [nameOf(object), ...cells.map((cell) => cell(object, now))],
  };
}

/** Converts a value to the type of the column. Null if it is another type. */
function cellOf(type: string, value: Json, now: Date): Json {
  switch (type) {
    case 'string':
      return value === null
        ? '<no value>'
        : typeof value === 'object'
          ? JSON.stringify(value)
          : String(value);
    case 'integer':
      return typeof value === 'bigint' ? value : typeof value === 'number' ? Math.trunc(value) : null;
    case 'number':
      return typeof value === 'bigint' || typeof value === 'number' ? value : null;
    case 'boolean':
      return typeof value === 'boolean' ? value : null;
    case 'date':
      if (typeof value !== 'string') return null;
      // The API server's word for an invalid time. ageOf has kubectl's, which differs.
      return value !== '' && Number.isNaN(Date.parse(value)) ? '<invalid>' : ageOf(value, now);
    default:
      return null;
  }
}

/** Returns the first result of a path: others are not shown. */
function followPath(steps: readonly PathStep[], object: JsonObject): Json | undefined {
  let values: readonly Json[] = [object];
  for (const step of steps) {
    values = values.flatMap(step);
    if (values.length === 0) return undefined;
  }
  return values[0];
}

const token =
  /\.(?<wild>\*)|\.(?<name>(?:\\.|[^.[\]\\])+)|\[(?<all>\*)\]|\['(?<quoted>[^']*)'\]|\[(?<index>-?\d+)\]|\[\?\(@(?<filterPath>(?:\.[\w-]+)+)\s*(?:(?<operator>==|!=|<=|>=|<|>)\s*(?<literal>"[^"]*"|'[^']*'|-?[\d.]+|true|false)\s*)?\)\]/y;

/** Parses a path. Undefined for syntax outside the simple dialect: the column stays empty then. */
function parseSimplePath(path: string): readonly PathStep[] | undefined {
  const steps: PathStep[] = [];
  token.lastIndex = 0;
  while (token.lastIndex < path.length) {
    const groups = token.exec(path)?.groups;
    if (groups === undefined) return undefined;
    steps.push(stepOf(groups));
  }
  return steps;
}

function stepOf(groups: Readonly<Record<string, string | undefined>>): PathStep {
  const { wild, name, all, quoted, index, filterPath, operator, literal } = groups;
  if (wild !== undefined || all !== undefined) return childrenOf;
  if (index !== undefined) return (value) => elementOf(value, Number(index));
  if (filterPath !== undefined) {
    const keys = filterPath.slice(1).split('.');
    return (value) => childrenOf(value).filter((entry) => passes(entry, keys, operator, literal));
  }
  const key = quoted ?? (name ?? '').replaceAll(/\\(.)/g, '$1');
  return (value) => memberOf(value, key);
}

function memberOf(value: Json, key: string): readonly Json[] {
  if (!isJsonObject(value) || !Object.hasOwn(value, key)) return [];
  const member = value[key];
  return member === undefined ? [] : [member];
}

function elementOf(value: Json, index: number): readonly Json[] {
  const element = isJsonArray(value) ? value.at(index) : undefined;
  return element === undefined ? [] : [element];
}

function childrenOf(value: Json): readonly Json[] {
  if (isJsonObject(value)) return Object.values(value).filter((child) => child !== undefined);
  return isJsonArray(value) ? value : [];
}

function passes(entry: Json, keys: readonly string[], operator: string | undefined, literal = ''): boolean {
  let values: readonly Json[] = [entry];
  for (const key of keys) values = values.flatMap((value) => memberOf(value, key));
  const value = values[0];
  if (value === undefined) return false;
  if (operator === undefined) return true;
  const wanted = literalValue(literal);
  if (operator === '==') return value === wanted;
  if (operator === '!=') return value !== wanted;
  if (typeof value !== typeof wanted || typeof value === 'boolean' || value === null) return false;
  if (operator === '<') return value < wanted;
  if (operator === '<=') return value <= wanted;
  return operator === '>' ? value > wanted : value >= wanted;
}

/** Parses a quoted text, a number, `true` or `false`. The pattern accepts nothing else. */
function literalValue(literal: string): string | number | boolean {
  if (/^["']/.test(literal)) return literal.slice(1, -1);
  return literal === 'true' || literal === 'false' ? literal === 'true' : Number(literal);
}
