// Fills in defaults of the most common types (withDefaults), and what admission and strategies add
// to a new object (withAdditions). Pure except for the names and addresses that `allocate` returns.

import {
  arrayAt,
  isJsonArray,
  isJsonObject,
  objectAt,
  stringAt,
  type Json,
  type JsonObject,
  type KubeObject,
} from '../../model/object.ts';
import { defaultedDefinition } from '../types/crd.ts';
import { withoutField } from '../../model/json.ts';
import type { ServedType } from '../types/types.ts';
import { defaultOf, structNamed, structOfType, type FieldType, type StructSchema } from './schema.ts';

/** Values that do not depend on the object. */
export interface Allocate {
  /** Returns five random letters and digits. */
  suffix(): string;
  /** Returns a free cluster IP for a service. */
  clusterIp(): string;
  /** Returns a free node port. */
  nodePort(): number;
}

/**
 * Returns the object with its defaults, which do not replace existing values. Their writer owns
 * them as if it had written them.
 */
export function withDefaults(type: ServedType, object: KubeObject): KubeObject {
  const struct = structOfType(type);
  const complete = defaultsByType[type.storedAs]?.(object) ?? object;
  return struct === undefined ? complete : { ...complete, ...declaredDefaults(struct, complete) };
}

/**
 * Returns the fields of an object with the defaults that the schema declares, such as the protocol
 * of a port. A default that is the zero value counts only for a pointer, where Go writes it.
 */
function declaredDefaults(struct: StructSchema, object: JsonObject): JsonObject {
  const added: Record<string, Json | undefined> = {};
  for (const field of struct.fields.values()) {
    const value = object[field.name];
    const byDefault = defaultOf(field);
    if (value !== undefined && value !== null) added[field.name] = declaredBelow(field.type, value);
    else if (Boolean(byDefault) || (field.isPointer && byDefault !== undefined))
      added[field.name] = byDefault;
  }
  return { ...object, ...added };
}

function declaredBelow(type: FieldType, value: Json): Json {
  if (type.kind === 'list' && isJsonArray(value)) return value.map((item) => declaredBelow(type.of, item));
  if (!isJsonObject(value)) return value;
  if (type.kind === 'map') {
    return Object.fromEntries(
      Object.entries(value).map(([key, entry]) => [key, declaredBelow(type.of, entry ?? null)]),
    );
  }
  const struct = type.kind === 'struct' ? structNamed(type.name) : undefined;
  return struct?.takes === 'fields' ? declaredDefaults(struct, value) : value;
}

/**
 * Returns a new object with the values that the server sets beyond defaults and that have no owner:
 * addresses, volumes, initial states.
 */
export function withAdditions(type: ServedType, object: KubeObject, allocate: Allocate): KubeObject {
  return additionsByType[type.storedAs]?.(object, allocate) ?? object;
}

const additionsByType: Readonly<Record<string, (object: KubeObject, allocate: Allocate) => KubeObject>> = {
  pods: (pod, allocate) => {
    const spec = objectAt(pod, 'spec') ?? {};
    const account = stringAt(spec, 'serviceAccountName') || stringAt(spec, 'serviceAccount') || 'default';
    const complete: JsonObject = {
      ...spec,
      serviceAccountName: account,
      serviceAccount: account,
      tolerations: tolerations(arrayAt(spec, 'tolerations')),
      priority: spec['priority'] ?? 0,
      preemptionPolicy: spec['preemptionPolicy'] ?? 'PreemptLowerPriority',
    };
    return {
      ...pod,
      spec: withTokenVolume(complete, allocate),
      status: { phase: 'Pending', qosClass: qosClassOf(spec) },
    };
  },
  services: withAddress,
  'jobs.batch': (object) => withOwnLabels(object),
  namespaces: (namespace) => ({
    ...namespace,
    spec: { ...objectAt(namespace, 'spec'), finalizers: ['kubernetes'] },
    status: { phase: 'Active' },
  }),
  persistentvolumeclaims: (claim) => ({ ...claim, status: { phase: 'Pending' } }),
  persistentvolumes: (volume) => ({ ...volume, status: { phase: 'Pending' } }),
};

