// Builds the endpoints of a service, and the events of a pod that starts.

import { stringAt } from '../../model/object.ts';
import type { KubeObject } from '../../model/object.ts';
import { nameOf, namespaceOf, objectsAt, specOf, statusOf } from '../../model/fields.ts';
import { buildEvent, buildObject, shortHash } from './objects.ts';

/**
 * Makes the Endpoints and the EndpointSlice of a service: the addresses of its pods, ready and not
 * ready.
 */
export function buildEndpoints(
  service: KubeObject,
  pods: readonly KubeObject[],
  port: number,
  created: string,
): readonly [endpoints: KubeObject, slice: KubeObject] {
  const namespace = namespaceOf(service);
  const name = nameOf(service);
  const portName = objectsAt(specOf(service), 'ports')[0]?.name;
  const named = portName === undefined ? {} : { name: portName };
  const backends = pods.map((pod) => ({
    ip: statusOf(pod).podIP,
    nodeName: specOf(pod).nodeName,
    targetRef: { kind: 'Pod', namespace, name: nameOf(pod), uid: pod.metadata.uid },
  }));
  const endpoints = buildObject(
    'v1',
    'Endpoints',
    {
      namespace,
      name,
      created,
      labels: { 'endpoints.kubernetes.io/managed-by': 'endpoint-controller' },
    },
    { subsets: [{ addresses: backends, ports: [{ ...named, port, protocol: 'TCP' }] }] },
  );
  const slice = buildObject(
    'discovery.k8s.io/v1',
    'EndpointSlice',
    {
      namespace,
      name: `${name}-${shortHash(`slice/${namespace}/${name}`)}`,
      generateName: `${name}-`,
      created,
      generation: 1,
      labels: {
        'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
        'kubernetes.io/service-name': name,
      },
      owner: service,
    },
    {
      addressType: 'IPv4',
      endpoints: backends.map(({ ip, nodeName, targetRef }) => ({
        addresses: ip === undefined ? [] : [ip],
        conditions: { ready: true, serving: true, terminating: false },
        targetRef,
        nodeName,
      })),
      ports: [{ name: portName ?? '', protocol: 'TCP', port }],
    },
  );
  return [endpoints, slice];
}

/** Makes the events that scheduler and kubelet report when a pod starts. */
export function startEvents(
  pod: KubeObject,
  container: string,
  image: string,
  time: string,
): readonly KubeObject[] {
  const node = stringAt(specOf(pod), 'nodeName');
  const fromKubelet = {
    source: 'kubelet',
    host: node,
    fieldPath: `spec.containers{${container}}`,
    first: time,
  };
  const podName = `${namespaceOf(pod)}/${nameOf(pod)}`;
  return [
    buildEvent({
      about: pod,
      reason: 'Scheduled',
      message: `Successfully assigned ${podName} to ${node}`,
      source: 'default-scheduler',
      first: time,
    }),
    buildEvent({
      about: pod,
      reason: 'Pulled',
      message: `Container image "${image}" already present on machine and can be accessed by the pod`,
      ...fromKubelet,
    }),
    buildEvent({ about: pod, reason: 'Created', message: 'Container created', ...fromKubelet }),
    buildEvent({ about: pod, reason: 'Started', message: 'Container started', ...fromKubelet }),
  ];
}
