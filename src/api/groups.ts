// What a server offers, as discovery tells it: groups in server order, their versions and resource types. Types and
// pure questions about them; fetching is discovery.ts, names are resolve.ts.

import { apiVersionOf, type ResourceType } from '../model/resource.ts';

/** One version of a group. */
export interface ApiVersion {
  readonly version: string;
  /** The server could not refresh its description: the API behind it does not answer. Its types may be missing or outdated. */
  readonly stale: boolean;
  /** In server order. */
  readonly types: readonly ResourceType[];
}

/** One API group; the core group has the empty name. */
export interface ApiGroup {
  readonly name: string;
  readonly preferredVersion: string;
  /** In server order. */
  readonly versions: readonly ApiVersion[];
}

/** A group version that could not be described, and why. */
export interface DiscoveryProblem {
  /** `metrics.k8s.io/v1beta1`. */
  readonly groupVersion: string;
  readonly reason: string;
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
