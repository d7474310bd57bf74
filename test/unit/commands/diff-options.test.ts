import { expect, test } from 'vitest';
import { parseDiffOptions } from '../../../src/commands/diff/options.ts';
import { UsageError } from '../../../src/errors.ts';

test.each([[[]], [['pods']], [['deploy', 'web']]])('%j alone does not say what to compare', (words) => {
  const parse = (): unknown => parseDiffOptions(words, {});
  expect(parse).toThrow(UsageError);
  expect(parse).toThrow('kapi diff needs -f FILE, --contexts A,B or --at MOMENT');
});

test.each([
  [[], { filename: ['a.yaml'] }, 'files'],
  [['pods'], { at: ['5m'] }, 'moments'],
  [['pods'], { contexts: 'a,b' }, 'contexts'],
] as const)('%j with %j compares %s', (words, flags, kind) => {
  expect(parseDiffOptions(words, flags).subject.kind).toBe(kind);
});
