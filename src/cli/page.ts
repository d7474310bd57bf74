// Help pages as data, made from the specs that the parser uses: of a command, a topic, or the
// global flags. layout.ts prints them on the terminal, scripts/man/roff.ts in the manual.

import type { AnyCommand, ArgumentSpec, Example, FlagSpec } from '../commands/spec.ts';
import { globalFlags } from './global-flags.ts';
import { parseMarkup, type Block } from './markup.ts';
import { usageOf } from './program.ts';
import { topics } from './topics.ts';

/** One headed part of a page. */
export interface Section {
  /** Absent for the part before all headings. */
  readonly heading?: string;
  readonly blocks: readonly Block[];
}

export interface Page {
  /** The word after `kapi help`: `list`, `exit-codes`. */
  readonly name: string;
  readonly summary: string;
  /** `kapi list TYPE[,TYPE...] [flags]`. Absent for a topic. */
  readonly usage?: string;
  readonly sections: readonly Section[];
  /** As in {@link AnyCommand.seeAlso}. */
  readonly seeAlso: readonly string[];
}

/**
 * Returns the page of `kapi COMMAND --help`, which fits two screens of 80 by 24: usage, the first
 * paragraph, flags and three examples. Shows a flag's description up to the first semicolon.
 */
export function briefPage(spec: AnyCommand): Page {
  const shown = spec.flags.filter((flag) => flag.hidden !== true);
  const rare = shown.filter((flag) => flag.rare === true).map(({ name }) => `--${name}`);
  const [first = ''] = spec.description.split('\n\n', 1);
  const more: Block[] = [
    ...(rare.length === 0 ? [] : parseMarkup(`Also: ${rare.join(', ')}.`)),
    ...parseMarkup(`kapi help ${spec.name} shows everything.`).map((block): Block => ({
      ...block,
      tight: true,
    })),
  ];
  return {
    name: spec.name,
    summary: spec.summary,
    usage: usageOf(spec),
    sections: [
      { blocks: parseMarkup(first) },
      {
        heading: 'Flags',
        blocks: shown
          .filter((flag) => flag.rare !== true)
          .map((flag): Block => ({
            kind: 'term',
            term: flagTerm(flag),
            text: describeBriefly(flag),
            tight: true,
          })),
      },
      { blocks: more },
      {
        heading: 'Examples',
        blocks: examplesOf(spec.examples.slice(0, 3)).map((block): Block => ({ ...block, tight: true })),
      },
    ].filter(({ blocks }) => blocks.length > 0),
    seeAlso: [...(spec.seeAlso ?? []), 'help global-flags'],
  };
}

function describeBriefly({ description, choices, optionalValue }: FlagSpec): string {
  const [first = ''] = description.split('; ', 1);
  return choices === undefined || optionalValue === true || choices.every((choice) => first.includes(choice))
    ? first
    : `${first}: ${choices.join(', ')}`;
}

/**
 * Returns the page of `kapi help COMMAND`: the whole spec, and the topic of the same name if there
 * is one.
 */
export function commandPage(spec: AnyCommand): Page {
  const more = topics[spec.name];
  const aliases = spec.aliases ?? [];
  return {
    name: spec.name,
    summary: spec.summary,
    usage: usageOf(spec),
    sections: [
      { blocks: parseMarkup(spec.description) },
      { heading: 'Arguments', blocks: spec.arguments.map(argumentTerm) },
      { heading: 'Flags', blocks: flagTerms(spec.flags) },
      {
        heading: aliases.length > 1 ? 'Aliases' : 'Alias',
        blocks: aliases.map((alias): Block => ({ kind: 'code', line: `kapi ${alias}`, tight: true })),
      },
      { heading: 'Examples', blocks: examplesOf(spec.examples) },
      ...(more === undefined ? [] : [{ heading: sentence(more.summary), blocks: parseMarkup(more.text) }]),
    ].filter(({ blocks }) => blocks.length > 0),
    seeAlso: [...(spec.seeAlso ?? []), 'help global-flags'],
  };
}

/**
 * Returns the page of a topic.
 * @returns undefined if there is no such topic
 */
export function topicPage(name: string): Page | undefined {
  if (name === 'global-flags') return globalFlagsPage();
  if (name === 'topics') return topicsPage();
  const topic = topics[name];
  if (topic === undefined) return undefined;
  return {
    name,
    summary: topic.summary,
    sections: [{ blocks: parseMarkup(topic.text) }],
    seeAlso: topic.seeAlso ?? [],
  };
}

function globalFlagsPage(): Page {
  return {
    name: 'global-flags',
    summary: globalFlagsSummary,
    usage: 'kapi COMMAND [flags]',
    sections: [
      { blocks: parseMarkup('Flags that every command takes, before or after its name.') },
      { heading: 'Flags', blocks: flagTerms(globalFlags) },
    ],
    seeAlso: ['help credentials', 'help environment'],
  };
}

function topicsPage(): Page {
  return {
    name: 'topics',
    summary: 'the topics of this help',
    sections: [
      {
        blocks: [
          ...parseMarkup('kapi help TOPIC shows more. The topics are'),
          ...topicNames().map((name): Block => ({
            kind: 'term',
            term: name,
            text: topicSummary(name),
            tight: true,
          })),
        ],
      },
    ],
    seeAlso: [],
  };
}

const globalFlagsSummary = 'the flags that every command takes';

/** Returns the names of all topics in the order of the help. */
export function topicNames(): readonly string[] {
  return ['global-flags', ...Object.keys(topics)];
}

function topicSummary(name: string): string {
  return topics[name]?.summary ?? globalFlagsSummary;
}

function argumentTerm({ name, description }: ArgumentSpec): Block {
  return { kind: 'term', term: name, text: description, tight: true };
}

/** Returns flags as rows: their names and descriptions. */
export function flagTerms(flags: readonly FlagSpec[]): readonly Block[] {
  return flags
    .filter((flag) => flag.hidden !== true)
    .map((flag) => ({ kind: 'term', term: flagTerm(flag), text: describe(flag), tight: true }));
}

/** Returns `-n, --namespace NAMESPACE`, or `--namespaced[=BOOL]` if the value is optional. */
function flagTerm(flag: FlagSpec): string {
  const names = [flag.name, ...(flag.aliases ?? [])].map((name) => `--${name}`).join(', ');
  const value =
    flag.value === undefined ? '' : flag.optionalValue === true ? `[=${flag.value}]` : ` ${flag.value}`;
  return `${flag.short === undefined ? '' : `-${flag.short}, `}${names}${value}`;
}

function describe(flag: FlagSpec): string {
  const notes = [
    ...(flag.choices === undefined || flag.choices.every((choice) => flag.description.includes(choice))
      ? []
      : [flag.choices.join(', ')]),
    ...(flag.default === undefined ? [] : [`default: ${flag.default}`]),
  ];
  return notes.length === 0 ? flag.description : `${flag.description} (${notes.join('; ')})`;
}

function examplesOf(examples: readonly Example[]): readonly Block[] {
  return examples.flatMap((example): Block[] => [
    { kind: 'code', line: `# ${example.text}`, tight: false },
    { kind: 'code', line: example.command, tight: true },
  ]);
}

/** Returns a summary as a heading. */
function sentence(text: string): string {
  return text.replace(/^./, (first) => first.toUpperCase());
}
