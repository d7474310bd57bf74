// --count-by and --sum: counts objects by the values at paths, and adds quantities. Entry point:
// openTally(). Receives pages and prints one table at the end; keeps only the groups.

import { UsageError } from '../errors.ts';
import type { Sink } from '../io/io.ts';
import type { Json, JsonObject } from '../model/object.ts';
import { addQuantities, parseQuantity, type Quantity } from '../model/quantity.ts';
import { exactQuantity, type QuantityForm } from '../model/canonical-quantity.ts';
import { isContextSink } from '../output/context-output.ts';
import { csvRecord } from '../output/csv.ts';
import { escapeControl } from '../output/escape.ts';
import type { OutputFormat, Printer } from '../output/format.ts';
import { findJsonPath, parseRelaxedJsonPath, printFound } from '../output/jsonpath.ts';
import { printRows } from '../output/rows.ts';
import { printStructured } from '../output/structured.ts';

export interface TallyOptions {
  readonly format: OutputFormat;
  /** Paths whose values define the groups. Empty: one group of all objects. */
  readonly countBy: readonly string[];
  /** Paths whose values are added. */
  readonly sum: readonly string[];
  readonly noHeaders: boolean;
  /** `context` among the paths is the context of the object. Default: false. */
  readonly withContext?: boolean;
  readonly warn: (text: string) => void;
}

/** Objects with the same values at the paths. */
interface Group {
  readonly values: readonly (Json | undefined)[];
  count: number;
  readonly sums: Sum[];
}

/** The sum of the values at one path so far. */
interface Sum {
  total: Quantity;
  form: QuantityForm | undefined;
}

const zero: Quantity = { sign: 0, digits: 0n, exponent: 0 };

/**
 * Opens the printer of counts. Supports tables, json, yaml, ndjson and csv.
 * @throws UsageError for another format, and for an invalid path
 */
export function openTally(options: TallyOptions, out: Sink): Printer {
  if (isContextSink(out)) {
    return out.part.tally((shared, warn) => openPlain({ ...options, withContext: true, warn }, shared));
  }
  return openPlain(options, out);
}

function openPlain(options: TallyOptions, out: Sink): Printer {
  const write = writerOf(options, out);
  const by = options.countBy.map((path) =>
    options.withContext === true && path === 'context' ? path : openPath(path),
  );
  const summed = options.sum.map(openPath);
  const groups = new Map<string, Group>();
  const left = { values: 0, example: '' };

  function take(object: JsonObject, context: string | undefined): void {
    const found = by.map((path) => {
      if (path === 'context') return [context];
      const values = path(object);
      return values.length === 0 ? [undefined] : values;
    });
    for (const values of combinations(found)) {
      const key = JSON.stringify(values.map((value) => (value === undefined ? [] : [printFound(value)])));
      let group = groups.get(key);
      if (group === undefined) {
        group = { values, count: 0, sums: summed.map(() => ({ total: zero, form: undefined })) };
        groups.set(key, group);
      }
      group.count++;
      for (const [at, path] of summed.entries()) {
        const sum = group.sums[at];
        if (sum !== undefined) for (const value of path(object)) add(sum, value, left);
      }
    }
  }

  return {
    page(page): Promise<void> {
      const objects = page.kind === 'table' ? page.table.rows.map(({ object = {} }) => object) : page.objects;
      for (const [at, object] of objects.entries()) take(object, page.contexts?.[at]);
      return Promise.resolve();
    },
    async end(): Promise<void> {
      const sorted = [...groups.entries()].sort(([a, one], [b, other]) =>
        one.count === other.count ? (a < b ? -1 : 1) : other.count - one.count,
      );
      await write(sorted.map(([, group]) => group));
      if (left.values > 0) {
        const values = left.values === 1 ? '1 value is' : `${left.values} values are`;
        options.warn(`note: ${values} not a quantity and not part of the sum (${left.example})`);
      }
    },
  };
}

type ReadPath = (object: JsonObject) => readonly Json[];

function openPath(path: string): ReadPath {
  const template = parseRelaxedJsonPath(path);
  return (object) => findJsonPath(template, object).flat();
}

/**
 * Returns all combinations of one value of each list: a list of containers makes a group for each
 * container.
 */
function combinations(lists: readonly (readonly (Json | undefined)[])[]): (Json | undefined)[][] {
  return lists.reduce<(Json | undefined)[][]>(
    (made, list) => made.flatMap((one) => list.map((value) => [...one, value])),
    [[]],
  );
}

function add(sum: Sum, value: Json, left: { values: number; example: string }): void {
  const text = typeof value === 'number' || typeof value === 'bigint' ? String(value) : value;
  const quantity = typeof text === 'string' ? parseQuantity(text) : undefined;
  const total = quantity === undefined ? undefined : addQuantities(sum.total, quantity);
  if (total === undefined || typeof text !== 'string') {
    left.values++;
    if (left.example === '') left.example = printFound(value);
    return;
  }
  sum.total = total;
  // As in the API, the form of the first quantity that is not zero.
  if (quantity?.sign !== 0)
    sum.form ??= text.endsWith('i') ? 'binary' : /\d[eE]/.test(text) ? 'exponent' : 'decimal';
}

function sumText({ total, form }: Sum): string {
  return exactQuantity(total, form ?? 'decimal') ?? '<too large>';
}

type Write = (groups: readonly Group[]) => Promise<void>;

function writerOf(options: TallyOptions, out: Sink): Write {
  const { format, noHeaders } = options;
  const headers = [
    ...options.countBy.map((path) => plainPath(path).toUpperCase()),
    'COUNT',
    ...options.sum.map((path) => `SUM(${plainPath(path).toUpperCase()})`),
  ];
  const cells = (group: Group, absent: string): string[] => [
    ...group.values.map((value) => (value === undefined ? absent : printFound(value))),
    String(group.count),
    ...group.sums.map(sumText),
  ];
  const facts = (group: Group): JsonObject => ({
    ...Object.fromEntries(options.countBy.map((path, at) => [plainPath(path), group.values[at] ?? null])),
    count: group.count,
    ...Object.fromEntries(
      options.sum.map((path, at) => {
        const sum = group.sums[at];
        return [`sum(${plainPath(path)})`, sum === undefined ? null : sumText(sum)];
      }),
    ),
  });
  switch (format.kind) {
    case 'table':
      return (groups) => {
        const rows = groups.map((group) => cells(group, '<none>'));
        return printRows(out, { columns: headers, rows, noHeaders, boxed: false });
      };
    case 'csv':
      return async (groups) => {
        const rows = groups.map((group) => cells(group, ''));
        const records = (noHeaders ? rows : [headers, ...rows]).map((row) =>
          csvRecord(out.isTTY ? row.map(escapeControl) : row),
        );
        await out.write(records.join(''));
      };
    case 'json':
    case 'yaml':
    case 'ndjson':
      return (groups) => {
        const all = groups.map(facts);
        return printStructured(out, format.kind, all, all);
      };
    default:
      throw new UsageError(`--count-by and --sum make a table, not -o ${format.kind}`, {
        code: 'ConflictingFlags',
        hint: 'the formats are table, json, yaml, ndjson and csv',
      });
  }
}

/** Converts `{.spec.nodeName}` and `.spec.nodeName` to `spec.nodeName`. */
function plainPath(path: string): string {
  return path.replace(/^\{\s*(.*?)\s*\}$/s, '$1').replace(/^\$?\.(?=[\w*])/, '');
}
