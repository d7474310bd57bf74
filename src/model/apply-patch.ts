// Builds the patch that `kubectl apply` sends for an object of a file. Entry points:
// buildApplyPatch(), overlay(). Pure.

import { namingField } from './object-diff.ts';
import { isJsonArray, isJsonObject, objectAt, stringAt, type Json, type JsonObject } from './object.ts';
import { lastAppliedKey } from './fields.ts';
import { fieldSchema, type SchemaDocument } from './schema.ts';

/** The schema of the object. Undefined: a JSON merge patch, in which lists are replaced. */
export interface PatchSchema {
  readonly root: JsonObject;
  readonly document: SchemaDocument;
}

export interface ApplyPatchInput {
  /** The object of the file. */
  readonly file: JsonObject;
  /** The object that was applied last. Undefined: it was not applied, so nothing is removed. */
  readonly lastApplied: JsonObject | undefined;
  readonly live: JsonObject;
  readonly schema: PatchSchema | undefined;
}

type Patch = Record<string, Json | undefined>;

/**
 * Returns the patch: the fields of the file, and deletions of what was applied last and is not in
 * the file any more. With a schema it is a strategic merge patch with the directives of kubectl.
 * @see https://github.com/kubernetes/community/blob/master/contributors/devel/sig-api-machinery/strategic-merge-patch.md
 */
export function buildApplyPatch({ file, lastApplied, live, schema }: ApplyPatchInput): JsonObject {
  return patchOf(withoutLastApplied(file), lastApplied ?? {}, live, schema);
}

/**
 * kubectl adds the annotation itself, and a missing map of annotations does not remove all of them.
 */
function withoutLastApplied(file: JsonObject): JsonObject {
  const metadata = objectAt(file, 'metadata') ?? {};
  const annotations = Object.entries(objectAt(metadata, 'annotations') ?? {});
  const kept = annotations.filter(([key]) => key !== lastAppliedKey);
  return { ...file, metadata: { ...metadata, annotations: Object.fromEntries(kept) } };
}

function patchOf(
  file: JsonObject,
  original: JsonObject,
  live: JsonObject,
  schema: PatchSchema | undefined,
): JsonObject {
  const patch: Patch = {};
  for (const [key, value] of Object.entries(file)) {
    if (value === undefined) continue;
    const inner = schema === undefined ? undefined : innerSchema(schema, key);
    if (isJsonObject(value)) {
      const fields = patchOf(value, objectAt(original, key) ?? {}, objectAt(live, key) ?? {}, inner);
      patch[key] = hasStrategy(inner, 'retainKeys') ? retaining(fields, value, objectAt(live, key)) : fields;
    } else if (isJsonArray(value) && hasStrategy(inner, 'merge')) {
      Object.assign(patch, listPatch(key, value, listAt(original, key), listAt(live, key), inner));
    } else patch[key] = value;
  }
  for (const key of Object.keys(original)) if (!Object.hasOwn(file, key)) patch[key] = null;
  return patch;
}

/** The merge list of a field, with deletions and order as further fields. */
function listPatch(
  key: string,
  items: readonly Json[],
  original: readonly Json[],
  live: readonly Json[],
  schema: PatchSchema | undefined,
): Patch {
  const mergeKey = stringAt(schema?.root, 'x-kubernetes-patch-merge-key');
  if (mergeKey === '') {
    const gone = original.filter((item) => !items.includes(item));
    return {
      [key]: items,
      ...(gone.length === 0 ? {} : { [`$deleteFromPrimitiveList/${key}`]: gone }),
      [`$setElementOrder/${key}`]: items,
    };
  }
  const [old, now] = [original, live].map((list) => byKey(list, mergeKey));
  const own = byKey(items, mergeKey);
  const patches = items.map((item): Json => {
    if (!isJsonObject(item)) return item;
    const id = item[mergeKey];
    const current = now?.get(id);
    const fields = patchOf(item, old?.get(id) ?? {}, current ?? {}, schema);
    return hasStrategy(schema, 'retainKeys') ? retaining(fields, item, current) : fields;
  });
  const gone = [...(old?.keys() ?? [])].filter((id) => !own.has(id));
  return {
    [key]: [...patches, ...gone.map((id): Json => ({ $patch: 'delete', [mergeKey]: id }))],
    [`$setElementOrder/${key}`]: items
      .filter(isJsonObject)
      .map((item): Json => ({ [mergeKey]: item[mergeKey] })),
  };
}

/**
 * Adds the directive that removes all other keys, where the file changes something: a union such as
 * the strategy of a Deployment cannot have the fields of two members.
 */
function retaining(patch: JsonObject, file: JsonObject, live: JsonObject | undefined): JsonObject {
  if (live === undefined || isContained(file, live)) return patch;
  return { ...patch, $retainKeys: Object.keys(file).sort() };
}

function isContained(part: Json, whole: Json | undefined): boolean {
  if (isJsonObject(part)) {
    return (
      isJsonObject(whole) &&
      Object.entries(part).every(([key, value]) => value === undefined || isContained(value, whole[key]))
    );
  }
  if (isJsonArray(part)) {
    return (
      isJsonArray(whole ?? null) &&
      part.length === (whole as readonly Json[]).length &&
      part.every((item, at) => isContained(item, (whole as readonly Json[])[at]))
    );
  }
  return part === whole;
}

function byKey(list: readonly Json[], mergeKey: string): Map<Json | undefined, JsonObject> {
  return new Map(list.filter(isJsonObject).map((item) => [item[mergeKey], item]));
}

function listAt(object: JsonObject, key: string): readonly Json[] {
  const value = object[key];
  return isJsonArray(value ?? null) ? (value as readonly Json[]) : [];
}

function innerSchema({ root, document }: PatchSchema, key: string): PatchSchema | undefined {
  const inner = fieldSchema(root, key, document);
  return inner === undefined ? undefined : { root: inner, document };
}

function hasStrategy(schema: PatchSchema | undefined, strategy: string): boolean {
  return stringAt(schema?.root, 'x-kubernetes-patch-strategy').split(',').includes(strategy);
}

/**
 * Returns the live object with the fields of the file laid over it, as far as that is possible
 * without the server: no defaults, and lists are merged by their names.
 */
export function overlay(live: JsonObject, file: JsonObject): JsonObject {
  const result = new Map(Object.entries(live));
  for (const [key, value] of Object.entries(file)) {
    if (value === undefined) continue;
    if (value === null) result.delete(key);
    else result.set(key, overlaid(live[key], value));
  }
  return Object.fromEntries(result);
}

function overlaid(live: Json | undefined, value: Json): Json {
  if (isJsonObject(value)) return overlay(isJsonObject(live) ? live : {}, value);
  if (!isJsonArray(value) || !isJsonArray(live ?? null)) return value;
  const before = (live as readonly Json[]).filter(isJsonObject);
  const after = value.filter(isJsonObject);
  const field = namingField(before, after);
  if (field === undefined || after.length < value.length || after.length === 0) return value;
  const old = byKey(before, field);
  return after.map((item) => overlay(old.get(item[field]) ?? {}, item));
}
