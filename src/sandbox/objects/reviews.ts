// Reviews, which a POST asks for and the response answers: token reviews, access reviews, rules
// reviews, self subject reviews. Entry point: answerReview. Also component statuses and bindings,
// the other types that are not stored.

import type { SandboxState } from '../store/state.ts';
import { objectAt, stringAt, type Json, type JsonObject, type KubeObject } from '../../model/object.ts';
import { userOfToken } from '../access/authenticate.ts';
import { objectAnswer, type Answer, type Call } from '../http/call.ts';
import { formatTime } from '../../model/timestamp.ts';
import { decodeObject } from '../http/decoding.ts';
import { printed } from './forms.ts';
import { stringsOf } from '../../model/json.ts';
import { recordUpdate } from './managed-fields.ts';
import { authorize, rulesFor } from '../access/rbac.ts';
import { objectFormOf, type Target } from './reading.ts';
import { badRequest, invalid, methodNotAllowed, notFound } from '../http/status.ts';
import { bindPod } from './subresources.ts';
import { tokenIssuer } from '../access/tokens.ts';
import { inStructOrder } from '../schema/order.ts';
import { invalidValue } from '../types/field-errors.ts';
import type { AccessAttributes, ServedType, UserInfo } from '../types/types.ts';
import { readWriteOptions } from '../http/write-options.ts';

/** True for a type that is not stored. */
export function isReview(type: ServedType): boolean {
  return type.virtual;
}

/**
 * Answers a review.
 * @throws StatusError
 */
export async function answerReview(state: SandboxState, call: Call, target: Target): Promise<Answer> {
  const { type } = target;
  const form = objectFormOf(call);
  if (type.resource === 'componentstatuses') return componentStatuses(call, target);
  if (call.method !== 'POST') throw methodNotAllowed();
  const options = readWriteOptions(call, 'CreateOptions');
  const review = await decodeObject(state, call, type, options);
  if (type.resource === 'bindings') return bindPod(state, call, target, review);
  return objectAnswer(
    { ...form, as: undefined },
    printed(type, answer(state, call, target, review, options.manager)),
    201,
  );
}

function answer(
  state: SandboxState,
  call: Call,
  target: Target,
  review: KubeObject,
  manager: string,
): KubeObject {
  const { type } = target;
  const question: Question = { state, type, review, manager };
  switch (type.resource) {
    case 'selfsubjectreviews':
      return {
        ...review,
        metadata: { creationTimestamp: formatTime(state.now()) },
        status: { userInfo: userToJson(call.user) },
      };
    case 'selfsubjectaccessreviews':
      return withDecision(question, call.user, attributesOf(type, review));
    case 'subjectaccessreviews':
      return withDecision(question, subjectOf(type, review), attributesOf(type, review));
    case 'localsubjectaccessreviews': {
      const attributes = attributesOf(type, review);
      if (attributes.kind === 'path' || attributes.namespace !== target.namespace) {
        throw badRequest(`spec.resourceAttributes.namespace must match namespace: ${target.namespace}`);
      }
      return withDecision(question, subjectOf(type, review), attributes);
    }
    case 'selfsubjectrulesreviews': {
      const namespace = stringAt(objectAt(review, 'spec'), 'namespace');
      if (namespace === '') throw badRequest('no namespace on request');
      const rules = rulesFor(state.rbac, call.user, namespace);
      return {
        ...review,
        // The real server returns an empty spec.
        spec: {},
        status: {
          resourceRules: rules.resourceRules.map((rule): Json => ({ ...rule })),
          nonResourceRules: rules.nonResourceRules.map((rule): Json => ({ ...rule })),
          incomplete: rules.incomplete,
          evaluationError: rules.evaluationError === '' ? undefined : rules.evaluationError,
        },
      };
    }
    case 'tokenreviews':
      return {
        ...recordUpdate(type, undefined, review, { manager, subresource: '', now: state.now() }),
        status: tokenStatus(state, type, review),
      };
    default:
      throw methodNotAllowed();
  }
}

interface Question {
  readonly state: SandboxState;
  readonly type: ServedType;
  readonly review: KubeObject;
  /** The manager that owns the fields of the review, as for any other object. */
  readonly manager: string;
}

