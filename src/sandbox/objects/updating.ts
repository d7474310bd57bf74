// PUT and PATCH of an object and of its status. Entry points: updateObject, patchObject,
// replaceObject.

import type { SandboxState } from '../store/state.ts';
import { messageOf } from '../../errors.ts';
import {
  arrayAt,
  isJsonObject,
  objectAt,
  stringAt,
  type Json,
  type JsonObject,
  type KubeObject,
  isJsonArray,
} from '../../model/object.ts';
import { admitUpdate } from './admission.ts';
import { applyConfiguration } from './apply.ts';
import { accessDenied } from '../access/authenticate.ts';
import type { Answer, Call } from '../http/call.ts';
import { toServed, toStored } from './convert.ts';
import { crdType, establishedDefinition } from '../types/crd.ts';
import { insertNew, requireSameNamespace, sortedContent, sortedMap } from './creating.ts';
import { conform } from '../schema/custom-schema.ts';
import {
  completeObject,
  decodeObject,
  jsonProblem,
  parseYamlText,
  requireWorkable,
} from '../http/decoding.ts';
import { withDefaults } from '../schema/defaults.ts';
import { parseJson, stringsOf, without, deepEqual } from '../../model/json.ts';
import { ownedPart, recordUpdate, type Writer } from './managed-fields.ts';
import { patchTypeOf } from '../http/negotiation.ts';
import { jsonPatch, mergePatch, strategicMergePatch } from './patch.ts';
import { authorize } from '../access/rbac.ts';
import { answerWithObject, objectFormOf, requireObject, type Target } from './reading.ts';
import { badRequest, conflict, invalid, modifiedMeanwhile, StatusError } from '../http/status.ts';
import { keyOf } from '../store/store.ts';
import { forbiddenField, invalidValue, requiredValue } from '../types/field-errors.ts';
import type { AccessAttributes, FieldError, ServedType } from '../types/types.ts';
import { validate } from '../validation/validate.ts';
import { readWriteOptions, type WriteOptions } from '../http/write-options.ts';

/**
 * Answers a PUT.
 * @param subresource `status`, or empty for the object itself
 * @throws StatusError
 */
export async function updateObject(
  state: SandboxState,
  call: Call,
  target: Target,
  subresource: string,
): Promise<Answer> {
  const { type, namespace, name } = target;
  const form = objectFormOf(call);
  const options = readWriteOptions(call, 'UpdateOptions');
  const next = await decodeObject(state, call, type, options);
  requireSameNamespace(type, namespace, next);
  requireSameName(next, name);
  const existing = state.store.get(type.storedAs, keyOf(namespace, name));
  if (existing === undefined && type.createOnUpdate && subresource === '') {
    requireCreate(state, call, target);
    const created = insertNew(state, call, target, next, options, (fresh) =>
      recordUpdate(type, undefined, fresh, writerOf(state, options, '')),
    );
    return answerWithObject(state, call, type, created, form, 201);
  }
  const old = existing ?? requireObject(state, target);
  const object = replaceObject(state, call, target, subresource, old, toStored(type, next), options);
  return answerWithObject(state, call, type, object, form);
}

/**
 * Answers a PATCH in all four forms.
 * @throws StatusError
 */
export async function patchObject(
  state: SandboxState,
  call: Call,
  target: Target,
  subresource: string,
): Promise<Answer> {
  const { type, namespace, name } = target;
  const form = objectFormOf(call);
  const patchType = patchTypeOf(call.header('content-type'), type.custom !== undefined);
  const options = readWriteOptions(call, 'PatchOptions');
  if (patchType !== 'apply' && options.force !== undefined) {
    throw invalid({ group: 'meta.k8s.io', kind: 'PatchOptions' }, '', [
      forbiddenField('force', 'may not be specified for non-apply patch'),
    ]);
  }
  const body = await call.body();
  if (patchType === 'apply') {
    return applyPatch(state, call, target, subresource, body.toString('utf8'), options);
  }
  const patch = parsePatch(body.toString('utf8'));
  const old = requireObject(state, target);
  const patched = applyToServed(type, toServed(type, old), patchType, patch);
  const next = completeObject(state, call, type, patched, options);
  requireSameName(next, name);
  requireSameNamespace(type, namespace, next);
  const object = replaceObject(state, call, target, subresource, old, toStored(type, next), options);
  return answerWithObject(state, call, type, object, form);
}

function applyToServed(
  type: ServedType,
  current: KubeObject,
  patchType: 'json' | 'merge' | 'strategic',
  patch: Json,
): JsonObject {
  if (patchType === 'json') {
    const result = jsonPatch(current, patch);
    if (!isJsonObject(result)) throw badRequest('the patched document is not an object');
    return result;
  }
  if (!isJsonObject(patch)) {
    throw badRequest(
      'error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}',
    );
  }
  if (patchType === 'strategic') return strategicMergePatch(type, current, patch);
  const merged = mergePatch(current, patch);
  return isJsonObject(merged) ? merged : current;
}

