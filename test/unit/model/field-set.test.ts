// The keys of managedFields and their paths.
import { expect, it } from 'vitest';
import { fieldPathsOf, parseElementKey } from '../../../src/model/field-set.ts';

it.each([
  ['f:spec', { kind: 'field', name: 'spec' }],
  ['f:a:b', { kind: 'field', name: 'a:b' }],
  ['k:{"name":"app"}', { kind: 'keys', keys: { name: 'app' } }],
  ['v:"x"', { kind: 'value', value: 'x' }],
  ['i:3', { kind: 'index', index: 3 }],
  ['.', { kind: 'self' }],
])('parses %s', (key, expected) => {
  expect(parseElementKey(key)).toEqual(expected);
});

it.each(['x', '', 'k:[]', 'k:{', 'v:', 'i:-1'])('does not read %j as a key', (key) => {
  expect(parseElementKey(key)).toBeUndefined();
});

it('writes the paths of the leaves', () => {
  expect(
    fieldPathsOf({
      'f:metadata': {
        'f:labels': { '.': {}, 'f:app': {}, 'f:example.com/x': {} },
        'f:finalizers': { 'v:"a"': {} },
      },
      'f:spec': { 'f:containers': { 'k:{"name":"app"}': { '.': {}, 'f:image': {}, 'f:args': {} } } },
    }),
  ).toEqual([
    'metadata.labels.app',
    'metadata.labels["example.com/x"]',
    'metadata.finalizers["a"]',
    'spec.containers[name=app].image',
    'spec.containers[name=app].args',
  ]);
});
