// Some applications in realistic states: a web server with a service, a shop in `dev` with a
// crashing part and a database, and the services of kube-system. Entry point: `seedApps`.

import { stringAt } from '../../model/object.ts';
import type { JsonObject, KubeObject } from '../../model/object.ts';
import { nameOf, namespaceOf, objectsAt, specOf, statusOf, uidOf } from '../../model/fields.ts';
import { controlPlane, secondWorker, worker } from './cluster.ts';
import type { SeedNode } from './cluster.ts';
import {
  ago,
  buildDeployment,
  buildEvent,
  buildObject,
  buildPod,
  day,
  hour,
  minute,
  shortHash,
  templateSpec,
} from './objects.ts';
import type { SeedContainer, SeedDeployment } from './objects.ts';

/**
 * Returns the objects.
 * @param now all times are relative to it
 */
export function seedApps(now: Date): readonly KubeObject[] {
  return [...apiServer(now), ...webServer(now), ...shop(now), ...database(now), ...clusterServices(now)];
}

/**
 * Returns the service of the API server. Its endpoints are those of a real cluster, not the port of
 * the sandbox.
 */
function apiServer(now: Date): readonly KubeObject[] {
  const created = ago(now, 12 * day);
  const labels = { component: 'apiserver', provider: 'kubernetes' };
  return [
    buildService({
      namespace: 'default',
      name: 'kubernetes',
      created,
      labels,
      clusterIP: '10.96.0.1',
      port: { name: 'https', protocol: 'TCP', port: 443, targetPort: 6443 },
    }),
    buildObject(
      'v1',
      'Endpoints',
      {
        namespace: 'default',
        name: 'kubernetes',
        created,
        labels: { 'endpointslice.kubernetes.io/skip-mirror': 'true' },
      },
      {
        subsets: [
          { addresses: [{ ip: controlPlane.ip }], ports: [{ name: 'https', port: 6443, protocol: 'TCP' }] },
        ],
      },
    ),
    buildObject(
      'discovery.k8s.io/v1',
      'EndpointSlice',
      {
        namespace: 'default',
        name: 'kubernetes',
        created,
        generation: 1,
        labels: { 'kubernetes.io/service-name': 'kubernetes' },
      },
      {
        addressType: 'IPv4',
        endpoints: [{ addresses: [controlPlane.ip], conditions: { ready: true } }],
        ports: [{ name: 'https', protocol: 'TCP', port: 6443 }],
      },
    ),
  ];
}

function webServer(now: Date): readonly KubeObject[] {
  const created = ago(now, 5 * hour);
  const seed: SeedDeployment = {
    namespace: 'default',
    name: 'web',
    created,
    replicas: 3,
    ready: 3,
    podLabels: { app: 'web' },
    containers: [{ name: 'nginx', image: 'nginx:1.27', ports: [{ containerPort: 80, protocol: 'TCP' }] }],
    templateHash: 'cc544bdcc',
  };
  const [deployment, replicaSet] = buildDeployment(seed);
  const pods = [
    replicaPod(seed, replicaSet, 0, worker, '10.244.1.8', created),
    replicaPod(seed, replicaSet, 1, secondWorker, '10.244.2.8', created),
    replicaPod(seed, replicaSet, 2, secondWorker, '10.244.2.9', created),
  ];
  const service = buildService({
    namespace: 'default',
    name: 'web',
    created,
    clusterIP: '10.96.0.79',
    port: { protocol: 'TCP', port: 80, targetPort: 80 },
    selector: { app: 'web' },
  });
  return [
    deployment,
    replicaSet,
    ...pods,
    service,
    ...buildEndpoints(service, pods, 80, created),
    buildObject(
      'networking.k8s.io/v1',
      'Ingress',
      { namespace: 'default', name: 'web', created, generation: 1 },
      {
        spec: {
          ingressClassName: 'nginx',
          rules: [
            {
              host: 'web.example.com',
              http: {
                paths: [
                  {
                    path: '/',
                    pathType: 'Prefix',
                    backend: { service: { name: 'web', port: { number: 80 } } },
                  },
                ],
              },
            },
          ],
        },
        status: { loadBalancer: { ingress: [{ ip: '203.0.113.10' }] } },
      },
    ),
    buildEvent({
      about: deployment,
      reason: 'ScalingReplicaSet',
      message: `Scaled up replica set ${nameOf(replicaSet)} from 0 to 3`,
      source: 'deployment-controller',
      first: created,
    }),
    ...pods.flatMap((pod) => [
      buildEvent({
        about: replicaSet,
        reason: 'SuccessfulCreate',
        message: `Created pod: ${nameOf(pod)}`,
        source: 'replicaset-controller',
        first: created,
      }),
      ...startEvents(pod, 'nginx', 'nginx:1.27', created),
    ]),
  ];
}

