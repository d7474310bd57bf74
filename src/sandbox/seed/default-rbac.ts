// The default cluster roles and bindings that users see: the user-facing roles, the rights of all
// users, discovery. Omits those of controllers, kubelets and schedulers, which the sandbox does not
// have. Entry point: `defaultRbac`.

import type { JsonObject, KubeObject } from '../../model/object.ts';

const apiVersion = 'rbac.authorization.k8s.io/v1';
const apiGroup = 'rbac.authorization.k8s.io';
const bootstrapping = { 'kubernetes.io/bootstrapping': 'rbac-defaults' };
const autoupdate = { 'rbac.authorization.kubernetes.io/autoupdate': 'true' };

const reading = 'get list watch';
const writing = 'create delete deletecollection patch update';
const anything = 'create delete deletecollection get list patch update watch';

const viewRules: readonly JsonObject[] = [
  rule(
    reading,
    '""',
    'configmaps endpoints persistentvolumeclaims persistentvolumeclaims/status pods replicationcontrollers replicationcontrollers/scale serviceaccounts services services/status',
  ),
  rule(
    reading,
    '""',
    'bindings limitranges namespaces/status pods/log pods/status replicationcontrollers/status resourcequotas resourcequotas/status',
  ),
  rule(reading, '""', 'namespaces'),
  rule(reading, '"" events.k8s.io', 'events'),
  rule(reading, 'discovery.k8s.io', 'endpointslices'),
  rule(
    reading,
    'apps',
    'controllerrevisions daemonsets daemonsets/status deployments deployments/scale deployments/status replicasets replicasets/scale replicasets/status statefulsets statefulsets/scale statefulsets/status',
  ),
  rule(reading, 'autoscaling', 'horizontalpodautoscalers horizontalpodautoscalers/status'),
  rule(reading, 'batch', 'cronjobs cronjobs/status jobs jobs/status'),
  rule(
    reading,
    'extensions',
    'daemonsets daemonsets/status deployments deployments/scale deployments/status ingresses ingresses/status networkpolicies replicasets replicasets/scale replicasets/status replicationcontrollers/scale',
  ),
  rule(reading, 'policy', 'poddisruptionbudgets poddisruptionbudgets/status'),
  rule(reading, 'networking.k8s.io', 'ingresses ingresses/status networkpolicies'),
  rule(reading, 'resource.k8s.io', 'resourceclaims resourceclaims/status resourceclaimtemplates'),
];

const editRules: readonly JsonObject[] = [
  rule(reading, '""', 'pods/attach pods/exec pods/portforward pods/proxy secrets services/proxy'),
  rule('impersonate', '""', 'serviceaccounts'),
  rule(writing, '""', 'pods pods/attach pods/exec pods/portforward pods/proxy'),
  rule('create', '""', 'pods/eviction'),
  rule(
    writing,
    '""',
    'configmaps persistentvolumeclaims replicationcontrollers replicationcontrollers/scale secrets serviceaccounts services services/proxy',
  ),
  rule('create', '""', 'serviceaccounts/token'),
  rule(writing, '"" events.k8s.io', 'events'),
  rule(
    writing,
    'apps',
    'daemonsets deployments deployments/rollback deployments/scale replicasets replicasets/scale statefulsets statefulsets/scale',
  ),
  rule(writing, 'autoscaling', 'horizontalpodautoscalers'),
  rule(writing, 'batch', 'cronjobs jobs'),
  rule(
    writing,
    'extensions',
    'daemonsets deployments deployments/rollback deployments/scale ingresses networkpolicies replicasets replicasets/scale replicationcontrollers/scale',
  ),
  rule(writing, 'policy', 'poddisruptionbudgets'),
  rule(writing, 'networking.k8s.io', 'ingresses networkpolicies'),
  rule(anything, 'coordination.k8s.io', 'leases'),
  rule(writing, 'resource.k8s.io', 'resourceclaims resourceclaimtemplates'),
];

const adminRules: readonly JsonObject[] = [
  rule('create', 'authorization.k8s.io', 'localsubjectaccessreviews'),
  rule(anything, apiGroup, 'rolebindings roles'),
];

