// The objects of the test server, in all states that tables, printers and lookups must show. Sets
// states through the status subresource, because no controller and no kubelet runs. Entry point:
// seed. odd.ts has deliberate oddities.
import type { AdminClient } from './admin-client.ts';
import { bigNumberWidget, oddConfigMaps } from './odd.ts';

type Json = Record<string, unknown>;

/**
 * Creates all objects, with the same names in every run. First removes the server's example
 * objects, so that all servers have the same objects.
 */
export async function seed(admin: AdminClient): Promise<void> {
  const put = createPutter(admin, new Date());
  await untilNamespaceExists(admin, 'default');
  await clear(admin);
  await Promise.all(
    ['dev', 'empty', 'odd'].map((name) => ensure(admin, '/api/v1/namespaces', { metadata: { name } })),
  );
  await Promise.all([
    ...['default', 'dev', 'odd'].map((namespace) =>
      ensure(admin, `/api/v1/namespaces/${namespace}/serviceaccounts`, { metadata: { name: 'default' } }),
    ),
    ...customResourceDefinitions.map((definition) =>
      put('/apis/apiextensions.k8s.io/v1/customresourcedefinitions', definition),
    ),
    ...nodes.map(({ status, ...node }) => put('/api/v1/nodes', node, status)),
    ...rbac.map(([path, body]) => put(path, body)),
  ]);
  await Promise.all([
    seedWorkloads(put),
    ...otherObjects.map(([path, body, status]) => put(path, body, status)),
    ...oddConfigMaps.map((configMap) => put('/api/v1/namespaces/odd/configmaps', configMap)),
    seedCustomResources(admin, put),
  ]);
  // A terminating pod that its finalizer keeps.
  await admin.must('DELETE', '/api/v1/namespaces/default/pods/terminating?gracePeriodSeconds=30');
}

/**
 * Creates an object below `path` and sets its status if one is given. Returns the created object.
 */
type Put = (
  path: string,
  body: Json,
  status?: (secondsAgo: SecondsAgo, created: Json) => Json,
) => Promise<Json>;

/** Returns a moment before now in Kubernetes' time format. */
type SecondsAgo = (seconds: number) => string;

function createPutter(admin: AdminClient, now: Date): Put {
  const secondsAgo: SecondsAgo = (seconds) =>
    new Date(now.getTime() - seconds * 1000).toISOString().replace(/\.\d+Z$/, 'Z');
  return async (path, body, status) => {
    const created = asObject(await admin.must('POST', path, body));
    if (status === undefined) return created;
    const name = String(asObject(created['metadata'])['name']);
    const patch = { status: status(secondsAgo, created) };
    return asObject(
      await admin.must('PATCH', `${path}/${name}/status`, patch, 'application/merge-patch+json'),
    );
  };
}

/** Creates an object that some servers have by default. */
async function ensure(admin: AdminClient, path: string, body: Json): Promise<void> {
  const { status, body: answer } = await admin.send('POST', path, body);
  if (status !== 201 && status !== 409) throw new Error(`POST ${path}: ${status} ${JSON.stringify(answer)}`);
}

/** Collections with example objects of servers. */
const collections = [
  '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
  '/api/v1/nodes',
  ...['default', 'dev'].flatMap((namespace) => [
    ...['deployments', 'replicasets', 'statefulsets', 'daemonsets'].map(
      (resource) => `/apis/apps/v1/namespaces/${namespace}/${resource}`,
    ),
    `/apis/networking.k8s.io/v1/namespaces/${namespace}/ingresses`,
    `/apis/policy/v1/namespaces/${namespace}/poddisruptionbudgets`,
    `/apis/autoscaling/v2/namespaces/${namespace}/horizontalpodautoscalers`,
    ...['jobs', 'cronjobs'].map((resource) => `/apis/batch/v1/namespaces/${namespace}/${resource}`),
    ...['roles', 'rolebindings'].map(
      (resource) => `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/${resource}`,
    ),
    ...['pods', 'services', 'configmaps', 'secrets', 'events', 'persistentvolumeclaims'].map(
      (resource) => `/api/v1/namespaces/${namespace}/${resource}`,
    ),
  ]),
];