/**
 * Returns two deployments in `dev`: one is healthy, the pod of the other one crashes repeatedly.
 */
function shop(now: Date): readonly KubeObject[] {
  const created = ago(now, 4 * day);
  const shopSeed: SeedDeployment = {
    namespace: 'dev',
    name: 'shop',
    created,
    replicas: 2,
    ready: 2,
    podLabels: { app: 'shop', tier: 'frontend' },
    containers: [
      {
        name: 'shop',
        image: 'registry.example.com/shop:2.4.1',
        ports: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }],
        resources: { limits: { memory: '128Mi' }, requests: { cpu: '50m', memory: '64Mi' } },
      },
    ],
    templateHash: '7d9f7c8b6d',
  };
  const [shopDeployment, shopSet] = buildDeployment(shopSeed);
  const shopPods = [
    replicaPod(shopSeed, shopSet, 0, worker, '10.244.1.10', created),
    replicaPod(shopSeed, shopSet, 1, secondWorker, '10.244.2.10', created, {
      restarts: 1,
      at: ago(now, 26 * hour),
    }),
  ];
  const service = buildService({
    namespace: 'dev',
    name: 'shop',
    created,
    clusterIP: '10.96.12.40',
    port: { name: 'http', protocol: 'TCP', port: 80, targetPort: 'http' },
    selector: { app: 'shop' },
  });

  const paymentCreated = ago(now, 95 * minute);
  const paymentSeed: SeedDeployment = {
    namespace: 'dev',
    name: 'payment',
    created: paymentCreated,
    replicas: 1,
    ready: 0,
    podLabels: { app: 'payment' },
    containers: [{ name: 'payment', image: 'registry.example.com/payment:0.9.0' }],
    templateHash: '5b6f9c7d4f',
  };
  const [paymentDeployment, paymentSet] = buildDeployment(paymentSeed);
  const crashed = {
    exitCode: 1,
    reason: 'Error',
    since: ago(now, 4 * minute),
    until: ago(now, 4 * minute - 2_000),
  };
  const paymentPod = buildPod({
    namespace: 'dev',
    name: `${nameOf(paymentSet)}-${shortHash('payment')}`,
    generateName: `${nameOf(paymentSet)}-`,
    created: paymentCreated,
    labels: { ...paymentSeed.podLabels, 'pod-template-hash': paymentSeed.templateHash },
    owner: paymentSet,
    node: worker,
    ip: '10.244.1.11',
    containers: paymentSeed.containers.map((container) => ({
      ...container,
      state: {
        waiting: {
          reason: 'CrashLoopBackOff',
          message: 'back-off 5m0s restarting failed container=payment',
        },
        restarts: 22,
        last: crashed,
      },
    })),
  });
  return [
    shopDeployment,
    shopSet,
    ...shopPods,
    service,
    ...buildEndpoints(service, shopPods, 8080, created),
    buildObject(
      'autoscaling/v2',
      'HorizontalPodAutoscaler',
      { namespace: 'dev', name: 'shop', created },
      {
        spec: {
          scaleTargetRef: { kind: 'Deployment', name: 'shop', apiVersion: 'apps/v1' },
          minReplicas: 2,
          maxReplicas: 6,
          metrics: [
            {
              type: 'Resource',
              resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } },
            },
          ],
        },
        status: {
          currentReplicas: 2,
          desiredReplicas: 2,
          currentMetrics: [
            {
              type: 'Resource',
              resource: { name: 'cpu', current: { averageUtilization: 34, averageValue: '17m' } },
            },
          ],
        },
      },
    ),
    buildObject(
      'v1',
      'ConfigMap',
      { namespace: 'dev', name: 'shop-settings', created },
      { data: { currency: 'EUR', 'settings.yaml': 'theme: dark\nfeatures:\n  - wishlist\n  - search\n' } },
    ),
    buildObject(
      'v1',
      'Secret',
      { namespace: 'dev', name: 'db', created },
      {
        data: {
          password: Buffer.from('not-a-real-password').toString('base64'),
          username: Buffer.from('shop').toString('base64'),
        },
        type: 'Opaque',
      },
    ),
    paymentDeployment,
    paymentSet,
    paymentPod,
    buildEvent({
      about: paymentPod,
      type: 'Warning',
      reason: 'BackOff',
      message: `Back-off restarting failed container payment in pod ${nameOf(paymentPod)}_dev(${uidOf(paymentPod)})`,
      source: 'kubelet',
      host: worker.name,
      fieldPath: 'spec.containers{payment}',
      first: paymentCreated,
      last: ago(now, 3 * minute),
      count: 431,
    }),
  ];
}