const defaultsByType: Readonly<Record<string, (object: KubeObject) => KubeObject>> = {
  pods: (pod) => ({
    ...pod,
    spec: {
      ...podSpec(objectAt(pod, 'spec')),
      enableServiceLinks: objectAt(pod, 'spec')?.['enableServiceLinks'] ?? true,
    },
  }),
  'deployments.apps': (object) =>
    workload(object, {
      replicas: 1,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%' } },
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 600,
    }),
  'replicasets.apps': (object) => workload(object, { replicas: 1 }),
  replicationcontrollers: (object) => workload(object, {}),
  'daemonsets.apps': (object) =>
    workload(object, {
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } },
      revisionHistoryLimit: 10,
    }),
  'statefulsets.apps': (object) =>
    workload(object, {
      replicas: 1,
      serviceName: '',
      podManagementPolicy: 'OrderedReady',
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
      revisionHistoryLimit: 10,
      persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
    }),
  'jobs.batch': job,
  'cronjobs.batch': (object) => {
    const spec = objectAt(object, 'spec') ?? {};
    const template = objectAt(spec, 'jobTemplate') ?? {};
    const jobSpec = objectAt(template, 'spec') ?? {};
    return {
      ...object,
      spec: {
        concurrencyPolicy: 'Allow',
        suspend: false,
        successfulJobsHistoryLimit: 3,
        failedJobsHistoryLimit: 1,
        ...spec,
        jobTemplate: {
          metadata: {},
          ...template,
          spec: { ...jobSpec, template: podTemplate(objectAt(jobSpec, 'template')) },
        },
      },
    };
  },
  services: service,
  secrets: (secret) => {
    const written = objectAt(secret, 'stringData') ?? {};
    const encoded = Object.entries(written).map(([key, value]): [string, Json] => [
      key,
      Buffer.from(typeof value === 'string' ? value : '').toString('base64'),
    ]);
    const data = { ...objectAt(secret, 'data'), ...Object.fromEntries(encoded) };
    return {
      ...withoutField(secret, 'stringData'),
      data: Object.keys(data).length === 0 ? undefined : data,
      type: stringAt(secret, 'type') || 'Opaque',
    };
  },
  namespaces: (namespace) => ({
    ...namespace,
    metadata: {
      ...namespace.metadata,
      labels: {
        ...objectAt(namespace.metadata, 'labels'),
        'kubernetes.io/metadata.name': stringAt(namespace.metadata, 'name'),
      },
    },
  }),
  nodes: (node) => ({ ...node, spec: objectAt(node, 'spec') ?? {}, status: objectAt(node, 'status') ?? {} }),
  persistentvolumeclaims: (claim) => ({
    ...claim,
    spec: { volumeMode: 'Filesystem', ...objectAt(claim, 'spec') },
  }),
  persistentvolumes: (volume) => ({
    ...volume,
    spec: { persistentVolumeReclaimPolicy: 'Retain', volumeMode: 'Filesystem', ...objectAt(volume, 'spec') },
  }),
  'rolebindings.rbac.authorization.k8s.io': withBindingDefaults,
  'clusterrolebindings.rbac.authorization.k8s.io': withBindingDefaults,
  'roles.rbac.authorization.k8s.io': (role) => ({ ...role, rules: role['rules'] ?? null }),
  'clusterroles.rbac.authorization.k8s.io': (role) => ({ ...role, rules: role['rules'] ?? null }),
  'horizontalpodautoscalers.autoscaling': (object) => ({
    ...object,
    spec: { minReplicas: 1, ...objectAt(object, 'spec') },
  }),
  'customresourcedefinitions.apiextensions.k8s.io': defaultedDefinition,
  'leases.coordination.k8s.io': (lease) => ({ ...lease, spec: objectAt(lease, 'spec') ?? {} }),
  'ingresses.networking.k8s.io': (ingress) => ({
    ...ingress,
    status: { loadBalancer: {}, ...objectAt(ingress, 'status') },
  }),
};

function workload(object: KubeObject, defaults: JsonObject): KubeObject {
  const spec = objectAt(object, 'spec') ?? {};
  return {
    ...object,
    spec: { ...defaults, ...spec, template: podTemplate(objectAt(spec, 'template')) },
    status: objectAt(object, 'status') ?? {},
  };
}

function job(object: KubeObject): KubeObject {
  const spec = objectAt(object, 'spec') ?? {};
  return {
    ...object,
    spec: {
      parallelism: 1,
      completions: 1,
      backoffLimit: 6,
      completionMode: 'NonIndexed',
      suspend: false,
      podReplacementPolicy: 'TerminatingOrFailed',
      ...spec,
      template: podTemplate(objectAt(spec, 'template')),
    },
    status: objectAt(object, 'status') ?? {},
  };
}

/** Lets a job select its pods by its uid, unless it has a selector. */
function withOwnLabels(object: KubeObject): KubeObject {
  const spec = objectAt(object, 'spec') ?? {};
  if (spec['manualSelector'] === true || spec['selector'] !== undefined) return object;
  const uid = stringAt(object.metadata, 'uid');
  const name = stringAt(object.metadata, 'name');
  const template = objectAt(spec, 'template') ?? {};
  const metadata = objectAt(template, 'metadata') ?? {};
  const labels: JsonObject = {
    ...objectAt(metadata, 'labels'),
    'batch.kubernetes.io/controller-uid': uid,
    'batch.kubernetes.io/job-name': name,
    'controller-uid': uid,
    'job-name': name,
  };
  return {
    ...object,
    spec: {
      ...spec,
      selector: { matchLabels: { 'batch.kubernetes.io/controller-uid': uid } },
      template: { ...template, metadata: { ...metadata, labels } },
    },
  };
}

