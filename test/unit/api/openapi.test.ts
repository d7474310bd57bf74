import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openOpenApiCache, type OpenApiCache } from '../../../src/api/openapi-cache.ts';
import { openOpenApi } from '../../../src/api/openapi.ts';
import { RefusedError, ServerError } from '../../../src/errors.ts';
import { scriptedSend, type Exchange, type ScriptedSend } from '../../scripted-send.ts';

const root = mkdtempSync(join(tmpdir(), 'kapi-openapi-'));
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});
const apps = { group: 'apps', version: 'v1' };
const noCache = openOpenApiCache(undefined);

const kind = { group: 'apps', version: 'v1', kind: 'Deployment' };
const schemas = { 'io.k8s.Deployment': { type: 'object', 'x-kubernetes-group-version-kind': [kind] } };
const paths = {
  '/apis/apps/v1/': { get: {} },
  '/apis/apps/v1/deployments': { get: { 'x-kubernetes-group-version-kind': kind } },
  '/apis/apps/v1/namespaces/{namespace}/deployments/{name}': {
    get: { 'x-kubernetes-group-version-kind': kind },
  },
  '/apis/apps/v1/namespaces/{namespace}/deployments/{name}/scale': {
    get: { 'x-kubernetes-group-version-kind': { group: 'autoscaling', version: 'v1', kind: 'Scale' } },
  },
  '/apis/apps/v1/namespaces/{namespace}/createonly': { post: { 'x-kubernetes-group-version-kind': kind } },
  '/apis/apps/v10/deployments': { get: { 'x-kubernetes-group-version-kind': { kind: 'Other' } } },
};
const expected = { schemas, kinds: { deployments: kind, createonly: kind } };

const index = (url: string): Exchange => ({
  request: 'GET /openapi/v3',
  reply: { body: { paths: { 'apis/apps/v1': { serverRelativeURL: url } } } },
});
const document = (path: string): Exchange => ({
  request: `GET ${path}`,
  headers: { accept: 'application/json' },
  reply: { body: { openapi: '3.0.0', paths, components: { schemas } } },
});
const missing: Exchange['reply'] = { status: 404, body: '404 page not found' };

async function ask(exchanges: readonly Exchange[], cache: OpenApiCache): Promise<[unknown, ScriptedSend]> {
  const script = scriptedSend(exchanges);
  const found = await openOpenApi({ send: script.send, cache }).document(apps);
  script.verify();
  return [found, script];
}

