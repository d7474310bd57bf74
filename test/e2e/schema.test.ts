// What the sandbox knows from the schema of the real server: both refuse a value that an enum does
// not list with the same message, set the declared defaults, and write the fields of an object in
// the same order. The unit tests of the sandbox use the same recorded messages.
import { readFileSync } from 'node:fs';
import { beforeAll, expect, it } from 'vitest';

import { describeOnServer, testServer } from './kapi.ts';
import { createAdminClient, type AdminClient } from './server/admin-client.ts';

interface Cause {
  readonly reason: string;
  readonly message: string;
  readonly field: string;
}

/** Objects with one wrong value, and what a v1.36.3 server says of it. */
const refused = JSON.parse(
  readFileSync(new URL('../fixtures/server-enums.json', import.meta.url), 'utf8'),
) as readonly { readonly path: string; readonly object: object; readonly causes: readonly Cause[] }[];

describeOnServer('the schema of built-in types', () => {
  let admin: AdminClient;
  beforeAll(() => {
    const { url, caFile, tokens } = testServer();
    admin = createAdminClient(url, readFileSync(caFile, 'utf8'), tokens.admin);
  });

  it('refuses unsupported values in 113 fields with the recorded messages', async () => {
    expect(refused).toHaveLength(113);
    const answers = await Promise.all(
      refused.map(({ path, object }) => admin.send('POST', `${path}?dryRun=All`, object)),
    );
    for (const [index, { status, body }] of answers.entries()) {
      const { path, causes } = refused[index] ?? { path: '', causes: [] };
      expect.soft(status, path).toBe(422);
      const { details } = body as { details?: { causes?: readonly Cause[] } };
      expect.soft(details?.causes, path).toEqual(expect.arrayContaining([...causes]));
    }
  });

  it('sets the defaults that the schema declares', async () => {
    const containers = [
      {
        name: 'main',
        image: 'nginx:1.27',
        ports: [{ containerPort: 80 }],
        livenessProbe: { grpc: { port: 9000 } },
      },
    ];
    const volumes = [
      { name: 'disk', azureDisk: { diskName: 'd', diskURI: 'https://blob.core.windows.net/d' } },
      { name: 'rbd', rbd: { monitors: ['m'], image: 'i', pool: 'own' } },
    ];
    const labels = { app: 'defaults' };
    const body = await admin.must('POST', '/apis/apps/v1/namespaces/default/deployments?dryRun=All', {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'defaults' },
      spec: {
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers, volumes } },
      },
    });
    expect((body as Written).spec.template.spec).toMatchObject({
      containers: [{ ports: [{ protocol: 'TCP' }], livenessProbe: { grpc: { service: '' } } }],
      volumes: [
        { azureDisk: { cachingMode: 'ReadWrite', fsType: 'ext4', readOnly: false, kind: 'Shared' } },
        { rbd: { pool: 'own', user: 'admin', keyring: '/etc/ceph/keyring' } },
      ],
    });
  });

  it('writes the fields of an object in the order of Go, whatever order the client sent', async () => {
    const labels = { tier: 'front', app: 'order' };
    const deployment = {
      spec: {
        template: {
          spec: { dnsPolicy: 'Default', containers: [{ image: 'nginx:1.27', name: 'main' }] },
          metadata: { labels },
        },
        selector: { matchLabels: labels },
        replicas: 0,
      },
      metadata: { labels, name: 'order' },
      kind: 'Deployment',
      apiVersion: 'apps/v1',
    };
    const body = (await admin.must(
      'POST',
      '/apis/apps/v1/namespaces/default/deployments?dryRun=All',
      deployment,
    )) as Written;
    const { spec } = body;
    const pod = spec.template.spec;
    expect(Object.keys(body)).toEqual(['kind', 'apiVersion', 'metadata', 'spec', 'status']);
    expect(Object.keys(spec)).toEqual([
      ...['replicas', 'selector', 'template', 'strategy', 'revisionHistoryLimit', 'progressDeadlineSeconds'],
    ]);
    expect(Object.keys(spec.selector.matchLabels)).toEqual(['app', 'tier']);
    expect(Object.keys(pod)).toEqual([
      ...['containers', 'restartPolicy', 'terminationGracePeriodSeconds', 'dnsPolicy', 'securityContext'],
      'schedulerName',
    ]);
    expect(Object.keys(pod.containers[0] ?? {})).toEqual([
      ...[
        'name',
        'image',
        'resources',
        'terminationMessagePath',
        'terminationMessagePolicy',
        'imagePullPolicy',
      ],
    ]);
  });
});

interface Written {
  readonly spec: {
    readonly selector: { readonly matchLabels: object };
    readonly template: { readonly spec: { readonly containers: readonly object[] } };
  };
}
