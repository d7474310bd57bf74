import { describe, expect, it } from 'vitest';
import {
  buildGetRequest,
  buildListRequest,
  tableAccept,
  type ListQuery,
} from '../../../src/api/object-request.ts';
import { wellKnownType } from '../../../src/api/well-known.ts';
import type { ResourceType } from '../../../src/model/resource.ts';

function typeOf(name: string): ResourceType {
  const type = wellKnownType(name);
  if (type === undefined) throw new Error(`${name} is not well-known`);
  return type;
}

const [pods, nodes, deployments] = [typeOf('pods'), typeOf('nodes'), typeOf('deployments')];

describe('buildListRequest', () => {
  const table = { as: 'table' } as const;
  it.each<[string, ListQuery, { limit?: number; continue?: string }]>([
    ['/api/v1/pods', { type: pods, ...table }, {}],
    ['/api/v1/namespaces/dev/pods?limit=500', { type: pods, namespace: 'dev', ...table }, { limit: 500 }],
    ['/api/v1/nodes', { type: nodes, namespace: 'dev', ...table }, {}],
    [
      '/apis/apps/v1/deployments?labelSelector=app%3Dweb%2Ctier%20in%20(a%2Cb)&limit=2',
      { type: deployments, labelSelector: 'app=web,tier in (a,b)', ...table },
      { limit: 2, continue: '' },
    ],
    [
      '/api/v1/pods?fieldSelector=metadata.name%3Dp1%2Cspec.nodeName!%3Dn',
      { type: pods, name: 'p1', fieldSelector: 'spec.nodeName!=n', ...table },
      {},
    ],
    ['/api/v1/pods?includeObject=None', { type: pods, includeObject: 'None', ...table }, {}],
    ['/api/v1/pods', { type: pods, includeObject: 'Metadata', ...table }, {}],
    ['/api/v1/pods', { type: pods, includeObject: 'None', as: 'objects' }, {}],
    [
      '/api/v1/pods?resourceVersion=7&resourceVersionMatch=Exact&limit=5',
      { type: pods, resourceVersion: '7', resourceVersionMatch: 'Exact', ...table },
      { limit: 5 },
    ],
    [
      '/api/v1/pods?limit=5&continue=a%2Bb%3D%3D',
      { type: pods, resourceVersion: '7', resourceVersionMatch: 'Exact', ...table },
      { limit: 5, continue: 'a+b==' },
    ],
    ['/api/v1/namespaces/a%2F..%2Fb/pods', { type: pods, namespace: 'a/../b', ...table }, {}],
  ])('%s', (path, query, page) => {
    const accept = query.as === 'table' ? tableAccept : 'application/json';
    expect(buildListRequest(query, page)).toEqual({ method: 'GET', path, headers: { accept } });
  });
});

describe('buildGetRequest', () => {
  it('names object, subresource and form', () => {
    expect(buildGetRequest({ type: pods, namespace: 'dev', name: 'p', as: 'objects' })).toEqual({
      method: 'GET',
      path: '/api/v1/namespaces/dev/pods/p',
      headers: { accept: 'application/json' },
    });
    expect(
      buildGetRequest({ type: deployments, namespace: 'dev', name: 'd', subresource: 'scale', as: 'table' }),
    ).toEqual({
      method: 'GET',
      path: '/apis/apps/v1/namespaces/dev/deployments/d/scale',
      headers: { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json' },
    });
    expect(
      buildGetRequest({ type: nodes, namespace: 'dev', name: 'n', as: 'table', includeObject: 'Object' })
        .path,
    ).toBe('/api/v1/nodes/n?includeObject=Object');
  });
});
