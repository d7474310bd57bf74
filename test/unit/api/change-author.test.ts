import { describe, expect, it } from 'vitest';
import {
  authorOf,
  creatorOf,
  decodeEntries,
  encodeEntries,
  managersOf,
} from '../../../src/api/change-author.ts';
import type { JsonObject } from '../../../src/model/object.ts';
import { diffObjects } from '../../../src/model/object-diff.ts';

interface Entry {
  readonly manager: string;
  readonly time?: string;
  readonly subresource?: string;
  readonly fieldsV1?: JsonObject;
}

const [first, second] = ['2026-11-30T03:00:01Z', '2026-11-30T03:00:02Z'];
const data = (...keys: readonly string[]): JsonObject => ({
  'f:data': Object.fromEntries(['.', ...keys.map((key) => `f:${key}`)].map((key) => [key, {}])),
});

function state(content: JsonObject, ...entries: readonly Entry[]): JsonObject {
  return {
    ...content,
    metadata: {
      creationTimestamp: first,
      managedFields: entries.map((entry) => ({ operation: 'Update', apiVersion: 'v1', ...entry })),
    },
  };
}

function authorBetween(before: JsonObject, after: JsonObject): ReturnType<typeof authorOf> {
  return authorOf(managersOf(before), managersOf(after), () => diffObjects(before, after));
}

describe('authorOf', () => {
  it('is the creator of a new object', () => {
    const created = state({ data: { a: '1' } }, { manager: 'kubectl-create', time: first });
    expect(creatorOf(created, managersOf(created))).toEqual({
      manager: 'kubectl-create',
      at: Date.parse(first),
    });
  });

  it('is unknown for a new object whose managers are copies of older ones', () => {
    const created = state({}, { manager: 'backup', time: '2020-01-01T00:00:00Z' });
    expect(creatorOf(created, managersOf(created))).toBeUndefined();
  });

  it('is the manager whose entry is new or renewed', () => {
    const before = state({ data: { a: '1' } }, { manager: 'a', time: first });
    const entries = [
      { manager: 'a', time: first },
      { manager: 'b', time: second },
    ];
    expect(authorBetween(before, state({ data: { a: '2' } }, ...entries))?.manager).toBe('b');
    const renewed = state({ data: { a: '2' } }, { manager: 'a', time: second });
    expect(authorBetween(before, renewed)).toEqual({ manager: 'a', at: Date.parse(second) });
  });

  it('has no time if the entry has none, as with kubectl scale', () => {
    const before = state({ spec: { replicas: 1 } }, { manager: 'create', time: first });
    const after = state(
      { spec: { replicas: 2 } },
      { manager: 'create', time: first },
      { manager: 'kubectl', subresource: 'scale', fieldsV1: { 'f:spec': { 'f:replicas': {} } } },
    );
    expect(authorBetween(before, after)).toEqual({ manager: 'kubectl', at: undefined });
    // The second time nothing shows who it was.
    const again = state(
      { spec: { replicas: 3 } },
      { manager: 'create', time: first, fieldsV1: { 'f:spec': { 'f:template': {} } } },
      { manager: 'kubectl', subresource: 'scale', fieldsV1: { 'f:spec': { 'f:replicas': {} } } },
    );
    expect(authorBetween(after, { ...again })).toBeUndefined();
  });

  it('is the last writer for a second change within a second, if it owns all that changed', () => {
    const entry = { manager: 'a', time: second, fieldsV1: data('a', 'b') };
    const before = state({ data: { a: '1', b: '1' } }, entry);
    expect(authorBetween(before, state({ data: { a: '2', b: '2' } }, entry))?.manager).toBe('a');
    expect(authorBetween(before, state({ data: { a: '1', b: '1' }, x: 1 }, entry))).toBeUndefined();
  });

  it('is unknown if a field was removed, which no manager owns', () => {
    const entry = { manager: 'a', time: second, fieldsV1: data('a') };
    expect(
      authorBetween(state({ data: { a: '1', b: '1' } }, entry), state({ data: { a: '1' } }, entry)),
    ).toBeUndefined();
  });

  it('finds owners of list elements and of quoted keys', () => {
    const fieldsV1 = {
      'f:metadata': { 'f:labels': { 'f:a/b': {} } },
      'f:spec': { 'f:containers': { 'k:{"name":"c.0"}': { '.': {}, 'f:image': {} } } },
    };
    const entry = { manager: 'a', time: second, fieldsV1 };
    const pod = (image: string): JsonObject =>
      state({ spec: { containers: [{ name: 'c.0', image }] }, labels: {} }, entry);
    expect(authorBetween(pod('x'), pod('y'))?.manager).toBe('a');
    const fields = [{ path: 'metadata.labels["a/b"]', before: '1', after: '2' }];
    expect(authorOf(managersOf(pod('x')), managersOf(pod('x')), () => fields)?.manager).toBe('a');
  });

  it('is unknown if two managers are equally new', () => {
    const before = state({ data: {} });
    const entries = [
      { manager: 'a', time: second },
      { manager: 'b', time: second },
    ];
    expect(authorBetween(before, state({ data: { a: '1' } }, ...entries))).toBeUndefined();
  });
});

describe('encodeEntries', () => {
  it('makes one line, which decodeEntries reads, whatever the names of the managers', () => {
    const names = ['', 'a', 'line\nbreak', '"quoted"', '__proto__', 'ünï😀', '\u0000', '\ud800'];
    const entries = managersOf(
      state({}, ...names.map((manager) => ({ manager, time: first, subresource: manager }))),
    );
    expect(entries.map(({ manager }) => manager)).toEqual(names);
    const text = encodeEntries(entries);
    expect(text).not.toContain('\n');
    expect(decodeEntries(text)).toEqual(entries);
    expect(decodeEntries(encodeEntries([]))).toEqual([]);
  });
});
