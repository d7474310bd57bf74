// Asks the server about permissions: SelfSubjectAccessReview for one permission,
// SubjectAccessReview for one of another user, SelfSubjectRulesReview for all in a namespace. Entry
// points: askAccess(), askSubjectAccess(), askRules(). access-question.ts parses questions.

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
import { sourceOf, unexpectedResponse, type ResponseSource } from './response-source.ts';
import { readJson } from './read.ts';
import type { RequestInfo } from '../model/request-info.ts';
import { errorOf, isSuccess } from './status.ts';

/** The server's response to one question. */
export interface AccessAnswer {
  /** Also false for a conditional response. */
  readonly allowed: boolean;
  /** True if the server decides only when it sees the content of the request. */
  readonly conditional: boolean;
  /** The reason from the authorizer. Empty if it gives none. */
  readonly reason: string;
  /** The error of an authorizer that could not decide. Empty if there is none. */
  readonly evaluationError: string;
  /** The review as JSON from the server, without metadata. */
  readonly document: JsonObject;
}

/**
 * A rule of a review, a Role or a ClusterRole.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/#referring-to-resources
 */
export interface AccessRule {
  readonly verbs: readonly string[];
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames: readonly string[];
  readonly nonResourceURLs: readonly string[];
}

export interface AccessRules {
  readonly rules: readonly AccessRule[];
  /** True if an authorizer cannot list what it allows. `evaluationError` names it. */
  readonly incomplete: boolean;
  readonly evaluationError: string;
  readonly document: JsonObject;
}

const group = 'authorization.k8s.io';

/**
 * Builds the SelfSubjectAccessReview of a question.
 * @see https://kubernetes.io/docs/reference/kubernetes-api/authorization-resources/self-subject-access-review-v1/
 */
export function buildAccessReview(question: RequestInfo): RequestSpec {
  return buildReview('selfsubjectaccessreviews', 'SelfSubjectAccessReview', specOf(question));
}

/**
 * Builds the SelfSubjectRulesReview of a namespace.
 * @param namespace not empty: the server rejects an empty one
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
    // A review creates nothing, so a retry is harmless.
    retry: true,
  };
}

/**
 * Returns the spec of a question. Omits the version, which is not part of a permission, and empty
 * fields, which mean "all", as kubectl does.
 */
function specOf(question: RequestInfo): JsonObject {
  if (question.kind === 'path') {
    return { nonResourceAttributes: { verb: question.verb, path: question.path } };
  }
  const { namespace, verb, group: ofGroup, resource, subresource, name } = question;
  const attributes = { namespace, verb, group: ofGroup, resource, subresource, name };
  return {
    resourceAttributes: {
      ...Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== '')),
      ...selectorOf('fieldSelector', question.fieldSelector),
      ...selectorOf('labelSelector', question.labelSelector),
    },
  };
}

/** The selector as text, which the server reads as it reads that of a request. */
function selectorOf(key: string, selector: string | undefined): JsonObject {
  return selector === undefined ? {} : { [key]: { rawSelector: selector } };
}

/**
 * Asks the server whether the user has a permission.
 * @throws RefusedError 401, or 403 if the user cannot create reviews (anonymous users)
 * @throws ServerError, ConnectionError
 */
export async function askAccess(
  send: Send,
  question: RequestInfo,
  options: SendOptions = {},
): Promise<AccessAnswer> {
  const { json, source } = await ask(send, buildAccessReview(question), options);
  return decodeAccessAnswer(json, source);
}

/** Who a SubjectAccessReview is about. At least one of the two is not empty. */
export interface ReviewedSubject {
  readonly user: string;
  readonly groups: readonly string[];
}

/**
 * Builds the SubjectAccessReview of a question about another user.
 * @see https://kubernetes.io/docs/reference/kubernetes-api/authorization-resources/subject-access-review-v1/
 */
export function buildSubjectReview({ user, groups }: ReviewedSubject, question: RequestInfo): RequestSpec {
  return buildReview('subjectaccessreviews', 'SubjectAccessReview', {
    ...(user === '' ? {} : { user }),
    ...(groups.length === 0 ? {} : { groups }),
    ...specOf(question),
  });
}

/** Asks the server whether another user has a permission. @throws as {@link askAccess} */
export async function askSubjectAccess(
  send: Send,
  subject: ReviewedSubject,
  question: RequestInfo,
  options: SendOptions = {},
): Promise<AccessAnswer> {
  const { json, source } = await ask(send, buildSubjectReview(subject, question), options);
  return decodeAccessAnswer(json, source);
}

/** Asks the server for all permissions of the user in a namespace. @throws as {@link askAccess} */
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
): Promise<{ json: Json; source: ResponseSource }> {
  const response = await send(request, options);
  if (!isSuccess(response)) throw await errorOf(request, response);
  return { json: await readJson(response, request), source: sourceOf(request, response) };
}

/**
 * Decodes a SelfSubjectAccessReview or SubjectAccessReview.
 * @throws ServerError `UnexpectedAnswer`
 */
export function decodeAccessAnswer(json: Json, source: ResponseSource): AccessAnswer {
  const status = isJsonObject(json) ? objectAt(json, 'status') : undefined;
  if (!isJsonObject(json) || typeof status?.allowed !== 'boolean') {
    throw unexpectedResponse(source, 'no access review');
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
 * True for a conditional response. Kubernetes 1.36 has none. Later servers send conditions in these
 * fields, and `allowed` then has no meaning.
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

/**
 * Decodes a SelfSubjectRulesReview.
 * @throws ServerError `UnexpectedAnswer`
 */
export function decodeRules(json: Json, source: ResponseSource): AccessRules {
  const status = isJsonObject(json) ? objectAt(json, 'status') : undefined;
  if (!isJsonObject(json) || status === undefined) {
    throw unexpectedResponse(source, 'no SelfSubjectRulesReview');
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

/** Decodes a rule of a review, a Role or a ClusterRole. */
export function decodeRule(rule: JsonObject): AccessRule {
  return {
    verbs: stringsAt(rule, 'verbs'),
    apiGroups: stringsAt(rule, 'apiGroups'),
    resources: stringsAt(rule, 'resources'),
    resourceNames: stringsAt(rule, 'resourceNames'),
    nonResourceURLs: stringsAt(rule, 'nonResourceURLs'),
  };
}

/**
 * Removes the metadata. Reviews are never stored, so it holds only the managed fields of the
 * request.
 */
function withoutMetadata(json: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(json).filter(([key]) => key !== 'metadata'));
}
