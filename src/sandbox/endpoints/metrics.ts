// `/metrics` in the Prometheus text format: the few metrics of the sandbox, under the names of the
// real server.

import type { SandboxState } from '../store/state.ts';
import { groupResourceOf } from '../../model/resource.ts';

/**
 * Returns the metrics.
 * @see https://kubernetes.io/docs/reference/instrumentation/metrics/
 */
export function metricsText(state: SandboxState): string {
  const objects = state.registry
    .stored()
    .map((type) => [groupResourceOf(type), state.store.size(type.storedAs)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([resource, count]) => `apiserver_storage_objects{resource="${resource}"} ${count}`);
  return [
    '# HELP apiserver_storage_objects [STABLE] Number of stored objects at the time of last check split by kind.',
    '# TYPE apiserver_storage_objects gauge',
    ...objects,
    '# HELP etcd_request_revision Newest revision of the store.',
    '# TYPE etcd_request_revision counter',
    `etcd_request_revision ${state.store.revision}`,
    '',
  ].join('\n');
}
