// The credentials as arguments of a curl command: certificate, Authorization, impersonation. Writes
// a secret only if the user asked for it; otherwise the command reads it from its file, from kapi
// or from a variable.

import type { PemSource } from '../config/cluster-config.ts';
import { encodeExtraKey } from '../model/extra-key.ts';
import type { RequestSpec } from '../model/request.ts';
import { nestedKapi, type CurlFacts, type Warn } from './curl-facts.ts';
import { headerText, variable } from './header-words.ts';
import { expandingWord, printfCommand, shellWord, type Expansion } from '../model/shell-words.ts';

/**
 * Returns `--cert` and `--key`: files if there are files, otherwise the output of `kapi config`.
 */
export function clientCertificateWords(facts: CurlFacts): string[] {
  const { config, resolved } = facts;
  if (!config.server.value.startsWith('https:')) return [];
  const pair = config.clientCertificate;
  if (pair !== undefined) {
    return [
      `--cert ${pemWord('cert', pair.certificate, pair.certificate.pem, facts)}`,
      `--key ${pemWord('key', pair.key, pair.key.pem.expose(), facts)}`,
    ];
  }
  if (resolved?.certificate === undefined) return [];
  const { certificate, key } = resolved.certificate;
  return [
    `--cert ${pemWord('cert', undefined, certificate, facts)}`,
    `--key ${pemWord('key', undefined, key.expose(), facts)}`,
  ];
}

function pemWord(view: 'cert' | 'key', source: PemSource | undefined, pem: string, facts: CurlFacts): string {
  if (source?.path === undefined) {
    return `<(${facts.showSecrets ? printfCommand(pem) : nestedKapi(view, facts)})`;
  }
  // --cert reads the text after a colon as the passphrase.
  return shellWord(view === 'cert' ? source.path.replaceAll(/[\\:]/g, '\\$&') : source.path);
}

/** Returns the Authorization of the request, else that of the cluster. */
export function authorizationWords(request: RequestSpec, facts: CurlFacts, warn: Warn): string[] {
  if (request.omitHeaders?.includes('authorization') === true) return [];
  const own = request.headers?.['authorization'];
  if (own !== undefined) {
    const value = typeof own === 'string' ? own : own.join(', ');
    if (value === '') return [`-H ${shellWord(headerText('Authorization', ''))}`];
    return [facts.showSecrets ? shownAuthorization(value) : hiddenAuthorization(value, warn)];
  }
  if (!facts.showSecrets) return clusterAuthorization(facts, warn);
  const value = facts.resolved?.authorization?.expose();
  return value === undefined ? [] : [shownAuthorization(value)];
}

function clusterAuthorization(facts: CurlFacts, warn: Warn): string[] {
  const { authorization } = facts.config;
  const byKapi = bearer({ shell: `$(${nestedKapi('token', facts)})` });
  switch (authorization.kind) {
    case 'none':
      return [];
    case 'token':
      return authorization.origin.kind === 'flag'
        ? [bearer(variable('TOKEN', authorization.origin.text, warn))]
        : [byKapi];
    case 'token-file':
      // The `token` of the entry is the fallback while the file is missing or empty; only kapi
      // knows when.
      return authorization.fallback === undefined
        ? [bearer({ shell: `$(cat ${shellWord(authorization.path)})` })]
        : [byKapi];
    case 'header':
      return [hiddenAuthorization(authorization.value.expose(), warn)];
    case 'basic':
      return [basic(authorization.username, variable('PASSWORD', authorization.origin.text, warn))];
    case 'exec':
      return facts.resolved?.authorization === undefined ? [] : [byKapi];
  }
}

function shownAuthorization(value: string): string {
  const user = basicUser(value);
  return user === undefined
    ? `-H ${shellWord(`Authorization: ${value}`)}`
    : `-u ${shellWord(`${user.name}:${user.password}`)}`;
}

function hiddenAuthorization(value: string, warn: Warn): string {
  const from = 'the Authorization of this command line';
  const user = basicUser(value);
  if (user !== undefined) return basic(user.name, variable('PASSWORD', from, warn));
  if (/^Bearer /i.test(value)) return bearer(variable('TOKEN', from, warn));
  return `-H ${expandingWord('Authorization: ', variable('AUTHORIZATION', from, warn))}`;
}

function bearer(token: Expansion): string {
  return `-H ${expandingWord('Authorization: Bearer ', token)}`;
}

function basic(username: string, password: Expansion): string {
  return `-u ${expandingWord(`${username}:`, password)}`;
}

/** Splits a Basic value into the two parts of -u. Undefined for anything else. */
function basicUser(value: string): { name: string; password: string } | undefined {
  const encoded = /^Basic ([A-Za-z0-9+/]+={0,2})$/i.exec(value)?.[1];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon < 0 ? undefined : { name: text.slice(0, colon), password: text.slice(colon + 1) };
}

/**
 * Returns the impersonation headers.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation
 */
export function impersonationWords(request: RequestSpec, { config: { impersonation } }: CurlFacts): string[] {
  // As in the transport, a request with its own impersonation headers replaces the whole identity.
  const own = Object.keys(request.headers ?? {}).some((name) => name.startsWith('impersonate-'));
  if (impersonation === undefined || own || request.asCaller === true) return [];
  const { user, uid, groups, extra } = impersonation;
  const lines: (readonly [name: string, value: string])[] = [
    ['Impersonate-User', user],
    ...(uid === undefined ? [] : [['Impersonate-Uid', uid] as const]),
    ...groups.map((group) => ['Impersonate-Group', group] as const),
    ...Object.entries(extra).flatMap(([key, values]) =>
      values.map((value) => [`Impersonate-Extra-${encodeExtraKey(key)}`, value] as const),
    ),
  ];
  return lines
    .filter(([name]) => request.omitHeaders?.includes(name.toLowerCase()) !== true)
    .map(([name, value]) => `-H ${shellWord(headerText(name, value))}`);
}
