// Validates the spec of a pod or of a template. Entry points: `podSpecErrors`, `podUpdateErrors`.

import { deepEqual } from '../../model/json.ts';
import { objectAt, stringAt } from '../../model/object.ts';
import type { JsonObject, KubeObject } from '../../model/object.ts';
import {
  duplicateValue,
  forbiddenField,
  invalidFor,
  invalidValue,
  missingReference,
  requiredValue,
} from '../types/field-errors.ts';
import { subdomainProblems } from '../../model/label-names.ts';
import {
  isPort,
  labelErrors,
  labelProblems,
  notNegative,
  portNameProblems,
  portRange,
} from './name-rules.ts';
import { numberAt, objectsAt, specOf, quantityTextAt, textAt } from '../../model/fields.ts';
import { isMore } from '../../model/canonical-quantity.ts';
import { enumErrors } from './enums.ts';
import type { FieldError } from '../types/types.ts';

const probes = ['livenessProbe', 'readinessProbe', 'startupProbe'];
const handlers = ['exec', 'httpGet', 'tcpSocket', 'grpc'];
const environmentSources = ['fieldRef', 'resourceFieldRef', 'configMapKeyRef', 'secretKeyRef', 'fileKeyRef'];

/** Matches fields that the Downward API allows in environment variables. */
const downwardFields =
  /^(metadata\.(name|namespace|uid|labels|annotations)(\['.+'\])?|spec\.(nodeName|serviceAccountName)|status\.(hostIPs?|podIPs?))$/;

/**
 * Returns the errors of a pod's spec with its defaults.
 * @param field path of the spec: `spec.template.spec`
 * @param claims names of volumes that a stateful set adds
 */
export function podSpecErrors(
  spec: JsonObject,
  field: string,
  claims: readonly string[] = [],
): readonly FieldError[] {
  const volumes = objectsAt(spec, 'volumes');
  const volumeNames = new Set([...volumes.map((volume) => stringAt(volume, 'name')), ...claims]);
  const errors = [...volumeErrors(volumes, `${field}.volumes`)];
  const containers = objectsAt(spec, 'containers');
  const initContainers = objectsAt(spec, 'initContainers');
  const names = new Set<string>();
  if (containers.length === 0) errors.push(requiredValue(`${field}.containers`));
  for (const [index, container] of containers.entries()) {
    errors.push(...containerErrors(container, `${field}.containers[${index}]`, names, volumeNames));
  }
  for (const [index, container] of initContainers.entries()) {
    errors.push(...containerErrors(container, `${field}.initContainers[${index}]`, names, volumeNames));
  }
  errors.push(
    ...enumErrors('core.v1.PodSpec', spec, 'restartPolicy', field),
    ...enumErrors('core.v1.PodSpec', spec, 'dnsPolicy', field),
  );
  errors.push(...labelErrors(objectAt(spec, 'nodeSelector'), `${field}.nodeSelector`));
  for (const key of ['serviceAccountName', 'nodeName', 'priorityClassName', 'runtimeClassName']) {
    const name = stringAt(spec, key);
    if (name !== '') errors.push(...invalidFor(`${field}.${key}`, name, subdomainProblems(name)));
  }
  for (const key of ['hostname', 'subdomain']) {
    const name = stringAt(spec, key);
    if (name !== '') errors.push(...invalidFor(`${field}.${key}`, name, labelProblems(name)));
  }
  for (const [index, toleration] of objectsAt(spec, 'tolerations').entries()) {
    errors.push(...tolerationErrors(toleration, `${field}.tolerations[${index}]`));
  }
  return errors;
}

/**
 * Returns the errors of a change to a pod's spec: almost nothing of it can change. The real server
 * also prints a difference of its Go structs.
 */
export function podUpdateErrors(pod: KubeObject, old: KubeObject): readonly FieldError[] {
  if (deepEqual(fixedPart(specOf(pod)), fixedPart(specOf(old)))) return [];
  return [
    forbiddenField(
      'spec',
      'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)',
    ),
  ];
}

/** Returns the part of a spec that cannot change. */
function fixedPart(spec: JsonObject): JsonObject {
  const withoutImages = (key: string): readonly JsonObject[] =>
    objectsAt(spec, key).map((container) => ({ ...container, image: undefined }));
  return {
    ...spec,
    activeDeadlineSeconds: undefined,
    tolerations: undefined,
    containers: withoutImages('containers'),
    initContainers: withoutImages('initContainers'),
    ephemeralContainers: undefined,
  };
}