/**
 * Returns the QoS class of a pod.
 * @see https://kubernetes.io/docs/concepts/workloads/pods/pod-qos/
 */
function qosClassOf(spec: JsonObject): string {
  const lists = [...arrayAt(spec, 'containers'), ...arrayAt(spec, 'initContainers')]
    .filter(isJsonObject)
    .map((entry) => objectAt(entry, 'resources') ?? {});
  const asks = lists.some(
    (resources) =>
      objectAt(resources, 'requests') !== undefined || objectAt(resources, 'limits') !== undefined,
  );
  if (!asks) return 'BestEffort';
  const guaranteed = lists.every((resources) => {
    const limits = objectAt(resources, 'limits');
    const requests = objectAt(resources, 'requests') ?? limits;
    return ['cpu', 'memory'].every(
      (name) => limits?.[name] !== undefined && requests?.[name] === limits[name],
    );
  });
  return guaranteed ? 'Guaranteed' : 'Burstable';
}

function podTemplate(template: JsonObject | undefined): JsonObject {
  return { metadata: {}, ...template, spec: podSpec(objectAt(template, 'spec')) };
}

/**
 * Returns a pod spec with its defaults.
 * @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#PodSpec
 */
function podSpec(given: JsonObject | undefined): JsonObject {
  const spec: Record<string, Json | undefined> = { ...given };
  for (const list of ['initContainers', 'containers', 'ephemeralContainers']) {
    if (Array.isArray(spec[list])) spec[list] = arrayAt(spec, list).map(container);
  }
  spec['restartPolicy'] ??= 'Always';
  spec['terminationGracePeriodSeconds'] ??= 30;
  spec['dnsPolicy'] ??= 'ClusterFirst';
  spec['securityContext'] ??= {};
  spec['schedulerName'] ??= 'default-scheduler';
  if (Array.isArray(spec['volumes'])) spec['volumes'] = arrayAt(spec, 'volumes').map(volume);
  return spec;
}

function container(value: Json): Json {
  if (!isJsonObject(value)) return value;
  const result: Record<string, Json | undefined> = { ...value };
  const image = stringAt(value, 'image');
  const tag = /:([^/:]+)$/.exec(image.split('@')[0] ?? '')?.[1];
  const pinned = image.includes('@') || (tag !== undefined && tag !== 'latest');
  result['resources'] ??= {};
  result['terminationMessagePath'] ??= '/dev/termination-log';
  result['terminationMessagePolicy'] ??= 'File';
  result['imagePullPolicy'] ??= pinned ? 'IfNotPresent' : 'Always';
  if (Array.isArray(value['env'])) {
    result['env'] = arrayAt(value, 'env').map(environmentVariable);
  }
  for (const probe of ['livenessProbe', 'readinessProbe', 'startupProbe']) {
    const given = objectAt(value, probe);
    if (given !== undefined) {
      result[probe] = {
        timeoutSeconds: 1,
        periodSeconds: 10,
        successThreshold: 1,
        failureThreshold: 3,
        ...withScheme(given),
      };
    }
  }
  const lifecycle = objectAt(value, 'lifecycle');
  if (lifecycle !== undefined) {
    const handlers = Object.entries(lifecycle).map(([name, handler]): [string, Json | undefined] => [
      name,
      isJsonObject(handler) ? withScheme(handler) : handler,
    ]);
    result['lifecycle'] = Object.fromEntries(handlers);
  }
  return result;
}

/** Returns a probe or handler with the scheme of its HTTP request. */
function withScheme(handler: JsonObject): JsonObject {
  const request = objectAt(handler, 'httpGet');
  return request === undefined ? handler : { ...handler, httpGet: { scheme: 'HTTP', ...request } };
}

function environmentVariable(variable: Json): Json {
  if (!isJsonObject(variable)) return variable;
  const source = objectAt(variable, 'valueFrom');
  const field = objectAt(source, 'fieldRef');
  const resource = objectAt(source, 'resourceFieldRef');
  if (field !== undefined) {
    return { ...variable, valueFrom: { fieldRef: { apiVersion: 'v1', ...field } } };
  }
  if (resource !== undefined) {
    return {
      ...variable,
      valueFrom: { resourceFieldRef: { ...resource, divisor: resource['divisor'] ?? '0' } },
    };
  }
  return variable;
}

