// `kapi deprecations` finds each seeded case and nothing else, and never asks for a deprecated
// version.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { describeOnServer, kapi, kapiFile, makeFolder, run, testServer, until } from './kapi.ts';
import { createAdminClient } from './server/admin-client.ts';

const namespace = 'deprecations-e2e';
const group = 'deprecations.example.com';

interface Finding {
  readonly type: string;
  readonly servedAs?: string;
  readonly writtenAs?: string;
  readonly by?: string;
  readonly source: string;
  readonly goneIn?: string;
}

const autoscaler = {
  apiVersion: 'autoscaling/v1',
  kind: 'HorizontalPodAutoscaler',
  metadata: { name: 'old' },
  spec: { maxReplicas: 2, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' } },
};

/** A custom type with versions, and with the fields that its spec requires. */
function definition(
  versions: readonly string[],
  required: readonly string[],
  fields: readonly string[],
): object {
  const properties = Object.fromEntries(fields.map((field) => [field, { type: 'string' }]));
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `gadgets.${group}` },
    spec: {
      ...{ group, scope: 'Namespaced', names: { plural: 'gadgets', kind: 'Gadget', singular: 'gadget' } },
      versions: versions.map((name, at) => ({
        ...{ name, served: true, storage: at === 0, deprecated: at > 0 },
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec: { type: 'object', properties, ...(required.length > 0 ? { required } : {}) },
            },
          },
        },
      })),
    },
  };
}

async function seed(): Promise<void> {
  const { url, caFile, tokens } = testServer();
  const admin = createAdminClient(url, readFileSync(caFile, 'utf8'), tokens.admin);
  await admin.must('POST', '/api/v1/namespaces', { metadata: { name: namespace } });
  await admin.must(
    'POST',
    '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
    definition(['v1', 'v1alpha1'], [], ['color', 'size']),
  );
  // A new type takes a moment to be served.
  await until(
    'the custom type',
    async () => (await admin.send('GET', `/apis/${group}/v1/gadgets`)).status === 200,
  );
  await admin.must(
    'POST',
    `/apis/autoscaling/v1/namespaces/${namespace}/horizontalpodautoscalers?fieldManager=old-helm`,
    autoscaler,
  );
  await admin.must('POST', `/api/v1/namespaces/${namespace}/configmaps`, {
    metadata: {
      name: 'applied',
      annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{"apiVersion":"v1beta3"}' },
    },
  });
}

async function findingsOf(
  ...flags: readonly string[]
): Promise<{ findings: Finding[]; code: number | undefined; stderr: string }> {
  const { stdout, code, stderr } = await kapi(['deprecations', '-o', 'ndjson', ...flags]);
  const lines = stdout.split('\n').filter((line) => line !== '');
  return { findings: lines.map((line) => JSON.parse(line) as Finding), code, stderr };
}

