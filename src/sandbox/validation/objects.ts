// Validates services, configuration, roles, volumes, ingresses and custom resource definitions.
// Entry point: `objectChecks`. Workloads: workloads.ts.

import { deepEqual } from '../../model/json.ts';
import { isIP } from 'node:net';
import { arrayAt, objectAt, stringAt, stringsAt } from '../../model/object.ts';
import type { JsonObject, KubeObject } from '../../model/object.ts';
import {
  duplicateValue,
  forbiddenField,
  invalidFor,
  invalidValue,
  requiredValue,
  unsupportedValue,
} from '../types/field-errors.ts';
import { subdomainProblems } from '../../model/label-names.ts';
import {
  configKeyProblems,
  isPort,
  label1035Problems,
  labelErrors,
  labelProblems,
  pathSegmentProblems,
  portNameProblems,
  portRange,
} from './name-rules.ts';
import {
  booleanAt,
  metadataOf,
  nameOf,
  numberAt,
  objectsAt,
  quantityTextAt,
  specOf,
  textAt,
} from '../../model/fields.ts';
import { isMore } from '../../model/canonical-quantity.ts';
import { enumErrors } from './enums.ts';
import type { FieldError } from '../types/types.ts';
import type { Check } from './workloads.ts';

const rbacGroup = 'rbac.authorization.k8s.io';

/** Checks by group and resource: `ingresses.networking.k8s.io`. */
export const objectChecks: Readonly<Record<string, Check>> = {
  services: serviceErrors,
  configmaps: configMapErrors,
  secrets: secretErrors,
  persistentvolumeclaims: claimErrors,
  persistentvolumes: volumeErrors,
  resourcequotas: (quota) =>
    Object.keys(objectAt(specOf(quota), 'hard') ?? {})
      .filter((name) => isMore('0', quantityTextAt(objectAt(specOf(quota), 'hard'), name)))
      .map((name) =>
        invalidValue(
          `spec.hard[${name}]`,
          quantityTextAt(objectAt(specOf(quota), 'hard'), name),
          'must be greater than or equal to 0',
        ),
      ),
  [`roles.${rbacGroup}`]: (role) => ruleErrors(role, true),
  [`clusterroles.${rbacGroup}`]: (role) => [
    ...ruleErrors(role, false),
    ...(role.aggregationRule !== undefined &&
    objectsAt(objectAt(role, 'aggregationRule'), 'clusterRoleSelectors').length === 0
      ? [
          requiredValue(
            'aggregationRule.clusterRoleSelectors',
            'at least one clusterRoleSelector required if aggregationRule is non-nil',
          ),
        ]
      : []),
  ],
  [`rolebindings.${rbacGroup}`]: (binding, old) =>
    bindingErrors(binding, old, ['Role', 'ClusterRole'], { isNamespaced: true }),
  [`clusterrolebindings.${rbacGroup}`]: (binding, old) =>
    bindingErrors(binding, old, ['ClusterRole'], { isNamespaced: false }),
  'ingresses.networking.k8s.io': ingressErrors,
  'networkpolicies.networking.k8s.io': networkPolicyErrors,
  'storageclasses.storage.k8s.io': (storageClass) => [
    ...(stringAt(storageClass, 'provisioner') === '' ? [requiredValue('provisioner')] : []),
    ...enumErrors('storage.v1.StorageClass', storageClass, 'reclaimPolicy', ''),
    ...enumErrors('storage.v1.StorageClass', storageClass, 'volumeBindingMode', ''),
  ],
  'leases.coordination.k8s.io': (lease) => {
    const { leaseDurationSeconds: seconds } = specOf(lease);
    return typeof seconds === 'number' && seconds <= 0
      ? [invalidValue('spec.leaseDurationSeconds', seconds, 'must be greater than 0')]
      : [];
  },
  'priorityclasses.scheduling.k8s.io': (priorityClass) => priorityClassErrors(priorityClass),
  'customresourcedefinitions.apiextensions.k8s.io': definitionErrors,
};

