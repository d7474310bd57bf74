// Resolves the target of kapi curl: an absolute path, a URL of the cluster's own server, or a path
// relative to the namespace. Entry point: resolveTarget(). addQuery() and addDryRun() add
// parameters.

import { checkSegments } from '../api/object-request.ts';
import { suggested } from '../model/suggestion.ts';
import { pathnameOf } from '../model/request.ts';
import { requestInfoOf } from '../model/request-info.ts';
import { UsageError } from '../errors.ts';
import { resourcePath } from '../model/resource.ts';
import { withoutLogins } from '../model/secret.ts';
import type { Deps } from './deps.ts';

/**
 * Resolves a target.
 * @returns path and query of the API, beginning with a slash and without the prefix of the server
 * @throws UsageError for a URL of another server, an unknown type, or characters that a path cannot
 *   contain
 */
export async function resolveTarget(target: string, deps: Deps): Promise<string> {
  // Drops the fragment, as curl does.
  const text = target.replace(/#.*$/s, '');
  const path = text.startsWith('/')
    ? text
    : /^[a-z][a-z0-9+.-]*:\/\//i.test(text)
      ? pathOfUrl(text, (await deps.config()).server.value)
      : await relativePath(text, deps);
  if (/[^\x21-\x7e]/.test(path)) {
    throw new UsageError(`${JSON.stringify(target)} contains characters that must be percent-encoded`, {
      code: 'PathInvalid',
      hint: "-G --data-urlencode 'labelSelector=app in (web,api)' encodes a query",
    });
  }
  return path;
}

/**
 * Returns the part of a URL after the server, unchanged. Pure.
 * @param server origin and prefix
 * @param command the words of kapi before a path, for the hint
 */
export function pathOfUrl(text: string, server: string, command: readonly string[] = ['curl']): string {
  const elsewhere = (why: string): UsageError =>
    new UsageError(`${JSON.stringify(withoutLogins(text))} ${why}`, {
      code: 'ForeignUrl',
      hint: `the server is ${server}, and kapi sends credentials only there; a path is enough: ${suggested(...command, pathIn(text))}`,
    });
  if (!URL.canParse(text)) throw elsewhere('is not a URL');
  const url = new URL(text);
  const home = new URL(server);
  if (url.username !== '' || url.password !== '') throw elsewhere('contains a login: give it with -u');
  if (url.origin !== home.origin) throw elsewhere("is not the cluster's server");
  const afterOrigin = text.replace(/^[^:]+:\/\/[^/?]*/, '');
  const prefix = home.pathname.replace(/\/+$/, '');
  const rest = afterOrigin.startsWith(prefix) ? afterOrigin.slice(prefix.length) : undefined;
  if (rest === undefined || !/^(?:[/?]|$)/.test(rest)) throw elsewhere("is outside the server's path prefix");
  return rest.startsWith('/') ? rest : `/${rest}`;
}

/** Returns the part after the host, for the same request to the cluster's own server. */
function pathIn(text: string): string {
  const path = text.replace(/^[^:]+:\/\/[^/?]*/, '');
  return path.startsWith('/') ? path : '/version';
}

async function relativePath(text: string, deps: Deps): Promise<string> {
  const query = text.slice(pathnameOf(text).length);
  const [word = '', ...rest] = pathnameOf(text).split('/');
  const types = await resolveType(word, text, deps);
  const [type, other] = types;
  if (type === undefined || other !== undefined) {
    throw new UsageError(`${JSON.stringify(word)} means several types, and one request asks for one`, {
      code: 'SeveralTypes',
      hint: types.map(({ resource }) => resource).join(', '),
    });
  }
  const namespace = type.namespaced ? (await deps.config()).namespace.value : undefined;
  const [name, subresource] = rest.map(decodeSegment);
  checkSegments({ namespace, name, subresource });
  return [resourcePath(type, { namespace }), ...rest].join('/') + query;
}

/** Decodes a segment as the server does. Invalid encoding is not changed. */
function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    // The API server answers 400 to it.
    return segment;
  }
}

async function resolveType(
  word: string,
  text: string,
  deps: Deps,
): ReturnType<Awaited<ReturnType<Deps['discovery']>>['resolve']> {
  try {
    return await (await deps.discovery()).resolve(word);
  } catch (thrown) {
    if (!(thrown instanceof UsageError) || thrown.code !== 'UnknownResourceType') throw thrown;
    const { message, code, hint } = thrown;
    const slash = `a path of the API begins with a slash: /${text}`;
    throw new UsageError(message, {
      code,
      hint: hint === undefined ? slash : `${slash}\n${hint}`,
      cause: thrown,
    });
  }
}

/**
 * Adds a parameter to a path.
 * @param parameter `name=value`, percent-encoded
 */
export function addQuery(path: string, parameter: string): string {
  return `${path}${path.includes('?') ? '&' : '?'}${parameter}`;
}

/** True for a path of an object or collection. False for a path behind a proxy subresource. */
export function isObjectPath(method: string, path: string): boolean {
  const info = requestInfoOf({ method, path });
  return info.kind === 'resource' && !/^proxy(\/|$)/.test(info.subresource);
}

const writingMethods = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);
/** Matches subresources that do not change the object and that ignore dryRun. */
const subresourcesWithoutDryRun = /^(?:proxy|exec|attach|portforward)(?:\/|$)/;

/**
 * Adds `dryRun=All` to a path.
 * @throws UsageError if the server would ignore it
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#dry-run
 */
export function addDryRun(method: string, path: string): string {
  if (!writingMethods.has(method)) {
    throw new UsageError(`--dry-run is for POST, PUT, PATCH and DELETE: a ${method} changes nothing`, {
      code: 'DryRunImpossible',
    });
  }
  const info = requestInfoOf({ method, path });
  if (info.kind === 'path' || subresourcesWithoutDryRun.test(info.subresource)) {
    throw new UsageError(
      `--dry-run has no meaning for ${pathnameOf(path)}: the server would carry out the request`,
      {
        code: 'DryRunImpossible',
      },
    );
  }
  const given = new URLSearchParams(path.slice(pathnameOf(path).length)).getAll('dryRun');
  if (given.length === 0) return addQuery(path, 'dryRun=All');
  if (given.every((value) => value === 'All')) return path;
  throw new UsageError(`the path says dryRun=${given.join(',')}, which is not --dry-run`, {
    code: 'DryRunImpossible',
  });
}