describe('deprecations', () => {
  describeOnServer('on a server with old versions in use', () => {
    beforeAll(seed);

    // Examples of the help run on the same server, and end with 0 if nothing is removed.
    afterAll(async () => {
      const { url, caFile, tokens } = testServer();
      const admin = createAdminClient(url, readFileSync(caFile, 'utf8'), tokens.admin);
      for (const path of [
        `/api/v1/namespaces/${namespace}/configmaps/applied`,
        `/apis/autoscaling/v2/namespaces/${namespace}/horizontalpodautoscalers/old`,
        `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/gadgets.${group}`,
      ]) {
        await admin.must('DELETE', path);
      }
    });

    it('names what was written in an old version, by whom, and ends with 1 if the version is removed', async () => {
      const { findings, code, stderr } = await findingsOf();
      expect(code, stderr).toBe(1);
      const ours = findings.filter(({ type }) => /\/(?:old|applied)$/.test(type) || type.includes(group));
      expect(ours).toMatchObject([
        { type: `gadgets.${group}`, servedAs: `${group}/v1alpha1`, source: 'served' },
        { type: 'configmaps/applied', writtenAs: 'v1beta3', source: 'last-applied', goneIn: 'this server' },
        {
          type: 'horizontalpodautoscalers.autoscaling/old',
          ...{
            servedAs: 'autoscaling/v2',
            writtenAs: 'autoscaling/v1',
            by: 'old-helm',
            source: 'managedFields',
          },
        },
      ]);
      const objects = findings.filter(
        ({ source }) => source === 'managedFields' || source === 'last-applied',
      );
      expect(objects.map(({ type }) => type).filter((type) => !/\/(?:old|applied)$/.test(type))).toEqual([]);
    });

    it('never asks for a deprecated version, and says what it did not read', async () => {
      const { stderr } = await kapi(['deprecations', '-v=6']);
      const asked = [...stderr.matchAll(/GET \S*?(\/apis?\/\S+)/g)].map(([, path = '']) => path);
      expect(asked.length).toBeGreaterThan(20);
      for (const old of [/^\/api\/v1\/(?:endpoints|componentstatuses)\b/, /v1alpha1\/gadgets/]) {
        expect(asked.filter((path) => old.test(path) && path.includes('?limit='))).toEqual([]);
      }
      expect(stderr).not.toContain('is deprecated');
      expect(stderr).toMatch(/note: objects of .*endpoints.* were not read/);
    });

    it('finds requests to a deprecated version', async ({ skip }) => {
      const metrics = await kapi(['get', '/metrics']);
      if (!metrics.stdout.includes('# TYPE apiserver_')) skip('this server has no metrics of its API');
      await kapi(['get', `/apis/${group}/v1alpha1/gadgets`]);
      await kapi(['get', '/api/v1/endpoints']);
      const { stdout } = await kapi(['get', '/metrics']);
      if (!stdout.includes('apiserver_requested_deprecated_apis{'))
        skip('this server does not count deprecated calls');
      const { findings } = await findingsOf();
      expect(findings).toContainEqual(
        expect.objectContaining({ type: 'endpoints', servedAs: 'v1', source: 'metric' }),
      );
    });

    it('--against FILE finds the versions that the other server does not have', async () => {
      const folder = makeFolder();
      const saved = await kapi(['resources', '--all-versions', '-o', 'json']);
      const list = JSON.parse(saved.stdout) as { resources: { group?: string; version: string }[] };
      list.resources = list.resources.filter((one) => !(one.group === group && one.version === 'v1alpha1'));
      const file = join(folder, 'saved.json');
      writeFileSync(file, JSON.stringify(list));
      const { findings, code } = await findingsOf('--against', file);
      expect(code).toBe(1);
      expect(findings.filter(({ source }) => source === 'against')).toMatchObject([
        { type: `gadgets.${group}`, servedAs: `${group}/v1alpha1`, goneIn: file },
      ]);
      writeFileSync(file, saved.stdout);
      expect(
        (await findingsOf('--against', file)).findings.filter(({ source }) => source === 'against'),
      ).toEqual([]);
    });

    it('--against CONTEXT finds fields that are removed or become required', async ({ skip }) => {
      if (testServer().kind === 'sandbox') skip('the contexts of two sandboxes have the same names');
      const folder = makeFolder();
      const file = join(folder, 'definition.json');
      writeFileSync(file, JSON.stringify(definition(['v1'], ['shape'], ['color', 'shape'])));
      const script = [
        `"$NODE" "$KAPI" curl -s -d @${file} customresourcedefinitions -o /dev/null`,
        'other=$("$NODE" "$KAPI" config contexts -o name | head -n 1)',
        'export KUBECONFIG="$OURS:$KUBECONFIG"',
        '"$NODE" "$KAPI" deprecations --against "$other" -o ndjson --context "$CONTEXT"',
      ].join('\n');
      const { kubeconfigs } = testServer();
      const names = await kapi(['config', 'contexts', '-o', 'name']);
      const { stdout, stderr, code } = await run(
        process.execPath,
        [kapiFile, 'sandbox', '--', 'bash', '-c', script],
        {
          kubeconfig: null,
          env: {
            ...{ NODE: process.execPath, KAPI: kapiFile, OURS: kubeconfigs.admin },
            CONTEXT: names.stdout.split('\n')[0] ?? '',
          },
        },
      );
      expect(code, stderr).toBe(1);
      const found = stdout
        .split('\n')
        .filter((line) => line.includes('"against"') && line.includes('adget'))
        .map((line) => (JSON.parse(line) as Finding).type);
      expect(found.sort()).toEqual(['Gadget.spec.shape (required)', 'Gadget.spec.size', `gadgets.${group}`]);
    });

    it('for a user with few permissions is exit 4, and names the missing ones', async () => {
      const { code, stderr } = await kapi(['deprecations'], { kubeconfig: testServer().kubeconfigs.bob });
      expect(code).toBe(4);
      expect(stderr).toContain('Warning: /metrics could not be read');
    });
  });
});
