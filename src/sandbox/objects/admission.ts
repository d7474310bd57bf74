// Admission of new and changed objects: the namespace exists, the service account exists, and
// writers grant only rights that they have. Entry points: admitCreate, admitUpdate. allocatorOf
// generates names and addresses.

import type { SandboxState } from '../store/state.ts';
import { randomInt } from 'node:crypto';
import { arrayAt, isJsonObject, objectAt, stringAt, type KubeObject } from '../../model/object.ts';
import type { Allocate } from '../schema/defaults.ts';
import { escalationError } from '../access/escalation.ts';
import { forbidden, notFound, StatusError } from '../http/status.ts';
import { keyOf } from '../store/store.ts';
import type { ServedType, UserInfo } from '../types/types.ts';

/**
 * Checks a new object.
 * @throws StatusError 403, 404
 */
export function admitCreate(
  state: SandboxState,
  user: UserInfo,
  type: ServedType,
  namespace: string,
  object: KubeObject,
): void {
  if (type.namespaced) requireNamespace(state, type, namespace, stringAt(object.metadata, 'name'));
  if (type.storedAs === 'pods') requireServiceAccount(state, type, namespace, object);
  refuseEscalation(state, user, type, object, undefined);
}

/**
 * Checks a changed object.
 * @throws StatusError 403
 */
export function admitUpdate(
  state: SandboxState,
  user: UserInfo,
  type: ServedType,
  object: KubeObject,
  old: KubeObject,
): void {
  refuseEscalation(state, user, type, object, old);
}

function requireNamespace(state: SandboxState, type: ServedType, namespace: string, name: string): void {
  const found = state.store.get('namespaces', namespace);
  if (found === undefined) throw notFound({ group: '', resource: 'namespaces' }, namespace);
  if (stringAt(found.metadata, 'deletionTimestamp') === '') return;
  const error = forbidden(
    type,
    name,
    `unable to create new content in namespace ${namespace} because it is being terminated`,
  );
  throw new StatusError(error.code, error.reason, error.message, {
    ...error.details,
    causes: [
      {
        reason: 'NamespaceTerminating',
        message: `namespace ${namespace} is being terminated`,
        field: 'metadata.namespace',
      },
    ],
  });
}

function requireServiceAccount(
  state: SandboxState,
  type: ServedType,
  namespace: string,
  pod: KubeObject,
): void {
  const spec = objectAt(pod, 'spec');
  const account = stringAt(spec, 'serviceAccountName') || stringAt(spec, 'serviceAccount') || 'default';
  if (state.store.get('serviceaccounts', keyOf(namespace, account)) !== undefined) return;
  throw forbidden(
    type,
    stringAt(pod.metadata, 'name'),
    `error looking up service account ${namespace}/${account}: serviceaccount ${JSON.stringify(account)} not found`,
  );
}

function refuseEscalation(
  state: SandboxState,
  user: UserInfo,
  type: ServedType,
  object: KubeObject,
  old: KubeObject | undefined,
): void {
  if (type.group !== 'rbac.authorization.k8s.io') return;
  const error = escalationError(state.rbac, user, object, old);
  if (error !== undefined) throw error;
}

/** Letters and digits of generated names: no vowels and no ambiguous characters. */
const nameAlphabet = 'bcdfghjklmnpqrstvwxz2456789';

/** Returns the five characters after a `generateName`. */
export function randomSuffix(): string {
  return Array.from({ length: 5 }, () => nameAlphabet.charAt(randomInt(nameAlphabet.length))).join('');
}

/** Allocates addresses and ports that no service uses. */
export function allocatorOf(state: SandboxState): Allocate {
  const inUse = (wanted: (spec: KubeObject) => boolean): boolean =>
    [...state.store.values('services')].some(wanted);
  const pickFree = <T>(candidate: () => T, taken: (value: T) => boolean): T => {
    for (;;) {
      const value = candidate();
      if (!taken(value)) return value;
    }
  };
  return {
    suffix: randomSuffix,
    clusterIp: () =>
      pickFree(
        () => `10.96.${randomInt(1, 255)}.${randomInt(1, 255)}`,
        (ip) => inUse((service) => stringAt(objectAt(service, 'spec'), 'clusterIP') === ip),
      ),
    nodePort: () =>
      pickFree(
        () => randomInt(30000, 32768),
        (port) =>
          inUse((service) =>
            arrayAt(objectAt(service, 'spec'), 'ports').some(
              (entry) => isJsonObject(entry) && entry['nodePort'] === port,
            ),
          ),
      ),
  };
}