function serviceErrors(service: KubeObject, old: KubeObject | undefined): readonly FieldError[] {
  const spec = specOf(service);
  const type = textAt(spec, 'type', 'ClusterIP');
  const ports = objectsAt(spec, 'ports');
  const clusterIP = stringAt(spec, 'clusterIP');
  const errors: FieldError[] = [];
  if (ports.length === 0 && clusterIP !== 'None' && type !== 'ExternalName') {
    errors.push(requiredValue('spec.ports'));
  }
  if (type === 'ExternalName' && stringAt(spec, 'externalName') === '') {
    errors.push(requiredValue('spec.externalName'));
  }
  errors.push(...servicePortErrors(ports, type), ...labelErrors(objectAt(spec, 'selector'), 'spec.selector'));
  errors.push(
    ...enumErrors('core.v1.ServiceSpec', spec, 'sessionAffinity', 'spec'),
    ...enumErrors('core.v1.ServiceSpec', spec, 'type', 'spec'),
  );
  if (clusterIP !== '' && clusterIP !== 'None' && isIP(clusterIP) === 0) {
    const detail = 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)';
    errors.push(invalidValue('spec.clusterIPs[0]', clusterIP, detail));
  }
  errors.push(...samePortErrors(ports));
  const oldIP = stringAt(old === undefined ? undefined : specOf(old), 'clusterIP');
  if (oldIP !== '' && type !== 'ExternalName' && clusterIP !== oldIP) {
    errors.push(invalidValue('spec.clusterIPs[0]', [clusterIP], 'may not change once set'));
  }
  return errors;
}

function servicePortErrors(ports: readonly JsonObject[], type: string): readonly FieldError[] {
  const names = new Set<string>();
  return ports.flatMap((port, index) => {
    const at = `spec.ports[${index}]`;
    const errors: FieldError[] = [];
    const name = stringAt(port, 'name');
    if (name === '') {
      if (ports.length > 1) errors.push(requiredValue(`${at}.name`));
    } else {
      errors.push(...invalidFor(`${at}.name`, name, labelProblems(name)));
      if (names.has(name)) errors.push(duplicateValue(`${at}.name`, name));
      names.add(name);
    }
    const number = numberAt(port, 'port');
    if (!isPort(number)) errors.push(invalidValue(`${at}.port`, number, portRange));
    const { targetPort } = port;
    // Zero means the port itself.
    if (typeof targetPort === 'number' && !isPort(targetPort) && (targetPort !== 0 || number === 0)) {
      errors.push(invalidValue(`${at}.targetPort`, targetPort, portRange));
    } else if (typeof targetPort === 'string') {
      errors.push(...invalidFor(`${at}.targetPort`, targetPort, portNameProblems(targetPort)));
    }
    errors.push(...enumErrors('core.v1.ServicePort', port, 'protocol', at));
    if (numberAt(port, 'nodePort') !== 0 && type === 'ClusterIP') {
      errors.push(forbiddenField(`${at}.nodePort`, "may not be used when `type` is 'ClusterIP'"));
    }
    return errors;
  });
}

/** Returns errors for ports with the same number and protocol, whatever their names are. */
function samePortErrors(ports: readonly JsonObject[]): readonly FieldError[] {
  const seen = new Set<string>();
  return ports.flatMap((port, index) => {
    const Protocol = textAt(port, 'protocol', 'TCP');
    const Port = numberAt(port, 'port');
    const key = `${Protocol}/${Port}`;
    const isSeen = seen.has(key);
    seen.add(key);
    const shown = { Name: '', Protocol, AppProtocol: null, Port, TargetPort: 0, NodePort: 0 };
    return isSeen ? [duplicateValue(`spec.ports[${index}]`, shown)] : [];
  });
}

function configMapErrors(map: KubeObject, old: KubeObject | undefined): readonly FieldError[] {
  const binaryKeys = Object.keys(objectAt(map, 'binaryData') ?? {});
  const keyErrors = (key: string, field: string): readonly FieldError[] =>
    invalidFor(`${field}[${key}]`, key, configKeyProblems(key));
  return [
    ...Object.keys(objectAt(map, 'data') ?? {})
      .sort()
      .flatMap((key) => [
        ...keyErrors(key, 'data'),
        ...(binaryKeys.includes(key)
          ? [invalidValue(`data[${key}]`, key, 'duplicate of key present in binaryData')]
          : []),
      ]),
    ...binaryKeys.sort().flatMap((key) => keyErrors(key, 'binaryData')),
    ...immutableErrors(map, old, ['data', 'binaryData']),
  ];
}

/**
 * Returns errors for changes of an immutable object: neither its content nor `immutable` can
 * change.
 */
