// Formats the documentation of a type or field. Entry point: plainText(), a pure function. Byte for
// byte like kubectl, where kubectl prints the same.

import type { Json, JsonObject } from '../../model/object.ts';
import { arrayAt, objectAt, stringAt } from '../../model/object.ts';
import {
  defaultOf,
  descriptionOf,
  fieldsOf,
  resolveRef,
  typeName,
  type Field,
  type SchemaDocument,
  type SchemaKind,
} from '../../model/schema.ts';
import { wordWrap } from './word-wrap.ts';

/** A type, or a field of it, to explain. */
export interface Subject {
  readonly kind: SchemaKind;
  readonly document: SchemaDocument;
  /** As in the document, not resolved. */
  readonly schema: JsonObject;
  /** Name of the field. Undefined for the type itself. */
  readonly field: string | undefined;
}

export interface TextOptions {
  /** True for fields of fields, without descriptions. */
  readonly recursive: boolean;
  /**
   * Levels of fields, with their defaults. Undefined: all levels, without defaults as in kubectl.
   */
  readonly depth: number | undefined;
}

/** Formats a subject. */
export function plainText(subject: Subject, options: TextOptions): string {
  const { kind, document, schema, field } = subject;
  const resolved = resolveRef(schema, document);
  const description = descriptionOf(resolved, document) || '<empty>';
  const fields = options.recursive
    ? nestedFields(resolved, document, options.depth)
    : fieldsOf(resolved, document).map((one) => describedField(one, document));
  return [
    kind.group === '' ? '' : `GROUP:      ${kind.group}\n`,
    `KIND:       ${kind.kind}\nVERSION:    ${kind.version}\n\n`,
    field === undefined ? '' : `FIELD: ${field} <${typeName(schema, document)}>\n${longEnum(schema)}\n\n`,
    `DESCRIPTION:\n${indented(4, wordWrap(description, 76))}\n`,
    externalDocs(resolved, 0, '\n'),
    fields.length === 0 ? '' : `FIELDS:\n${fields.join('')}`,
    '\n',
  ].join('');
}

/** Formats fields level by level, until a reference is cyclic. */
function nestedFields(
  schema: JsonObject,
  document: SchemaDocument,
  depth = Infinity,
  level = 1,
  seen?: ReadonlySet<string>,
): string[] {
  if (level > depth) return [];
  return fieldsOf(schema, document, seen).flatMap((field) => [
    fieldLine(field, document, level * 2, depth !== Infinity),
    ...nestedFields(field.schema, document, depth, level + 1, field.seen),
  ]);
}

function describedField(field: Field, document: SchemaDocument): string {
  const description = stringAt(field.schema, 'description') || '<no description>';
  return [
    fieldLine(field, document, 2, false),
    `${indented(4, wordWrap(description, 76))}\n`,
    externalDocs(field.schema, 2, '\n'),
    '\n',
  ].join('');
}

function fieldLine(
  { name, schema, required }: Field,
  document: SchemaDocument,
  indent: number,
  withDefault: boolean,
): string {
  const pad = ' '.repeat(indent);
  // The default of a required field is Go's zero value, and means nothing.
  const fallback = withDefault && !required ? defaultOf(schema) : undefined;
  const marks = `${required ? ' -required-' : ''}${fallback === undefined ? '' : ` default: ${elementText(fallback)}`}`;
  return `${pad}${name}\t<${typeName(schema, document)}>${marks}${shortEnum(schema, pad)}\n`;
}

function longEnum(schema: JsonObject): string {
  const values = arrayAt(schema, 'enum');
  return values.length === 0 ? '' : `ENUM:${values.map((value) => `\n    ${elementText(value)}`).join('')}`;
}

/** Formats the first four values. */
function shortEnum(schema: JsonObject, pad: string): string {
  const values = arrayAt(schema, 'enum');
  if (values.length === 0) return '';
  const shown = values.slice(0, 4).map(elementText).join(', ');
  return `\n${pad}enum: ${shown}${values.length > 4 ? ', ....' : ''}`;
}

function elementText(value: Json): string {
  // A value with a line break would look like another line of the documentation.
  if (typeof value === 'string') return value === '' || /\p{Cc}/u.test(value) ? JSON.stringify(value) : value;
  if (typeof value === 'bigint') return String(value);
  return JSON.stringify(value);
}

/**
 * Formats external documentation. kubectl shows it from 1.36 on; Kubernetes' own types have none.
 */
function externalDocs(schema: JsonObject, indent: number, before: string): string {
  const docs = objectAt(schema, 'externalDocs');
  const description = stringAt(docs, 'description');
  const url = stringAt(docs, 'url');
  if (description === '' && url === '') return '';
  return [
    `${before}${' '.repeat(indent === 0 ? 0 : indent + 2)}EXTERNAL DOCS:\n`,
    description === '' ? '' : `${indented(indent + 4, wordWrap(description, 76 - indent))}\n`,
    url === '' ? '' : `${' '.repeat(indent + 4)}URL: ${url}\n`,
  ].join('');
}

/** Indents every line, including empty ones. */
function indented(by: number, text: string): string {
  const pad = ' '.repeat(by);
  return pad + text.replaceAll('\n', `\n${pad}`);
}
