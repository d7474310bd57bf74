// Protobuf bodies, some as kubectl 1.33 sent them, and the OpenAPI document that kubectl 1.28 asks
// for.

import { expect, test } from 'vitest';
import { encodeOpenApiV2 } from '../../../../src/sandbox/endpoints/openapi-protobuf.ts';
import { decodeProtobuf, ProtobufError } from '../../../../src/sandbox/http/protobuf.ts';

test.each([
  [
    'create deployment pb --image nginx:1.27 --replicas 2 --port 80',
    'azhzAAoVCgdhcHBzL3YxEgpEZXBsb3ltZW50ErkBCh0KAnBiEgAaACIAKgAyADgAQgBaCQoDYXBwEgJwYhKJAQgCEgsKCQoDYXBwEgJwYhpwChsKABIAGgAiACoAMgA4AEIAWgkKA2FwcBICcGISURIzCgVuZ2lueBIKbmdpbng6MS4yNyoAMgoKABAAGFAiACoAQgBqAHIAgAEAiAEAkAEAogEAGgAyAEIASgBSAFgAYABoAIIBAIoBAJoBAMIBACICCgAoADgAGgwIABAAGAAgACgAOAAaACIA',
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'pb', labels: { app: 'pb' } },
      spec: {
        replicas: 2,
        selector: { matchLabels: { app: 'pb' } },
        template: {
          metadata: { labels: { app: 'pb' } },
          spec: { containers: [{ name: 'nginx', image: 'nginx:1.27', ports: [{ containerPort: 80 }] }] },
        },
      },
    },
  ],
  [
    'auth can-i get pods/log -n dev',
    'azhzAAoyChdhdXRob3JpemF0aW9uLms4cy5pby92MRIXU2VsZlN1YmplY3RBY2Nlc3NSZXZpZXcSOwoQCgASABoAIgAqADIAOABCABIdChsKA2RldhIDZ2V0GgAiACoEcG9kczIAOgNsb2caCAgAEgAaACAAGgAiAA==',
    {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes: { namespace: 'dev', verb: 'get', resource: 'pods', name: 'log' } },
    },
  ],
  [
    'create token default --duration 20m',
    'azhzAAooChhhdXRoZW50aWNhdGlvbi5rOHMuaW8vdjESDFRva2VuUmVxdWVzdBIdChAKABIAGgAiACoAMgA4AEIAEgMgsAkaBAoAEgAaACIA',
    {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      spec: { expirationSeconds: 1200 },
    },
  ],
])('the request of kubectl 1.33 for %s', (_command, body, object) => {
  expect(decodeProtobuf(Buffer.from(body, 'base64'))).toEqual(object);
});

test('a body that ends too early', () => {
  const body = Buffer.from('azhzAAoPCgJ2MRIJTmFtZXNwYWNlEhkKEQoBeBIAGgAi', 'base64');
  expect(() => decodeProtobuf(body)).toThrow(ProtobufError);
});

test('a request with a pointer that is false, a map and an inlined struct', () => {
  const text = (field: number, value: string): Buffer =>
    Buffer.concat([Buffer.from([field * 8 + 2, value.length]), Buffer.from(value)]);
  const message = (field: number, ...parts: Buffer[]): Buffer => {
    const inner = Buffer.concat(parts);
    return Buffer.concat([Buffer.from([field * 8 + 2, inner.length]), inner]);
  };
  const number = (field: number, value: number): Buffer => Buffer.from([field * 8, value]);
  const wrap = (apiVersion: string, kind: string, ...parts: Buffer[]): Buffer =>
    Buffer.concat([
      Buffer.from('k8s\0'),
      message(1, text(1, apiVersion), text(2, kind)),
      message(2, ...parts),
      text(3, ''),
      text(4, ''),
    ]);

  const metadata = message(1, text(1, 'a'), text(2, ''), message(11, text(1, 'k'), text(2, 'v')));
  const keyRef = message(4, message(1, text(1, 'map')), text(2, 'key'), number(3, 0));
  const container = message(
    2,
    text(1, 'c'),
    text(2, ''),
    message(7, text(1, 'E'), text(2, ''), message(3, keyRef.subarray(0, 0), message(3, keyRef.subarray(2)))),
  );
  expect(decodeProtobuf(wrap('v1', 'Pod', metadata, message(2, container, number(4, 0))))).toEqual({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'a', labels: { k: 'v' } },
    spec: {
      containers: [
        {
          name: 'c',
          env: [{ name: 'E', valueFrom: { configMapKeyRef: { name: 'map', key: 'key', optional: false } } }],
        },
      ],
      terminationGracePeriodSeconds: 0,
    },
  });
});

test('invalid protobuf, and an unknown kind', () => {
  expect(() => decodeProtobuf(Buffer.from('{}'))).toThrow(
    'provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]',
  );
  expect(() => decodeProtobuf(Buffer.from('k8s\0\x0a\x06\x12\x04Nope', 'latin1'))).toThrow(
    'the sandbox does not read protobuf of kind "Nope"',
  );
});

test('OpenAPI as protobuf says which kinds take which parameters', () => {
  const bytes = encodeOpenApiV2({
    info: { title: 'T', version: 'V' },
    paths: {
      '/a': {
        patch: {
          parameters: [{ name: 'fieldValidation', in: 'query', type: 'string' }],
          'x-kubernetes-group-version-kind': { group: '', version: 'v1', kind: 'A' },
        },
      },
      '/b': { get: {} },
    },
  });
  const text = bytes.toString('latin1');
  expect(text.startsWith('\x0a\x032.0\x12\x06\x0a\x01T\x12\x01V')).toBe(true);
  expect(text).toContain('fieldValidation');
  expect(text).toContain('group: ""\nversion: "v1"\nkind: "A"\n');
  expect(text).not.toContain('/b');
});
