import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../src/model/object.ts';
import { selectorMatches } from '../../../../src/sandbox/types/selector.ts';

const labels = { app: 'web', tier: 'front' };
const one = (key: string, operator: string, ...values: string[]): JsonObject => ({
  matchExpressions: [{ key, operator, values }],
});

describe('selectorMatches', () => {
  it.each<[string, JsonObject | undefined, boolean]>([
    ['an empty selector', {}, true],
    ['an absent selector', undefined, false],
    ['equal labels', { matchLabels: { app: 'web' } }, true],
    ['another value', { matchLabels: { app: 'db' } }, false],
    ['In with the value', one('app', 'In', 'db', 'web'), true],
    ['In without the value', one('app', 'In', 'db'), false],
    ['In of an absent label', one('zone', 'In', 'a'), false],
    ['NotIn with the value', one('app', 'NotIn', 'web'), false],
    ['NotIn of an absent label', one('zone', 'NotIn', 'a'), true],
    ['Exists', one('tier', 'Exists'), true],
    ['Exists of an absent label', one('zone', 'Exists'), false],
    ['DoesNotExist', one('tier', 'DoesNotExist'), false],
    ['DoesNotExist of an absent label', one('zone', 'DoesNotExist'), true],
    ['the name of a property that every object has', one('constructor', 'Exists'), false],
    ['an unknown operator', one('app', 'Like', 'web'), false],
    [
      'labels and an expression that differs',
      { matchLabels: { app: 'web' }, ...one('tier', 'DoesNotExist') },
      false,
    ],
  ])('decides for %s', (_, selector, matches) => {
    expect(selectorMatches(selector, labels)).toBe(matches);
  });
});