function parsePatch(text: string): Json {
  let patch: Json;
  try {
    patch = parseJson(text);
  } catch (error) {
    throw badRequest(`error decoding patch: ${jsonProblem(text, messageOf(error))}`);
  }
  requireWorkable(patch);
  return patch;
}

function applyPatch(
  state: SandboxState,
  call: Call,
  target: Target,
  subresource: string,
  text: string,
  options: WriteOptions,
): Answer {
  const { type, namespace, name } = target;
  const form = objectFormOf(call);
  if (!options.managerGiven) {
    throw invalid({ group: 'meta.k8s.io', kind: 'PatchOptions' }, '', [
      requiredValue('fieldManager', 'is required for apply patch'),
    ]);
  }
  const config = configurationOf(state, call, target, text, options);
  const writer = writerOf(state, options, subresource);
  const force = options.force === true;
  const live = state.store.get(type.storedAs, keyOf(namespace, name));
  if (live === undefined) {
    if (subresource !== '') requireObject(state, target);
    requireCreate(state, call, target);
    const created = insertNew(state, call, target, config, options, (fresh) => {
      const { managedFields } = applyConfiguration(type, undefined, config, writer, force).metadata;
      return { ...fresh, metadata: { ...fresh.metadata, managedFields } };
    });
    return answerWithObject(state, call, type, created, form, 201);
  }
  const applied = applyConfiguration(type, toServed(type, live), config, writer, force);
  const object = replaceObject(state, call, target, subresource, live, toStored(type, applied), options, {
    keepManagers: true,
  });
  return answerWithObject(state, call, type, object, form);
}

function configurationOf(
  state: SandboxState,
  call: Call,
  { type, namespace, name }: Target,
  text: string,
  options: WriteOptions,
): KubeObject {
  let value: Json;
  try {
    value = parseYamlText(text);
  } catch (error) {
    if (error instanceof StatusError) throw error;
    throw badRequest(`error decoding YAML: ${messageOf(error)}`);
  }
  if (!isJsonObject(value)) throw badRequest('error decoding YAML: the configuration is not an object');
  const given = value;
  for (const field of ['apiVersion', 'kind']) {
    if (stringAt(given, field) === '') {
      throw badRequest(`invalid object type: /, Kind=${stringAt(given, 'kind')}`);
    }
  }
  const config = completeObject(state, call, type, given, options);
  if (arrayAt(config.metadata, 'managedFields').length > 0) {
    throw badRequest('metadata.managedFields must be nil');
  }
  requireSameNamespace(type, namespace, config);
  if (stringAt(config.metadata, 'name') !== '') requireSameName(config, name);
  return { ...config, metadata: { ...config.metadata, name } };
}

function requireCreate(state: SandboxState, call: Call, { type, namespace, name }: Target): void {
  const attributes: AccessAttributes = {
    kind: 'resource',
    verb: 'create',
    group: type.group,
    version: type.version,
    resource: type.resource,
    subresource: '',
    namespace,
    name,
  };
  const decision = authorize(state.rbac, call.user, attributes);
  if (!decision.allowed) throw accessDenied(call.user, attributes, decision.reason);
}

function requireSameName(object: KubeObject, name: string): void {
  const given = stringAt(object.metadata, 'name');
  if (given !== name) {
    throw badRequest(`the name of the object (${given}) does not match the name on the URL (${name})`);
  }
}

function writerOf(state: SandboxState, options: WriteOptions, subresource: string): Writer {
  return { manager: options.manager, subresource, now: state.now() };
}

/**
 * Replaces an object by a changed one: checks preconditions and immutable fields, updates the
 * generation, validates, and records the owners of fields. Writes nothing if nothing changed, and
 * removes an object that lost its last finalizer.
 * @param subresource `status` if only the status can change
 * @param old and `next` in the stored version
 * @throws StatusError 409, 422
 */
export function replaceObject(
  state: SandboxState,
  call: Call,
  target: Target,
  subresource: string,
  old: KubeObject,
  next: KubeObject,
  options: WriteOptions,
  { keepManagers = false, writtenThrough = subresource } = {},
): KubeObject {
  const { type, namespace, name } = target;
  checkPreconditions(target, old, next);
  const complete = withDefaults(type, conform(type.custom?.schema, next));
  const merged = mergeChange(type, subresource, old, complete);
  admitUpdate(state, call.user, type, merged, old);
  const owned = keepManagers
    ? merged
    : recordUpdate(type, old, merged, writerOf(state, options, writtenThrough));
  const generation = nextGeneration(type, old, owned);
  const numbered: KubeObject =
    generation === undefined ? owned : { ...owned, metadata: { ...owned.metadata, generation } };
  const errors = [...newFinalizers(old, numbered), ...validate(type, numbered, old)];
  if (errors.length > 0) throw invalid(type, name, errors);
  if (isSame(old, numbered)) return old;
  const object = finishUpdate(state, type, numbered);
  if (options.dryRun) return object;
  const key = keyOf(namespace, name);
  const stored = state.store.put(type.storedAs, key, object);
  if (isDeletable(stored)) state.store.remove(type.storedAs, key);
  return stored;
}

