// Command lines that go through every command and every output format, made of the specs: a new command or format is among them
// without an edit here. Entry points: sweepLines(), runnable().
import { commands } from '../../src/cli/command-list.ts';
import type { AnyCommand } from '../../src/commands/spec.ts';
import { objectFormats } from '../../src/output/output-format.ts';
import { wordsOf } from '../e2e/words.ts';

/** The names of files that lines refer to; the sweeps make them. */
export const files = { template: 'template', columns: 'columns' } as const;

/** Each format of `-o` with what it needs. */
const withTemplate: Readonly<Record<string, string>> = {
  jsonpath: 'jsonpath={..*}',
  'jsonpath-as-json': 'jsonpath-as-json={..metadata}',
  'jsonpath-file': `jsonpath-file=${files.template}`,
  'custom-columns': 'custom-columns=N:.metadata.name,A:.metadata.annotations,S:.status',
  'custom-columns-file': `custom-columns-file=${files.columns}`,
};

/** Lines beyond the examples: arguments that no example gives. */
const more: Readonly<Record<string, readonly string[]>> = {
  config: ['view', 'ca', 'cert', 'token'].map((word) => `config ${word}`),
  explain: ['explain pods --recursive'],
  list: ['list pods,deploy,configmaps -A --show-labels', 'list pods --sort-by .metadata.name -L app'],
  watch: ['watch pods --diff --timestamps', 'watch configmaps -A -o yaml'],
};

/**
 * All lines, each as words without `kapi`: every example of the help, and the first examples of each command once in each of its
 * formats.
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
    // The line up to a pipe or redirection; a quoted alias or a command in another one's parentheses is left to the tests of completion.
    const [, line] = /^(?:\w+ <\()?kapi (.*?)(?:\)$| [|>] |$)/.exec(command) ?? [];
    return line === undefined ? [] : [wordsOf(line)];
  });
}

/** Lines of the command that name no format, in each one that it has. */
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

/** The same line without what a test must not do: a free port instead of a fixed one, `true` in the place of the sandbox's program. */
export function runnable(words: readonly string[]): readonly string[] {
  const end = words.indexOf('--');
  if (words[0] === 'sandbox') return [...words.slice(0, end < 0 ? undefined : end), '--', 'true'];
  if (words[0] === 'proxy' && !words.some((word) => /^--(port|unix-socket)$/.test(word)))
    return [...words, '--port', '0'];
  return words;
}
