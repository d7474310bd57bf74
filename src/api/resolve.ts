// Resolves a name that a user typed to a resource type, as kubectl's RESTMapper does. Works on
// groups from discovery. Entry points: resolveName(), resolveCategory(). open-discovery.ts asks the
// server. Pure.

import { suggested, suggestedInstead } from '../model/suggestion.ts';
import { ServerError, UsageError, type KapiError } from '../errors.ts';
import { nearest } from '../model/nearest.ts';
import { apiVersionOf, groupResourceOf, parseApiVersion, type ResourceType } from '../model/resource.ts';
import {
  problemText,
  typesByPriority,
  type ApiGroup,
  type ApiSurface,
  type DiscoveryProblem,
} from './groups.ts';

/** The result of resolving a name. */
export interface ResolvedName {
  readonly type: ResourceType;
  /** Other types with the same short name, later in server order. */
  readonly shadowed: readonly ResourceType[];
  /** Types of other groups with the same plural, singular or kind, if the user typed no group. */
  readonly namesakes: readonly ResourceType[];
}

/** A name with its optional group and version. */
interface TypeName {
  readonly word: string;
  readonly version?: string;
  readonly group?: string;
}

/**
 * Resolves a plural, singular, short name or kind in any case, alone or as `type.group` or
 * `type.version.group`. Plurals and singulars take precedence over short names, and short names
 * over kinds. Among equals the server order decides, core v1 first. A prefix of a group
 * (`deploy.app`) is enough if no group has exactly that name. Returns undefined if no type matches.
 */
