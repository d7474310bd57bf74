// Walks all fields below a schema, at any depth. Entry points: walkFields(), searchFields(),
// sentenceWith(). Pure.

import type { JsonObject } from '../../model/object.ts';
import { stringAt } from '../../model/object.ts';
import { descriptionOf, fieldsOf, type SchemaDocument } from '../../model/schema.ts';

/** A field with its path. */
export interface PlacedField {
  /** Path from the start of the walk, including its own name. */
  readonly path: readonly string[];
  readonly schema: JsonObject;
  readonly required: boolean;
}

/** Walks depth first, in the order of the names. Does not follow a cyclic reference again. */
export function* walkFields(
  schema: JsonObject,
  document: SchemaDocument,
  depth = Infinity,
  path: readonly string[] = [],
  seen?: ReadonlySet<string>,
): Generator<PlacedField> {
  if (path.length >= depth) return;
  for (const field of fieldsOf(schema, document, seen)) {
    const here = [...path, field.name];
    yield { path: here, schema: field.schema, required: field.required };
    yield* walkFields(field.schema, document, depth, here, field.seen);
  }
}

/** Returns fields whose name or description contains the word, ignoring case. */
export function searchFields(
  schema: JsonObject,
  document: SchemaDocument,
  word: string,
  depth?: number,
): PlacedField[] {
  const wanted = word.toLowerCase();
  return [...walkFields(schema, document, depth)].filter(
    ({ path, schema: field }) =>
      path.at(-1)?.toLowerCase().includes(wanted) === true ||
      ownDescription(field, document).toLowerCase().includes(wanted),
  );
}

/** Returns the description of the field itself, or that of its type if there is none. */
export function ownDescription(schema: JsonObject, document: SchemaDocument): string {
  const own = stringAt(schema, 'description');
  return own === '' ? descriptionOf(schema, document) : own;
}

const maxSentenceLength = 160;

/** Returns the first sentence that contains the word, else the first one, on one line. */
export function sentenceWith(text: string, word: string): string {
  const sentences = text
    .replaceAll(/\s+/g, ' ')
    .trim()
    .split(/(?<=[.!?]) (?=[A-Z"'`])/);
  const wanted = word.toLowerCase();
  const sentence = sentences.find((one) => one.toLowerCase().includes(wanted)) ?? sentences[0] ?? '';
  if (sentence.length <= maxSentenceLength) return sentence;
  const at = Math.max(0, sentence.toLowerCase().indexOf(wanted));
  const start = Math.max(0, Math.min(at - 40, sentence.length - maxSentenceLength));
  const end = start + maxSentenceLength;
  return `${start > 0 ? '…' : ''}${sentence.slice(start, end).trim()}${end < sentence.length ? '…' : ''}`;
}
