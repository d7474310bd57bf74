import { describe, expect, it } from 'vitest';
import { lookupOf, plainWord, splitCommand, tokensOf, verbosityOf } from '../../../src/cli/argv.ts';
import type { FlagSpec } from '../../../src/commands/spec.ts';
import { UsageError } from '../../../src/errors.ts';

const flags: readonly FlagSpec[] = [
  { name: 'namespace', short: 'n', value: 'NS', description: '' },
  { name: 'output', short: 'o', value: 'FORMAT', description: '' },
  { name: 'all-namespaces', short: 'A', description: '' },
  { name: 'no-headers', description: '' },
  { name: 'namespaced', value: 'BOOL', optionalValue: true, description: '' },
  { name: 'certificate-authority', aliases: ['cacert'], value: 'FILE', description: '' },
  { name: 'verbose', short: 'v', description: '' },
];
const lookup = lookupOf(flags);
/** The tokens of a line in the plain form, and the arguments. */
const plain = (line: string): string =>
  tokensOf(line.split(' '), lookup)
    .map((token) => (token.kind === 'flag' ? plainWord(token) : token.word))
    .join(' ');

describe('tokensOf', () => {
  it.each([
    ['pods -n dev', 'pods --namespace=dev'],
    ['pods -n=dev', 'pods --namespace=dev'],
    ['pods -ndev', 'pods --namespace=dev'],
    ['pods -An dev', 'pods --all-namespaces --namespace=dev'],
    ['pods -An=dev', 'pods --all-namespaces --namespace=dev'],
    ['pods -Andev', 'pods --all-namespaces --namespace=dev'],
    ['pods --namespace=dev', 'pods --namespace=dev'],
    ['pods --namespace dev', 'pods --namespace=dev'],
    ['pods --namespace', 'pods --namespace'],
    ['pods -n', 'pods --namespace'],
    ['--cacert ca.crt', '--cacert=ca.crt'],
    ['pods --no-headers=true', 'pods --no-headers'],
    ['pods --no-headers=false x', 'pods --no-headers:false x'],
    ['pods -A=false', 'pods --all-namespaces:false'],
    ['--namespaced batch', '--namespaced=true batch'],
    ['--namespaced=false batch', '--namespaced=false batch'],
    ['-o -n=x', '--output=-n=x'],
    ['-n -- x', '--namespace=-- x'],
    ['pods - x', 'pods - x'],
    ['pods -- -n=dev -- x', 'pods -- -n=dev -- x'],
    ['--unknown=x -y=z', '--unknown=x -y=z'],
    ['-Ayn dev', '--all-namespaces -yn dev'],
  ])('reads %s as %s', (line, words) => {
    expect(plain(line)).toBe(words);
  });

  it.each([
    ['-n dev -An=x -- -y', [0, 2, 2, 3, 4]],
    ['--cacert', [0]],
    ['-v 6 -v pods', [0, 2, 3]],
  ])('says where the tokens of %s are, without a gap', (line, from) => {
    const tokens = tokensOf(line.split(' '), lookup);
    expect(tokens.map((token) => token.from)).toEqual(from);
    expect(tokens.at(-1)?.to).toBe(line.split(' ').length);
  });

  it('marks a flag at the end that still needs its value', () => {
    const isOpen = (line: string): boolean =>
      tokensOf(line.split(' '), lookup).some((token) => token.kind === 'flag' && token.isOpen);
    for (const line of ['-n', '-An', '--namespace', '--cacert']) expect(isOpen(line), line).toBe(true);
    for (const line of ['-n=', '--namespace=', '-A', '--namespaced', '-v'])
      expect(isOpen(line), line).toBe(false);
  });
});

describe('verbosityOf', () => {
  it.each([
    ['pods', 0],
    ['-v pods', 1],
    ['-vv pods', 2],
    ['-v -v pods', 2],
    ['--verbose pods', 1],
    ['-v=6 pods', 1],
    ['-v6 pods', 1],
    ['-v 8 pods', 2],
    ['--v=9 pods', 2],
    ['-v=0 pods', 0],
    ['pods -v', 1],
  ])('%s sets verbosity %i and keeps the type', (line, verbose) => {
    const tokens = tokensOf(line.split(' '), lookup);
    expect(verbosityOf(tokens)).toBe(verbose);
    expect(tokens.flatMap((token) => (token.kind === 'operand' ? [token.word] : []))).toEqual(['pods']);
  });

  it('refuses a level that is not a number', () => {
    expect(() => verbosityOf(tokensOf(['-v=much'], lookup))).toThrow(UsageError);
  });
});

describe('plainWord', () => {
  it('refuses a switch with a value that is neither true nor false', () => {
    expect(() => plain('--no-headers=maybe')).toThrow(UsageError);
  });
});

describe('splitCommand', () => {
  it.each([
    ['list pods', 'list'],
    ['-n dev list pods', 'list'],
    ['-n=dev list', 'list'],
    ['-A list', 'list'],
    ['-Zn dev list', 'list'],
    ['-Z=x list', 'list'],
    ['--cacert list get', 'get'],
    ['--namespace=x list', 'list'],
    ['-v list', 'list'],
    ['-v 6 list', 'list'],
    ['-A', undefined],
    ['-- list', undefined],
  ])('%s names %s', (line, name) => {
    expect(splitCommand(line.split(' '), lookup).name).toBe(name);
  });
});
