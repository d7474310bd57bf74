import { describe, expect, it } from 'vitest';
import { definitionsOf, podsOf } from '../../../bench/generated.ts';

const now = new Date('2026-01-01T00:00:00Z');
const namespace = { name: 'kapi-bench-500', pods: 500 };

describe('podsOf', () => {
  const pods = [...podsOf(namespace, now)];

  it('returns the number of pods that the namespace needs, each with a unique name', () => {
    expect(pods).toHaveLength(500);
    expect(new Set(pods.map(({ name }) => name)).size).toBe(500);
  });

  it('returns the same names again, so that filling twice adds nothing', () => {
    const later = new Date('2027-01-01T00:00:00Z');
    expect([...podsOf(namespace, later)].map(({ name }) => name)).toEqual(pods.map(({ name }) => name));
  });

  it('makes names that Kubernetes accepts', () => {
    for (const { name } of pods) expect(name).toMatch(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/);
  });

  it('leaves nothing to the controllers of a full cluster', () => {
    const [{ object } = { object: {} }] = pods;
    expect(object).not.toHaveProperty('spec.nodeName');
    expect(object).not.toHaveProperty('metadata.ownerReferences');
    expect(object).toHaveProperty('spec.schedulerName', 'kapi-bench');
  });
});

describe('definitionsOf', () => {
  const definitions = [...definitionsOf(200)] as {
    readonly metadata: { readonly name: string };
    readonly spec: {
      readonly group: string;
      readonly names: {
        readonly plural: string;
        readonly kind: string;
        readonly shortNames: readonly string[];
      };
    };
  }[];

  it('names each after its plural and its group, as the server requires', () => {
    expect(definitions).toHaveLength(200);
    for (const { metadata, spec } of definitions) {
      expect(metadata.name).toBe(`${spec.names.plural}.${spec.group}`);
      expect(spec.names.plural).toMatch(/^[a-z][a-z0-9]*$/);
      expect(spec.names.kind).toMatch(/^[A-Z][A-Za-z0-9]*$/);
    }
  });

  it('has twenty groups and unique names', () => {
    expect(new Set(definitions.map(({ spec }) => spec.group)).size).toBe(20);
    expect(new Set(definitions.map(({ spec }) => spec.names.kind)).size).toBe(200);
    expect(new Set(definitions.flatMap(({ spec }) => spec.names.shortNames)).size).toBe(200);
  });
});
