// Summaries of the contexts of a kubeconfig, for a list to choose from. Entry point: readContexts.
// Does not check whether a context can be used.

import type { ConfigInput } from './input.ts';
import { currentContextOf, loadKubeconfig } from './kubeconfig.ts';

/** One context, with the names of the entries it refers to, whether or not they exist. */
export interface ContextSummary {
  readonly name: string;
  /** True for the context that a run would use: `--context`, else current-context. */
  readonly current: boolean;
  /** Empty if the context names no cluster. */
  readonly cluster: string;
  readonly clusterExists: boolean;
  /** Empty if the context names no user. */
  readonly user: string;
  readonly userExists: boolean;
  /** Empty: `default`. */
  readonly namespace: string;
  /** The file that contains the context. */
  readonly from: string;
}

/** Names of all entries, including those that no context uses. */
export interface EntryNames {
  readonly clusters: readonly string[];
  readonly users: readonly string[];
}

/**
 * Returns the names of clusters and users, sorted. Both are empty without a kubeconfig.
 * @throws ConfigError for a file that cannot be read or is not a kubeconfig
 */
export async function readEntryNames(input: ConfigInput): Promise<EntryNames> {
  const { clusters, users } = await loadKubeconfig(input);
  return { clusters: [...clusters.keys()].sort(), users: [...users.keys()].sort() };
}

/**
 * Returns all contexts, sorted by name. Empty without a kubeconfig.
 * @throws ConfigError for a file that cannot be read or is not a kubeconfig
 */
export async function readContexts(input: ConfigInput): Promise<readonly ContextSummary[]> {
  const kubeconfig = await loadKubeconfig(input);
  const current = currentContextOf(kubeconfig, input.overrides)?.value;
  return [...kubeconfig.contexts.values()]
    .map((context) => ({
      name: context.name,
      current: context.name === current,
      cluster: context.cluster ?? '',
      clusterExists: context.cluster !== undefined && kubeconfig.clusters.has(context.cluster),
      user: context.user ?? '',
      userExists: context.user !== undefined && kubeconfig.users.has(context.user),
      namespace: context.namespace ?? '',
      from: context.origin.text,
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
