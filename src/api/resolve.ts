// From a name as people type it to a resource type, the way kubectl's RESTMapper does it. Pure: works on groups that were
// discovered before. Entry points: resolveName(), resolveCategory(). Asking the server is open-discovery.ts.

import { UsageError } from '../errors.ts';
import { nearest } from '../model/nearest.ts';
import { apiVersionOf, groupResourceOf, type ResourceType } from '../model/resource.ts';
import { typesByPriority, type ApiGroup, type ApiSurface } from './groups.ts';

/** What a name was found to mean. */
export interface ResolvedName {
  readonly type: ResourceType;
  /** Other types with the same short name that come later in the order of the server. */
  readonly shadowed: readonly ResourceType[];
}

/** A name with the group and version it may carry; undefined where it carries none. */
interface TypeName {
  readonly word: string;
  readonly version?: string;
  readonly group?: string;
}

/**
 * Plural, singular, short name or kind, in any case, alone or as `type.group` or `type.version.group`. Names beat short
 * names, short names beat kinds; within each the order of the server decides, core v1 first. A group may be shortened
 * to its beginning (`deploy.app`) when no group has exactly that name.
 */
export function resolveName(name: string, groups: readonly ApiGroup[]): ResolvedName | undefined {
  const types = typesByPriority(groups);
  for (const wanted of readingsOf(name)) {
    const found = match(wanted, types);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** `a.b.c` may be a version and a group, or a group with a dot in it; kubectl tries them in this order. */
function readingsOf(name: string): TypeName[] {
  const [word = '', ...rest] = name.toLowerCase().split('.');
  if (rest.length === 0) return [{ word }];
  const asGroup = { word, group: rest.join('.') };
  if (rest.length === 1) return [asGroup];
  const [version = '', ...group] = rest;
  return [{ word, version, ...(group.join('.') === '' ? {} : { group: group.join('.') }) }, asGroup];
}

function match(wanted: TypeName, types: readonly ResourceType[]): ResolvedName | undefined {
  const { word, group, version } = wanted;
  const inVersion = version === undefined ? types : types.filter((type) => type.version === version);
  // A version is heeded for short names too; kubectl drops it there and takes `hpa.v1.autoscaling` for the preferred one.
  const exact = group === undefined ? inVersion : inVersion.filter((type) => type.group === group);
  const found = matchNames(word, exact);
  if (found !== undefined || group === undefined || version !== undefined) return found;
  return matchNames(
    word,
    inVersion.filter((type) => type.group.startsWith(group)),
  );
}

function matchNames(word: string, types: readonly ResourceType[]): ResolvedName | undefined {
  const byName = types.find((type) => type.resource === word || singularOf(type) === word);
  if (byName !== undefined) return { type: byName, shadowed: [] };
  const [byShortName, ...others] = types.filter((type) => type.shortNames.includes(word));
  if (byShortName !== undefined) {
    return { type: byShortName, shadowed: distinct(others).filter((type) => !isSame(type, byShortName)) };
  }
  const byKind = types.find((type) => type.kind.toLowerCase() === word);
  return byKind === undefined ? undefined : { type: byKind, shadowed: [] };
}

/**
 * The types of a category such as `all`, in the order of the server, each in its preferred version. Types that cannot
 * be listed are left out. Undefined where no type has the category.
 */
export function resolveCategory(category: string, groups: readonly ApiGroup[]): ResourceType[] | undefined {
  const wanted = category.toLowerCase();
  const members = typesByPriority(groups).filter((type) =>
    type.categories.some((name) => name.toLowerCase() === wanted),
  );
  if (members.length === 0) return undefined;
  return distinct(members).filter(({ verbs }) => verbs.includes('list'));
}

/** What kubectl warns of when a short name has more than one meaning; one line for each. */
export function shadowWarnings(name: string, { shadowed }: ResolvedName): string[] {
  const [word = ''] = name.split('.');
  return shadowed.map(
    (type) =>
      `Warning: short name ${JSON.stringify(word)} could also match lower priority resource ${groupResourceOf(type)}`,
  );
}

/** The error for a name that no type has, with what may have been meant. */
export function unknownType(name: string, { groups, problems }: ApiSurface): UsageError {
  const [word = '', ...rest] = name.split('.');
  const hints: string[] = [];
  const elsewhere = rest.length === 0 ? undefined : resolveName(word, groups)?.type;
  if (elsewhere !== undefined) {
    hints.push(
      `${elsewhere.resource} is served as ${apiVersionOf(elsewhere)}: \`${groupResourceOf(elsewhere)}\``,
    );
  } else {
    const near = nearest(word, namesOf(groups));
    if (near.length > 0) hints.push(`did you mean ${near.map((each) => JSON.stringify(each)).join(' or ')}?`);
  }
  hints.push('`kapi resources` lists what the server has');
  for (const problem of problems) {
    hints.push(`the types of ${problem.groupVersion} could not be read: ${problem.reason}`);
  }
  return new UsageError(`the server doesn't have a resource type ${JSON.stringify(word)}`, {
    code: 'UnknownResourceType',
    hint: hints.join('\n'),
  });
}

/** Plurals and short names; singulars would only say the same thing twice. */
function namesOf(groups: readonly ApiGroup[]): Set<string> {
  const types = typesByPriority(groups);
  return new Set(types.flatMap((type) => [type.resource, ...type.shortNames]));
}

/** Old servers give no singular: it is the kind in lower case then. */
function singularOf(type: ResourceType): string {
  return type.singular === '' ? type.kind.toLowerCase() : type.singular;
}

function isSame(a: ResourceType, b: ResourceType): boolean {
  return a.group === b.group && a.resource === b.resource;
}

/** The first of each group and resource: the preferred version. */
function distinct(types: readonly ResourceType[]): ResourceType[] {
  const seen = new Map<string, ResourceType>();
  for (const type of types) {
    const key = groupResourceOf(type);
    if (!seen.has(key)) seen.set(key, type);
  }
  return [...seen.values()];
}
