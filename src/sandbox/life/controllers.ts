// The controllers that clients of a cluster expect: types of new definitions, contents of new and
// deleted namespaces, deletion of pods, garbage collection of owned objects, and aggregated roles.
// Entry point: startControllers.

import type { SandboxState } from '../store/state.ts';
import { deepEqual } from '../../model/json.ts';
import { arrayAt, objectAt, stringAt, type KubeObject } from '../../model/object.ts';
import { buildNew } from '../objects/creating.ts';
import { cleanupFinalizer, crdType, withCleanup } from '../types/crd.ts';
import { deleteDependents, deleteStored } from '../objects/deletion.ts';
import { withAggregatedRules } from '../access/rbac.ts';
import { keyOf, type StoreEvent } from '../store/store.ts';

/**
 * Max milliseconds until a terminating pod is removed, even if its grace period is longer: nothing
 * runs in it.
 */
const maxTerminationMs = 2_000;
/** Milliseconds until a terminating namespace is removed: long enough for a client to see it. */
const namespaceTerminationMs = 500;

const clusterRoles = 'clusterroles.rbac.authorization.k8s.io';
const definitions = `${crdType.resource}.${crdType.group}`;

/** Handles every change of the store. `stop` cancels pending actions. */
export function startControllers(state: SandboxState): { readonly stop: () => void } {
  const timers = new Set<NodeJS.Timeout>();
  const later = (ms: number, action: () => void): void => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      action();
    }, ms);
    timers.add(timer);
  };
  state.store.onChange((type, event) => {
    if (type === definitions) followDefinitions(state, event, later);
    if (type === 'namespaces') followNamespace(state, event, later);
    if (type === 'pods') followPod(state, event, later);
    if (type === clusterRoles) later(0, () => aggregateRoles(state));
    // Outside the listener, so that every watch sees the deletion of the owner before that of its
    // dependents.
    if (event.verb === 'DELETED')
      later(0, () => deleteDependents(state, stringAt(event.object.metadata, 'uid')));
  });
  return {
    stop: () => {
      for (const timer of timers) clearTimeout(timer);
    },
  };
}

function followDefinitions(state: SandboxState, event: StoreEvent, later: Later): void {
  state.registry.setDefinitions(state.store.values(definitions));
  const { metadata } = event.object;
  const finalizers = arrayAt(metadata, 'finalizers');
  const isTerminating = stringAt(metadata, 'deletionTimestamp') !== '';
  if (event.verb === 'ADDED') {
    later(0, () => {
      const definition = state.store.get(definitions, event.key);
      if (definition !== undefined) state.store.put(definitions, event.key, withCleanup(definition));
    });
  }
  if (event.verb !== 'MODIFIED' || !isTerminating || !finalizers.includes(cleanupFinalizer)) return;
  later(0, () => {
    const definition = state.store.get(definitions, event.key);
    if (definition === undefined) return;
    const spec = objectAt(definition, 'spec');
    state.store.drop(`${stringAt(objectAt(spec, 'names'), 'plural')}.${stringAt(spec, 'group')}`);
    const rest = arrayAt(definition.metadata, 'finalizers').filter((name) => name !== cleanupFinalizer);
    const freed = { ...definition, metadata: { ...definition.metadata, finalizers: rest } };
    state.store.put(definitions, event.key, freed);
    if (rest.length === 0) state.store.remove(definitions, event.key);
  });
}

/** Writes aggregated rules into roles with an `aggregationRule`. Does not write unchanged roles. */
function aggregateRoles(state: SandboxState): void {
  for (const role of [...state.store.values(clusterRoles)]) {
    const gathered = withAggregatedRules(state.rbac, role);
    if (deepEqual(role['rules'], gathered['rules'])) continue;
    state.store.put(clusterRoles, stringAt(role.metadata, 'name'), gathered);
  }
}

type Later = (ms: number, action: () => void) => void;

function followNamespace(state: SandboxState, event: StoreEvent, later: Later): void {
  const name = stringAt(event.object.metadata, 'name');
  const isTerminating = stringAt(event.object.metadata, 'deletionTimestamp') !== '';
  if (event.verb === 'ADDED') later(0, () => createNamespaceDefaults(state, name));
  if (
    event.verb === 'MODIFIED' &&
    isTerminating &&
    arrayAt(objectAt(event.object, 'spec'), 'finalizers').length > 0
  ) {
    later(namespaceTerminationMs, () => emptyNamespace(state, name));
  }
}

/** Creates the objects that the controller manager puts into every namespace. */
function createNamespaceDefaults(state: SandboxState, namespace: string): void {
  create(state, namespace, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default' } });
  create(state, namespace, {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: 'kube-root-ca.crt',
      annotations: {
        'kubernetes.io/description':
          'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.',
      },
    },
    data: { 'ca.crt': state.caCertificate },
  });
}

function create(state: SandboxState, namespace: string, object: KubeObject): void {
  const type = state.registry.findKind(object.apiVersion, object.kind);
  const key = keyOf(namespace, stringAt(object.metadata, 'name'));
  const holder = state.store.get('namespaces', namespace);
  if (type === undefined || holder === undefined || state.store.get(type.storedAs, key) !== undefined) return;
  state.store.put(
    type.storedAs,
    key,
    buildNew(state, type, namespace, object, (fresh) => fresh),
  );
}

/** Deletes all objects of a terminating namespace, and the namespace when it is empty. */
function emptyNamespace(state: SandboxState, namespace: string): void {
  const holder = state.store.get('namespaces', namespace);
  if (holder === undefined) return;
  const remaining = state.registry
    .stored()
    .filter((type) => type.namespaced)
    .flatMap((type) =>
      [...state.store.snapshot(type.storedAs).entries(`${namespace}/`, '')].map(
        ([, object]) => [type, object] as const,
      ),
    );
  for (const [type, object] of remaining) {
    deleteStored(state, type, object, {
      dryRun: false,
      gracePeriodSeconds: 0,
      propagation: 'Background',
      uid: undefined,
      resourceVersion: undefined,
    });
  }
  const held = remaining.some(([, object]) => arrayAt(object.metadata, 'finalizers').length > 0);
  if (held) return;
  state.store.put('namespaces', namespace, { ...holder, spec: {} });
  state.store.remove('namespaces', namespace);
}

/** Removes a pod after its grace period, as a kubelet would. */
function followPod(state: SandboxState, event: StoreEvent, later: Later): void {
  const { metadata } = event.object;
  const grace = metadata['deletionGracePeriodSeconds'];
  if (event.verb !== 'MODIFIED' || typeof grace !== 'number' || grace === 0) return;
  const key = keyOf(stringAt(metadata, 'namespace'), stringAt(metadata, 'name'));
  const uid = stringAt(metadata, 'uid');
  later(Math.min(grace * 1000, maxTerminationMs), () => {
    const pod = state.store.get('pods', key);
    if (pod === undefined || stringAt(pod.metadata, 'uid') !== uid) return;
    if (arrayAt(pod.metadata, 'finalizers').length === 0) state.store.remove('pods', key);
    else {
      state.store.put('pods', key, { ...pod, metadata: { ...pod.metadata, deletionGracePeriodSeconds: 0 } });
    }
  });
}
