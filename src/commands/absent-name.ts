// Finds the probable object for a name that does not exist. Entry point: withNearNames(). main
// calls it after a 404.

import { askAccess } from '../api/access-review.ts';
import { readJson } from '../api/read.ts';
import { isSuccess, statusOf } from '../api/status.ts';
import { hintFor as usualHint } from '../api/status-hints.ts';
import { ConnectionError, PartialFailure, RefusedError, ServerError, type KapiError } from '../errors.ts';
import { arrayAt, isJsonObject, objectAt, stringAt } from '../model/object.ts';
import { nearest } from '../model/nearest.ts';
import { pathnameOf } from '../model/request.ts';
import { requestInfoOf, type ResourceRequest } from '../model/request-info.ts';
import { suggestedInstead } from '../model/suggestion.ts';
import type { Deps } from './deps.ts';
import { missingNamespaceHint } from './missing-namespace.ts';

/** Max number of names that are read. */
const maxNames = 500;

/**
 * Adds the nearest existing names to each 404 of a named object. Reads one list of metadata without
 * a second page, and adds nothing if the user cannot list. If no name is near, keeps a hint to
 * search all namespaces only if the user can list there.
 * @returns the same failure with another hint
 */
export async function withNearNames(thrown: unknown, deps: Deps): Promise<unknown> {
  if (deps.globals.curl) return thrown;
  const places = new Map<string, Promise<Place>>();
  if (!(thrown instanceof PartialFailure)) return explained(thrown, places, deps);
  const failures: KapiError[] = [];
  for (const failure of thrown.failures) failures.push(await explained(failure, places, deps));
  const [first, ...others] = failures;
  return first === undefined ? thrown : new PartialFailure([first, ...others]);
}

/** What is known about the namespace and type of the absent object. */
interface Place {
  /** Undefined if the server refuses the list. */
  readonly names: readonly string[] | undefined;
  /** A sentence that the namespace does not exist. */
  readonly missing: string | undefined;
  readonly canListAllNamespaces: () => Promise<boolean>;
}

async function explained<Thrown>(
  thrown: Thrown,
  places: Map<string, Promise<Place>>,
  deps: Deps,
): Promise<Thrown | RefusedError> {
  const request = absentObject(thrown);
  if (request === undefined || !(thrown instanceof RefusedError) || !hasUsualHint(thrown)) return thrown;
  const path = collectionOf(pathnameOf(thrown.facts.path), request);
  const place = places.get(path) ?? lookAt(path, request, deps);
  places.set(path, place);
  const { message, code, facts, prefix, causes, cause } = thrown;
  const hint = await hintFor(request, thrown.hint, await place);
  return new RefusedError(message, { code, facts, prefix, causes, cause, hint });
}

/**
 * True if the hint is the usual one. A hint of the command itself, such as where the name came
 * from, is kept.
 */
function hasUsualHint(error: RefusedError): boolean {
  const status = statusOf(error);
  return status !== undefined && (error.hint ?? '') === (usualHint(error.facts, status) ?? '');
}

async function lookAt(path: string, request: ResourceRequest, deps: Deps): Promise<Place> {
  const names = await namesIn(path, deps);
  const missing = names?.length === 0 ? await missingNamespaceHint(request.namespace, deps) : undefined;
  let answer: Promise<boolean> | undefined;
  return { names, missing, canListAllNamespaces: () => (answer ??= canListAllNamespaces(request, deps)) };
}

/**
 * Returns the object of a 404. Undefined for other failures, and if something that the name needs
 * (its namespace) does not exist.
 */
function absentObject(thrown: unknown): ResourceRequest | undefined {
  if (!(thrown instanceof RefusedError) || thrown.facts.httpStatus !== 404) return undefined;
  if (thrown.facts.method !== 'GET' || thrown.facts.answeredBy !== undefined) return undefined;
  const info = requestInfoOf(thrown.facts);
  const name = statusOf(thrown)?.details?.name ?? '';
  return info.kind === 'resource' && name !== '' && name === info.name ? info : undefined;
}

async function hintFor(
  { name, namespace }: ResourceRequest,
  hint: string | undefined,
  { names = [], missing, canListAllNamespaces }: Place,
): Promise<string | undefined> {
  const near = nearest(name, names).filter((each) => each !== name);
  if (near.length > 0) {
    return `did you mean ${near.map((each) => suggestedInstead('name', name, each)).join(' or ')}?`;
  }
  if (missing !== undefined) return missing;
  if (namespace === '' || (await canListAllNamespaces())) return hint;
  return `looked in namespace ${JSON.stringify(namespace)} alone`;
}

function collectionOf(path: string, { resource }: ResourceRequest): string {
  const at = path.lastIndexOf(`/${resource}/`);
  return at < 0 ? path : path.slice(0, at + resource.length + 1);
}

/**
 * Returns the existing names. Undefined if the server refuses. Never receives values: a server
 * without metadata-only responses answers 406.
 */
async function namesIn(path: string, deps: Deps): Promise<readonly string[] | undefined> {
  const request = {
    method: 'GET',
    path: `${path}?limit=${maxNames}`,
    headers: { accept: 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io' },
    retry: false,
  };
  try {
    const response = await (await deps.send())(request, { signal: deps.signal });
    if (!isSuccess(response)) {
      response.cancel();
      return undefined;
    }
    const list = await readJson(response, request);
    if (!isJsonObject(list)) return undefined;
    const items = arrayAt(list, 'items').filter(isJsonObject);
    return items.map((item) => stringAt(objectAt(item, 'metadata'), 'name'));
  } catch (thrown) {
    if (!isServersAnswer(thrown)) throw thrown;
    return undefined;
  }
}

/** True if the user can list in all namespaces, or if the server does not answer the question. */
async function canListAllNamespaces(request: ResourceRequest, deps: Deps): Promise<boolean> {
  const question = { ...request, verb: 'list', namespace: '', name: '', subresource: '' };
  try {
    return (await askAccess(await deps.send(), question, { signal: deps.signal })).allowed;
  } catch (thrown) {
    if (!isServersAnswer(thrown)) throw thrown;
    return true;
  }
}

function isServersAnswer(thrown: unknown): boolean {
  return [RefusedError, ServerError, ConnectionError].some((kind) => thrown instanceof kind);
}
