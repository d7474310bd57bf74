// The initial objects of the sandbox. Entry point: `seedObjects`. life/lively.ts changes them over
// time, generated-pods.ts makes thousands of pods.

import type { KubeObject } from '../../model/object.ts';
import { seedApps } from './apps.ts';
import { seedCluster } from './cluster.ts';
import { seedLessons } from './lessons.ts';

/**
 * Returns every object of a new sandbox, namespaces first. They have uid and creation time
 * (relative to `now`) but no resourceVersion. The server must add its CA to each
 * `kube-root-ca.crt`.
 */
export function seedObjects(now: Date): readonly KubeObject[] {
  return [...seedCluster(now), ...seedLessons(now), ...seedApps(now)];
}
