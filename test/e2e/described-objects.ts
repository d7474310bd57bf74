// Objects of the types that kubectl describes in its own way, filled with all that it shows of
// them, and their statuses as controllers write them. described-facts.test.ts compares what kubectl
// and kapi say about them.
import type { JsonObject } from '../../src/model/object.ts';

/** An object, its collection (NS is the namespace of the test), and its status. */
export interface DescribedObject {
  readonly collection: string;
  readonly object: JsonObject & { readonly metadata: JsonObject & { readonly name: string } };
  readonly status?: JsonObject;
}

const core = '/api/v1/namespaces/NS';
const time = '2026-01-02T03:04:05Z';
const condition = (type: string, status: string, more: JsonObject = {}): JsonObject => ({
  ...{ type, status, reason: `${type}Reason`, message: `${type} message`, lastTransitionTime: time, ...more },
});
const named = (name: string, more: JsonObject = {}): JsonObject & { readonly name: string } => ({
  ...{ name, labels: { app: name }, annotations: { 'example.com/note': `note-of-${name}` }, ...more },
});

const probe = (path: string, delay: number): JsonObject => ({
  ...{ httpGet: { path, port: 8081 }, initialDelaySeconds: delay, timeoutSeconds: 2, periodSeconds: 7 },
  failureThreshold: 4,
});
const container: JsonObject = {
  name: 'main',
  image: 'registry.example.com/main:1.2',
  command: ['/bin/serve', '--verbose'],
  args: ['--port=8081', '--mode=fast'],
  ports: [
    { containerPort: 8081, name: 'web', hostPort: 8081 },
    { containerPort: 9153, protocol: 'UDP' },
  ],
  env: [
    { name: 'PLAIN', value: 'plain-value' },
    { name: 'FROM_SECRET', valueFrom: { secretKeyRef: { name: 'keys', key: 'token' } } },
    { name: 'FROM_MAP', valueFrom: { configMapKeyRef: { name: 'settings', key: 'mode', optional: true } } },
    { name: 'POD_IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
    { name: 'CPU_LIMIT', valueFrom: { resourceFieldRef: { resource: 'limits.cpu' } } },
  ],
  envFrom: [{ prefix: 'CFG_', configMapRef: { name: 'settings', optional: true } }],
  resources: { requests: { cpu: '100m', memory: '64Mi' }, limits: { cpu: '2', memory: '1Gi' } },
  livenessProbe: probe('/live', 11),
  readinessProbe: probe('/ready', 12),
  startupProbe: { exec: { command: ['test', '-f', '/started'] }, periodSeconds: 13 },
  volumeMounts: [
    { name: 'scratch', mountPath: '/scratch', subPath: 'inner' },
    { name: 'settings', mountPath: '/settings', readOnly: true },
  ],
  volumeDevices: [{ name: 'disk', devicePath: '/dev/xvda' }],
  securityContext: { seccompProfile: { type: 'Localhost', localhostProfile: 'profiles/main.json' } },
};
const podSpec: JsonObject = {
  initContainers: [
    { name: 'setup', image: 'registry.example.com/setup:3', command: ['/setup'] },
    { name: 'mesh', image: 'registry.example.com/mesh:4', restartPolicy: 'Always' },
  ],
  containers: [container],
  serviceAccountName: 'default',
  nodeSelector: { disktype: 'ssd' },
  tolerations: [
    { key: 'dedicated', operator: 'Equal', value: 'web', effect: 'NoSchedule' },
    { key: 'flaky', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 47 },
  ],
  topologySpreadConstraints: [
    {
      ...{ maxSkew: 3, topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'ScheduleAnyway' },
      labelSelector: { matchLabels: { spread: 'yes' } },
    },
  ],
  readinessGates: [{ conditionType: 'example.com/gate' }],
  securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
  volumes: [
    { name: 'scratch', emptyDir: { medium: 'Memory', sizeLimit: '48Mi' } },
    { name: 'settings', configMap: { name: 'settings', optional: true } },
    { name: 'keys', secret: { secretName: 'keys' } },
    { name: 'disk', persistentVolumeClaim: { claimName: 'disk', readOnly: true } },
    { name: 'host', hostPath: { path: '/var/log/app', type: 'DirectoryOrCreate' } },
    { name: 'share', nfs: { server: 'nfs.example.com', path: '/export', readOnly: true } },
    { name: 'plugin', csi: { driver: 'csi.example.com', fsType: 'xfs', volumeAttributes: { tier: 'gold' } } },
    {
      name: 'about',
      downwardAPI: { items: [{ path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } }] },
    },
    {
      name: 'all',
      projected: {
        sources: [
          { serviceAccountToken: { path: 'token', expirationSeconds: 3607, audience: 'vault' } },
          { configMap: { name: 'extra' } },
          { secret: { name: 'more-keys' } },
          { downwardAPI: { items: [{ path: 'name', fieldRef: { fieldPath: 'metadata.name' } }] } },
        ],
      },
    },
    {
      name: 'cache',
      ephemeral: {
        volumeClaimTemplate: {
          spec: {
            ...{ accessModes: ['ReadWriteOnce'], storageClassName: 'quick' },
            resources: { requests: { storage: '5Gi' } },
          },
        },
      },
    },
    { name: 'model', image: { reference: 'registry.example.com/model:7', pullPolicy: 'IfNotPresent' } },
  ],
};
const template = { metadata: named('templated'), spec: podSpec };
const jobTemplate = { ...template, spec: { ...podSpec, restartPolicy: 'OnFailure' } };
const selector = {
  matchLabels: { app: 'templated' },
  matchExpressions: [{ key: 'app', operator: 'Exists' }],
};
const claimSpec = (name: string): JsonObject => ({
  ...{ accessModes: ['ReadWriteOnce'], storageClassName: name, volumeMode: 'Filesystem' },
  resources: { requests: { storage: '12Gi' } },
});

