// The initial objects of the sandbox: manifests in the YAML files of this folder, and the objects
// of every cluster. Entry point: `seedObjects`. life/lively.ts changes them over time,
// generated-pods.ts makes thousands of pods.

import { stringAt, type KubeObject } from '../../model/object.ts';
import { nameOf, objectsAt, specOf } from '../../model/fields.ts';
import { seedCluster } from './cluster.ts';
import database from './database.yaml';
import { expandManifests } from './expand.ts';
import kubeSystem from './kube-system.yaml';
import lessons from './lessons.yaml';
import { buildEvent } from './objects.ts';
import { startEvents } from './services.ts';
import shop from './shop.yaml';
import web from './web.yaml';

/**
 * Returns every object of a new sandbox, namespaces first. They have uid and creation time
 * (relative to `now`) but no resourceVersion. The server must add its CA to each
 * `kube-root-ca.crt`.
 */
export function seedObjects(now: Date): readonly KubeObject[] {
  const webObjects = expandManifests(web, now);
  return [
    ...seedCluster(now),
    ...expandManifests(lessons, now),
    ...webObjects,
    ...podEvents(webObjects),
    ...[shop, database, kubeSystem].flatMap((manifests) => expandManifests(manifests, now)),
  ];
}

/** Returns the events of pods of a replica set: created, scheduled, started. */
function podEvents(objects: readonly KubeObject[]): readonly KubeObject[] {
  const replicaSet = objects.find(({ kind }) => kind === 'ReplicaSet');
  if (replicaSet === undefined) return [];
  return objects
    .filter(({ kind }) => kind === 'Pod')
    .flatMap((pod) => {
      const first = stringAt(pod.metadata, 'creationTimestamp');
      const [container] = objectsAt(specOf(pod), 'containers');
      return [
        buildEvent({
          about: replicaSet,
          reason: 'SuccessfulCreate',
          message: `Created pod: ${nameOf(pod)}`,
          source: 'replicaset-controller',
          first,
        }),
        ...startEvents(pod, stringAt(container, 'name'), stringAt(container, 'image'), first),
      ];
    });
}
