// Collects the candidates for the cursor of a line. Entry point: offerFor().

import { topics } from '../cli/topics.ts';
import { objectArguments } from './named-types.ts';
import type { AnyCommand, Completes, FlagSpec } from '../commands/spec.ts';
import type { Alias } from '../model/preferences.ts';
import { pathVerbs, resourceVerbs } from '../model/verbs.ts';
import { isValue, matching, nothing, type Candidate, type Offer } from './candidates.ts';
import { contextGlobs } from './context-globs.ts';
import { celPaths, explainFields, formatTemplates, goals, pathsToOneField } from './fields.ts';
import type { Line } from './line.ts';
import { apiPaths, pathPrefixes } from './paths.ts';
import { fieldSelectors, labelKeys, labelSelectors } from './selectors.ts';
import { containersOf, type Sources } from './sources.ts';
import {
  categoriesOf,
  groupNames,
  groupVersions,
  rightTargets,
  subresourcesOf,
  targets,
  typeNames,
  typeVerbs,
} from './types.ts';

/**
 * Returns the candidates, each with the fixed beginning of the word.
 * @param aliases words that stand for commands
 */
export async function offerFor(
  line: Line,
  commands: readonly AnyCommand[],
  sources: Sources,
  aliases: readonly Alias[] = [],
): Promise<Offer> {
  const offer =
    line.wanted.kind === 'command'
      ? plain([...commandNames(line.text, commands), ...aliasNames(aliases)], true)
      : await offerWanted(line, commands, sources);
  const candidates = matching(offer.candidates, line.text);
  return {
    ...offer,
    candidates: candidates.map((one) => ({ ...one, value: line.prefix + one.value })),
    before: line.prefix.length + (offer.before ?? 0),
  };
}

async function offerWanted(line: Line, commands: readonly AnyCommand[], sources: Sources): Promise<Offer> {
  switch (line.wanted.kind) {
    case 'command':
    case 'nothing':
      return nothing;
    case 'topic':
      return plain(helpTopics(line.text, commands), true);
    case 'flag':
      return plain(flagNames(line), true);
    case 'argument':
      return valuesFor(line.wanted.argument.completes ?? 'nothing', line, commands, sources);
    case 'value': {
      const { flag } = line.wanted;
      if (flag.value === undefined) return plain(words(['true', 'false']), true);
      return flag.choices === undefined
        ? valuesFor(flag.completes ?? 'nothing', line, commands, sources)
        : plain(words(flag.choices), true);
    }
  }
}

async function valuesFor(
  completes: Completes,
  line: Line,
  commands: readonly AnyCommand[],
  sources: Sources,
): Promise<Offer> {
  const { text } = line;
  if (typeof completes !== 'string') return plain(words(completes), true);
  switch (completes) {
    case 'nothing':
      return nothing;
    case 'file':
      return { candidates: [], shell: 'files' };
    case 'directory':
      return { candidates: [], shell: 'directories' };
    case 'type':
      return plain(await typeNames(text, sources, line.spec?.name));
    case 'target':
      return plain(await targets(line, sources));
    case 'path-or-target':
      return plain(text.startsWith('/') ? await apiPaths(text, sources) : await targets(line, sources));
    case 'name':
      return plain(await objectNames(line, sources));
    case 'pod':
      return plain(await namesOf('pods', line, sources));
    case 'container':
      return plain(await containers(line, sources));
    case 'namespace':
      return plain(await namespaces(sources));
    case 'service-account':
      return plain(await serviceAccounts(text, sources));
    case 'context':
      return plain(await contexts(sources));
    case 'contexts': {
      const found = await contexts(sources);
      return plain(inList(text, [...found, ...contextGlobs(found.map(({ value }) => value))]));
    }
    case 'cluster':
      return plain(words(await sources.clusters()));
    case 'user':
      return plain(words(await sources.users()));
    case 'path':
      return plain(await apiPaths(text, sources));
    case 'path-prefix':
      return plain(await pathPrefixes(text, sources));
    case 'group':
      return plain(await groupNames(sources));
    case 'group-version':
      return plain(await groupVersions(text, sources));
    case 'field':
      return plain(await explainFields(line, sources));
    case 'right':
      return plain(await rightTargets(text, sources));
    case 'verb':
      return plain(inList(text, words((line.words[1] ?? '').startsWith('/') ? pathVerbs : resourceVerbs)));
    case 'type-verb':
      return plain(inList(text, words(await typeVerbs(sources))));
    case 'category':
      return plain(inList(text, words(await categoriesOf(sources))));
    case 'subresource':
      return plain(words(await subresourcesOf(line, sources)));
    case 'label-selector':
      return plain(await labelSelectors(line, sources));
    case 'label-key':
      return plain(inList(text, await labelKeys(line, sources)));
    case 'field-selector':
      return plain(await fieldSelectors(line, sources));
    case 'cel':
      return plain(await celPaths(line.text, line, sources));
    case 'field-path':
      return plain(await pathsToOneField(line, sources));
    case 'object-format':
      return formatTemplates(line, sources);
    case 'goal':
      return plain(await goals(line, sources));
    case 'topic':
      return plain(helpTopics(text, commands), true);
  }
}

function plain(candidates: readonly Candidate[], ordered = false): Offer {
  return { candidates, ordered };
}

