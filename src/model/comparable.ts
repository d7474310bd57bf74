// Prepares a state of an object for a comparison: without the fields that the server sets. Entry
// point: comparable(). Pure.

import { lastAppliedKey } from './fields.ts';
import { arrayAt, isJsonObject, objectAt, type Json, type KubeObject } from './object.ts';

/** What to compare besides the fields that users set. */
export interface ComparedFields {
  /** True to keep `status` and the metadata that the server sets. */
  readonly all: boolean;
  readonly managedFields: boolean;
  /** True to keep `metadata.namespace`. False if the two states are of different namespaces. */
  readonly namespace: boolean;
}

/** Metadata that the server sets: it differs between clusters and after each write. */
export const serverFields = [
  'uid',
  'resourceVersion',
  'creationTimestamp',
  'generation',
  'selfLink',
] as const;

const ignored: ReadonlySet<string> = new Set(serverFields);

/**
 * Returns the object without the fields that are not compared: by default `status`,
 * {@link serverFields}, the UIDs of owners, managedFields and the annotation of `kubectl apply`.
 */
export function comparable(object: KubeObject, fields: ComparedFields): KubeObject {
  const { status, ...rest } = object;
  const metadata: Record<string, Json | undefined> = Object.fromEntries(
    Object.entries(object.metadata).filter(([key]) => fields.all || !ignored.has(key)),
  );
  if (!fields.managedFields) delete metadata['managedFields'];
  if (!fields.namespace) delete metadata['namespace'];
  if (fields.all) {
    return { ...rest, ...(status === undefined ? {} : { status }), metadata };
  }
  const owners = arrayAt(metadata, 'ownerReferences');
  if (owners.length > 0) metadata['ownerReferences'] = owners.map(withoutUid);
  const annotations = objectAt(metadata, 'annotations');
  if (annotations !== undefined) {
    const kept = Object.entries(annotations).filter(([key]) => key !== lastAppliedKey);
    if (kept.length > 0) metadata['annotations'] = Object.fromEntries(kept);
    else delete metadata['annotations'];
  }
  return { ...rest, metadata };
}

function withoutUid(owner: Json): Json {
  if (!isJsonObject(owner)) return owner;
  return Object.fromEntries(Object.entries(owner).filter(([key]) => key !== 'uid'));
}
