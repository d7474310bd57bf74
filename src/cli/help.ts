// `kapi help`: the overview, and the pages of commands and topics. Entry point: helpText().

import { suggested } from '../model/suggestion.ts';
import type { AnyCommand } from '../commands/spec.ts';
import { UsageError } from '../errors.ts';
import { nearest } from '../model/nearest.ts';
import { openPalette, withColours } from '../output/colour.ts';
import type { Painted, Sink } from '../io/io.ts';
import { findKubectlWord } from './kubectl-words.ts';
import { fill, layOutPage } from './layout.ts';
import { briefPage, commandPage, topicNames, topicPage, type Page } from './page.ts';

const groupTitles = {
  discover: 'discover',
  read: 'read',
  talk: 'talk',
  identity: 'identity',
  learn: 'learn',
  tool: 'kapi',
} as const;

const defaultColumns = 80;

/** What to explain, and in which detail. */
export interface HelpRequest {
  /** Empty, or a command, an alias, a topic, or words of kubectl. */
  readonly words: readonly string[];
  /** True for the short form, which fits two screens. */
  readonly brief: boolean;
}

/**
 * Returns the text of `kapi help WORDS` or `kapi COMMAND --help`.
 * @param out the sink that the text is printed to: its width and colours
 * @throws UsageError if no command or topic has this name
 */
export async function helpText(
  { words, brief }: HelpRequest,
  commands: readonly AnyCommand[],
  out: Pick<Sink, 'columns' | 'color'>,
): Promise<string | Painted> {
  const columns = out.columns ?? defaultColumns;
  const palette = await openPalette(out.color);
  const text =
    words.length === 0
      ? overview(commands, columns, palette?.header ?? ((title) => title))
      : layOutPage(pageOf(words, commands, brief), columns, palette);
  return withColours(palette, text);
}

/** Finds the page of some words. @throws UsageError */
function pageOf(words: readonly string[], commands: readonly AnyCommand[], brief: boolean): Page {
  const [word = ''] = words;
  const page = commandOrTopic(word, commands, brief);
  if (page !== undefined) return page;
  const kubectl = findKubectlWord(words);
  if (kubectl?.row.how === 'runs') {
    const [first = '', second = ''] = kubectl.row.kapi.split(' ');
    const other = commandOrTopic(first === 'help' ? second : first, commands, brief);
    if (other !== undefined) return other;
  }
  if (kubectl !== undefined) {
    throw new UsageError(`kapi does not have "${kubectl.word}", a kubectl command`, {
      code: 'UnknownTopic',
      hint: `${kubectl.row.kapi}\n${suggested('help', 'kubectl')} lists kubectl's words`,
    });
  }
  const known = [...visible(commands).map((one) => one.name), ...topicNames(), 'topics'];
  const near = nearest(word, known);
  throw new UsageError(`there is no help for "${word}"`, {
    code: 'UnknownTopic',
    hint:
      near.length > 0
        ? `did you mean ${near.map((one) => suggested('help', one)).join(' or ')}?`
        : `topics: ${topicNames().join(', ')}`,
  });
}

function commandOrTopic(word: string, commands: readonly AnyCommand[], brief: boolean): Page | undefined {
  if (word === 'help') return helpPage;
  const spec = commands.find((one) => one.name === word || one.aliases?.includes(word));
  return spec === undefined ? topicPage(word) : brief ? briefPage(spec) : commandPage(spec);
}

/** `help` has no spec, but users often type `kapi help help`. */
const helpPage: Page = {
  name: 'help',
  summary: 'help on a command or a topic',
  usage: 'kapi help [COMMAND|TOPIC]',
  sections: [
    {
      blocks: [
        {
          kind: 'text',
          text: 'Without an argument, lists the commands and topics. For a kubectl command, shows the kapi command that does the same. kapi COMMAND --help (or -h) shows the short form: usage, flags and three examples.',
          tight: true,
        },
      ],
    },
    {
      heading: 'Examples',
      blocks: [
        { kind: 'code', line: '# Everything about a command', tight: true },
        { kind: 'code', line: 'kapi help watch', tight: true },
        { kind: 'code', line: '# What the exit codes mean', tight: false },
        { kind: 'code', line: 'kapi help exit-codes', tight: true },
        { kind: 'code', line: '# The kapi command for each kubectl command', tight: false },
        { kind: 'code', line: 'kapi help kubectl', tight: true },
      ],
    },
  ],
  seeAlso: ['help topics'],
};

/**
 * Returns one line for each command, and one for all minor ones, so that the overview fits a
 * terminal of 80 by 24.
 */
function overview(commands: readonly AnyCommand[], columns: number, bold: (text: string) => string): string {
  const width = Math.max(40, columns);
  const shown = visible(commands).filter(({ isMinor }) => isMinor !== true);
  const groupColumn = Math.max(...Object.values(groupTitles).map((title) => title.length)) + 2;
  const nameColumn = Math.max(...shown.map(({ name }) => name.length)) + 2;
  const hanging = ' '.repeat(groupColumn + nameColumn);
  const lines: string[] = [];
  for (const [group, title] of Object.entries(groupTitles)) {
    for (const [at, { name, summary }] of shown.filter((spec) => spec.group === group).entries()) {
      const label = at === 0 ? title : '';
      const filled = fill(`${hanging}${summary}`, width, hanging);
      const rest = filled.slice(groupColumn + name.length);
      lines.push(`${bold(label)}${' '.repeat(groupColumn - label.length)}${name}${rest}`);
    }
  }
  const row = (label: string, names: readonly string[]): string => {
    const indent = ' '.repeat(groupColumn);
    return `${bold(label)}${fill(indent + names.join(', '), width, indent).slice(label.length)}`;
  };
  const minor = visible(commands).filter(({ isMinor }) => isMinor === true);
  lines.push(
    row(
      'more',
      minor.map(({ name }) => name),
    ),
    row('topics', topicNames()),
  );
  return `${fill('kapi COMMAND [flags] talks to a Kubernetes API server, as with curl and kubectl.', width, '')}

${lines.join('\n')}
${fill('kapi COMMAND --help shows the flags, kapi help COMMAND (or TOPIC) shows more.', width, '')}
`;
}

function visible(commands: readonly AnyCommand[]): readonly AnyCommand[] {
  return commands.filter((spec) => spec.hidden !== true);
}
