// Removes objects from the store: finalizers and grace periods delay it, and dependents are deleted
// too. Entry points: deleteStored, deleteDependents. deleting.ts handles the requests.

import type { SandboxState } from '../store/state.ts';
import {
  arrayAt,
  isJsonObject,
  objectAt,
  stringAt,
  type JsonObject,
  type KubeObject,
} from '../../model/object.ts';
import { formatTime } from '../../model/timestamp.ts';
import { without } from '../../model/json.ts';
import { keyOf } from '../store/store.ts';
import type { ServedType } from '../types/types.ts';

/** Decoded DeleteOptions. */
export interface DeleteOptions {
  readonly dryRun: boolean;
  readonly gracePeriodSeconds: number | undefined;
  readonly propagation: 'Foreground' | 'Background' | 'Orphan';
  readonly uid: string | undefined;
  readonly resourceVersion: string | undefined;
}

/** The result of a deletion: the object's last state, and whether it was removed from the store. */
export interface Deletion {
  readonly object: KubeObject;
  readonly gone: boolean;
}

/** Deletes a stored object as far as its finalizers and its grace period allow. */
export function deleteStored(
  state: SandboxState,
  type: ServedType,
  object: KubeObject,
  options: DeleteOptions = background,
): Deletion {
  const { store } = state;
  const { metadata } = object;
  const key = keyOf(stringAt(metadata, 'namespace'), stringAt(metadata, 'name'));
  const finalizers = arrayAt(metadata, 'finalizers').length > 0;
  const grace = gracePeriodOf(type, object, options);
  const stays = finalizers || grace > 0 || type.storedAs === 'namespaces';
  if (options.dryRun) return { object: stays ? markDeleted(state, object, grace) : object, gone: !stays };
  const uid = stringAt(metadata, 'uid');
  if (options.propagation === 'Orphan') orphanDependents(state, uid);
  if (options.propagation === 'Foreground') deleteDependents(state, uid);
  if (!stays) {
    store.remove(type.storedAs, key);
    // The real server returns the stored object, without the revision of its deletion.
    return { object: type.storedAs === 'pods' ? markDeleted(state, object, 0) : object, gone: true };
  }
  const before = stringAt(metadata, 'deletionTimestamp');
  const pending = metadata['deletionGracePeriodSeconds'];
  if (before !== '' && (typeof pending !== 'number' || grace >= pending)) return { object, gone: false };
  return { object: store.put(type.storedAs, key, markDeleted(state, object, grace)), gone: false };
}

const background: DeleteOptions = {
  dryRun: false,
  gracePeriodSeconds: undefined,
  propagation: 'Background',
  uid: undefined,
  resourceVersion: undefined,
};

function markDeleted(state: SandboxState, object: KubeObject, grace: number): KubeObject {
  const { generation } = object.metadata;
  const metadata: JsonObject = {
    ...object.metadata,
    generation: typeof generation === 'number' ? generation + 1 : undefined,
    deletionTimestamp: formatTime(new Date(state.now().getTime() + grace * 1000)),
    deletionGracePeriodSeconds: object.kind === 'Namespace' ? undefined : grace,
  };
  if (object.kind !== 'Namespace') return { ...object, metadata };
  return { ...object, metadata, status: { ...objectAt(object, 'status'), phase: 'Terminating' } };
}

/**
 * Returns the grace period. Only pods on a node have one; the sandbox has no kubelet, so
 * controllers.ts ends them.
 */
function gracePeriodOf(type: ServedType, object: KubeObject, options: DeleteOptions): number {
  if (type.storedAs !== 'pods') return 0;
  const spec = objectAt(object, 'spec');
  const phase = stringAt(objectAt(object, 'status'), 'phase');
  if (stringAt(spec, 'nodeName') === '' || phase === 'Succeeded' || phase === 'Failed') return 0;
  const own = spec?.['terminationGracePeriodSeconds'];
  const asked = options.gracePeriodSeconds ?? (typeof own === 'number' ? own : 30);
  return asked < 0 ? 1 : asked;
}

/** Deletes dependents of the owner. If a dependent has other owners, removes only the reference. */
export function deleteDependents(state: SandboxState, ownerUid: string): void {
  for (const [type, object] of dependentsOf(state, ownerUid)) {
    if (ownersOf(object).length > 1) dropReference(state, type, object, ownerUid);
    else deleteStored(state, type, object);
  }
}

/** Removes the reference to the owner from its dependents. */
export function orphanDependents(state: SandboxState, ownerUid: string): void {
  for (const [type, object] of dependentsOf(state, ownerUid)) dropReference(state, type, object, ownerUid);
}

function dependentsOf(state: SandboxState, uid: string): readonly (readonly [ServedType, KubeObject])[] {
  return state.registry
    .stored()
    .flatMap((type) =>
      [...state.store.values(type.storedAs)]
        .filter((object) => ownersOf(object).some((owner) => owner['uid'] === uid))
        .map((object) => [type, object] as const),
    );
}

function ownersOf(object: KubeObject): readonly JsonObject[] {
  return arrayAt(object.metadata, 'ownerReferences').filter(isJsonObject);
}

function dropReference(state: SandboxState, type: ServedType, object: KubeObject, uid: string): void {
  const ownerReferences = ownersOf(object).filter((owner) => owner['uid'] !== uid);
  const metadata = without(object.metadata, 'ownerReferences');
  state.store.put(type.storedAs, keyOf(stringAt(metadata, 'namespace'), stringAt(metadata, 'name')), {
    ...object,
    metadata: ownerReferences.length === 0 ? metadata : { ...metadata, ownerReferences },
  });
}
