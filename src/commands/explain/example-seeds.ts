// What the validation of built-in types wants and their schemas do not say, by type. Data.

import type { JsonObject } from '../../model/object.ts';

const labels = { app: 'example' };
const podSpec: JsonObject = { containers: [{ name: 'example', image: 'nginx:1.27' }] };
const template: JsonObject = { metadata: { labels }, spec: podSpec };
const selector: JsonObject = { matchLabels: labels };
const jobSpec: JsonObject = { template: { spec: { ...podSpec, restartPolicy: 'Never' } } };
const workload: JsonObject = { spec: { selector, template } };
const webhooks = [
  {
    name: 'example.example.com',
    clientConfig: { url: 'https://example.com/webhook' },
    rules: [
      { apiGroups: ['example.com'], apiVersions: ['v1'], operations: ['CREATE'], resources: ['examples'] },
    ],
    sideEffects: 'None',
    admissionReviewVersions: ['v1'],
  },
];

/** A request for the name `example`, as base64 of PEM; its key was thrown away. */
const certificateRequest = [
  'LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlITk1IUUNBUUF3RWpFUU1BNEdBMVVFQXd3SFpY',
  'aGhiWEJzWlRCWk1CTUdCeXFHU000OUFnRUdDQ3FHU000OQpBd0VIQTBJQUJKK3pzSEFWS1V1YVUxbC8venJFcTUz',
  'VnRjUy9peUxIdERhN3EzWXdaSFpXT3BRVXdzQVFKVStQCkZqMUJzeXhtZTgyUU9YdDFFbGN6dVFyRnlQeTY1N3ln',
  'QURBS0JnZ3Foa2pPUFFRREFnTkpBREJHQWlFQTVrK28KL2pheFpPRG1JVkJ5c0dKMW5LYSttcTJsNHAyT0RJaTQw',
  'ME5NYlRJQ0lRQzliOUhFWFFjSEZIMEs3WlBVMEVTRgpVVFlLbnlJWWR5Y3hUMjlQdnp0aUFnPT0KLS0tLS1FTkQg',
  'Q0VSVElGSUNBVEUgUkVRVUVTVC0tLS0tCg==',
].join('');
const admissionRules = {
  resourceRules: [
    {
      apiGroups: ['apps'],
      apiVersions: ['v1'],
      operations: ['CREATE', 'UPDATE'],
      resources: ['deployments'],
    },
  ],
};
const attributes = { verb: 'get', resource: 'pods', namespace: 'default' };
const regarding = { apiVersion: 'v1', kind: 'Pod', name: 'example', namespace: 'default' };
/** Reviews are never stored and have no name. */
const noName: JsonObject = { metadata: null };