function words(values: readonly string[]): Candidate[] {
  return values.filter(isValue).map((value) => ({ value, isPartial: /[=:]$/.test(value) }));
}

/**
 * Completes the element at the cursor of a comma-separated list, without the elements before it.
 */
function inList(text: string, candidates: readonly Candidate[]): Candidate[] {
  const head = text.slice(0, text.lastIndexOf(',') + 1);
  const given = new Set(head.split(','));
  return candidates
    .filter(({ value }) => !given.has(value))
    .map((candidate) => ({ ...candidate, value: head + candidate.value }));
}

/**
 * Returns command names. Offers aliases only if the text matches no command name, because they
 * would double the list.
 */
function commandNames(text: string, commands: readonly AnyCommand[]): Candidate[] {
  const own = commands.map(({ name, summary }) => ({ value: name, description: summary }));
  const all = [...own, { value: 'help', description: 'help on a command or a topic' }];
  if (all.some(({ value }) => value.startsWith(text))) return all;
  return commands.flatMap(({ name, aliases = [] }) =>
    aliases.map((alias) => ({ value: alias, description: `kapi ${name}` })),
  );
}

function aliasNames(aliases: readonly Alias[]): Candidate[] {
  return aliases.map(({ name, command, prependArgs, appendArgs }) => ({
    value: name,
    description: `alias for ${[command, ...prependArgs, ...appendArgs].join(' ')}`,
  }));
}

function helpTopics(text: string, commands: readonly AnyCommand[]): Candidate[] {
  return [
    ...commandNames(text, commands).filter(({ value }) => value !== 'help'),
    ...Object.entries(topics).map(([value, { summary }]) => ({ value, description: summary })),
    { value: 'global-flags', description: 'the flags that every command takes' },
  ];
}

function flagNames({ known, flags, text }: Line): Candidate[] {
  const taken = new Set<string>();
  const given = (flag: FlagSpec): boolean =>
    flag.repeated !== 'all' && flag.into === undefined && flags[flag.name] !== undefined;
  const first = (name: string): boolean => !taken.has(name) && taken.add(name).has(name);
  return known.flatMap((flag) => {
    const free = flag.hidden !== true && !given(flag);
    // If two flags have the same letter, it means the first one, even if that is not shown.
    const short = flag.short !== undefined && first(`-${flag.short}`) && free ? [`-${flag.short}`] : [];
    const long = first(`--${flag.name}`) && free ? [`--${flag.name}`] : [];
    const aliases = free && !text.startsWith('--') ? [] : (flag.aliases ?? []).map((alias) => `--${alias}`);
    const others = free && long.every((name) => !name.startsWith(text)) ? aliases.filter(first) : [];
    const names = text.startsWith('--') ? [...long, ...others] : [...long, ...short];
    return names.map((value) => ({ value, description: flag.description }));
  });
}

async function objectNames(line: Line, sources: Sources): Promise<Candidate[]> {
  const named = objectArguments(line);
  if (named === undefined) return [];
  if (named.slashed) return targets(line, sources);
  const [type] = named.types;
  return type === undefined ? [] : namesOf(type, line, sources, named.names);
}

async function namesOf(
  typeName: string,
  _line: Line,
  sources: Sources,
  given: readonly string[] = [],
): Promise<Candidate[]> {
  const type = await sources.type(typeName);
  if (type === undefined) return [];
  return words(await sources.names(type))
    .filter(({ value }) => !given.includes(value))
    .map(({ value }) => ({ value }));
}

async function containers(line: Line, sources: Sources): Promise<Candidate[]> {
  const [pod] = line.words;
  const type = await sources.type('pods');
  if (pod === undefined || type === undefined) return [];
  const found = await sources.object(type, pod);
  return found === undefined ? [] : words(containersOf(found));
}

/** Returns namespaces. If kapi cannot list them, returns those that the contexts name. */
async function namespaces(sources: Sources): Promise<Candidate[]> {
  const type = await sources.type('namespaces');
  const listed = type === undefined ? [] : await sources.names(type);
  if (listed.length > 0) return words(listed);
  const named = (await sources.contexts()).map(({ namespace }) => namespace);
  return words([...new Set(['default', ...named])]);
}

/**
 * Completes service accounts of the request's namespace, and the namespaces that contain others.
 */
async function serviceAccounts(text: string, sources: Sources): Promise<Candidate[]> {
  const type = await sources.type('serviceaccounts');
  if (type === undefined) return [];
  const slash = text.indexOf('/');
  if (slash >= 0) {
    const prefix = text.slice(0, slash + 1);
    return words((await sources.names(type, prefix.slice(0, -1))).map((name) => prefix + name));
  }
  const [own, others] = await Promise.all([sources.names(type), namespaces(sources)]);
  return [...words(own), ...others.map(({ value }) => ({ value: `${value}/`, isPartial: true }))];
}

async function contexts(sources: Sources): Promise<Candidate[]> {
  return (await sources.contexts())
    .filter(({ name }) => isValue(name))
    .map(({ name, cluster, user, namespace, current }) => {
      const facts = [
        ...(current ? ['current'] : []),
        ...(cluster === '' ? [] : [`cluster ${cluster}`]),
        ...(user === '' ? [] : [`user ${user}`]),
        ...(namespace === '' ? [] : [`namespace ${namespace}`]),
      ];
      return { value: name, description: facts.join(', ') };
    });
}