export function resolveName(name: string, groups: readonly ApiGroup[]): ResolvedName | undefined {
  const types = typesByPriority(groups);
  for (const wanted of readingsOf(name)) {
    const found = match(wanted, types);
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * Resolves a name to the parent of subresources, for names that no type has:
 * `virtualmachineinstances.subresources.kubevirt.io`. Returns undefined if no parent matches.
 */
export function resolveParent(name: string, groups: readonly ApiGroup[]): ResourceType | undefined {
  const parentsOnly = groups.map((group) => ({
    ...group,
    versions: group.versions.map((version) => ({ ...version, types: version.parents })),
  }));
  return resolveName(name, parentsOnly)?.type;
}

/**
 * Returns the possible meanings of a name. `a.b.c` is a version and a group, or a group with a dot
 * in it; kubectl tries them in this order.
 */
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
  // kapi also respects the version of short names. kubectl ignores it there, and resolves
  // `hpa.v1.autoscaling` to the preferred version.
  const exact = group === undefined ? inVersion : inVersion.filter((type) => type.group === group);
  const found = matchNames(word, exact);
  if (found !== undefined || group === undefined || version !== undefined) return found;
  return matchNames(
    word,
    inVersion.filter((type) => type.group.startsWith(group)),
  );
}

function matchNames(word: string, types: readonly ResourceType[]): ResolvedName | undefined {
  const byName = firstOf(types, (type) => type.resource === word || singularOf(type) === word);
  if (byName !== undefined) return { type: byName.type, shadowed: [], namesakes: byName.others };
  const byShortName = firstOf(types, (type) => type.shortNames.includes(word));
  if (byShortName !== undefined) {
    return { type: byShortName.type, shadowed: byShortName.others, namesakes: [] };
  }
  const byKind = firstOf(types, (type) => type.kind.toLowerCase() === word);
  return byKind && { type: byKind.type, shadowed: [], namesakes: byKind.others };
}

/** Returns the first type that has the name, and the other types that have it. */
function firstOf(
  types: readonly ResourceType[],
  hasName: (type: ResourceType) => boolean,
): { readonly type: ResourceType; readonly others: readonly ResourceType[] } | undefined {
  const [type, ...others] = types.filter(hasName);
  return type && { type, others: distinct(others).filter((other) => !isSame(other, type)) };
}

/**
 * Returns the types of a category such as `all`, in server order, each in its preferred version.
 * Leaves out types that cannot be listed. Returns undefined if no type has the category.
 */
export function resolveCategory(category: string, groups: readonly ApiGroup[]): ResourceType[] | undefined {
  const wanted = category.toLowerCase();
  const members = typesByPriority(groups).filter((type) =>
    type.categories.some((name) => name.toLowerCase() === wanted),
  );
  if (members.length === 0) return undefined;
  return distinct(members).filter(({ verbs }) => verbs.includes('list'));
}

/** Returns kubectl's warnings for a short name with more than one meaning, one line each. */
export function shadowWarnings(name: string, { shadowed }: ResolvedName): string[] {
  const [word = ''] = name.split('.');
  return shadowed.map(
    (type) =>
      `Warning: short name ${JSON.stringify(word)} could also match lower priority resource ${groupResourceOf(type)}`,
  );
}

/**
 * Returns the error for a name that no type has, with suggestions. It is a ServerError if the type
 * can be in a group whose types could not be read, because the type is then unknown rather than
 * absent.
 * @param name as typed
 */
export function unknownType(name: string, surface: ApiSurface): KapiError {
  const { groups } = surface;
  const [word = '', ...rest] = name.split('.');
  const [unread, ...more] = unreadPartsFor(name, surface);
  const hints: string[] = [];
  // A user who named a group with unread types did not mean another group.
  const elsewhere = rest.length === 0 || unread !== undefined ? undefined : resolveName(word, groups)?.type;
  if (elsewhere !== undefined) {
    hints.push(
      `${elsewhere.resource} is served as ${apiVersionOf(elsewhere)}: ${suggestedInstead('type', name, groupResourceOf(elsewhere))}`,
    );
  } else if (rest.length === 0 || unread === undefined) {
    const near = nearest(word, namesOf(groups));
    const meant = near.map((each) => suggestedInstead('type', name, each));
    if (meant.length > 0) hints.push(`did you mean ${meant.join(' or ')}?`);
  }
  hints.push(`${suggested('resources')} lists what the server has`);
  if (unread !== undefined) return typesUnavailable([unread, ...more], word, hints);
  return new UsageError(`the server doesn't have a resource type ${JSON.stringify(word)}${placeOf(rest)}`, {
    code: 'UnknownResourceType',
    hint: hints.join('\n'),
  });
}

/**
 * Formats the group, and the version if a part of the name looks like one: the type often exists
 * elsewhere.
 */
function placeOf([first = '', ...rest]: readonly string[]): string {
  if (first === '') return '';
  if (!/^v\d/.test(first)) return ` in group ${JSON.stringify([first, ...rest].join('.'))}`;
  return ` in version ${JSON.stringify(rest.length === 0 ? first : `${rest.join('.')}/${first}`)}`;
}

/** Returns the unread parts that can hold a type of this name. */
function unreadPartsFor(name: string, { problems }: ApiSurface): readonly DiscoveryProblem[] {
  const [, ...words] = name.toLowerCase().split('.');
  // The group, with and without the first part read as a version.
  const suffixes = [words.join('.'), words.slice(1).join('.')].filter((suffix) => suffix !== '');
  return problems.filter(({ groupVersion }) => {
    if (words.length === 0 || groupVersion === '/apis') return true;
    const { group } = parseApiVersion(groupVersion);
    return group !== '' && groupVersion !== '/api' && suffixes.some((suffix) => group.startsWith(suffix));
  });
}

/**
 * Returns the error for a type that can be in unread parts. The reason comes first.
 * @param hints further suggestions
 */
export function typesUnavailable(
  unread: readonly [DiscoveryProblem, ...DiscoveryProblem[]],
  word: string,
  hints: readonly string[] = [],
): KapiError {
  const [first, ...others] = unread;
  // If a whole document is missing, its own error is more precise.
  const document = unread.find(({ groupVersion }) => groupVersion.startsWith('/'))?.error;
  if (document !== undefined) return document;
  return new ServerError(problemText(first), {
    code: 'TypesUnavailable',
    causes: others.map((problem) => `* ${problemText(problem)}`),
    hint: [
      `so it is not known whether the server has a resource type ${JSON.stringify(word)}`,
      ...hints,
    ].join('\n'),
  });
}

/** Returns plurals and short names. Singulars would duplicate the plurals. */
function namesOf(groups: readonly ApiGroup[]): Set<string> {
  const types = typesByPriority(groups);
  return new Set(types.flatMap((type) => [type.resource, ...type.shortNames]));
}

/** Returns the singular. Old servers send none: it is then the kind in lower case. */
function singularOf(type: ResourceType): string {
  return type.singular === '' ? type.kind.toLowerCase() : type.singular;
}

function isSame(a: ResourceType, b: ResourceType): boolean {
  return a.group === b.group && a.resource === b.resource;
}

/** Returns the first type of each group and resource, which has the preferred version. */
function distinct(types: readonly ResourceType[]): ResourceType[] {
  const seen = new Map<string, ResourceType>();
  for (const type of types) {
    const key = groupResourceOf(type);
    if (!seen.has(key)) seen.set(key, type);
  }
  return [...seen.values()];
}
