import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { apiVersionOf } from '../../../../src/model/resource.ts';
import {
  apiServicePriorities,
  servedTypes,
  storageVersionHash,
} from '../../../../src/sandbox/types/served-types.ts';
import { recorded } from '../../../recorded.ts';

interface AggregatedResource {
  readonly resource: string;
  readonly responseKind: { readonly group: string; readonly version: string; readonly kind: string };
  readonly scope: string;
  readonly singularResource: string;
  readonly verbs: readonly string[];
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly subresources?: readonly (Omit<AggregatedResource, 'resource'> & {
    readonly subresource: string;
  })[];
}

interface AggregatedDiscovery {
  readonly items: readonly {
    readonly metadata: { readonly name?: string };
    readonly versions: readonly {
      readonly version: string;
      readonly resources: readonly AggregatedResource[];
    }[];
  }[];
}

/** The recorded server's discovery, flattened into the fields that served types have. */
function discovered(name: string): readonly object[] {
  const { items } = recorded(`discovery/${name}`).response.body as AggregatedDiscovery;
  return items.flatMap(({ metadata: { name: group = '' }, versions }) =>
    versions.flatMap(({ version, resources }) =>
      resources.map((entry) => ({
        group,
        version,
        resource: entry.resource,
        kind: entry.responseKind.kind,
        singular: entry.singularResource,
        namespaced: entry.scope === 'Namespaced',
        shortNames: entry.shortNames ?? [],
        categories: entry.categories ?? [],
        verbs: entry.verbs,
        subresources: (entry.subresources ?? []).map((sub) => ({
          name: sub.subresource,
          group: sub.responseKind.group === '' ? group : sub.responseKind.group,
          version: sub.responseKind.version === '' ? version : sub.responseKind.version,
          kind: sub.responseKind.kind,
          verbs: sub.verbs,
        })),
      })),
    ),
  );
}

describe('servedTypes', () => {
  it('are those of a v1.36 server, in its order', () => {
    const real = [...discovered('aggregated-api'), ...discovered('aggregated-apis')].filter(
      (type) => !('group' in type && type.group === 'stable.example.com'),
    );
    const ours = servedTypes.map(
      ({
        group,
        version,
        resource,
        kind,
        singular,
        namespaced,
        shortNames,
        categories,
        verbs,
        subresources,
      }) => ({
        group,
        version,
        resource,
        kind,
        singular,
        namespaced,
        shortNames,
        categories,
        verbs,
        subresources,
      }),
    );
    expect(ours).toEqual(real);
    expect(ours).toHaveLength(68);
  });

  it('have the storage hashes of discovery', () => {
    interface Listing {
      readonly groupVersion: string;
      readonly resources: readonly { readonly name: string; readonly storageVersionHash?: string }[];
    }
    const url = new URL('../../../fixtures/recorded/discovery/', import.meta.url);
    const files = readdirSync(url).filter((file) => /^apis?_(?!stable)/.test(file));
    const real = new Map<string, string>();
    for (const file of files) {
      const { groupVersion, resources } = recorded(`discovery/${file.replace('.json', '')}`).response
        .body as Listing;
      for (const { name, storageVersionHash: hash = '' } of resources) {
        if (!name.includes('/')) real.set(`${groupVersion} ${name}`, hash);
      }
    }
    const ours = new Map(
      servedTypes
        .map((type) => [`${apiVersionOf(type)} ${type.resource}`, type.storageVersionHash] as const)
        .filter(([name]) => real.has(name)),
    );
    expect(ours).toEqual(real);
    expect(real.size).toBeGreaterThan(25);
  });

  it('share their objects as in the real server', () => {
    const shared = servedTypes.filter(
      ({ group, version, storedVersion }) => apiVersionOf({ group, version }) !== storedVersion,
    );
    expect(
      shared.map((type) => [apiVersionOf(type), type.resource, type.storedAs, type.storedVersion]),
    ).toEqual([
      ['events.k8s.io/v1', 'events', 'events', 'v1'],
      [
        'autoscaling/v1',
        'horizontalpodautoscalers',
        'horizontalpodautoscalers.autoscaling',
        'autoscaling/v2',
      ],
    ]);
  });

  it('hash group, version and kind', () => {
    expect(storageVersionHash('', 'v1', 'ConfigMap')).toBe('qFsyl6wFWjQ=');
    expect(storageVersionHash('stable.example.com', 'v1', 'CronTab')).toBe('EdX2FP+L0js=');
  });
});

describe('apiServicePriorities', () => {
  it('rank the groups in the order of /apis', () => {
    const groups = new Set(
      servedTypes.map(({ group }) => group).filter((group) => group !== 'apiregistration.k8s.io'),
    );
    expect(new Set(apiServicePriorities.map(({ group }) => group))).toEqual(groups);
    const ranks = apiServicePriorities.map(({ groupPriority }) => groupPriority);
    expect(ranks).toEqual([...ranks].sort((a, b) => b - a));
  });
});
