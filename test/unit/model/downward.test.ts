import { describe, expect, it } from 'vitest';
import { describeRef, downwardOf, needsNode, type Downward } from '../../../src/model/downward.ts';
import type { NodeFacts } from '../../../src/model/downward-resource.ts';
import type { JsonObject, KubeObject } from '../../../src/model/object.ts';

const node: NodeFacts = { kind: 'known', allocatable: { cpu: '4', memory: '16Gi' } };

function podOf(spec: JsonObject): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web', namespace: 'dev', labels: { app: 'web' } },
    spec: { nodeName: 'node-a', ...spec },
  };
}

const cpuLimit = (containerName?: string): JsonObject => ({
  name: 'CPU',
  valueFrom: {
    resourceFieldRef: { ...(containerName === undefined ? {} : { containerName }), resource: 'limits.cpu' },
  },
});

/** Container, variable and value of every variable. */
function envOf({ containers }: Downward): string[] {
  return containers.flatMap(({ name, env }) =>
    env.map(
      (one) =>
        `${name} ${one.name}=${one.value.kind === 'value' ? one.value.text : `${one.value.kind}: ${one.value.reason}`}`,
    ),
  );
}

describe('containers', () => {
  it('are in the order of their start, with their type', () => {
    const { containers } = downwardOf(
      podOf({
        ephemeralContainers: [{ name: 'debug' }],
        containers: [{ name: 'app' }, { name: 'log' }],
        initContainers: [{ name: 'setup' }, { name: 'proxy', restartPolicy: 'Always' }],
      }),
      node,
    );
    expect(containers.map(({ name, type }) => `${name} ${type}`)).toEqual([
      'setup init',
      'proxy sidecar',
      'app container',
      'log container',
      'debug ephemeral',
    ]);
  });

  it('tolerate a pod without a spec', () => {
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web' } };
    expect(downwardOf(pod, node)).toEqual({
      pod: 'web',
      namespace: '',
      node: '',
      containers: [],
      volumes: [],
    });
  });
});

describe('variables', () => {
  it('are those of the Downward API only, and the last one of two with the same name', () => {
    const fieldRef = { apiVersion: 'v1', fieldPath: 'metadata.name' };
    const env = [
      { name: 'PLAIN', value: 'x' },
      { name: 'SECRET', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } },
      { name: 'NAME', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } } },
      { name: 'GONE', valueFrom: { fieldRef } },
      { name: 'NAME', valueFrom: { fieldRef } },
      { name: 'GONE', value: 'plain' },
    ];
    const envFrom = [{ configMapRef: { name: 'c' } }];
    const downward = downwardOf(podOf({ containers: [{ name: 'app', env, envFrom }] }), node);
    expect(envOf(downward)).toEqual(['app NAME=web']);
    expect(downward.containers[0]?.variables).toEqual(['PLAIN', 'SECRET', 'NAME', 'GONE']);
  });

  it('that contain others are expanded as by the kubelet: from what is declared before', () => {
    const fieldRef = { apiVersion: 'v1', fieldPath: 'metadata.name' };
    const env = [
      { name: 'EARLY', value: '$(NAME)' },
      { name: 'NAME', valueFrom: { fieldRef } },
      { name: 'PLAIN', value: 'x' },
      { name: 'SECRET', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } },
      { name: 'BOTH', value: '$(NAME)-$(PLAIN)-$(LATE)-$$(NAME)-$NAME-$(NAME' },
      { name: 'AGAIN', value: '<$(BOTH)>' },
      { name: 'ONLY_PLAIN', value: '$(PLAIN)' },
      { name: 'WITH_SECRET', value: '$(NAME):$(SECRET)' },
      { name: 'LATE', value: 'y' },
    ];
    expect(envOf(downwardOf(podOf({ containers: [{ name: 'app', env }] }), node))).toEqual([
      'app NAME=web',
      'app BOTH=web-x-$(LATE)-$(NAME)-$NAME-$(NAME',
      'app AGAIN=<web-x-$(LATE)-$(NAME)-$NAME-$(NAME>',
      'app WITH_SECRET=unknown: $(SECRET): not in the pod',
    ]);
  });

  it('that double each other have a limit', () => {
    const fieldRef = { apiVersion: 'v1', fieldPath: 'metadata.name' };
    const doubled = Array.from({ length: 64 }, (_, at) => ({
      name: `V${at + 1}`,
      value: `$(V${at})$(V${at})`,
    }));
    const env = [{ name: 'V0', valueFrom: { fieldRef } }, ...doubled];
    const all = envOf(downwardOf(podOf({ containers: [{ name: 'app', env }] }), node));
    expect(all[1]).toBe('app V1=webweb');
    expect(all.at(-1)).toMatch(/too long to expand$/);
  });

  it('have the limits of their own container, or of the one that they name', () => {
    const pod = podOf({
      initContainers: [{ name: 'setup', env: [cpuLimit()] }],
      containers: [
        { name: 'app', env: [cpuLimit()], resources: { limits: { cpu: '2' } } },
        { name: 'log', env: [cpuLimit('app')] },
        { name: 'bad', env: [cpuLimit('nobody')] },
      ],
    });
    expect(envOf(downwardOf(pod, node))).toEqual([
      'setup CPU=4',
      'app CPU=2',
      'log CPU=2',
      'bad CPU=invalid: container nobody not found',
    ]);
  });

  it('that name an init container without a limit get 0: the kubelet defaults regular ones only', () => {
    const pod = podOf({
      initContainers: [{ name: 'setup' }],
      containers: [{ name: 'app', env: [cpuLimit('setup')] }],
    });
    expect(envOf(downwardOf(pod, node))).toEqual(['app CPU=0']);
  });

  it('of ephemeral containers, which have no limits, use the node', () => {
    const pod = podOf({ ephemeralContainers: [{ name: 'debug', env: [cpuLimit()] }] });
    expect(envOf(downwardOf(pod, node))).toEqual(['debug CPU=4']);
  });
});

