import { describe, expect, it } from 'vitest';
import { pathSegmentProblem } from '../../../src/model/path-segment.ts';

describe('pathSegmentProblem', () => {
  it.each([
    ['.', "may not be '.'"],
    ['..', "may not be '..'"],
    ['a/b', "may not contain '/'"],
    ['a%2Fb', "may not contain '%'"],
    ['%/', "may not contain '/', may not contain '%'"],
  ])('%s: %s', (name, problem) => {
    expect(pathSegmentProblem(name)).toBe(problem);
  });

  it.each(['a', 'a.b', '...', '.a', 'system:node', 'cn=admins,ou=groups', ' ', 'ü', '\\'])(
    '"%s" is fine',
    (name) => {
      expect(pathSegmentProblem(name)).toBeUndefined();
    },
  );
});