function volume(value: Json): Json {
  if (!isJsonObject(value)) return value;
  const result: Record<string, Json | undefined> = { ...value };
  for (const source of ['configMap', 'secret', 'downwardAPI', 'projected']) {
    const given = objectAt(value, source);
    if (given !== undefined) result[source] = { ...given, defaultMode: given['defaultMode'] ?? 420 };
  }
  return result;
}

/** Adds the tolerations of the DefaultTolerationSeconds admission. */
function tolerations(given: readonly Json[]): readonly Json[] {
  const result = [...given];
  for (const key of ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable']) {
    if (!given.some((entry) => isJsonObject(entry) && (entry['key'] === key || entry['key'] === undefined))) {
      result.push({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 });
    }
  }
  return result;
}

const tokenPath = '/var/run/secrets/kubernetes.io/serviceaccount';

/**
 * Adds what the ServiceAccount admission does: the volume with token, CA and namespace, mounted in
 * every container.
 */
function withTokenVolume(spec: JsonObject, allocate: Allocate): JsonObject {
  const containers = arrayAt(spec, 'containers').filter(isJsonObject);
  const mounted = containers.some((entry) =>
    arrayAt(entry, 'volumeMounts').some((mount) => isJsonObject(mount) && mount['mountPath'] === tokenPath),
  );
  if (spec['automountServiceAccountToken'] === false || mounted) return spec;
  const name = `kube-api-access-${allocate.suffix()}`;
  const mount = { name, readOnly: true, mountPath: tokenPath };
  const mountInto = (list: string): JsonObject =>
    spec[list] === undefined
      ? {}
      : {
          [list]: arrayAt(spec, list).map((entry) =>
            isJsonObject(entry)
              ? { ...entry, volumeMounts: [...arrayAt(entry, 'volumeMounts'), mount] }
              : entry,
          ),
        };
  return {
    ...spec,
    ...mountInto('initContainers'),
    ...mountInto('containers'),
    volumes: [
      ...arrayAt(spec, 'volumes'),
      {
        name,
        projected: {
          sources: [
            { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
            { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
            {
              downwardAPI: {
                items: [
                  { path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } },
                ],
              },
            },
          ],
          defaultMode: 420,
        },
      },
    ],
  };
}

function service(object: KubeObject): KubeObject {
  const spec = objectAt(object, 'spec') ?? {};
  const type = stringAt(spec, 'type') || 'ClusterIP';
  const ports = arrayAt(spec, 'ports').map((port) =>
    isJsonObject(port) ? { ...port, targetPort: port['targetPort'] ?? port['port'] } : port,
  );
  return {
    ...object,
    spec: {
      sessionAffinity: 'None',
      ...(type === 'ExternalName' ? {} : { internalTrafficPolicy: 'Cluster' }),
      ...(type === 'NodePort' || type === 'LoadBalancer' ? { externalTrafficPolicy: 'Cluster' } : {}),
      ...spec,
      type,
      ...(ports.length === 0 ? {} : { ports }),
    },
    status: objectAt(object, 'status') ?? { loadBalancer: {} },
  };
}

function withAddress(object: KubeObject, allocate: Allocate): KubeObject {
  const spec = objectAt(object, 'spec') ?? {};
  const type = stringAt(spec, 'type');
  if (type === 'ExternalName') return object;
  const onNodes = type === 'NodePort' || type === 'LoadBalancer';
  const ports = arrayAt(spec, 'ports').map((port) =>
    isJsonObject(port) && onNodes ? { ...port, nodePort: port['nodePort'] ?? allocate.nodePort() } : port,
  );
  const clusterIP = stringAt(spec, 'clusterIP') || allocate.clusterIp();
  return {
    ...object,
    spec: {
      ...spec,
      ...(ports.length === 0 ? {} : { ports }),
      clusterIP,
      clusterIPs: spec['clusterIPs'] ?? [clusterIP],
      ipFamilies: spec['ipFamilies'] ?? ['IPv4'],
      ipFamilyPolicy: spec['ipFamilyPolicy'] ?? 'SingleStack',
    },
  };
}

function withBindingDefaults(object: KubeObject): KubeObject {
  const group = 'rbac.authorization.k8s.io';
  const subjects = arrayAt(object, 'subjects').map((subject) =>
    isJsonObject(subject) && subject['kind'] !== 'ServiceAccount'
      ? { ...subject, apiGroup: stringAt(subject, 'apiGroup') || group }
      : subject,
  );
  const role = objectAt(object, 'roleRef');
  return {
    ...object,
    ...(subjects.length === 0 ? {} : { subjects }),
    ...(role === undefined ? {} : { roleRef: { ...role, apiGroup: stringAt(role, 'apiGroup') || group } }),
  };
}
