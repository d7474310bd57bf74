// Prepares two states of an object for a comparison: without the fields that the server sets, and
// without the values of Secrets. Entry points: comparable(), maskSecrets(). Pure.

import { arrayAt, isJsonObject, objectAt, type Json, type JsonObject, type KubeObject } from './object.ts';

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

/** Annotation with a copy of the object that `kubectl apply` has sent. */
export const lastAppliedKey = 'kubectl.kubernetes.io/last-applied-configuration';

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

/** The words of kubectl diff. */
const mask = '***';
const maskBefore = '*** (before)';
const maskAfter = '*** (after)';

/**
 * Returns two states of a Secret with its keys but without its values. Values that differ get
 * different texts, so that the difference is visible. Masks annotations too, in which tools keep
 * copies of the values.
 */
export function maskSecrets(
  before: KubeObject | undefined,
  after: KubeObject | undefined,
): [KubeObject | undefined, KubeObject | undefined] {
  let [old, now] = [before, after];
  for (const field of ['data', 'stringData'] as const) {
    const [left, right] = maskedPair(old?.[field], now?.[field]);
    old = old === undefined || left === undefined ? old : { ...old, [field]: left };
    now = now === undefined || right === undefined ? now : { ...now, [field]: right };
  }
  const [left, right] = maskedPair(old?.metadata['annotations'], now?.metadata['annotations']);
  return [withAnnotations(old, left), withAnnotations(now, right)];
}

function withAnnotations(
  object: KubeObject | undefined,
  annotations: Json | undefined,
): KubeObject | undefined {
  if (object === undefined || annotations === undefined) return object;
  return { ...object, metadata: { ...object.metadata, annotations } };
}

function maskedPair(before: Json | undefined, after: Json | undefined): [Json | undefined, Json | undefined] {
  if (!isJsonObject(before ?? {}) || !isJsonObject(after ?? {})) {
    // Not what the API defines: hidden as a whole.
    const isSame = JSON.stringify(before) === JSON.stringify(after);
    return [
      before === undefined ? undefined : isSame ? mask : maskBefore,
      after === undefined ? undefined : isSame ? mask : maskAfter,
    ];
  }
  const [old, now] = [before, after].map((value) => (isJsonObject(value) ? value : undefined));
  return [masked(old, now, maskBefore), masked(now, old, maskAfter)];
}

function masked(
  values: JsonObject | undefined,
  others: JsonObject | undefined,
  differing: string,
): Json | undefined {
  if (values === undefined) return undefined;
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => {
      const differs = others !== undefined && Object.hasOwn(others, key) && others[key] !== value;
      return [key, differs ? differing : mask];
    }),
  );
}
