// POST to a collection, and every other way to create an object. Entry points: createObject,
// buildNew.

import type { SandboxState } from '../store/state.ts';
import { randomUUID } from 'node:crypto';
import { objectAt, stringAt, type KubeObject } from '../../model/object.ts';
import { parseApiVersion } from '../../model/resource.ts';
import { admitCreate, allocatorOf, randomSuffix } from './admission.ts';
import type { Answer, Call } from '../http/call.ts';
import { formatTime } from '../../model/timestamp.ts';
import { toStored } from './convert.ts';
import { establishedDefinition, crdType } from '../types/crd.ts';
import { conform } from '../schema/custom-schema.ts';
import { decodeObject } from '../http/decoding.ts';
import { withAdditions, withDefaults } from '../schema/defaults.ts';
import { inStructOrder } from '../schema/order.ts';
import { withoutField, sortedObject } from '../../model/json.ts';
import { recordUpdate } from './managed-fields.ts';
import { answerWithObject, objectFormOf, type Target } from './reading.ts';
import { alreadyExists, badRequest, invalid, StatusError } from '../http/status.ts';
import { keyOf } from '../store/store.ts';
import type { ServedType } from '../types/types.ts';
import { validate } from '../validation/validate.ts';
import { readWriteOptions, type WriteOptions } from '../http/write-options.ts';

/**
 * Answers a POST.
 * @throws StatusError
 */
export async function createObject(state: SandboxState, call: Call, target: Target): Promise<Answer> {
  const { type } = target;
  const form = objectFormOf(call);
  const options = readWriteOptions(call, 'CreateOptions');
  const decoded = await decodeObject(state, call, type, options);
  if (stringAt(decoded.metadata, 'resourceVersion') !== '') {
    // The real server returns this one without a reason.
    throw new StatusError(500, '', 'resourceVersion should not be set on objects to be created');
  }
  const object = insertNew(state, call, target, decoded, options, (fresh) =>
    recordUpdate(type, undefined, fresh, {
      manager: options.manager,
      subresource: '',
      now: state.now(),
    }),
  );
  return answerWithObject(state, call, type, object, form, 201);
}

/**
 * Runs admission, defaults and validation on a decoded object and stores it. A dry run stops before
 * storing.
 * @param own records the owner of the object's fields, after its defaults
 * @throws StatusError
 */
export function insertNew(
  state: SandboxState,
  call: Call,
  target: Target,
  decoded: KubeObject,
  options: WriteOptions,
  own: (object: KubeObject) => KubeObject,
): KubeObject {
  const { type, namespace } = target;
  requireSameNamespace(type, namespace, decoded);
  const placed = withNamespace(type, namespace, decoded);
  const named = withName(state, type, namespace, placed);
  admitCreate(state, call.user, type, namespace, named);
  const object = buildNew(state, type, namespace, named, own);
  const errors = validate(type, object);
  const name = stringAt(object.metadata, 'name');
  if (errors.length > 0) throw invalid(type, name, errors);
  const key = keyOf(namespace, name);
  if (state.store.get(type.storedAs, key) !== undefined) throw alreadyExists(type, name);
  return options.dryRun ? object : state.store.put(type.storedAs, key, object);
}

/** Makes a complete new object in its stored version, without a resourceVersion. */
export function buildNew(
  state: SandboxState,
  type: ServedType,
  namespace: string,
  given: KubeObject,
  own: (object: KubeObject) => KubeObject,
): KubeObject {
  const now = state.now();
  const hasStatus = type.subresources.some((subresource) => subresource.name === 'status');
  // A client cannot set the status of a new object if the type has a status subresource.
  const bare: KubeObject = hasStatus ? withoutField(given, 'status') : given;
  const stored = toStored(type, bare);
  const fresh: KubeObject = { ...stored, metadata: freshMetadata(type, namespace, stored, now) };
  const owned = own(withDefaults(type, conform(type.custom?.schema, fresh)));
  const complete = withAdditions(type, owned, allocatorOf(state, stringAt(fresh.metadata, 'name')));
  if (type.storedAs === `${crdType.resource}.${crdType.group}`) return establishedDefinition(complete, now);
  return sortedContent(type, complete);
}

/**
 * Returns an object with its keys in the order of the real server: that of the Go struct for
 * built-in types. Custom objects are maps in the server, which writes sorted maps.
 */
export function sortedContent(type: ServedType, object: KubeObject): KubeObject {
  if (type.custom === undefined) return inStructOrder(type, object);
  const { apiVersion, kind, metadata, ...content } = object;
  return { apiVersion, kind, metadata, ...sortedObject(content) };
}

function freshMetadata(
  type: ServedType,
  namespace: string,
  object: KubeObject,
  now: Date,
): KubeObject['metadata'] {
  const { metadata } = object;
  return {
    name: metadata['name'],
    generateName: metadata['generateName'],
    namespace: type.namespaced ? namespace : undefined,
    uid: randomUUID(),
    generation: type.generation ? 1 : undefined,
    creationTimestamp: formatTime(now),
    labels: sortedMap(metadata, 'labels'),
    annotations: sortedMap(metadata, 'annotations'),
    ownerReferences: metadata['ownerReferences'],
    finalizers: metadata['finalizers'],
  };
}

/** Returns labels or annotations as Go writes maps: sorted, and omitted if empty. */
export function sortedMap(metadata: KubeObject['metadata'], key: string): KubeObject['metadata'] | undefined {
  const map = objectAt(metadata, key);
  return map === undefined || Object.keys(map).length === 0 ? undefined : sortedObject(map);
}

/**
 * Checks that object and path have the same namespace.
 * @throws StatusError 400
 */
export function requireSameNamespace(type: ServedType, namespace: string, object: KubeObject): void {
  const given = stringAt(object.metadata, 'namespace');
  if (given !== '' && given !== (type.namespaced ? namespace : '')) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
}

function withNamespace(type: ServedType, namespace: string, object: KubeObject): KubeObject {
  return type.namespaced ? { ...object, metadata: { ...object.metadata, namespace } } : object;
}

function withName(state: SandboxState, type: ServedType, namespace: string, object: KubeObject): KubeObject {
  const prefix = stringAt(object.metadata, 'generateName');
  if (stringAt(object.metadata, 'name') !== '' || prefix === '') return object;
  const { resource } = type;
  // Cuts long prefixes, so that the name stays a DNS label.
  const head = prefix.slice(0, 58);
  for (let attempt = 0; attempt < 8; attempt += 1) {
    const name = head + randomSuffix();
    if (state.store.get(type.storedAs, keyOf(type.namespaced ? namespace : '', name)) === undefined) {
      return { ...object, metadata: { ...object.metadata, name } };
    }
  }
  throw new StatusError(
    409,
    'AlreadyExists',
    `${resource} ${JSON.stringify(head)} already exists, the server was not able to generate a unique name for the object`,
    { name: head, group: parseApiVersion(object.apiVersion).group, kind: resource, retryAfterSeconds: 1 },
  );
}
