// Parses the value of `-o`. Entry point: parseOutputFormat. The caller reads files that a value
// names.

import { UsageError } from '../errors.ts';
import type { OutputFormat } from './format.ts';
import { goQuote } from '../model/go-quote.ts';
import { nearest } from '../model/nearest.ts';
import { contentIn } from '../model/path-value.ts';
import { suggested } from '../model/suggestion.ts';

/** Every form of `-o`, without the text after `=`. */
export type FormatName =
  | 'csv'
  | 'custom-columns'
  | 'custom-columns-file'
  | 'json'
  | 'jsonpath'
  | 'jsonpath-as-json'
  | 'jsonpath-file'
  | 'kyaml'
  | 'name'
  | 'ndjson'
  | 'table'
  | 'wide'
  | 'yaml';

/** All forms, for commands that print objects. */
export const objectFormats: readonly FormatName[] = [
  'csv',
  'custom-columns',
  'custom-columns-file',
  'json',
  'jsonpath',
  'jsonpath-as-json',
  'jsonpath-file',
  'kyaml',
  'name',
  'ndjson',
  'table',
  'wide',
  'yaml',
];

/** A complete format, or one whose template is in a file. */
export type ParsedFormat =
  | { readonly kind: 'format'; readonly format: OutputFormat }
  | {
      readonly kind: 'file';
      readonly path: string;
      /** Returns the format for the content of the file. */
      readonly complete: (text: string) => OutputFormat;
    };

/**
 * Parses a value of `-o`: `wide`, `jsonpath={.metadata.name}`,
 * `custom-columns=NAME:.metadata.name`, …
 * @param allowed the formats of the command
 * @throws UsageError `BadOutputFormat` with the allowed formats, or if the template is missing
 */
export function parseOutputFormat(text: string, allowed: readonly FormatName[]): ParsedFormat {
  const equals = text.indexOf('=');
  const word = equals < 0 ? text : text.slice(0, equals);
  const value = equals < 0 ? '' : text.slice(equals + 1);
  // kubectl accepts formats without a template in upper and lower case.
  const wanted = equals < 0 && !takesValue.has(word as FormatName) ? word.toLowerCase() : word;
  const name = allowed.find((one) => one === wanted);
  if (name === undefined || (equals >= 0 && !takesValue.has(name))) {
    const names = [...allowed].sort().join(',');
    // `go-template-file=` takes a path in kubectl: its content is not repeated.
    const isContent = word.endsWith('file') && contentIn(value) !== undefined;
    const shown = isContent ? `${word}=…` : text;
    throw new UsageError(
      `unable to match a printer suitable for the output format ${goQuote(shown)}, allowed formats are: ${names}`,
      { code: 'BadOutputFormat', hint: meant(word, allowed) },
    );
  }
  if (value === '' && takesValue.has(name)) throw missingTemplate(name);
  return parseKnown(name, value);
}

function meant(word: string, allowed: readonly FormatName[]): string | undefined {
  if (/^(?:go-)?template(?:-?file)?$/.test(word)) {
    return `kapi has no Go templates: jsonpath=… and custom-columns=… take values out; ${suggested('help', 'jsonpath')} shows how`;
  }
  const near = nearest(word, allowed);
  return near.length > 0 ? `did you mean -o ${near.join(' or -o ')}?` : undefined;
}

const takesValue: ReadonlySet<FormatName> = new Set<FormatName>([
  'custom-columns',
  'custom-columns-file',
  'jsonpath',
  'jsonpath-as-json',
  'jsonpath-file',
]);

function parseKnown(name: FormatName, value: string): ParsedFormat {
  switch (name) {
    case 'table':
    case 'wide':
      return { kind: 'format', format: { kind: 'table', wide: name === 'wide' } };
    case 'json':
    case 'yaml':
    case 'ndjson':
    case 'kyaml':
    case 'csv':
    case 'name':
      return { kind: 'format', format: { kind: name } };
    case 'jsonpath':
    case 'jsonpath-as-json':
      return { kind: 'format', format: { kind: name, template: value } };
    case 'custom-columns':
      return { kind: 'format', format: { kind: name, spec: value, source: 'spec' } };
    case 'jsonpath-file':
      return { kind: 'file', path: value, complete: (text) => ({ kind: 'jsonpath', template: text }) };
    case 'custom-columns-file':
      return {
        kind: 'file',
        path: value,
        complete: (text) => ({ kind: 'custom-columns', spec: text, source: 'file' }),
      };
  }
}

function missingTemplate(name: FormatName): UsageError {
  return name.startsWith('custom-columns')
    ? new UsageError('custom-columns format specified but no custom columns given', {
        code: 'BadOutputFormat',
        hint: 'for example: -o custom-columns=NAME:.metadata.name,NODE:.spec.nodeName',
      })
    : new UsageError('template format specified but no template given', {
        code: 'BadOutputFormat',
        hint: `for example: -o ${name}='{.metadata.name}'`.replace(
          "jsonpath-file='{.metadata.name}'",
          'jsonpath-file=FILE',
        ),
      });
}