function database(now: Date): readonly KubeObject[] {
  const created = ago(now, 4 * day);
  const labels = { app: 'db' };
  const container: SeedContainer = {
    name: 'postgres',
    image: 'postgres:17',
    ports: [{ containerPort: 5432, protocol: 'TCP' }],
    mounts: [{ name: 'data', mountPath: '/var/lib/postgresql/data' }],
  };
  const claimSpec = {
    accessModes: ['ReadWriteOnce'],
    resources: { requests: { storage: '2Gi' } },
    storageClassName: 'standard',
    volumeMode: 'Filesystem',
  };
  const volumeName = 'pvc-5f0d2b1e-9a3c-4c8e-a1d4-2b7f6c3e9d10';
  const set = buildObject(
    'apps/v1',
    'StatefulSet',
    { namespace: 'dev', name: 'db', created, generation: 1, labels },
    {
      spec: {
        replicas: 1,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: templateSpec([container]) },
        volumeClaimTemplates: [
          {
            kind: 'PersistentVolumeClaim',
            apiVersion: 'v1',
            metadata: { name: 'data' },
            spec: claimSpec,
            status: { phase: 'Pending' },
          },
        ],
        serviceName: 'db',
        podManagementPolicy: 'OrderedReady',
        updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
        revisionHistoryLimit: 10,
        persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
      },
      status: {
        observedGeneration: 1,
        replicas: 1,
        readyReplicas: 1,
        currentReplicas: 1,
        updatedReplicas: 1,
        currentRevision: 'db-6c8d5f9b7',
        updateRevision: 'db-6c8d5f9b7',
        collisionCount: 0,
        availableReplicas: 1,
      },
    },
  );
  const pod = buildPod({
    namespace: 'dev',
    name: 'db-0',
    generateName: 'db-',
    created,
    labels: {
      ...labels,
      'apps.kubernetes.io/pod-index': '0',
      'controller-revision-hash': 'db-6c8d5f9b7',
      'statefulset.kubernetes.io/pod-name': 'db-0',
    },
    owner: set,
    node: secondWorker,
    ip: '10.244.2.11',
    volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data-db-0' } }],
    containers: [container],
  });
  const claim = buildObject(
    'v1',
    'PersistentVolumeClaim',
    { namespace: 'dev', name: 'data-db-0', created, labels, finalizers: ['kubernetes.io/pvc-protection'] },
    {
      spec: { ...claimSpec, volumeName },
      status: { phase: 'Bound', accessModes: ['ReadWriteOnce'], capacity: { storage: '2Gi' } },
    },
  );
  const volume = buildObject(
    'v1',
    'PersistentVolume',
    { name: volumeName, created, finalizers: ['kubernetes.io/pv-protection'] },
    {
      spec: {
        capacity: { storage: '2Gi' },
        hostPath: {
          path: `/var/local-path-provisioner/${volumeName}_dev_data-db-0`,
          type: 'DirectoryOrCreate',
        },
        accessModes: ['ReadWriteOnce'],
        claimRef: {
          kind: 'PersistentVolumeClaim',
          namespace: 'dev',
          name: 'data-db-0',
          uid: claim.metadata.uid,
          apiVersion: 'v1',
        },
        persistentVolumeReclaimPolicy: 'Delete',
        storageClassName: 'standard',
        volumeMode: 'Filesystem',
      },
      status: { phase: 'Bound', lastPhaseTransitionTime: created },
    },
  );
  const storageClass = buildObject(
    'storage.k8s.io/v1',
    'StorageClass',
    {
      name: 'standard',
      created: ago(now, 12 * day),
      annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' },
    },
    {
      provisioner: 'rancher.io/local-path',
      reclaimPolicy: 'Delete',
      volumeBindingMode: 'WaitForFirstConsumer',
    },
  );
  const service = buildService({
    namespace: 'dev',
    name: 'db',
    created,
    clusterIP: 'None',
    port: { protocol: 'TCP', port: 5432, targetPort: 5432 },
    selector: labels,
  });
  return [storageClass, volume, claim, set, pod, service, ...buildEndpoints(service, [pod], 5432, created)];
}

