// Subresources: status, scale, token, binding, eviction, log, finalize. Entry point:
// answerSubresource.

import type { SandboxState } from '../store/state.ts';
import {
  arrayAt,
  isJsonObject,
  objectAt,
  stringAt,
  type Json,
  type JsonObject,
  type KubeObject,
} from '../../model/object.ts';
import { groupResourceOf } from '../../model/resource.ts';
import { objectAnswer, type Answer, type Call } from '../http/call.ts';
import { formatTime } from '../../model/timestamp.ts';
import { decodeObject, parseBody } from '../http/decoding.ts';
import { deleteObject } from './deleting.ts';
import { textOf } from '../../model/json.ts';
import { podLog } from './logs.ts';
import { bodyFormatOf, patchTypeOf } from '../http/negotiation.ts';
import { jsonPatch, mergePatch } from './patch.ts';
import { answerWithObject, getObject, objectFormOf, requireObject, type Target } from './reading.ts';
import type { ResourcePath } from '../../model/request-info.ts';
import {
  badRequest,
  invalid,
  methodNotAllowed,
  modifiedMeanwhile,
  noSuchResource,
  notFound,
  StatusError,
} from '../http/status.ts';
import { keyOf } from '../store/store.ts';
import { tokenIssuer } from '../access/tokens.ts';
import { invalidValue } from '../types/field-errors.ts';
import { selectorMatches } from '../types/selector.ts';
import type { ServedType } from '../types/types.ts';
import { isDeletable, patchObject, replaceObject, updateObject } from './updating.ts';
import { readWriteOptions } from '../http/write-options.ts';

/**
 * Answers a request for a subresource.
 * @throws StatusError
 */
export async function answerSubresource(
  state: SandboxState,
  call: Call,
  target: Target,
  info: ResourcePath,
): Promise<Answer> {
  const { type } = target;
  const subresource = type.subresources.find(({ name }) => name === info.subresource);
  if (subresource === undefined) throw noSuchResource();
  if (!subresource.verbs.includes(info.verb)) throw methodNotAllowed();
  switch (subresource.name) {
    case 'status':
    case 'ephemeralcontainers':
    case 'resize':
    case 'approval':
      return answerPart(state, call, target, info.verb, subresource.name === 'status' ? 'status' : '');
    case 'finalize':
      return finalizeNamespace(state, call, target);
    case 'scale':
      return answerScale(state, call, target, info.verb);
    case 'token':
      return answerTokenRequest(state, call, target);
    case 'eviction':
      return evictPod(state, call, target);
    case 'binding':
      return bindPod(state, call, target, await readAs(state, call, 'v1', 'Binding'));
    case 'log':
      return podLog(state, call, target);
    default:
      requireObject(state, target);
      throw notImplemented(target, subresource.name);
  }
}

/** Makes the error for exec, attach, port-forward and proxy, which need a running container. */
function notImplemented({ type, name }: Target, subresource: string): StatusError {
  return new StatusError(
    501,
    'NotImplemented',
    `the kapi sandbox runs no containers: ${groupResourceOf(type)} ${JSON.stringify(name)} has no ${subresource}`,
    { name, group: type.group, kind: type.resource },
  );
}

function answerPart(
  state: SandboxState,
  call: Call,
  target: Target,
  verb: string,
  part: string,
): Answer | Promise<Answer> {
  if (verb === 'get') return getObject(state, call, target);
  return verb === 'update' ? updateObject(state, call, target, part) : patchObject(state, call, target, part);
}

async function readAs(
  state: SandboxState,
  call: Call,
  apiVersion: string,
  kind: string,
): Promise<KubeObject> {
  const type = state.registry.findKind(apiVersion, kind);
  if (type === undefined) throw noSuchResource();
  return decodeObject(state, call, type, readWriteOptions(call, 'CreateOptions'));
}

/** Paths of the replicas and the pod selector of a type. */
interface ScalePaths {
  readonly spec: readonly string[];
  readonly status: readonly string[];
}

function scalePathsOf(type: ServedType): ScalePaths {
  const custom = type.custom?.scale;
  const steps = (path: string): readonly string[] => path.replace(/^\./, '').split('.');
  return custom === undefined
    ? { spec: ['spec', 'replicas'], status: ['status', 'replicas'] }
    : { spec: steps(custom.specReplicasPath), status: steps(custom.statusReplicasPath) };
}

