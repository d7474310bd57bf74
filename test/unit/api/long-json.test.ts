import { describe, expect, it } from 'vitest';
import { JsonSyntaxError, parseJson } from '../../../src/api/exact-json.ts';
import { LongJson } from '../../../src/api/long-json.ts';
import type { Json } from '../../../src/model/object.ts';

function inPieces(text: string, size: number): Json {
  const bytes = Buffer.from(text);
  const long = new LongJson();
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
  ])('gives what the plain parser gives: %s', (text) => {
    for (const size of [1, 2, 3, 7, 1_000]) expect(inPieces(text, size)).toEqual(parseJson(text));
  });

  it('gives the same across batches', () => {
    const text = JSON.stringify({ rows: Array.from({ length: 8 }, (_, at) => [at, megabyte]), end: [1, 2] });
    expect(inPieces(text, 65_536)).toEqual(JSON.parse(text));
    expect(inPieces(text, 10_000_000)).toEqual(JSON.parse(text));
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
  ])('takes nothing for JSON that is none', (text, truncated) => {
    for (const size of [1_000, 3_000_000]) expect(failureOf(text, size).truncated).toBe(truncated);
  });

  it('says where', () => {
    expect(failureOf('{"items":[1,2', 100).message).toBe('breaks off after 13 bytes');
    expect(failureOf(`{"a":["${megabyte}",x]}`, 3_000_000).message).toBe(
      'unexpected "x" in an element near byte 0',
    );
  });
});
