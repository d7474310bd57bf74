// The expected quotients come from k8s.io/kubernetes/pkg/api/v1/resource.
import { describe, expect, it } from 'vitest';
import { resourceValue, type NodeFacts, type ResourceRef } from '../../../src/model/downward-resource.ts';
import type { JsonObject } from '../../../src/model/object.ts';

const ref = (resource: string, divisor = '1'): ResourceRef => ({
  kind: 'resource',
  container: '',
  resource,
  divisor,
});
const withLimits = (limits: JsonObject): JsonObject => ({ name: 'app', resources: { limits } });
const node: NodeFacts = { kind: 'known', allocatable: { cpu: '3920m', memory: '15Gi' } };

describe('the quotient of a limit and its divisor', () => {
  it.each([
    ['cpu', '15m', '1m', '15'],
    ['cpu', '100m', '1', '1'],
    ['cpu', '1500m', '1', '2'],
    ['cpu', '1500m', '1000m', '2'],
    ['cpu', '2.5', '1m', '2500'],
    ['cpu', '1n', '1m', '1'],
    ['cpu', '2', '1', '2'],
    ['memory', '4Mi', '1Ki', '4096'],
    ['memory', '1025', '1Ki', '2'],
    ['memory', '129e6', '1Mi', '124'],
    ['memory', '128974848', '1', '128974848'],
    ['memory', '1G', '1Gi', '1'],
    ['memory', '1Gi', '1000k', '1074'],
    ['memory', '9007199254740993', '1', '9007199254740992'],
    ['ephemeral-storage', '1.5Gi', '1Gi', '2'],
    ['hugepages-2Mi', '100Mi', '1Mi', '100'],
  ])('%s: %s by %s is %s', (name, limit, divisor, text) => {
    const container = withLimits({ [name]: limit });
    expect(resourceValue(ref(`limits.${name}`, divisor), { container, node: undefined })).toEqual({
      kind: 'value',
      text,
    });
  });

  it('accepts quantities that are numbers', () => {
    const container = withLimits({ cpu: 2 });
    expect(resourceValue(ref('limits.cpu', '1m'), { container, node })).toEqual({
      kind: 'value',
      text: '2000',
    });
  });

  it.each([
    ['cpu', '1Ki', 'unsupported divisor 1Ki for cpu: 1m, 1'],
    ['cpu', '2', 'unsupported divisor 2 for cpu: 1m, 1'],
    [
      'memory',
      '1024',
      'unsupported divisor 1024 for memory: 1, 1k, 1M, 1G, 1T, 1P, 1E, 1Ki, 1Mi, 1Gi, 1Ti, 1Pi, 1Ei',
    ],
  ])('%s by %s is refused, as in the API', (name, divisor, reason) => {
    expect(resourceValue(ref(`limits.${name}`, divisor), { container: {}, node })).toEqual({
      kind: 'invalid',
      reason,
    });
  });

  it('knows no other resources', () => {
    expect(resourceValue(ref('limits.nvidia.com/gpu'), { container: {}, node })).toEqual({
      kind: 'invalid',
      reason: 'unsupported container resource: limits.nvidia.com/gpu',
    });
  });
});

describe('a missing value', () => {
  it('a request is 0', () => {
    expect(resourceValue(ref('requests.cpu'), { container: withLimits({ cpu: '1' }), node })).toEqual({
      kind: 'value',
      text: '0',
    });
  });

  it('a limit is the node’s allocatable amount, and is marked as such', () => {
    expect(resourceValue(ref('limits.cpu'), { container: {}, node })).toEqual({
      kind: 'value',
      text: '4',
      default: 'node',
    });
  });

  it('a limit of zero counts as not set', () => {
    expect(
      resourceValue(ref('limits.memory', '1Gi'), { container: withLimits({ memory: '0' }), node }),
    ).toEqual({
      kind: 'value',
      text: '15',
      default: 'node',
    });
  });

  it('a limit of the pod takes precedence over the node, even if the node is not known', () => {
    const context = { container: {}, podLimits: { cpu: '2' }, node: { kind: 'unasked' } } as const;
    expect(resourceValue(ref('limits.cpu'), context)).toEqual({ kind: 'value', text: '2', default: 'pod' });
  });

  it('ephemeral storage has no limit of the pod', () => {
    const context = { container: {}, podLimits: { 'ephemeral-storage': '2Gi' }, node };
    expect(resourceValue(ref('limits.ephemeral-storage'), context)).toEqual({ kind: 'value', text: '0' });
  });

  it('huge pages are never defaulted', () => {
    const facts: NodeFacts = { kind: 'known', allocatable: { 'hugepages-2Mi': '1Gi' } };
    expect(resourceValue(ref('limits.hugepages-2Mi'), { container: {}, node: facts })).toEqual({
      kind: 'value',
      text: '0',
    });
  });

  it('waits for the node, or explains why it stays unknown', () => {
    expect(resourceValue(ref('limits.cpu'), { container: {}, node: { kind: 'unasked' } })).toMatchObject({
      kind: 'unknown',
      needsNode: true,
    });
    const unknown: NodeFacts = { kind: 'unknown', reason: 'you may not read node a' };
    expect(resourceValue(ref('limits.cpu'), { container: {}, node: unknown })).toMatchObject({
      kind: 'unknown',
      reason: 'you may not read node a',
    });
  });
});
