// Asks the server who the user is: SelfSubjectReview, its older versions, and the name in a
// refusal. Entry points: askWhoAmI(), askRefusedName(). What the credentials themselves tell is not
// part of the API.

import { RefusedError } from '../errors.ts';
import { stringsAt, isJsonObject, objectAt, stringAt, type Json, type JsonObject } from '../model/object.ts';
import type { RequestSpec, Send, SendOptions } from '../model/request.ts';
import { sourceOf, unexpectedResponse, type ResponseSource } from './response-source.ts';
import { readJson } from './read.ts';
import { isImpersonationRefused, readRefusal, type Refusal } from './refusal.ts';
import { errorOf, isSuccess, statusOf } from './status.ts';

/**
 * The user as the server authenticates it.
 * @see https://kubernetes.io/docs/reference/kubernetes-api/authentication-resources/self-subject-review-v1/
 */
export interface UserInfo {
  /** Empty if the server sends none. */
  readonly username: string;
  readonly uid: string;
  readonly groups: readonly string[];
  readonly extra: Readonly<Record<string, readonly string[]>>;
}

export type WhoAmI =
  /** The response of the server. */
  | { readonly kind: 'user'; readonly user: UserInfo; readonly document: JsonObject }
  /** The server refused the review. `username` is the name in its refusal, or empty. */
  | { readonly kind: 'forbidden'; readonly username: string; readonly error: RefusedError }
  /** The server has no version of the API (before Kubernetes 1.26, or disabled). */
  | { readonly kind: 'missing'; readonly error: RefusedError };

/** Versions of the API, served since 1.28, 1.27 and 1.26. The newest servers have only `v1`. */
const versions = ['v1', 'v1beta1', 'v1alpha1'] as const;

/**
 * Builds the review.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/authentication/#self-subject-review
 */
export function buildSelfReview(version: (typeof versions)[number]): RequestSpec {
  return {
    method: 'POST',
    path: `/apis/authentication.k8s.io/${version}/selfsubjectreviews`,
    headers: { accept: 'application/json', 'content-type': 'application/json' },
    body: JSON.stringify({ apiVersion: `authentication.k8s.io/${version}`, kind: 'SelfSubjectReview' }),
    // A review creates nothing, so a retry is harmless.
    retry: true,
  };
}

/**
 * Asks the server as whom it authenticates this client. Tries the versions of the API from newest
 * to oldest.
 * @throws RefusedError 401, or 403 if impersonation is refused
 * @throws ServerError, ConnectionError
 */
export async function askWhoAmI(send: Send, options: SendOptions = {}): Promise<WhoAmI> {
  let missing: RefusedError | undefined;
  for (const version of versions) {
    const request = buildSelfReview(version);
    const response = await send(request, options);
    if (isSuccess(response)) {
      const json = await readJson(response, request);
      return { kind: 'user', ...decodeSelfReview(json, sourceOf(request, response)) };
    }
    const error = await errorOf(request, response);
    if (!(error instanceof RefusedError)) throw error;
    if (error.facts.httpStatus === 403 && !isAboutSomethingElse(error)) {
      return { kind: 'forbidden', username: refusedName(error) ?? '', error };
    }
    if (error.facts.httpStatus !== 404) throw error;
    missing ??= error;
  }
  if (missing === undefined) throw new RangeError('no version was asked');
  return { kind: 'missing', error: missing };
}

/**
 * True if impersonation was refused. The name in such a refusal is not the name of the impersonated
 * user.
 */
function isAboutSomethingElse(error: RefusedError): boolean {
  const refusal = refusalOf(error);
  const kind = statusOf(error)?.details?.kind ?? '';
  return (
    (refusal !== undefined && isImpersonationRefused(refusal)) ||
    (kind !== '' && kind !== 'selfsubjectreviews')
  );
}

/**
 * Decodes a SelfSubjectReview.
 * @throws ServerError `UnexpectedAnswer`
 */
export function decodeSelfReview(
  json: Json,
  source: ResponseSource,
): { readonly user: UserInfo; readonly document: JsonObject } {
  const info = isJsonObject(json) ? objectAt(objectAt(json, 'status'), 'userInfo') : undefined;
  if (!isJsonObject(json) || info === undefined) throw unexpectedResponse(source, 'no SelfSubjectReview');
  const extra = objectAt(info, 'extra') ?? {};
  return {
    document: json,
    user: {
      username: stringAt(info, 'username'),
      uid: stringAt(info, 'uid'),
      groups: stringsAt(info, 'groups'),
      extra: Object.fromEntries(Object.keys(extra).map((key) => [key, stringsAt(extra, key)])),
    },
  };
}

/**
 * A path that no server has and that hardly any user can read. The refusal of the server names the
 * user.
 */
const nowhere = '/kapi-asks-for-its-name';

/**
 * Returns the user name from the refusal of a request. For servers without SelfSubjectReview.
 * @returns undefined if the server did not refuse (administrators), or if the refusal has no name
 * @throws RefusedError for a refusal other than 403 and 404
 * @throws ServerError, ConnectionError
 */
export async function askRefusedName(send: Send, options: SendOptions = {}): Promise<string | undefined> {
  const request: RequestSpec = { method: 'GET', path: nowhere, headers: { accept: 'application/json' } };
  const response = await send(request, options);
  if (isSuccess(response)) {
    response.cancel();
    return undefined;
  }
  const error = await errorOf(request, response);
  if (error instanceof RefusedError && error.facts.httpStatus === 404) return undefined;
  if (error instanceof RefusedError && error.facts.httpStatus === 403) return refusedName(error);
  throw error;
}

/** Returns the user name in a Forbidden response. Undefined if it has none. */
export function refusedName(error: RefusedError): string | undefined {
  return refusalOf(error)?.username;
}

function refusalOf(error: RefusedError): Refusal | undefined {
  return readRefusal(statusOf(error)?.message ?? '');
}
