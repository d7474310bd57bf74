import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { BodyBuffer } from '../../../src/api/body-buffer.ts';
import { JsonSyntaxError, parseJson } from '../../../src/api/exact-json.ts';
import { LongJson } from '../../../src/api/long-json.ts';
import { ManagedFieldsCutter } from '../../../src/api/managed-fields.ts';
import type { Json } from '../../../src/model/object.ts';

function inPieces(text: string, size: number): Json {
  const bytes = Buffer.from(text);
  const long = new LongJson(new BodyBuffer());
  for (let at = 0; at < bytes.length; at += size) long.push(bytes.subarray(at, at + size));
  return long.end();
}

function failureOf(text: string, size: number): JsonSyntaxError {
  try {
    inPieces(text, size);
  } catch (error) {
    if (error instanceof JsonSyntaxError) return error;
    throw error;
  }
  throw new Error('it was taken for JSON');
}

/** The length and the hash of a value's JSON. */
function digestOf(value: Json): { readonly length: number; readonly hash: string } {
  const text = JSON.stringify(value);
  return { length: text.length, hash: createHash('sha256').update(text).digest('hex') };
}

const megabyte = 'x'.repeat(1_100_000);

describe('LongJson', () => {
  it.each([
    '{}',
    '{"items":[]}',
    '{"kind":"List","items":[{"a":[1,[2]],"b":"],[\\"}"},null,3],"metadata":{"continue":"x"}}',
    '{"a":[1],"1":[2],"b":{"c":[3]},"a":[4,5]}',
    '{"n":[12345678901234567890, -1.5e3, true]} ',
    '[[1,2],[3]]',
    ' "text"',
    '{"ü":["é","\\u00e9"],"__proto__":[1]}',
  ])('returns what the plain parser returns: %s', (text) => {
    for (const size of [1, 2, 3, 7, 1_000]) expect(inPieces(text, size)).toEqual(parseJson(text));
  });

  it('returns the same across batches', () => {
    const text = JSON.stringify({ rows: Array.from({ length: 8 }, (_, at) => [at, megabyte]), end: [1, 2] });
    // Compared as text by length and hash: toEqual takes seconds for strings of this size.
    for (const size of [65_536, 10_000_000])
      expect(digestOf(inPieces(text, size))).toEqual(digestOf(JSON.parse(text) as Json));
  });

  it.each([
    ['{"items":[1,2', true],
    ['{"items":[1,"2', true],
    ['{"items":[1]', true],
    ['{"items":[1,]}', false],
    ['{"items":[1 2]}', false],
    ['{"items":[1}', false],
    [`{"items":["${megabyte}",]}`, false],
    [`{"items":["${megabyte}",,1]}`, false],
    ['{"items":[1]}}', false],
    ['{"items":[1]} x', false],
  ])('rejects everything that is not JSON', (text, truncated) => {
    for (const size of [1_000, 3_000_000]) expect(failureOf(text, size).truncated).toBe(truncated);
  });

  it('says where parsing failed', () => {
    expect(failureOf('{"items":[1,2', 100).message).toBe('breaks off after 13 bytes');
    expect(failureOf(`{"a":["${megabyte}",x]}`, 3_000_000).message).toBe(
      'unexpected "x" in an element near byte 1100008',
    );
  });
});

describe('LongJson, taken while it arrives', () => {
  /** Returns the values that are complete after each piece, and the rest. */
  function taken(text: string, size: number, cutter?: ManagedFieldsCutter): { parts: Json[]; end: Json } {
    const bytes = Buffer.from(text);
    const long = new LongJson(new BodyBuffer(), { batchBytes: 20, cutter });
    const parts: Json[] = [];
    for (let at = 0; at < bytes.length; at += size) {
      long.push(bytes.subarray(at, at + size));
      const part = long.take();
      if (part !== undefined) parts.push(part);
    }
    return { parts, end: long.end() };
  }

  const sizes = [1, 2, 3, 7, 30, 100, 1_000];

  it.each(['rows', 'items'])('gives every element of %s once, in order, with all around them', (member) => {
    const elements = Array.from({ length: 40 }, (_, at) => ({ name: `"é],${at}`, in: [[at]] }));
    const around = { kind: 'List', metadata: { continue: 'x' }, columnDefinitions: [{ name: 'a' }, 'b'] };
    for (const size of sizes) {
      const { parts, end } = taken(JSON.stringify({ ...around, [member]: elements }), size);
      expect(parts.length).toBeGreaterThan(size < 1_000 ? 2 : 0);
      for (const part of [...parts, end]) expect(part).toMatchObject(around);
      const all = [...parts, end].flatMap((part) => (part as Record<string, Json[]>)[member] ?? ['none']);
      expect(all).toEqual(elements);
    }
  });

  it('returns at the end what follows the elements', () => {
    const items = Array.from({ length: 40 }, (_, at) => at * 1_000);
    const { parts, end } = taken(JSON.stringify({ apiVersion: 'v1', items, kind: 'TreeList' }), 7);
    expect(parts[0]).toEqual({ apiVersion: 'v1', items: expect.any(Array) as unknown });
    expect(end).toMatchObject({ apiVersion: 'v1', kind: 'TreeList' });
    expect([...parts, end].flatMap((part) => (part as { items: Json[] }).items)).toEqual(items);
  });

  it('takes nothing of other arrays, of deeper members with the same name, and of values that are not objects', () => {
    const numbers = Array.from({ length: 40 }, (_, at) => at);
    for (const value of [{ causes: numbers }, { metadata: { items: numbers } }, [{ items: numbers }]]) {
      expect(taken(JSON.stringify(value), 7)).toEqual({ parts: [], end: value });
    }
  });

  it('leaves out what is cut out, wherever the pieces begin', () => {
    const row = (at: number, managedFields?: object[]): object => ({
      cells: [`p${at}`],
      object: { metadata: { name: `p${at}`, managedFields } },
    });
    const rows = Array.from({ length: 30 }, (_, at) => row(at, [{ f: { 'k:{"a":"]"}': at } }]));
    const text = JSON.stringify({ kind: 'Table', rows });
    for (let size = 1; size < 200; size++) {
      const { parts, end } = taken(text, size, new ManagedFieldsCutter());
      const all = [...parts, end].flatMap((part) => (part as { rows: Json[] }).rows);
      expect(JSON.stringify(all), `in pieces of ${size}`).toBe(JSON.stringify(rows.map((_, at) => row(at))));
    }
  });

  it('reports the offset at which it breaks off, counted from the first byte', () => {
    const text = '{"rows":[{"a":1,"managedFields":[{"b":2}]},{"managedFields":[{"c';
    expect(() => taken(text, 7, new ManagedFieldsCutter())).toThrow(`breaks off after ${text.length} bytes`);
    expect(() => taken(`{"rows":[${'"a",'.repeat(100)}`, 7)).toThrow('breaks off after 409 bytes');
  });
});
