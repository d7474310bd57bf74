import { describe, expect, it } from 'vitest';
import { decodeAggregated } from '../../../src/api/decode-discovery.ts';
import { RefusedError } from '../../../src/errors.ts';
import type { ApiGroup } from '../../../src/api/groups.ts';
import { resolveCategory, resolveName, shadowWarnings, unknownType } from '../../../src/api/resolve.ts';
import { groupResourceOf, type ResourceType } from '../../../src/model/resource.ts';
import { parseJson } from '../../../src/api/exact-json.ts';
import { recorded } from '../../recorded.ts';

const source = { server: 'https://api.test', method: 'GET', path: '/apis' };
const real = ['discovery/aggregated-api', 'discovery/aggregated-apis'].flatMap((name) =>
  decodeAggregated(parseJson(JSON.stringify(recorded(name).response.body)), source),
);

function type(gv: string, resource: string, kind: string, more: Partial<ResourceType> = {}): ResourceType {
  const [group = '', version = ''] = gv.split('/');
  const rest = { singular: kind.toLowerCase(), shortNames: [], categories: [], namespaced: true };
  return { group, version, resource, kind, verbs: ['get', 'list'], subresources: [], ...rest, ...more };
}

function group(name: string, preferredVersion: string, ...types: readonly ResourceType[]): ApiGroup {
  const versions = [...new Set(types.map(({ version }) => version))];
  return {
    name,
    preferredVersion,
    versions: versions.map((version) => ({
      version,
      stale: false,
      types: types.filter((each) => each.version === version),
      parents: [],
    })),
  };
}

const custom: ApiGroup[] = [
  ...real,
  group('metrics.k8s.io', 'v1beta1', type('metrics.k8s.io/v1beta1', 'pods', 'PodMetrics', { singular: '' })),
  group(
    'a.example.com',
    'v1',
    type('a.example.com/v1beta1', 'widgets', 'Widget', { shortNames: ['wi'], categories: ['all', 'Things'] }),
    type('a.example.com/v1', 'widgets', 'Widget', { shortNames: ['wi'], categories: ['all', 'Things'] }),
    type('a.example.com/v1beta1', 'olds', 'Old'),
  ),
  group(
    'b.example.com',
    'v1',
    type('b.example.com/v1', 'wizards', 'WizardKind', { singular: 'wizard', shortNames: ['wi', 'po'] }),
    type('b.example.com/v1', 'writeonlies', 'WriteOnly', { categories: ['things'], verbs: ['create'] }),
    type('b.example.com/v1', 'wi-fi', 'WiFi', { singular: 'po2' }),
  ),
];

function found(name: string): string {
  const resolved = resolveName(name, custom);
  return resolved === undefined ? 'nothing' : `${resolved.type.version} ${groupResourceOf(resolved.type)}`;
}

describe('resolveName', () => {
  it.each([
    ['pods', 'v1 pods'],
    ['pod', 'v1 pods'],
    ['po', 'v1 pods'],
    ['PO', 'v1 pods'],
    ['Pod', 'v1 pods'],
    ['pods.metrics.k8s.io', 'v1beta1 pods.metrics.k8s.io'],
    ['pods.metrics', 'v1beta1 pods.metrics.k8s.io'],
    ['podmetrics', 'v1beta1 pods.metrics.k8s.io'],
    ['po.b.example.com', 'v1 wizards.b.example.com'],
    ['deployments.apps', 'v1 deployments.apps'],
    ['deploy.v1.apps', 'v1 deployments.apps'],
    ['deploy.app', 'v1 deployments.apps'],
    ['deployments.v1beta1.apps', 'nothing'],
    ['pods.v1.', 'v1 pods'],
    ['pods.v2.', 'nothing'],
    ['events', 'v1 events'],
    ['events.events.k8s.io', 'v1 events.events.k8s.io'],
    ['hpa', 'v2 horizontalpodautoscalers.autoscaling'],
    ['hpa.v1.autoscaling', 'v1 horizontalpodautoscalers.autoscaling'],
    ['widget', 'v1 widgets.a.example.com'],
    ['widgets.v1beta1.a.example.com', 'v1beta1 widgets.a.example.com'],
    ['olds', 'v1beta1 olds.a.example.com'],
    ['wi', 'v1 widgets.a.example.com'],
    ['wi.b', 'v1 wizards.b.example.com'],
    ['wizardkind', 'v1 wizards.b.example.com'],
    ['WizardKind.v1.b.example.com', 'v1 wizards.b.example.com'],
    ['crontabs', 'v1 crontabs.stable.example.com'],
    ['ct', 'v1 crontabs.stable.example.com'],
    ['foo', 'nothing'],
    ['', 'nothing'],
    ['.', 'nothing'],
    ['pods.', 'v1 pods'],
    ['all', 'nothing'],
  ])('%s is %s', (name, expected) => {
    expect(found(name)).toBe(expected);
  });

  it('warns if a short name has several meanings', () => {
    const resolved = resolveName('wi', custom);
    expect(resolved && shadowWarnings('wi', resolved)).toEqual([
      'Warning: short name "wi" could also match lower priority resource wizards.b.example.com',
    ]);
    const pods = resolveName('po', custom);
    expect(pods && shadowWarnings('po', pods)).toEqual([
      'Warning: short name "po" could also match lower priority resource wizards.b.example.com',
    ]);
    expect(resolveName('wi.b.example.com', custom)?.shadowed).toEqual([]);
  });

  it('returns the types of other groups with the same name, unless a group was given', () => {
    const others = (name: string): unknown => resolveName(name, custom)?.namesakes.map(groupResourceOf);
    expect(others('pods')).toEqual(['pods.metrics.k8s.io']);
    expect(others('events')).toEqual(['events.events.k8s.io']);
    expect(others('pods.metrics.k8s.io')).toEqual([]);
    expect(others('widgets')).toEqual([]);
  });
});

