import { describe, expect, it } from 'vitest';
import {
  objectAt,
  stringAt,
  type Json,
  type JsonObject,
  type KubeObject,
} from '../../../../src/model/object.ts';
import { apiVersionOf } from '../../../../src/model/resource.ts';
import { customTypesOf } from '../../../../src/sandbox/types/crd.ts';
import {
  metadataOf,
  nameOf,
  namespaceOf,
  objectsAt,
  specOf,
  statusOf,
  uidOf,
} from '../../../../src/model/fields.ts';
import { generatePods } from '../../../../src/sandbox/seed/generated-pods.ts';
import { livelyChanges } from '../../../../src/sandbox/life/lively.ts';
import { seedObjects } from '../../../../src/sandbox/seed/seed.ts';
import { servedTypes } from '../../../../src/sandbox/types/served-types.ts';
import { tableCells } from '../../../../src/sandbox/tables/tables.ts';
import type { ObjectReader, ServedType } from '../../../../src/sandbox/types/types.ts';
import { decodingProblem, unknownFields } from '../../../../src/sandbox/schema/unknown-fields.ts';
import { validate } from '../../../../src/sandbox/validation/validate.ts';

const now = new Date('2026-11-22T12:00:00Z');
const seeded = seedObjects(now);
const definitions = seeded.filter(({ kind }) => kind === 'CustomResourceDefinition');
const types = [...servedTypes, ...definitions.flatMap(customTypesOf)];

function typeOf(object: KubeObject): ServedType {
  const type = types.find(
    (candidate) => candidate.kind === object.kind && apiVersionOf(candidate) === object.apiVersion,
  );
  if (type === undefined) throw new Error(`no type for ${object.apiVersion} ${object.kind}`);
  return type;
}

function keyOf(object: KubeObject): string {
  return [object.apiVersion, object.kind, namespaceOf(object), nameOf(object)].join(' ');
}

function textOf(cell: Json | undefined): string {
  return typeof cell === 'string' ? cell : JSON.stringify(cell);
}

function rows(kind: string, namespace: string, columns = 5): readonly string[] {
  return seeded
    .filter((object) => object.kind === kind && namespaceOf(object) === namespace)
    .map((object) => tableCells(typeOf(object), object, now).slice(0, columns).map(textOf).join(' '));
}

