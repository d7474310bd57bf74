// Objects of many types, whose fields merge in every way that the schema has, and changes to them.
// owners.test.ts writes them to the real server and to the sandbox, and compares the recorded
// owners.
import type { JsonObject } from '../../src/model/object.ts';

/** An object, the path of its collection, and a strategic merge patch of it. */
export interface OwnedObject {
  readonly collection: string;
  readonly object: JsonObject & { readonly kind: string; readonly metadata: { readonly name: string } };
  readonly patch: JsonObject;
}

function object(
  collection: string,
  apiVersion: string,
  kind: string,
  content: JsonObject,
  patch: JsonObject,
): OwnedObject {
  const metadata = {
    name: `owned-${kind.toLowerCase()}`,
    labels: { app: 'web' },
    annotations: { note: 'x' },
  };
  return { collection, object: { apiVersion, kind, metadata, ...content }, patch };
}

const container = {
  name: 'main',
  image: 'nginx:1.27',
  ports: [{ containerPort: 80 }, { containerPort: 53, protocol: 'UDP', name: 'dns' }],
  env: [
    { name: 'A', value: '1' },
    { name: 'B', valueFrom: { configMapKeyRef: { name: 'c', key: 'k' } } },
  ],
  envFrom: [{ configMapRef: { name: 'c' } }],
  resources: { requests: { cpu: '100m', memory: '1Mi' }, limits: { cpu: '1', memory: '1Gi' } },
  volumeMounts: [{ name: 'data', mountPath: '/data' }],
  securityContext: { capabilities: { add: ['NET_ADMIN'], drop: ['ALL'] }, runAsNonRoot: true },
  livenessProbe: { httpGet: { path: '/', port: 80 } },
  lifecycle: { preStop: { exec: { command: ['sleep', '1'] } } },
};
const podSpec = {
  containers: [container],
  initContainers: [{ name: 'init', image: 'busybox:1.36' }],
  nodeSelector: { disk: 'ssd' },
  tolerations: [{ key: 'a', operator: 'Exists' }],
  imagePullSecrets: [{ name: 's' }],
  hostAliases: [{ ip: '10.0.0.1', hostnames: ['a'] }],
  securityContext: { fsGroup: 1, sysctls: [{ name: 'kernel.shm_rmid_forced', value: '0' }] },
  affinity: {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchExpressions: [{ key: 'a', operator: 'Exists' }] }],
      },
    },
    podAntiAffinity: {
      preferredDuringSchedulingIgnoredDuringExecution: [
        { weight: 1, podAffinityTerm: { topologyKey: 'z', labelSelector: { matchLabels: { app: 'web' } } } },
      ],
    },
  },
  topologySpreadConstraints: [
    {
      maxSkew: 1,
      topologyKey: 'zone',
      whenUnsatisfiable: 'DoNotSchedule',
      labelSelector: { matchLabels: { app: 'web' } },
    },
  ],
  volumes: [
    { name: 'data', emptyDir: {} },
    { name: 'config', configMap: { name: 'c', items: [{ key: 'k', path: 'p' }] } },
  ],
};
const template = { metadata: { labels: { app: 'web' } }, spec: podSpec };
const jobTemplate = { ...template, spec: { ...podSpec, restartPolicy: 'Never' } };
const selector = { matchLabels: { app: 'web' } };
const templatePatch = {
  spec: {
    template: {
      spec: {
        containers: [
          { name: 'main', image: 'nginx:1.28' },
          { name: 'more', image: 'a:1' },
        ],
      },
    },
  },
};
const webhook = {
  name: 'hook.example.com',
  clientConfig: { url: 'https://example.com/hook' },
  admissionReviewVersions: ['v1'],
  sideEffects: 'None',
  matchPolicy: 'Exact',
  failurePolicy: 'Ignore',
  timeoutSeconds: 5,
  namespaceSelector: { matchLabels: { x: 'y' } },
  objectSelector: { matchLabels: { never: 'set' } },
  rules: [
    {
      apiGroups: ['x.example.com'],
      apiVersions: ['v1'],
      operations: ['CREATE'],
      resources: ['a'],
      scope: '*',
    },
  ],
  matchConditions: [{ name: 'm', expression: 'true' }],
};
const policyRule = { apiGroups: [''], resources: ['pods'], verbs: ['get'] };

