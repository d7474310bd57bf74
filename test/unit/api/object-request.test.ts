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
    ['/api/v1/namespaces/a%20b%3Fc%23d/pods', { type: pods, namespace: 'a b?c#d', ...table }, {}],
    [
      '/api/v1/pods?fieldSelector=metadata.name%3Dcn%5C%3Da%5C%2Cou%5C%3Db%5C%5Cc',
      { type: pods, name: 'cn=a,ou=b\\c', ...table },
      {},
    ],
    // Half of a surrogate pair is not a character. Go also sends the replacement character.
    ['/api/v1/namespaces/%EF%BF%BD/pods', { type: pods, namespace: '\ud800', ...table }, {}],
    ['/api/v1/pods?continue=a%EF%BF%BDb', { type: pods, ...table }, { continue: 'a\udfffb' }],
    ['/api/v1/namespaces/%F0%9F%98%80/pods', { type: pods, namespace: '\u{1f600}', ...table }, {}],
  ])('%s', (path, query, page) => {
    const accept = query.as === 'table' ? tableAccept : 'application/json';
    // The server answers a version of the future with 504 and Retry-After, every time.
    const retry = path.includes('resourceVersionMatch=Exact') ? { retry: 'not-504' } : {};
    expect(buildListRequest(query, page)).toEqual({ method: 'GET', path, headers: { accept }, ...retry });
  });
});

describe('managed fields', () => {
  const accept = 'application/json;drop=metadata.managedFields,application/json';

  it('are left out of whole objects on request', () => {
    const query = { type: pods, as: 'objects', asksForUnmanaged: true } as const;
    expect(buildListRequest(query).headers).toEqual({ accept });
    expect(buildGetRequest({ ...query, namespace: 'dev', name: 'p' }).headers).toEqual({ accept });
    expect(buildListRequest({ ...query, as: 'table' }).headers).toEqual({ accept: tableAccept });
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

describe('a name that cannot be a segment of a path', () => {
  it.each(['.', '..', 'a/b', '/', 'a%2Fb', '%'])('is refused before it is sent: %s', (text) => {
    const form = { type: pods, as: 'table' } as const;
    const words = (what: string): RegExp => new RegExp(`^invalid ${what} ".*": \\[may not `);
    expect(() => buildListRequest({ ...form, namespace: text })).toThrow(words('namespace'));
    expect(() => buildListRequest({ ...form, name: text })).toThrow(words('resource name'));
    expect(() => buildGetRequest({ ...form, name: text })).toThrow(words('resource name'));
    expect(() => buildGetRequest({ ...form, name: 'a', namespace: text })).toThrow(words('namespace'));
    const nodes = { ...pods, resource: 'nodes', namespaced: false };
    expect(() => buildListRequest({ ...form, type: nodes, namespace: text })).not.toThrow();
  });

  it.each(['..', 'status/..', 'proxy/%2e'])('nor can a subresource: %s', (subresource) => {
    expect(() => buildGetRequest({ type: pods, name: 'a', subresource, as: 'objects' })).toThrow(
      /^invalid subresource/,
    );
  });
});