describe('files', () => {
  const item = (path: string, fieldPath: string, more: JsonObject = {}): JsonObject => ({
    path,
    fieldRef: { apiVersion: 'v1', fieldPath },
    ...more,
  });
  const volumes = [
    {
      name: 'info',
      downwardAPI: {
        defaultMode: 0o440,
        items: [
          item('labels', 'metadata.labels'),
          item('./sub//name', 'metadata.name', { mode: 0o400 }),
          { path: 'cpu', resourceFieldRef: { containerName: 'app', resource: 'limits.cpu', divisor: '1m' } },
        ],
      },
    },
    {
      name: 'all',
      projected: {
        sources: [
          { serviceAccountToken: { path: 'token' } },
          { downwardAPI: { items: [item('namespace', 'metadata.namespace')] } },
        ],
      },
    },
    { name: 'empty', emptyDir: {} },
  ];

  it('have a path, a mode and a value', () => {
    const downward = downwardOf(podOf({ containers: [{ name: 'app' }], volumes }), node);
    expect(
      downward.volumes.map(({ name, files }) => [
        name,
        files.map(({ path, mode, value }) => [path, mode.toString(8), value]),
      ]),
    ).toEqual([
      [
        'info',
        [
          ['labels', '440', { kind: 'value', text: 'app="web"' }],
          ['sub/name', '400', { kind: 'value', text: 'web' }],
          ['cpu', '440', { kind: 'value', text: '4000', default: 'node' }],
        ],
      ],
      ['all', [['namespace', '644', { kind: 'value', text: 'dev' }]]],
    ]);
  });

  it('can be read by the group of the volumes', () => {
    const pod = podOf({ containers: [], volumes, securityContext: { fsGroup: 2000 } });
    expect(downwardOf(pod, node).volumes[0]?.files.map(({ mode }) => mode.toString(8))).toEqual([
      '440',
      '440',
      '440',
    ]);
  });

  it('are where their containers mount them; a subPath can be a file or a directory, and is not refreshed', () => {
    const containers = [
      { name: 'app', volumeMounts: [{ name: 'info', mountPath: '/etc/info/' }] },
      { name: 'one', volumeMounts: [{ name: 'info', mountPath: '/labels', subPath: 'labels' }] },
      { name: 'folder', volumeMounts: [{ name: 'info', mountPath: '/sub', subPath: 'sub' }] },
      { name: 'unknown', volumeMounts: [{ name: 'info', mountPath: '/x', subPathExpr: '$(A)' }] },
    ];
    const downward = downwardOf(podOf({ containers, volumes }), node);
    expect(
      downward.containers.map(({ files }) =>
        files.map(({ path, refreshed }) => `${path} ${String(refreshed)}`),
      ),
    ).toEqual([
      ['/etc/info/labels true', '/etc/info/sub/name true', '/etc/info/cpu true'],
      ['/labels false'],
      ['/sub/name false'],
      [],
    ]);
  });

  it('know limits of init containers, but not those of the pod', () => {
    const limit = (containerName: string): JsonObject => ({
      path: containerName,
      resourceFieldRef: { containerName, resource: 'limits.cpu' },
    });
    const pod = podOf({
      resources: { limits: { cpu: '1' } },
      initContainers: [{ name: 'setup' }],
      containers: [{ name: 'app', env: [cpuLimit()] }],
      volumes: [{ name: 'info', downwardAPI: { items: [limit('setup'), limit('app'), limit('x')] } }],
    });
    const downward = downwardOf(pod, node);
    expect(downward.volumes[0]?.files.map(({ value }) => value)).toEqual([
      { kind: 'value', text: '4', default: 'node' },
      { kind: 'value', text: '4', default: 'node' },
      { kind: 'invalid', reason: 'container x not found' },
    ]);
    expect(envOf(downward)).toEqual(['app CPU=1']);
  });
});

describe('needsNode', () => {
  it('is true only if a limit needs it', () => {
    const unasked = { kind: 'unasked' } as const;
    const limited = { name: 'app', env: [cpuLimit()], resources: { limits: { cpu: '1' } } };
    expect(needsNode(downwardOf(podOf({ containers: [limited] }), unasked))).toBe(false);
    expect(needsNode(downwardOf(podOf({ containers: [{ name: 'app', env: [cpuLimit()] }] }), unasked))).toBe(
      true,
    );
    const file = { path: 'cpu', resourceFieldRef: { containerName: 'app', resource: 'limits.cpu' } };
    const volumes = [{ name: 'info', downwardAPI: { items: [file] } }];
    expect(needsNode(downwardOf(podOf({ containers: [{ name: 'app' }], volumes }), unasked))).toBe(true);
  });
});

describe('describeRef', () => {
  it('names the resource and its divisor', () => {
    const ref = { kind: 'resource', container: 'app', resource: 'limits.cpu', divisor: '1m' } as const;
    expect(describeRef(ref)).toBe('limits.cpu of app by 1m');
    expect(describeRef({ ...ref, container: '' })).toBe('limits.cpu by 1m');
    expect(describeRef({ kind: 'field', path: 'metadata.name' })).toBe('metadata.name');
  });
});
