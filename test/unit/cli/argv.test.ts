import { describe, expect, it } from 'vitest';
import { lookupOf, normaliseWords, splitCommand } from '../../../src/cli/argv.ts';
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
const normalise = (line: string): string => normaliseWords(line.split(' '), lookup).words.join(' ');

describe('normaliseWords', () => {
  it.each([
    ['pods -n dev', 'pods -n dev'],
    ['pods -n=dev', 'pods -n dev'],
    ['pods -ndev', 'pods -ndev'],
    ['pods -An dev', 'pods -An dev'],
    ['pods --namespace=dev', 'pods --namespace=dev'],
    ['pods --no-headers=true', 'pods --no-headers'],
    ['pods --no-headers=false x', 'pods --no-headers:false x'],
    ['pods -A=false', 'pods --all-namespaces:false'],
    ['--namespaced batch', '--namespaced=true batch'],
    ['--namespaced=false batch', '--namespaced=false batch'],
    ['-o -n=x', '-o -n=x'],
    ['pods -- -n=dev', 'pods -- -n=dev'],
    ['--unknown=x -y=z', '--unknown=x -y=z'],
  ])('%s becomes %s', (line, words) => {
    expect(normalise(line)).toBe(words);
  });

  it.each([
    ['pods', 0],
    ['-v pods', 1],
    ['-vv pods', 2],
    ['-v -v pods', 2],
    ['--verbose pods', 1],
    ['-v=6 pods', 1],
    ['-v 8 pods', 2],
    ['--v=9 pods', 2],
    ['-v=0 pods', 0],
  ])('%s sets verbosity %i and keeps the type', (line, verbose) => {
    expect(normaliseWords(line.split(' '), lookup)).toEqual({ words: ['pods'], verbose });
  });

  it('does not read the last letter of a word as a flag with a value', () => {
    expect(normaliseWords(['version', '-v'], lookup)).toEqual({ words: ['version'], verbose: 1 });
  });

  it.each(['--no-headers=maybe', '-v=much'])('refuses %s', (word) => {
    expect(() => normaliseWords([word], lookup)).toThrow(UsageError);
  });
});

describe('splitCommand', () => {
  it.each([
    ['list pods', 'list'],
    ['-n dev list pods', 'list'],
    ['-n=dev list', 'list'],
    ['-A list', 'list'],
    ['--cacert list get', 'get'],
    ['--namespace=x list', 'list'],
    ['-v list', 'list'],
    ['-A', undefined],
    ['-- list', undefined],
  ])('%s names %s', (line, name) => {
    expect(splitCommand(line.split(' '), lookup).name).toBe(name);
  });
});
