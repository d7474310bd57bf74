// Authenticates requests: client certificates, bearer tokens, anonymous users; and checks
// impersonation. Entry points: authenticate, impersonate. rbac.ts decides what the user can do.

import type { TokenClaims } from '../types/tokens.ts';
import type { SandboxState } from '../store/state.ts';
import { createHash } from 'node:crypto';
import type { PeerCertificate as PeerCertificateOfNode, TLSSocket } from 'node:tls';
import { stringAt } from '../../model/object.ts';
import { authorize } from './rbac.ts';
import { badRequest, forbidden, unauthorized } from '../http/status.ts';
import { keyOf } from '../store/store.ts';
import { tokenIssuer } from './tokens.ts';
import type { AccessAttributes, UserInfo } from '../types/types.ts';

const credentialId = 'authentication.kubernetes.io/credential-id';

/** The user of a request without credentials. */
export const anonymous: UserInfo = {
  username: 'system:anonymous',
  uid: '',
  groups: ['system:unauthenticated'],
  extra: {},
};

/** The input of authentication. */
export interface Credentials {
  readonly certificate: PeerCertificate | undefined;
  /** Value of the Authorization header. Empty if there is none. */
  readonly authorization: string;
}

/** The part of a client's certificate that the sandbox uses. */
export interface PeerCertificate {
  /** True if the sandbox's authority signed it, it is not expired, and it is for clients. */
  readonly trusted: boolean;
  readonly commonName: string;
  readonly organizations: readonly string[];
  readonly der: Buffer;
}

/** Returns the client's certificate of a connection. Undefined if the client sent none. */
export function peerCertificateOf(socket: TLSSocket): PeerCertificate | undefined {
  // Node's types promise a certificate, but Node returns an empty object if the client sent none.
  const certificate: Partial<PeerCertificateOfNode> = socket.getPeerCertificate();
  if (certificate.raw === undefined || certificate.subject === undefined) return undefined;
  const { CN, O }: { CN?: string | string[]; O?: string | string[] } = certificate.subject;
  return {
    trusted: socket.authorized,
    commonName: [CN ?? ''].flat()[0] ?? '',
    organizations: O === undefined ? [] : [O].flat(),
    der: certificate.raw,
  };
}

/**
 * Authenticates in the order of the real server: certificate, then token, then anonymous. Refuses
 * invalid credentials and never treats them as absent.
 * @throws StatusError 401
 * @see
 *   https://kubernetes.io/docs/reference/access-authn-authz/authentication/#authentication-strategies
 */
export function authenticate(state: SandboxState, credentials: Credentials): UserInfo {
  const { certificate, authorization } = credentials;
  if (certificate?.trusted === true && certificate.commonName !== '') return userOfCertificate(certificate);
  const token = /^bearer\s+(.*)$/i.exec(authorization.trim())?.[1]?.trim() ?? '';
  if (token !== '') {
    const user = userOfToken(state, token, [tokenIssuer]);
    if (user === undefined) throw unauthorized();
    return user;
  }
  if (certificate !== undefined) throw unauthorized();
  return anonymous;
}

function userOfCertificate(certificate: PeerCertificate): UserInfo {
  const fingerprint = createHash('sha256').update(certificate.der).digest('hex');
  return {
    username: certificate.commonName,
    uid: '',
    groups: [...certificate.organizations, 'system:authenticated'],
    extra: { [credentialId]: [`X509SHA256=${fingerprint}`] },
  };
}

/**
 * Returns the user of a static or service account token for one of the audiences. Undefined if the
 * token is not valid.
 */
export function userOfToken(
  state: SandboxState,
  token: string,
  audiences: readonly string[],
): UserInfo | undefined {
  const known = state.staticTokens.get(token);
  if (known !== undefined) return known;
  const claims = state.tokens.read(token, state.now());
  if (claims === undefined || !audiences.some((audience) => claims.audiences.includes(audience))) {
    return undefined;
  }
  return isStillBound(state, claims) ? userOfClaims(claims) : undefined;
}

/**
 * True if the service account, and the pod or secret that the token is bound to, still exist with
 * the same uid.
 */
function isStillBound(state: SandboxState, claims: TokenClaims): boolean {
  const has = (type: string, name: string, uid: string): boolean =>
    stringAt(state.store.get(type, keyOf(claims.namespace, name))?.metadata, 'uid') === uid;
  return (
    has('serviceaccounts', claims.serviceAccount, claims.serviceAccountUid) &&
    (claims.boundPod === undefined || has('pods', claims.boundPod.name, claims.boundPod.uid)) &&
    (claims.boundSecret === undefined || has('secrets', claims.boundSecret.name, claims.boundSecret.uid))
  );
}

function userOfClaims(claims: TokenClaims): UserInfo {
  const pod = claims.boundPod;
  return {
    username: `system:serviceaccount:${claims.namespace}:${claims.serviceAccount}`,
    uid: claims.serviceAccountUid,
    groups: [...serviceAccountGroups(claims.namespace), 'system:authenticated'],
    extra: {
      [credentialId]: [`JTI=${claims.id}`],
      ...(pod === undefined
        ? {}
        : {
            'authentication.kubernetes.io/pod-name': [pod.name],
            'authentication.kubernetes.io/pod-uid': [pod.uid],
          }),
    },
  };
}

function serviceAccountGroups(namespace: string): readonly string[] {
  return ['system:serviceaccounts', `system:serviceaccounts:${namespace}`];
}