/** True if the object is being deleted and has no finalizers. */
export function isDeletable(object: KubeObject): boolean {
  const { metadata } = object;
  return (
    stringAt(metadata, 'deletionTimestamp') !== '' &&
    arrayAt(metadata, 'finalizers').length === 0 &&
    arrayAt(objectAt(object, 'spec'), 'finalizers').length === 0 &&
    (metadata['deletionGracePeriodSeconds'] === undefined || metadata['deletionGracePeriodSeconds'] === 0)
  );
}

function finishUpdate(state: SandboxState, type: ServedType, object: KubeObject): KubeObject {
  if (type.storedAs === `${crdType.resource}.${crdType.group}`)
    return establishedDefinition(object, state.now());
  return sortedContent(type, object);
}

function checkPreconditions({ type, name, namespace }: Target, old: KubeObject, next: KubeObject): void {
  const uid = stringAt(next.metadata, 'uid');
  const oldUid = stringAt(old.metadata, 'uid');
  if (uid !== '' && uid !== oldUid) {
    throw conflict(
      type,
      name,
      `StorageError: invalid object, Code: 4, Key: /registry/${type.resource}/${keyOf(namespace, name)}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: ${uid}, UID in object meta: ${oldUid}`,
    );
  }
  const version = stringAt(next.metadata, 'resourceVersion');
  if (version === '' || version === '0') {
    if (type.unconditionalUpdate) return;
    // The message contains the resource instead of the kind, as in the real server, whose store
    // does not know the kind.
    throw invalid({ group: type.group, kind: type.resource }, name, [
      invalidValue('metadata.resourceVersion', 0, 'must be specified for an update'),
    ]);
  }
  if (!/^\d+$/.test(version)) {
    throw new StatusError(500, '', `strconv.ParseUint: parsing ${JSON.stringify(version)}: invalid syntax`);
  }
  if (version !== stringAt(old.metadata, 'resourceVersion')) throw modifiedMeanwhile(type, name);
}

/**
 * Returns errors for finalizers that were added to an object that is being deleted. It can only
 * lose finalizers.
 */
function newFinalizers(old: KubeObject, next: KubeObject): readonly FieldError[] {
  if (stringAt(old.metadata, 'deletionTimestamp') === '') return [];
  const before = stringsOf(old.metadata['finalizers']);
  const added = stringsOf(next.metadata['finalizers']).filter((name) => !before.includes(name));
  if (added.length === 0) return [];
  const list = added.map((name) => JSON.stringify(name)).join(', ');
  const detail = `no new finalizers can be added if the object is being deleted, found new finalizers []string{${list}}`;
  return [forbiddenField('metadata.finalizers', detail)];
}

/** Merges a change: a write to the object or to its status can change only its part. */
function mergeChange(type: ServedType, subresource: string, old: KubeObject, next: KubeObject): KubeObject {
  if (subresource === 'status') {
    const { managedFields } = next.metadata;
    return { ...old, status: next['status'], metadata: { ...old.metadata, managedFields } };
  }
  const hasStatus = type.subresources.some(({ name }) => name === 'status');
  const { metadata } = next;
  const kept = old.metadata;
  return {
    ...next,
    ...(hasStatus ? { status: old['status'] } : {}),
    metadata: {
      ...metadata,
      namespace: kept['namespace'],
      uid: kept['uid'],
      generation: kept['generation'],
      resourceVersion: kept['resourceVersion'],
      creationTimestamp: kept['creationTimestamp'],
      deletionTimestamp: kept['deletionTimestamp'],
      deletionGracePeriodSeconds: kept['deletionGracePeriodSeconds'],
      labels: sortedMap(metadata, 'labels'),
      annotations: sortedMap(metadata, 'annotations'),
      finalizers: arrayAt(metadata, 'finalizers').length === 0 ? undefined : metadata['finalizers'],
      ownerReferences:
        arrayAt(metadata, 'ownerReferences').length === 0 ? undefined : metadata['ownerReferences'],
    },
  };
}

function nextGeneration(type: ServedType, old: KubeObject, next: KubeObject): number | undefined {
  const before = old.metadata['generation'];
  if (!type.generation || typeof before !== 'number') return undefined;
  const content = (object: KubeObject): JsonObject => without(object, 'metadata', 'status');
  return deepEqual(content(old), content(next)) ? before : before + 1;
}

/** True if two objects are equal except for their managers and times. */
function isSame(old: KubeObject, next: KubeObject): boolean {
  return (
    deepEqual(ownedPart(old), ownedPart(next)) &&
    deepEqual(timeless(old.metadata['managedFields']), timeless(next.metadata['managedFields']))
  );
}

function timeless(managedFields: Json | undefined): Json {
  return (isJsonArray(managedFields) ? managedFields : [])
    .filter(isJsonObject)
    .map((entry) => without(entry, 'time'));
}
