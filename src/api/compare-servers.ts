// Compares what two servers serve: types and versions, and the fields of types. Entry points:
// compareTypes(), compareSchemas(). Pure.

import { isJsonObject, objectAt, stringsAt, type JsonObject } from '../model/object.ts';
import type { SchemaDocument } from '../model/schema.ts';

/** A version of a type. */
export interface ServedVersion {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly kind: string;
}

/** The differences from one server to another. */
export interface TypeChanges {
  /** Served by the first only. */
  readonly gone: readonly ServedVersion[];
  /** Served by the second only. */
  readonly added: readonly ServedVersion[];
}

export function compareTypes(before: readonly ServedVersion[], after: readonly ServedVersion[]): TypeChanges {
  const keyOf = ({ group, version, resource }: ServedVersion): string => `${group}/${version}/${resource}`;
  const [old, now] = [new Set(before.map(keyOf)), new Set(after.map(keyOf))];
  return {
    gone: before.filter((type) => !now.has(keyOf(type))),
    added: after.filter((type) => !old.has(keyOf(type))),
  };
}

/** A field that is different. */
export interface FieldDifference {
  readonly change: 'gone' | 'added' | 'required';
  /** The schema and the field in it: `DeploymentSpec.paused`. */
  readonly path: string;
}

/**
 * Compares the schemas that both documents of a group version have. Each schema counts once,
 * however many types use it. A new schema has no fields that go, and those of a missing one go with
 * the field that refers to it.
 */
export function compareSchemas(before: SchemaDocument, after: SchemaDocument): readonly FieldDifference[] {
  return Object.keys(before.schemas)
    .sort()
    .flatMap((name) => {
      const [old, now] = [objectAt(before.schemas, name), objectAt(after.schemas, name)];
      if (old === undefined || now === undefined) return [];
      return compareFields(old, now, name.slice(name.lastIndexOf('.') + 1), 0);
    });
}

/** Deeper than any schema of a known type. */
const maxDepth = 60;

function compareFields(
  before: JsonObject,
  after: JsonObject,
  path: string,
  depth: number,
): readonly FieldDifference[] {
  if (depth > maxDepth) return [];
  const [old, now] = [objectAt(before, 'properties') ?? {}, objectAt(after, 'properties') ?? {}];
  const required = new Set(stringsAt(before, 'required'));
  const isOpen = (schema: JsonObject): boolean => schema['x-kubernetes-preserve-unknown-fields'] === true;
  const differences: FieldDifference[] = [];
  for (const field of Object.keys(old).sort()) {
    const at = `${path}.${field}`;
    const [was, is] = [objectAt(old, field), objectAt(now, field)];
    if (is === undefined) {
      if (!isOpen(after)) differences.push({ change: 'gone', path: at });
    } else if (was !== undefined) differences.push(...compareFields(was, is, at, depth + 1));
  }
  for (const field of Object.keys(now).sort()) {
    if (!Object.hasOwn(old, field)) differences.push({ change: 'added', path: `${path}.${field}` });
  }
  for (const field of stringsAt(after, 'required')) {
    if (!required.has(field)) differences.push({ change: 'required', path: `${path}.${field}` });
  }
  for (const key of ['items', 'additionalProperties']) {
    const [was, is] = [before[key], after[key]];
    if (isJsonObject(was) && isJsonObject(is)) {
      differences.push(...compareFields(was, is, key === 'items' ? `${path}[]` : `${path}.*`, depth + 1));
    }
  }
  return differences;
}
