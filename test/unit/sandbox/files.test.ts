// Files of a sandbox: their permissions, content and removal; loaded manifests.

import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeSandboxFiles } from '../../../src/sandbox/files.ts';
import { readManifest } from '../../../src/sandbox/manifests.ts';
import { openWire } from './wire.ts';

test('files are for their owner only, and are removed with the sandbox', async () => {
  const parent = await mkdtemp(join(tmpdir(), 'kapi-test-'));
  const wire = await openWire();
  const files = await writeSandboxFiles(wire.sandbox, parent);
  const modes = await Promise.all(
    [files.directory, files.kubeconfig, files.ca, files.token, files.serviceAccountDirectory].map(
      async (path) => (await stat(path)).mode & 0o777,
    ),
  );
  expect(modes).toEqual([0o700, 0o600, 0o600, 0o600, 0o700]);
  expect(await readFile(join(files.serviceAccountDirectory, 'namespace'), 'utf8')).toBe('default');
  expect(await readFile(join(files.serviceAccountDirectory, 'token'), 'utf8')).toBe(
    wire.sandbox.serviceAccountToken,
  );
  await files.remove();
  expect(await readdir(parent)).toEqual([]);
  await wire.close();
  await rm(parent, { recursive: true });
});

test('manifests can contain several documents and lists', () => {
  const text = `apiVersion: v1
kind: List
items:
- {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}
---
{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "b"}}
---
`;
  expect(readManifest(text, 'f').map((object) => object.metadata['name'])).toEqual(['a', 'b']);
});

test.each([
  ['a: [', 'f is neither YAML nor JSON: '],
  ['kind: ConfigMap', 'f contains something that is not a Kubernetes object with a name'],
])('%s is not a manifest', (text, message) => {
  expect(() => readManifest(text, 'f')).toThrow(message);
});

test('a loaded object needs its namespace and its type', async () => {
  const map = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: nope}';
  await expect(openWire({ manifest: map })).rejects.toThrow(
    'ConfigMap "a" (v1): there is no namespace "nope"',
  );
  const gizmo = 'apiVersion: example.org/v1\nkind: Gizmo\nmetadata: {name: a}';
  await expect(openWire({ manifest: gizmo })).rejects.toThrow(
    'Gizmo "a" (example.org/v1): the sandbox serves no such type',
  );
});
