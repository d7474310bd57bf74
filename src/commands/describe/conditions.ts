// Judges conditions. Entry point: conditionsOf(). Pure.

import { objectsAt, specOf, statusOf } from '../../model/fields.ts';
import { stringAt, type JsonObject, type KubeObject } from '../../model/object.ts';
import { parseApiVersion } from '../../model/resource.ts';
import { isBuiltInGroup } from './object-label.ts';
import type { Condition, Judgement } from './summary.ts';

/** Conditions of any type that should be True. The rest of the table is for one kind each. */
const goodWhenTrue = new Set(['Ready', 'Available']);
/** Conditions of any type that should not be True, by the conventions of the API and of kstatus. */
const badWhenTrue = new Set(['Failed', 'Degraded', 'Stalled']);

/**
 * The conditions of the built-in types: `+` should be True, `-` should not be True, `~` is neither
 * good nor bad.
 * @see https://github.com/kubernetes/kubernetes/tree/v1.36.0/staging/src/k8s.io/api
 */
const polarities: Readonly<Record<string, string>> = {
  Pod: '+PodScheduled +Initialized +ContainersReady +Ready +PodReadyToStartContainers -DisruptionTarget -PodResizePending ~PodResizeInProgress',
  Node: '+Ready -MemoryPressure -DiskPressure -PIDPressure -NetworkUnavailable',
  Deployment: '+Available +Progressing -ReplicaFailure',
  ReplicaSet: '-ReplicaFailure',
  ReplicationController: '-ReplicaFailure',
  StatefulSet: '+Available',
  Job: '+Complete +SuccessCriteriaMet -Failed -FailureTarget ~Suspended',
  HorizontalPodAutoscaler: '+AbleToScale +ScalingActive ~ScalingLimited',
  PersistentVolumeClaim:
    '-ControllerResizeError -NodeResizeError -ModifyVolumeError ~Resizing ~FileSystemResizePending ~ModifyingVolume ~Unused',
  Namespace:
    '-NamespaceDeletionDiscoveryFailure -NamespaceDeletionContentFailure -NamespaceDeletionGroupVersionParsingFailure -NamespaceContentRemaining -NamespaceFinalizersRemaining',
  CustomResourceDefinition:
    '+Established +NamesAccepted +KubernetesAPIApprovalPolicyConformant -NonStructuralSchema ~Terminating ~StorageMigrating',
  APIService: '+Available',
  CertificateSigningRequest: '~Approved -Denied -Failed',
  PodDisruptionBudget: '~DisruptionAllowed',
  FlowSchema: '-Dangling',
  ResourceClaim: '~Allocated',
  ServiceCIDR: '+Ready',
  IPAddress: '',
  Service: '-LoadBalancerPortsError',
};

/**
 * Returns the conditions of an object: first the bad ones, then those that kapi cannot judge,
 * otherwise in the order of the object.
 */
export function conditionsOf(object: KubeObject): readonly Condition[] {
  const judged = objectsAt(statusOf(object), 'conditions').map((condition): Condition => ({
    type: stringAt(condition, 'type'),
    status: stringAt(condition, 'status'),
    reason: stringAt(condition, 'reason'),
    message: stringAt(condition, 'message'),
    since: stringAt(condition, 'lastTransitionTime') || stringAt(condition, 'lastUpdateTime'),
    judgement: judge(object, condition),
  }));
  const order: readonly Judgement[] = ['bad', 'unknown', 'good'];
  return order.flatMap((judgement) => judged.filter((one) => one.judgement === judgement));
}

function judge(object: KubeObject, condition: JsonObject): Judgement {
  const type = stringAt(condition, 'type');
  const status = stringAt(condition, 'status');
  const reason = stringAt(condition, 'reason');
  if (isExpected(object, condition)) return 'good';
  const sign = signOf(object, type);
  // A user paused the rollout on purpose.
  if (type === 'Progressing' && reason === 'DeploymentPaused') return 'unknown';
  // The autoscaler would exceed its max.
  if (type === 'ScalingLimited') {
    return status === 'True' && reason === 'TooManyReplicas' ? 'bad' : 'unknown';
  }
  // A job that has not finished is neither good nor bad.
  if (object.kind === 'Job' && status !== 'True') return 'unknown';
  if (sign === '+') return status === 'True' ? 'good' : 'bad';
  if (sign === '-') return status === 'False' ? 'good' : status === 'True' ? 'bad' : 'unknown';
  return 'unknown';
}

function signOf({ kind, apiVersion }: KubeObject, type: string): string | undefined {
  const isBuiltIn = isBuiltInGroup(parseApiVersion(apiVersion).group);
  const own =
    isBuiltIn && Object.hasOwn(polarities, kind)
      ? polarities[kind]?.split(' ').find((word) => word.slice(1) === type)
      : undefined;
  if (own !== undefined) return own.slice(0, 1);
  if (goodWhenTrue.has(type)) return '+';
  return badWhenTrue.has(type) ? '-' : undefined;
}

/** True for conditions that are False because the work is done, or because the user wants it. */
function isExpected(object: KubeObject, condition: JsonObject): boolean {
  const reason = stringAt(condition, 'reason');
  if (object.kind !== 'Pod') return false;
  if (reason === 'PodCompleted') return true;
  const { phase } = statusOf(object);
  const isOver = phase === 'Succeeded';
  if (isOver && stringAt(condition, 'status') !== 'True') return true;
  // Containers of a pod that waits for its scheduling gates are not expected to run.
  return objectsAt(specOf(object), 'schedulingGates').length > 0;
}
