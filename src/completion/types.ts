// Completes resource types, groups, versions, verbs and subresources. Entry points:
// typeNames(), targets(), rightTargets(), and the other exported functions of this file.

import { versionsByPreference } from '../api/groups.ts';
import { apiVersionOf, groupResourceOf, type ResourceType } from '../model/resource.ts';
import { isValue, type Candidate } from './candidates.ts';
import type { Line } from './line.ts';
import { objectArguments } from './named-types.ts';
import { staticPaths } from './paths.ts';
import type { Sources } from './sources.ts';

/** Completes `TYPE[,TYPE...]`, without the types that are already named. */
export async function typeNames(text: string, sources: Sources, command?: string): Promise<Candidate[]> {
  const head = text.slice(0, text.lastIndexOf(',') + 1);
  const given = new Set(head.split(','));
  const found = namedTypes(await sources.types(), verbOf(command), text.slice(head.length));
  return found
    .filter(({ value }) => !given.has(value))
    .map((candidate) => ({ ...candidate, value: head + candidate.value }));
}

/** Completes types, and the names of objects after `TYPE/`. */
export async function targets(line: Line, sources: Sources): Promise<Candidate[]> {
  const { text } = line;
  const named = objectArguments(line);
  const slash = text.indexOf('/');
  if (slash > 0) {
    const type = await sources.type(text.slice(0, slash));
    const names = type === undefined ? [] : await sources.names(type);
    return names
      .filter(isValue)
      .map((name) => ({ value: `${text.slice(0, slash)}/${name}` }))
      .filter(({ value }) => named?.names.includes(value) !== true);
  }
  const types = await typeNames(text, sources, line.spec?.name);
  // After a first TYPE/NAME only arguments of the same form are allowed.
  return named?.slashed === true
    ? types.map(({ value, description }) => ({ value: `${value}/`, description, isPartial: true }))
    : types;
}

/**
 * Completes the argument of `kapi can-i` and `kapi who-can` that follows the verb: types,
 * subresources after `TYPE/`, or non-resource paths after `/`.
 */
export async function rightTargets(text: string, sources: Sources): Promise<Candidate[]> {
  if (text.startsWith('/')) return staticPaths(text);
  const head = text.slice(0, text.lastIndexOf(',') + 1);
  const last = text.slice(head.length);
  const slash = last.indexOf('/');
  if (slash < 0) return typeNames(text, sources);
  const type = await sources.type(last.slice(0, slash));
  return (type?.subresources ?? []).map(({ name, kind }) => ({
    value: `${head}${last.slice(0, slash)}/${name}`,
    description: kind,
  }));
}

/** Returns the subresources of the type on the line, or common ones if the type is not known. */
export async function subresourcesOf(line: Line, sources: Sources): Promise<string[]> {
  const name = objectArguments(line)?.types[0];
  const type = name === undefined ? undefined : await sources.type(name);
  if (type === undefined) return ['status', 'scale'];
  const isRead = line.spec?.name === 'get';
  return type.subresources.filter(({ verbs }) => !isRead || verbs.includes('get')).map((one) => one.name);
}

/** Completes groups by name. `core` is the group without a name. */
export async function groupNames(sources: Sources): Promise<Candidate[]> {
  const groups = await sources.groups();
  const known =
    groups.length > 0 ? groups.map(({ name }) => name) : (await sources.types()).map(({ group }) => group);
  return [...new Set(known)].map((name) =>
    name === '' ? { value: 'core', description: 'the group without a name' } : { value: name },
  );
}

/** Completes `GROUP`, and `GROUP/VERSION` after the complete group. */
export async function groupVersions(text: string, sources: Sources): Promise<Candidate[]> {
  const groups = await sources.groups();
  const versions =
    groups.length > 0
      ? groups.flatMap((group) =>
          versionsByPreference(group).map(({ version }) => ({ group: group.name, version })),
        )
      : (await sources.types()).map(({ group, version }) => ({ group, version }));
  return versions.map((one) => ({ value: apiVersionOf(one) })).filter(({ value }) => value.startsWith(text));
}

/** Returns the API verbs that at least one type supports, sorted. */
export async function typeVerbs(sources: Sources): Promise<string[]> {
  return [...new Set((await sources.types()).flatMap(({ verbs }) => verbs))].sort();
}

/** Returns the categories of all types, sorted. */
export async function categoriesOf(sources: Sources): Promise<string[]> {
  return [...new Set((await sources.types()).flatMap(({ categories }) => categories))].sort();
}

/** Returns the API verb that a type must support for a command. Undefined if any type will do. */
function verbOf(command: string | undefined): string | undefined {
  return command === 'list' || command === 'watch' ? command : command === 'get' ? 'list' : undefined;
}

/**
 * Returns the names of types: plurals and categories. If two groups have the same plural, the group
 * is appended to the plural of the second one. Returns short names instead if no plural or category
 * begins with `text`: `po` completes to pods, but nothing begins with `cm`.
 * @param verb API verb that the types must support. Undefined: all types
 */
function namedTypes(types: readonly ResourceType[], verb: string | undefined, text: string): Candidate[] {
  const usable = types.filter(({ verbs }) => verb === undefined || verbs.includes(verb));
  const first = new Map<string, ResourceType>();
  const plurals = usable.flatMap((type): Candidate[] => {
    const holder = first.get(type.resource);
    if (holder === undefined) first.set(type.resource, type);
    // Another version of the same type has the same name, so the name is offered once. If `text`
    // contains a dot, the user is typing the group, so every name includes its group.
    if (holder?.group === type.group && !text.includes('.')) return [];
    const withGroup = text.includes('.') || holder !== undefined;
    return [{ value: withGroup ? groupResourceOf(type) : type.resource, description: descriptionOf(type) }];
  });
  const categories = [...new Set(usable.flatMap((type) => type.categories))].map((value) => ({
    value,
    description: 'a category',
  }));
  const found = [...plurals, ...categories].sort((a, b) => (a.value < b.value ? -1 : 1));
  if (text === '' || found.some(({ value }) => value.startsWith(text))) return found;
  return usable.flatMap(({ shortNames, resource }) =>
    shortNames.map((value) => ({ value, description: resource })),
  );
}

function descriptionOf(type: ResourceType): string {
  const short = type.shortNames.length === 0 ? '' : ` (${type.shortNames.join(', ')})`;
  return `${type.kind} ${apiVersionOf(type)}${short}`;
}
