// What a server offers, as discovery tells it: groups in server order, their versions and resource types. Types and
// pure questions about them; fetching is discovery.ts, names are resolve.ts.

import type { KapiError } from '../errors.ts';
import { apiVersionOf, parseApiVersion, type ResourceType } from '../model/resource.ts';

/** One version of a group. */
export interface ApiVersion {
  readonly version: string;
  /** The server could not refresh its description: the API behind it does not answer. Its types may be missing or outdated. */
  readonly stale: boolean;
  /** In server order. */
  readonly types: readonly ResourceType[];
  /**
   * Parents of which only subresources are served (`virtualmachineinstances/console`): nothing to get or list, without a
   * kind and without verbs.
   */
  readonly parents: readonly ResourceType[];
}

/** One API group; the core group has the empty name. */
export interface ApiGroup {
  readonly name: string;
  readonly preferredVersion: string;
  /** In server order. */
  readonly versions: readonly ApiVersion[];
}

/** A part of discovery that could not be read, and why. */
export interface DiscoveryProblem {
  /** `metrics.k8s.io/v1beta1`; `/api` and `/apis` where the document of the core group or of all other groups is missing. */
  readonly groupVersion: string;
  readonly reason: string;
  /** What reading the part failed with; undefined where the server itself says that it has no description. */
  readonly error?: KapiError | undefined;
}

/** Everything that discovery found: core group first, then the order of `/apis`. */
export interface ApiSurface {
  readonly groups: readonly ApiGroup[];
  readonly problems: readonly DiscoveryProblem[];
}

/** Versions of a group with the preferred one first and the others in server order. */
export function versionsByPreference(group: ApiGroup): ApiVersion[] {
  return [
    ...group.versions.filter(({ version }) => version === group.preferredVersion),
    ...group.versions.filter(({ version }) => version !== group.preferredVersion),
  ];
}

/** Every type of every version in the order in which names are matched: core v1, then groups in server order, preferred versions first. */
export function typesByPriority(groups: readonly ApiGroup[]): ResourceType[] {
  return groups.flatMap((group) => versionsByPreference(group).flatMap(({ types }) => types));
}

/** Types and parents of subresources, in the order of {@link typesByPriority}: what a rule can name. */
export function typesAndParents(groups: readonly ApiGroup[]): ResourceType[] {
  return groups.flatMap((group) =>
    versionsByPreference(group).flatMap(({ types, parents }) => [...types, ...parents]),
  );
}

/** Says whether types of a group may be missing because of a problem. */
export function concernsGroup({ groupVersion }: DiscoveryProblem, group: string): boolean {
  if (groupVersion === '/api') return group === '';
  if (groupVersion === '/apis') return group !== '';
  return parseApiVersion(groupVersion).group === group;
}

/** A problem in words, without a full stop: `the types of metrics.k8s.io/v1beta1 could not be read: …`. */
export function problemText({ groupVersion, reason }: DiscoveryProblem): string {
  const what =
    groupVersion === '/api'
      ? 'the types of the core group'
      : groupVersion === '/apis'
        ? 'the API groups'
        : `the types of ${groupVersion}`;
  return `${what} could not be read: ${reason}`;
}

/** The problems that stale versions are. */
export function staleProblemsOf(groups: readonly ApiGroup[]): DiscoveryProblem[] {
  return groups.flatMap((group) =>
    group.versions
      .filter(({ stale }) => stale)
      .map(({ version }) => ({
        groupVersion: apiVersionOf({ group: group.name, version }),
        reason: 'the server calls its description stale, so the API behind it does not answer',
      })),
  );
}