export const describedObjects: readonly DescribedObject[] = [
  {
    collection: `${core}/pods`,
    object: {
      ...{ apiVersion: 'v1', kind: 'Pod', metadata: named('full') },
      spec: { ...podSpec, nodeName: 'facts-node', priorityClassName: 'system-node-critical' },
    },
    status: {
      ...{
        phase: 'Running',
        hostIP: '10.7.0.1',
        podIP: '10.8.0.1',
        podIPs: [{ ip: '10.8.0.1' }, { ip: 'fd00::8' }],
      },
      ...{ startTime: time, reason: 'PodReason', message: 'pod message' },
      hostIPs: [{ ip: '10.7.0.1' }],
      qosClass: 'Burstable',
      conditions: [condition('Ready', 'True'), condition('example.com/gate', 'True')],
      initContainerStatuses: [
        {
          ...{ name: 'setup', image: 'setup', imageID: 'registry.example.com/setup@sha256:11', ready: true },
          ...{ restartCount: 1, containerID: 'containerd://setup-id' },
          state: { terminated: { exitCode: 0, reason: 'Completed', startedAt: time, finishedAt: time } },
        },
      ],
      containerStatuses: [
        {
          ...{ name: 'main', image: 'main', imageID: 'registry.example.com/main@sha256:22', ready: true },
          ...{ restartCount: 3, containerID: 'containerd://main-id', started: true },
          state: { running: { startedAt: time } },
          lastState: {
            terminated: {
              ...{ exitCode: 42, reason: 'Error', message: 'last words', startedAt: time, finishedAt: time },
            },
          },
        },
      ],
    },
  },
  {
    collection: `${core}/replicationcontrollers`,
    object: {
      ...{ apiVersion: 'v1', kind: 'ReplicationController', metadata: named('controller') },
      spec: { replicas: 2, selector: { app: 'templated' }, template },
    },
    status: { replicas: 2, readyReplicas: 1 },
  },
  ...(['ReplicaSet', 'Deployment', 'StatefulSet', 'DaemonSet'] as const).map((kind): DescribedObject => {
    const spec = { selector, template };
    const more: Readonly<Record<typeof kind, JsonObject>> = {
      ReplicaSet: { replicas: 2 },
      Deployment: {
        ...{
          replicas: 4,
          minReadySeconds: 17,
          strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '30%', maxUnavailable: 1 } },
        },
      },
      StatefulSet: {
        ...{
          replicas: 2,
          serviceName: 'headless',
          updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 1 } },
        },
        persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Delete', whenScaled: 'Retain' },
        volumeClaimTemplates: [{ metadata: named('disk'), spec: claimSpec('quick') }],
      },
      DaemonSet: {},
    };
    const status: Readonly<Record<typeof kind, JsonObject>> = {
      ReplicaSet: { replicas: 2, readyReplicas: 1, conditions: [condition('ReplicaFailure', 'False')] },
      Deployment: {
        ...{
          replicas: 4,
          updatedReplicas: 3,
          readyReplicas: 2,
          availableReplicas: 2,
          unavailableReplicas: 2,
        },
        conditions: [condition('Available', 'True', { lastUpdateTime: time })],
      },
      StatefulSet: { replicas: 2, readyReplicas: 1, currentReplicas: 2 },
      DaemonSet: {
        ...{ currentNumberScheduled: 3, numberMisscheduled: 1, desiredNumberScheduled: 4, numberReady: 2 },
        ...{ updatedNumberScheduled: 3, numberAvailable: 2 },
      },
    };
    return {
      collection: `/apis/apps/v1/namespaces/NS/${kind.toLowerCase()}s`,
      object: {
        ...{ apiVersion: 'apps/v1', kind, metadata: named(`the-${kind.toLowerCase()}`) },
        spec: { ...spec, ...more[kind] },
      },
      status: status[kind],
    };
  }),
  {
    collection: '/apis/batch/v1/namespaces/NS/jobs',
    object: {
      ...{ apiVersion: 'batch/v1', kind: 'Job', metadata: named('job') },
      spec: {
        ...{ parallelism: 3, completions: 9, completionMode: 'Indexed', backoffLimit: 8, suspend: false },
        ...{ activeDeadlineSeconds: 777, ttlSecondsAfterFinished: 888, template: jobTemplate },
      },
    },
    status: {
      active: 2,
      succeeded: 4,
      failed: 1,
      ready: 1,
      startTime: time,
      completedIndexes: '0-3',
      uncountedTerminatedPods: {},
    },
  },
  {
    collection: '/apis/batch/v1/namespaces/NS/cronjobs',
    object: {
      ...{ apiVersion: 'batch/v1', kind: 'CronJob', metadata: named('cron') },
      spec: {
        ...{ schedule: '*/7 * * * *', timeZone: 'Europe/Berlin', concurrencyPolicy: 'Forbid', suspend: true },
        ...{ startingDeadlineSeconds: 66, successfulJobsHistoryLimit: 5, failedJobsHistoryLimit: 2 },
        jobTemplate: {
          spec: {
            parallelism: 3,
            completions: 9,
            backoffLimit: 8,
            activeDeadlineSeconds: 777,
            template: jobTemplate,
          },
        },
      },
    },
    status: { lastScheduleTime: time, active: [{ kind: 'Job', name: 'cron-1', namespace: 'NS' }] },
  },
  {
    collection: `${core}/services`,
    object: {
      ...{ apiVersion: 'v1', kind: 'Service', metadata: named('service') },
      spec: {
        ...{ type: 'LoadBalancer', selector: { app: 'templated' }, sessionAffinity: 'ClientIP' },
        ...{
          externalIPs: ['203.0.113.9'],
          loadBalancerSourceRanges: ['198.51.100.0/24'],
          externalTrafficPolicy: 'Local',
        },
        ...{
          internalTrafficPolicy: 'Cluster',
          ipFamilyPolicy: 'SingleStack',
          loadBalancerIP: '203.0.113.77',
        },
        ports: [
          { name: 'http', port: 80, targetPort: 'web' },
          {
            name: 'metrics',
            port: 9090,
            targetPort: 9153,
            protocol: 'UDP',
            appProtocol: 'example.com/metrics',
          },
        ],
      },
    },
    status: { loadBalancer: { ingress: [{ ip: '203.0.113.10' }, { hostname: 'lb.example.com' }] } },
  },
  {
    collection: '/apis/discovery.k8s.io/v1/namespaces/NS/endpointslices',
    object: {
      ...{ apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice' },
      metadata: named('slice', { labels: { 'kubernetes.io/service-name': 'service' } }),
      addressType: 'IPv4',
      ports: [
        { name: 'http', port: 8081, protocol: 'TCP' },
        { name: 'metrics', port: 9153, protocol: 'UDP' },
      ],
      endpoints: [
        {
          ...{
            addresses: ['10.8.0.11'],
            conditions: { ready: true },
            hostname: 'one',
            nodeName: 'facts-node',
            zone: 'zone-a',
          },
          targetRef: { kind: 'Pod', name: 'target-one', namespace: 'NS' },
        },
        { addresses: ['10.8.0.12'], conditions: { ready: false } },
      ],
    },
  },
  {
    collection: `${core}/endpoints`,
    object: {
      ...{ apiVersion: 'v1', kind: 'Endpoints', metadata: named('endpoints') },
      subsets: [
        {
          ...{ addresses: [{ ip: '10.8.0.21' }], notReadyAddresses: [{ ip: '10.8.0.22' }] },
          ports: [{ name: 'http', port: 8081, protocol: 'TCP' }],
        },
      ],
    },
  },
  {
    collection: '/apis/networking.k8s.io/v1/namespaces/NS/ingresses',
    object: {
      ...{ apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: named('ingress') },
      spec: {
        ingressClassName: 'edge',
        defaultBackend: { service: { name: 'service', port: { name: 'http' } } },
        tls: [{ hosts: ['a.example.com'], secretName: 'cert' }],
        rules: [
          {
            host: 'a.example.com',
            http: {
              paths: [
                {
                  path: '/x',
                  pathType: 'Prefix',
                  backend: { service: { name: 'service', port: { number: 80 } } },
                },
                {
                  ...{ path: '/y', pathType: 'Exact' },
                  backend: { resource: { apiGroup: 'storage.example.com', kind: 'Bucket', name: 'assets' } },
                },
              ],
            },
          },
        ],
      },
    },
    status: { loadBalancer: { ingress: [{ ip: '203.0.113.11' }, { hostname: 'edge.example.com' }] } },
  },
  {
    collection: '/apis/networking.k8s.io/v1/ingressclasses',
    object: {
      ...{ apiVersion: 'networking.k8s.io/v1', kind: 'IngressClass', metadata: named('facts-class') },
      spec: {
        controller: 'example.com/edge',
        parameters: {
          apiGroup: 'edge.example.com',
          kind: 'EdgeParameters',
          name: 'defaults',
          scope: 'Cluster',
        },
      },
    },
  },
  {
    collection: '/apis/networking.k8s.io/v1/namespaces/NS/networkpolicies',
    object: {
      ...{ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: named('policy') },
      spec: {
        podSelector: { matchLabels: { app: 'templated' } },
        policyTypes: ['Ingress', 'Egress'],
        ingress: [
          {
            ports: [
              { port: 8081, protocol: 'TCP' },
              { port: 9000, endPort: 9010, protocol: 'UDP' },
            ],
            from: [
              {
                podSelector: { matchLabels: { role: 'client' } },
                namespaceSelector: { matchLabels: { team: 'blue' } },
              },
              { ipBlock: { cidr: '192.0.2.0/24', except: ['192.0.2.128/25'] } },
            ],
          },
        ],
        egress: [
          {
            to: [
              { namespaceSelector: { matchExpressions: [{ key: 'env', operator: 'In', values: ['prod'] }] } },
            ],
          },
        ],
      },
    },
  },
  {
    collection: `${core}/persistentvolumeclaims`,
    object: {
      ...{
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: named('disk', { finalizers: ['example.com/keep'] }),
      },
      spec: {
        ...claimSpec('quick'),
        volumeName: 'facts-volume',
        dataSource: { apiGroup: 'snapshot.storage.k8s.io', kind: 'VolumeSnapshot', name: 'yesterday' },
      },
    },
    status: {
      ...{ phase: 'Bound', capacity: { storage: '13Gi' }, accessModes: ['ReadWriteOnce'] },
      conditions: [condition('FileSystemResizePending', 'True', { lastProbeTime: time })],
    },
  },
  {
    collection: '/api/v1/persistentvolumes',
    object: {
      ...{ apiVersion: 'v1', kind: 'PersistentVolume', metadata: named('facts-volume') },
      spec: {
        ...{
          capacity: { storage: '13Gi' },
          accessModes: ['ReadWriteOnce', 'ReadOnlyMany'],
          storageClassName: 'quick',
        },
        ...{ persistentVolumeReclaimPolicy: 'Retain', volumeMode: 'Filesystem', mountOptions: ['nolock'] },
        claimRef: { namespace: 'NS', name: 'disk' },
        csi: {
          ...{ driver: 'csi.example.com', volumeHandle: 'handle-55', fsType: 'ext4', readOnly: false },
          volumeAttributes: { tier: 'gold' },
        },
        nodeAffinity: {
          required: {
            nodeSelectorTerms: [
              { matchExpressions: [{ key: 'zone', operator: 'In', values: ['zone-a', 'zone-b'] }] },
            ],
          },
        },
      },
    },
    status: { phase: 'Released', reason: 'VolumeReason', message: 'volume message' },
  },
  {
    collection: '/apis/storage.k8s.io/v1/storageclasses',
    object: {
      ...{ apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass' },
      metadata: named('facts-storage', {
        annotations: { 'storageclass.kubernetes.io/is-default-class': 'false' },
      }),
      ...{
        provisioner: 'csi.example.com',
        parameters: { tier: 'gold' },
        reclaimPolicy: 'Retain',
        allowVolumeExpansion: true,
      },
      ...{ mountOptions: ['nolock'], volumeBindingMode: 'WaitForFirstConsumer' },
      allowedTopologies: [{ matchLabelExpressions: [{ key: 'zone', values: ['zone-a'] }] }],
    },
  },
  {
    collection: '/apis/storage.k8s.io/v1/volumeattributesclasses',
    object: {
      ...{
        apiVersion: 'storage.k8s.io/v1',
        kind: 'VolumeAttributesClass',
        metadata: named('facts-attributes'),
      },
      ...{ driverName: 'csi.example.com', parameters: { iops: '4000' } },
    },
  },
  {
    collection: '/apis/storage.k8s.io/v1/csinodes',
    object: {
      ...{ apiVersion: 'storage.k8s.io/v1', kind: 'CSINode', metadata: named('facts-csinode') },
      spec: {
        drivers: [
          {
            name: 'csi.example.com',
            nodeID: 'node-id-9',
            allocatable: { count: 23 },
            topologyKeys: ['zone'],
          },
        ],
      },
    },
  },
  {
    collection: `${core}/configmaps`,
    object: {
      ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: named('settings') },
      data: { mode: 'fast', 'app.conf': 'first-line=1\nsecond-line=2\nthird-line=3\n' },
      binaryData: { blob: 'AAECAw==' },
    },
  },
  {
    collection: `${core}/secrets`,
    object: {
      ...{ apiVersion: 'v1', kind: 'Secret', metadata: named('keys'), type: 'Opaque' },
      data: { token: 'c2VjcmV0LXZhbHVl', other: 'eA==' },
    },
  },
  {
    collection: `${core}/serviceaccounts`,
    object: {
      ...{ apiVersion: 'v1', kind: 'ServiceAccount', metadata: named('robot') },
      ...{ secrets: [{ name: 'robot-token' }], imagePullSecrets: [{ name: 'pull-secret' }] },
    },
  },
  {
    collection: '/apis/rbac.authorization.k8s.io/v1/namespaces/NS/roles',
    object: {
      ...{ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata: named('reader') },
      rules: [
        { apiGroups: ['', 'apps'], resources: ['pods', 'deployments/scale'], verbs: ['get', 'list'] },
        { apiGroups: [''], resources: ['configmaps'], resourceNames: ['settings'], verbs: ['update'] },
      ],
    },
  },
  {
    collection: '/apis/rbac.authorization.k8s.io/v1/clusterroles',
    object: {
      ...{ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: named('facts-reader') },
      rules: [
        { apiGroups: ['*'], resources: ['nodes'], verbs: ['watch'] },
        { nonResourceURLs: ['/metrics'], verbs: ['get'] },
      ],
    },
  },
  ...(['RoleBinding', 'ClusterRoleBinding'] as const).map((kind): DescribedObject => {
    const isCluster = kind === 'ClusterRoleBinding';
    return {
      collection: `/apis/rbac.authorization.k8s.io/v1/${isCluster ? '' : 'namespaces/NS/'}${kind.toLowerCase()}s`,
      object: {
        ...{ apiVersion: 'rbac.authorization.k8s.io/v1', kind, metadata: named('facts-readers') },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'facts-reader' },
        subjects: [
          { kind: 'User', name: 'jane@example.com', apiGroup: 'rbac.authorization.k8s.io' },
          { kind: 'ServiceAccount', name: 'robot', namespace: 'robots' },
        ],
      },
    };
  }),
  {
    collection: '/apis/autoscaling/v2/namespaces/NS/horizontalpodautoscalers',
    object: {
      ...{ apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', metadata: named('scaler') },
      spec: {
        ...{
          minReplicas: 2,
          maxReplicas: 12,
          scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'the-deployment' },
        },
        metrics: [
          {
            type: 'Resource',
            resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 65 } },
          },
          {
            type: 'ContainerResource',
            containerResource: {
              name: 'memory',
              container: 'main',
              target: { type: 'AverageValue', averageValue: '300Mi' },
            },
          },
          {
            type: 'Pods',
            pods: { metric: { name: 'requests' }, target: { type: 'AverageValue', averageValue: '150' } },
          },
          {
            type: 'Object',
            object: {
              metric: { name: 'hits' },
              describedObject: { kind: 'Service', name: 'front', apiVersion: 'v1' },
              target: { type: 'Value', value: '900' },
            },
          },
          {
            type: 'External',
            external: { metric: { name: 'queue' }, target: { type: 'AverageValue', averageValue: '31' } },
          },
        ],
        behavior: {
          scaleUp: {
            ...{ stabilizationWindowSeconds: 61, selectPolicy: 'Max' },
            policies: [{ type: 'Percent', value: 55, periodSeconds: 16 }],
          },
          scaleDown: {
            ...{ stabilizationWindowSeconds: 301, selectPolicy: 'Min' },
            policies: [{ type: 'Pods', value: 4, periodSeconds: 59 }],
          },
        },
      },
    },
    status: {
      ...{ currentReplicas: 5, desiredReplicas: 7, lastScaleTime: time },
      currentMetrics: [
        {
          type: 'Resource',
          resource: { name: 'cpu', current: { averageUtilization: 81, averageValue: '162m' } },
        },
      ],
      conditions: [condition('AbleToScale', 'True'), condition('ScalingLimited', 'True')],
    },
  },
  {
    collection: '/apis/policy/v1/namespaces/NS/poddisruptionbudgets',
    object: {
      ...{ apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: named('budget') },
      spec: { minAvailable: '60%', selector },
    },
    status: {
      ...{
        disruptionsAllowed: 6,
        currentHealthy: 14,
        desiredHealthy: 8,
        expectedPods: 15,
        observedGeneration: 1,
      },
    },
  },
  {
    collection: '/apis/scheduling.k8s.io/v1/priorityclasses',
    object: {
      ...{ apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: named('facts-priority') },
      ...{ value: 4321, globalDefault: false, description: 'for the facts', preemptionPolicy: 'Never' },
    },
  },
  {
    collection: `${core}/resourcequotas`,
    object: {
      ...{ apiVersion: 'v1', kind: 'ResourceQuota', metadata: named('quota') },
      spec: { hard: { pods: '40', 'requests.cpu': '16' }, scopes: ['NotTerminating'] },
    },
    status: { hard: { pods: '40', 'requests.cpu': '16' }, used: { pods: '3', 'requests.cpu': '700m' } },
  },
  {
    collection: `${core}/limitranges`,
    object: {
      ...{ apiVersion: 'v1', kind: 'LimitRange', metadata: named('limits') },
      spec: {
        limits: [
          {
            type: 'Container',
            ...{
              min: { cpu: '5m' },
              max: { cpu: '19' },
              default: { cpu: '350m' },
              defaultRequest: { cpu: '45m' },
            },
            maxLimitRequestRatio: { cpu: '400' },
          },
        ],
      },
    },
  },
  {
    collection: '/api/v1/nodes',
    object: {
      ...{ apiVersion: 'v1', kind: 'Node', metadata: named('facts-node') },
      spec: {
        ...{
          podCIDR: '10.8.0.0/24',
          podCIDRs: ['10.8.0.0/24'],
          providerID: 'cloud://facts',
          unschedulable: true,
        },
        taints: [{ key: 'dedicated', value: 'web', effect: 'NoSchedule' }],
      },
    },
    status: {
      addresses: [
        { type: 'InternalIP', address: '10.7.0.1' },
        { type: 'Hostname', address: 'facts-node.example.com' },
      ],
      capacity: { cpu: '8', memory: '32Gi', 'ephemeral-storage': '100Gi', pods: '110', 'hugepages-2Mi': '0' },
      allocatable: {
        cpu: '7',
        memory: '30Gi',
        'ephemeral-storage': '90Gi',
        pods: '109',
        'hugepages-2Mi': '0',
      },
      nodeInfo: {
        ...{
          machineID: 'machine-id-1',
          systemUUID: 'system-uuid-1',
          bootID: 'boot-id-1',
          kernelVersion: '6.12.1',
        },
        ...{ osImage: 'Facts Linux', containerRuntimeVersion: 'containerd://2.1', kubeletVersion: 'v1.36.0' },
        ...{ kubeProxyVersion: '', operatingSystem: 'linux', architecture: 'amd64' },
      },
      conditions: [
        condition('Ready', 'True', { lastHeartbeatTime: time }),
        condition('DiskPressure', 'False', { lastHeartbeatTime: time }),
      ],
    },
  },
  {
    collection: '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases',
    object: {
      ...{ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: named('facts-node') },
      spec: {
        holderIdentity: 'facts-node',
        renewTime: '2026-01-02T03:04:06.000000Z',
        acquireTime: '2026-01-02T03:04:05.000000Z',
      },
    },
  },
  {
    collection: '/apis/networking.k8s.io/v1/servicecidrs',
    object: {
      ...{ apiVersion: 'networking.k8s.io/v1', kind: 'ServiceCIDR', metadata: named('facts-cidr') },
      spec: { cidrs: ['10.99.0.0/24'] },
    },
  },
  {
    collection: '/apis/networking.k8s.io/v1/ipaddresses',
    object: {
      ...{ apiVersion: 'networking.k8s.io/v1', kind: 'IPAddress', metadata: named('192.0.2.44') },
      spec: { parentRef: { group: '', resource: 'services', namespace: 'NS', name: 'service' } },
    },
  },
  {
    collection: '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
    object: {
      ...{
        apiVersion: 'apiextensions.k8s.io/v1',
        kind: 'CustomResourceDefinition',
        metadata: named('gadgets.facts.example.com'),
      },
      spec: {
        ...{
          group: 'facts.example.com',
          scope: 'Namespaced',
          names: { plural: 'gadgets', singular: 'gadget', kind: 'Gadget' },
        },
        versions: [
          {
            ...{ name: 'v1', served: true, storage: true, subresources: { status: {} } },
            schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
          },
        ],
      },
    },
  },
];

/** An object of the type that describedObjects define. */
export const gadget: DescribedObject = {
  collection: '/apis/facts.example.com/v1/namespaces/NS/gadgets',
  object: {
    ...{ apiVersion: 'facts.example.com/v1', kind: 'Gadget', metadata: named('gadget') },
    spec: {
      ...{
        size: 31,
        colour: 'green',
        on: true,
        parts: [
          { name: 'wheel', count: 4 },
          { name: 'door', count: 2 },
        ],
      },
      deep: { er: { still: { deeper: { end: 'bottom-value' } } } },
      words: ['alpha', 'beta'],
      many: Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`field${index}`, `value-${index}`])),
    },
    status: { phase: 'Turning', conditions: [condition('Ready', 'True')] },
  },
};