function immutableErrors(
  object: KubeObject,
  old: KubeObject | undefined,
  keys: readonly string[],
): readonly FieldError[] {
  if (old === undefined || !booleanAt(old, 'immutable')) return [];
  const detail = 'field is immutable when `immutable` is set';
  const changed = keys.filter((key) => !deepEqual(object[key], old[key]));
  const isReleased = !booleanAt(object, 'immutable');
  return [...(isReleased ? ['immutable'] : []), ...changed].map((key) => forbiddenField(key, detail));
}

/** Required keys of secrets by type. */
const secretKeys: Readonly<Record<string, readonly string[]>> = {
  'kubernetes.io/tls': ['tls.crt', 'tls.key'],
  'kubernetes.io/dockerconfigjson': ['.dockerconfigjson'],
  'kubernetes.io/dockercfg': ['.dockercfg'],
  'kubernetes.io/ssh-auth': ['ssh-privatekey'],
};

function secretErrors(secret: KubeObject, old: KubeObject | undefined): readonly FieldError[] {
  const data = objectAt(secret, 'data') ?? {};
  const type = stringAt(secret, 'type');
  const errors: FieldError[] = Object.keys(data)
    .sort()
    .flatMap((key) => invalidFor(`data[${key}]`, key, configKeyProblems(key)));
  for (const key of secretKeys[type] ?? []) {
    if (data[key] === undefined) errors.push(requiredValue(`data[${key}]`));
  }
  if (type === 'kubernetes.io/basic-auth' && data.username === undefined && data.password === undefined) {
    errors.push(requiredValue('data[username]'), requiredValue('data[password]'));
  }
  const accountKey = 'kubernetes.io/service-account.name';
  const account = stringAt(objectAt(metadataOf(secret), 'annotations'), accountKey);
  if (type === 'kubernetes.io/service-account-token' && account === '') {
    errors.push(requiredValue(`metadata.annotations[${accountKey}]`));
  }
  if (old !== undefined && type !== stringAt(old, 'type')) {
    errors.push(invalidValue('type', type, 'field is immutable'));
  }
  return [...errors, ...immutableErrors(secret, old, ['data'])];
}

function claimErrors(claim: KubeObject, old: KubeObject | undefined): readonly FieldError[] {
  const spec = specOf(claim);
  const modes = stringsAt(spec, 'accessModes');
  const requests = objectAt(objectAt(spec, 'resources'), 'requests');
  const errors: FieldError[] = [];
  if (modes.length === 0) {
    errors.push(requiredValue('spec.accessModes', 'at least 1 access mode is required'));
  }
  errors.push(...enumErrors('core.v1.PersistentVolumeClaimSpec', spec, 'accessModes', 'spec'));
  if (requests?.storage === undefined) errors.push(requiredValue('spec.resources[storage]'));
  else if (!isMore(quantityTextAt(requests, 'storage'), '0')) {
    const detail = 'must be greater than zero';
    errors.push(invalidValue('spec.resources[storage]', quantityTextAt(requests, 'storage'), detail));
  }
  const storageClass = stringAt(spec, 'storageClassName');
  if (storageClass !== '') {
    errors.push(...invalidFor('spec.storageClassName', storageClass, subdomainProblems(storageClass)));
  }
  errors.push(...enumErrors('core.v1.PersistentVolumeClaimSpec', spec, 'volumeMode', 'spec'));
  if (old !== undefined && !deepEqual(fixedPart(spec), fixedPart(specOf(old)))) {
    const detail =
      'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims';
    errors.push(forbiddenField('spec', detail));
  }
  return errors;
}

/**
 * Returns the part of a volume claim's spec that cannot change: a claim can be bound and resized.
 */
function fixedPart(spec: JsonObject): JsonObject {
  return {
    ...spec,
    resources: undefined,
    volumeName: undefined,
    storageClassName: undefined,
    volumeAttributesClassName: undefined,
  };
}

const notVolumeSources = new Set([
  'accessModes',
  'capacity',
  'claimRef',
  'mountOptions',
  'nodeAffinity',
  'persistentVolumeReclaimPolicy',
  'storageClassName',
  'volumeAttributesClassName',
  'volumeMode',
]);

function volumeErrors(volume: KubeObject): readonly FieldError[] {
  const spec = specOf(volume);
  const errors: FieldError[] = [];
  if (arrayAt(spec, 'accessModes').length === 0) errors.push(requiredValue('spec.accessModes'));
  const capacity = objectAt(spec, 'capacity');
  if (capacity === undefined) errors.push(requiredValue('spec.capacity'));
  if (capacity?.storage === undefined) {
    errors.push(unsupportedValue('spec.capacity', capacity, ['storage']));
  }
  if (Object.keys(spec).every((key) => notVolumeSources.has(key))) {
    errors.push(requiredValue('spec', 'must specify a volume type'));
  }
  return errors;
}

