// Every list, map and struct of the schema, and how apply, patches and field ownership treat it.

import { describe, expect, it } from 'vitest';
import type { Json, JsonObject, KubeObject } from '../../../../src/model/object.ts';
import { applyConfiguration } from '../../../../src/sandbox/objects/apply.ts';
import { managersOf } from '../../../../src/sandbox/objects/managed-fields.ts';
import { strategicMergePatch } from '../../../../src/sandbox/objects/patch.ts';
import { descriptionOf } from '../../../../src/sandbox/schema/descriptions.ts';
import { placeAt } from '../../../../src/sandbox/schema/places.ts';
import {
  structNamed,
  structNames,
  structOfType,
  type FieldSchema,
  type FieldType,
} from '../../../../src/sandbox/schema/schema.ts';
import { servedTypes } from '../../../../src/sandbox/types/served-types.ts';
import type { ServedType } from '../../../../src/sandbox/types/types.ts';

interface Found {
  readonly type: ServedType;
  readonly path: readonly string[];
  readonly field: FieldSchema;
}

/** Each field of each struct of a type, once for each type, with a path without atomic values. */
function fieldsOf(type: ServedType): readonly Found[] {
  const found: Found[] = [];
  const seen = new Set<string>();
  const visit = (fieldType: FieldType, path: readonly string[]): void => {
    if (fieldType.kind === 'list' || fieldType.kind === 'map') {
      visit(fieldType.of, fieldType.kind === 'map' ? [...path, 'k'] : path);
      return;
    }
    if (fieldType.kind !== 'struct' || seen.has(fieldType.name)) return;
    seen.add(fieldType.name);
    const struct = structNamed(fieldType.name);
    if (struct === undefined || struct.isAtomic) return;
    for (const field of struct.fields.values()) {
      const at = [...path, field.name];
      // The test checks managedFields; the other two name the object.
      if (path.length === 0 && ['apiVersion', 'kind'].includes(field.name)) continue;
      if (at.join('.') === 'metadata.managedFields') continue;
      found.push({ type, path: at, field });
      const isOneValue =
        field.isAtomic || (field.type.kind === 'list' && field.listKeys === undefined && !field.isSet);
      if (!isOneValue) visit(field.type, at);
    }
  };
  const struct = structOfType(type);
  if (struct !== undefined) visit({ kind: 'struct', name: struct.name }, []);
  return found;
}

/** Returns a value of a type; lists have one item, maps one key. */
function valueOf(type: FieldType, keys: readonly string[] = [], text = 'a'): Json {
  switch (type.kind) {
    case 'list':
      return [valueOf(type.of, keys, text)];
    case 'map':
      return { k: valueOf(type.of, [], text) };
    case 'struct':
      return keys.length === 0 ? { x: text } : Object.fromEntries(keys.map((key) => [key, text]));
    default:
      return text;
  }
}

/**
 * Returns the object with a value at a path; lists on the path have one item with all their keys.
 */
function objectWith({ type, path }: Found, value: Json): KubeObject {
  const wrap = (at: number): Json => {
    if (at === path.length) return value;
    const key = path[at] ?? '';
    const inner = { [key]: wrap(at + 1) };
    const place = placeAt(type, path.slice(0, at));
    if (place.item === place) return inner;
    const id = Object.fromEntries(place.keys.map((name) => [name, 'a']));
    return [{ ...inner, ...id }];
  };
  const content = wrap(0) as JsonObject;
  const metadata = { name: 'n', ...(content['metadata'] as JsonObject | undefined) };
  return { ...content, apiVersion: type.storedVersion, kind: type.kind, metadata };
}

function ownedAt(object: KubeObject, { type, path }: Found): JsonObject | undefined {
  let tree: JsonObject | undefined = managersOf(object)[0]?.fields;
  for (const [index, key] of path.entries()) {
    const place = placeAt(type, path.slice(0, index));
    if (place.item !== place) {
      tree = Object.entries(tree ?? {}).find(([name]) => name.startsWith('k:'))?.[1] as
        JsonObject | undefined;
    }
    tree = tree?.[`f:${key}`] as JsonObject | undefined;
  }
  return tree;
}

