// Resolves flags, environment and files to the one ClusterConfig of a run. Entry point:
// loadClusterConfig. This file has the order of precedence; each part has its rules in its own
// file.

import { resolve } from 'node:path';

import { ConfigError, UsageError } from '../errors.ts';
import { decideAuthorization, decideImpersonation, decideWithheld } from './authorization.ts';
import { chooseEntries, known, type Choice } from './choice.ts';
import type { Authorization, ClusterConfig, Sourced } from './cluster-config.ts';
import {
  givenOverrides,
  namesIdentity,
  readFileAsText,
  type ConfigInput,
  type Env,
  type Overrides,
} from './input.ts';
import { decideIdentity } from './identity.ts';
import { loadKubeconfig, type Kubeconfig } from './kubeconfig.ts';
import type { ClusterEntry, UserEntry } from './kubeconfig-schema.ts';
import { expectPod, findPod, serviceAccountDirectory, type Pod, type PodSearch } from './pod.ts';
import { suggested } from '../model/suggestion.ts';
import { decideProxy } from './proxy.ts';
import { checkTokenFile, isTokenFileBare } from './token-path.ts';
import { originOf, parseServerUrl } from './server-url.ts';
import { readClientCertificate, readServerTrust } from './tls.ts';

/** The configuration of a run before flags apply. */
interface Base {
  readonly choice: Choice;
  readonly cluster: ClusterEntry | undefined;
  readonly user: UserEntry | undefined;
  /** True if cluster and user come from the pod. */
  readonly inPod: boolean;
  /**
   * The pod, whether or not the run uses its cluster: its namespace is the default where a context
   * names none.
   */
  readonly pod: Pod | undefined;
  readonly server: Sourced<string>;
}

/**
 * Finds cluster and credentials: flags, then kubeconfig, then the pod's service account, then
 * KUBERNETES_MASTER. Never defaults to localhost:8080 and never prompts. Reads certificates and
 * keys, but not token files, and runs no plugins. The result is frozen and has the origin of every
 * part.
 * @throws ConfigError with a code that names the fault (`NoConfiguration`, `ContextNotFound`,
 *   `KubeconfigInvalid`, …); UsageError for flags that contradict each other
 * @see https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/
 */
export async function loadClusterConfig(input: ConfigInput): Promise<ClusterConfig> {
  const overrides = givenOverrides(input.overrides);
  const base = await findBase({ ...input, overrides });
  const { user, server, isNamed, replaced } = decideIdentity({
    user: base.user,
    overrides,
    server: parseServerUrl(base.server),
  });
  const files = {
    overrides,
    cwd: input.cwd,
    readFile: input.readFile ?? readFileAsText,
    https: server.https,
  };
  const trust = await readServerTrust(base.cluster, files);
  const clientCertificate = await readClientCertificate(user, files);
  const credentials = {
    user,
    cluster: base.cluster,
    overrides,
    cwd: input.cwd,
    server,
    hasCertificate: clientCertificate !== undefined,
  };
  const namespace = decideNamespace(base, overrides);
  refuseRedacted(user, overrides);
  const authorization = await checkTokenFile(
    await withPolicy(decideAuthorization(credentials), { ...input, overrides }),
    isTokenFileBare(overrides, user),
    files.readFile,
  );
  const config: ClusterConfig = {
    server: server.server,
    asGiven:
      authorization.kind === 'exec'
        ? { server: base.server.value, proxyUrl: base.cluster?.proxyUrl }
        : undefined,
    zone: server.zone,
    ...trust,
    proxy: decideProxy(server.server.value, proxyUrlOf(base.cluster), input.env),
    disableCompression: overrides.disableCompression ?? base.cluster?.disableCompression ?? false,
    authorization,
    clientCertificate,
    replaced,
    shadowed: base.choice.shadowed,
    withheld: decideWithheld(credentials),
    impersonation: decideImpersonation(user, overrides, namespace.value),
    namespace,
    requestTimeoutMs: overrides.requestTimeoutMs ?? 0,
    context: base.choice.context?.name,
    clusterName: base.choice.cluster?.name,
    userName: base.choice.user?.name,
    inPod: base.inPod && !isNamed,
  };
  return freeze(config);
}

/** Adds the plugin policy. Reads its file only if there is a plugin to run. */
async function withPolicy(authorization: Authorization, input: ConfigInput): Promise<Authorization> {
  if (authorization.kind !== 'exec') return authorization;
  const { readPluginPolicy } = await import('./kuberc.ts');
  const policy = await readPluginPolicy(input);
  return policy === undefined ? authorization : { ...authorization, exec: { ...authorization.exec, policy } };
}

async function findBase(input: ConfigInput): Promise<Base> {
  const { overrides, env } = input;
  const directory = resolve(input.cwd, overrides.serviceAccountDir ?? serviceAccountDirectory);
  const search = await findPod(env, directory, input.readFile ?? readFileAsText);
  if (overrides.inCluster === true || overrides.serviceAccountDir !== undefined) {
    const pod = expectPod(search);
    refuseOtherPlaces(pod, overrides);
    return basePod(pod, {}, overrides);
  }
  const kubeconfig = await loadKubeconfig(input);
  const pod = 'pod' in search ? search.pod : undefined;
  const hasPod = pod !== undefined && isPodUsable(pod, overrides);
  const choice = chooseEntries(kubeconfig, overrides, hasPod);
  if (choice.cluster === undefined && hasPod) return basePod(pod, choice, overrides);
  const server =
    flagServer(overrides) ??
    (choice.cluster?.server === undefined
      ? undefined
      : { value: choice.cluster.server, origin: choice.cluster.origin }) ??
    environmentServer(env);
  if (server === undefined) throw noServer(kubeconfig, choice, search);
  return { choice, cluster: choice.cluster, user: choice.user, inPod: false, pod, server };
}

