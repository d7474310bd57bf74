// What is read off a request: the resource it names, the form it accepts, the options of its lists.

import { describe, expect, test } from 'vitest';
import { negotiate, patchTypeOf } from '../../../src/sandbox/negotiation.ts';
import { decodeContinue, encodeContinue } from '../../../src/sandbox/list-options.ts';
import { readRequestInfo, type RequestInfo } from '../../../src/sandbox/request-info.ts';

const infoOf = (line: string): RequestInfo => {
  const [method = '', target = ''] = line.split(' ');
  const url = new URL(target, 'https://x');
  return readRequestInfo(method, url.pathname, url.searchParams);
};

describe('request info', () => {
  test.each([
    ['GET /api/v1/namespaces/dev/pods/a/log', 'get v1 pods/log dev/a'],
    ['GET /api/v1/pods', 'list v1 pods /'],
    ['GET /api/v1/pods?watch=true', 'watch v1 pods /'],
    ['GET /api/v1/watch/namespaces/dev/pods', 'watch v1 pods dev/'],
    ['GET /api/v1/namespaces/dev/pods?fieldSelector=metadata.name%3Da', 'list v1 pods dev/a'],
    ['GET /api/v1/namespaces/dev', 'get v1 namespaces dev/dev'],
    ['PUT /api/v1/namespaces/dev/finalize', 'update v1 namespaces/finalize dev/dev'],
    ['POST /apis/apps/v1/namespaces/dev/deployments', 'create apps/v1 deployments dev/'],
    ['DELETE /apis/apps/v1/namespaces/dev/deployments', 'deletecollection apps/v1 deployments dev/'],
    [
      'PATCH /apis/rbac.authorization.k8s.io/v1/clusterroles/system%3Anode',
      'patch rbac.authorization.k8s.io/v1 clusterroles /system:node',
    ],
  ])('%s', (line, expected) => {
    const info = infoOf(line);
    if (info.kind === 'path') throw new Error('no resource');
    const { verb, group, version, resource, subresource, namespace, name } = info;
    const what = subresource === '' ? resource : `${resource}/${subresource}`;
    expect(`${verb} ${group === '' ? '' : `${group}/`}${version} ${what} ${namespace}/${name}`).toBe(
      expected,
    );
  });

  test.each([
    'GET /',
    'GET /api',
    'GET /api/v1',
    'GET /apis/apps',
    'GET /apis/apps/v1',
    'POST /version',
    'OPTIONS /api/v1/pods',
  ])('%s is no resource', (line) => {
    expect(infoOf(line)).toEqual({
      kind: 'path',
      verb: line.split(' ')[0]?.toLowerCase(),
      path: line.split(' ')[1],
    });
  });
});

describe('negotiation', () => {
  const form = (accept: string, query = ''): unknown => {
    const { format, as, pretty } = negotiate({ accept, userAgent: 'x', query: new URLSearchParams(query) }, [
      'Table',
    ]);
    return [format, as, pretty];
  };
  test.each([
    ['', ['json', undefined, false]],
    ['*/*', ['json', undefined, false]],
    ['application/yaml', ['yaml', undefined, false]],
    ['application/json;q=0.5,application/yaml', ['yaml', undefined, false]],
    ['application/json;as=Table;v=v1;g=meta.k8s.io,application/json', ['json', 'Table', false]],
    ['application/json;as=Table;v=v2;g=meta.k8s.io,application/json', ['json', undefined, false]],
    ['application/vnd.kubernetes.protobuf,application/json', ['json', undefined, false]],
    ['application/json;pretty=1', ['json', undefined, true]],
  ])('%s', (accept, expected) => {
    expect(form(accept)).toEqual(expected);
  });

  test('nothing that could be answered', () => {
    expect(() => form('text/csv')).toThrow('406: Not Acceptable');
    expect(() => form('application/json;as=Table;v=v2;g=meta.k8s.io')).toThrow('406: Not Acceptable');
  });

  test('the query asks for indentation, and forbids it', () => {
    expect(form('', 'pretty=true')).toEqual(['json', undefined, true]);
    const curl = { accept: '', userAgent: 'curl/8', query: new URLSearchParams('pretty=0') };
    expect(negotiate(curl).pretty).toBe(false);
  });

  test('patches', () => {
    expect(patchTypeOf('application/merge-patch+json; charset=utf-8', false)).toBe('merge');
    expect(() => patchTypeOf('application/json', false)).toThrow('415: Unsupported Media Type');
    expect(() => patchTypeOf('application/strategic-merge-patch+json', true)).toThrow(
      'the body of the request was in an unknown format',
    );
  });
});

test('continue tokens are the real ones', () => {
  const real = 'eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6Mzk2LCJzdGFydCI6Ii9jdXJsLXdpdGgtYW1iYXNzYWRvclx1MDAwMCJ9';
  expect(decodeContinue(real)).toEqual({ revision: 396, start: '/curl-with-ambassador\0' });
  expect(encodeContinue({ revision: 396, start: '/curl-with-ambassador\0' })).toBe(real);
  expect(() => decodeContinue('a b')).toThrow(
    'invalid continue token: continue key is not valid: illegal base64 data at input byte 1',
  );
});