describe('resolveCategory', () => {
  it('lists the members of all in the order of the server, each once', () => {
    expect(resolveCategory('all', custom)?.map((each) => `${groupResourceOf(each)} ${each.version}`)).toEqual(
      [
        'pods v1',
        'replicationcontrollers v1',
        'services v1',
        'daemonsets.apps v1',
        'deployments.apps v1',
        'replicasets.apps v1',
        'statefulsets.apps v1',
        'horizontalpodautoscalers.autoscaling v2',
        'cronjobs.batch v1',
        'jobs.batch v1',
        'crontabs.stable.example.com v1',
        'widgets.a.example.com v1',
      ],
    );
  });

  it('leaves out types that cannot be listed, in upper and lower case', () => {
    expect(resolveCategory('THINGS', custom)?.map(groupResourceOf)).toEqual(['widgets.a.example.com']);
    expect(resolveCategory('nope', custom)).toBeUndefined();
  });
});

describe('unknownType', () => {
  const surface = { groups: custom, problems: [] };

  it.each([
    ['pdos', 'did you mean `kapi … type pdos => pods`?', ''],
    ['deplyments.apps', 'did you mean `kapi … type deplyments.apps => deployments`?', ' in group "apps"'],
    [
      'deployments.v1beta1.apps',
      'deployments is served as apps/v1: `kapi … type deployments.v1beta1.apps => deployments.apps`',
      ' in version "apps/v1beta1"',
    ],
    ['pods.v2', 'pods is served as v1: `kapi … type pods.v2 => pods`', ' in version "v2"'],
    ['xyzzyxyzzy', undefined, ''],
  ])('%s', (name, hint, place) => {
    const error = unknownType(name, surface);
    expect(error.message).toBe(`the server doesn't have a resource type "${name.split('.')[0]}"${place}`);
    expect(error.hint?.split('\n')).toEqual([
      ...(hint === undefined ? [] : [hint]),
      '`kapi resources` lists what the server has',
    ]);
    expect(error.exitCode).toBe(2);
  });

  const down = [{ groupVersion: 'metrics.k8s.io/v1beta1', reason: 'stale' }];

  it.each(['nodes.metrics.k8s.io', 'nodes.v1beta1.metrics.k8s.io', 'nodes.metrics', 'nodemetrix'])(
    'is not sure about %s while metrics.k8s.io cannot be read',
    (name) => {
      const error = unknownType(name, { groups: custom, problems: down });
      expect(error.message).toBe('the types of metrics.k8s.io/v1beta1 could not be read: stale');
      expect(error.hint?.split('\n')[0]).toBe(
        `so it is not known whether the server has a resource type "${name.split('.')[0]}"`,
      );
      expect(error.hint).not.toContain('served as');
      expect(error).toMatchObject({ exitCode: 5, code: 'TypesUnavailable' });
    },
  );

  it('is sure about the types of groups that were read', () => {
    for (const name of ['nope.apps', 'nope.v1.apps', 'nope.nosuchgroup', 'nope.v1beta1.']) {
      expect(unknownType(name, { groups: custom, problems: down }).exitCode).toBe(2);
    }
  });

  it('fails as the document did if all groups are missing', () => {
    const error = new RefusedError('no', {
      code: 'Forbidden',
      facts: { httpStatus: 403, reason: 'Forbidden', method: 'GET', path: '/apis' },
    });
    const problems = [{ groupVersion: '/apis', reason: 'no', error }];
    for (const name of ['nope', 'nope.example.com']) {
      expect(unknownType(name, { groups: custom, problems })).toBe(error);
    }
  });
});
