// The format of maps is that of k8s.io/kubernetes/pkg/fieldpath.
import { describe, expect, it } from 'vitest';
import {
  envFieldValue,
  fileFieldValue,
  formatMap,
  withoutKubeletLines,
} from '../../../src/model/downward-field.ts';
import type { KubeObject } from '../../../src/model/object.ts';

const pod: KubeObject = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: 'web',
    namespace: 'dev',
    uid: 'b1e2',
    labels: { app: 'web', 'app.kubernetes.io/part-of': "it's" },
    annotations: { note: 'two\nlines' },
  },
  spec: { nodeName: 'node-a', serviceAccountName: 'builder' },
  status: {
    hostIP: '192.168.1.10',
    hostIPs: [{ ip: '192.168.1.10' }, { ip: 'fd00::10' }],
    podIP: '10.0.0.7',
    podIPs: [{ ip: '10.0.0.7' }, { ip: 'fd00::7' }],
  },
};

describe('formatMap', () => {
  it('sorts by key, quotes as Go does, ends without a line break', () => {
    expect(
      formatMap({
        b: 'q"uo\\te',
        a: 'line\nbreak\ttab \u0007\u001b\u007f\u0080é\u202e',
        'x.io/y': 'web',
        A: '',
      }),
    ).toBe('A=""\na="line\\nbreak\\ttab \\a\\x1b\\x7f\\u0080é\\u202e"\nb="q\\"uo\\\\te"\nx.io/y="web"');
  });

  it('is empty for an empty map', () => {
    expect(formatMap({})).toBe('');
  });
});

describe('a field as a variable', () => {
  it.each([
    ['metadata.name', 'web'],
    ['metadata.namespace', 'dev'],
    ['metadata.uid', 'b1e2'],
    ["metadata.labels['app']", 'web'],
    ["metadata.labels['app.kubernetes.io/part-of']", "it's"],
    ["metadata.labels['none']", ''],
    ["metadata.annotations['note']", 'two\nlines'],
    ['spec.nodeName', 'node-a'],
    ['spec.host', 'node-a'],
    ['spec.serviceAccountName', 'builder'],
    ['status.hostIP', '192.168.1.10'],
    ['status.hostIPs', '192.168.1.10,fd00::10'],
    ['status.podIP', '10.0.0.7'],
    ['status.podIPs', '10.0.0.7,fd00::7'],
  ])('%s', (path, text) => {
    expect(envFieldValue(pod, path)).toEqual({ kind: 'value', text });
  });

  it.each([
    ['spec.nodeName', 'the pod is on no node yet'],
    ['status.hostIPs', 'the pod is on no node yet'],
    ['status.podIP', 'the pod has no IP address yet'],
  ])('%s of a newly created pod', (path, reason) => {
    expect(envFieldValue({ ...pod, spec: {}, status: {} }, path)).toEqual({
      kind: 'unknown',
      reason,
      needsNode: false,
    });
  });

  it('uses the single address of older servers', () => {
    expect(envFieldValue({ ...pod, status: { podIP: '10.0.0.7' } }, 'status.podIPs')).toEqual({
      kind: 'value',
      text: '10.0.0.7',
    });
  });

  it.each(['status.phase', 'spec.restartPolicy', "spec.nodeSelector['a']", 'metadata.labels[app]'])(
    '%s is not a field of the Downward API',
    (path) => {
      expect(envFieldValue(pod, path)).toEqual({ kind: 'invalid', reason: `unsupported fieldPath: ${path}` });
    },
  );
});

describe('a field as a file', () => {
  it('can be a whole map', () => {
    expect(fileFieldValue(pod, 'metadata.labels')).toEqual({
      kind: 'value',
      text: 'app="web"\napp.kubernetes.io/part-of="it\'s"',
    });
    expect(fileFieldValue(pod, 'metadata.annotations')).toEqual({
      kind: 'value',
      text: 'note="two\\nlines"',
      kubeletAdds: true,
    });
  });

  it('knows the annotations that only the kubelet sets', () => {
    expect(fileFieldValue(pod, "metadata.annotations['kubernetes.io/config.source']")).toEqual({
      kind: 'value',
      text: 'api',
    });
    expect(fileFieldValue(pod, "metadata.annotations['kubernetes.io/config.seen']")).toMatchObject({
      kind: 'unknown',
    });
    const seen = 'a="b"\nkubernetes.io/config.seen="2026-01-02T03:04:05Z"\nkubernetes.io/config.source="api"';
    expect(withoutKubeletLines(seen)).toBe('a="b"');
  });

  it('has only metadata', () => {
    expect(fileFieldValue(pod, 'spec.nodeName')).toEqual({
      kind: 'invalid',
      reason: 'unsupported fieldPath: spec.nodeName',
    });
  });
});
