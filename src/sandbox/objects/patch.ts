// JSON Patch, JSON Merge Patch and strategic merge patch. Pure functions. Server-side apply:
// apply.ts.

import { isJsonObject, type Json, type JsonObject, isJsonArray } from '../../model/object.ts';
import { deepEqual, textOf, without } from '../../model/json.ts';
import { placeOfType, type Place } from '../schema/places.ts';
import { badRequest, StatusError } from '../http/status.ts';
import type { ServedType } from '../types/types.ts';

/** Applies a merge patch (RFC 7396): merges objects, `null` removes, everything else replaces. */
export function mergePatch(target: Json | undefined, patch: Json): Json {
  if (!isJsonObject(patch)) return patch;
  const result = new Map(isJsonObject(target) ? Object.entries(target) : []);
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) result.delete(key);
    else if (value !== undefined) result.set(key, mergePatch(result.get(key), value));
  }
  return Object.fromEntries(result);
}

/**
 * Applies a strategic merge patch: like a merge patch, but merges lists with a merge key item by
 * item, and supports `$patch`, `$retainKeys`, `$deleteFromPrimitiveList` and `$setElementOrder`.
 * @throws StatusError 400
 * @see
 *   https://github.com/kubernetes/community/blob/master/contributors/devel/sig-api-machinery/strategic-merge-patch.md
 */
export function strategicMergePatch(type: ServedType, target: JsonObject, patch: JsonObject): JsonObject {
  return mergeStrategic(placeOfType(type), target, patch);
}

function mergeStrategic(place: Place, target: JsonObject | undefined, patch: JsonObject): JsonObject {
  const directive = patch['$patch'];
  if (directive === 'replace') return withoutDirectives(patch);
  if (directive === 'delete') return {};
  const retain = patch['$retainKeys'];
  const result = new Map(
    Object.entries(target ?? {}).filter(([key]) => !isJsonArray(retain) || retain.includes(key)),
  );
  for (const [key, value] of Object.entries(patch)) {
    if (key === '$patch' || key === '$retainKeys' || value === undefined) continue;
    if (key.startsWith('$setElementOrder/')) continue;
    if (key.startsWith('$deleteFromPrimitiveList/')) {
      const name = key.slice('$deleteFromPrimitiveList/'.length);
      const list = result.get(name);
      if (isJsonArray(list) && isJsonArray(value)) {
        result.set(
          name,
          list.filter((item) => !value.includes(item)),
        );
      }
      continue;
    }
    const child = place.child(key);
    const current = result.get(key);
    if (value === null) result.delete(key);
    else if (isJsonObject(value)) {
      const target = isJsonObject(current) && child.patchStrategy !== 'replace' ? current : undefined;
      result.set(key, mergeStrategic(child, target, value));
    } else if (isJsonArray(value)) {
      const order = patch[`$setElementOrder/${key}`];
      result.set(key, mergeList(child, isJsonArray(current) ? current : [], value, order));
    } else result.set(key, value);
  }
  orderUntouchedLists(place, result, patch);
  return Object.fromEntries(result);
}

function mergeList(
  place: Place,
  current: readonly Json[],
  patch: readonly Json[],
  order: Json | undefined,
): readonly Json[] {
  if (patch.some((item) => isJsonObject(item) && item['$patch'] === 'replace')) {
    return patch.filter((item) => !(isJsonObject(item) && item['$patch'] === 'replace'));
  }
  const key = place.patchMergeKey;
  if (!place.patchStrategy.includes('merge')) return patch;
  if (key === undefined) return [...new Set([...current, ...patch])];
  const result = [...current];
  for (const item of patch) {
    const id = isJsonObject(item) ? item[key] : undefined;
    if (!isJsonObject(item) || id === undefined) throw missingMergeKey(item, key);
    const index = result.findIndex((candidate) => isJsonObject(candidate) && candidate[key] === id);
    const existing = index < 0 ? undefined : result[index];
    if (item['$patch'] === 'delete') {
      if (index >= 0) result.splice(index, 1);
    } else if (index >= 0) {
      result[index] = mergeStrategic(place.item, isJsonObject(existing) ? existing : undefined, item);
    } else result.push(mergeStrategic(place.item, undefined, item));
  }
  return orderItems(result, isJsonArray(order) ? order : patch, current, key);
}

/**
 * Makes the error for an item without its merge key. Go prints the item like any map, and the real
 * server returns the error without a reason.
 */
function missingMergeKey(item: Json, key: string): StatusError {
  const shown = isJsonObject(item)
    ? `map[${Object.entries(item)
        .map(([name, value]) => `${name}:${textOf(value)}`)
        .sort()
        .join(' ')}]`
    : textOf(item);
  return new StatusError(500, '', `map: ${shown} does not contain declared merge key: ${key}`);
}