/**
 * True if the pod's service account can be used. It is for the pod's own server only: `--server`
 * with another origin, or with plain http, excludes it.
 */
function isPodUsable(pod: Pod, overrides: Overrides): boolean {
  const flag = flagServer(overrides);
  return (
    flag === undefined || originOf(parseServerUrl(flag).server.value) === originOf(pod.cluster.server ?? '')
  );
}

/** Refuses flags that choose another cluster or context in addition to `--in-cluster`. */
function refuseOtherPlaces(pod: Pod, overrides: Overrides): void {
  const inCluster = overrides.inCluster === true ? '--in-cluster' : '--service-account-dir';
  const flags = { kubeconfig: '', context: '', cluster: '', user: '', ...overrides };
  const other = (['kubeconfig', 'context', 'cluster', 'user'] as const).find((flag) => flags[flag] !== '');
  if (other !== undefined) {
    throw new UsageError(`--${other} and ${inCluster} exclude each other`, { code: 'FlagConflict' });
  }
  if (isPodUsable(pod, overrides)) return;
  throw new UsageError(`${inCluster} and --server exclude each other, unless both mean the same server`, {
    code: 'FlagConflict',
    hint: "the service account's token goes to the pod's own API server only",
  });
}

function basePod(pod: Pod, choice: Choice, overrides: Overrides): Base {
  const server = flagServer(overrides) ?? {
    value: pod.cluster.server ?? '',
    origin: { kind: 'pod', text: 'KUBERNETES_SERVICE_HOST' },
  };
  // A flag or a kubeconfig entry that names an identity replaces the service account and is not
  // combined with it.
  const replaced = choice.user !== undefined || namesIdentity(overrides);
  return {
    choice,
    cluster: pod.cluster,
    user: choice.user ?? pod.user,
    inPod: !replaced,
    pod,
    server,
  };
}

function flagServer(overrides: Overrides): Sourced<string> | undefined {
  return overrides.server === undefined
    ? undefined
    : { value: overrides.server, origin: { kind: 'flag', text: '--server' } };
}

function environmentServer(env: Env): Sourced<string> | undefined {
  const value = env['KUBERNETES_MASTER'] ?? '';
  return value === '' ? undefined : { value, origin: { kind: 'env', text: 'KUBERNETES_MASTER' } };
}

function noServer(kubeconfig: Kubeconfig, choice: Choice, search: PodSearch): ConfigError {
  if (choice.cluster !== undefined) {
    const { name, origin } = choice.cluster;
    return new ConfigError(`no server found for cluster ${JSON.stringify(name)} (from ${origin.text})`, {
      code: 'NoServer',
      hint: 'give the entry a server, or name one with --server',
    });
  }
  if ('absent' in search && search.hint !== undefined && kubeconfig.contexts.size === 0) {
    return new ConfigError(`the service account of the pod cannot be used: ${search.absent}`, {
      code: 'ServiceVariableInvalid',
      hint: search.hint,
    });
  }
  const pod = 'absent' in search ? `not in a pod: ${search.absent}` : 'the service account was left aside';
  if (kubeconfig.contexts.size > 0) {
    return new ConfigError(
      `no context is selected: there is no current-context in ${kubeconfig.files.join(', ')}`,
      {
        code: 'NoContext',
        causes: [pod],
        hint: `${known(kubeconfig, 'contexts')}; choose one with --context`,
      },
    );
  }
  return new ConfigError('no configuration has been provided: no flag, file or variable names a server', {
    code: 'NoConfiguration',
    causes: [
      ...kubeconfig.files.map((file) => `${file} has no contexts`),
      ...kubeconfig.missing.map((file) => `${file} does not exist (${placeOf(kubeconfig)})`),
      pod,
    ],
    hint: `name a kubeconfig with --kubeconfig or KUBECONFIG, or a server with --server; ${suggested('sandbox', '--', 'bash')} starts a practice server`,
  });
}

function placeOf(kubeconfig: Kubeconfig): string {
  return kubeconfig.source === 'home' ? "kapi's default" : `from ${kubeconfig.source}`;
}

function proxyUrlOf(cluster: ClusterEntry | undefined): Parameters<typeof decideProxy>[1] {
  return cluster?.proxyUrl === undefined ? undefined : { value: cluster.proxyUrl, origin: cluster.origin };
}

function decideNamespace(base: Base, overrides: Overrides): Sourced<string> {
  if (overrides.namespace !== undefined) {
    return { value: overrides.namespace, origin: { kind: 'flag', text: '--namespace' } };
  }
  const entry = base.choice.context?.entry;
  if (entry?.namespace !== undefined) return { value: entry.namespace, origin: entry.origin };
  return base.pod?.namespace ?? { value: 'default', origin: { kind: 'default', text: "kapi's default" } };
}

/** Freezes a value deeply. A Secret protects its own value. */
function freeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const part of Object.values(value)) freeze(part);
  return value;
}

/**
 * Refuses the placeholders that `kubectl config view` prints instead of secrets. Users save its
 * output as a kubeconfig.
 */
function refuseRedacted(user: UserEntry | undefined, overrides: Overrides): void {
  if (user === undefined || namesIdentity(overrides)) return;
  const field =
    user.token?.expose() === 'REDACTED' ? 'token' : user.password?.expose() === 'REDACTED' ? 'password' : '';
  if (field === '') return;
  throw new ConfigError(`the ${field} from ${user.origin.text} is the word REDACTED, not a secret`, {
    code: 'SecretRedacted',
    hint: 'kubectl config view writes it without --raw: save its output with --raw',
  });
}
