// Finds who set a field, from managedFields as a real server writes them.
import { describe, expect, it } from 'vitest';
import { ownersOf } from '../../../src/api/field-owners.ts';

const object = {
  metadata: {
    finalizers: ['a.b/c'],
    labels: { 'app.kubernetes.io/name': 'web' },
    managedFields: [
      {
        manager: 'kubectl-create',
        operation: 'Update',
        time: '2026-01-01T00:00:00Z',
        fieldsV1: {
          'f:metadata': { 'f:labels': { '.': {}, 'f:app.kubernetes.io/name': {} } },
          'f:spec': {
            'f:containers': { 'k:{"name":"app"}': { '.': {}, 'f:image': {}, 'f:resources': {} } },
          },
        },
      },
      {
        manager: 'controller',
        operation: 'Apply',
        fieldsV1: { 'f:metadata': { 'f:finalizers': { 'v:"a.b/c"': {} } }, 'f:status': { 'f:phase': {} } },
      },
    ],
  },
  spec: { containers: [{ name: 'app', image: 'i', resources: { limits: { cpu: '1' } } }] },
  status: { phase: 'Running' },
};

describe('the owners of', () => {
  it.each([
    [['metadata', 'labels', 'app.kubernetes.io/name'], ['kubectl-create']],
    [['metadata', 'labels'], ['kubectl-create']],
    [['metadata', 'finalizers', 0], ['controller']],
    [['spec', 'containers', 0, 'image'], ['kubectl-create']],
    // An atomic field: its owner owns everything inside.
    [['spec', 'containers', 0, 'resources', 'limits', 'cpu'], ['kubectl-create']],
    [['spec', 'containers', 1, 'image'], []],
    [['status', 'phase'], ['controller']],
    [['status', 'podIP'], []],
    [['__proto__', 'constructor'], []],
    [[], []],
  ])('%j are %j', (path, managers) => {
    expect(ownersOf(object, path).map(({ manager }) => manager)).toEqual(managers);
  });

  it('an object with malformed managedFields', () => {
    for (const fieldsV1 of ['x', null, [1], { 'f:spec': 'x' }, { 'f:spec': { 'k:{': {} } }]) {
      const odd = { metadata: { managedFields: [{ manager: 'm', fieldsV1 }, null, 7] }, spec: [1] };
      expect(ownersOf(odd, ['spec', 0])).toEqual([]);
    }
  });
});
