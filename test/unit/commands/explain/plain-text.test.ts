import { describe, expect, it } from 'vitest';
import { plainText, type Subject } from '../../../../src/commands/explain/plain-text.ts';
import type { JsonObject } from '../../../../src/model/object.ts';

const ref = (name: string): JsonObject => ({ $ref: `#/components/schemas/${name}` });

const spec: JsonObject = {
  type: 'object',
  description: 'Spec says what is wanted.',
  required: ['size'],
  properties: {
    size: { type: 'integer', description: 'How big.', default: 3 },
    mode: { type: 'string', enum: ['', 'A', 'B', 'C', 'D'], default: 'A' },
    inner: { ...ref('test.Spec'), description: 'The same again.' },
    docs: { type: 'string', externalDocs: { description: 'All of it', url: 'https://docs.test/' } },
  },
};
const subject: Subject = {
  kind: { group: 'kapi.test', version: 'v1', kind: 'Widget' },
  document: { schemas: { 'test.Spec': spec }, kinds: {} },
  schema: { default: {}, allOf: [ref('test.Spec')] },
  field: 'spec',
};
const short = { recursive: false, depth: undefined };

describe('plainText', () => {
  it('lays out a field as kubectl does', () => {
    expect(plainText(subject, short)).toBe(`GROUP:      kapi.test
KIND:       Widget
VERSION:    v1

FIELD: spec <Spec>


DESCRIPTION:
    Spec says what is wanted.
    
FIELDS:
  docs	<string>
    <no description>

    EXTERNAL DOCS:
      All of it
      URL: https://docs.test/

  inner	<Spec>
    The same again.

  mode	<string>
  enum: "", A, B, C, ....
    <no description>

  size	<integer> -required-
    How big.


`);
  });

  it('lays out a type of the core group, and says if there is no description', () => {
    const text = plainText(
      {
        ...subject,
        kind: { group: '', version: 'v1', kind: 'Thing' },
        schema: { type: 'object' },
        field: undefined,
      },
      short,
    );
    expect(text).toBe('KIND:       Thing\nVERSION:    v1\n\nDESCRIPTION:\n    <empty>\n\n');
  });

  it('lists all values of the requested enum', () => {
    const schema = { type: 'string', enum: ['', 'A', 1, true] };
    expect(plainText({ ...subject, schema, field: 'mode' }, short)).toContain(
      'FIELD: mode <string>\nENUM:\n    ""\n    A\n    1\n    true\n\nDESCRIPTION:\n    <empty>\n',
    );
  });

  it('descends until a type contains itself', () => {
    const text = plainText({ ...subject, schema: ref('test.Spec') }, { recursive: true, depth: undefined });
    expect(text.slice(text.indexOf('FIELDS:'))).toBe(`FIELDS:
  docs	<string>
  inner	<Spec>
    docs	<string>
    inner	<Spec>
    mode	<string>
    enum: "", A, B, C, ....
    size	<integer> -required-
  mode	<string>
  enum: "", A, B, C, ....
  size	<integer> -required-

`);
  });

  it('descends the number of levels of --depth, and shows defaults', () => {
    const text = plainText(subject, { recursive: true, depth: 1 });
    expect(text.slice(text.indexOf('FIELDS:'))).toBe(`FIELDS:
  docs	<string>
  inner	<Spec>
  mode	<string> default: A
  enum: "", A, B, C, ....
  size	<integer> -required-

`);
  });
});
