import { describe, expect, it } from 'vitest';
import { help, parseArguments, UsageError } from '../../../bench/arguments.ts';
import { partNames } from '../../../bench/cases.ts';

describe('parseArguments', () => {
  it('measures everything against a sandbox without arguments', () => {
    expect(parseArguments([])).toMatchObject({
      parts: partNames,
      server: 'sandbox',
      kubeconfig: undefined,
      pods: 50_000,
      namespaces: 50,
      nodes: [],
      runs: undefined,
    });
  });

  it('keeps the order of the table, whatever the order of the words', () => {
    expect(parseArguments(['json', 'list-small']).parts).toEqual(['list-small', 'json']);
  });

  it('accepts several versions of Node', () => {
    expect(parseArguments(['--node', '/a/node', '--node=/b/node']).nodes).toEqual(['/a/node', '/b/node']);
  });

  it('lets each part decide what runs kapi, unless --runtime names it', () => {
    expect(parseArguments([]).runtimes).toEqual([]);
    expect(parseArguments(['--runtime', 'bun', '--runtime', 'node']).runtimes).toEqual(['bun', 'node']);
  });

  it.each([
    [['--runtime', 'deno'], '--runtime is bun or node, not deno'],
    [['nonsense'], 'unknown part nonsense; parts: list-small, '],
    [['--server', 'kind'], '--server is sandbox or real, not kind'],
    [['--runs', '0'], '--runs is a whole number from 1 to 1000000, not 0'],
    [['--pods', '1e3'], '--pods is a whole number from 1 to 1000000, not 1e3'],
    [['--pods', '1000000000'], '--pods is a whole number from 1 to 1000000, not 1000000000'],
    [['--fill'], '--fill goes with --kubeconfig'],
    [['--clean'], '--clean goes with --kubeconfig'],
    [['--kubeconfig', 'a', '--fill', '--clean'], '--fill and --clean exclude each other'],
    [['--kubeconfig', 'a', '--server', 'real'], '--kubeconfig and --server exclude each other'],
    [['--kubeconfig', 'a', '--serve'], '--serve starts a server; it has no --kubeconfig'],
    [['--no-such-flag'], '--no-such-flag'],
  ])('refuses %j', (argv, message) => {
    expect(() => parseArguments(argv)).toThrow(UsageError);
    expect(() => parseArguments(argv)).toThrow(message);
  });

  it('an empty fill is possible for custom types only', () => {
    expect(parseArguments(['--crds', '0']).definitions).toBe(0);
  });
});

describe('help', () => {
  it.each(partNames)('explains the part %s', (name) => {
    expect(help).toMatch(new RegExp(`^ {2}${name} `, 'm'));
  });
});
