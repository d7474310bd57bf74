import { describe, expect, it } from 'vitest';
import type { JsonObject, KubeObject } from '../../../../src/model/object.ts';
import { servedTypes } from '../../../../src/sandbox/types/served-types.ts';
import type { ServedType } from '../../../../src/sandbox/types/types.ts';
import { decodingProblem, unknownFields } from '../../../../src/sandbox/schema/unknown-fields.ts';

function typeOf(kind: string): ServedType {
  const type = servedTypes.find((candidate) => candidate.kind === kind);
  if (type === undefined) throw new Error(`no ${kind}`);
  return type;
}

function pod(spec: JsonObject[string], metadata: JsonObject = {}): KubeObject {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'x', ...metadata }, spec };
}

describe('unknownFields', () => {
  it('finds them in document order, as the real server does', () => {
    const object: KubeObject = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'a', foo: 1, labels: { a: 'b' } },
      zar: 1,
      bar: 1,
      spec: {
        zz: 1,
        containers: [{ name: 'c', image: 'i', foo: 1, ports: [{ x: 1 }], Image: 'x' }],
        Foo: 1,
        volumes: [{ name: 'v', emptyDir: { x: 1 } }],
      },
    };
    expect(unknownFields(typeOf('Pod'), object).join(', ')).toBe(
      'unknown field "metadata.foo", unknown field "zar", unknown field "bar", unknown field "spec.zz", unknown field "spec.containers[0].foo", unknown field "spec.containers[0].ports[0].x", unknown field "spec.containers[0].Image", unknown field "spec.Foo", unknown field "spec.volumes[0].emptyDir.x"',
    );
  });

  it('finds those of custom objects with their schema, sorted, metadata first', () => {
    const schema = {
      type: 'object',
      properties: {
        spec: {
          type: 'object',
          properties: {
            name: { type: 'string' },
            inner: { type: 'object', properties: { x: { type: 'string' } } },
            free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
            list: { type: 'array', items: { type: 'object', properties: { a: { type: 'string' } } } },
          },
        },
      },
    };
    const custom: ServedType = {
      ...typeOf('Deployment'),
      custom: { listKind: 'CheckList', printerColumns: [], schema },
    };
    const object: KubeObject = {
      apiVersion: 'sandboxdata.test/v1',
      kind: 'Check',
      metadata: { name: 'a', foo: 1 },
      zar: 1,
      bar: 1,
      spec: { name: 'abc', foo: 1, inner: { x: 'a', y: 2 }, free: { z: 1 }, list: [{ a: 'x' }, { b: 1 }] },
    };
    expect(unknownFields(custom, object)).toEqual([
      'unknown field "metadata.foo"',
      'unknown field "bar"',
      'unknown field "spec.foo"',
      'unknown field "spec.inner.y"',
      'unknown field "spec.list[1].b"',
      'unknown field "zar"',
    ]);
  });

  it('finds none in ordinary objects of every group', () => {
    expect(unknownFields(typeOf('Pod'), pod({ containers: [{ name: 'c', image: 'i' }] }))).toEqual([]);
    const definition = {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'a.b' },
      spec: { versions: [{ schema: { openAPIV3Schema: { properties: { anything: { type: 'string' } } } } }] },
    };
    expect(unknownFields(typeOf('CustomResourceDefinition'), definition)).toEqual([]);
  });
});

describe('decodingProblem', () => {
  const container = { name: 'c', image: 'i' };
  it.each([
    [
      pod({ containers: [{ ...container, env: [{ name: 'A', value: 3 }] }] }),
      'json: cannot unmarshal number into Go struct field EnvVar.spec.containers.env.value of type string',
    ],
    [
      pod({ containers: { name: 'c' } }),
      'json: cannot unmarshal object into Go struct field PodSpec.spec.containers of type []v1.Container',
    ],
    [
      pod({ containers: ['c'] }, { labels: { a: 3 } }),
      'json: cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string',
    ],
    [pod('x'), 'json: cannot unmarshal string into Go struct field Pod.spec of type v1.PodSpec'],
    [
      pod({ hostNetwork: 'true', containers: [{ name: 3 }] }),
      'json: cannot unmarshal string into Go struct field PodSpec.spec.hostNetwork of type bool',
    ],
    [
      pod({ containers: [{ ...container, command: 'sleep' }] }),
      'json: cannot unmarshal string into Go struct field Container.spec.containers.command of type []string',
    ],
    [
      pod({ terminationGracePeriodSeconds: 1.5 }),
      'json: cannot unmarshal number 1.5 into Go struct field PodSpec.spec.terminationGracePeriodSeconds of type int64',
    ],
    [
      pod({}, { annotations: 'x' }),
      'json: cannot unmarshal string into Go struct field ObjectMeta.metadata.annotations of type map[string]string',
    ],
    [
      pod({ containers: [{ ...container, resources: { limits: { cpu: 'abc' } } }] }),
      "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
    ],
    [
      pod({ nodeSelector: { a: true } }),
      'json: cannot unmarshal bool into Go struct field PodSpec.spec.nodeSelector of type string',
    ],
  ])('of %j is the message of Go', (object, problem) => {
    expect(decodingProblem(typeOf('Pod'), object)).toBe(problem);
  });

  it('knows other types', () => {
    const of = (kind: string, apiVersion: string, rest: JsonObject): string | undefined =>
      decodingProblem(typeOf(kind), { apiVersion, kind, metadata: { name: 'x' }, ...rest });
    expect(of('Deployment', 'apps/v1', { spec: { replicas: '3' } })).toBe(
      'json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32',
    );
    expect(of('ConfigMap', 'v1', { data: { a: 1 } })).toBe(
      'json: cannot unmarshal number into Go struct field ConfigMap.data of type string',
    );
    expect(of('ConfigMap', 'v1', { binaryData: { a: '%%' } })).toBe('illegal base64 data at input byte 0');
    expect(of('Secret', 'v1', { data: { a: 'hello!' } })).toBe('illegal base64 data at input byte 5');
    expect(of('Secret', 'v1', { data: { a: 'aGVsbG8=' } })).toBeUndefined();
    expect(of('Service', 'v1', { spec: { ports: [{ port: 80, targetPort: { a: 'b' } }] } })).toBe(
      'json: cannot unmarshal object into Go struct field ServicePort.spec.ports.targetPort of type int32',
    );
  });

  it('treats null as absent', () => {
    expect(decodingProblem(typeOf('Pod'), pod({ containers: null, nodeName: null }))).toBeUndefined();
  });
});
