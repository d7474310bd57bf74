// The field owners (managedFields) that the sandbox records equal those of the real server, for
// objects of many types.
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { objectsAt } from '../../src/model/fields.ts';
import { objectAt, stringAt, type JsonObject } from '../../src/model/object.ts';
import { openSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';
import { describeOnServer, testServer } from './kapi.ts';
import { ownedObjects, type OwnedObject } from './owned-objects.ts';

interface Server {
  readonly url: string;
  readonly ca: string;
  readonly token: string;
}

function ask(
  server: Server,
  method: string,
  path: string,
  type?: string,
  body?: JsonObject,
): Promise<JsonObject> {
  const headers = {
    authorization: `Bearer ${server.token}`,
    ...(type === undefined ? {} : { 'content-type': type }),
  };
  return new Promise((resolve, reject) => {
    const sent = request(`${server.url}/${path}`, { method, ca: server.ca, headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.once('end', () => {
        try {
          resolve(JSON.parse(Buffer.concat(chunks).toString('utf8')) as JsonObject);
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      });
    });
    sent.once('error', reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** Returns the owners after each kind of write, or the message of a refused write. */
async function ownersOf(
  server: Server,
  { collection, object, patch }: OwnedObject,
): Promise<Record<string, unknown>> {
  const path = `${collection}/${object.metadata.name}`;
  const applyType = 'application/apply-patch+yaml';
  const steps = {
    'applied to nothing': () =>
      ask(server, 'PATCH', `${path}?fieldManager=applier&dryRun=All`, applyType, object),
    created: () => ask(server, 'POST', `${collection}?fieldManager=maker`, 'application/json', object),
    patched: () =>
      ask(server, 'PATCH', `${path}?fieldManager=patcher`, 'application/strategic-merge-patch+json', patch),
    'applied over others': () =>
      ask(server, 'PATCH', `${path}?fieldManager=applier&force=true&dryRun=All`, applyType, object),
  };
  const owners: Record<string, unknown> = {};
  for (const [name, step] of Object.entries(steps)) owners[name] = entriesOf(await step());
  await ask(server, 'DELETE', `${path}?gracePeriodSeconds=0`);
  return owners;
}

function entriesOf(answer: JsonObject): unknown {
  if (answer['kind'] === 'Status') return stringAt(answer, 'message');
  return objectsAt(objectAt(answer, 'metadata'), 'managedFields').map((entry) => {
    // The real server stores the generation of a DaemonSet's template in an annotation that is no
    // longer used.
    const text = JSON.stringify(entry['fieldsV1']);
    const fields: unknown = JSON.parse(text.replace('"f:deprecated.daemonset.template.generation":{},', ''));
    return [stringAt(entry, 'manager'), stringAt(entry, 'operation'), fields];
  });
}

describeOnServer('owners of fields', () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await openSandbox({
      port: 0,
      faults: [],
      objects: [],
      pods: 0,
      lively: false,
      now: () => new Date(),
    });
  });
  afterAll(() => sandbox.close());

  it.concurrent.each(ownedObjects.map((owned) => [owned.object.kind, owned] as const))(
    'of a %s are those of the real server',
    async (_, owned) => {
      const { url, caFile, tokens } = testServer();
      const tested = { url, ca: readFileSync(caFile, 'utf8'), token: tokens.admin };
      const own = { url: sandbox.url, ca: sandbox.caCertificate, token: sandbox.admin.token };
      const [expected, actual] = await Promise.all([ownersOf(tested, owned), ownersOf(own, owned)]);
      expect(actual).toEqual(expected);
      expect(Object.values(expected).map((owners) => typeof owners)).not.toContain('string');
    },
  );
});
