import { describe, expect, it } from 'vitest';
import { hasFlag, requestInfoOf } from '../../../src/api/request-info.ts';

describe('requestInfoOf', () => {
  it.each([
    ['GET /api/v1/pods', 'list  v1 pods  - -'],
    ['GET /api/v1/pods?watch=1', 'watch  v1 pods  - -'],
    ['GET /api/v1/pods?watch=false', 'list  v1 pods  - -'],
    ['GET /api/v1/namespaces/dev/pods', 'list  v1 pods  dev -'],
    ['GET /api/v1/namespaces/dev/pods/a%2Fb', 'get  v1 pods  dev a/b'],
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
    ['GET /api/v1/namespaces/dev/pods/p?fieldSelector=metadata.name%3Dweb', 'get  v1 pods  dev p'],
  ])('%s', (line, expected) => {
    const [method = '', path = ''] = line.split(' ');
    const info = requestInfoOf({ method, path });
    if (info.kind !== 'resource') throw new Error('taken for a path');
    const { verb, group, version, resource, subresource, namespace, name } = info;
    expect([verb, group, version, resource, subresource, namespace || '-', name || '-'].join(' ')).toBe(
      expected,
    );
  });

  it.each(['/', '/version', '/api', '/api/v1', '/apis', '/apis/apps', '/apis/apps/v1', '/healthz/etcd'])(
    '%s is no resource',
    (path) => {
      expect(requestInfoOf({ method: 'GET', path: `${path}?verbose` })).toEqual({
        kind: 'path',
        verb: 'get',
        path,
      });
    },
  );
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
