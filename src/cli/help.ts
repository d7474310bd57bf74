// `kapi help`: the overview, and the page that a word names. Entry point: helpText().

import { suggested } from '../model/suggestion.ts';
import type { AnyCommand } from '../commands/spec.ts';
import { UsageError } from '../errors.ts';
import { nearest } from '../model/nearest.ts';
import { openPalette } from '../output/colour.ts';
import type { Sink } from '../io/io.ts';
import { findKubectlWord } from './kubectl-words.ts';
import { fill, layOutPage } from './layout.ts';
import { commandPage, topicNames, topicPage, type Page } from './page.ts';

const groupTitles = {
  discover: 'discover',
  read: 'read',
  talk: 'talk',
  identity: 'identity',
  learn: 'learn',
  tool: 'kapi',
} as const;

const defaultColumns = 80;

/**
 * @param words what stands after `help`: nothing, a command, an alias, a topic, or words of kubectl
 * @param out where it will be printed: its width and colours
 * @throws UsageError for what is none of these
 */
export async function helpText(
  words: readonly string[],
  commands: readonly AnyCommand[],
  out: Pick<Sink, 'columns' | 'color'>,
): Promise<string> {
  const columns = out.columns ?? defaultColumns;
  const palette = await openPalette(out.color);
  if (words.length === 0) return overview(commands, columns, palette?.header ?? ((text) => text));
  return layOutPage(pageOf(words, commands), columns, palette);
}

/** @throws UsageError */
function pageOf(words: readonly string[], commands: readonly AnyCommand[]): Page {
  const [word = ''] = words;
  const page = commandOrTopic(word, commands);
  if (page !== undefined) return page;
  const kubectl = findKubectlWord(words);
  if (kubectl?.row.how === 'runs') {
    const [first = '', second = ''] = kubectl.row.kapi.split(' ');
    const other = commandOrTopic(first === 'help' ? second : first, commands);
    if (other !== undefined) return other;
  }
  if (kubectl !== undefined) {
    throw new UsageError(`kapi has no ${kubectl.word}, which is kubectl's`, {
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

function commandOrTopic(word: string, commands: readonly AnyCommand[]): Page | undefined {
  if (word === 'help') return helpPage;
  const spec = commands.find((one) => one.name === word || one.aliases?.includes(word));
  return spec === undefined ? topicPage(word) : commandPage(spec);
}

/** help is no command with options, but people ask it about itself. */
const helpPage: Page = {
  name: 'help',
  summary: 'help on a command or a topic',
  usage: 'kapi help [COMMAND|TOPIC]',
  sections: [
    {
      blocks: [
        {
          kind: 'text',
          text: 'Without a word it lists the commands and topics. A command of kubectl leads to the command of kapi that does the same, or says how to do without. kapi COMMAND --help and kapi COMMAND -h are the same as kapi help COMMAND.',
          tight: true,
        },
      ],
    },
    {
      heading: 'Examples',
      blocks: [
        { kind: 'code', line: '# The flags and examples of a command', tight: true },
        { kind: 'code', line: 'kapi help watch', tight: true },
        { kind: 'code', line: '# What the exit codes mean', tight: false },
        { kind: 'code', line: 'kapi help exit-codes', tight: true },
        { kind: 'code', line: "# Where kubectl's words are", tight: false },
        { kind: 'code', line: 'kapi help kubectl', tight: true },
      ],
    },
  ],
  seeAlso: ['help topics'],
};

/** Made to stand on a terminal of 80 by 24: one line for each command. */
function overview(commands: readonly AnyCommand[], columns: number, bold: (text: string) => string): string {
  const width = Math.max(40, columns);
  const shown = visible(commands);
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
  const label = 'topics';
  const topics = fill(' '.repeat(groupColumn) + topicNames().join(', '), width, ' '.repeat(groupColumn));
  return `${fill('kapi COMMAND [flags] talks to a Kubernetes API server, as with curl and kubectl.', width, '')}

${lines.join('\n')}

${bold(label)}${topics.slice(label.length)}
${fill('kapi COMMAND --help shows flags and examples, kapi help TOPIC more.', width, '')}
`;
}

function visible(commands: readonly AnyCommand[]): readonly AnyCommand[] {
  return commands.filter((spec) => spec.hidden !== true);
}