describe('seedObjects', () => {
  it('are valid for the real server', () => {
    const problems = seeded.flatMap((object) => {
      const type = typeOf(object);
      return [
        decodingProblem(type, object) ?? '',
        ...unknownFields(type, object),
        ...validate(type, object).map(({ field, message }) => `${field}: ${message}`),
      ]
        .filter((problem) => problem !== '')
        .map((problem) => `${keyOf(object)}: ${problem}`);
    });
    expect(problems).toEqual([]);
  });

  it('have unique names, uids and times', () => {
    expect(new Set(seeded.map(keyOf)).size).toBe(seeded.length);
    expect(new Set(seeded.map(uidOf)).size).toBe(seeded.length);
    for (const object of seeded) {
      expect(uidOf(object)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
      expect(Date.parse(stringAt(metadataOf(object), 'creationTimestamp'))).toBeLessThan(now.getTime());
      expect(metadataOf(object).resourceVersion).toBeUndefined();
    }
  });

  it('are in existing namespaces, and belong to existing owners', () => {
    const namespaces = new Set(seeded.filter(({ kind }) => kind === 'Namespace').map(nameOf));
    const uids = new Set(seeded.map(uidOf));
    for (const object of seeded) {
      if (namespaceOf(object) !== '') expect(namespaces).toContain(namespaceOf(object));
      for (const owner of objectsAt(metadataOf(object), 'ownerReferences')) expect(uids).toContain(owner.uid);
    }
    expect([...namespaces]).toEqual(['default', 'dev', 'kube-node-lease', 'kube-public', 'kube-system']);
  });

  it('shows the pods of the lessons, in the order of the manifests', () => {
    expect(rows('Pod', 'default')).toEqual([
      'curl 1/1 Running 0 26h',
      'curl-with-ambassador 2/2 Running 0 26h',
      'downward 1/1 Running 0 3h',
      'my-job-5ftlc 0/1 Completed 0 50m',
      'web-cc544bdcc-fm8tw 1/1 Running 0 5h',
      'web-cc544bdcc-6knww 1/1 Running 0 5h',
      'web-cc544bdcc-jzq6w 1/1 Running 0 5h',
    ]);
    expect(rows('Pod', 'dev')).toEqual([
      'shop-7d9f7c8b6d-mvtz4 1/1 Running 0 4d',
      'shop-7d9f7c8b6d-wb8ng 1/1 Running 1 (26h ago) 4d',
      'payment-5b6f9c7d4f-gtnln 0/1 CrashLoopBackOff 22 (3m58s ago) 95m',
      'db-0 1/1 Running 0 4d',
    ]);
    expect(rows('Job', 'default', 4)).toEqual(['my-job Complete 1/1 2m']);
    expect(rows('Deployment', 'default', 4)).toEqual(['web 3/3 3 3']);
    expect(rows('Endpoints', 'default', 2)).toEqual([
      'kubernetes 172.18.0.2:6443',
      'web 10.244.1.8:80,10.244.2.8:80,10.244.2.9:80',
    ]);
    expect(rows('CronTab', 'default', 3)).toEqual(['my-new-cron-object * * * * */5 2']);
    expect(rows('Node', '', 3)).toEqual([
      'sandbox-control-plane Ready control-plane',
      'sandbox-worker Ready <none>',
      'sandbox-worker2 Ready <none>',
    ]);
    expect(rows('PersistentVolumeClaim', 'dev', 5)).toEqual([
      'data-db-0 Bound pvc-5f0d2b1e-9a3c-4c8e-a1d4-2b7f6c3e9d10 2Gi RWO',
    ]);
  });

  it('give the downward pod its fields with divisors', () => {
    const pod = seeded.find((object) => nameOf(object) === 'downward');
    const [container] = objectsAt(specOf(pod ?? {}), 'containers');
    expect(objectsAt(container, 'env').map((variable) => [variable.name, variable.valueFrom])).toEqual([
      ['POD_NAME', { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.name' } }],
      ['POD_NAMESPACE', { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }],
      ['POD_IP', { fieldRef: { apiVersion: 'v1', fieldPath: 'status.podIP' } }],
      ['NODE_NAME', { fieldRef: { apiVersion: 'v1', fieldPath: 'spec.nodeName' } }],
      ['SERVICE_ACCOUNT', { fieldRef: { apiVersion: 'v1', fieldPath: 'spec.serviceAccountName' } }],
      ['CONTAINER_CPU_REQUEST_MILLICORES', { resourceFieldRef: { resource: 'requests.cpu', divisor: '1m' } }],
      [
        'CONTAINER_MEMORY_LIMIT_KIBIBYTES',
        { resourceFieldRef: { resource: 'limits.memory', divisor: '1Ki' } },
      ],
    ]);
    expect(statusOf(pod ?? {}).qosClass).toBe('Burstable');
  });

  it('are the same at every start, except times and names of events', () => {
    const lasting = (objects: readonly KubeObject[]): readonly string[] =>
      objects.filter(({ kind }) => kind !== 'Event').map((object) => `${keyOf(object)} ${uidOf(object)}`);
    expect(lasting(seedObjects(new Date('2027-01-01T00:00:00Z')))).toEqual(lasting(seeded));
  });
});

describe('livelyChanges', () => {
  /** A store without a server, in which every change must fit the existing objects. */
  function play(steps: number): {
    store: Map<string, KubeObject>;
    states: Map<string, Set<string>>;
    problems: string[];
  } {
    const store = new Map(seeded.map((object) => [keyOf(object), object]));
    const read: ObjectReader = {
      get: (apiVersion, kind, namespace, name) => store.get([apiVersion, kind, namespace, name].join(' ')),
      list: (apiVersion, kind, namespace) =>
        [...store.values()].filter(
          (object) =>
            object.apiVersion === apiVersion &&
            object.kind === kind &&
            (namespace === undefined || namespaceOf(object) === namespace),
        ),
    };
    const states = new Map<string, Set<string>>();
    const problems: string[] = [];
    for (let step = 0; step < steps; step += 1) {
      const time = new Date(now.getTime() + step * 3_000);
      for (const { verb, object } of livelyChanges(step, read, time)) {
        const key = keyOf(object);
        const type = typeOf(object);
        if (store.has(key) === (verb === 'create')) problems.push(`${verb} ${key}`);
        problems.push(...validate(type, object).map(({ field, message }) => `${key} ${field}: ${message}`));
        problems.push(...unknownFields(type, object).map((problem) => `${key}: ${problem}`));
        if (verb === 'delete') store.delete(key);
        // Events are many, and the test does not check them.
        else if (object.kind !== 'Event') store.set(key, object);
        if (object.kind !== 'Pod') continue;
        const app = stringAt(objectAt(metadataOf(object), 'labels'), 'app');
        const seen = states.get(app) ?? new Set();
        states.set(app, seen.add(verb === 'delete' ? 'gone' : textOf(tableCells(type, object, time)[2])));
      }
    }
    return { store, states, problems };
  }

  it('let jobs end, pods crash and recover, bare pods come and go, deployments roll out', () => {
    const { states: seen, problems } = play(120);
    expect(problems).toEqual([]);
    expect(Object.fromEntries([...seen].map(([app, states]) => [app, [...states].sort()]))).toEqual({
      backup: ['Completed', 'Running', 'gone'],
      payment: ['CrashLoopBackOff', 'Running'],
      visitor: ['Running', 'Terminating', 'gone'],
      web: ['ContainerCreating', 'Running', 'Terminating', 'gone'],
    });
  });

  it('keep a rollout within its bounds and do not pile up', () => {
    const { store } = play(200);
    const of = (kind: string): readonly KubeObject[] =>
      [...store.values()].filter((object) => object.kind === kind && namespaceOf(object) === 'default');
    const web = of('Pod').filter((pod) => nameOf(pod).startsWith('web-'));
    expect(web.length).toBeGreaterThanOrEqual(3);
    expect(web.length).toBeLessThanOrEqual(4);
    expect(of('ReplicaSet').length).toBeLessThanOrEqual(3);
    expect(of('Job').filter((job) => nameOf(job).startsWith('backup-')).length).toBeLessThanOrEqual(3);
    const [deployment] = of('Deployment');
    const counted = statusOf(deployment ?? {}).replicas;
    expect(counted).toBe(web.length);
  });

  it('do not restore what users deleted', () => {
    const nothing: ObjectReader = { get: () => undefined, list: () => [] };
    const kinds = [0, 1, 2, 3, 4].map((step) =>
      livelyChanges(step, nothing, now).map(({ object }) => object.kind),
    );
    expect(kinds).toEqual([['Job', 'Pod', 'Event'], [], [], [], ['Pod', 'Event', 'Event', 'Event', 'Event']]);
  });
});

describe('generatePods', () => {
  it('makes the requested number, all different, in the given namespaces', () => {
    const pods = [...generatePods(105, now, ['a', 'b'])];
    expect(pods).toHaveLength(105);
    expect(new Set(pods.map(keyOf)).size).toBe(105);
    expect(new Set(pods.map(uidOf)).size).toBe(105);
    expect(new Set(pods.map(namespaceOf))).toEqual(new Set(['a', 'b']));
    expect([...generatePods(0, now)]).toEqual([]);
  });

  it('makes them as large as real ones, and valid for the server', () => {
    const [pod] = [...generatePods(1, now)];
    if (pod === undefined) throw new Error('no pod');
    const length = JSON.stringify(pod).length;
    expect(length).toBeGreaterThan(5_500);
    expect(length).toBeLessThan(6_500);
    expect(validate(typeOf(pod), pod)).toEqual([]);
    expect(unknownFields(typeOf(pod), pod)).toEqual([]);
    expect(tableCells(typeOf(pod), pod, now).slice(1, 4)).toEqual(['1/1', 'Running', '0']);
  });

  it('shares equal parts', () => {
    const [first, second] = [...generatePods(2, now)];
    const parts = (pod: KubeObject | undefined): readonly JsonObject[string][] => [
      pod?.metadata.managedFields,
      specOf(pod ?? {}).containers,
      specOf(pod ?? {}).volumes,
      statusOf(pod ?? {}).conditions,
    ];
    parts(first).forEach((part, index) => {
      expect(part).toBe(parts(second)[index]);
    });
  });
});
