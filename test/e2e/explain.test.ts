// `kapi explain` compared with kubectl's, for every type of the server and for fields of many
// kinds.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

import {
  curl,
  describeAgainstKubectl,
  describeOnServer,
  expectSame,
  kapi,
  kubectl,
  makeFolder,
  testServer,
  until,
} from './kapi.ts';
import { wordsOf } from './words.ts';

/** Types of nearly every group. */
const types = [
  'pods',
  'bindings',
  'componentstatuses',
  'events',
  'deployments',
  'hpa',
  'jobs',
  'csr',
  'leases',
  'endpointslices',
  'flowschemas',
  'ingresses',
  'pdb',
  'clusterroles',
  'storageclasses',
  'validatingwebhookconfigurations',
  'crd',
  'apiservices',
  'tokenreviews',
  'selfsubjectaccessreviews',
  'fleets',
  'widgets',
];

const fields = [
  'pods.spec',
  'pods.metadata',
  'pods.metadata.labels',
  'pods.metadata.managedFields.fieldsV1',
  'Pod.spec.containers',
  'po.spec.containers.image',
  'pods.spec.containers.ports',
  'pods.spec.containers.resources.limits',
  'pods.spec.containers.env.valueFrom.resourceFieldRef.divisor',
  'pods.spec.volumes.hostPath.type',
  'pods.spec.dnsPolicy',
  'pods.spec.nodeSelector',
  'svc.spec.ports.protocol',
  'deployments.apps.spec.strategy',
  'deploy.spec.strategy.rollingUpdate.maxUnavailable',
  'cj.spec.jobTemplate.spec.template.spec.affinity',
  'crd.spec.versions.schema.openAPIV3Schema.properties',
  'configmaps.data',
  'secret.type',
  'widgets.spec',
  'wg.spec.colour',
  'widgets.status',
];

const questions = [
  ...types,
  ...fields,
  'pods --recursive',
  'deploy.spec --recursive',
  'crd --recursive',
  'crd.spec.versions.schema.openAPIV3Schema.not.not --recursive',
  'netpol.spec.ingress.from --recursive',
  'widgets --recursive',
  'hpa --api-version=autoscaling/v1',
  'hpa --api-version=autoscaling/v1 --recursive',
  'widgets --api-version=kapi.test/v1beta1',
  'tokenreviews.status',
  'pods. ',
];

describeAgainstKubectl('kapi explain prints what kubectl prints', () => {
  it.concurrent.each(questions)('%s', async (question) => {
    const words = ['explain', ...wordsOf(question)];
    const { ours } = await expectSame({ kapi: words, kubectl: words });
    expect(ours.stdout).toMatch(/^(GROUP: .*\n)?KIND: /);
    expect(ours).toMatchObject({ code: 0, stderr: '' });
  });

  it.concurrent.each([
    'pods.spec.foo',
    'pods.foo.bar',
    'pods.spec.nodeSelector.x',
    'fleets.spec',
    'deployments --api-version=apps/v2',
    'pods --api-version=apps/v1',
  ])('%s: the same error, and nothing on stdout', async (question) => {
    const words = ['explain', ...wordsOf(question)];
    const [ours, theirs] = await Promise.all([kapi(words), kubectl(words)]);
    expect(ours).toMatchObject({ code: 2, stdout: '' });
    expect(ours.stderr.split('\n')[0]).toBe(theirs.stderr.trimEnd());
    expect(ours.stderr).toContain('\nhint: ');
  });
});

describeOnServer('kapi explain', () => {
  it('finds types that kubectl cannot name', async () => {
    const { stdout, code } = await kapi(wordsOf('explain events.events.k8s.io.series'));
    expect(stdout).toMatch(
      /^GROUP: {6}events\.k8s\.io\nKIND: {7}Event\nVERSION: {4}v1\n\nFIELD: series <EventSeries>\n/,
    );
    expect(code).toBe(0);
  });

  it('caches the document of a group and requests only the index afterwards', async () => {
    const cache = makeFolder();
    const words = wordsOf('explain widgets.spec -v --cache-dir').concat(cache);
    const first = await kapi(words);
    const second = await kapi(words);
    expect(second.stdout).toBe(first.stdout);
    const requests = (stderr: string): string[] =>
      [...stderr.matchAll(/^> (GET \S+)/gm)].map(([, line]) => line?.replace(/hash=.*/, 'hash=…') ?? '');
    expect(requests(first.stderr)).toContain('GET /openapi/v3/apis/kapi.test/v1?hash=…');
    expect(requests(second.stderr)).toEqual(['GET /openapi/v3']);
    const [server = ''] = readdirSync(join(cache, 'kapi'));
    expect(readdirSync(join(cache, 'kapi', server, 'openapi'))).toEqual(['apis_kapi.test_v1.json']);
  });

  it('finds fields of a custom resource', async () => {
    const { stdout } = await kapi(wordsOf('explain widgets --search colour -o ndjson'));
    expect(stdout.split('\n')[0]).toContain('"field":"widgets.spec.colour"');
  });

  it('names fields with dots as it reads them', async () => {
    const group = 'dots.kapi.test';
    const crds = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
    const schema = { properties: { 'auth.anonymous': { type: 'boolean', description: 'Lets all in.' } } };
    const properties = { spec: { type: 'object', ...schema } };
    const crd = {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: `dotted.${group}` },
      spec: {
        ...{ group, scope: 'Namespaced', names: { plural: 'dotted', kind: 'Dotted' } },
        versions: [
          {
            name: 'v1',
            served: true,
            storage: true,
            schema: { openAPIV3Schema: { type: 'object', properties } },
          },
        ],
      },
    };
    const send = ['-H', 'Content-Type: application/json', '-d', JSON.stringify(crd)];
    await curl(crds, '-X', 'POST', ...send);
    try {
      await until('its schema is served', async () => {
        const { stdout } = await curl(`/openapi/v3/apis/${group}/v1`);
        return stdout.includes('Lets all in.');
      });
      const found = await kapi(wordsOf('explain dotted.dots.kapi.test --search lets -o ndjson'));
      const { field } = JSON.parse(found.stdout) as { readonly field: string };
      expect(field).toMatch(/\.spec\.auth\\\.anonymous$/);
      expect(await kapi(['explain', field])).toMatchObject({
        code: 0,
        stdout: expect.stringContaining('FIELD: auth.anonymous <boolean>') as string,
      });
      const missing = await kapi(['explain', 'dotted.spec.auth.anonymous']);
      expect(missing.code).toBe(2);
      expect(missing.stderr).toContain(String.raw`kapi explain 'dotted.spec.auth\.anonymous'`);
    } finally {
      await curl(`${crds}/dotted.${group}`, '-X', 'DELETE');
    }
  });

  it('prints the whole schema of a pod as JSON, with only recursive references', async () => {
    const { stdout, code } = await kapi(wordsOf('explain pods -o json'));
    expect(code).toBe(0);
    const schema = JSON.parse(stdout);
    expect(schema.properties.spec.properties.containers.items.properties.image.type).toBe('string');
    expect(stdout).not.toContain('"$ref"');
    const crd = await kapi(wordsOf('explain crd.spec.versions.schema -o json'));
    expect(crd.stdout).toContain('"$ref": "#/components/schemas/io.k8s.apiextensions-apiserver');
  });

  it('works for ordinary users too', async () => {
    const { stdout, code } = await kapi(wordsOf('explain pods.spec.nodeName'), {
      kubeconfig: testServer().kubeconfigs.jane,
    });
    expect(stdout).toContain('FIELD: nodeName <string>\n');
    expect(code).toBe(0);
  });
});