function ruleErrors(role: KubeObject, isNamespaced: boolean): readonly FieldError[] {
  return objectsAt(role, 'rules').flatMap((rule, index) => {
    const at = `rules[${index}]`;
    const errors: FieldError[] = [];
    const urls = arrayAt(rule, 'nonResourceURLs');
    const groups = arrayAt(rule, 'apiGroups');
    const resources = arrayAt(rule, 'resources');
    if (arrayAt(rule, 'verbs').length === 0) {
      errors.push(requiredValue(`${at}.verbs`, 'verbs must contain at least one value'));
    }
    if (urls.length > 0) {
      const field = `${at}.nonResourceURLs`;
      if (isNamespaced) {
        errors.push(invalidValue(field, urls, 'namespaced rules cannot apply to non-resource URLs'));
      }
      if (groups.length + resources.length + arrayAt(rule, 'resourceNames').length > 0) {
        const detail = 'rules cannot apply to both regular resources and non-resource URLs';
        errors.push(invalidValue(field, urls, detail));
      }
      return errors;
    }
    if (groups.length === 0) {
      errors.push(requiredValue(`${at}.apiGroups`, 'resource rules must supply at least one api group'));
    }
    if (resources.length === 0) {
      errors.push(requiredValue(`${at}.resources`, 'resource rules must supply at least one resource'));
    }
    return errors;
  });
}

function bindingErrors(
  binding: KubeObject,
  old: KubeObject | undefined,
  roleKinds: readonly string[],
  { isNamespaced }: { isNamespaced: boolean },
): readonly FieldError[] {
  const roleRef = objectAt(binding, 'roleRef') ?? {};
  const name = stringAt(roleRef, 'name');
  const kind = stringAt(roleRef, 'kind');
  const group = stringAt(roleRef, 'apiGroup');
  const errors: FieldError[] = [];
  if (group !== rbacGroup && group !== '') {
    errors.push(unsupportedValue('roleRef.apiGroup', group, [rbacGroup]));
  }
  if (!roleKinds.includes(kind)) errors.push(unsupportedValue('roleRef.kind', kind, roleKinds));
  if (name === '') errors.push(requiredValue('roleRef.name'));
  else errors.push(...invalidFor('roleRef.name', name, pathSegmentProblems(name)));
  if (old !== undefined && !deepEqual(binding.roleRef, old.roleRef)) {
    const shown = { APIGroup: group, Kind: kind, Name: name };
    errors.push(invalidValue('roleRef', shown, 'cannot change roleRef'));
  }
  for (const [index, subject] of objectsAt(binding, 'subjects').entries()) {
    errors.push(...subjectErrors(subject, `subjects[${index}]`, isNamespaced));
  }
  return errors;
}

function subjectErrors(subject: JsonObject, at: string, isNamespaced: boolean): readonly FieldError[] {
  const name = stringAt(subject, 'name');
  const group = stringAt(subject, 'apiGroup');
  const errors: FieldError[] = [];
  if (name === '') errors.push(requiredValue(`${at}.name`));
  switch (subject.kind) {
    case 'ServiceAccount':
      if (name !== '') errors.push(...invalidFor(`${at}.name`, name, subdomainProblems(name)));
      if (group !== '') errors.push(unsupportedValue(`${at}.apiGroup`, group, ['']));
      if (!isNamespaced && stringAt(subject, 'namespace') === '') {
        errors.push(requiredValue(`${at}.namespace`));
      }
      break;
    case 'User':
    case 'Group':
      if (group !== '' && group !== rbacGroup) {
        errors.push(unsupportedValue(`${at}.apiGroup`, group, [rbacGroup]));
      }
      break;
    default:
      errors.push(
        unsupportedValue(`${at}.kind`, stringAt(subject, 'kind'), ['ServiceAccount', 'User', 'Group']),
      );
  }
  return errors;
}

