// How the parts of an object merge, which owners of fields, server-side apply and strategic merge patches go by. Entry
// points: `placeOfType`, `placeAt`. Built-in types by their schema, custom ones by that of their definition.

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

/** How the items of a list are told apart: by some fields, by their value, or not at all. */
export type ListKind = 'keyed' | 'set' | 'atomic';

/**
 * A place in a type: what its value is and how it merges.
 * @see https://kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy
 */
export interface Place {
  /** Whether an object here counts as one value. */
  readonly isAtomic: boolean;
  /** Whether the place is a field that the type declares, and no key of a map. */
  readonly isField: boolean;
  /** Whether there is always something here, even where it is empty. */
  readonly isAlwaysThere: boolean;
  /** Whether the type is a custom one, whose nulls are values. */
  readonly isCustom: boolean;
  readonly list: ListKind;
  /** Fields that tell the items of a keyed list apart, sorted. */
  readonly keys: readonly string[];
  /** Values of keys that an item may leave out. */
  readonly keyDefaults: JsonObject;
  /** `merge`, `merge,retainKeys`, `retainKeys`, `replace` or empty: what a strategic merge patch does here. */
  readonly patchStrategy: string;
  /** The key that a strategic merge patch tells items apart by. */
  readonly patchMergeKey: string | undefined;
  /** The place at a key of the object here. */
  child(key: string): Place;
  /** The place of the items of the list here. */
  readonly item: Place;
}

/** The place of a whole object. */
export function placeOfType(type: ServedType): Place {
  const struct = structOfType(type);
  if (struct !== undefined) return typedPlace({ kind: 'struct', name: struct.name }, undefined, true);
  return customPlace(type.custom?.schema, true, true);
}

/** The place at the end of a path of keys; items of lists are passed through without an index. */
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

/** Objects in places of scalars, such as resources written as quantities, are values like any other. */
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
