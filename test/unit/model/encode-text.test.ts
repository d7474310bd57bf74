import { expect, it } from 'vitest';
import { encodeText } from '../../../src/model/resource.ts';

it.each([
  ['a/b?c', 'a%2Fb%3Fc'],
  ['😀', '%F0%9F%98%80'],
  ['\ud800', '%EF%BF%BD'],
  ['\udc00\ud83d', '%EF%BF%BD%EF%BF%BD'],
  ['\ud83d😀\udfff', '%EF%BF%BD%F0%9F%98%80%EF%BF%BD'],
])('encodeText(%j) is %s', (text, encoded) => {
  expect(encodeText(text)).toBe(encoded);
});