export const ownedObjects: readonly OwnedObject[] = [
  object(
    'api/v1/namespaces/default/pods',
    'v1',
    'Pod',
    { spec: podSpec },
    {
      metadata: { labels: { more: 'x' } },
      spec: { containers: [{ name: 'main', image: 'nginx:1.28' }] },
    },
  ),
  object(
    'api/v1/namespaces/default/services',
    'v1',
    'Service',
    {
      spec: {
        selector: { app: 'web' },
        ports: [
          { name: 'a', port: 80 },
          { name: 'b', port: 80, protocol: 'UDP' },
        ],
      },
    },
    { spec: { ports: [{ name: 'c', port: 81 }], selector: { tier: 'x' } } },
  ),
  object(
    'api/v1/namespaces/default/configmaps',
    'v1',
    'ConfigMap',
    { data: { a: '1' }, immutable: false },
    { data: { b: '2' } },
  ),
  object(
    'api/v1/namespaces/default/secrets',
    'v1',
    'Secret',
    { data: { a: 'MQ==' } },
    { data: { b: 'Mg==' } },
  ),
  object(
    'api/v1/namespaces/default/serviceaccounts',
    'v1',
    'ServiceAccount',
    {
      secrets: [{ name: 'a' }],
      imagePullSecrets: [{ name: 'b' }],
      automountServiceAccountToken: false,
    },
    { secrets: [{ name: 'c' }], imagePullSecrets: [{ name: 'd' }] },
  ),
  object(
    'apis/apps/v1/namespaces/default/deployments',
    'apps/v1',
    'Deployment',
    { spec: { selector, template } },
    templatePatch,
  ),
  object(
    'apis/apps/v1/namespaces/default/daemonsets',
    'apps/v1',
    'DaemonSet',
    { spec: { selector, template } },
    templatePatch,
  ),
  object(
    'apis/apps/v1/namespaces/default/statefulsets',
    'apps/v1',
    'StatefulSet',
    {
      spec: { selector, serviceName: 's', template },
    },
    templatePatch,
  ),
  object(
    'apis/batch/v1/namespaces/default/cronjobs',
    'batch/v1',
    'CronJob',
    {
      spec: { schedule: '* * * * *', jobTemplate: { spec: { template: jobTemplate } } },
    },
    { spec: { suspend: true } },
  ),
  object(
    'apis/networking.k8s.io/v1/namespaces/default/networkpolicies',
    'networking.k8s.io/v1',
    'NetworkPolicy',
    {
      spec: {
        podSelector: selector,
        policyTypes: ['Ingress'],
        ingress: [{ from: [{ podSelector: selector }] }],
      },
    },
    { spec: { podSelector: { matchLabels: { more: 'x' } } } },
  ),
  object(
    'apis/networking.k8s.io/v1/namespaces/default/ingresses',
    'networking.k8s.io/v1',
    'Ingress',
    {
      spec: {
        ingressClassName: 'n',
        tls: [{ hosts: ['a'], secretName: 's' }],
        rules: [
          {
            host: 'a',
            http: {
              paths: [
                { path: '/', pathType: 'Prefix', backend: { service: { name: 's', port: { number: 80 } } } },
              ],
            },
          },
        ],
      },
    },
    { spec: { defaultBackend: { service: { name: 's', port: { name: 'x' } } } } },
  ),
  object(
    'apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers',
    'autoscaling/v2',
    'HorizontalPodAutoscaler',
    {
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'd' },
        maxReplicas: 3,
        minReplicas: 2,
        metrics: [
          {
            type: 'Resource',
            resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } },
          },
        ],
      },
    },
    { spec: { maxReplicas: 5 } },
  ),
  object(
    'apis/rbac.authorization.k8s.io/v1/namespaces/default/roles',
    'rbac.authorization.k8s.io/v1',
    'Role',
    {
      rules: [policyRule],
    },
    { rules: [{ ...policyRule, verbs: ['list'] }] },
  ),
  object(
    'apis/rbac.authorization.k8s.io/v1/namespaces/default/rolebindings',
    'rbac.authorization.k8s.io/v1',
    'RoleBinding',
    {
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
      subjects: [{ kind: 'ServiceAccount', name: 'default', namespace: 'default' }],
    },
    { subjects: [{ kind: 'ServiceAccount', name: 'other', namespace: 'default' }] },
  ),
  object(
    'apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations',
    'admissionregistration.k8s.io/v1',
    'ValidatingWebhookConfiguration',
    {
      webhooks: [webhook],
    },
    { webhooks: [{ name: 'hook.example.com', timeoutSeconds: 7 }] },
  ),
  object(
    'apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies',
    'admissionregistration.k8s.io/v1',
    'ValidatingAdmissionPolicy',
    {
      spec: {
        failurePolicy: 'Ignore',
        matchConstraints: {
          matchPolicy: 'Exact',
          namespaceSelector: { matchLabels: { never: 'set' } },
          objectSelector: { matchLabels: { never: 'set' } },
          resourceRules: [
            {
              apiGroups: ['x.example.com'],
              apiVersions: ['v1'],
              operations: ['CREATE'],
              resources: ['a'],
              scope: '*',
            },
          ],
        },
        matchConditions: [{ name: 'm', expression: 'true' }],
        validations: [{ expression: 'true' }],
        variables: [{ name: 'v', expression: 'true' }],
      },
    },
    { spec: { matchConditions: [{ name: 'n', expression: 'false' }] } },
  ),
  object(
    'apis/storage.k8s.io/v1/storageclasses',
    'storage.k8s.io/v1',
    'StorageClass',
    {
      provisioner: 'example.com/p',
      parameters: { a: 'b' },
      reclaimPolicy: 'Retain',
      volumeBindingMode: 'Immediate',
      mountOptions: ['ro'],
    },
    { allowVolumeExpansion: true },
  ),
  object(
    'apis/policy/v1/namespaces/default/poddisruptionbudgets',
    'policy/v1',
    'PodDisruptionBudget',
    {
      spec: { minAvailable: 1, selector },
    },
    { spec: { selector: { matchLabels: { other: 'x' } } } },
  ),
];
