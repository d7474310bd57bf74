// The contexts of a kubeconfig, for people to choose from. Entry: readContexts. Whether one can be used is not asked.

import type { ConfigInput } from './input.ts';
import { currentContextOf, loadKubeconfig } from './kubeconfig.ts';

/** One context; entries that it names and that do not exist are named all the same. */
export interface ContextSummary {
  readonly name: string;
  /** The one that would be used: `--context`, else current-context. */
  readonly current: boolean;
  /** Empty where the context names none. */
  readonly cluster: string;
  readonly clusterExists: boolean;
  /** Empty where the context names none. */
  readonly user: string;
  readonly userExists: boolean;
  /** Empty: `default`. */
  readonly namespace: string;
  /** The file it stands in. */
  readonly from: string;
}

/** Names of all entries, whether or not any context uses them. */
export interface EntryNames {
  readonly clusters: readonly string[];
  readonly users: readonly string[];
}

/**
 * Sorted; empty without a kubeconfig.
 * @throws ConfigError for a file that cannot be read or is no kubeconfig
 */
export async function readEntryNames(input: ConfigInput): Promise<EntryNames> {
  const { clusters, users } = await loadKubeconfig(input);
  return { clusters: [...clusters.keys()].sort(), users: [...users.keys()].sort() };
}

/**
 * All contexts, sorted by name; empty without a kubeconfig.
 * @throws ConfigError for a file that cannot be read or is no kubeconfig
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
