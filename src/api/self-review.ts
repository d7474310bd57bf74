// Who the server says you are: SelfSubjectReview, its older versions, and the name in an answer that refuses. Entry points:
// askWhoAmI(), askRefusedName(). What credentials say of themselves is not the API's.

import { RefusedError } from '../errors.ts';
import { stringsAt, isJsonObject, objectAt, stringAt, type Json, type JsonObject } from '../model/object.ts';
import type { RequestSpec, Send, SendOptions } from '../model/request.ts';
import { sourceOf, unexpectedAnswer, type AnswerSource } from './answer.ts';
import { readJson } from './read.ts';
import { isImpersonationRefused, readRefusal, type Refusal } from './refusal.ts';
import { errorOf, isSuccess, statusOf } from './status.ts';

/** @see https://kubernetes.io/docs/reference/kubernetes-api/authentication-resources/self-subject-review-v1/ */
export interface UserInfo {
  /** Empty where the server gives none. */
  readonly username: string;
  readonly uid: string;
  readonly groups: readonly string[];
  readonly extra: Readonly<Record<string, readonly string[]>>;
}

export type WhoAmI =
  /** The server's word. */
  | { readonly kind: 'user'; readonly user: UserInfo; readonly document: JsonObject }
  /** The server would not tell, but `username` stands in its refusal (empty: not even that). */
  | { readonly kind: 'forbidden'; readonly username: string; readonly error: RefusedError }
  /** No version of the API is served (before Kubernetes 1.26, or switched off). */
  | { readonly kind: 'missing'; readonly error: RefusedError };

/** Served since 1.28, 1.27 and 1.26; the newest server has the first. */
const versions = ['v1', 'v1beta1', 'v1alpha1'] as const;

/** @see https://kubernetes.io/docs/reference/access-authn-authz/authentication/#self-subject-review */
export function buildSelfReview(version: (typeof versions)[number]): RequestSpec {
  return {
    method: 'POST',
    path: `/apis/authentication.k8s.io/${version}/selfsubjectreviews`,
    headers: { accept: 'application/json', 'content-type': 'application/json' },
    body: JSON.stringify({ apiVersion: `authentication.k8s.io/${version}`, kind: 'SelfSubjectReview' }),
    // It creates nothing: sending it twice does no harm.
    retry: true,
  };
}

/**
 * Asks who the server takes this client for.
 * @throws RefusedError 401, and 403 where impersonation itself is refused
 * @throws ServerError
 * @throws ConnectionError
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

/** Whether acting as someone else was refused: the name in such a refusal is not that of whoever would be acting. */
function isAboutSomethingElse(error: RefusedError): boolean {
  const refusal = refusalOf(error);
  const kind = statusOf(error)?.details?.kind ?? '';
  return (
    (refusal !== undefined && isImpersonationRefused(refusal)) ||
    (kind !== '' && kind !== 'selfsubjectreviews')
  );
}

/** @throws ServerError `UnexpectedAnswer` */
export function decodeSelfReview(
  json: Json,
  source: AnswerSource,
): { readonly user: UserInfo; readonly document: JsonObject } {
  const info = isJsonObject(json) ? objectAt(objectAt(json, 'status'), 'userInfo') : undefined;
  if (!isJsonObject(json) || info === undefined) throw unexpectedAnswer(source, 'no SelfSubjectReview');
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

/** A path that no server has and next to nobody may read: who may not is told so by name. */
const nowhere = '/kapi-asks-for-its-name';

/**
 * The name the server uses for this client when it refuses something: for servers without SelfSubjectReview.
 * @returns undefined where nothing was refused (administrators) or the refusal names nobody
 * @throws RefusedError for anything but 403 and 404; ServerError, ConnectionError
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

/** The user whom a Forbidden answer names. */
export function refusedName(error: RefusedError): string | undefined {
  return refusalOf(error)?.username;
}

function refusalOf(error: RefusedError): Refusal | undefined {
  return readRefusal(statusOf(error)?.message ?? '');
}
