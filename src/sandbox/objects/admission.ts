// Admission of new and changed objects: the namespace exists, the service account exists, and
// writers grant only rights that they have. Entry points: admitCreate, admitUpdate. allocatorOf
// generates names and addresses.

import type { SandboxState } from '../store/state.ts';
import { randomInt } from 'node:crypto';
import {
  arrayAt,
  isJsonObject,
  objectAt,
  stringAt,
  type Json,
  type JsonObject,
  type KubeObject,
} from '../../model/object.ts';
import type { Allocate } from '../schema/defaults.ts';
import { escalationError } from '../access/escalation.ts';
import { forbidden, goQuote, internalError, notFound, StatusError } from '../http/status.ts';
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

/** The node ports, as with kube-apiserver's default --service-node-port-range. */
const [firstNodePort, nodePorts] = [30_000, 2_768];
/** Number of third and of fourth parts of the addresses of services: 1 to 254. */
const addressParts = 254;

/**
 * Allocates addresses and ports that no service uses.
 * @param service the name of the service that needs them, for errors
 * @throws StatusError 500 if the range is full
 */
export function allocatorOf(state: SandboxState, service: string): Allocate {
  const specs = (): (JsonObject | undefined)[] =>
    [...state.store.values('services')].map((each) => objectAt(each, 'spec'));
  // The service itself can have several ports.
  const given = new Set<Json | undefined>();
  return {
    suffix: randomSuffix,
    clusterIp: () => {
      const taken = new Set(specs().map((spec) => stringAt(spec, 'clusterIP')));
      const address = pickFree(
        addressParts ** 2,
        (index) => `10.96.${1 + Math.floor(index / addressParts)}.${1 + (index % addressParts)}`,
        taken,
      );
      if (address !== undefined) return address;
      throw internalError(`failed to allocate a serviceIP for Service ${goQuote(service)}: range is full`);
    },
    nodePort: () => {
      const taken = new Set<Json | undefined>(given);
      for (const spec of specs()) {
        for (const port of arrayAt(spec, 'ports')) if (isJsonObject(port)) taken.add(port['nodePort']);
      }
      const port = pickFree(nodePorts, (index) => firstNodePort + index, taken);
      if (port === undefined) throw internalError('failed to allocate a nodePort: range is full');
      given.add(port);
      return port;
    },
  };
}

/** Returns a random value of a range that is not taken. Undefined if all are. */
function pickFree<Value>(
  size: number,
  valueAt: (index: number) => Value,
  taken: ReadonlySet<unknown>,
): Value | undefined {
  const start = randomInt(size);
  for (let step = 0; step < size; step++) {
    const value = valueAt((start + step) % size);
    if (!taken.has(value)) return value;
  }
  return undefined;
}