const writer = { manager: 'm', subresource: '', now: new Date(0) };
const types = servedTypes.filter(
  (type) => !type.virtual && type.storedVersion === `${type.group}/${type.version}`.replace(/^\//, ''),
);
const all = types
  .flatMap(fieldsOf)
  .filter(({ field }) => field.type.kind !== 'scalar' && field.type.kind !== 'enum');

describe('the schema', () => {
  it('is walked as a whole', () => {
    expect(all.filter(({ field }) => field.type.kind === 'list').length).toBeGreaterThan(700);
    expect(all.filter(({ field }) => field.listKeys !== undefined).length).toBeGreaterThan(100);
  });

  it('has a description for each struct and field', () => {
    const missing = structNames().flatMap((name) => {
      const struct = structNamed(name);
      const common = struct?.isKind === true ? ['apiVersion', 'kind', 'metadata'] : [];
      const fields = [...(struct?.fields.keys() ?? [])].filter((field) => !common.includes(field));
      return [
        ...(descriptionOf(name) === '' ? [name] : []),
        ...fields.filter((field) => descriptionOf(name, field) === '').map((field) => `${name}.${field}`),
      ];
    });
    expect(missing).toEqual([]);
  });
});

describe('server-side apply', () => {
  it('owns items of keyed lists and sets one by one, and everything atomic as one value', () => {
    const wrong = all.flatMap((found) => {
      const { type, path, field } = found;
      const struct = field.type.kind === 'struct' ? structNamed(field.type.name) : undefined;
      const applied = applyConfiguration(
        type,
        undefined,
        objectWith(found, valueOf(field.type, field.listKeys)),
        writer,
        false,
      );
      const below = Object.keys(ownedAt(applied, found) ?? { missing: true });
      const expected =
        field.type.kind === 'list'
          ? field.listKeys !== undefined
            ? [/^k:/]
            : field.isSet
              ? [/^v:/]
              : []
          : field.isAtomic || struct?.isAtomic === true
            ? []
            : field.type.kind === 'map'
              ? [/^f:k$/]
              : struct !== undefined
                ? [/^f:x$/]
                : [];
      const isRight =
        below.length === expected.length && below.every((name, index) => expected[index]?.test(name));
      return isRight ? [] : [`${type.storedAs} ${path.join('.')}: ${below.join(' ')}`];
    });
    expect(wrong).toEqual([]);
  });
});

describe('strategic merge patch', () => {
  it('keeps the items of lists that merge, and replaces all other lists', () => {
    const lists = all.filter(({ field }) => field.type.kind === 'list');
    const wrong = lists.flatMap((found) => {
      const { type, path, field } = found;
      const key = field.patchMergeKey;
      const ids = key === undefined ? [] : [key];
      const last = path.at(-1) ?? '';
      // Only the list itself: the parent merges by its own keys.
      const before: Json = { [last]: valueOf(field.type, ids) };
      const patch: Json = { [last]: valueOf(field.type, ids, 'b') };
      const whole = (value: Json): KubeObject => objectWith({ ...found, path: path.slice(0, -1) }, value);
      const isInList = path.some((_, index) => {
        const place = placeAt(type, path.slice(0, index));
        return place.item !== place;
      });
      // The unit tests of patches cover nested lists.
      if (isInList || path.length === 1) return [];
      let result: Json | undefined = strategicMergePatch(type, whole(before), whole(patch));
      for (const step of path) result = (result as JsonObject | undefined)?.[step];
      const length = Array.isArray(result) ? result.length : -1;
      const expected = field.patchStrategy?.includes('merge') === true ? 2 : 1;
      return length === expected ? [] : [`${type.storedAs} ${path.join('.')}: ${String(length)}`];
    });
    expect(wrong).toEqual([]);
  });
});