/** Applies `$setElementOrder` to a list that the patch itself does not change. */
function orderUntouchedLists(place: Place, result: Map<string, Json | undefined>, patch: JsonObject): void {
  for (const [key, order] of Object.entries(patch)) {
    if (!key.startsWith('$setElementOrder/') || !isJsonArray(order)) continue;
    const name = key.slice('$setElementOrder/'.length);
    const list = result.get(name);
    const mergeKey = place.child(name).patchMergeKey;
    if (isJsonArray(list) && patch[name] === undefined && mergeKey !== undefined) {
      result.set(name, orderItems(list, order, list, mergeKey));
    }
  }
}

/**
 * Orders items: those that the patch names in its order, the others in their previous order.
 * Between one of each, the one that was first stays first, and a new item comes before.
 */
function orderItems(
  merged: readonly Json[],
  patchOrder: readonly Json[],
  current: readonly Json[],
  key: string,
): readonly Json[] {
  const idOf = (item: Json): Json | undefined => (isJsonObject(item) ? item[key] : undefined);
  const rankIn = (list: readonly Json[], item: Json): number =>
    list.findIndex((entry) => idOf(entry) === idOf(item));
  const named = merged
    .filter((item) => rankIn(patchOrder, item) >= 0)
    .sort((a, b) => rankIn(patchOrder, a) - rankIn(patchOrder, b));
  const others = merged.filter((item) => rankIn(patchOrder, item) < 0);
  const result: Json[] = [];
  for (const item of named) {
    const place = rankIn(current, item);
    while (others[0] !== undefined && place >= 0 && rankIn(current, others[0]) < place) {
      result.push(others[0]);
      others.shift();
    }
    result.push(item);
  }
  return [...result, ...others];
}

function withoutDirectives(patch: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(patch).filter(([key]) => !key.startsWith('$')));
}

/**
 * Applies a JSON patch (RFC 6902). A failed `test` or a missing path is a 422, as in the server.
 * @throws StatusError 400, 422
 */
export function jsonPatch(target: Json, operations: Json): Json {
  if (!isJsonArray(operations)) {
    throw badRequest(
      'error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp',
    );
  }
  let document = target;
  for (const operation of operations) {
    if (!isJsonObject(operation)) throw badRequest('error decoding patch: an operation is not an object');
    document = applyOperation(document, operation);
  }
  return document;
}

function applyOperation(document: Json, operation: JsonObject): Json {
  const op = operation['op'];
  const path = pointerOf(operation['path']);
  const value = operation['value'] ?? null;
  switch (op) {
    case 'add':
      return changeAt(document, path, 'add', value);
    case 'remove':
      return changeAt(document, path, 'remove', null);
    case 'replace':
      return changeAt(document, path, 'replace', value);
    case 'move':
    case 'copy': {
      const from = pointerOf(operation['from']);
      const moved = valueAt(document, from);
      const rest = op === 'move' ? changeAt(document, from, 'remove', null) : document;
      return changeAt(rest, path, 'add', moved);
    }
    case 'test':
      if (!deepEqual(valueAt(document, path), value)) {
        throw cannotApply();
      }
      return document;
    default:
      throw cannotApply();
  }
}

/**
 * Makes the error for a failed operation. The real server does not say which operation failed and
 * why.
 */
function cannotApply(): StatusError {
  return new StatusError(
    422,
    'Invalid',
    'the server rejected our request due to an error in our request',
    {},
  );
}

function pointerOf(pointer: Json | undefined): readonly string[] {
  if (typeof pointer !== 'string' || (pointer !== '' && !pointer.startsWith('/'))) {
    throw cannotApply();
  }
  return pointer === ''
    ? []
    : pointer
        .slice(1)
        .split('/')
        .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function valueAt(document: Json, path: readonly string[]): Json {
  let value: Json | undefined = document;
  for (const step of path) {
    value = isJsonArray(value)
      ? value[indexOf(step, value.length)]
      : isJsonObject(value)
        ? value[step]
        : undefined;
    if (value === undefined) throw cannotApply();
  }
  return value;
}

function indexOf(step: string, length: number): number {
  if (!/^(0|[1-9]\d*)$/.test(step) || Number(step) >= length) throw cannotApply();
  return Number(step);
}

function changeAt(
  document: Json,
  path: readonly string[],
  how: 'add' | 'remove' | 'replace',
  value: Json,
): Json {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (isJsonArray(document)) {
    const list = [...document];
    if (rest.length > 0) {
      const index = indexOf(step, list.length);
      list[index] = changeAt(list[index] ?? null, rest, how, value);
    } else if (how === 'add') {
      list.splice(step === '-' ? list.length : indexOf(step, list.length + 1), 0, value);
    } else if (how === 'remove') list.splice(indexOf(step, list.length), 1);
    else list[indexOf(step, list.length)] = value;
    return list;
  }
  if (!isJsonObject(document)) throw cannotApply();
  const current = document[step];
  if (rest.length > 0) {
    if (current === undefined) throw cannotApply();
    return { ...document, [step]: changeAt(current, rest, how, value) };
  }
  if (how === 'add') return { ...document, [step]: value };
  if (current === undefined) throw cannotApply();
  if (how === 'replace') return { ...document, [step]: value };
  return without(document, step);
}
