// Refuses values that the enum of a field does not list. Entry points: enumErrors() for a check
// whose position among the errors matters, otherEnumErrors() for all other fields.

import {
  isJsonArray,
  isJsonObject,
  type Json,
  type JsonObject,
  type KubeObject,
} from '../../model/object.ts';
import { structNamed, structOfType, type FieldSchema, type FieldType } from '../schema/schema.ts';
import { unsupportedValue } from '../types/field-errors.ts';
import type { FieldError, ServedType } from '../types/types.ts';

/**
 * Fields for which the real server lists the values in its messages in another order than OpenAPI,
 * or accepts fewer of them.
 */
const listedValues: Readonly<Record<string, readonly string[]>> = {
  'core.v1.Container.terminationMessagePolicy': ['File', 'FallbackToLogsOnError'],
  'core.v1.EphemeralContainer.terminationMessagePolicy': ['File', 'FallbackToLogsOnError'],
  'core.v1.PodSpec.dnsPolicy': ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'],
  'core.v1.PodSpec.preemptionPolicy': ['PreemptLowerPriority', 'Never'],
  'core.v1.PodSpec.restartPolicy': ['Always', 'OnFailure', 'Never'],
  'core.v1.ServiceSpec.ipFamilies': ['IPv4', 'IPv6'],
  'core.v1.Toleration.effect': ['NoSchedule', 'PreferNoSchedule', 'NoExecute'],
  // The operators Gt and Lt need a feature gate.
  'core.v1.Toleration.operator': ['Equal', 'Exists'],
  'batch.v1.JobSpec.completionMode': ['NonIndexed', 'Indexed'],
  'networking.v1.NetworkPolicyPort.protocol': ['TCP', 'UDP', 'SCTP'],
  'networking.v1.NetworkPolicySpec.policyTypes': ['Ingress', 'Egress'],
  'scheduling.v1.PriorityClass.preemptionPolicy': ['PreemptLowerPriority', 'Never'],
  'storage.v1.StorageClass.reclaimPolicy': ['Delete', 'Retain'],
  'admissionregistration.v1.MutatingWebhook.sideEffects': ['None', 'NoneOnDryRun'],
  'admissionregistration.v1.ValidatingWebhook.sideEffects': ['None', 'NoneOnDryRun'],
};

/** Fields for which the real server has another message, or that it checks in another way. */
const checkedOtherwise = new Set([
  'apps.v1.DaemonSetUpdateStrategy.type',
  'apps.v1.DeploymentStrategy.type',
  'apps.v1.StatefulSetSpec.podManagementPolicy',
  'apps.v1.StatefulSetUpdateStrategy.type',
  'core.v1.HostPathVolumeSource.type',
  'core.v1.Lifecycle.stopSignal',
  'core.v1.NodeSelectorRequirement.operator',
  'core.v1.ResourceQuotaSpec.scopes',
  'core.v1.ScopedResourceSelectorRequirement.operator',
  'core.v1.ScopedResourceSelectorRequirement.scopeName',
  'core.v1.ServiceSpec.externalTrafficPolicy',
  'core.v1.Taint.effect',
  'core.v1.VolumeMount.mountPropagation',
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.ValidationRule.reason',
]);

/** Lists whose errors name the list instead of the item. */
const namedAsWhole = new Set([
  'core.v1.PersistentVolumeClaimSpec.accessModes',
  'core.v1.PersistentVolumeSpec.accessModes',
]);

/**
 * Returns an error for each value of a field that the enum of the field does not list. An absent or
 * empty value is none.
 * @param struct without `io.k8s.api.`: `core.v1.Container`
 * @param at path of the object. Empty for a whole object.
 */
export function enumErrors(
  struct: string,
  object: JsonObject | undefined,
  name: string,
  at: string,
): readonly FieldError[] {
  const field = structNamed(`${apiPackage}${struct}`)?.fields.get(name);
  return field === undefined ? [] : fieldErrors(struct, field, object?.[name], at);
}

/**
 * Returns the errors of all enums in an object of a built-in type, except in its status and in the
 * fields that `reported` names.
 */
export function otherEnumErrors(
  type: ServedType,
  object: KubeObject,
  reported: readonly FieldError[],
): readonly FieldError[] {
  const struct = structOfType(type);
  if (struct === undefined) return [];
  const fields = new Set(reported.map(({ field }) => field));
  const content = { ...object, metadata: undefined, status: undefined };
  return errorsBelow({ kind: 'struct', name: struct.name }, content, '').filter(
    ({ field }) => !fields.has(field),
  );
}

const apiPackage = 'io.k8s.api.';

function errorsBelow(type: FieldType, value: Json | undefined, at: string): readonly FieldError[] {
  if (type.kind === 'list' && isJsonArray(value)) {
    return value.flatMap((item, index) => errorsBelow(type.of, item, `${at}[${index}]`));
  }
  if (!isJsonObject(value)) return [];
  if (type.kind === 'map') {
    return Object.entries(value).flatMap(([key, entry]) => errorsBelow(type.of, entry, `${at}[${key}]`));
  }
  if (type.kind !== 'struct') return [];
  const struct = type.name.replace(apiPackage, '');
  return [...(structNamed(type.name)?.fields.values() ?? [])].flatMap((field) => {
    const entry = value[field.name];
    if (entry === undefined || entry === null || checkedOtherwise.has(`${struct}.${field.name}`)) return [];
    return enumOf(field.type) === undefined
      ? errorsBelow(field.type, entry, pathOf(at, field))
      : fieldErrors(struct, field, entry, at);
  });
}

function fieldErrors(
  struct: string,
  field: FieldSchema,
  value: Json | undefined,
  at: string,
): readonly FieldError[] {
  const name = `${struct}.${field.name}`;
  const allowed = listedValues[name] ?? enumOf(field.type) ?? [];
  const path = pathOf(at, field);
  const values = isJsonArray(value) ? value : [value];
  return values.flatMap((one, index) => {
    if (one === undefined || one === null || one === '') return [];
    if (typeof one === 'string' && allowed.includes(one)) return [];
    const item = isJsonArray(value) && !namedAsWhole.has(name) ? `[${index}]` : '';
    return [unsupportedValue(`${path}${item}`, one, allowed)];
  });
}

function enumOf(type: FieldType): readonly string[] | undefined {
  const inner = type.kind === 'list' ? type.of : type;
  return inner.kind === 'enum' ? inner.values : undefined;
}

function pathOf(at: string, { name }: FieldSchema): string {
  return at === '' ? name : `${at}.${name}`;
}