describe('OpenAPI 3', () => {
  const hashed = '/openapi/v3/apis/apps/v1?hash=AB12';

  it('reads the index and the document of one group version', async () => {
    const [found] = await ask([index(hashed), document(hashed)], noCache);
    expect(found).toEqual(expected);
  });

  it('keeps the document by its hash and asks for another one when the hash changes', async () => {
    const directory = mkdtempSync(join(root, 'cache-'));
    const cache = openOpenApiCache(directory);
    await ask([index(hashed), document(hashed)], cache);
    const [again] = await ask([index(hashed)], cache);
    expect(again).toEqual(expected);
    const other = '/openapi/v3/apis/apps/v1?hash=CD34';
    await ask([index(other), document(other)], cache);
    await ask([index(other)], cache);
    const files = readdirSync(join(directory, 'openapi'));
    expect(files).toEqual(['apis_apps_v1.json']);
    expect(statSync(join(directory, 'openapi', files[0] ?? '')).mode & 0o777).toBe(0o600);
  });

  it.each([
    '',
    'no line',
    '{"form":1,"hash":"AB12"}\n{"schemas":',
    '{"form":0,"hash":"AB12"}\n{"schemas":{}}',
    '[]\n{}',
  ])('treats a file that contains %j as absent', async (text) => {
    const directory = mkdtempSync(join(root, 'cache-'));
    const cache = openOpenApiCache(directory);
    await ask([index(hashed), document(hashed)], cache);
    const file = join(directory, 'openapi/apis_apps_v1.json');
    writeFileSync(file, text);
    const [found] = await ask([index(hashed), document(hashed)], cache);
    expect(found).toEqual(expected);
    expect(readFileSync(file, 'utf8')).toMatch(/^{"form":1,"hash":"AB12"}\n{"schemas":/);
  });

  it('does not keep a document with integers that JSON cannot hold, and shows them exactly', async () => {
    const cache = openOpenApiCache(mkdtempSync(join(root, 'cache-')));
    const body = '{"components":{"schemas":{"a":{"maximum":9223372036854775807}}},"paths":{}}';
    const exact: Exchange = {
      request: `GET ${hashed}`,
      reply: { body, headers: { 'content-type': 'application/json' } },
    };
    const [found] = await ask([index(hashed), exact], cache);
    expect(found).toMatchObject({ schemas: { a: { maximum: 9223372036854775807n } } });
    await ask([index(hashed), document(hashed)], cache);
  });

  it('is undefined for a version that the server does not describe', async () => {
    const script = scriptedSend([index(hashed)]);
    const openApi = openOpenApi({ send: script.send, cache: noCache });
    expect(await openApi.document({ group: 'apps', version: 'v2' })).toBeUndefined();
    expect(await openApi.document({ group: '', version: 'v1' })).toBeUndefined();
    script.verify();
  });

  it.each(['//elsewhere.test/doc', 'https://elsewhere.test/doc', ''])(
    'does not follow a URL such as %j',
    async (url) => {
      const [found] = await ask([index(url), document('/openapi/v3/apis/apps/v1')], noCache);
      expect(found).toEqual(expected);
    },
  );

  it('requests the index with its own function if there is one', async () => {
    const first = scriptedSend([index(hashed)]);
    const second = scriptedSend([document(hashed)]);
    await openOpenApi({ send: second.send, sendIndex: first.send, cache: noCache }).document(apps);
    first.verify();
    second.verify();
  });

  it('does not mistake a refusal or an unreadable response for an older server', async () => {
    const forbidden: Exchange = { request: 'GET /openapi/v3', reply: { status: 403, body: 'no' } };
    await expect(ask([forbidden], noCache)).rejects.toBeInstanceOf(RefusedError);
    await expect(
      ask([{ request: 'GET /openapi/v3', reply: { body: { paths: 1 } } }], noCache),
    ).rejects.toThrow(
      'unexpected answer of https://api.test:6443 to GET /openapi/v3: paths is not an object',
    );
    const empty: Exchange = { request: `GET ${hashed}`, reply: { body: {} } };
    await expect(ask([index(hashed), empty], noCache)).rejects.toBeInstanceOf(ServerError);
  });
});

describe('OpenAPI 2, if the server has no version 3', () => {
  const noIndex: Exchange = { request: 'GET /openapi/v3', reply: missing };
  const whole = (etag?: string): Exchange => ({
    request: 'GET /openapi/v2',
    reply: {
      body: { swagger: '2.0', paths, definitions: schemas },
      headers: etag === undefined ? {} : { etag },
    },
  });

  it('takes the types of one group version from the document of all', async () => {
    const [found] = await ask([noIndex, whole()], noCache);
    expect(found).toEqual(expected);
  });

  it('sends the ETag if a document is cached', async () => {
    const cache = openOpenApiCache(mkdtempSync(join(root, 'cache-')));
    await ask([noIndex, whole('"e1"')], cache);
    const unchanged: Exchange = {
      request: 'GET /openapi/v2',
      headers: { 'if-none-match': '"e1"' },
      reply: { status: 304 },
    };
    const [found] = await ask([noIndex, unchanged], cache);
    expect(found).toEqual(expected);
  });

  it('is undefined for a version that no path has', async () => {
    const script = scriptedSend([noIndex, whole()]);
    const openApi = openOpenApi({ send: script.send, cache: noCache });
    expect(await openApi.document({ group: 'apps', version: 'v2' })).toBeUndefined();
  });
});

describe('the cache', () => {
  it('is returned without a request, whatever its hash', async () => {
    const cache = openOpenApiCache(mkdtempSync(join(root, 'kept-')));
    const hashed = '/openapi/v3/apis/apps/v1?hash=AB12';
    await ask([index(hashed), document(hashed)], cache);
    const { send } = scriptedSend([]);
    expect(openOpenApi({ send, cache }).kept(apps)).toEqual(expected);
    expect(openOpenApi({ send, cache }).kept({ group: '', version: 'v1' })).toBeUndefined();
    expect(openOpenApi({ send, cache: noCache }).kept(apps)).toBeUndefined();
  });
});