function volumeErrors(volumes: readonly JsonObject[], field: string): readonly FieldError[] {
  const seen = new Set<string>();
  return volumes.flatMap((volume, index) => {
    const at = `${field}[${index}]`;
    const errors: FieldError[] = [];
    const name = stringAt(volume, 'name');
    const [, ...furtherSources] = Object.keys(volume)
      .filter((key) => key !== 'name')
      .sort();
    for (const source of furtherSources) {
      errors.push(forbiddenField(`${at}.${source}`, 'may not specify more than 1 volume type'));
    }
    if (name === '') errors.push(requiredValue(`${at}.name`));
    else {
      errors.push(...invalidFor(`${at}.name`, name, labelProblems(name)));
      if (seen.has(name)) errors.push(duplicateValue(`${at}.name`, name));
      seen.add(name);
    }
    return errors;
  });
}

function containerErrors(
  container: JsonObject,
  at: string,
  names: Set<string>,
  volumeNames: ReadonlySet<string>,
): readonly FieldError[] {
  const errors: FieldError[] = [];
  const name = stringAt(container, 'name');
  const image = stringAt(container, 'image');
  if (name === '') errors.push(requiredValue(`${at}.name`));
  else {
    errors.push(...invalidFor(`${at}.name`, name, labelProblems(name)));
    if (names.has(name)) errors.push(duplicateValue(`${at}.name`, name));
    names.add(name);
  }
  if (image === '') errors.push(requiredValue(`${at}.image`));
  else if (image.trim() !== image) {
    errors.push(invalidValue(`${at}.image`, image, 'must not have leading or trailing whitespace'));
  }
  errors.push(...portErrors(container, at), ...environmentErrors(container, at));
  for (const [index, mount] of objectsAt(container, 'volumeMounts').entries()) {
    const field = `${at}.volumeMounts[${index}]`;
    const volume = stringAt(mount, 'name');
    if (volume === '') errors.push(requiredValue(`${field}.name`));
    if (!volumeNames.has(volume)) errors.push(missingReference(`${field}.name`, volume));
    if (stringAt(mount, 'mountPath') === '') errors.push(requiredValue(`${field}.mountPath`));
  }
  for (const probe of probes) {
    const given = objectAt(container, probe);
    if (given !== undefined) errors.push(...probeErrors(given, `${at}.${probe}`));
  }
  errors.push(
    ...enumErrors('core.v1.Container', container, 'imagePullPolicy', at),
    ...resourceErrors(container, at),
  );
  return errors;
}

function portErrors(container: JsonObject, at: string): readonly FieldError[] {
  const names = new Set<string>();
  return objectsAt(container, 'ports').flatMap((port, index) => {
    const field = `${at}.ports[${index}]`;
    const errors: FieldError[] = [];
    const name = stringAt(port, 'name');
    if (name !== '') {
      errors.push(...invalidFor(`${field}.name`, name, portNameProblems(name)));
      if (names.has(name)) errors.push(duplicateValue(`${field}.name`, name));
      names.add(name);
    }
    const number = numberAt(port, 'containerPort');
    if (number === 0) errors.push(requiredValue(`${field}.containerPort`));
    else if (!isPort(number)) errors.push(invalidValue(`${field}.containerPort`, number, portRange));
    const hostPort = numberAt(port, 'hostPort');
    if (hostPort !== 0 && !isPort(hostPort)) {
      errors.push(invalidValue(`${field}.hostPort`, hostPort, portRange));
    }
    return [...errors, ...enumErrors('core.v1.ContainerPort', port, 'protocol', field)];
  });
}

