// Parts of a request: the accepted form, the options of its lists.

import { describe, expect, test } from 'vitest';
import { negotiate, patchTypeOf } from '../../../../src/sandbox/http/negotiation.ts';
import { decodeContinue, encodeContinue } from '../../../../src/sandbox/objects/list-options.ts';

describe('negotiation', () => {
  const form = (accept: string, query = ''): unknown => {
    const { format, as, pretty } = negotiate({ accept, userAgent: 'x', query: new URLSearchParams(query) }, [
      'Table',
    ]);
    return [format, as, pretty];
  };
  test.each([
    ['', ['json', undefined, false]],
    ['*/*', ['json', undefined, false]],
    ['application/yaml', ['yaml', undefined, false]],
    ['application/json;q=0.5,application/yaml', ['yaml', undefined, false]],
    ['application/json;as=Table;v=v1;g=meta.k8s.io,application/json', ['json', 'Table', false]],
    ['application/json;as=Table;v=v2;g=meta.k8s.io,application/json', ['json', undefined, false]],
    ['application/vnd.kubernetes.protobuf,application/json', ['json', undefined, false]],
    ['application/json;pretty=1', ['json', undefined, true]],
  ])('%s', (accept, expected) => {
    expect(form(accept)).toEqual(expected);
  });

  test('no acceptable form', () => {
    expect(() => form('text/csv')).toThrow('406: Not Acceptable');
    expect(() => form('application/json;as=Table;v=v2;g=meta.k8s.io')).toThrow('406: Not Acceptable');
  });

  test('the query asks for indentation, and forbids it', () => {
    expect(form('', 'pretty=true')).toEqual(['json', undefined, true]);
    const curl = { accept: '', userAgent: 'curl/8', query: new URLSearchParams('pretty=0') };
    expect(negotiate(curl).pretty).toBe(false);
  });

  test('patches', () => {
    expect(patchTypeOf('application/merge-patch+json; charset=utf-8', false)).toBe('merge');
    expect(() => patchTypeOf('application/json', false)).toThrow('415: Unsupported Media Type');
    expect(() => patchTypeOf('application/strategic-merge-patch+json', true)).toThrow(
      'the body of the request was in an unknown format',
    );
  });
});

test('continue tokens are the real ones', () => {
  const real = 'eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6Mzk2LCJzdGFydCI6Ii9jdXJsLXdpdGgtYW1iYXNzYWRvclx1MDAwMCJ9';
  expect(decodeContinue(real)).toEqual({ revision: 396, start: '/curl-with-ambassador\0' });
  expect(encodeContinue({ revision: 396, start: '/curl-with-ambassador\0' })).toBe(real);
  expect(() => decodeContinue('a b')).toThrow(
    'invalid continue token: continue key is not valid: illegal base64 data at input byte 1',
  );
});