/**
 * The bootstrap roles and bindings, without uid and creation time.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/#default-roles-and-role-bindings
 */
export const defaultRbac: readonly KubeObject[] = [
  clusterRole('cluster-admin', [rule('*', '*', '*'), pathRule('*', '*')]),
  aggregatedRole('admin', [...editRules, ...viewRules, ...adminRules]),
  aggregatedRole('edit', [...editRules, ...viewRules], 'admin'),
  aggregatedRole('view', viewRules, 'edit'),
  clusterRole('system:aggregate-to-admin', adminRules, 'admin'),
  clusterRole('system:aggregate-to-edit', editRules, 'edit'),
  clusterRole('system:aggregate-to-view', viewRules, 'view'),
  clusterRole('system:auth-delegator', [
    rule('create', 'authentication.k8s.io', 'tokenreviews'),
    rule('create', 'authorization.k8s.io', 'subjectaccessreviews'),
  ]),
  clusterRole('system:basic-user', [
    rule('create', 'authorization.k8s.io', 'selfsubjectaccessreviews selfsubjectrulesreviews'),
    rule('create', 'authentication.k8s.io', 'selfsubjectreviews'),
  ]),
  clusterRole('system:discovery', [
    pathRule(
      'get',
      '/api /api/* /apis /apis/* /healthz /livez /openapi /openapi/* /readyz /version /version/',
    ),
  ]),
  clusterRole('system:monitoring', [
    pathRule(
      'get',
      '/flagz /healthz /healthz/* /livez /livez/* /metrics /metrics/slis /readyz /readyz/* /statusz',
    ),
    rule('get', '""', 'nodes/metrics'),
  ]),
  clusterRole('system:public-info-viewer', [pathRule('get', '/healthz /livez /readyz /version /version/')]),
  clusterRole('system:service-account-issuer-discovery', [
    pathRule(
      'get',
      '/.well-known/openid-configuration /.well-known/openid-configuration/ /openid/v1/jwks /openid/v1/jwks/',
    ),
  ]),
  binding('cluster-admin', ['system:masters']),
  binding('system:basic-user', ['system:authenticated']),
  binding('system:discovery', ['system:authenticated']),
  binding('system:monitoring', ['system:monitoring']),
  binding('system:public-info-viewer', ['system:authenticated', 'system:unauthenticated']),
  binding('system:service-account-issuer-discovery', ['system:serviceaccounts']),
];

/** Makes a rule. Lists are words separated by spaces; `""` is the core group. */
function rule(verbs: string, groups: string, resources: string): JsonObject {
  const apiGroups = groups.split(' ').map((group) => (group === '""' ? '' : group));
  return { verbs: verbs.split(' '), apiGroups, resources: resources.split(' ') };
}

function pathRule(verbs: string, paths: string): JsonObject {
  return { verbs: verbs.split(' '), nonResourceURLs: paths.split(' ') };
}

function clusterRole(name: string, rules: readonly JsonObject[], aggregateTo = ''): KubeObject {
  const label = aggregateTo === '' ? {} : { [`${apiGroup}/aggregate-to-${aggregateTo}`]: 'true' };
  const labels = { ...bootstrapping, ...label };
  return { apiVersion, kind: 'ClusterRole', metadata: { name, labels, annotations: autoupdate }, rules };
}

function aggregatedRole(name: string, rules: readonly JsonObject[], aggregateTo = ''): KubeObject {
  const clusterRoleSelectors = [{ matchLabels: { [`${apiGroup}/aggregate-to-${name}`]: 'true' } }];
  return { ...clusterRole(name, rules, aggregateTo), aggregationRule: { clusterRoleSelectors } };
}

function binding(name: string, groups: readonly string[]): KubeObject {
  return {
    apiVersion,
    kind: 'ClusterRoleBinding',
    metadata: { name, labels: bootstrapping, annotations: autoupdate },
    subjects: groups.map((group) => ({ kind: 'Group', apiGroup, name: group })),
    roleRef: { apiGroup, kind: 'ClusterRole', name },
  };
}
