import { describe, expect, it } from 'vitest';
import { decodeAggregated } from '../../../src/api/decode-discovery.ts';
import { typesByPriority } from '../../../src/api/groups.ts';
import { resolveName } from '../../../src/api/resolve.ts';
import { wellKnownType, wellKnownTypes } from '../../../src/api/well-known.ts';
import { parseJson } from '../../../src/api/exact-json.ts';
import { recorded } from '../../recorded.ts';

const source = { server: 'https://api.test', method: 'GET', path: '/apis' };
const groups = ['discovery/aggregated-api', 'discovery/aggregated-apis'].flatMap((name) =>
  decodeAggregated(parseJson(JSON.stringify(recorded(name).response.body)), source),
);
const served = typesByPriority(groups);

describe('the table of well-known types', () => {
  it.each(wellKnownTypes().map((type) => [`${type.resource}.${type.version}.${type.group}`, type] as const))(
    '%s matches a real server',
    (_name, type) => {
      const real = served.find(
        ({ group, version, resource }) =>
          group === type.group && version === type.version && resource === type.resource,
      );
      if (real === undefined) throw new Error('not served');
      const { subresources: realSubresources, ...realRest } = real;
      const { subresources, ...rest } = type;
      expect({ ...rest, verbs: [...rest.verbs].sort() }).toEqual({
        ...realRest,
        verbs: [...realRest.verbs].sort(),
      });
      // The server can have subresources of later versions (pods/resize).
      for (const subresource of subresources) {
        const same = realSubresources.find(({ name }) => name === subresource.name);
        expect({ ...subresource, verbs: [...subresource.verbs].sort() }).toEqual({
          ...same,
          verbs: [...(same?.verbs ?? [])].sort(),
        });
      }
    },
  );

  it('lists the groups in the order of the server', () => {
    const order = [...new Set(served.map(({ group }) => group))];
    const ours = [...new Set(wellKnownTypes().map(({ group }) => group))];
    expect(ours).toEqual(order.filter((group) => ours.includes(group)));
  });

  it('resolves each name as discovery does', () => {
    for (const type of wellKnownTypes()) {
      for (const name of [type.resource, type.singular, type.kind, ...type.shortNames]) {
        const known = wellKnownType(name);
        const discovered = resolveName(name, groups);
        expect([name, known?.group, known?.resource, known?.version]).toEqual([
          name,
          discovered?.type.group,
          discovered?.type.resource,
          discovered?.type.version,
        ]);
      }
    }
  });
});

describe('wellKnownType', () => {
  it.each([
    ['po', 'pods', ''],
    ['PODS', 'pods', ''],
    ['Deployment', 'deployments', 'apps'],
    ['deploy.apps', 'deployments', 'apps'],
    ['deployments.v1.apps', 'deployments', 'apps'],
    ['pods.v1.', 'pods', ''],
    ['events', 'events', ''],
    ['crd', 'customresourcedefinitions', 'apiextensions.k8s.io'],
  ])('%s is %s of "%s"', (name, resource, group) => {
    const type = wellKnownType(name);
    expect(type).toMatchObject({ resource, group });
    expect(wellKnownTypes()).toContain(type);
  });

  it.each([
    'all',
    'foo',
    'events.events.k8s.io',
    'deployments.v1beta1.apps',
    'pods.v1',
    'deploy.app',
    '',
    '.apps',
  ])('leaves %s to the server', (name) => {
    expect(wellKnownType(name)).toBeUndefined();
  });
});