async function clear(admin: AdminClient): Promise<void> {
  // One by one: objects can own others, which are then gone at their turn.
  for (const path of collections) {
    for (const name of await namesIn(admin, path)) {
      if (name === 'kubernetes' || name === 'kube-root-ca.crt') continue;
      await admin.send('DELETE', `${path}/${name}?gracePeriodSeconds=0&propagationPolicy=Background`);
    }
  }
}

async function namesIn(admin: AdminClient, path: string): Promise<string[]> {
  const { items } = asObject(await admin.must('GET', path));
  return Array.isArray(items)
    ? items.map((item) => String(asObject(asObject(item)['metadata'])['name']))
    : [];
}

async function untilNamespaceExists(admin: AdminClient, name: string): Promise<void> {
  for (;;) {
    if ((await admin.send('GET', `/api/v1/namespaces/${name}`)).status === 200) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function asObject(value: unknown): Json {
  if (typeof value !== 'object' || value === null) throw new Error(`no JSON object: ${String(value)}`);
  return Object.fromEntries(Object.entries(value));
}

// --- workloads

const webLabels = { app: 'web', tier: 'front' };

async function seedWorkloads(put: Put): Promise<void> {
  const template = {
    metadata: { labels: webLabels },
    spec: { containers: [{ name: 'nginx', image: 'nginx:1.27', ports: [{ containerPort: 80 }] }] },
  };
  const deployment = await put(
    '/apis/apps/v1/namespaces/default/deployments',
    {
      metadata: { name: 'web', labels: webLabels },
      spec: { replicas: 3, selector: { matchLabels: webLabels }, template },
    },
    (ago) => ({
      observedGeneration: 1,
      replicas: 3,
      updatedReplicas: 3,
      readyReplicas: 2,
      availableReplicas: 2,
      unavailableReplicas: 1,
      conditions: [
        condition('Progressing', 'True', 'NewReplicaSetAvailable', ago(500)),
        condition('Available', 'True', 'MinimumReplicasAvailable', ago(400)),
      ],
    }),
  );
  const hash = { 'pod-template-hash': '5d4f8c7b9' };
  const replicaSet = await put(
    '/apis/apps/v1/namespaces/default/replicasets',
    {
      metadata: {
        name: 'web-5d4f8c7b9',
        labels: { ...webLabels, ...hash },
        ownerReferences: [ownerOf(deployment, 'apps/v1', 'Deployment')],
      },
      spec: {
        replicas: 3,
        selector: { matchLabels: { ...webLabels, ...hash } },
        template: { ...template, metadata: { labels: { ...webLabels, ...hash } } },
      },
    },
    () => ({
      replicas: 3,
      readyReplicas: 2,
      availableReplicas: 2,
      fullyLabeledReplicas: 3,
      observedGeneration: 1,
    }),
  );
  const owner = ownerOf(replicaSet, 'apps/v1', 'ReplicaSet');
  const webPod = (suffix: string, node: string): Json =>
    pod(`web-5d4f8c7b9-${suffix}`, { ...webLabels, ...hash }, ['nginx:1.27'], { node, owner });
  const pods: [string, Json, (ago: SecondsAgo) => Json][] = [
    ['default', webPod('2xk4p', 'node-a'), running('10.244.0.11', [ready('c0')])],
    ['default', webPod('9qrst', 'node-b'), running('10.244.1.12', [ready('c0', 1, 300)])],
    [
      'default',
      webPod('zz7wh', 'node-b'),
      running('10.244.1.13', [waiting('c0', 'CrashLoopBackOff', 7, 150)]),
    ],
    ['default', pod('pending', { app: 'big' }, ['nginx:1.27']), pendingUnscheduled],
    [
      'default',
      pod('image-pull', { app: 'typo' }, ['registry.invalid/none:1'], { node: 'node-a' }),
      (ago) => ({ ...running('10.244.0.14', [waiting('c0', 'ImagePullBackOff')])(ago), phase: 'Pending' }),
    ],
    [
      'default',
      pod('completed', { app: 'batch' }, ['busybox:1.37'], { node: 'node-a', restartPolicy: 'Never' }),
      (ago) => ({ ...running('10.244.0.15', [terminated('c0', 0, 'Completed')])(ago), phase: 'Succeeded' }),
    ],
    [
      'default',
      pod('failed', { app: 'batch' }, ['busybox:1.37'], { node: 'node-a', restartPolicy: 'Never' }),
      (ago) => ({ ...running('10.244.0.16', [terminated('c0', 137, 'OOMKilled')])(ago), phase: 'Failed' }),
    ],
    [
      'default',
      pod('evicted', { app: 'batch' }, ['busybox:1.37'], { node: 'node-c' }),
      (ago) => ({
        phase: 'Failed',
        reason: 'Evicted',
        message: 'The node was low on resource: memory.',
        startTime: ago(900),
      }),
    ],
    [
      'default',
      pod(
        'three',
        { app: 'three', 'app.kubernetes.io/name': 'three', 'app-kind': 'x' },
        ['nginx:1.27', 'envoy:1.33', 'busybox:1.37'],
        { node: 'node-b' },
      ),
      running('10.244.1.17', [ready('c0'), ready('c1', 3, 4000), waiting('c2', 'ContainerCreating')]),
    ],
    ['default', pod('init', { app: 'init' }, ['nginx:1.27'], { node: 'node-b', init: 2 }), initialising],
    [
      'default',
      pod('terminating', { app: 'slow' }, ['nginx:1.27'], { node: 'node-a', finalizer: true }),
      running('10.244.0.18', [ready('c0')]),
    ],
    [
      'dev',
      pod('api-0', { app: 'api', 'statefulset.kubernetes.io/pod-name': 'api-0' }, ['api:2'], {
        node: 'node-a',
      }),
      running('10.244.0.21', [ready('c0')]),
    ],
    [
      'dev',
      pod('api-1', { app: 'api', 'statefulset.kubernetes.io/pod-name': 'api-1' }, ['api:2'], {
        node: 'node-b',
      }),
      running('fd00::21', [ready('c0')]),
    ],
    [
      'dev',
      pod('worker', { app: 'worker', tier: 'back' }, ['worker:1'], { node: 'node-a' }),
      running('10.244.0.22', [ready('c0', 2, 90)]),
    ],
  ];
  await Promise.all(
    pods.map(([namespace, body, status]) => put(`/api/v1/namespaces/${namespace}/pods`, body, status)),
  );
}

interface PodOptions {
  readonly node?: string;
  readonly owner?: Json;
  readonly restartPolicy?: string;
  readonly init?: number;
  readonly finalizer?: boolean;
}

function pod(name: string, labels: Json, images: readonly string[], options: PodOptions = {}): Json {
  return {
    metadata: {
      name,
      labels,
      ...(options.owner === undefined ? {} : { ownerReferences: [options.owner] }),
      ...(options.finalizer === true ? { finalizers: ['kapi.test/hold'] } : {}),
    },
    spec: {
      ...(options.node === undefined ? {} : { nodeName: options.node }),
      restartPolicy: options.restartPolicy ?? 'Always',
      ...(options.init === undefined
        ? {}
        : {
            initContainers: Array.from({ length: options.init }, (_, index) => ({
              name: `i${index}`,
              image: 'busybox:1.37',
            })),
          }),
      containers: images.map((image, index) => ({
        name: `c${index}`,
        image,
        resources: { requests: { cpu: '250m', memory: '64Mi' }, limits: { memory: '128Mi' } },
      })),
    },
  };
}

function ownerOf(created: Json, apiVersion: string, kind: string): Json {
  const metadata = asObject(created['metadata']);
  return { apiVersion, kind, name: metadata['name'], uid: metadata['uid'], controller: true };
}

function condition(type: string, status: string, reason: string, at: string): Json {
  return { type, status, reason, lastTransitionTime: at };
}

type ContainerState = (ago: SecondsAgo) => Json;

function running(podIP: string, containers: readonly ContainerState[]): (ago: SecondsAgo) => Json {
  return (ago) => {
    const containerStatuses = containers.map((container) => container(ago));
    const allReady = containerStatuses.every((status) => status['ready'] === true) ? 'True' : 'False';
    return {
      phase: 'Running',
      hostIP: '192.168.1.10',
      podIP,
      podIPs: [{ ip: podIP }],
      qosClass: 'Burstable',
      startTime: ago(5000),
      conditions: [
        { type: 'Initialized', status: 'True', lastTransitionTime: ago(4990) },
        { type: 'Ready', status: allReady, lastTransitionTime: ago(4980) },
        { type: 'PodScheduled', status: 'True', lastTransitionTime: ago(5000) },
      ],
      containerStatuses,
    };
  };
}

function containerBase(name: string): Json {
  return { name, image: 'docker.io/library/image:1', imageID: `sha256:${'ab12'.repeat(16)}`, started: true };
}

function ready(name: string, restartCount = 0, restartedSecondsAgo = 0): ContainerState {
  return (ago) => ({
    ...containerBase(name),
    ready: true,
    restartCount,
    state: { running: { startedAt: ago(restartedSecondsAgo) } },
    lastState:
      restartCount === 0
        ? {}
        : {
            terminated: {
              exitCode: 1,
              reason: 'Error',
              startedAt: ago(4000),
              finishedAt: ago(restartedSecondsAgo),
            },
          },
  });
}

function waiting(name: string, reason: string, restartCount = 0, restartedSecondsAgo = 0): ContainerState {
  return (ago) => ({
    ...ready(name, restartCount, restartedSecondsAgo)(ago),
    ready: false,
    started: false,
    state: { waiting: { reason, message: `${reason}: see events` } },
  });
}

function terminated(name: string, exitCode: number, reason: string): ContainerState {
  return (ago) => ({
    ...ready(name)(ago),
    ready: false,
    started: false,
    state: { terminated: { exitCode, reason, startedAt: ago(800), finishedAt: ago(700) } },
  });
}

function pendingUnscheduled(ago: SecondsAgo): Json {
  return {
    phase: 'Pending',
    qosClass: 'Burstable',
    conditions: [
      {
        ...condition('PodScheduled', 'False', 'Unschedulable', ago(600)),
        message: '0/3 nodes are available: 3 Insufficient cpu.',
      },
    ],
  };
}

function initialising(ago: SecondsAgo): Json {
  return {
    ...running('10.244.1.19', [waiting('c0', 'PodInitializing')])(ago),
    phase: 'Pending',
    conditions: [
      {
        type: 'Initialized',
        status: 'False',
        reason: 'ContainersNotInitialized',
        lastTransitionTime: ago(60),
      },
    ],
    initContainerStatuses: [
      { ...terminated('i0', 0, 'Completed')(ago), ready: true },
      { ...ready('i1')(ago), ready: false },
    ],
  };
}

// --- nodes

type WithStatus = Json & { status: (ago: SecondsAgo, created: Json) => Json };

const nodes: WithStatus[] = [
  node('node-a', { 'node-role.kubernetes.io/control-plane': '' }, {}, '192.168.1.10', 'True'),
  node(
    'node-b',
    { 'node-role.kubernetes.io/worker': '', zone: 'b' },
    { unschedulable: true },
    '192.168.1.11',
    'True',
  ),
  node('node-c', { zone: 'c' }, {}, '192.168.1.12', 'Unknown'),
];

function node(name: string, labels: Json, spec: Json, address: string, isReady: string): WithStatus {
  return {
    metadata: { name, labels: { 'kubernetes.io/hostname': name, ...labels } },
    spec,
    status: (ago) => ({
      capacity: { cpu: '4', memory: '16Gi', pods: '110' },
      allocatable: { cpu: '3920m', memory: '15Gi', pods: '110' },
      addresses: [
        { type: 'InternalIP', address },
        { type: 'Hostname', address: name },
      ],
      conditions: [
        condition('Ready', isReady, isReady === 'True' ? 'KubeletReady' : 'NodeStatusUnknown', ago(3600)),
      ],
      nodeInfo: {
        machineID: 'm',
        systemUUID: 'u',
        bootID: 'b',
        kernelVersion: '6.1.0-test',
        osImage: 'Debian GNU/Linux 12 (bookworm)',
        containerRuntimeVersion: 'containerd://2.1.4',
        kubeletVersion: 'v1.36.3',
        kubeProxyVersion: '',
        operatingSystem: 'linux',
        architecture: 'amd64',
      },
    }),
  };
}

// --- permissions

const rbac: [string, Json][] = [
  [
    '/apis/rbac.authorization.k8s.io/v1/namespaces/dev/roles',
    {
      metadata: { name: 'pod-reader' },
      rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get', 'list', 'watch'] }],
    },
  ],
  // The built-in `view` is empty here: a controller that does not run would fill it.
  [
    '/apis/rbac.authorization.k8s.io/v1/clusterroles',
    {
      metadata: { name: 'reader' },
      rules: [
        {
          apiGroups: [''],
          resources: ['pods', 'services', 'configmaps', 'events'],
          verbs: ['get', 'list', 'watch'],
        },
        { apiGroups: ['apps', 'batch', 'kapi.test'], resources: ['*'], verbs: ['get', 'list', 'watch'] },
      ],
    },
  ],
  bindRole('dev', 'jane-reads-pods', 'Role', 'pod-reader', { kind: 'User', name: 'jane' }),
  bindRole('dev', 'team-a-reads', 'ClusterRole', 'reader', { kind: 'Group', name: 'team-a' }),
  bindRole('default', 'default-reads', 'ClusterRole', 'reader', {
    kind: 'ServiceAccount',
    name: 'default',
    namespace: 'default',
  }),
];

function bindRole(
  namespace: string,
  name: string,
  kind: string,
  role: string,
  subject: Json,
): [string, Json] {
  const apiGroup = 'rbac.authorization.k8s.io';
  return [
    `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/rolebindings`,
    {
      metadata: { name },
      roleRef: { apiGroup, kind, name: role },
      subjects: [subject['kind'] === 'ServiceAccount' ? subject : { apiGroup, ...subject }],
    },
  ];
}

// --- custom resources

const customResourceDefinitions: Json[] = [
  {
    metadata: { name: 'widgets.kapi.test' },
    spec: {
      group: 'kapi.test',
      scope: 'Namespaced',
      names: {
        plural: 'widgets',
        singular: 'widget',
        kind: 'Widget',
        listKind: 'WidgetList',
        shortNames: ['wg', 'wdg'],
        categories: ['all', 'kapi'],
      },
      versions: [widgetVersion('v1', true), widgetVersion('v1beta1', false)],
    },
  },
  {
    metadata: { name: 'fleets.kapi.test' },
    spec: {
      group: 'kapi.test',
      scope: 'Cluster',
      names: { plural: 'fleets', singular: 'fleet', kind: 'Fleet', listKind: 'FleetList' },
      versions: [
        {
          name: 'v1alpha1',
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
        },
      ],
    },
  },
];

function widgetVersion(name: string, storage: boolean): Json {
  return {
    name,
    served: true,
    storage,
    ...(storage
      ? {}
      : {
          deprecated: true,
          deprecationWarning: 'kapi.test/v1beta1 Widget is deprecated; use kapi.test/v1 Widget',
        }),
    subresources: {
      status: {},
      scale: { specReplicasPath: '.spec.size', statusReplicasPath: '.status.size' },
    },
    additionalPrinterColumns: [
      { name: 'Size', type: 'integer', jsonPath: '.spec.size', description: 'How many parts it has' },
      { name: 'Serial', type: 'integer', jsonPath: '.spec.serial' },
      { name: 'Ratio', type: 'number', jsonPath: '.spec.ratio' },
      { name: 'Colour', type: 'string', jsonPath: '.spec.colour' },
      { name: 'On', type: 'boolean', jsonPath: '.spec.on' },
      { name: 'Parts', type: 'string', jsonPath: '.spec.parts[*].name', priority: 1 },
      { name: 'Since', type: 'date', jsonPath: '.spec.since', priority: 1 },
      { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
    ],
    schema: {
      openAPIV3Schema: {
        type: 'object',
        description: 'Widget is a thing with parts.',
        properties: {
          spec: {
            type: 'object',
            description: 'What the widget should be.',
            'x-kubernetes-preserve-unknown-fields': true,
            properties: {
              size: { type: 'integer', format: 'int64', description: 'How many parts it has.' },
              serial: { type: 'integer', format: 'int64', description: 'Number on its plate.' },
              ratio: { type: 'number' },
              colour: { type: 'string', enum: ['red', 'green', 'blue'] },
              on: { type: 'boolean' },
              since: { type: 'string', format: 'date-time' },
              parts: {
                type: 'array',
                items: {
                  type: 'object',
                  properties: { name: { type: 'string' }, weight: { type: 'number' } },
                },
              },
            },
          },
          status: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
        },
      },
    },
  };
}

async function seedCustomResources(admin: AdminClient, put: Put): Promise<void> {
  const widgets = '/apis/kapi.test/v1/namespaces/default/widgets';
  const fleets = '/apis/kapi.test/v1alpha1/fleets';
  for (const path of [widgets, fleets]) {
    while ((await admin.send('GET', path)).status !== 200)
      await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const kind = { apiVersion: 'kapi.test/v1', kind: 'Widget' };
  await Promise.all([
    put(
      widgets,
      {
        ...kind,
        metadata: { name: 'alpha', labels: { app: 'web', size: 'small' } },
        spec: {
          size: 3,
          ratio: 0.5,
          colour: 'red',
          on: true,
          since: '2020-02-03T04:05:06Z',
          parts: [
            { name: 'lid', weight: 1.25 },
            { name: 'base', weight: 3 },
          ],
        },
      },
      () => ({ size: 2, conditions: [{ type: 'Ready', status: 'True' }] }),
    ),
    put(widgets, { ...kind, metadata: { name: 'bare' }, spec: {} }),
    admin.must('POST', widgets, bigNumberWidget),
    put(fleets, {
      apiVersion: 'kapi.test/v1alpha1',
      kind: 'Fleet',
      metadata: { name: 'north' },
      ships: ['a', 'b'],
      nothing: null,
    }),
  ]);
}

// --- everything else

const odd = 'Zm9v';

const otherObjects: [string, Json, ((ago: SecondsAgo) => Json)?][] = [
  [
    '/api/v1/namespaces/default/services',
    {
      metadata: { name: 'web', labels: webLabels },
      spec: {
        clusterIP: '10.0.0.20',
        selector: webLabels,
        ports: [
          { name: 'http', port: 80 },
          { name: 'https', port: 443 },
        ],
      },
    },
  ],
  [
    '/api/v1/namespaces/default/services',
    {
      metadata: { name: 'headless' },
      spec: { clusterIP: 'None', selector: webLabels, ports: [{ port: 80 }] },
    },
  ],
  [
    '/api/v1/namespaces/default/services',
    { metadata: { name: 'outside' }, spec: { type: 'ExternalName', externalName: 'example.org' } },
  ],
  [
    '/api/v1/namespaces/default/services',
    {
      metadata: { name: 'node-port' },
      spec: {
        type: 'NodePort',
        clusterIP: '10.0.0.21',
        selector: webLabels,
        ports: [{ port: 80, nodePort: 30080 }],
      },
    },
  ],
  [
    '/api/v1/namespaces/default/services',
    {
      metadata: { name: 'public' },
      spec: {
        type: 'LoadBalancer',
        clusterIP: '10.0.0.22',
        selector: webLabels,
        ports: [{ port: 443, nodePort: 30443 }],
      },
    },
    () => ({ loadBalancer: { ingress: [{ ip: '203.0.113.7' }, { hostname: 'lb.example.org' }] } }),
  ],
  [
    '/api/v1/namespaces/dev/services',
    {
      metadata: { name: 'api' },
      spec: { clusterIP: '10.0.0.23', selector: { app: 'api' }, ports: [{ port: 8080 }] },
    },
  ],
  [
    '/apis/batch/v1/namespaces/default/jobs',
    {
      metadata: { name: 'migrate' },
      spec: {
        completions: 1,
        template: { spec: { restartPolicy: 'Never', containers: [{ name: 'c0', image: 'busybox:1.37' }] } },
      },
    },
    (ago) => ({ active: 1, startTime: ago(120) }),
  ],
  [
    '/apis/batch/v1/namespaces/default/cronjobs',
    {
      metadata: { name: 'nightly' },
      spec: {
        schedule: '0 3 * * *',
        timeZone: 'Europe/Berlin',
        jobTemplate: {
          spec: {
            template: {
              spec: { restartPolicy: 'OnFailure', containers: [{ name: 'c0', image: 'busybox:1.37' }] },
            },
          },
        },
      },
    },
    (ago) => ({ lastScheduleTime: ago(7200) }),
  ],
  [
    '/apis/apps/v1/namespaces/dev/statefulsets',
    {
      metadata: { name: 'api' },
      spec: {
        replicas: 2,
        serviceName: 'api',
        selector: { matchLabels: { app: 'api' } },
        template: {
          metadata: { labels: { app: 'api' } },
          spec: { containers: [{ name: 'api', image: 'api:2' }] },
        },
      },
    },
    () => ({ replicas: 2, readyReplicas: 2, observedGeneration: 1 }),
  ],
  [
    '/apis/apps/v1/namespaces/dev/daemonsets',
    {
      metadata: { name: 'agent' },
      spec: {
        selector: { matchLabels: { app: 'agent' } },
        template: {
          metadata: { labels: { app: 'agent' } },
          spec: { nodeSelector: { disk: 'ssd' }, containers: [{ name: 'agent', image: 'agent:1' }] },
        },
      },
    },
    () => ({ currentNumberScheduled: 1, desiredNumberScheduled: 2, numberMisscheduled: 0, numberReady: 1 }),
  ],
  [
    '/apis/networking.k8s.io/v1/namespaces/default/ingresses',
    {
      metadata: { name: 'web' },
      spec: {
        ingressClassName: 'nginx',
        rules: [
          {
            host: 'web.example.org',
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
    },
  ],
  [
    '/apis/policy/v1/namespaces/default/poddisruptionbudgets',
    { metadata: { name: 'web' }, spec: { minAvailable: '50%', selector: { matchLabels: webLabels } } },
  ],
  [
    '/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers',
    {
      metadata: { name: 'web' },
      spec: {
        minReplicas: 1,
        maxReplicas: 5,
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
        metrics: [
          {
            type: 'Resource',
            resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } },
          },
        ],
      },
    },
  ],
  [
    '/api/v1/namespaces/default/configmaps',
    {
      metadata: { name: 'settings', labels: { app: 'web' } },
      data: { 'log.level': 'info', 'app.properties': 'a=1\nb=two\n' },
    },
  ],
  ['/api/v1/namespaces/dev/configmaps', { metadata: { name: 'settings' }, data: { 'log.level': 'debug' } }],
  [
    '/api/v1/namespaces/default/secrets',
    { metadata: { name: 'password' }, type: 'Opaque', data: { password: odd, username: 'YWRtaW4=' } },
  ],
  [
    '/api/v1/namespaces/default/secrets',
    {
      metadata: { name: 'basic' },
      type: 'kubernetes.io/basic-auth',
      stringData: { username: 'u', password: 'p' },
    },
  ],
  [
    '/api/v1/namespaces/default/events',
    event(
      'default',
      'web-5d4f8c7b9-zz7wh.1',
      'Warning',
      'BackOff',
      'Back-off restarting failed container',
      'web-5d4f8c7b9-zz7wh',
      12,
    ),
  ],
  [
    '/api/v1/namespaces/default/events',
    event(
      'default',
      'pending.1',
      'Warning',
      'FailedScheduling',
      '0/3 nodes are available: 3 Insufficient cpu.',
      'pending',
      1,
    ),
  ],
  [
    '/api/v1/namespaces/dev/events',
    event(
      'dev',
      'api-0.1',
      'Normal',
      'Pulled',
      'Container image "api:2" already present on machine',
      'api-0',
      1,
    ),
  ],
];

function event(
  namespace: string,
  name: string,
  type: string,
  reason: string,
  message: string,
  podName: string,
  count: number,
): Json {
  return {
    metadata: { name, namespace },
    involvedObject: { kind: 'Pod', apiVersion: 'v1', namespace, name: podName },
    type,
    reason,
    message,
    count,
    firstTimestamp: '2020-01-01T00:00:00Z',
    lastTimestamp: '2020-01-02T00:00:00Z',
    source: { component: 'kubelet', host: 'node-a' },
  };
}
