// Runs kapi resources.

import { suggested } from '../../model/suggestion.ts';
import {
  concernsGroup,
  problemText,
  versionsByPreference,
  type ApiSurface,
  type ApiVersion,
} from '../../api/groups.ts';
import { ServerError, UsageError } from '../../errors.ts';
import type { Json } from '../../model/object.ts';
import { apiVersionOf, groupResourceOf, type ResourceType } from '../../model/resource.ts';
import { printRows } from '../../output/rows.ts';
import { isStructured, printStructured } from '../../output/structured.ts';
import type { Deps } from '../deps.ts';
import { unknownGroup } from '../unknown-group.ts';
import type { ResourcesOptions } from './options.ts';

/** A type, or with `--subresources` one of its subresources, as one line. */
interface Entry {
  /** `pods`, `pods/log`. */
  readonly name: string;
  readonly type: ResourceType;
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly verbs: readonly string[];
  readonly isSubresource: boolean;
}

/** Prints the types. */
export async function runResources(options: ResourcesOptions, deps: Deps): Promise<void> {
  const discovery = await deps.discovery();
  const surface = await discovery.surface(options.cached ? 'cached' : 'current');
  const chosen = chosenTypes(surface, options);
  warnOfProblems(surface, chosen, options, deps);
  const entries = sortEntries(entriesOf(chosen, options), options.sortBy);
  const { out } = deps.io;
  if (isStructured(options.output)) {
    const items = entries.map(asJson);
    return printStructured(
      out,
      options.output,
      { apiVersion: 'v1', groupVersion: '', kind: 'APIResourceList', resources: items },
      items,
    );
  }
  if (options.output === 'name') {
    return out.write(entries.map((entry) => `${nameOf(entry)}\n`).join(''));
  }
  const wide = options.output === 'wide';
  return printRows(out, {
    columns: [
      'NAME',
      'SHORTNAMES',
      'APIVERSION',
      'NAMESPACED',
      'KIND',
      ...(wide ? ['VERBS', 'CATEGORIES'] : []),
    ],
    rows: entries.map((entry) => [
      entry.name,
      entry.isSubresource ? '' : entry.type.shortNames.join(','),
      apiVersionOf(entry),
      String(entry.type.namespaced),
      entry.kind,
      ...(wide ? [entry.verbs.join(','), entry.isSubresource ? '' : entry.type.categories.join(',')] : []),
    ]),
    noHeaders: options.noHeaders,
  });
}

/**
 * Warns about requested groups that could not be read.
 * @throws ServerError if none of them could be read
 */
function warnOfProblems(
  { problems }: ApiSurface,
  chosen: readonly ResourceType[],
  { group, version }: ResourcesOptions,
  deps: Deps,
): void {
  const concerned = problems.filter(
    (problem) =>
      group === undefined ||
      (concernsGroup(problem, group) &&
        (version === undefined || problem.groupVersion === apiVersionOf({ group, version }))),
  );
  const [first, ...others] = concerned;
  if (group !== undefined && first !== undefined && chosen.length === 0) {
    throw new ServerError(problemText(first), {
      code: 'TypesUnavailable',
      causes: others.map((problem) => `* ${problemText(problem)}`),
      hint:
        first.error?.hint ??
        `${suggested('list', 'apiservices')} shows which API behind the server does not answer`,
      cause: first.error,
    });
  }
  for (const problem of concerned) deps.warn(`Warning: ${problemText(problem)}`);
}

/**
 * Returns the types, and the parents of subresources (which have no kind).
 * @throws UsageError for a group or version in the argument that does not exist
 */
function chosenTypes(surface: ApiSurface, { group, version, allVersions }: ResourcesOptions): ResourceType[] {
  const { groups } = surface;
  const chosen = group === undefined ? groups : groups.filter(({ name }) => name === group);
  if (group !== undefined && chosen.length === 0) throw unknownGroup(group, surface);
  return chosen.flatMap((one) => {
    const versions = versionsByPreference(one);
    if (version !== undefined) {
      const named = versions.filter((candidate) => candidate.version === version);
      if (named.length === 0) {
        throw new UsageError(`the server does not have ${apiVersionOf({ group: one.name, version })}`, {
          code: 'UnknownVersion',
          hint: `it has ${versions.map((candidate) => apiVersionOf({ group: one.name, version: candidate.version })).join(', ')}`,
        });
      }
      return named.flatMap(all);
    }
    if (allVersions) return versions.flatMap(all);
    // A type can be missing in the preferred version and be served in another: each type once.
    const seen = new Set<string>();
    return versions.flatMap(all).filter(({ resource }) => !seen.has(resource) && seen.add(resource));
  });
}

function all({ types, parents }: ApiVersion): readonly ResourceType[] {
  return [...types, ...parents];
}

function entriesOf(types: readonly ResourceType[], options: ResourcesOptions): Entry[] {
  const { namespaced, categories, verbs, subresources } = options;
  const wanted = types.filter(
    (type) =>
      (namespaced === undefined || type.namespaced === namespaced) &&
      categories.every((category) => type.categories.includes(category)),
  );
  return wanted
    .flatMap((type): Entry[] => [
      ...(type.kind === '' ? [] : [entryOf(type)]),
      ...(subresources ? type.subresources : []).map((subresource) => ({
        name: `${type.resource}/${subresource.name}`,
        type,
        group: subresource.group,
        version: subresource.version,
        kind: subresource.kind,
        verbs: subresource.verbs,
        isSubresource: true,
      })),
    ])
    .filter((entry) => verbs.every((verb) => entry.verbs.includes(verb)));
}

function entryOf(type: ResourceType): Entry {
  const { resource, group, version, kind, verbs } = type;
  return { name: resource, type, group, version, kind, verbs, isSubresource: false };
}

/** Sorts by group, then name, as kubectl does. A subresource follows its type. */
function sortEntries(entries: readonly Entry[], by: ResourcesOptions['sortBy']): Entry[] {
  const keyed = entries.map((entry) => ({
    entry,
    key: by === 'name' ? entry.name : by === 'kind' ? entry.kind : `${entry.type.group}\0${entry.name}`,
  }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ entry }) => entry);
}

/**
 * Returns `cronjobs.batch`, `pods/log`, `deployments/scale.apps`: the form that get, list and can-i
 * accept.
 */
function nameOf({ name, type }: Entry): string {
  return groupResourceOf({ group: type.group, resource: name });
}

/** Returns an APIResource in the form of kubectl 1.36, with group and version in each. */
function asJson({ name, type, group, version, kind, verbs, isSubresource }: Entry): Json {
  return {
    name,
    ...(group === '' ? {} : { group }),
    version,
    kind,
    namespaced: type.namespaced,
    verbs: [...verbs],
    ...(isSubresource
      ? {}
      : {
          singularName: type.singular,
          ...(type.shortNames.length > 0 ? { shortNames: [...type.shortNames] } : {}),
          ...(type.categories.length > 0 ? { categories: [...type.categories] } : {}),
        }),
  };
}
