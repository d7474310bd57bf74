import { expect, it } from 'vitest';
import { treeLines } from '../../../src/output/tree.ts';

it('places paths below their prefixes, in the given order', () => {
  expect(
    treeLines([
      '/.well-known/openid-configuration',
      '/api',
      '/api/v1',
      '/apis',
      '/apis/',
      '/apis/apps',
      '/apis/apps/v1',
      '/apis/batch',
      '/healthz',
      '/healthz/poststarthook/a',
      '/healthz/poststarthook/b',
      '/healthz/ping',
      '/openapi/v2',
      '/openapi/v3',
      '/openapi/v3/',
    ]),
  ).toEqual([
    '/.well-known/openid-configuration',
    '/api',
    '└── v1',
    '/apis',
    '├── apps',
    '│   └── v1',
    '└── batch',
    '/healthz',
    '├── poststarthook/',
    '│   ├── a',
    '│   └── b',
    '└── ping',
    '/openapi/',
    '├── v2',
    '└── v3',
  ]);
});

it('shows the root if it is listed, and escapes', () => {
  expect(treeLines(['/', '/a\u001b'])).toEqual(['/', '/a^[']);
  expect(treeLines([])).toEqual([]);
});
