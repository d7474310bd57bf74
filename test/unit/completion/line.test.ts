import { describe, expect, it } from 'vitest';
import { commands } from '../../../src/cli/command-list.ts';
import { readLine } from '../../../src/completion/line.ts';

/** Returns what is wanted as a short text, and the prefix. */
function wanted(...words: readonly string[]): string {
  const line = readLine(words, commands);
  const what =
    line.wanted.kind === 'argument'
      ? `${line.spec?.name ?? ''} ${line.wanted.argument.name}`
      : line.wanted.kind === 'value'
        ? `--${line.wanted.flag.name}`
        : line.wanted.kind;
  return [what, line.prefix, line.text].join('|');
}

describe('what is wanted at the cursor', () => {
  it.each([
    [[''], 'command||'],
    [['li'], 'command||li'],
    [['-n', 'dev', 'li'], 'command||li'],
    [['-n', ''], '--namespace||'],
    [['list', 'po'], 'list TYPE[,TYPE...]||po'],
    [['ls', 'po'], 'list TYPE[,TYPE...]||po'],
    [['list', 'pods', 'x'], 'nothing||x'],
    [['list', 'pods', '-n', 'd'], '--namespace||d'],
    [['list', 'pods', '-nd'], '--namespace|-n|d'],
    [['list', 'pods', '-n=d'], '--namespace|-n=|d'],
    [['list', 'pods', '-n'], 'flag||-n'],
    [['list', 'pods', '--namespace=d'], '--namespace|--namespace=|d'],
    [['list', 'pods', '--namespace='], '--namespace|--namespace=|'],
    [['list', 'pods', '-Ao', 'js'], '--output||js'],
    [['list', 'pods', '-Aojs'], '--output|-Ao|js'],
    [['list', '--no'], 'flag||--no'],
    [['list', '--nonsense=x'], 'nothing||--nonsense=x'],
    [['list', '-A', 'po'], 'list TYPE[,TYPE...]||po'],
    [['get', 'pods', 'a', 'b', 'c'], 'get NAME||c'],
    [['get', '--', 'po'], 'get PATH|TYPE[/NAME]||po'],
    [['sandbox', '--', 'ls', 'x'], 'nothing||x'],
    [['curl', '-s', '/ap'], 'curl PATH||/ap'],
    [['curl', '-o', 'fi'], '--output||fi'],
    [['help', 'li'], 'topic||li'],
    [['help', 'list', 'x'], 'nothing||x'],
    [['resources', '--namespaced', 'v'], 'resources GROUP[/VERSION]||v'],
    [['resources', '--namespaced=f'], '--namespaced|--namespaced=|f'],
    [['nonsense', 'x'], 'nothing||x'],
  ])('%j', (words, expected) => {
    expect(wanted(...words)).toBe(expected);
  });
});

describe('the flags before the cursor', () => {
  it('are read as the command reads them', () => {
    const line = readLine(
      ['--context=c', 'get', 'pods', '-An', 'dev', '-L', 'a', '--label-columns=b', '-s', 'https://x', ''],
      commands,
    );
    expect(line.words).toEqual(['pods']);
    expect(line.globals).toMatchObject({ context: 'c', namespace: 'dev', server: 'https://x' });
    expect(line.flags).toMatchObject({ 'all-namespaces': true, 'label-columns': ['a', 'b'] });
  });

  it('never print, notify or limit', () => {
    const line = readLine(['list', 'pods', '--curl', '-vv', '--request-timeout', 'nonsense', ''], commands);
    expect(line.globals).toMatchObject({ curl: false, verbose: 0, requestTimeoutMs: 0 });
  });

  it('turn a list into a watch', () => {
    expect(readLine(['list', 'pods', '-w', '--unt'], commands).known.map(({ name }) => name)).toContain(
      'until',
    );
  });

  it('belong to curl if curl has the same letter', () => {
    expect(readLine(['curl', '-k', '-s', '-A', 'agent', '/x'], commands).flags).toMatchObject({
      'insecure-skip-tls-verify': true,
      silent: true,
      'user-agent': 'agent',
    });
  });
});
