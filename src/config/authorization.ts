// Decides how kapi authenticates: which configured credential makes the Authorization header, and
// which identity to impersonate. Entry points: decideAuthorization, decideImpersonation. Pure:
// reads no file and runs no plugin.

import { resolve } from 'node:path';

import { ConfigError, UsageError } from '../errors.ts';
import { describePath } from '../model/path-value.ts';
import { Secret } from '../model/secret.ts';
import type { Authorization, ExecSpec, Impersonation, Origin, Sourced } from './cluster-config.ts';
import type { Overrides } from './input.ts';
import type { ClusterEntry, ExecEntry, UserEntry } from './kubeconfig-schema.ts';
import type { ServerUrl } from './server-url.ts';

export interface AuthorizationInput {
  readonly user: UserEntry | undefined;
  /** The cluster entry, for its exec extension. */
  readonly cluster: ClusterEntry | undefined;
  /** The flags without empty ones. */
  readonly overrides: Overrides;
  /** Working directory, for relative paths in flags. */
  readonly cwd: string;
  readonly server: ServerUrl;
  /** True if kapi sends a client certificate: it needs no exec plugin then. */
  readonly hasCertificate: boolean;
}

/**
 * Decides which credential makes the Authorization header.
 *
 * A login in the server's URL beats everything. tokenFile beats token, which is the fallback while
 * the file is missing or empty. The exec plugin runs only if there is no other credential. Over
 * plain http kapi sends only the login of the URL, but still checks the user entry. `user` no
 * longer contains what flags replace: see identity.ts.
 * @throws ConfigError `AuthenticationConflict` for an entry with a token and a user name,
 *   `ExecInvalid`, `AuthProviderUnsupported`
 */
export function decideAuthorization(input: AuthorizationInput): Authorization {
  const { user, server } = input;
  if (user !== undefined) refuseTwoMethods(user);
  const exec = user?.exec === undefined ? undefined : readExec(user.exec, user, input.cluster);
  if (server.login !== undefined) return { kind: 'basic', ...server.login, origin: server.server.origin };
  if (!server.https) return { kind: 'none' };
  const chosen = headerOf(input) ?? tokenOf(input) ?? basicOf(input);
  if (user?.authProvider !== undefined) throw authProviderError(user.authProvider, user.origin);
  if (chosen !== undefined) return chosen;
  if (exec === undefined || input.hasCertificate) return { kind: 'none' };
  return { kind: 'exec', exec, origin: exec.origin };
}

/**
 * Returns the origin of the credentials that kapi does not send over plain http, or undefined if
 * there are none.
 */
export function decideWithheld(input: AuthorizationInput): Origin | undefined {
  const { user, overrides } = input;
  // An Authorization header from a flag of `kapi curl` is part of the request: kapi sends it over
  // plain http too.
  if (input.server.https || overrides.requestAuthorization !== undefined) return undefined;
  const authorization = tokenOf(input) ?? basicOf(input);
  if (authorization !== undefined && 'origin' in authorization) return authorization.origin;
  if (overrides.clientCertificate !== undefined) return { kind: 'flag', text: '--client-certificate' };
  const more = [user?.clientCertificate, user?.clientCertificateData, user?.exec, user?.authProvider];
  return more.some((each) => each !== undefined) ? user?.origin : undefined;
}

/**
 * Decides which identity to impersonate.
 *
 * `--as` keeps uid, groups and extra of the kubeconfig. `--as-group` replaces the groups,
 * `--as-uid` the uid, and `--as-user-extra` the keys it names. `--as-sa` keeps nothing: unless a
 * flag names groups, the API server gives a service account its groups.
 * @param namespace the namespace of a service account whose flag names none
 * @throws UsageError `ImpersonationInvalid` for flags, ConfigError of the same code for a
 *   kubeconfig
 */
