// What the sandbox holds when it starts. Entry point: `seedObjects`; changes over time are in life/lively.ts, pods by the
// thousand in generated-pods.ts.

import type { KubeObject } from '../../model/object.ts';
import { seedApps } from './apps.ts';
import { seedCluster } from './cluster.ts';
import { seedLessons } from './lessons.ts';

/**
 * Every object of a fresh sandbox, namespaces first. They carry uid and creation time (counted back from `now`) but no
 * resourceVersion; in each `kube-root-ca.crt` the server's CA is still to be filled in.
 */
export function seedObjects(now: Date): readonly KubeObject[] {
  return [...seedCluster(now), ...seedLessons(now), ...seedApps(now)];
}
