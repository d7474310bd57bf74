import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { stringAt, type JsonObject, type KubeObject } from '../../../../src/model/object.ts';
import { resourcePath } from '../../../../src/model/resource.ts';
import { customTypesOf } from '../../../../src/sandbox/types/crd.ts';
import { withDefaults } from '../../../../src/sandbox/schema/defaults.ts';
import { servedTypes } from '../../../../src/sandbox/types/served-types.ts';
import type { FieldError, ServedType } from '../../../../src/sandbox/types/types.ts';
import { validate } from '../../../../src/sandbox/validation/validate.ts';

/** Objects that a real v1.36.3 server refused with 422, with its causes. */
const url = new URL('../../../fixtures/server-validation.json', import.meta.url);
const refused = JSON.parse(readFileSync(url, 'utf8')) as readonly {
  readonly path: string;
  readonly object: KubeObject;
  readonly causes: readonly FieldError[];
}[];

const string = { type: 'string' };
/** The definition for the `checks` among the refused objects. */
const checks: KubeObject = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'checks.sandboxdata.test' },
  spec: {
    group: 'sandboxdata.test',
    scope: 'Namespaced',
    names: { plural: 'checks', singular: 'check', kind: 'Check', listKind: 'CheckList' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: 'object',
            required: ['spec'],
            properties: {
              spec: {
                type: 'object',
                required: ['name', 'count'],
                properties: {
                  name: { type: 'string', minLength: 2, maxLength: 5, pattern: '^[a-z]+$' },
                  count: { type: 'integer', minimum: 1, maximum: 10 },
                  over: { type: 'integer', exclusiveMinimum: true, minimum: 0, multipleOf: 2 },
                  mode: { type: 'string', enum: ['a', 'b'] },
                  on: { type: 'boolean' },
                  ratio: { type: 'number' },
                  list: { type: 'array', minItems: 1, maxItems: 2, items: string },
                  map: {
                    type: 'object',
                    minProperties: 1,
                    maxProperties: 1,
                    additionalProperties: { type: 'integer' },
                  },
                  time: { type: 'string', format: 'date-time' },
                  port: { 'x-kubernetes-int-or-string': true },
                  free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
                  inner: { type: 'object', required: ['x'], properties: { x: string } },
                  setlist: { type: 'array', 'x-kubernetes-list-type': 'set', items: string },
                  maplist: {
                    type: 'array',
                    'x-kubernetes-list-type': 'map',
                    'x-kubernetes-list-map-keys': ['k'],
                    items: { type: 'object', required: ['k'], properties: { k: string } },
                  },
                },
              },
            },
          },
        },
      },
    ],
  },
};

const types = [...servedTypes, ...customTypesOf(checks)];

function typeAt(path: string): ServedType {
  const type = types.find((candidate) => resourcePath(candidate) === path.replace('/namespaces/default', ''));
  if (type === undefined) throw new Error(`no type at ${path}`);
  return type;
}

function inOrder(errors: readonly FieldError[]): readonly FieldError[] {
  const text = ({ field, message }: FieldError): string => `${field} ${message}`;
  return [...errors].sort((a, b) => (text(a) < text(b) ? -1 : 1));
}

describe('validate', () => {
  it.each(refused.map((entry, index) => [`${index} ${entry.path}`, entry] as const))(
    'matches the real server: %s',
    (_title, { path, object, causes }) => {
      const type = typeAt(path);
      const errors = validate(type, withDefaults(type, object));
      // Go iterates maps in random order, so the order of some causes is random.
      expect(inOrder(errors)).toEqual(inOrder(causes));
    },
  );

  it('accepts an ordinary pod', () => {
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: 'web-0.example',
        labels: { 'app.kubernetes.io/name': 'web', empty: '' },
        annotations: { 'Example.com/x': 'y' },
        finalizers: ['foregroundDeletion', 'example.com/x'],
      },
      spec: {
        initContainers: [{ name: 'setup', image: 'busybox' }],
        containers: [
          {
            name: 'main',
            image: 'nginx',
            env: [
              { name: 'A B', value: '' },
              { name: 'IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
              {
                name: 'L',
                valueFrom: { fieldRef: { fieldPath: "metadata.labels['app.kubernetes.io/name']" } },
              },
            ],
            resources: { limits: { cpu: 1, memory: '1Gi' }, requests: { cpu: '500m', memory: '1024Mi' } },
            volumeMounts: [{ name: 'v', mountPath: '/v' }],
            livenessProbe: { httpGet: { path: '/', port: 'http' } },
          },
        ],
        volumes: [{ name: 'v', emptyDir: {} }],
        tolerations: [{ operator: 'Exists' }, { key: 'a', value: 'b' }],
      },
    };
    expect(validate(typeAt('/api/v1/pods'), pod)).toEqual([]);
  });
});