/** Laid over the example that the schema gives; null removes a field. */
export const exampleSeeds: Readonly<Record<string, JsonObject>> = {
  bindings: { target: { apiVersion: 'v1', kind: 'Node', name: 'example' } },
  configmaps: { data: { example: 'value' } },
  endpoints: { subsets: [{ addresses: [{ ip: '10.0.0.1' }], ports: [{ port: 80 }] }] },
  pods: { spec: podSpec },
  replicationcontrollers: { spec: { selector: labels, template } },
  services: { spec: { selector: labels, ports: [{ port: 80 }] } },
  secrets: { stringData: { example: 'value' } },
  persistentvolumes: {
    spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], hostPath: { path: '/example' } },
  },
  persistentvolumeclaims: {
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  },
  resourcequotas: { spec: { hard: { pods: '10' } } },
  limitranges: { spec: { limits: [{ type: 'Container', default: { cpu: '500m' } }] } },
  'deployments.apps': workload,
  'replicasets.apps': workload,
  'daemonsets.apps': workload,
  'statefulsets.apps': { spec: { selector, template, serviceName: 'example' } },
  'jobs.batch': { spec: jobSpec },
  'cronjobs.batch': { spec: { schedule: '0 0 * * *', jobTemplate: { spec: jobSpec } } },
  'horizontalpodautoscalers.autoscaling': {
    spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'example' }, maxReplicas: 3 },
  },
  'validatingwebhookconfigurations.admissionregistration.k8s.io': { webhooks },
  'mutatingwebhookconfigurations.admissionregistration.k8s.io': { webhooks },
  events: {
    metadata: { namespace: 'default' },
    ...{ involvedObject: regarding, reason: 'Example', message: 'An example', type: 'Normal' },
  },
  'events.events.k8s.io': {
    metadata: { namespace: 'default' },
    ...{ eventTime: '2026-01-01T00:00:00.000000Z', regarding, reason: 'Example', note: 'An example' },
    ...{ type: 'Normal', action: 'Example', reportingController: 'example.com/example' },
    reportingInstance: 'example',
  },
  podtemplates: { template },
  'mutatingadmissionpolicies.admissionregistration.k8s.io': {
    spec: {
      ...{ matchConstraints: admissionRules, reinvocationPolicy: 'Never' },
      mutations: [
        {
          patchType: 'ApplyConfiguration',
          applyConfiguration: {
            expression: 'Object{metadata: Object.metadata{labels: {"example": "true"}}}',
          },
        },
      ],
    },
  },
  'mutatingadmissionpolicybindings.admissionregistration.k8s.io': { spec: { policyName: 'example' } },
  'validatingadmissionpolicies.admissionregistration.k8s.io': {
    spec: {
      matchConstraints: admissionRules,
      validations: [{ expression: 'object.spec.replicas <= 5', message: 'at most 5 replicas' }],
    },
  },
  'validatingadmissionpolicybindings.admissionregistration.k8s.io': {
    spec: { policyName: 'example', validationActions: ['Deny'] },
  },
  'customresourcedefinitions.apiextensions.k8s.io': {
    metadata: { name: 'examples.example.com' },
    spec: {
      ...{ group: 'example.com', scope: 'Namespaced', names: { kind: 'Example', plural: 'examples' } },
      versions: [
        {
          ...{ name: 'v1', served: true, storage: true },
          schema: {
            openAPIV3Schema: {
              type: 'object',
              properties: { spec: { type: 'object', properties: { size: { type: 'integer' } } } },
            },
          },
        },
      ],
    },
  },
  'apiservices.apiregistration.k8s.io': {
    metadata: { name: 'v1.example.com' },
    spec: {
      ...{ group: 'example.com', version: 'v1', groupPriorityMinimum: 1_000, versionPriority: 10 },
      service: { name: 'example', namespace: 'default' },
      insecureSkipTLSVerify: true,
    },
  },
  'controllerrevisions.apps': { data: {}, revision: 1 },
  'localsubjectaccessreviews.authorization.k8s.io': {
    metadata: { name: null, namespace: 'default' },
    spec: { resourceAttributes: attributes, user: 'example' },
  },
  'selfsubjectaccessreviews.authorization.k8s.io': { ...noName, spec: { resourceAttributes: attributes } },
  'selfsubjectrulesreviews.authorization.k8s.io': { ...noName, spec: { namespace: 'default' } },
  'subjectaccessreviews.authorization.k8s.io': {
    ...noName,
    spec: { resourceAttributes: attributes, user: 'example' },
  },
  'tokenreviews.authentication.k8s.io': { ...noName, spec: { token: 'example' } },
  'selfsubjectreviews.authentication.k8s.io': noName,
  'certificatesigningrequests.certificates.k8s.io': {
    spec: {
      ...{ request: certificateRequest, signerName: 'kubernetes.io/kube-apiserver-client' },
      usages: ['client auth'],
    },
  },
  'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io': {
    spec: { type: 'Limited', limited: { nominalConcurrencyShares: 10, limitResponse: { type: 'Reject' } } },
  },
  'ingressclasses.networking.k8s.io': { spec: { controller: 'example.com/ingress' } },
  'ingresses.networking.k8s.io': {
    spec: { defaultBackend: { service: { name: 'example', port: { number: 80 } } } },
  },
  'ipaddresses.networking.k8s.io': {
    metadata: { name: '10.0.0.200' },
    spec: { parentRef: { resource: 'services', name: 'example', namespace: 'default' } },
  },
  'servicecidrs.networking.k8s.io': { spec: { cidrs: ['10.96.0.0/24'] } },
  'roles.rbac.authorization.k8s.io': {
    rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get', 'list'] }],
  },
  'clusterroles.rbac.authorization.k8s.io': {
    rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get', 'list'] }],
  },
  'rolebindings.rbac.authorization.k8s.io': {
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'example' }],
  },
  'clusterrolebindings.rbac.authorization.k8s.io': {
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'example' }],
  },
  'resourceslices.resource.k8s.io': {
    spec: {
      ...{ driver: 'example.com', nodeName: 'example', devices: [{ name: 'example' }] },
      pool: { name: 'example', generation: 1, resourceSliceCount: 1 },
    },
  },
  'volumeattachments.storage.k8s.io': {
    spec: { attacher: 'example.com', nodeName: 'example', source: { persistentVolumeName: 'example' } },
  },
  'volumeattributesclasses.storage.k8s.io': {
    ...{ driverName: 'example.com', parameters: { example: 'value' } },
  },
};
