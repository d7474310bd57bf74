// Evaluates kubectl's jsonpath templates. Entry points: parseJsonPath, evaluateJsonPath,
// findJsonPath. Grammar in jsonpath-parser.ts, steps in jsonpath-steps.ts, lists in pages in
// jsonpath-stream.ts.

import { UsageError } from '../errors.ts';
import type { Json } from '../model/object.ts';
import { goQuote } from '../model/go-quote.ts';
import { goNumber } from './go-text.ts';
import { compactJson, jsonPieces, prettyJson } from './json.ts';
import type { TemplateNode } from './jsonpath-parser.ts';
import { JsonPathSyntaxError, parseTemplate } from './jsonpath-parser.ts';
import type { Found, Step } from './jsonpath-steps.ts';
import { compileTemplate, execute, JsonPathFailure, newRun } from './jsonpath-steps.ts';

/** A parsed and compiled template. */
export interface Template {
  /** The template as given. */
  readonly text: string;
  readonly nodes: readonly TemplateNode[];
  /** One step for each node. */
  readonly program: readonly Step[];
}

export interface JsonPathOptions {
  /**
   * True if a key that is missing in the whole document prints nothing; otherwise it is an error.
   * kubectl's default is true.
   */
  readonly allowMissingKeys: boolean;
  /**
   * `json`: prints the results of each node as an indented JSON array, like `-o jsonpath-as-json`.
   * Default: `text`.
   */
  readonly as?: 'text' | 'json';
}

/**
 * Parses a template in kubectl's dialect, which differs from RFC 9535: `$` is the current value
 * like `@`, the first `]` ends a bracket, and `['a.b']` is a path of two keys.
 * @throws UsageError `BadJsonPath`
 * @see https://kubernetes.io/docs/reference/kubectl/jsonpath/
 */
export function parseJsonPath(text: string): Template {
  try {
    const nodes = parseTemplate(text);
    return { text, nodes, program: compileTemplate(nodes) };
  } catch (error) {
    if (!(error instanceof JsonPathSyntaxError)) throw error;
    throw new UsageError(`error parsing jsonpath ${text}, ${error.message}`, {
      code: 'BadJsonPath',
      hint: hintFor(text),
      cause: error,
    });
  }
}

const relaxedPattern = /^\{\.?([^{}]+)\}$|^\.?([^{}]+)$/;

/**
 * Parses a path as `--sort-by` and custom columns accept it: `metadata.name`, `.metadata.name`,
 * `{metadata.name}` and `{.metadata.name}` all mean the last. Empty text is an empty template,
 * which finds nothing.
 * @throws UsageError `BadJsonPath`
 */
export function parseRelaxedJsonPath(path: string): Template {
  if (path === '') return parseJsonPath('');
  const match = relaxedPattern.exec(path);
  if (match === null) {
    throw new UsageError(
      "unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'",
      { code: 'BadJsonPath', hint: `it is one path without text around it: ${path}` },
    );
  }
  return parseJsonPath(`{.${match[1] ?? match[2] ?? ''}}`);
}

/**
 * Returns what the template prints for a document, without a line end. Objects and lists are
 * compact JSON, and several results of one node are joined by a space.
 * @throws UsageError `JsonPathFailed` if the document does not fit (index out of bounds, comparison
 *   of different types)
 */
export function evaluateJsonPath(template: Template, root: Json, options: JsonPathOptions): string {
  const print = options.as === 'json' ? printAsJson : printAsText;
  let text = '';
  explainFailure(template, () =>
    execute(template.program, newRun(options.allowMissingKeys), 0, root, (found) => {
      text += print(found);
    }),
  );
  return text;
}

/**
 * Returns the output of {@link evaluateJsonPath} in pieces, so that the caller can let the event
 * loop run while long lists are formatted.
 * @throws UsageError `JsonPathFailed`, before the first piece
 */
export function* jsonPathPieces(
  template: Template,
  root: Json,
  options: JsonPathOptions,
): Generator<string, void, undefined> {
  const all: (readonly Found[])[] = [];
  explainFailure(template, () =>
    execute(template.program, newRun(options.allowMissingKeys), 0, root, (found) => {
      all.push(found);
    }),
  );
  for (const found of all) yield* options.as === 'json' ? asJsonPieces(found) : asTextPieces(found);
}

function* asTextPieces(found: readonly Found[]): Generator<string, void, undefined> {
  for (const [at, value] of found.entries()) {
    if (at > 0) yield ' ';
    // The list, its items, and each of them.
    if (typeof value === 'object' && value !== null) yield* jsonPieces(value, undefined, 2);
    else yield printFound(value);
  }
}

function* asJsonPieces(found: readonly Found[]): Generator<string, void, undefined> {
  yield* jsonPieces(
    found.map((value) => value ?? null),
    0,
    3,
  );
  yield '\n';
}

/**
 * Returns the results of the template, a list for each of its nodes (in a range: for each node and
 * iteration). Missing keys find nothing.
 * @throws UsageError `JsonPathFailed`
 */
export function findJsonPath(template: Template, root: Json): Json[][] {
  const all: Json[][] = [];
  explainFailure(template, () =>
    execute(template.program, newRun(true), 0, root, (found) => {
      all.push(found.map((value) => value ?? null));
    }),
  );
  return all;
}

/**
 * Returns the results of the template, and treats a document that does not fit as no result: an
 * index beyond the end of a list, a step into something other than a list, a comparison of
 * different types.
 * @throws UsageError `JsonPathFailed` for a template that can never be evaluated
 */
export function findLeniently(template: Template, root: Json): Json[][] {
  const all: Json[][] = [];
  explainFailure(template, () => {
    try {
      execute(template.program, { ...newRun(true), skipsMisfits: true }, 0, root, (found) => {
        all.push(found.map((value) => value ?? null));
      });
    } catch (error) {
      if (!(error instanceof JsonPathFailure) || error.isOfTemplate) throw error;
    }
  });
  return all;
}

/** Formats one result: strings unquoted, numbers as in Go, objects and lists as compact JSON. */
export function printFound(value: Found): string {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
    case 'bigint':
      return goNumber(value);
    case 'boolean':
      return String(value);
    case 'undefined':
      return '<no value>';
    default:
      return compactJson(value);
  }
}

/** Formats the results of one node as `-o jsonpath` does. */
export function printAsText(found: readonly Found[]): string {
  return found.length === 1 ? printFound(found[0]) : found.map(printFound).join(' ');
}

/** Formats the results of one node as `-o jsonpath-as-json` does. */
export function printAsJson(found: readonly Found[]): string {
  return `${prettyJson(found.map((value) => value ?? null))}\n`;
}

/**
 * Converts a failed evaluation to an error that names the template.
 * @throws UsageError `JsonPathFailed`
 */
export function explainFailure(template: Template, evaluate: () => void): void {
  try {
    evaluate();
  } catch (error) {
    if (!(error instanceof JsonPathFailure)) throw error;
    // kubectl adds a dump of the whole document, including secrets.
    throw new UsageError(
      `error executing jsonpath ${goQuote(template.text)}: Error executing template: ${error.message}`,
      { code: 'JsonPathFailed', cause: error },
    );
  }
}

/** Returns a hint for the most common limits of the dialect. */
function hintFor(text: string): string | undefined {
  if (text.includes('=~')) return 'jsonpath has no regular expressions; print JSON and filter it with jq';
  if (/&&|\|\|/.test(text))
    return 'a filter can contain only one comparison; print JSON and filter it with jq';
  return undefined;
}