export function decideImpersonation(
  user: UserEntry | undefined,
  overrides: Overrides,
  namespace: string,
): Impersonation | undefined {
  const account = overrides.asSa === undefined ? undefined : serviceAccountUser(overrides, namespace);
  const kept = account === undefined ? user : undefined;
  const name = account ?? overrides.as ?? user?.as;
  const uid = overrides.asUid ?? kept?.asUid;
  const groups = overrides.asGroup ?? kept?.asGroups ?? [];
  const flagExtra = readExtra(overrides.asUserExtra ?? []);
  const extra = { ...kept?.asUserExtra, ...flagExtra };
  const byFlag = [overrides.asUid, overrides.asGroup, overrides.asUserExtra].some(
    (flag) => flag !== undefined,
  );
  if (name === undefined) {
    if (uid === undefined && groups.length === 0 && Object.keys(extra).length === 0) return undefined;
    throw withoutUser(user, byFlag);
  }
  const flag = account !== undefined ? '--as-sa' : overrides.as !== undefined ? '--as' : undefined;
  const origin: Origin | undefined = flag === undefined ? user?.origin : { kind: 'flag', text: flag };
  return { user: name, uid, groups, extra, origin: origin ?? { kind: 'flag', text: '--as' } };
}

/**
 * Returns the user name of the service account that `--as-sa` names.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/
 */
