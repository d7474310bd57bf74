// Commands in hints: each gets the flags of the user's line, quoted for a shell, without secrets.

import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commands } from '../../../src/cli/command-list.ts';
import { globalFlags } from '../../../src/cli/global-flags.ts';
import { completeCommands, readOwnLine } from '../../../src/cli/own-line.ts';
import { parseCommandLine } from '../../../src/cli/program.ts';
import { suggested } from '../../../src/model/suggestion.ts';
import { wordsOf } from '../../e2e/words.ts';

function completed(text: string, line: readonly string[]): string {
  const name = line.find((word) => commands.some((spec) => spec.name === word));
  const spec = commands.find((one) => one.name === name);
  return completeCommands(text, readOwnLine(line, spec?.flags ?? []));
}

describe('a command in a hint', () => {
  it.each([
    ['list secrets -n dev --context jane', '`kapi can-i list secrets -n dev`', '--context jane'],
    ['list pods -n=dev', '`kapi get pod web`', '-n dev'],
    ['list pods -ndev', '`kapi get pod web`', '-n dev'],
    ['list pods -An dev', '`kapi get pod web`', '-n dev'],
    ['--namespace dev list pods', '`kapi list pods`', '-n dev'],
    ['list pods -n a -n b', '`kapi list pods`', '-n b'],
    ['list pods -k --insecure=false', '`kapi list pods`', ''],
    ['list pods -k', '`kapi list pods`', '--insecure-skip-tls-verify'],
    ['list pods --cacert ca.crt', '`kapi list pods`', '--certificate-authority ca.crt'],
    ['list pods --as a --as-group b --as-group c', '`kapi whoami`', '--as a --as-group b --as-group c'],
    ['-s https://u:geheim@a list pods', '`kapi whoami`', '--server https://a'],
    ['list pods --token geheim', '`kapi whoami`', '--token "${TOKEN:?}"'],
    ['list pods --username a --password=geheim', '`kapi whoami`', '--username a --password "${PASSWORD:?}"'],
    ['curl -u a:geheim /x', '`kapi whoami`', '--username a --password "${PASSWORD:?}"'],
    ['curl -s -k /x', '`kapi whoami`', '--insecure-skip-tls-verify'],
    ['list pods -o yaml -l a=b -v', '`kapi whoami`', ''],
    // A command with its own scope, or without one, gets no namespace.
    ['list pods -n dev', '`kapi list pods -A`', ''],
    ['list pods -n dev', '`kapi get /version`', ''],
    ['list pods -n dev', "`kapi get '/readyz?verbose'`", ''],
    ['list pods -n dev', '`kapi resources`', ''],
    ['list pods --context a', '`kapi help list`', ''],
    ['list pods --context a', '`kapi list --help`', ''],
  ])('%s: %s gets %s', (line, hint, flags) => {
    const whole = flags === '' ? hint : hint.replace(/`$/, ` ${flags}\``);
    expect(completed(`before ${hint} after`, line.split(' '))).toBe(`before ${whole} after`);
  });

  it('has an Authorization header as a shell variable for the token', () => {
    const line = ['curl', '-H', 'Authorization: Bearer geheim', '/x'];
    expect(completed('`kapi whoami`', line)).toBe('`kapi whoami --token "${TOKEN:?}"`');
    expect(completed('`kapi whoami`', ['curl', '-H', 'Authorization:', '/x'])).toBe(
      '`kapi whoami --anonymous`',
    );
  });

  it('is quoted for a shell, whatever its words contain', () => {
    for (const name of ['a b', '$(id)', 'a`id`b', "it's", 'a;b', '~', 'a\nb', '*']) {
      const text = completed(suggested('get', 'pod', name), ['list', 'pods', '--context', name]);
      const [, command = ''] = /^`(.*)`$/s.exec(text) ?? [];
      expect(command).toContain('--context ');
      const shell = spawnSync('sh', ['-c', `kapi() { printf '%s|' "$@"; }; ${command}`], {
        encoding: 'utf8',
      });
      expect(shell.stdout).toBe(`get|pod|${name}|--context|${name}|`);
      expect(text).not.toContain('\n');
    }
  });

  it('ends before a pipe', () => {
    expect(completed('`kapi list pods | head`', ['list', 'pods', '--context', 'a'])).toBe(
      '`kapi list pods --context a | head`',
    );
  });

  it('can be the line itself, without its secrets', () => {
    const again = (line: string): string => completed('`kapi … --suggest-rbac` x', line.split(' '));
    expect(again('list secrets -n dev')).toBe('`kapi list secrets -n dev --suggest-rbac` x');
    expect(again('list secrets --token=geheim')).toBe(
      '`kapi list secrets --token="${TOKEN:?}" --suggest-rbac` x',
    );
    expect(again('curl -d geheim /x')).toBe('the same command with `--suggest-rbac` x');
    expect(again('get https://a:geheim@b/x')).not.toContain('geheim');
  });

  it('is not the one that has just been run', () => {
    expect(completed('they have expired; `kapi whoami` shows them', ['whoami'])).toBe('they have expired');
    expect(completed('`kapi paths` lists them', ['paths'])).toBe('');
  });

  it('is not the line with a flag that it already has', () => {
    const hint = 'you need it; `kapi … --suggest-rbac` prints the role; `kapi can-i get x` tells why';
    expect(completed(hint, ['get', 'x', '--suggest-rbac'])).toBe('you need it; `kapi can-i get x` tells why');
    expect(completed(hint, ['get', 'x'])).toContain('`kapi get x --suggest-rbac` prints the role');
  });

  it('can be parsed, with every flag that is carried', () => {
    for (const flag of globalFlags.filter(({ carried }) => carried === true)) {
      const value = flag.value === undefined ? [] : ['a'];
      const text = completed('`kapi list pods`', ['get', 'pods', `--${flag.name}`, ...value]);
      const words = wordsOf(text.slice(1, -1)).slice(1);
      const read = parseCommandLine(words, commands);
      expect(read.kind, text).toBe('command');
      expect(text).toContain(flag.name === 'namespace' ? '-n a' : `--${flag.name}`);
    }
  });
});

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sources(path);
    return /\.tsx?$/.test(entry.name) ? [path] : [];
  });
}

describe('the source code', () => {
  it('writes commands into hints only with suggested()', () => {
    // Data that the pages and kubectl's table print.
    const exempt =
      /src\/(?:model\/suggestion|cli\/own-line|cli\/kubectl-words|cli\/topics\/|sandbox\/|commands\/[a-z-]+\/index)/;
    const found = sources('src')
      .filter((path) => !exempt.test(path))
      .flatMap((path) =>
        readFileSync(path, 'utf8')
          .split('\n')
          .map((line, at) => ({ line, place: `${path}:${at + 1}` }))
          .filter(({ line }) => !/^\s*(?:\/\/|\*|\/\*)/.test(line))
          .filter(({ line }) => /(?:\\`|['"][^'"]*`)kapi [a-z]/.test(line)),
      );
    expect(found.map(({ place, line }) => `${place} ${line.trim()}`)).toEqual([]);
  });
});
