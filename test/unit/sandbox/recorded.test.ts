// Compares the sandbox with recorded responses of a real kube-apiserver: same request, same status,
// headers and body.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { recorded } from '../../recorded.ts';
import { openWire, type As, type Wire } from './wire.ts';

let wire: Wire;
beforeAll(async () => {
  wire = await openWire();
});
afterAll(() => wire.close());

interface Recorded {
  readonly as: As;
  readonly method: string;
  readonly path: string;
  readonly accept: string;
  readonly contentType?: string;
  readonly body?: string | object;
  readonly headers?: Readonly<Record<string, string>>;
}

async function replay(name: string): Promise<{ real: unknown; sandbox: unknown }> {
  const { request, response } = recorded(name);
  const { as, method, path, accept, contentType, body, headers } = request as unknown as Recorded;
  const answer = await wire.ask(path, {
    as,
    method,
    accept,
    ...(contentType === undefined ? {} : { contentType }),
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    ...(headers === undefined ? {} : { headers }),
  });
  const kept = ['content-type', 'cache-control', 'x-content-type-options', 'vary'];
  const pick = (all: Readonly<Record<string, unknown>>): unknown => kept.map((header) => all[header]);
  return {
    real: { status: response.status, headers: pick(response.headers), body: timeless(response.body) },
    sandbox: {
      status: answer.status,
      headers: pick(answer.headers),
      body: timeless(typeof response.body === 'string' ? answer.text : answer.body),
    },
  };
}

/** Removes what differs from run to run. */
function timeless(body: unknown): unknown {
  const text = JSON.stringify(body);
  return JSON.parse(
    text
      .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, 'TIME')
      .replaceAll(/(X509SHA256|JTI)=[0-9a-f-]+/g, '$1=ID')
      .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'UID'),
  ) as unknown;
}

test.each([
  'error/bad-continue',
  'error/bad-field-selector',
  'error/bad-json',
  'error/bad-label-selector',
  'error/conflict-already-exists',
  'error/conflict-resourceversion',
  'error/forbidden-anonymous-pods',
  'error/forbidden-anonymous-root',
  'error/forbidden-jane-pods-default',
  'error/forbidden-jane-secret',
  'error/forbidden-serviceaccount-pods',
  'error/forbidden-serviceaccount-root',
  'error/invalid-422',
  'error/method-not-allowed',
  'error/notfound-group',
  'error/notfound-object',
  'error/notfound-path',
  'error/notfound-resource',
  'error/unauthorized-401',
  'error/unknown-field-strict',
  'error/unsupported-media',
  'access/can-i-no',
  'access/can-i-yes',
  'access/can-i-subresource',
  'access/impersonated-whoami',
  'access/whoami-admin',
  'access/whoami-anonymous',
  'access/whoami-serviceaccount',
  'discovery/aggregated-api',
  'discovery/aggregated-apis',
  'discovery/api_v1',
  'discovery/apis_apps_v1',
  'discovery/apis_autoscaling_v2',
  'discovery/apis_batch_v1',
  'discovery/apis_stable.example.com_v1',
  'root/apis',
  'root/healthz-verbose',
  'root/healthz',
  'root/livez-verbose',
  'root/readyz-etcd',
  'root/readyz-verbose',
  'root/openid-jwks',
])('%s', async (name) => {
  const { real, sandbox } = await replay(name);
  expect(sandbox).toEqual(real);
});

test('bodies are written with the keys in the order of Go structs', async () => {
  const answer = await wire.ask('/api/v1/namespaces/default/pods/no-such');
  expect(answer.text).toBe(
    '{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"pods \\"no-such\\" not found","reason":"NotFound","details":{"name":"no-such","kind":"pods"},"code":404}\n',
  );
});