function withDecision(
  { state, type, review, manager }: Question,
  user: UserInfo,
  attributes: AccessAttributes,
): KubeObject {
  const decision = authorize(state.rbac, user, attributes);
  const asked = inStructOrder(type, { ...review, spec: objectAt(review, 'spec') ?? {} });
  return {
    ...recordUpdate(type, undefined, asked, { manager, subresource: '', now: state.now() }),
    status: {
      allowed: decision.allowed,
      reason: decision.reason === '' ? undefined : decision.reason,
    },
  };
}

/**
 * Reads the attributes of an access review.
 * @throws StatusError 422, without a kind, if the review asks for nothing or for two things at once
 */
function attributesOf(type: ServedType, review: KubeObject): AccessAttributes {
  const spec = objectAt(review, 'spec');
  const resource = objectAt(spec, 'resourceAttributes');
  const path = objectAt(spec, 'nonResourceAttributes');
  const name = stringAt(review.metadata, 'name');
  if (resource !== undefined && path !== undefined) {
    throw invalid({ group: type.group, kind: '' }, name, [
      invalidValue(
        'spec.nonResourceAttributes',
        'nonResourceAttributes',
        'cannot be specified in combination with resourceAttributes',
      ),
    ]);
  }
  if (path !== undefined) {
    return { kind: 'path', verb: stringAt(path, 'verb'), path: stringAt(path, 'path') };
  }
  if (resource === undefined) {
    throw invalid({ group: type.group, kind: '' }, name, [
      invalidValue(
        'spec.resourceAttributes',
        null,
        'exactly one of nonResourceAttributes or resourceAttributes must be specified',
      ),
    ]);
  }
  return {
    kind: 'resource',
    verb: stringAt(resource, 'verb'),
    group: stringAt(resource, 'group'),
    version: stringAt(resource, 'version'),
    resource: stringAt(resource, 'resource'),
    subresource: stringAt(resource, 'subresource'),
    namespace: stringAt(resource, 'namespace'),
    name: stringAt(resource, 'name'),
  };
}

function subjectOf(type: ServedType, review: KubeObject): UserInfo {
  const spec = objectAt(review, 'spec');
  const groups = stringsOf(spec?.['groups']);
  const username = stringAt(spec, 'user');
  if (username === '' && groups.length === 0) {
    throw invalid({ group: type.group, kind: '' }, stringAt(review.metadata, 'name'), [
      invalidValue('spec.user', '', 'at least one of user or group must be specified'),
    ]);
  }
  const extra: Record<string, readonly string[]> = {};
  for (const [key, values] of Object.entries(objectAt(spec, 'extra') ?? {})) extra[key] = stringsOf(values);
  return { username, uid: stringAt(spec, 'uid'), groups, extra };
}

function tokenStatus(state: SandboxState, type: ServedType, review: KubeObject): JsonObject {
  const spec = objectAt(review, 'spec');
  const token = stringAt(spec, 'token');
  if (token === '') {
    throw badRequest(`token is required for ${type.kind} in authentication`);
  }
  const asked = stringsOf(spec?.['audiences']);
  const audiences = asked.length === 0 ? [tokenIssuer] : asked;
  const user = userOfToken(state, token, audiences);
  if (user === undefined) return { user: {}, error: 'invalid bearer token' };
  return { authenticated: true, user: userToJson(user), audiences };
}

/** Formats a user like `userInfo`: without empty fields. */
export function userToJson(user: UserInfo): JsonObject {
  return {
    username: user.username,
    uid: user.uid === '' ? undefined : user.uid,
    groups: user.groups,
    extra:
      Object.keys(user.extra).length === 0
        ? undefined
        : Object.fromEntries(
            Object.entries(user.extra).map(([key, values]): [string, Json] => [key, [...values]]),
          ),
  };
}

function componentStatuses(call: Call, target: Target): Answer {
  const form = objectFormOf(call);
  call.warnings.push('v1 ComponentStatus is deprecated in v1.19+');
  const components = ['controller-manager', 'scheduler', 'etcd-0'].map((name) => ({
    metadata: { name },
    conditions: [{ type: 'Healthy', status: 'True', message: 'ok' }],
  }));
  if (target.name === '') {
    return objectAnswer(form, {
      kind: 'ComponentStatusList',
      apiVersion: 'v1',
      metadata: {},
      items: components,
    });
  }
  const found = components.find(({ metadata }) => metadata.name === target.name);
  if (found === undefined) throw notFound(target.type, target.name);
  return objectAnswer(form, { kind: 'ComponentStatus', apiVersion: 'v1', ...found });
}
