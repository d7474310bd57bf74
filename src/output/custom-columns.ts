// Parses `-o custom-columns` and `custom-columns-file`, and makes the cells of an object. Entry
// points: parseCustomColumns, parseCustomColumnsFile, customColumnsRow. The table printer aligns
// them.

import { KapiError, UsageError } from '../errors.ts';
import type { Json, JsonObject } from '../model/object.ts';
import type { Template } from './jsonpath.ts';
import { findLeniently, parseRelaxedJsonPath, printFound } from './jsonpath.ts';

/** Columns that the user defined. `templates` has one for each header. */
export interface CustomColumns {
  readonly headers: readonly string[];
  readonly templates: readonly Template[];
}

const example = 'for example: -o custom-columns=NAME:.metadata.name,NODE:.spec.nodeName';

/**
 * Parses `NAME:.metadata.name,IMAGE:.spec.containers[*].image`. A comma separates columns even
 * inside brackets, as in kubectl.
 * @throws UsageError `BadCustomColumns`, `BadJsonPath`
 * @see https://kubernetes.io/docs/reference/kubectl/#custom-columns
 */
export function parseCustomColumns(spec: string): CustomColumns {
  if (spec === '') throw noColumns();
  const columns = spec.split(',').map((part) => {
    const colon = part.indexOf(':');
    if (colon < 0) {
      throw new UsageError(`unexpected custom-columns spec: ${part}, expected <header>:<json-path-expr>`, {
        code: 'BadCustomColumns',
        hint: spec.includes('[')
          ? 'a comma always begins a new column; take [*] or two columns instead of [0,1]'
          : example,
      });
    }
    return { header: part.slice(0, colon), path: part.slice(colon + 1) };
  });
  return compileColumns(columns);
}

/**
 * Parses a custom-columns file: a line of headers and a line of as many paths, both separated by
 * white space. Ignores further lines.
 * @throws UsageError `BadCustomColumns`, `BadJsonPath`
 */
export function parseCustomColumnsFile(text: string): CustomColumns {
  const lines = text.split('\n');
  // The text after the last newline is not a line.
  if (lines.at(-1) === '') lines.pop();
  const [headerLine, pathLine] = lines;
  if (headerLine === undefined) throw missingLine('header');
  if (pathLine === undefined) throw missingLine('spec');
  const headers = wordsOf(headerLine);
  const paths = wordsOf(pathLine);
  if (headers.length !== paths.length) {
    throw new UsageError(
      `number of headers (${headers.length}) and field specifications (${paths.length}) don't match`,
      { code: 'BadCustomColumns' },
    );
  }
  if (headers.length === 0) throw noColumns();
  return compileColumns(headers.map((header, index) => ({ header, path: paths[index] ?? '' })));
}

/**
 * Returns the cells of an object, one for each header: `<none>` if a path finds nothing, several
 * results joined by a comma. Control characters are not escaped yet.
 *
 * Objects and lists are JSON on purpose: kubectl prints Go's notation (`map[app:web tier:front]`,
 * `[a b]`), which cannot be parsed and does not show where a value ends. A missing value is
 * `<none>`, including an index beyond the end of a list.
 */
export function customColumnsRow(columns: CustomColumns, object: JsonObject): string[] {
  return columns.templates.map((template) => cellOf(findLeniently(template, object)));
}

function cellOf(found: readonly (readonly Json[])[]): string {
  const cells = found.flat().map(printCell);
  if ((found[0] ?? []).length === 0) cells.unshift('<none>');
  return cells.join(',');
}

function printCell(value: Json): string {
  return value === null ? '<nil>' : printFound(value);
}

function compileColumns(
  columns: readonly { readonly header: string; readonly path: string }[],
): CustomColumns {
  return {
    headers: columns.map(({ header }) => header),
    templates: columns.map(({ header, path }) => compileColumn(header, path)),
  };
}

function compileColumn(header: string, path: string): Template {
  try {
    return parseRelaxedJsonPath(path);
  } catch (error) {
    if (!(error instanceof KapiError)) throw error;
    throw new UsageError(error.message, {
      code: error.code,
      hint: error.hint ?? `it is the path of column ${header}`,
      cause: error,
    });
  }
}

/** Splits at white space, including U+0085 as Go does. */
function wordsOf(line: string): string[] {
  return line.split(/[\s\u0085]+/).filter((word) => word !== '');
}

function missingLine(which: 'header' | 'spec'): UsageError {
  return new UsageError(
    `invalid template, missing ${which} line. Expected format is one line of space separated headers, one line of space separated column specs`,
    { code: 'BadCustomColumns' },
  );
}

function noColumns(): UsageError {
  return new UsageError('custom-columns format specified but no custom columns given', {
    code: 'BadCustomColumns',
    hint: example,
  });
}