/** The impersonation headers of a request. */
export interface ImpersonationHeaders {
  readonly user: string;
  readonly uid: string;
  readonly groups: readonly string[];
  readonly extra: Readonly<Record<string, readonly string[]>>;
}

/**
 * Reads the impersonation headers. `raw` has every value of a header separately, as bytes that Node
 * read as Latin-1.
 */
export function impersonationHeadersOf(
  raw: Readonly<Record<string, readonly string[] | undefined>>,
): ImpersonationHeaders {
  const extra: Record<string, readonly string[]> = {};
  const distinct: Record<string, readonly string[] | undefined> = Object.fromEntries(
    Object.entries(raw)
      .filter(([name]) => name.startsWith('impersonate-'))
      .map(([name, values]) => [name, values?.map((value) => Buffer.from(value, 'latin1').toString('utf8'))]),
  );
  for (const [name, values] of Object.entries(distinct)) {
    if (!name.startsWith('impersonate-extra-') || values === undefined) continue;
    const key = name.slice('impersonate-extra-'.length);
    try {
      extra[decodeURIComponent(key)] = values;
    } catch {
      // A key that is not valid percent-encoding is used unchanged.
      extra[key] = values;
    }
  }
  return {
    user: distinct['impersonate-user']?.[0] ?? '',
    uid: distinct['impersonate-uid']?.[0] ?? '',
    groups: distinct['impersonate-group'] ?? [],
    extra,
  };
}

/**
 * Returns the user of the impersonation headers if the real user has the right to impersonate it,
 * or the real user if there are no such headers.
 * @throws StatusError 400 for headers without a user, 403 if the right is missing
 * @see https://kubernetes.io/docs/reference/access-authn-authz/user-impersonation/
 */
export function impersonate(state: SandboxState, real: UserInfo, headers: ImpersonationHeaders): UserInfo {
  const { user, uid, groups, extra } = headers;
  const extraKeys = Object.keys(extra);
  if (user === '') {
    if (uid === '' && groups.length === 0 && extraKeys.length === 0) return real;
    throw badRequest(`requested ${describeRequest(headers)} without impersonating a user name`);
  }
  const account = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(user);
  const [, namespace = '', accountName = ''] = account ?? [];
  if (account === null) require(state, real, { resource: 'users', name: user });
  else require(state, real, { resource: 'serviceaccounts', namespace, name: accountName });
  for (const group of groups) require(state, real, { resource: 'groups', name: group });
  for (const [key, values] of Object.entries(extra)) {
    for (const value of values) {
      require(state, real, {
        group: 'authentication.k8s.io',
        resource: 'userextras',
        subresource: key,
        name: value,
      });
    }
  }
  if (uid !== '') require(state, real, { group: 'authentication.k8s.io', resource: 'uids', name: uid });

  const own = groups.length === 0 && account !== null ? serviceAccountGroups(namespace) : groups;
  const status = user === anonymous.username ? 'system:unauthenticated' : 'system:authenticated';
  return {
    username: user,
    uid,
    groups: own.includes(status) ? own : [...own, status],
    extra,
  };
}

function require(
  state: SandboxState,
  user: UserInfo,
  what: {
    group?: string;
    resource: string;
    subresource?: string;
    namespace?: string;
    name: string;
  },
): void {
  const attributes: AccessAttributes = {
    kind: 'resource',
    verb: 'impersonate',
    group: what.group ?? '',
    version: what.group === undefined ? '' : 'v1',
    resource: what.resource,
    subresource: what.subresource ?? '',
    namespace: what.namespace ?? '',
    name: what.name,
  };
  const decision = authorize(state.rbac, user, attributes);
  if (!decision.allowed) throw accessDenied(user, attributes, decision.reason);
}

/** Makes the 403 for a denied request. */
export function accessDenied(user: UserInfo, attributes: AccessAttributes, reason: string): Error {
  const suffix = reason === '' ? '' : `: ${reason}`;
  const who = `User ${JSON.stringify(user.username)} cannot ${attributes.verb}`;
  if (attributes.kind === 'path') {
    return forbidden(
      { group: '', resource: '' },
      '',
      `${who} path ${JSON.stringify(attributes.path)}${suffix}`,
    );
  }
  const { group, resource, subresource, namespace, name } = attributes;
  const what = subresource === '' ? resource : `${resource}/${subresource}`;
  const where = namespace === '' ? 'at the cluster scope' : `in the namespace ${JSON.stringify(namespace)}`;
  return forbidden(
    { group, resource },
    name,
    `${who} resource ${JSON.stringify(what)} in API group ${JSON.stringify(group)} ${where}${suffix}`,
  );
}

/** Formats the requested user like Go's `%#v`, as the real server does. */
function describeRequest({ uid, groups, extra }: ImpersonationHeaders): string {
  const list = (values: readonly string[]): string =>
    `[]string{${values.map((value) => JSON.stringify(value)).join(', ')}}`;
  const keys = Object.keys(extra).sort();
  const extraText =
    keys.length === 0
      ? 'map[string][]string(nil)'
      : `map[string][]string{${keys.map((key) => `${JSON.stringify(key)}:${list(extra[key] ?? [])}`).join(', ')}}`;
  const groupText = groups.length === 0 ? '[]string(nil)' : list(groups);
  return `&user.DefaultInfo{Name:"", UID:${JSON.stringify(uid)}, Groups:${groupText}, Extra:${extraText}}`;
}