async function answerScale(state: SandboxState, call: Call, target: Target, verb: string): Promise<Answer> {
  const form = { ...objectFormOf(call), as: undefined };
  const old = requireObject(state, target);
  const current = scaleOf(target.type, old);
  if (verb === 'get') return objectAnswer(form, current);
  const options = readWriteOptions(call, verb === 'update' ? 'UpdateOptions' : 'PatchOptions');
  const body = await call.body();
  let wanted: Json;
  if (verb === 'update') {
    wanted = parseBody(body, bodyFormatOf(call.header('content-type')), 'Scale');
  } else {
    const patch = parseBody(body.length === 0 ? Buffer.from('{}') : wrapArray(body), 'yaml', 'Scale');
    const operations = patch['operations'];
    wanted =
      patchTypeOf(call.header('content-type'), false) === 'json' && operations !== undefined
        ? jsonPatch(current, operations)
        : mergePatch(current, patch);
  }
  const scale = isJsonObject(wanted) ? wanted : {};
  const version = stringAt(objectAt(scale, 'metadata'), 'resourceVersion');
  if (version !== '' && version !== stringAt(old.metadata, 'resourceVersion')) {
    throw modifiedMeanwhile(target.type, target.name);
  }
  const replicas = objectAt(scale, 'spec')?.['replicas'] ?? 0;
  if (typeof replicas !== 'number' || replicas < 0) {
    throw invalid({ group: 'autoscaling', kind: 'Scale' }, target.name, [
      invalidValue('spec.replicas', replicas, 'must be greater than or equal to 0'),
    ]);
  }
  const next = withValueAt(old, scalePathsOf(target.type).spec, replicas);
  const stored = replaceObject(state, call, target, '', old, { ...old, ...next }, options, {
    writtenThrough: 'scale',
  });
  return objectAnswer(form, scaleOf(target.type, stored));
}

/** Wraps a JSON Patch, which is an array, because the decoder of bodies requires an object. */
function wrapArray(body: Buffer): Buffer {
  const text = body.toString('utf8').trimStart();
  return text.startsWith('[') ? Buffer.from(`{"operations":${text}}`) : body;
}

function scaleOf(type: ServedType, object: KubeObject): JsonObject {
  const paths = scalePathsOf(type);
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const replicas = valueAt(object, paths.spec);
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: replicas === undefined || replicas === 0 ? {} : { replicas },
    status: { replicas: valueAt(object, paths.status) ?? 0, selector: selectorText(type, object) },
  };
}

