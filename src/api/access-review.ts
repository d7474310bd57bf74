// Questions to the server about rights: SelfSubjectAccessReview for one right, SelfSubjectRulesReview for all in a
// namespace. Entry points: askAccess(), askRules(). Reading questions from words is access-question.ts.

import {
  stringsAt,
  arrayAt,
  isJsonObject,
  objectAt,
  stringAt,
  type Json,
  type JsonObject,
} from '../model/object.ts';
import type { RequestSpec, Send, SendOptions } from '../model/request.ts';
import { sourceOf, unexpectedAnswer, type AnswerSource } from './answer.ts';
import { readJson } from './read.ts';
import type { RequestInfo } from '../model/request-info.ts';
import { errorOf, isSuccess } from './status.ts';

/** The server's answer to one question. */
export interface AccessAnswer {
  /** False for a conditional answer, too. */
  readonly allowed: boolean;
  /** The server decides when it sees the content of the request. */
  readonly conditional: boolean;
  /** Why, in the authorizer's words; empty where it gives none. */
  readonly reason: string;
  /** What kept an authorizer from judging; empty where all did. */
  readonly evaluationError: string;
  /** The review as it came, without managedFields. */
  readonly document: JsonObject;
}

/** @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/#referring-to-resources */
export interface AccessRule {
  readonly verbs: readonly string[];
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames: readonly string[];
  readonly nonResourceURLs: readonly string[];
}

export interface AccessRules {
  readonly rules: readonly AccessRule[];
  /** Not all authorizers can list what they allow; `evaluationError` says which. */
  readonly incomplete: boolean;
  readonly evaluationError: string;
  readonly document: JsonObject;
}

const group = 'authorization.k8s.io';

/** @see https://kubernetes.io/docs/reference/kubernetes-api/authorization-resources/self-subject-access-review-v1/ */
export function buildAccessReview(question: RequestInfo): RequestSpec {
  return buildReview('selfsubjectaccessreviews', 'SelfSubjectAccessReview', specOf(question));
}

/**
 * @param namespace must not be empty: the server refuses that
 * @see https://kubernetes.io/docs/reference/kubernetes-api/authorization-resources/self-subject-rules-review-v1/
 */
export function buildRulesReview(namespace: string): RequestSpec {
  return buildReview('selfsubjectrulesreviews', 'SelfSubjectRulesReview', { namespace });
}

function buildReview(resource: string, kind: string, spec: JsonObject): RequestSpec {
  return {
    method: 'POST',
    path: `/apis/${group}/v1/${resource}`,
    headers: { accept: 'application/json', 'content-type': 'application/json' },
    body: JSON.stringify({ apiVersion: `${group}/v1`, kind, spec }),
    // Reviews create nothing: sending one twice does no harm.
    retry: true,
  };
}

/** The version is not part of a right; empty fields mean "all" and are left out, as kubectl leaves them out. */
function specOf(question: RequestInfo): JsonObject {
  if (question.kind === 'path') {
    return { nonResourceAttributes: { verb: question.verb, path: question.path } };
  }
  const { namespace, verb, group: ofGroup, resource, subresource, name } = question;
  const attributes = { namespace, verb, group: ofGroup, resource, subresource, name };
  return {
    resourceAttributes: Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== '')),
  };
}

/**
 * @throws RefusedError 401, or 403 where even asking is forbidden (anonymous users)
 * @throws ServerError
 * @throws ConnectionError
 */
export async function askAccess(
  send: Send,
  question: RequestInfo,
  options: SendOptions = {},
): Promise<AccessAnswer> {
  const { json, source } = await ask(send, buildAccessReview(question), options);
  return decodeAccessAnswer(json, source);
}

/** @throws as {@link askAccess} */
export async function askRules(
  send: Send,
  namespace: string,
  options: SendOptions = {},
): Promise<AccessRules> {
  const { json, source } = await ask(send, buildRulesReview(namespace), options);
  return decodeRules(json, source);
}

async function ask(
  send: Send,
  request: RequestSpec,
  options: SendOptions,
): Promise<{ json: Json; source: AnswerSource }> {
  const response = await send(request, options);
  if (!isSuccess(response)) throw await errorOf(request, response);
  return { json: await readJson(response, request), source: sourceOf(request, response) };
}

/** @throws ServerError `UnexpectedAnswer` */
export function decodeAccessAnswer(json: Json, source: AnswerSource): AccessAnswer {
  const status = isJsonObject(json) ? objectAt(json, 'status') : undefined;
  if (!isJsonObject(json) || typeof status?.allowed !== 'boolean') {
    throw unexpectedAnswer(source, 'no SelfSubjectAccessReview');
  }
  const conditional = isConditional(status);
  return {
    allowed: status.allowed && !conditional,
    conditional,
    reason: stringAt(status, 'reason'),
    evaluationError: stringAt(status, 'evaluationError'),
    document: withoutMetadata(json),
  };
}

/**
 * Kubernetes 1.36 has no conditional answers. Later servers give them in these fields, where `allowed` says nothing.
 * @see https://github.com/kubernetes/enhancements/tree/master/keps/sig-auth/5681-conditional-authorization
 */
function isConditional(status: JsonObject): boolean {
  return Object.entries(status).some(
    ([key, value]) => /^condition/i.test(key) && value !== null && value !== false && !isEmptyList(value),
  );
}

function isEmptyList(value: Json | undefined): boolean {
  return Array.isArray(value) ? value.length === 0 : value === undefined || value === '';
}

/** @throws ServerError `UnexpectedAnswer` */
export function decodeRules(json: Json, source: AnswerSource): AccessRules {
  const status = isJsonObject(json) ? objectAt(json, 'status') : undefined;
  if (!isJsonObject(json) || status === undefined) {
    throw unexpectedAnswer(source, 'no SelfSubjectRulesReview');
  }
  return {
    rules: [...arrayAt(status, 'resourceRules'), ...arrayAt(status, 'nonResourceRules')]
      .filter(isJsonObject)
      .map(decodeRule),
    incomplete: status.incomplete === true,
    evaluationError: stringAt(status, 'evaluationError'),
    document: withoutMetadata(json),
  };
}

/** A rule of a review, a Role or a ClusterRole. */
export function decodeRule(rule: JsonObject): AccessRule {
  return {
    verbs: stringsAt(rule, 'verbs'),
    apiGroups: stringsAt(rule, 'apiGroups'),
    resources: stringsAt(rule, 'resources'),
    resourceNames: stringsAt(rule, 'resourceNames'),
    nonResourceURLs: stringsAt(rule, 'nonResourceURLs'),
  };
}

/** Reviews are never stored: their metadata is what field managers made of the question. */
function withoutMetadata(json: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(json).filter(([key]) => key !== 'metadata'));
}
