// How the parts of an object merge, for field ownership, server-side apply and strategic merge
// patches. Entry points: `placeOfType`, `placeAt`. Built-in types use their schema, custom types
// that of their definition.

import { arrayAt, objectAt, stringAt, type JsonObject } from '../../model/object.ts';
import type { ServedType } from '../types/types.ts';
import {
  defaultOf,
  metaPackage,
  structNamed,
  structOfType,
  type FieldSchema,
  type FieldType,
} from './schema.ts';

/** What identifies the items of a list: some of their fields, their value, or nothing. */
export type ListKind = 'keyed' | 'set' | 'atomic';

/**
 * A position in a type: what its value is and how it merges.
 * @see https://kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy
 */
export interface Place {
  /** True if an object here is one value. */
  readonly isAtomic: boolean;
  /** True for a field that the type declares, false for a key of a map. */
  readonly isField: boolean;
  /** True if there is always a value, even an empty one. */
  readonly isAlwaysThere: boolean;
  /** True for a custom type, where null is a value. */
  readonly isCustom: boolean;
  readonly list: ListKind;
  /** Fields that identify the items of a keyed list, sorted. */
  readonly keys: readonly string[];
  /** Values of keys that an item can omit. */
  readonly keyDefaults: JsonObject;
  /**
   * The behaviour of a strategic merge patch: `merge`, `merge,retainKeys`, `retainKeys`, `replace`
   * or empty.
   */
  readonly patchStrategy: string;
  /** The key that identifies items in a strategic merge patch. */
  readonly patchMergeKey: string | undefined;
  /** Returns the position at a key of the object here. */
  child(key: string): Place;
  /** The position of the items of the list here. */
  readonly item: Place;
}

/** Returns the position of a whole object. */
export function placeOfType(type: ServedType): Place {
  const struct = structOfType(type);
  if (struct !== undefined) return typedPlace({ kind: 'struct', name: struct.name }, undefined, true);
  return customPlace(type.custom?.schema, true, true);
}

/** Returns the position at the end of a path of keys. Items of lists have no index in the path. */
export function placeAt(type: ServedType, path: readonly string[]): Place {
  return path.reduce(
    (place, key) => (place.item === place ? place : place.item).child(key),
    placeOfType(type),
  );
}

function typedPlace(type: FieldType | undefined, field: FieldSchema | undefined, isField: boolean): Place {
  const struct = type?.kind === 'struct' ? structNamed(type.name) : undefined;
  const item = type?.kind === 'list' ? type.of : undefined;
  const itemFields = item?.kind === 'struct' ? structNamed(item.name)?.fields : undefined;
  const keys = [...(field?.listKeys ?? [])].sort();
  const place: Place = {
    isAtomic: field?.isAtomic === true || struct?.isAtomic === true || isScalar(type),
    isField,
    isAlwaysThere: field?.isByValue === true || field?.isKept === true,
    isCustom: false,
    list: keys.length > 0 ? 'keyed' : field?.isSet === true ? 'set' : 'atomic',
    keys,
    keyDefaults: Object.fromEntries(keys.map((key) => [key, defaultOf(itemFields?.get(key))])),
    patchStrategy: field?.patchStrategy ?? '',
    patchMergeKey: field?.patchMergeKey,
    child: (key) => {
      const inner = struct?.fields.get(key);
      if (inner !== undefined) return typedPlace(inner.type, inner, true);
      return typedPlace(type?.kind === 'map' ? type.of : undefined, undefined, false);
    },
    get item() {
      return item === undefined ? place : typedPlace(item, undefined, false);
    },
  };
  return place;
}

/**
 * True for a scalar. Objects in the position of a scalar (a quantity written as an object) are
 * ordinary values.
 */
function isScalar(type: FieldType | undefined): boolean {
  return type?.kind === 'enum' || (type?.kind === 'scalar' && type.name !== 'any');
}

function customPlace(schema: JsonObject | undefined, isField: boolean, isRoot = false): Place {
  const listType = stringAt(schema, 'x-kubernetes-list-type');
  const items = objectAt(schema, 'items');
  const keys = arrayAt(schema, 'x-kubernetes-list-map-keys').filter((key) => typeof key === 'string');
  const properties = objectAt(items, 'properties');
  const place: Place = {
    isAtomic: stringAt(schema, 'x-kubernetes-map-type') === 'atomic',
    isField,
    isAlwaysThere: false,
    isCustom: true,
    list: listType === 'map' ? 'keyed' : listType === 'set' ? 'set' : 'atomic',
    keys: keys.sort(),
    keyDefaults: Object.fromEntries(keys.map((key) => [key, objectAt(properties, key)?.['default']])),
    patchStrategy: '',
    patchMergeKey: undefined,
    child: (key) => {
      if (isRoot && key === 'metadata') {
        const metadata = typedPlace({ kind: 'struct', name: `${metaPackage}.ObjectMeta` }, undefined, true);
        return { ...metadata, isAlwaysThere: true };
      }
      const property = objectAt(objectAt(schema, 'properties'), key);
      if (property !== undefined) return customPlace(property, true);
      return customPlace(objectAt(schema, 'additionalProperties'), false);
    },
    get item() {
      return items === undefined ? place : customPlace(items, false);
    },
  };
  return place;
}
