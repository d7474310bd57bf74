// Decides which credentials an identity of the command line replaces. Entry point: decideIdentity.
// Pure.

import { UsageError } from '../errors.ts';
import { describeCommand, describePath } from '../model/path-value.ts';
import type { Origin, ReplacedCredential, ReplacedCredentials } from './cluster-config.ts';
import type { Overrides } from './input.ts';
import type { UserEntry } from './kubeconfig-schema.ts';
import type { ServerUrl } from './server-url.ts';

export interface IdentityInput {
  readonly user: UserEntry | undefined;
  /** The flags without empty ones. */
  readonly overrides: Overrides;
  readonly server: ServerUrl;
}

export interface DecidedIdentity {
  /** The user with the credentials that count. */
  readonly user: UserEntry | undefined;
  /** The server without the login that the command line replaces. */
  readonly server: ServerUrl;
  readonly isNamed: boolean;
  readonly replaced: ReplacedCredentials | undefined;
}

/**
 * Decides which credentials count.
 *
 * Credentials of the command line replace all others: those of the kubeconfig's user, the login in
 * the URL of its server, and the service account of the pod. As in kubectl, the kubeconfig only
 * completes half a credential: a password, a user name, or the key of `--client-certificate`. As in
 * kubectl, the impersonation of the kubeconfig (`as`) stays. The exception is an anonymous request:
 * without credentials there is nothing to impersonate with.
 * @throws UsageError `AuthenticationConflict` for flags that exclude each other,
 *   `PasswordWithoutUser`
 */
export function decideIdentity({ user, overrides, server }: IdentityInput): DecidedIdentity {
  const named = flagsThatName(overrides, server);
  refuseContradictions(named, overrides);
  if (overrides.password !== undefined && (overrides.username ?? user?.username) === undefined) {
    throw new UsageError('--password is given without a user name', {
      code: 'PasswordWithoutUser',
      hint: 'name the user with --username',
    });
  }
  const flags = [...named.authorization, ...named.certificate, ...named.anonymous];
  if (flags.length === 0) return { user, server, isNamed: false, replaced: undefined };
  const isAnonymous = named.authorization.length === 0 && named.certificate.length === 0;
  const isLoginReplaced = server.login !== undefined && server.server.origin.kind !== 'flag';
  const credentials = [
    ...(isLoginReplaced ? [credential('login in the URL', server.login.username, server.server.origin)] : []),
    ...(user === undefined ? [] : credentialsOf(user)),
    ...(user?.as !== undefined && isAnonymous && overrides.as === undefined && overrides.asSa === undefined
      ? [credential('impersonation', user.as, user.origin)]
      : []),
  ];
  return {
    user: user === undefined ? undefined : withoutCredentials(user, overrides, isAnonymous),
    server: isLoginReplaced ? { ...server, login: undefined } : server,
    isNamed: true,
    replaced: credentials.length === 0 ? undefined : { by: flags.join(' and '), credentials },
  };
}

interface NamingFlags {
  /** Flags that make the Authorization header. At most one is allowed. */
  readonly authorization: readonly string[];
  readonly certificate: readonly string[];
  /** Flags that ask for a request without credentials. */
  readonly anonymous: readonly string[];
}

function flagsThatName(overrides: Overrides, { login, server }: ServerUrl): NamingFlags {
  const { requestAuthorization: header } = overrides;
  return {
    authorization: [
      ...(overrides.token === undefined ? [] : ['--token']),
      ...(overrides.tokenFile === undefined ? [] : ['--token-file']),
      ...(overrides.username === undefined
        ? overrides.password === undefined
          ? []
          : ['--password']
        : ['--username']),
      ...(header?.value === undefined ? [] : [header.flag]),
      ...(login !== undefined && server.origin.kind === 'flag' ? [`the login in ${server.origin.text}`] : []),
    ],
    certificate: overrides.clientCertificate === undefined ? [] : ['--client-certificate'],
    anonymous: [
      ...(overrides.anonymous === true ? ['--anonymous'] : []),
      ...(header !== undefined && header.value === undefined ? [header.flag] : []),
    ],
  };
}

function refuseContradictions(named: NamingFlags, overrides: Overrides): void {
  const { authorization, certificate } = named;
  if (overrides.token !== undefined && overrides.tokenFile !== undefined) {
    throw conflict('--token and --token-file are both given, only one is allowed');
  }
  if (authorization.length > 1) {
    throw conflict(
      `more than one authentication method found in the flags: ${authorization.map(methodOf).join(' and ')}, only one is allowed`,
      'send either a token or a user name with a password',
    );
  }
  if (overrides.anonymous === true) {
    const others = [
      ...authorization,
      ...certificate,
      ...(overrides.clientKey === undefined ? [] : ['--client-key']),
      ...(overrides.user === undefined ? [] : ['--user']),
    ];
    if (others[0] !== undefined) {
      throw conflict(
        `--anonymous and ${others[0]} exclude each other: one sends no credentials, the other does`,
      );
    }
  }
  const omitting = named.anonymous.find((flag) => flag !== '--anonymous');
  if (omitting !== undefined && authorization[0] !== undefined) {
    throw conflict(`${authorization[0]} and an empty ${omitting} exclude each other`);
  }
}

function methodOf(flag: string): string {
  if (flag.startsWith('--token')) return 'a token';
  return flag === '--username' || flag === '--password' ? 'a user name or password' : flag;
}

/** Returns the credentials that a user entry would send, in the order of the message. */
function credentialsOf(user: UserEntry): ReplacedCredential[] {
  const { origin, exec } = user;
  const hasCertificate = user.clientCertificate !== undefined || user.clientCertificateData !== undefined;
  return [
    ...(hasCertificate
      ? [credential('client certificate', describePath(user.clientCertificate ?? ''), origin)]
      : []),
    ...(user.tokenFile !== undefined
      ? [credential('token file', describePath(user.tokenFile), origin)]
      : user.token !== undefined
        ? [credential('token', '', origin)]
        : []),
    ...(user.username === undefined ? [] : [credential('basic', user.username, origin)]),
    ...(exec === undefined ? [] : [credential('exec plugin', describeCommand(exec.command ?? ''), origin)]),
    ...(user.authProvider === undefined ? [] : [credential('auth provider', user.authProvider, origin)]),
  ];
}

function credential(kind: ReplacedCredential['kind'], detail: string, origin: Origin): ReplacedCredential {
  return { kind, detail, origin };
}

function withoutCredentials(user: UserEntry, overrides: Overrides, isAnonymous: boolean): UserEntry {
  const { name, origin, as, asUid, asGroups, asUserExtra } = user;
  const base: UserEntry = isAnonymous
    ? { name, origin, asGroups: [], asUserExtra: {} }
    : { name, origin, as, asUid, asGroups, asUserExtra };
  if (overrides.clientCertificate !== undefined && overrides.clientKey === undefined) {
    return { ...base, clientKey: user.clientKey, clientKeyData: user.clientKeyData };
  }
  if (overrides.username !== undefined) return { ...base, password: user.password };
  return overrides.password === undefined ? base : { ...base, username: user.username };
}

function conflict(message: string, hint?: string): UsageError {
  return new UsageError(message, { code: 'AuthenticationConflict', hint });
}