function environmentErrors(container: JsonObject, at: string): readonly FieldError[] {
  return objectsAt(container, 'env').flatMap((variable, index) => {
    const field = `${at}.env[${index}]`;
    const name = stringAt(variable, 'name');
    const errors: FieldError[] = [];
    if (name === '') errors.push(requiredValue(`${field}.name`));
    else if (!/^[\x20-\x3c\x3e-\x7e]+$/.test(name)) {
      const detail =
        "a valid environment variable name must consist only of printable ASCII characters other than '='";
      errors.push(invalidValue(`${field}.name`, name, detail));
    }
    const source = objectAt(variable, 'valueFrom');
    if (source === undefined) return errors;
    const fieldPath = stringAt(objectAt(source, 'fieldRef'), 'fieldPath');
    if (objectAt(source, 'fieldRef') !== undefined) {
      const path = `${field}.valueFrom.fieldRef.fieldPath`;
      if (fieldPath === '') errors.push(requiredValue(path));
      else if (!downwardFields.test(fieldPath)) {
        const detail = `error converting fieldPath: field label not supported: ${fieldPath}`;
        errors.push(invalidValue(path, fieldPath, detail));
      }
    }
    const given = environmentSources.filter((key) => source[key] !== undefined);
    if (stringAt(variable, 'value') !== '') {
      errors.push(invalidValue(`${field}.valueFrom`, '', 'may not be specified when `value` is not empty'));
    } else if (given.length === 0) {
      const detail =
        'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`';
      errors.push(invalidValue(`${field}.valueFrom`, '', detail));
    } else if (given.length > 1) {
      errors.push(
        invalidValue(`${field}.valueFrom`, '', 'may not have more than one field specified at a time'),
      );
    }
    return errors;
  });
}

function probeErrors(probe: JsonObject, at: string): readonly FieldError[] {
  const errors: FieldError[] = [];
  const given = handlers.filter((handler) => probe[handler] !== undefined);
  if (given.length === 0) errors.push(requiredValue(at, 'must specify a handler type'));
  for (const handler of given.slice(1)) {
    errors.push(forbiddenField(`${at}.${handler}`, 'may not specify more than 1 handler type'));
  }
  for (const handler of ['httpGet', 'tcpSocket', 'grpc']) {
    const port = objectAt(probe, handler)?.port;
    if (typeof port === 'number' && !isPort(port)) {
      errors.push(invalidValue(`${at}.${handler}.port`, port, portRange));
    }
  }
  for (const key of [
    'initialDelaySeconds',
    'timeoutSeconds',
    'periodSeconds',
    'successThreshold',
    'failureThreshold',
  ]) {
    if (numberAt(probe, key) < 0) {
      errors.push(invalidValue(`${at}.${key}`, numberAt(probe, key), notNegative));
    }
  }
  return errors;
}

function resourceErrors(container: JsonObject, at: string): readonly FieldError[] {
  const resources = objectAt(container, 'resources');
  const limits = objectAt(resources, 'limits');
  const errors: FieldError[] = [];
  const checkSign = (kind: string, name: string, value: string): void => {
    if (value.startsWith('-')) {
      errors.push(invalidValue(`${at}.resources.${kind}[${name}]`, value, notNegative));
    }
  };
  for (const [name, value] of quantityEntries(limits)) checkSign('limits', name, value);
  for (const [name, value] of quantityEntries(objectAt(resources, 'requests'))) {
    checkSign('requests', name, value);
    const limit = quantityEntries(limits).find(([limited]) => limited === name)?.[1];
    if (limit !== undefined && isMore(value, limit)) {
      const detail = `must be less than or equal to ${name} limit of ${limit}`;
      errors.push(invalidValue(`${at}.resources.requests`, value, detail));
    }
  }
  return errors;
}

/** Returns quantities as text: they can be numbers. */
function quantityEntries(quantities: JsonObject | undefined): readonly (readonly [string, string])[] {
  return Object.keys(quantities ?? {})
    .sort()
    .map((name) => [name, quantityTextAt(quantities, name)] as const);
}

function tolerationErrors(toleration: JsonObject, at: string): readonly FieldError[] {
  const errors: FieldError[] = [];
  const operator = textAt(toleration, 'operator', 'Equal');
  const value = stringAt(toleration, 'value');
  if (stringAt(toleration, 'key') === '' && operator !== 'Exists') {
    const detail = 'operator must be Exists when `key` is empty, which means "match all values and all keys"';
    errors.push(invalidValue(`${at}.operator`, operator, detail));
  }
  if (operator === 'Exists' && value !== '') {
    errors.push(invalidValue(`${at}.operator`, value, "value must be empty when `operator` is 'Exists'"));
  }
  return [...errors, ...enumErrors('core.v1.Toleration', toleration, 'operator', at)];
}
