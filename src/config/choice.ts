// Decides which context, cluster and user of the merged kubeconfig a run uses. Entry point:
// chooseEntries. Pure.

import { ConfigError } from '../errors.ts';
import type { ShadowedEntry, Sourced } from './cluster-config.ts';
import { namesIdentity, type Overrides } from './input.ts';
import { currentContextOf, type Kubeconfig } from './kubeconfig.ts';
import type { ClusterEntry, ContextEntry, UserEntry } from './kubeconfig-schema.ts';

export interface Choice {
  readonly context?: { readonly name: Sourced<string>; readonly entry: ContextEntry } | undefined;
  /** Undefined if neither a context nor a flag names a cluster. */
  readonly cluster?: ClusterEntry | undefined;
  /** Undefined if the configuration names no user. */
  readonly user?: UserEntry | undefined;
  /** The entries of later files that have the names of the chosen ones. */
  readonly shadowed?: readonly ShadowedEntry[];
}

/**
 * Chooses the context, cluster and user entries of a run.
 *
 * As in kubectl, an empty name refers to the entry with the empty name, if one exists. Unlike
 * kubectl, which uses localhost:8080 or asks for a name, a context that refers to a missing cluster
 * or user is an error, unless flags replace the missing entry (for example `--server` or
 * `--token`).
 * @param overrides without empty flags
 * @param hasPod true if a pod's service account can be used: a context that names a namespace but
 *   no cluster is not an error then
 * @throws ConfigError `ContextNotFound`, `ClusterNotFound`, `UserNotFound`; an unknown
 *   current-context fails whatever other flags are given
 */
export function chooseEntries(kubeconfig: Kubeconfig, overrides: Overrides, hasPod: boolean): Choice {
  const context = chooseContext(kubeconfig, overrides);
  const cluster = chooseCluster(kubeconfig, overrides, context?.entry, hasPod);
  const user = chooseUser(kubeconfig, overrides, context?.entry);
  const used = [context?.entry.origin, cluster?.origin, user?.origin];
  const shadowed = kubeconfig.shadowed.filter(({ by }) => used.includes(by));
  return { context, cluster, user, shadowed };
}

function chooseContext(kubeconfig: Kubeconfig, overrides: Overrides): Choice['context'] {
  const name = currentContextOf(kubeconfig, overrides);
  if (name === undefined) {
    const nameless = kubeconfig.contexts.get('');
    return nameless && { name: { value: '', origin: nameless.origin }, entry: nameless };
  }
  const entry = kubeconfig.contexts.get(name.value);
  if (entry !== undefined) return { name, entry };
  throw new ConfigError(`context ${quote(name.value)} does not exist (named by ${name.origin.text})`, {
    code: 'ContextNotFound',
    hint: `${known(kubeconfig, 'contexts')}; choose one with --context`,
  });
}

function chooseCluster(
  kubeconfig: Kubeconfig,
  overrides: Overrides,
  context: ContextEntry | undefined,
  hasPod: boolean,
): ClusterEntry | undefined {
  const name = overrides.cluster ?? context?.cluster;
  const entry = kubeconfig.clusters.get(name ?? '');
  if (entry !== undefined) return entry;
  if (overrides.cluster !== undefined) {
    throw new ConfigError(`cluster ${quote(overrides.cluster)} does not exist (named by --cluster)`, {
      code: 'ClusterNotFound',
      hint: known(kubeconfig, 'clusters'),
    });
  }
  if (context === undefined || overrides.server !== undefined) return undefined;
  if (name === undefined && hasPod) return undefined;
  const what =
    name === undefined
      ? 'no cluster is named'
      : `no server found for cluster ${quote(name)}: it does not exist, but is named`;
  throw new ConfigError(`${what} in ${context.origin.text}`, {
    code: 'ClusterNotFound',
    hint: `${known(kubeconfig, 'clusters')}; choose one with --cluster, or name a server with --server`,
  });
}

function chooseUser(
  kubeconfig: Kubeconfig,
  overrides: Overrides,
  context: ContextEntry | undefined,
): UserEntry | undefined {
  const name = overrides.user ?? context?.user;
  if (name === undefined) return kubeconfig.users.get('');
  const entry = kubeconfig.users.get(name);
  if (entry !== undefined) return entry;
  if (overrides.user === undefined && namesIdentity(overrides)) return undefined;
  const place = overrides.user === undefined ? context?.origin.text : '--user';
  throw new ConfigError(`user ${quote(name)} does not exist (named by ${place ?? 'the context'})`, {
    code: 'UserNotFound',
    hint: `${known(kubeconfig, 'users')}; choose one with --user, or give credentials with --token or --client-certificate`,
  });
}

/** Formats the names of a list for a hint: `contexts in /home/jane/.kube/config: dev, prod`. */
export function known(kubeconfig: Kubeconfig, list: 'contexts' | 'clusters' | 'users'): string {
  const names = [...kubeconfig[list].keys()];
  if (kubeconfig.files.length === 0) {
    return `there is no kubeconfig: ${kubeconfig.missing.join(', ') || 'KUBECONFIG'} does not exist`;
  }
  const place = kubeconfig.files.join(', ');
  if (names.length === 0) return `there are no ${list} in ${place}`;
  const shown = names.slice(0, 10).join(', ');
  return `${list} in ${place}: ${shown}${names.length > 10 ? `, and ${names.length - 10} more` : ''}`;
}

function quote(name: string): string {
  return JSON.stringify(name);
}