/** Returns the objects of kube-system: DNS, and a daemon set with a pod on every node. */
function clusterServices(now: Date): readonly KubeObject[] {
  const created = ago(now, 12 * day);
  const dnsSeed: SeedDeployment = {
    namespace: 'kube-system',
    name: 'coredns',
    created,
    replicas: 2,
    ready: 2,
    podLabels: { 'k8s-app': 'kube-dns' },
    containers: [
      {
        name: 'coredns',
        image: 'registry.k8s.io/coredns/coredns:v1.12.4',
        args: ['-conf', '/etc/coredns/Corefile'],
        ports: [
          { name: 'dns', containerPort: 53, protocol: 'UDP' },
          { name: 'dns-tcp', containerPort: 53, protocol: 'TCP' },
        ],
        resources: { limits: { memory: '170Mi' }, requests: { cpu: '100m', memory: '70Mi' } },
      },
    ],
    templateHash: '674b8bbfcf',
  };
  const [dns, dnsSet] = buildDeployment(dnsSeed);
  const dnsPods = [
    replicaPod(dnsSeed, dnsSet, 0, controlPlane, '10.244.0.2', created),
    replicaPod(dnsSeed, dnsSet, 1, controlPlane, '10.244.0.3', created),
  ];
  const labels = { 'k8s-app': 'kube-proxy' };
  const proxy: SeedContainer = { name: 'kube-proxy', image: 'registry.k8s.io/kube-proxy:v1.36.3' };
  const nodes = [controlPlane, worker, secondWorker];
  const proxySet = buildObject(
    'apps/v1',
    'DaemonSet',
    { namespace: 'kube-system', name: 'kube-proxy', created, generation: 1, labels },
    {
      spec: {
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: templateSpec([proxy], { nodeSelector: { 'kubernetes.io/os': 'linux' }, hostNetwork: true }),
        },
        updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } },
        revisionHistoryLimit: 10,
      },
      status: {
        currentNumberScheduled: 3,
        numberMisscheduled: 0,
        desiredNumberScheduled: 3,
        numberReady: 3,
        observedGeneration: 1,
        updatedNumberScheduled: 3,
        numberAvailable: 3,
      },
    },
  );
  return [
    dns,
    dnsSet,
    ...dnsPods,
    proxySet,
    ...nodes.map((node) =>
      buildPod({
        namespace: 'kube-system',
        name: `kube-proxy-${shortHash(node.name)}`,
        generateName: 'kube-proxy-',
        created,
        labels,
        owner: proxySet,
        node,
        ip: node.ip,
        containers: [proxy],
        tolerations: [{ operator: 'Exists' }],
        priorityClass: { name: 'system-node-critical', value: 2_000_001_000 },
      }),
    ),
    buildEvent({
      about: buildObject('v1', 'Node', { name: worker.name, created }),
      reason: 'NodeReady',
      message: `Node ${worker.name} status is now: NodeReady`,
      source: 'kubelet',
      host: worker.name,
      first: ago(now, 55 * minute),
    }),
  ];
}

/** Makes a running pod of a replica set. `restart` describes a crash that it recovered from. */
export function replicaPod(
  seed: SeedDeployment,
  replicaSet: KubeObject,
  index: number,
  node: SeedNode,
  ip: string,
  created: string,
  restart?: { readonly restarts: number; readonly at: string },
): KubeObject {
  const setName = nameOf(replicaSet);
  return buildPod({
    namespace: seed.namespace,
    name: `${setName}-${shortHash(`${setName}/${index}`)}`,
    generateName: `${setName}-`,
    created,
    labels: { ...seed.podLabels, 'pod-template-hash': seed.templateHash },
    owner: replicaSet,
    node,
    ip,
    containers: seed.containers.map((container) =>
      restart === undefined
        ? container
        : {
            ...container,
            state: {
              since: restart.at,
              restarts: restart.restarts,
              last: { exitCode: 137, reason: 'OOMKilled', since: created, until: restart.at },
            },
          },
    ),
  });
}

interface SeedService {
  readonly namespace: string;
  readonly name: string;
  readonly created: string;
  readonly labels?: JsonObject;
  readonly clusterIP: string;
  readonly port: JsonObject;
  readonly selector?: JsonObject;
}

function buildService(seed: SeedService): KubeObject {
  const { clusterIP, port, selector } = seed;
  return buildObject('v1', 'Service', seed, {
    spec: {
      ports: [port],
      ...(selector === undefined ? {} : { selector }),
      clusterIP,
      clusterIPs: [clusterIP],
      type: 'ClusterIP',
      sessionAffinity: 'None',
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
      internalTrafficPolicy: 'Cluster',
    },
    status: { loadBalancer: {} },
  });
}

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
