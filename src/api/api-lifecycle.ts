// Says when Kubernetes deprecates and removes versions of its built-in types. Entry point:
// lifecycleOf(). Facts of k8s.io/api 0.36 and of the deprecation guide, for what a server does not
// say itself. Pure.

import { apiVersionOf } from '../model/resource.ts';

/** Minor releases of Kubernetes 1. */
export interface ApiLifecycle {
  readonly deprecatedIn: number | undefined;
  readonly removedIn: number | undefined;
}

/**
 * The types. Each row is `apiVersion deprecated removed kinds`; `-` is none.
 * @see https://kubernetes.io/docs/reference/using-api/deprecation-guide/
 */
const rows = [
  'v1 19 - ComponentStatus',
  'v1 33 - Endpoints',
  'admission.k8s.io/v1beta1 19 22 AdmissionReview',
  'admissionregistration.k8s.io/v1alpha1 29 32 ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding',
  'admissionregistration.k8s.io/v1alpha1 35 38 MutatingAdmissionPolicy MutatingAdmissionPolicyBinding',
  'admissionregistration.k8s.io/v1beta1 16 22 MutatingWebhookConfiguration ValidatingWebhookConfiguration',
  'admissionregistration.k8s.io/v1beta1 31 34 ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding',
  'admissionregistration.k8s.io/v1beta1 37 40 MutatingAdmissionPolicy MutatingAdmissionPolicyBinding',
  'apidiscovery.k8s.io/v2beta1 32 35 APIGroupDiscovery',
  'apps/v1beta1 8 16 ControllerRevision Deployment DeploymentRollback Scale StatefulSet',
  'apps/v1beta2 9 16 ControllerRevision DaemonSet Deployment ReplicaSet Scale StatefulSet',
  'authentication.k8s.io/v1alpha1 29 32 SelfSubjectReview',
  'authentication.k8s.io/v1beta1 19 22 TokenReview',
  'authentication.k8s.io/v1beta1 30 33 SelfSubjectReview',
  'authorization.k8s.io/v1beta1 19 22 LocalSubjectAccessReview SelfSubjectAccessReview SelfSubjectRulesReview SubjectAccessReview',
  'batch/v1beta1 21 25 CronJob',
  'certificates.k8s.io/v1alpha1 34 37 ClusterTrustBundle',
  'certificates.k8s.io/v1beta1 19 22 CertificateSigningRequest',
  'certificates.k8s.io/v1beta1 37 40 ClusterTrustBundle',
  'certificates.k8s.io/v1beta1 38 41 PodCertificateRequest',
  'coordination.k8s.io/v1alpha2 35 38 LeaseCandidate',
  'coordination.k8s.io/v1beta1 19 22 Lease',
  'coordination.k8s.io/v1beta1 36 39 LeaseCandidate',
  'discovery.k8s.io/v1beta1 21 25 EndpointSlice',
  'events.k8s.io/v1beta1 22 25 Event',
  'extensions/v1beta1 8 16 DaemonSet Deployment DeploymentRollback ReplicaSet',
  'extensions/v1beta1 9 16 NetworkPolicy',
  'extensions/v1beta1 2 16 Scale',
  'extensions/v1beta1 14 22 Ingress',
  'flowcontrol.apiserver.k8s.io/v1beta1 23 26 FlowSchema PriorityLevelConfiguration',
  'flowcontrol.apiserver.k8s.io/v1beta2 26 29 FlowSchema PriorityLevelConfiguration',
  'flowcontrol.apiserver.k8s.io/v1beta3 29 32 FlowSchema PriorityLevelConfiguration',
  'networking.k8s.io/v1beta1 19 22 Ingress IngressClass',
  'networking.k8s.io/v1beta1 34 37 IPAddress ServiceCIDR',
  'node.k8s.io/v1beta1 22 25 RuntimeClass',
  'policy/v1beta1 22 25 Eviction',
  'policy/v1beta1 21 25 PodDisruptionBudget',
  'rbac.authorization.k8s.io/v1beta1 17 22 ClusterRole ClusterRoleBinding Role RoleBinding',
  'resource.k8s.io/v1alpha3 36 39 DeviceTaintRule',
  'resource.k8s.io/v1alpha3 39 42 ResourcePoolStatusRequest',
  'resource.k8s.io/v1beta1 35 38 DeviceClass ResourceClaim ResourceClaimTemplate ResourceSlice',
  'resource.k8s.io/v1beta2 36 39 DeviceClass ResourceClaim ResourceClaimTemplate ResourceSlice',
  'resource.k8s.io/v1beta2 39 42 DeviceTaintRule',
  'scheduling.k8s.io/v1beta1 14 22 PriorityClass',
  'storage.k8s.io/v1alpha1 21 24 CSIStorageCapacity VolumeAttachment',
  'storage.k8s.io/v1alpha1 32 35 VolumeAttributesClass',
  'storage.k8s.io/v1beta1 19 22 CSIDriver StorageClass VolumeAttachment',
  'storage.k8s.io/v1beta1 17 22 CSINode',
  'storage.k8s.io/v1beta1 24 27 CSIStorageCapacity',
  'storage.k8s.io/v1beta1 34 37 VolumeAttributesClass',
  'storagemigration.k8s.io/v1beta1 38 41 StorageVersionMigration',
];

let lifecycles: ReadonlyMap<string, ApiLifecycle> | undefined;

/** Returns what is known of a version of a type. Undefined: nothing, as for custom types. */
export function lifecycleOf(
  version: { readonly group: string; readonly version: string },
  kind: string,
): ApiLifecycle | undefined {
  lifecycles ??= new Map(rows.flatMap(parseRow));
  return lifecycles.get(`${apiVersionOf(version)} ${kind}`);
}

function parseRow(row: string): readonly (readonly [key: string, lifecycle: ApiLifecycle])[] {
  const [apiVersion = '', deprecated = '-', removed = '-', ...kinds] = row.split(' ');
  const minorOf = (text: string): number | undefined => (text === '-' ? undefined : Number(text));
  const lifecycle = { deprecatedIn: minorOf(deprecated), removedIn: minorOf(removed) };
  return kinds.map((kind) => [`${apiVersion} ${kind}`, lifecycle] as const);
}
