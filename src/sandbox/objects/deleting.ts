// DELETE of an object and of a collection: preconditions, finalizers, grace periods, dependents.
// Entry points: deleteObject, deleteCollection, deleteStored.

import type { SandboxState } from '../store/state.ts';
import {
  arrayAt,
  objectAt,
  stringAt,
  type Json,
  type JsonObject,
  type KubeObject,
} from '../../model/object.ts';
import { apiVersionOf } from '../../model/resource.ts';
import { objectAnswer, type Answer, type Call } from '../http/call.ts';
import { toServed } from './convert.ts';
import { decodeOptions } from '../http/decoding.ts';
import { deleteStored, type DeleteOptions } from './deletion.ts';
import { listItem, listKindOf } from './forms.ts';
import { readListOptions } from './list-options.ts';
import { negotiate, formRequestOf } from '../http/negotiation.ts';
import { answerWithObject, objectFormOf, requireObject, selectPage, type Target } from './reading.ts';
import { conflict, forbidden, invalid } from '../http/status.ts';
import { unsupportedValue } from '../types/field-errors.ts';
import type { FieldError, ServedType } from '../types/types.ts';

/** Types whose deletion returns the deleted object instead of a Status. */
const answeredWithObject = new Set([
  'pods',
  'services',
  'serviceaccounts',
  'podtemplates',
  'resourcequotas',
  'persistentvolumes',
  'persistentvolumeclaims',
  'namespaces',
  'storageclasses.storage.k8s.io',
  'csidrivers.storage.k8s.io',
  'csinodes.storage.k8s.io',
  'volumeattachments.storage.k8s.io',
  'volumeattributesclasses.storage.k8s.io',
  'resourceclaims.resource.k8s.io',
  'resourceclaimtemplates.resource.k8s.io',
  'resourceslices.resource.k8s.io',
  'deviceclasses.resource.k8s.io',
]);

/** Namespaces that the NamespaceLifecycle admission protects. */
const undeletableNamespaces = new Set(['default', 'kube-system', 'kube-public']);

/**
 * Answers the DELETE of an object.
 * @throws StatusError
 */
export async function deleteObject(state: SandboxState, call: Call, target: Target): Promise<Answer> {
  const { type, name } = target;
  const form = objectFormOf(call);
  const options = await readDeleteOptions(call);
  if (type.storedAs === 'namespaces' && undeletableNamespaces.has(name)) {
    throw forbidden(type, name, 'this namespace may not be deleted');
  }
  const existing = requireObject(state, target);
  checkPreconditions(type, existing, options);
  const { object, gone } = deleteStored(state, type, existing, options);
  if (!gone || answeredWithObject.has(type.storedAs)) {
    return answerWithObject(state, call, type, object, form);
  }
  return objectAnswer(
    { ...form, as: undefined },
    {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Success',
      details: {
        name,
        group: type.group === '' ? undefined : type.group,
        kind: type.resource,
        uid: stringAt(existing.metadata, 'uid'),
      },
    },
  );
}

/**
 * Answers the DELETE of a collection.
 * @throws StatusError
 */
export async function deleteCollection(state: SandboxState, call: Call, target: Target): Promise<Answer> {
  const { type } = target;
  const form = negotiate(formRequestOf(call));
  const selection = readListOptions(call.query, type, false);
  const options = await readDeleteOptions(call);
  const page = selectPage(state, target, selection);
  for (const object of page.objects) deleteStored(state, type, object, options);
  return objectAnswer(form, {
    kind: listKindOf(type),
    apiVersion: apiVersionOf(type),
    metadata: { resourceVersion: page.meta.resourceVersion },
    items: page.objects.map((object) => listItem(type, toServed(type, object))),
  });
}

function checkPreconditions(type: ServedType, object: KubeObject, options: DeleteOptions): void {
  const name = stringAt(object.metadata, 'name');
  // The message contains the kind instead of the resource, as in the real server, whose strategy
  // does not know the resource.
  const kind = { group: type.group, resource: type.kind };
  const uid = stringAt(object.metadata, 'uid');
  if (options.uid !== undefined && options.uid !== uid) {
    throw conflict(
      kind,
      name,
      `the UID in the precondition (${options.uid}) does not match the UID in record (${uid}). The object might have been deleted and then recreated`,
    );
  }
  const version = stringAt(object.metadata, 'resourceVersion');
  if (options.resourceVersion !== undefined && options.resourceVersion !== version) {
    throw conflict(
      kind,
      name,
      `the ResourceVersion in the precondition (${options.resourceVersion}) does not match the ResourceVersion in record (${version}). The object might have been modified`,
    );
  }
}

/** Reads the options. The body wins over the query, as in the real server. */
async function readDeleteOptions(call: Call): Promise<DeleteOptions> {
  const body = await decodeOptions(call);
  const { query } = call;
  const given = Object.keys(body).length > 0;
  const dryRun = given ? arrayAt(body, 'dryRun') : query.getAll('dryRun');
  const policy = given ? stringAt(body, 'propagationPolicy') : (query.get('propagationPolicy') ?? '');
  const grace = given ? body['gracePeriodSeconds'] : integerOf(query.get('gracePeriodSeconds'));
  const preconditions = objectAt(body, 'preconditions');
  const errors: FieldError[] = [];
  if (policy !== '' && policy !== 'Foreground' && policy !== 'Background' && policy !== 'Orphan') {
    errors.push(unsupportedValue('propagationPolicy', policy, ['Foreground', 'Background', 'Orphan', 'nil']));
  }
  if (dryRun.some((value) => value !== 'All')) {
    errors.push(unsupportedValue('dryRun', dryRun, ['All']));
  }
  if (errors.length > 0) throw invalid({ group: 'meta.k8s.io', kind: 'DeleteOptions' }, '', errors);
  return {
    dryRun: dryRun.length > 0 || query.has('dryRun'),
    gracePeriodSeconds: typeof grace === 'number' ? grace : undefined,
    propagation: policy === 'Foreground' || policy === 'Orphan' ? policy : 'Background',
    uid: optionalString(preconditions, 'uid'),
    resourceVersion: optionalString(preconditions, 'resourceVersion'),
  };
}

function optionalString(object: JsonObject | undefined, key: string): string | undefined {
  const value: Json | undefined = object?.[key];
  return typeof value === 'string' ? value : undefined;
}

function integerOf(text: string | null): number | undefined {
  return text !== null && /^-?\d+$/.test(text) ? Number(text) : undefined;
}
