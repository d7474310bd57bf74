// `/healthz`, `/livez` and `/readyz` with their single checks: the names of the real server, always
// successful in the sandbox.

import { textAnswer, type Answer } from '../http/call.ts';

const hooks = [
  'start-apiserver-admission-initializer',
  'generic-apiserver-start-informers',
  'priority-and-fairness-config-consumer',
  'priority-and-fairness-filter',
  'storage-object-count-tracker-hook',
  'start-apiextensions-informers',
  'start-apiextensions-controllers',
  'crd-informer-synced',
  'start-system-namespaces-controller',
  'peer-endpoint-reconciler-controller',
  'start-cluster-authentication-info-controller',
  'start-kube-apiserver-identity-lease-controller',
  'start-kube-apiserver-identity-lease-garbage-collector',
  'storage-readiness',
  'start-legacy-token-tracking-controller',
  'start-service-ip-repair-controllers',
  'rbac/bootstrap-roles',
  'scheduling/bootstrap-system-priority-classes',
  'priority-and-fairness-config-producer',
  'bootstrap-controller',
  'start-kubernetes-service-cidr-controller',
  'start-kube-aggregator-informers',
  'apiservice-status-local-available-controller',
  'apiservice-status-remote-available-controller',
  'apiservice-registration-controller',
  'apiservice-wait-for-first-sync',
  'apiservice-discovery-controller',
  'kube-apiserver-autoregistration',
].map((name) => `poststarthook/${name}`);
const lastHooks = ['apiservice-openapi-controller', 'apiservice-openapiv3-controller'].map(
  (name) => `poststarthook/${name}`,
);
const liveness = [
  'ping',
  'log',
  'loopback-serving-certificate',
  'etcd',
  ...hooks,
  'autoregister-completion',
  ...lastHooks,
];

/** Check names by endpoint, in the order of verbose responses. */
export const healthChecks: Readonly<Record<string, readonly string[]>> = {
  healthz: liveness,
  livez: liveness,
  readyz: ['ping', 'log', 'informer-sync', ...hooks, 'autoregister-completion', ...lastHooks, 'shutdown'],
};

/**
 * Answers `/healthz?verbose`, `/livez/ping` and similar paths. Undefined for any other path.
 * @see https://kubernetes.io/docs/reference/using-api/health-checks/
 */
export function healthAnswer(path: string, query: URLSearchParams): Answer | undefined {
  const [endpoint = '', ...rest] = path.slice(1).split('/');
  const checks = Object.hasOwn(healthChecks, endpoint) ? healthChecks[endpoint] : undefined;
  if (checks === undefined) return undefined;
  const single = rest.join('/');
  if (rest.length > 0) {
    return checks.includes(single)
      ? { kind: 'text', status: 200, contentType: 'text/plain; charset=utf-8', text: 'ok' }
      : undefined;
  }
  if (!query.has('verbose')) return textAnswer(200, 'ok');
  const excluded = query.getAll('exclude');
  const lines = checks.map((name) => (excluded.includes(name) ? `[+]${name} excluded: ok` : `[+]${name} ok`));
  const unmatched = excluded.filter((name) => !checks.includes(name)).map((name) => JSON.stringify(name));
  if (unmatched.length > 0) {
    lines.push(`warn: some health checks cannot be excluded: no matches for ${unmatched.join(',')}`);
  }
  return textAnswer(200, `${lines.join('\n')}\n${endpoint} check passed\n`);
}
