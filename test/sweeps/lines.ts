// Command lines with every command and every output format, made from the specs: a new command or
// format is included automatically. Entry points: sweepLines(), runnable().
import { commands } from '../../src/cli/command-list.ts';
import type { AnyCommand } from '../../src/commands/spec.ts';
import { objectFormats } from '../../src/output/output-format.ts';
import { wordsOf } from '../e2e/words.ts';

/** Names of files that lines refer to. The sweeps create them. */
export const files = { template: 'template', columns: 'columns' } as const;

/** Each format of `-o` with its value. */
const withTemplate: Readonly<Record<string, string>> = {
  jsonpath: 'jsonpath={..*}',
  'jsonpath-as-json': 'jsonpath-as-json={..metadata}',
  'jsonpath-file': `jsonpath-file=${files.template}`,
  'custom-columns': 'custom-columns=N:.metadata.name,A:.metadata.annotations,S:.status',
  'custom-columns-file': `custom-columns-file=${files.columns}`,
};

/** Lines in addition to the examples: arguments that no example has. */
const more: Readonly<Record<string, readonly string[]>> = {
  config: ['view', 'ca', 'cert', 'token'].map((word) => `config ${word}`),
  explain: ['explain pods --recursive'],
  list: ['list pods,deploy,configmaps -A --show-labels', 'list pods --sort-by .metadata.name -L app'],
  watch: ['watch pods --diff --timestamps', 'watch configmaps -A -o yaml'],
};

/**
 * Returns all lines, each as words without `kapi`: every example of the help, and the first
 * examples of each command once in each of its formats.
 */
export function sweepLines(): readonly (readonly string[])[] {
  const lines = commands.flatMap((spec) => [
    ...exampleLines(spec),
    ...(more[spec.name] ?? []).map(wordsOf),
    ...inEveryFormat(spec),
  ]);
  return [...new Map(lines.map((words) => [words.join('\0'), runnable(words)])).values()];
}

function exampleLines({ examples }: AnyCommand): string[][] {
  return examples.flatMap(({ command }) => {
    // The line up to a pipe or redirection. The tests of completion cover a quoted alias and a
    // command inside parentheses of another one.
    const [, line] = /^(?:\w+ <\()?kapi ((?:'[^']*'|"[^"]*"|[^'"])*?)(?:\)$| [|>] |$)/.exec(command) ?? [];
    return line === undefined ? [] : [wordsOf(line)];
  });
}

/** Returns lines of the command without a format, once in each of its formats. */
function inEveryFormat(spec: AnyCommand): string[][] {
  const output = spec.flags.find(({ name }) => name === 'output');
  const formats = output?.choices ?? (output?.completes === 'object-format' ? objectFormats : []);
  const plain = exampleLines(spec).filter(
    (words) => !words.some((word) => /^(-o|--output|-O|--subresource|--diff|--write)/.test(word)),
  );
  return plain
    .slice(0, 2)
    .flatMap((words) => formats.map((format) => [...words, '-o', withTemplate[format] ?? format]));
}

/**
 * Returns the line with replacements for tests: a free port instead of a fixed one, and `true`
 * instead of the sandbox's program.
 */
export function runnable(words: readonly string[]): readonly string[] {
  const end = words.indexOf('--');
  if (words[0] === 'sandbox') return [...words.slice(0, end < 0 ? undefined : end), '--', 'true'];
  if (words[0] === 'proxy' && !words.some((word) => /^--(port|unix-socket)$/.test(word)))
    return [...words, '--port', '0'];
  return words;
}
