// From a name as people type it to a resource type, the way kubectl's RESTMapper does it. Pure: works on groups that were
// discovered before. Entry points: resolveName(), resolveCategory(). Asking the server is open-discovery.ts.

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

/** What a name was found to mean. */
export interface ResolvedName {
  readonly type: ResourceType;
  /** Other types with the same short name that come later in the order of the server. */
  readonly shadowed: readonly ResourceType[];
  /** Types of other groups with the same plural, singular or kind, where no group was typed. */
  readonly namesakes: readonly ResourceType[];
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

/** The parent of subresources that a name means where no type has it: `virtualmachineinstances.subresources.kubevirt.io`. */
export function resolveParent(name: string, groups: readonly ApiGroup[]): ResourceType | undefined {
  const parentsOnly = groups.map((group) => ({
    ...group,
    versions: group.versions.map((version) => ({ ...version, types: version.parents })),
  }));
  return resolveName(name, parentsOnly)?.type;
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
  const byName = firstOf(types, (type) => type.resource === word || singularOf(type) === word);
  if (byName !== undefined) return { type: byName.type, shadowed: [], namesakes: byName.others };
  const byShortName = firstOf(types, (type) => type.shortNames.includes(word));
  if (byShortName !== undefined) {
    return { type: byShortName.type, shadowed: byShortName.others, namesakes: [] };
  }
  const byKind = firstOf(types, (type) => type.kind.toLowerCase() === word);
  return byKind && { type: byKind.type, shadowed: [], namesakes: byKind.others };
}

/** The first type that has a name, and the other types that have it. */
function firstOf(
  types: readonly ResourceType[],
  hasName: (type: ResourceType) => boolean,
): { readonly type: ResourceType; readonly others: readonly ResourceType[] } | undefined {
  const [type, ...others] = types.filter(hasName);
  return type && { type, others: distinct(others).filter((other) => !isSame(other, type)) };
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

/**
 * The error for a name that no type has, with what may have been meant. Where the type may be one of a group whose types
 * could not be read, that is a failure of the server: not known is not absent.
 * @param name as typed
 */
export function unknownType(name: string, surface: ApiSurface): KapiError {
  const { groups } = surface;
  const [word = '', ...rest] = name.split('.');
  const [unread, ...more] = unreadPartsFor(name, surface);
  const hints: string[] = [];
  // Who named a group whose types are not known did not mean another one.
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

/** The group, and what is written like a version before it: that the type exists elsewhere is often the point. */
function placeOf([first = '', ...rest]: readonly string[]): string {
  if (first === '') return '';
  if (!/^v\d/.test(first)) return ` in group ${JSON.stringify([first, ...rest].join('.'))}`;
  return ` in version ${JSON.stringify(rest.length === 0 ? first : `${rest.join('.')}/${first}`)}`;
}

/** The parts that could not be read and may hold a type of this name. */
function unreadPartsFor(name: string, { problems }: ApiSurface): readonly DiscoveryProblem[] {
  const [, ...words] = name.toLowerCase().split('.');
  // The group, and with a version before it.
  const suffixes = [words.join('.'), words.slice(1).join('.')].filter((suffix) => suffix !== '');
  return problems.filter(({ groupVersion }) => {
    if (words.length === 0 || groupVersion === '/apis') return true;
    const { group } = parseApiVersion(groupVersion);
    return group !== '' && groupVersion !== '/api' && suffixes.some((suffix) => group.startsWith(suffix));
  });
}

/**
 * The error where what was asked for may be in parts that could not be read. The reason comes first.
 * @param hints what to do besides
 */
export function typesUnavailable(
  unread: readonly [DiscoveryProblem, ...DiscoveryProblem[]],
  word: string,
  hints: readonly string[] = [],
): KapiError {
  const [first, ...others] = unread;
  // A whole document: what it failed with is a refusal or a failure of the server in its own words.
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