describe('validate of changes', () => {
  const change = (path: string, old: JsonObject, next: JsonObject): readonly string[] => {
    const type = typeAt(path);
    const of = (content: JsonObject): KubeObject =>
      withDefaults(type, {
        apiVersion: type.group === '' ? 'v1' : `${type.group}/${type.version}`,
        kind: type.kind,
        metadata: { name: 'x' },
        ...content,
      });
    return validate(type, of(next), of(old)).map(({ field, message }) => `${field}: ${message}`);
  };
  const containers = [{ name: 'c', image: 'i' }];
  const template = { metadata: { labels: { a: 'b' } }, spec: { containers } };
  const selector = { matchLabels: { a: 'b' } };

  it('allows changes only to images, deadlines and tolerations of a pod', () => {
    const spec = { containers, nodeName: 'n' };
    const other = {
      containers: [{ name: 'c', image: 'j' }],
      nodeName: 'n',
      tolerations: [{ operator: 'Exists' }],
      activeDeadlineSeconds: 5,
    };
    expect(change('/api/v1/pods', { spec }, { spec: other })).toEqual([]);
    expect(change('/api/v1/pods', { spec }, { spec: { ...spec, nodeName: 'm' } })).toEqual([
      'spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)',
    ]);
  });

  it('keeps selectors, templates of jobs, roles of bindings', () => {
    const next = { matchLabels: { a: 'b', c: 'd' } };
    const moved = { metadata: { labels: { a: 'b', c: 'd' } }, spec: { containers } };
    expect(
      change(
        '/apis/apps/v1/deployments',
        { spec: { selector, template } },
        { spec: { selector: next, template: moved } },
      ),
    ).toEqual(['spec.selector: Invalid value: {"matchLabels":{"a":"b","c":"d"}}: field is immutable']);
    const job = { template: { spec: { restartPolicy: 'Never', containers } } };
    expect(
      change(
        '/apis/batch/v1/jobs',
        { spec: { ...job, completions: 1 } },
        { spec: { ...job, completions: 5 } },
      ),
    ).toEqual(['spec.completions: Invalid value: 5: field is immutable']);
    const apiGroup = 'rbac.authorization.k8s.io';
    expect(
      change(
        `/apis/${apiGroup}/v1/rolebindings`,
        { roleRef: { apiGroup, kind: 'ClusterRole', name: 'view' } },
        { roleRef: { apiGroup, kind: 'ClusterRole', name: 'edit' } },
      ),
    ).toEqual([
      'roleRef: Invalid value: {"APIGroup":"rbac.authorization.k8s.io","Kind":"ClusterRole","Name":"edit"}: cannot change roleRef',
    ]);
    expect(
      change(
        '/apis/apps/v1/statefulsets',
        { spec: { serviceName: 's', selector, template } },
        { spec: { serviceName: 't', selector, template } },
      ),
    ).toEqual([
      "spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
    ]);
  });

  it('keeps objects with `immutable: true`', () => {
    const old = { immutable: true, data: { a: 'b' } };
    expect(change('/api/v1/configmaps', old, { immutable: true, data: { a: 'c' } })).toEqual([
      'data: Forbidden: field is immutable when `immutable` is set',
    ]);
    expect(change('/api/v1/configmaps', old, { data: { a: 'b' } })).toEqual([
      'immutable: Forbidden: field is immutable when `immutable` is set',
    ]);
    expect(change('/api/v1/secrets', { type: 'Opaque' }, { type: 'x' })).toEqual([
      'type: Invalid value: "x": field is immutable',
    ]);
    const ports = [{ port: 80 }];
    expect(
      change(
        '/api/v1/services',
        { spec: { clusterIP: '10.0.0.1', ports } },
        { spec: { clusterIP: '10.0.0.77', ports } },
      ),
    ).toEqual(['spec.clusterIPs[0]: Invalid value: ["10.0.0.77"]: may not change once set']);
  });
});

describe('names in metadata', () => {
  it('are named in the messages', () => {
    const type = typeAt('/api/v1/namespaces');
    const [error] = validate(type, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'Bad_Name' } });
    expect(stringAt({ ...error }, 'message')).toBe(
      "Invalid value: \"Bad_Name\": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
    );
  });
});