function ingressErrors(ingress: KubeObject): readonly FieldError[] {
  const spec = specOf(ingress);
  const rules = objectsAt(spec, 'rules');
  const className = stringAt(spec, 'ingressClassName');
  const errors: FieldError[] = [];
  if (rules.length === 0 && spec.defaultBackend === undefined) {
    const detail = 'either `defaultBackend` or `rules` must be specified';
    errors.push(invalidValue('spec', spec.rules, detail));
  }
  for (const [index, rule] of rules.entries()) {
    const at = `spec.rules[${index}]`;
    const host = stringAt(rule, 'host');
    if (isIP(host) !== 0) {
      errors.push(invalidValue(`${at}.host`, host, 'must be a DNS name, not an IP address'));
    } else if (host !== '') {
      errors.push(...invalidFor(`${at}.host`, host, subdomainProblems(host.replace(/^\*\./, ''))));
    }
    for (const [pathIndex, path] of objectsAt(objectAt(rule, 'http'), 'paths').entries()) {
      errors.push(...ingressPathErrors(path, `${at}.http.paths[${pathIndex}]`));
    }
  }
  const backend = objectAt(spec, 'defaultBackend');
  if (backend !== undefined) errors.push(...backendErrors(backend, 'spec.defaultBackend'));
  if (className !== '') {
    errors.push(...invalidFor('spec.ingressClassName', className, subdomainProblems(className)));
  }
  return errors;
}

function ingressPathErrors(path: JsonObject, at: string): readonly FieldError[] {
  const type = stringAt(path, 'pathType');
  const text = stringAt(path, 'path');
  const errors: FieldError[] = [];
  const unsupported = enumErrors('networking.v1.HTTPIngressPath', path, 'pathType', at);
  if (type === '') errors.push(requiredValue(`${at}.pathType`, 'pathType must be specified'));
  else if (unsupported.length > 0) errors.push(...unsupported);
  else if (!text.startsWith('/') && (type !== 'ImplementationSpecific' || text !== '')) {
    errors.push(invalidValue(`${at}.path`, text, 'must be an absolute path'));
  }
  return [...errors, ...backendErrors(objectAt(path, 'backend') ?? {}, `${at}.backend`)];
}

function backendErrors(backend: JsonObject, at: string): readonly FieldError[] {
  const service = objectAt(backend, 'service');
  if (service === undefined) return [];
  const port = objectAt(service, 'port');
  const hasName = stringAt(port, 'name') !== '';
  const hasNumber = numberAt(port, 'number') !== 0;
  const errors: FieldError[] = [];
  if (stringAt(service, 'name') === '') errors.push(requiredValue(`${at}.service.name`));
  if (hasName && hasNumber) {
    errors.push(invalidValue(at, '', 'cannot set both port name & port number'));
  } else if (!hasName && !hasNumber) {
    errors.push(requiredValue(at, 'port name or number is required'));
  }
  return errors;
}

function networkPolicyErrors(policy: KubeObject): readonly FieldError[] {
  const spec = specOf(policy);
  const errors: FieldError[] = [];
  for (const [direction, peers] of [
    ['ingress', 'from'],
    ['egress', 'to'],
  ] as const) {
    for (const [index, rule] of objectsAt(spec, direction).entries()) {
      const at = `spec.${direction}[${index}]`;
      for (const [portIndex, port] of objectsAt(rule, 'ports').entries()) {
        const portField = `${at}.ports[${portIndex}]`;
        errors.push(...enumErrors('networking.v1.NetworkPolicyPort', port, 'protocol', portField));
        if (typeof port.port === 'number' && !isPort(port.port)) {
          errors.push(invalidValue(`${portField}.port`, port.port, portRange));
        }
      }
      for (const [peerIndex, peer] of objectsAt(rule, peers).entries()) {
        const isEmpty = Object.keys(peer).length === 0;
        if (isEmpty) errors.push(requiredValue(`${at}.${peers}[${peerIndex}]`, 'must specify a peer'));
      }
    }
  }
  return [...errors, ...enumErrors('networking.v1.NetworkPolicySpec', spec, 'policyTypes', 'spec')];
}

function priorityClassErrors(priorityClass: KubeObject): readonly FieldError[] {
  const name = nameOf(priorityClass);
  const known = ['system-cluster-critical', 'system-node-critical'];
  if (name.startsWith('system-')) {
    const detail = `priority class names with 'system-' prefix are reserved for system use only. error: ${name} is not a known system priority class`;
    return known.includes(name) ? [] : [forbiddenField('metadata.name', detail)];
  }
  const highest = 1_000_000_000;
  const detail = `maximum allowed value of a user defined priority is ${highest}`;
  return numberAt(priorityClass, 'value') > highest ? [forbiddenField('value', detail)] : [];
}

const scopes = ['Cluster', 'Namespaced'];
const columnTypes = ['boolean', 'date', 'integer', 'number', 'string'];

