// How the values of --accept-* and --reject-* are read, or refused.
import { describe, expect, test } from 'vitest';
import { readRules, splitPatterns } from '../../../src/proxy/filters.ts';
import { judgeRequest } from '../../../src/proxy/rules.ts';
import { UsageError } from '../../../src/errors.ts';

const open = {
  acceptHosts: ['^localhost$'],
  acceptPaths: ['^.*'],
  rejectPaths: [''],
  rejectMethods: [''],
  allowWrites: true,
};

describe('splitPatterns', () => {
  test.each([
    ['', []],
    ['^/a', ['^/a']],
    ['^/a,^/b', ['^/a', '^/b']],
    ['^/[^/]{1,3}/x,^/b', ['^/[^/]{1,3}/x', '^/b']],
    ['^/x{2,},^/b', ['^/x{2,}', '^/b']],
    ['^/[a,b]/,c', ['^/[a,b]/', 'c']],
    ['^/[],a]/,c', ['^/[],a]/', 'c']],
    ['^/[^],a]/,c', ['^/[^],a]/', 'c']],
    ['[[:alpha:],]x,c', ['[[:alpha:],]x', 'c']],
    ['[\\],]x,c', ['[\\],]x', 'c']],
    ['(a,b),c', ['(a,b)', 'c']],
    ['(a(b,c),d),e', ['(a(b,c),d)', 'e']],
    ['\\(a,b\\)', ['\\(a', 'b\\)']],
    ['[(],a', ['[(]', 'a']],
    ['a\\,b,c', ['a\\,b', 'c']],
    ['\\Qa,b\\E,c', ['\\Qa,b\\E', 'c']],
    ['\\x{2c},c', ['\\x{2c}', 'c']],
    ['a,,b', ['a', '', 'b']],
    ['a,', ['a', '']],
  ])('%s', (text, expected) => {
    expect(splitPatterns(text)).toEqual(expected);
  });
});

describe('filters fail closed', () => {
  const list = '^/api/v1/namespaces/[^/]{1,3}/secrets';
  const refusedPath = (rejectPaths: readonly string[], path: string): boolean =>
    judgeRequest({ method: 'GET', path, wire: path, upgrade: undefined }, readRules({ ...open, rejectPaths }))
      ?.rule === '--reject-paths';

  test.each([
    [[list], '/api/v1/namespaces/dev/secrets'],
    [['^/version', '^/api/v1/nodes'], '/version'],
    [['^/version', '^/api/v1/nodes'], '/api/v1/nodes'],
    [['', '^/version'], '/version'],
    [['^$', '^/version'], '/version'],
    [['(?i)^/VERSION\\z'], '/version'],
    [['\\A/version'], '/version'],
    [['^/[[:lower:]]+$'], '/version'],
    [['\\Q/version\\E'], '/version'],
    [['^/(?P<it>version)$'], '/version'],
    // The server treats these as the same.
    [['^/api/v1/secrets$'], '/api/v1/secrets/'],
    [['^/api/v1/secrets$'], '/api/v1/watch/secrets'],
    [['^/api/v1/secrets$'], '/api/v1/watch/secrets/'],
    [['^/api/v1/namespaces/[^/]+/secrets/[^/]+$'], '/api/v1/watch/namespaces/a/secrets/b/'],
    [['^/apis/apps/v1/deployments$'], '/apis/apps/v1/watch/deployments'],
    [['/watch/'], '/api/v1/watch/pods'],
  ])('--reject-paths %j rejects %s', (rejectPaths, path) => {
    expect(refusedPath(rejectPaths, path)).toBe(true);
  });

  test.each([[['']], [['^$']]])('--reject-paths %j rejects nothing', (rejectPaths) => {
    expect(refusedPath(rejectPaths, '/')).toBe(false);
  });

  test.each(['^/api/v1/pods$', '^/api/v1/[^/]+$', '^/api/v1/watch/pods$'])(
    '--accept-paths %s does not accept a watch of pods in its old form',
    (pattern) => {
      const rules = readRules({ ...open, acceptPaths: [pattern] });
      const question = {
        method: 'GET',
        path: '/api/v1/watch/pods',
        wire: '/api/v1/watch/pods',
        upgrade: undefined,
      };
      expect(judgeRequest(question, rules)?.rule).toBe('--accept-paths');
    },
  );

  test.each([
    // Not in Go's dialect.
    '(?!x)',
    '(?<=x)',
    '\\1',
    '^/a(',
    '^/a)',
    '[a',
    '^/a{1001}',
    '\\Z',
    '^/api/v1/namespaces/[^/]{1',
    '3}/secrets',
    '^/a{,3}',
    '^/a{}',
    // Matches everything by mistake.
    '^/a,',
    ',^/a',
    '^/a,,^/b',
    ' ',
    '^/a, ^/b',
    // Can match no path.
    '^api/v1',
    '^https://',
    '/secrets\\?watch',
    '/a#b',
    '/a;b',
    '$^',
    '/secrets$^',
    '^/api%2fv1',
    'a\\\\b',
    '\\n',
  ])('%j is not an expression for a path', (pattern) => {
    expect(() => readRules({ ...open, rejectPaths: [pattern] })).toThrow(UsageError);
    expect(() => readRules({ ...open, rejectPaths: ['^/version', pattern] })).toThrow(UsageError);
    expect(() => readRules({ ...open, acceptPaths: [pattern] })).toThrow(UsageError);
  });

  test.each(['DELET', 'GET /api', '(', 'A{,2}', 'get,', '^delete/$'])(
    '%j is not an expression for a method',
    (pattern) => {
      const failing = (): unknown => readRules({ ...open, rejectMethods: [pattern] });
      if (pattern === 'DELET') expect(failing).not.toThrow();
      else expect(failing).toThrow(UsageError);
    },
  );

  test('the message has the flag, the expression, and the error of Go', () => {
    expect(() => readRules({ ...open, rejectPaths: ['^/a,(?!b)'] })).toThrow(
      'invalid expression "(?!b)" of --reject-paths: error parsing regexp: invalid or unsupported Perl syntax: `(?!`',
    );
  });
});
