// Reads the service account that Kubernetes mounts into a pod, as a cluster and a user like those
// of a kubeconfig. Entry point: findPod.
// @see https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/

import { join } from 'node:path';

import { ConfigError, fileProblemOf, systemCodeOf } from '../errors.ts';
import { contentIn, looksLike } from '../model/path-value.ts';
import type { Origin, Sourced } from './cluster-config.ts';
import { type Env, type ReadFile } from './input.ts';
import type { ClusterEntry, UserEntry } from './kubeconfig-schema.ts';

/** The directory where the kubelet mounts the files. */
export const serviceAccountDirectory = '/var/run/secrets/kubernetes.io/serviceaccount';

export interface Pod {
  readonly cluster: ClusterEntry;
  readonly user: UserEntry;
  /** POD_NAMESPACE, else the namespace file of the service account. */
  readonly namespace?: Sourced<string> | undefined;
}

/** The service account, or a phrase that says what is missing. */
export type PodSearch =
  | { readonly pod: Pod }
  | {
      readonly absent: string;
      /** Set if kapi runs in a pod. Says what to change so that its service account can be used. */
      readonly hint?: string;
    };

/**
 * Looks for KUBERNETES_SERVICE_HOST, KUBERNETES_SERVICE_PORT and the token file, and returns a pod
 * if all three exist. An IPv6 host can have brackets. Without ca.crt kapi trusts the system's
 * authorities. kapi reads the token later and repeatedly, because Kubernetes rotates it.
 */
export async function findPod(env: Env, directory: string, readFile: ReadFile): Promise<PodSearch> {
  const host = (env['KUBERNETES_SERVICE_HOST'] ?? '').replace(/^\[(.*)\]$/, '$1');
  const port = env['KUBERNETES_SERVICE_PORT'] ?? '';
  if (host === '' || port === '') {
    return { absent: `${host === '' ? 'KUBERNETES_SERVICE_HOST' : 'KUBERNETES_SERVICE_PORT'} is not set` };
  }
  const content = contentIn(directory);
  if (content !== undefined) {
    return { absent: `--service-account-dir is not the path of a directory: ${looksLike(content)}` };
  }
  const tokenFile = join(directory, 'token');
  const problem = await problemWith(tokenFile, readFile);
  if (problem !== undefined) return { absent: `${tokenFile}: ${problem}` };
  const wrong = problemOfVariables(host, port);
  if (wrong !== undefined) return wrong;
  const origin: Origin = { kind: 'pod', text: `the service account's files in ${directory}` };
  const caFile = join(directory, 'ca.crt');
  return {
    pod: {
      cluster: {
        name: '',
        origin,
        server: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
        insecureSkipTlsVerify: false,
        certificateAuthority: (await exists(caFile, readFile)) ? caFile : undefined,
        disableCompression: false,
      },
      user: { name: '', origin, tokenFile, asGroups: [], asUserExtra: {} },
      namespace: await podNamespace(env, join(directory, 'namespace'), readFile),
    },
  };
}

/** Says which of the two variables of the server's URL cannot be used, and what to do. */
function problemOfVariables(host: string, port: string): { absent: string; hint: string } | undefined {
  if (
    /[\s/\\?#@]/.test(host) ||
    !URL.canParse(`https://${host.includes(':') ? `[${zoneless(host)}]` : host}`)
  ) {
    return {
      absent: 'KUBERNETES_SERVICE_HOST is not a host name or an IP address',
      hint: 'the kubelet sets it to the address of the API server, such as 10.96.0.1',
    };
  }
  if (/^\d{1,5}$/.test(port) && Number(port) > 0 && Number(port) < 65_536) return undefined;
  return /^[a-z]+:\/\//i.test(port)
    ? {
        absent: 'KUBERNETES_SERVICE_PORT is a URL, not a port number',
        hint: 'a Service with the name kubernetes-service sets this variable in the pods of its namespace: set enableServiceLinks: false in the pod, or rename the Service',
      }
    : {
        absent: 'KUBERNETES_SERVICE_PORT is not a port number',
        hint: 'the kubelet sets it to the port of the API server, such as 443',
      };
}

/**
 * Returns the pod of a search.
 * @throws ConfigError `NotInPod` if kapi was told to use the service account and there is none
 */
export function expectPod(search: PodSearch): Pod {
  if ('pod' in search) return search.pod;
  throw new ConfigError(`not in a pod: ${search.absent}`, {
    code: 'NotInPod',
    hint: search.hint ?? 'without --in-cluster and --service-account-dir the kubeconfig is used',
  });
}

async function podNamespace(
  env: Env,
  file: string,
  readFile: ReadFile,
): Promise<Sourced<string> | undefined> {
  const named = env['POD_NAMESPACE'] ?? '';
  if (named !== '') return { value: named, origin: { kind: 'env', text: 'POD_NAMESPACE' } };
  const text = await readFile(file).catch((error: unknown) => {
    // The namespace file is optional: as in kubectl, any failure to read it means `default`.
    if (systemCodeOf(error) !== undefined) return '';
    throw error;
  });
  const value = text.trim();
  return value === '' ? undefined : { value, origin: { kind: 'pod', text: file } };
}

/**
 * Says why there is no token file. A file without read permission exists: reading it later reports
 * the error.
 */
async function problemWith(file: string, readFile: ReadFile): Promise<string | undefined> {
  try {
    await readFile(file);
    return undefined;
  } catch (error) {
    return isAbsent(error) ? fileProblemOf(error) : undefined;
  }
}

async function exists(file: string, readFile: ReadFile): Promise<boolean> {
  return (await problemWith(file, readFile)) === undefined;
}

function isAbsent(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR', 'EISDIR'].includes(systemCodeOf(error) ?? '');
}

function zoneless(host: string): string {
  return host.replace(/%.*$/s, '');
}
