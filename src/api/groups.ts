// What a server offers according to discovery: groups in server order, their versions and resource
// types. Types and pure functions on them; discovery.ts fetches, resolve.ts resolves names.

import type { KapiError } from '../errors.ts';
import { apiVersionOf, parseApiVersion, type ResourceType } from '../model/resource.ts';

/** One version of a group. */
export interface ApiVersion {
  readonly version: string;
  /**
   * True if the server could not refresh the description because the API behind it does not
   * respond. Types can be missing or outdated.
   */
  readonly stale: boolean;
  /** In server order. */
  readonly types: readonly ResourceType[];
  /**
   * Parents of which only subresources are served (`virtualmachineinstances/console`). They have no
   * kind and no verbs, and cannot be read or listed.
   */
  readonly parents: readonly ResourceType[];
}

/** One API group. The name of the core group is empty. */
export interface ApiGroup {
  readonly name: string;
  readonly preferredVersion: string;
  /** In server order. */
  readonly versions: readonly ApiVersion[];
}

/** A part of discovery that could not be read, and why. */
export interface DiscoveryProblem {
  /**
   * `metrics.k8s.io/v1beta1`. `/api` if the document of the core group is missing, `/apis` if that
   * of all other groups is missing.
   */
  readonly groupVersion: string;
  readonly reason: string;
  /**
   * The error from reading the part. Undefined if the server itself says that it has no current
   * description.
   */
  readonly error?: KapiError | undefined;
}

/** Everything that discovery found: core group first, then the order of `/apis`. */
export interface ApiSurface {
  readonly groups: readonly ApiGroup[];
  readonly problems: readonly DiscoveryProblem[];
}

/** Returns the versions of a group: the preferred one first, the others in server order. */
export function versionsByPreference(group: ApiGroup): ApiVersion[] {
  return [
    ...group.versions.filter(({ version }) => version === group.preferredVersion),
    ...group.versions.filter(({ version }) => version !== group.preferredVersion),
  ];
}

/**
 * Returns every type of every version in the order in which names are matched: core v1, then groups
 * in server order, preferred versions first.
 */
export function typesByPriority(groups: readonly ApiGroup[]): ResourceType[] {
  return groups.flatMap((group) => versionsByPreference(group).flatMap(({ types }) => types));
}

/**
 * Returns types and parents of subresources in the order of {@link typesByPriority}: everything
 * that an RBAC rule can name.
 */
export function typesAndParents(groups: readonly ApiGroup[]): ResourceType[] {
  return groups.flatMap((group) =>
    versionsByPreference(group).flatMap(({ types, parents }) => [...types, ...parents]),
  );
}

/** True if types of the group can be missing because of the problem. */
export function concernsGroup({ groupVersion }: DiscoveryProblem, group: string): boolean {
  if (groupVersion === '/api') return group === '';
  if (groupVersion === '/apis') return group !== '';
  return parseApiVersion(groupVersion).group === group;
}

/**
 * Formats a problem without a full stop:
 * `the types of metrics.k8s.io/v1beta1 could not be read: …`.
 */
export function problemText({ groupVersion, reason }: DiscoveryProblem): string {
  const what =
    groupVersion === '/api'
      ? 'the types of the core group'
      : groupVersion === '/apis'
        ? 'the API groups'
        : `the types of ${groupVersion}`;
  return `${what} could not be read: ${reason}`;
}

/** Returns one problem for each stale version. */
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