function serviceAccountUser({ asSa = '', as }: Overrides, namespace: string): string {
  if (as !== undefined) {
    throw new UsageError('--as and --as-sa exclude each other: a request impersonates one user', {
      code: 'ImpersonationInvalid',
    });
  }
  const parts = asSa.split('/');
  const [first = '', second] = parts;
  const [of, name] = second === undefined ? [namespace, first] : [first, second];
  const isLabel = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
  const isSubdomain = /^(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
  if (parts.length > 2 || !isLabel.test(of) || !isSubdomain.test(name)) {
    throw new UsageError(
      `--as-sa takes NAME or NAMESPACE/NAME of a service account, not ${JSON.stringify(describePath(asSa))}`,
      {
        code: 'ImpersonationInvalid',
        hint: asSa.startsWith('system:serviceaccount:')
          ? `--as ${asSa} takes the whole user name`
          : 'for example --as-sa default or --as-sa kube-system/default',
      },
    );
  }
  return `system:serviceaccount:${of}:${name}`;
}

function headerOf({ overrides }: AuthorizationInput): Authorization | undefined {
  const { flag = '', value } = overrides.requestAuthorization ?? {};
  return value === undefined ? undefined : { kind: 'header', value, origin: { kind: 'flag', text: flag } };
}

function tokenOf({ user, overrides, cwd }: AuthorizationInput): Authorization | undefined {
  if (overrides.token !== undefined) {
    return { kind: 'token', token: new Secret(overrides.token), origin: { kind: 'flag', text: '--token' } };
  }
  if (overrides.tokenFile !== undefined) {
    const path = resolve(cwd, overrides.tokenFile);
    return { kind: 'token-file', path, origin: { kind: 'flag', text: '--token-file' } };
  }
  if (user?.tokenFile !== undefined) {
    return { kind: 'token-file', path: user.tokenFile, fallback: user.token, origin: user.origin };
  }
  return user?.token === undefined ? undefined : { kind: 'token', token: user.token, origin: user.origin };
}

function basicOf({ user, overrides }: AuthorizationInput): Authorization | undefined {
  const name: Sourced<string> | undefined =
    overrides.username === undefined
      ? user?.username === undefined
        ? undefined
        : { value: user.username, origin: user.origin }
      : { value: overrides.username, origin: { kind: 'flag', text: '--username' } };
  // A password without a user name is not a credential.
  if (name === undefined) return undefined;
  const password =
    overrides.password === undefined ? (user?.password ?? new Secret('')) : new Secret(overrides.password);
  return { kind: 'basic', username: name.value, password, origin: name.origin };
}

function refuseTwoMethods(user: UserEntry): void {
  const token = user.token ?? user.tokenFile;
  const basic = user.username ?? user.password;
  if (token === undefined || basic === undefined) return;
  throw new ConfigError(
    `more than one authentication method found for ${user.name}; found [token basicAuth], only one is allowed: the two from ${user.origin.text}`,
    { code: 'AuthenticationConflict', hint: 'send either a token or a user name with a password' },
  );
}

const execVersions = ['client.authentication.k8s.io/v1', 'client.authentication.k8s.io/v1beta1'] as const;
const interactiveModes = ['Never', 'IfAvailable', 'Always'] as const;

function readExec(entry: ExecEntry, user: UserEntry, cluster: ClusterEntry | undefined): ExecSpec {
  const wrong = (problem: string, hint?: string): ConfigError =>
    new ConfigError(`${problem} (from ${user.origin.text})`, { code: 'ExecInvalid', hint });
  const use = `for ${user.name} to use exec authentication plugin`;
  if (entry.command === undefined) throw wrong(`command must be specified ${use}`);
  if (entry.apiVersion === undefined) throw wrong(`apiVersion must be specified ${use}`);
  const apiVersion = execVersions.find((version) => version === entry.apiVersion);
  if (apiVersion === undefined) {
    throw wrong(
      `exec plugin: invalid apiVersion ${JSON.stringify(entry.apiVersion)}`,
      `kapi speaks ${execVersions.join(' and ')}; a newer plugin, or its command that writes the kubeconfig, provides one of them`,
    );
  }
  if (entry.env.some((variable) => variable.name === ''))
    throw wrong(`env variable name must be specified ${use}`);
  // v1 requires interactiveMode. Plugins of older versions used a terminal if there was one.
  const mode = entry.interactiveMode ?? (apiVersion === execVersions[1] ? 'IfAvailable' : undefined);
  if (mode === undefined) {
    throw wrong(
      `interactiveMode must be specified ${use}`,
      `add interactiveMode: ${interactiveModes.join(', ')}`,
    );
  }
  const interactiveMode = interactiveModes.find((known) => known === mode);
  if (interactiveMode === undefined) {
    throw wrong(
      `invalid interactiveMode for ${user.name}: ${JSON.stringify(mode)}`,
      `it is one of ${interactiveModes.join(', ')}`,
    );
  }
  return {
    apiVersion,
    command: entry.command,
    args: entry.args,
    env: entry.env,
    interactiveMode,
    provideClusterInfo: entry.provideClusterInfo,
    installHint: entry.installHint,
    clusterExtension: cluster?.execExtension,
    origin: user.origin,
  };
}

function authProviderError(name: string, origin: Origin): ConfigError {
  const plugins: Readonly<Record<string, string>> = {
    gcp: 'gke-gcloud-auth-plugin: gcloud container clusters get-credentials writes such an entry',
    azure: 'kubelogin: kubelogin convert-kubeconfig writes such an entry',
    oidc: 'kubelogin (kubectl oidc-login): its setup command writes such an entry',
  };
  return new ConfigError(`auth-provider ${JSON.stringify(name)} is not supported (from ${origin.text})`, {
    code: 'AuthProviderUnsupported',
    hint: `use an exec plugin instead, ${plugins[name] ?? 'the one your provider has'}`,
  });
}

function readExtra(pairs: readonly string[]): Readonly<Record<string, readonly string[]>> {
  const extra = new Map<string, string[]>();
  for (const pair of pairs) {
    const equals = pair.indexOf('=');
    if (equals <= 0) {
      throw new UsageError('--as-user-extra wants key=value', { code: 'ImpersonationInvalid' });
    }
    const key = pair.slice(0, equals);
    extra.set(key, [...(extra.get(key) ?? []), pair.slice(equals + 1)]);
  }
  return Object.fromEntries(extra);
}

function withoutUser(user: UserEntry | undefined, byFlag: boolean): UsageError | ConfigError {
  const message = 'requesting uid, groups or user-extra without impersonating a user';
  const details = { code: 'ImpersonationInvalid', hint: 'name the user with --as' };
  return byFlag || user === undefined
    ? new UsageError(message, details)
    : new ConfigError(
        `requesting uid, groups or user-extra for ${user.name} without impersonating a user (from ${user.origin.text})`,
        details,
      );
}