function selectorText(type: ServedType, object: KubeObject): string | undefined {
  const path = type.custom?.scale?.labelSelectorPath;
  if (type.custom !== undefined) {
    const value = path === undefined ? undefined : valueAt(object, path.replace(/^\./, '').split('.'));
    return typeof value === 'string' ? value : undefined;
  }
  const selector = objectAt(objectAt(object, 'spec'), 'selector');
  const labels = objectAt(selector, 'matchLabels') ?? (type.group === '' ? selector : undefined) ?? {};
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${textOf(value)}`)
    .sort()
    .join(',');
}

function valueAt(object: JsonObject, path: readonly string[]): Json | undefined {
  let value: Json | undefined = object;
  for (const step of path) value = isJsonObject(value) ? value[step] : undefined;
  return value;
}

function withValueAt(object: JsonObject, path: readonly string[], value: Json): JsonObject {
  const [step, ...rest] = path;
  if (step === undefined) return object;
  const below = objectAt(object, step) ?? {};
  return { ...object, [step]: rest.length === 0 ? value : withValueAt(below, rest, value) };
}

const maxTokenSeconds = 2 ** 32;
const minTokenSeconds = 600;

/**
 * Answers a TokenRequest.
 * @see
 *   https://kubernetes.io/docs/reference/kubernetes-api/authentication-resources/token-request-v1/
 */
async function answerTokenRequest(state: SandboxState, call: Call, target: Target): Promise<Answer> {
  const form = { ...objectFormOf(call), as: undefined };
  const body = await call.body();
  const request = parseBody(body, bodyFormatOf(call.header('content-type')), 'TokenRequest');
  const account = requireObject(state, target);
  const spec = objectAt(request, 'spec');
  const asked = spec?.['expirationSeconds'];
  const expirationSeconds = typeof asked === 'number' ? asked : 3600;
  if (expirationSeconds < minTokenSeconds || expirationSeconds > maxTokenSeconds) {
    const bound =
      expirationSeconds < minTokenSeconds
        ? 'may not specify a duration less than 10 minutes'
        : 'may not specify a duration larger than 2^32 seconds';
    throw invalid({ group: 'authentication.k8s.io', kind: 'TokenRequest' }, '', [
      invalidValue('spec.expirationSeconds', expirationSeconds, bound),
    ]);
  }
  const audiences = arrayAt(spec, 'audiences').filter((entry) => typeof entry === 'string');
  const { token, expires } = state.tokens.issue(
    {
      namespace: target.namespace,
      serviceAccount: target.name,
      serviceAccountUid: stringAt(account.metadata, 'uid'),
      audiences,
      expirationSeconds,
      boundObject: boundObjectOf(state, target, objectAt(spec, 'boundObjectRef')),
    },
    state.now(),
  );
  return objectAnswer(
    form,
    {
      kind: 'TokenRequest',
      apiVersion: 'authentication.k8s.io/v1',
      metadata: {
        name: target.name,
        namespace: target.namespace,
        creationTimestamp: formatTime(state.now()),
      },
      spec: {
        audiences: audiences.length === 0 ? [tokenIssuer] : audiences,
        expirationSeconds,
        boundObjectRef: spec?.['boundObjectRef'] ?? null,
      },
      status: { token, expirationTimestamp: formatTime(expires) },
    },
    201,
  );
}

function boundObjectOf(
  state: SandboxState,
  { namespace }: Target,
  reference: JsonObject | undefined,
): { kind: string; name: string; uid: string } | undefined {
  if (reference === undefined) return undefined;
  const kind = stringAt(reference, 'kind');
  const name = stringAt(reference, 'name');
  const resource = kind === 'Pod' ? 'pods' : kind === 'Secret' ? 'secrets' : kind === 'Node' ? 'nodes' : '';
  if (resource === '') throw badRequest(`cannot bind token to object of type ${JSON.stringify(kind)}`);
  const object = state.store.get(resource, keyOf(resource === 'nodes' ? '' : namespace, name));
  if (object === undefined) throw notFound({ group: '', resource }, name);
  return { kind, name, uid: stringAt(object.metadata, 'uid') };
}

async function finalizeNamespace(state: SandboxState, call: Call, target: Target): Promise<Answer> {
  const { type, name } = target;
  const form = objectFormOf(call);
  const next = await decodeObject(state, call, type, readWriteOptions(call, 'UpdateOptions'));
  const old = requireObject(state, target);
  const finalizers = arrayAt(objectAt(next, 'spec'), 'finalizers');
  const changed: KubeObject = { ...old, spec: finalizers.length === 0 ? {} : { finalizers } };
  const stored = state.store.put(type.storedAs, name, changed);
  if (isDeletable(stored)) state.store.remove(type.storedAs, name);
  return answerWithObject(state, call, type, stored, form);
}

/** Evicts a pod: deletes it unless a disruption budget refuses. */
async function evictPod(state: SandboxState, call: Call, target: Target): Promise<Answer> {
  const body = await call.body();
  const eviction = parseBody(body, bodyFormatOf(call.header('content-type')), 'Eviction');
  const pod = requireObject(state, target);
  const budget = [...state.store.values('poddisruptionbudgets.policy')].find(
    (candidate) =>
      candidate.metadata['namespace'] === target.namespace &&
      selectorMatches(objectAt(objectAt(candidate, 'spec'), 'selector'), objectAt(pod.metadata, 'labels')) &&
      allowedDisruptions(candidate) < 1,
  );
  if (budget !== undefined) {
    throw new StatusError(
      429,
      'TooManyRequests',
      "Cannot evict pod as it would violate the pod's disruption budget.",
      {
        causes: [
          {
            reason: 'DisruptionBudget',
            message: `The disruption budget ${stringAt(budget.metadata, 'name')} does not allow an eviction now`,
          },
        ],
      },
    );
  }
  const options = JSON.stringify(objectAt(eviction, 'deleteOptions') ?? {});
  await deleteObject(state, { ...call, body: () => Promise.resolve(Buffer.from(options)) }, target);
  return success(call);
}

function allowedDisruptions(budget: KubeObject): number {
  const value = objectAt(budget, 'status')?.['disruptionsAllowed'];
  return typeof value === 'number' ? value : 0;
}

/** Binds a pod to a node, as a scheduler requests it. */
export function bindPod(state: SandboxState, call: Call, target: Target, binding: KubeObject): Answer {
  const pods = state.registry.find('', 'v1', 'pods');
  if (pods === undefined) throw noSuchResource();
  const name = target.name === '' ? stringAt(binding.metadata, 'name') : target.name;
  const pod = requireObject(state, { type: pods, namespace: target.namespace, name });
  const spec = objectAt(pod, 'spec');
  const node = stringAt(objectAt(binding, 'target'), 'name');
  if (stringAt(spec, 'nodeName') !== '') {
    throw new StatusError(
      409,
      'Conflict',
      `Operation cannot be fulfilled on pods/binding ${JSON.stringify(name)}: pod ${name} is already assigned to node ${JSON.stringify(stringAt(spec, 'nodeName'))}`,
      { name, kind: 'pods/binding' },
    );
  }
  const status = objectAt(pod, 'status');
  const scheduled = {
    type: 'PodScheduled',
    status: 'True',
    lastProbeTime: null,
    lastTransitionTime: formatTime(state.now()),
  };
  state.store.put('pods', keyOf(target.namespace, name), {
    ...pod,
    spec: { ...spec, nodeName: node },
    status: { ...status, conditions: [...arrayAt(status, 'conditions'), scheduled] },
  });
  return success(call, 201);
}

function success(call: Call, status = 201): Answer {
  return objectAnswer(
    { ...objectFormOf(call), as: undefined },
    { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: status },
    status,
  );
}