function definitionErrors(definition: KubeObject): readonly FieldError[] {
  const spec = specOf(definition);
  const names = objectAt(spec, 'names') ?? {};
  const group = stringAt(spec, 'group');
  const versions = objectsAt(spec, 'versions');
  const plural = stringAt(names, 'plural');
  const name = nameOf(definition);
  const errors: FieldError[] = [];
  if (name !== `${plural}.${group}`) {
    errors.push(invalidValue('metadata.name', name, 'must be spec.names.plural+"."+spec.group'));
  }
  const approval = 'api-approved.kubernetes.io';
  const isProtected = /(^|\.)(k8s\.io|kubernetes\.io)$/.test(group);
  if (isProtected && stringAt(objectAt(metadataOf(definition), 'annotations'), approval) === '') {
    const detail = `protected groups must have approval annotation "${approval}", see https://github.com/kubernetes/enhancements/pull/1111`;
    errors.push(requiredValue(`metadata.annotations[${approval}]`, detail));
  }
  if (group === '') errors.push(requiredValue('spec.group'));
  else errors.push(...invalidFor('spec.group', group, subdomainProblems(group)));
  if (stringAt(spec, 'scope') === '') errors.push(requiredValue('spec.scope'));
  else if (!scopes.includes(stringAt(spec, 'scope'))) {
    errors.push(unsupportedValue('spec.scope', spec.scope, scopes));
  }
  for (const [index, version] of versions.entries()) {
    errors.push(...versionErrors(version, `spec.versions[${index}]`));
  }
  if (versions.filter((version) => booleanAt(version, 'storage')).length !== 1) {
    const detail = 'must have exactly one version marked as storage version';
    errors.push(invalidValue('spec.versions', spec.versions, detail));
  }
  errors.push(...definitionNameErrors(names));
  if (!versions.some((version) => booleanAt(version, 'storage'))) {
    const detail = 'must have at least one stored version';
    errors.push(invalidValue('status.storedVersions', undefined, detail));
  }
  return errors;
}

function versionErrors(version: JsonObject, at: string): readonly FieldError[] {
  const name = stringAt(version, 'name');
  const schema = objectAt(objectAt(version, 'schema'), 'openAPIV3Schema');
  const errors: FieldError[] = [...invalidFor(`${at}.name`, name, label1035Problems(name))];
  const schemaField = `${at}.schema.openAPIV3Schema`;
  const type = stringAt(schema, 'type');
  if (schema === undefined) errors.push(requiredValue(schemaField));
  else if (type === '') errors.push(requiredValue(`${schemaField}.type`, 'must not be empty at the root'));
  else if (type !== 'object') {
    errors.push(invalidValue(`${schemaField}.type`, type, 'must be object at the root'));
  }
  for (const [index, column] of objectsAt(version, 'additionalPrinterColumns').entries()) {
    const field = `${at}.additionalPrinterColumns[${index}]`;
    const columnType = stringAt(column, 'type');
    const path = stringAt(column, 'jsonPath');
    if (stringAt(column, 'name') === '') errors.push(requiredValue(`${field}.name`));
    if (!columnTypes.includes(columnType)) {
      const detail = `must be one of ${columnTypes.join(',')}`;
      errors.push(
        columnType === ''
          ? requiredValue(`${field}.type`, detail)
          : invalidValue(`${field}.type`, columnType, detail),
      );
    }
    if (path === '') errors.push(requiredValue(`${field}.JSONPath`));
    else if (!path.startsWith('.')) {
      errors.push(invalidValue(`${field}.JSONPath`, path, 'must be a simple json path starting with .'));
    }
  }
  return errors;
}

function definitionNameErrors(names: JsonObject): readonly FieldError[] {
  const mixedCase = 'may have mixed case, but should otherwise match: ';
  return ['plural', 'singular', 'kind', 'listKind'].flatMap((key) => {
    const field = `spec.names.${key}`;
    const name = stringAt(names, key);
    const isKind = key === 'kind' || key === 'listKind';
    // Singular and list kind are derived from the kind if it exists.
    const isDerived = key === 'singular' || key === 'listKind';
    if (name === '') return isDerived && stringAt(names, 'kind') !== '' ? [] : [requiredValue(field)];
    const problems = label1035Problems(isKind ? name.toLowerCase() : name);
    return invalidFor(field, name, isKind ? problems.map((problem) => `${mixedCase}${problem}`) : problems);
  });
}
