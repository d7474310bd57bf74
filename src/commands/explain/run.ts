// Runs kapi explain.

import { ServerError, UsageError } from '../../errors.ts';
import type { Json } from '../../model/object.ts';
import { arrayAt } from '../../model/object.ts';
import { suggested } from '../../model/suggestion.ts';
import { defaultOf, SchemaTooLarge, typeName, walkSchemas } from '../../model/schema.ts';
import type { Palette } from '../../output/colour.ts';
import { openPalette, withColours } from '../../output/colour.ts';
import { escapeControl } from '../../output/escape.ts';
import { printRows } from '../../output/rows.ts';
import { isStructured, printStructured } from '../../output/structured.ts';
import type { StructuredFormat } from '../../output/format.ts';
import type { Deps } from '../deps.ts';
import { namesakesText } from '../namesakes.ts';
import { findSubject, type FoundSubject } from './find-subject.ts';
import { pathOf, type ExplainOptions } from './options.ts';
import { plainText, type Subject } from './plain-text.ts';
import { resolvedSchema } from './resolved-schema.ts';
import { ownDescription, searchFields, sentenceWith, type PlacedField } from './walk-fields.ts';

/**
 * Prints the documentation.
 * @throws ServerError `SchemaTooLarge` if the schema has too many fields
 */
export async function runExplain(options: ExplainOptions, deps: Deps): Promise<void> {
  try {
    await explain(options, deps);
  } catch (error) {
    if (!(error instanceof SchemaTooLarge)) throw error;
    throw new ServerError(`cannot show all of ${pathOf(options.words)}: ${error.message}`, {
      code: 'SchemaTooLarge',
      hint: 'name a field of it, or show fewer levels: --depth 3',
      cause: error,
    });
  }
}

async function explain(options: ExplainOptions, deps: Deps): Promise<void> {
  const found = await findSubject(options, await deps.discovery(), await deps.openApi());
  const { subject } = found;
  const also = namesakesText(found.type, found.namesakes);
  if (also !== undefined) deps.warn(`hint: ${also}`);
  const { search, output, depth } = options;
  if (options.example) return printExample(found, options, deps);
  if (search !== undefined) return printFound(search, subject, options, deps);
  if (isStructured(output)) {
    return printStructured(
      deps.io.out,
      output,
      walkSchemas(() => resolvedSchema(subject.schema, subject.document, depth)),
    );
  }
  const text = escapeControl(walkSchemas(() => plainText(subject, options)));
  const palette = await openPalette(deps.io.out.color);
  return deps.io.out.write(palette === undefined ? text : withColours(palette, paintText(text, palette)));
}

/** @throws UsageError for a field: only a whole object can be created */
async function printExample(
  { subject, type }: FoundSubject,
  { words, output, apiVersion }: ExplainOptions,
  deps: Deps,
): Promise<void> {
  if (subject.field !== undefined) {
    throw new UsageError(`--example is for a type, and ${pathOf(words)} is a field`, {
      code: 'ConflictingFlags',
      hint: suggested('explain', words[0] ?? '', '--example'),
    });
  }
  const { exampleObject, exampleText } = await import('./example.ts');
  const { kind, schema, document } = subject;
  const input = { type: { ...type, ...apiVersion }, kind: kind.kind, schema, document };
  if (isStructured(output)) {
    return printStructured(
      deps.io.out,
      output,
      walkSchemas(() => exampleObject(input)),
    );
  }
  const { highlight } = await import('../../output/highlight.ts');
  const text = walkSchemas(() => exampleText(input));
  return deps.io.out.write(await highlight(text, 'yaml', deps.io.out.color));
}

async function printFound(
  word: string,
  subject: Subject,
  { words, output, depth }: ExplainOptions,
  deps: Deps,
): Promise<void> {
  const { schema, document } = subject;
  const found = walkSchemas(() => searchFields(schema, document, word, depth));
  if (isStructured(output)) return printFoundAsJson(found, output, subject, words, deps);
  if (found.length === 0) {
    deps.warn(`No fields of ${pathOf(words)} have ${JSON.stringify(word)} in their name or description.`);
    return;
  }
  return printRows(deps.io.out, {
    columns: ['FIELD', 'TYPE', 'DEFAULT', 'DESCRIPTION'],
    rows: found.map((field) => {
      const fallback = defaultOf(field.schema);
      return [
        pathOf([...words, ...field.path]),
        `${typeName(field.schema, document)}${field.required ? ' (required)' : ''}`,
        fallback === undefined ? '' : typeof fallback === 'string' ? fallback : JSON.stringify(fallback),
        sentenceWith(ownDescription(field.schema, document), word),
      ];
    }),
    noHeaders: false,
    boxed: false,
  });
}

function printFoundAsJson(
  found: readonly PlacedField[],
  format: StructuredFormat,
  { document }: Subject,
  words: readonly string[],
  deps: Deps,
): Promise<void> {
  const fields = found.map((field): Json => {
    const fallback = defaultOf(field.schema);
    const values = arrayAt(field.schema, 'enum');
    return {
      field: pathOf([...words, ...field.path]),
      type: typeName(field.schema, document),
      required: field.required,
      ...(fallback === undefined ? {} : { default: fallback }),
      ...(values.length === 0 ? {} : { enum: values }),
      description: ownDescription(field.schema, document).trim(),
    };
  });
  return printStructured(deps.io.out, format, { fields }, fields);
}

/** Colours the text without changing it: titles bold, names of fields coloured, types faint. */
function paintText(text: string, { header, key, faint, warning }: Palette): string {
  return text
    .split('\n')
    .map((line) => {
      const title = /^([A-Z][A-Z ]+:)(.*)$/.exec(line);
      if (title !== null) return `${header(title[1] ?? '')}${title[2] ?? ''}`;
      const field = /^( +)([^\t ][^\t]*)\t(<[^\t]*>)( -required-)?(.*)$/s.exec(line);
      if (field === null) return line;
      const [, pad = '', name = '', type = '', required = '', rest = ''] = field;
      return `${pad}${key(name)}\t${faint(type)}${required === '' ? '' : warning(required)}${rest}`;
    })
    .join('\n');
}
