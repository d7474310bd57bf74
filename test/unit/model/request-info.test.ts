import { describe, expect, it } from 'vitest';
import { hasFlag, isEndless, requestInfoOf } from '../../../src/model/request-info.ts';

describe('requestInfoOf', () => {
  it.each([
    ['GET /api/v1/pods', 'list  v1 pods  - -'],
    ['GET /api/v1/pods?watch=1', 'watch  v1 pods  - -'],
    ['GET /api/v1/pods?watch=false', 'list  v1 pods  - -'],
    ['GET /api/v1/namespaces/dev/pods', 'list  v1 pods  dev -'],
    // The server decodes the path before it splits it.
    ['GET /api/v1/namespaces/dev/pods/a%2Flog', 'get  v1 pods log dev a'],
    [
      'GET /apis/rbac.authorization.k8s.io/v1/clusterroles/system%3Anode',
      'get rbac.authorization.k8s.io v1 clusterroles  - system:node',
    ],
    ['GET /api/v1/namespaces/dev/pods/p/log', 'get  v1 pods log dev p'],
    ['POST /api/v1/namespaces/dev/pods/p/exec?command=ls', 'create  v1 pods exec dev p'],
    ['GET /api/v1/namespaces', 'list  v1 namespaces  - -'],
    ['GET /api/v1/namespaces/dev', 'get  v1 namespaces  dev dev'],
    ['PUT /api/v1/namespaces/dev/finalize', 'update  v1 namespaces finalize dev dev'],
    ['GET /api/v1/nodes/n/proxy/metrics/cadvisor', 'get  v1 nodes proxy - n'],
    ['PATCH /apis/apps/v1/namespaces/dev/deployments/d', 'patch apps v1 deployments  dev d'],
    ['DELETE /apis/apps/v1/namespaces/dev/deployments', 'deletecollection apps v1 deployments  dev -'],
    ['DELETE /apis/apps/v1/namespaces/dev/deployments/d', 'delete apps v1 deployments  dev d'],
    ['GET /api/v1/pods?fieldSelector=metadata.name%3Dweb', 'list  v1 pods  - web'],
    [
      'GET /api/v1/pods?watch=1&fieldSelector=metadata.name%3D%3Dweb,spec.nodeName%3Dn',
      'watch  v1 pods  - web',
    ],
    ['GET /api/v1/pods?fieldSelector=metadata.name!%3Dweb', 'list  v1 pods  - -'],
    ['GET /api/v1/pods?fieldSelector=metadata.name%3Da%5C%2Cb', 'list  v1 pods  - a,b'],
    ['GET /api/v1/pods?fieldSelector=metadata.name%3Da/b', 'list  v1 pods  - -'],
    ['GET /api/v1/pods?fieldSelector=metadata.name', 'list  v1 pods  - -'],
    ['DELETE /api/v1/pods?fieldSelector=metadata.name%3Dweb', 'deletecollection  v1 pods  - -'],
    ['GET /api/v1/namespaces/dev/pods/p?fieldSelector=metadata.name%3Dweb', 'get  v1 pods  dev p'],
    ['GET /api/v1/namespaces/dev/pods/p?watch=1', 'get  v1 pods  dev p'],
    ['HEAD /api/v1/pods', 'list  v1 pods  - -'],
    ['GET /api/v1/watch/pods', 'watch  v1 pods  - -'],
    ['GET /api/v1/watch/namespaces', 'watch  v1 namespaces  - -'],
    ['GET /api/v1/watch/namespaces/dev', 'watch  v1 namespaces  dev dev'],
    ['GET /api/v1/watch/namespaces/dev/pods', 'watch  v1 pods  dev -'],
    ['GET /api/v1/watch/namespaces/dev/pods/p', 'watch  v1 pods  dev p'],
    ['GET /api/v1/watch/namespaces/dev/pods?fieldSelector=metadata.name%3Dp', 'watch  v1 pods  dev -'],
    ['GET /apis/apps/v1/watch/deployments', 'watch apps v1 deployments  - -'],
    ['DELETE /api/v1/watch/nodes', 'watch  v1 nodes  - -'],
    ['GET /api/v1/watch/watch/watch', 'watch  v1 watch  - watch'],
    ['GET /api/v1/nodes/watch', 'get  v1 nodes  - watch'],
    ['GET /api/v1/proxy/namespaces/dev/pods/p/x', 'proxy  v1 pods  dev p'],
    ['GET /api/v1/proxy/nodes/n/metrics', 'proxy  v1 nodes  - n'],
    ['OPTIONS /api/v1/pods', '-  v1 pods  - -'],
    ['GET //api/v1/pods/', 'list  v1 pods  - -'],
    ['GET /api/v1//pods', 'get  v1   - pods'],
  ])('%s', (line, expected) => {
    const [method = '', path = ''] = line.split(' ');
    const info = requestInfoOf({ method, path });
    if (info.kind !== 'resource') throw new Error('taken for a path');
    const { verb, group, version, resource, subresource, namespace, name } = info;
    expect(
      [verb || '-', group, version, resource, subresource, namespace || '-', name || '-'].join(' '),
    ).toBe(expected);
  });

  it.each([
    '/',
    '/version',
    '/api',
    '/api/v1',
    '/api/v1/',
    '/apis',
    '/apis/apps',
    '/apis/apps/v1',
    '/apis/apps/v1/',
    '/api/v1/watch',
    '/API/v1/pods',
    '/healthz/etcd',
  ])('%s is not a resource', (path) => {
    expect(requestInfoOf({ method: 'GET', path: `${path}?verbose` })).toEqual({
      kind: 'path',
      verb: 'get',
      path,
    });
  });
});

describe('hasFlag', () => {
  it.each([
    ['/x', false],
    ['/x?watch', true],
    ['/x?watch=', true],
    ['/x?a=1&watch=True', true],
    ['/x?watch=FALSE', false],
    ['/x?watch=0', false],
    ['/x?notwatch=1', false],
  ])('%s: %s', (path, on) => {
    expect(hasFlag(path, 'watch')).toBe(on);
  });
});

describe('isEndless', () => {
  it.each([
    ['/api/v1/pods', false],
    ['/api/v1/pods?watch=1', true],
    ['/api/v1/watch/pods', true],
    ['/apis/apps/v1/watch/namespaces/dev/deployments/d', true],
    ['/api/v1/namespaces/dev/pods/p/log?follow', true],
    ['/api/v1/namespaces/watch/pods', false],
  ])('%s: %s', (path, endless) => {
    expect(isEndless({ method: 'GET', path })).toBe(endless);
  });
});

it('returns what follows a subresource, and the name in the path apart from that in the selector', () => {
  expect(requestInfoOf({ method: 'GET', path: '/api/v1/nodes/n/proxy/metrics/cadvisor' })).toMatchObject({
    pathName: 'n',
    subresource: 'proxy',
    rest: 'metrics/cadvisor',
  });
  expect(
    requestInfoOf({ method: 'GET', path: '/api/v1/pods?fieldSelector=metadata.name%3Dweb' }),
  ).toMatchObject({
    pathName: '',
    name: 'web',
  });
});
