// Every flag of every command, given twice.

import { describe, expect, it } from 'vitest';
import { commands } from '../../../src/cli/command-list.ts';
import { globalFlags } from '../../../src/cli/global-flags.ts';
import { parseCommandLine } from '../../../src/cli/program.ts';
import type { RawFlags } from '../../../src/commands/raw-flags.ts';
import type { AnyCommand, FlagSpec } from '../../../src/commands/spec.ts';
import { UsageError } from '../../../src/errors.ts';

/**
 * Returns the raw flags of a command line, without the command's own `parse`, which checks values.
 */
function rawFlagsOf(command: AnyCommand, words: readonly string[]): RawFlags {
  let raw: RawFlags = {};
  const spec: AnyCommand = {
    ...command,
    // `list -w` stays a line of list here.
    becomes: { flags: [], command: 'watch' },
    sendsNothing: false,
    arguments: [{ name: 'WORD', description: '', optional: true, variadic: true }],
    prepare: (_words, flags) => {
      raw = flags;
      return { options: {}, run: () => Promise.resolve() };
    },
  };
  // These two flags need --contexts.
  const needed = words.some((word) => /^--(?:unordered|expect-total)/.test(word)) ? ['--contexts=*'] : [];
  parseCommandLine([command.name, ...needed, ...words], [spec]);
  return raw;
}

/** Two values that the flag accepts. */
function twoValues(flag: FlagSpec): readonly [string, string] {
  const [first, second] = flag.choices ?? [];
  if (first !== undefined && second !== undefined) return [first, second];
  return flag.name === 'request-timeout' ? ['1s', '2s'] : ['1', '2'];
}

/** Each way to write a value of the flag in this command. */
function spellings(flag: FlagSpec, known: readonly FlagSpec[]): ((value: string) => string[])[] {
  const owner = (word: string): FlagSpec | undefined =>
    known.find(({ name, aliases = [], short }) =>
      word.startsWith('--') ? [name, ...aliases].includes(word.slice(2)) : `-${short ?? ''}` === word,
    );
  const long = [flag.name, ...(flag.aliases ?? [])]
    .map((name) => `--${name}`)
    .filter((word) => owner(word) === flag);
  const short = flag.short !== undefined && owner(`-${flag.short}`) === flag ? [`-${flag.short}`] : [];
  const spaced = flag.optionalValue === true ? [] : [...long, ...short];
  return [
    ...[...long, ...short].map((word) => (value: string) => [`${word}=${value}`]),
    ...spaced.map((word) => (value: string) => [word, value]),
    ...(flag.optionalValue === true ? [] : short.map((word) => (value: string) => [`${word}${value}`])),
  ];
}

const cases = commands.flatMap((command) => {
  const known = [...command.flags, ...globalFlags];
  return known
    .filter((flag, at) => known.findIndex(({ name }) => name === flag.name) === at)
    .map((flag) => ({ command, known, flag, title: `kapi ${command.name} --${flag.name}` }));
});

const valued = cases.filter(({ flag }) => flag.value !== undefined);
const switches = cases.filter(({ flag }) => flag.value === undefined && flag.name !== 'verbose');

describe('a flag that is given twice', () => {
  it.each(valued)('$title never loses a value silently', ({ command, known, flag }) => {
    const [one, two] = twoValues(flag);
    const ways = spellings(flag, known);
    expect(ways.length).toBeGreaterThan(0);
    for (const first of ways) {
      for (const second of ways) {
        const words = [...first(one), ...second(two)];
        const read = (): RawFlags => rawFlagsOf(command, words);
        if (flag.into !== undefined) {
          expect(read()[flag.into]).toEqual([`${flag.name}=${one}`, `${flag.name}=${two}`]);
        } else if (flag.repeated === 'all') expect(read()[flag.name]).toEqual([one, two]);
        else if (flag.repeated === 'joined') expect(read()[flag.name]).toBe(`${one},${two}`);
        else if (flag.repeated === 'last') expect(read()[flag.name]).toBe(two);
        else {
          expect(read, words.join(' ')).toThrow(UsageError);
          expect(read, words.join(' ')).toThrow(flag.secret === true ? /different values/ : `"${one}" and`);
          expect(rawFlagsOf(command, [...first(one), ...second(one)])[flag.name]).toBe(one);
        }
      }
    }
  });

  it.each(switches)('$title, a switch, has the value of the last one', ({ command, known, flag }) => {
    const long = `--${flag.name}`;
    const short = flag.short === undefined ? long : `-${flag.short}`;
    const isOwn = known.find((one) => one.short === flag.short) === flag;
    for (const word of new Set([
      long,
      ...(isOwn ? [short] : []),
      ...(flag.aliases ?? []).map((one) => `--${one}`),
    ])) {
      expect(rawFlagsOf(command, [word, `${word}=false`])[flag.name]).toBeUndefined();
      expect(rawFlagsOf(command, [long, `${word}=0`])[flag.name]).toBeUndefined();
      expect(rawFlagsOf(command, [`${long}=false`, word])[flag.name]).toBe(true);
      expect(rawFlagsOf(command, [`${word}=true`, word])[flag.name]).toBe(true);
    }
  });

  it('only -n, -o, --context and switches use the last value', () => {
    const names = new Set(
      valued
        .filter(({ flag }) => flag.repeated === 'last' && flag.choices?.includes('true') !== true)
        .map(({ flag }) => flag.name),
    );
    expect([...names].sort()).toEqual(['context', 'namespace', 'output']);
  });

  it('names both values and both spellings, and no secret', () => {
    const message = (line: string): string => {
      try {
        parseCommandLine(line.split(' '), commands);
      } catch (thrown) {
        return (thrown as Error).message;
      }
      return '';
    };
    expect(message('list pods --sort-by .a --sort-by=.b')).toBe('--sort-by is given twice: ".a" and ".b"');
    expect(message('list pods --cacert a --certificate-authority b')).toBe(
      '--cacert "a" and --certificate-authority "b" are the same flag with different values',
    );
    expect(message('list pods --token hush --token=hushhush')).toBe(
      '--token is given twice, with different values',
    );
    expect(message('--password hush list pods --password hushhush')).not.toContain('hush');
    expect(message('curl /x -u a:hush -u b:hush')).not.toContain('hush');
  });

  it('reads -s before the word curl as the server, and after it as silent', () => {
    const read = parseCommandLine(['-s', 'https://a', 'curl', '-s', '/version'], commands);
    expect(read).toMatchObject({
      globals: { server: 'https://a' },
      prepared: { options: { quiet: true, target: '/version' } },
    });
    expect(parseCommandLine(['-shttps://a', 'curl', '/version'], commands)).toMatchObject({
      globals: { server: 'https://a' },
    });
  });

  it('joins values around an empty one', () => {
    const list = commands.find(({ name }) => name === 'list');
    expect(list && rawFlagsOf(list, ['-l', '', '--selector=a=b', '-l='])).toMatchObject({ selector: 'a=b' });
  });
});
