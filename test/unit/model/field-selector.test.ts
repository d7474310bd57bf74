import { describe, expect, it } from 'vitest';
import {
  escapeFieldValue,
  fieldSelectorOfName,
  nameInFieldSelector,
  parseFieldTerms,
} from '../../../src/model/field-selector.ts';

/** Every text of up to three characters: those with a meaning in a selector, and one without. */
function texts(): string[] {
  const characters = ['a', '\\', ',', '=', '!'];
  const pairs = characters.flatMap((first) => characters.map((second) => first + second));
  return [...characters, ...pairs, ...pairs.flatMap((pair) => characters.map((third) => pair + third))];
}

describe('a value in a field selector', () => {
  it('is read as it was written, whatever it contains', () => {
    for (const text of texts()) {
      expect(nameInFieldSelector(fieldSelectorOfName(text))).toBe(text);
      expect(parseFieldTerms(`a=${escapeFieldValue(text)},b!=${escapeFieldValue(text)}`)).toEqual([
        { field: 'a', equal: true, value: text },
        { field: 'b', equal: false, value: text },
      ]);
    }
  });
});

describe('nameInFieldSelector', () => {
  it.each([
    ['status.phase=Running,metadata.name=a', 'a'],
    ['metadata.name==a', 'a'],
    ['metadata.name!=a', ''],
    ['metadata.namespace=a', ''],
    ['nonsense', ''],
    ['metadata.name=a=b', ''],
    ['metadata.name=a\\b', ''],
    ['', ''],
  ])('%s selects "%s"', (selector, name) => {
    expect(nameInFieldSelector(selector)).toBe(name);
  });
});
