// Removes the values of Secrets where the user asked only for a summary or a comparison. Entry
// points: isSecretType(), hideSecretValues(), hideSecretChanges(), measureSecretValues() and
// measureSecretChanges(), which keep the lengths, and maskSecrets(), which keeps what differs.
// Pure.

import { isJsonObject, type Json, type JsonObject, type KubeObject } from './object.ts';
import type { FieldChange } from './object-diff.ts';
import type { GroupVersionResource } from './resource.ts';

/** The text shown instead of a value. */
const placeholder = '(hidden, --show-secrets shows it)';

/** True if objects of this type are Secrets. */
export function isSecretType({ group, resource }: Pick<GroupVersionResource, 'group' | 'resource'>): boolean {
  return group === '' && resource === 'secrets';
}

/**
 * Returns a Secret with its keys but without its values. Hides annotations too: kubectl apply and
 * other tools keep copies of the whole object there, some of them compressed.
 */
export function hideSecretValues(secret: KubeObject): KubeObject {
  const { metadata } = secret;
  return {
    ...secret,
    ...('data' in secret ? { data: hideValues(secret['data']) } : {}),
    ...('stringData' in secret ? { stringData: hideValues(secret['stringData']) } : {}),
    ...('annotations' in metadata
      ? { metadata: { ...metadata, annotations: hideValues(metadata['annotations']) } }
      : {}),
  };
}

function hideValues(values: Json | undefined): Json {
  if (!isJsonObject(values)) return values === null || values === undefined ? null : placeholder;
  return Object.fromEntries(Object.keys(values).map((key) => [key, placeholder]));
}

/** Fields of a Secret that contain values, and the field that contains copies of them. */
const hiddenFields = ['data', 'stringData', 'metadata.annotations'];

/** Returns the changes of a Secret, with only the keys of changed values. */
export function hideSecretChanges(changes: readonly FieldChange[]): FieldChange[] {
  return changes.flatMap((change) => {
    // A map that was added or removed as a whole, with its parent.
    if (['', 'metadata'].includes(change.path)) return [{ ...change, isHidden: true }];
    if (!hiddenFields.includes(change.path)) {
      const isInside = hiddenFields.some(
        (field) => change.path.startsWith(`${field}.`) || change.path.startsWith(`${field}[`),
      );
      return [isInside ? { ...change, isHidden: true } : change];
    }
    const { path, before, after } = change;
    if (!isJsonObject(before ?? {}) || !isJsonObject(after ?? {})) return [{ ...change, isHidden: true }];
    const keys = new Set([before, after].flatMap((value) => (isJsonObject(value) ? Object.keys(value) : [])));
    return [...keys].map((key) => ({
      path: /^[A-Za-z_][\w-]*$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`,
      before: isJsonObject(before) ? before[key] : undefined,
      after: isJsonObject(after) ? after[key] : undefined,
      isHidden: true,
    }));
  });
}

/** Returns a Secret with the lengths of its values instead of the values. */
export function measureSecretValues(secret: KubeObject): KubeObject {
  const { metadata } = secret;
  return {
    ...secret,
    ...('data' in secret ? { data: lengthsOf(secret['data'], decodedLength) } : {}),
    ...('stringData' in secret ? { stringData: lengthsOf(secret['stringData'], plainLength) } : {}),
    ...('annotations' in metadata
      ? { metadata: { ...metadata, annotations: lengthsOf(metadata['annotations'], plainLength) } }
      : {}),
  };
}

/** Returns the changes of a Secret with the lengths of its values instead of the values. */
export function measureSecretChanges(changes: readonly FieldChange[]): FieldChange[] {
  return hideSecretChanges(changes).map((change) => {
    const { path, before, after, isHidden } = change;
    // For a whole map of values, shows only that it changed.
    if (isHidden !== true || [before, after].some(isJsonObject)) return change;
    const lengthOf = path.startsWith('data') ? decodedLength : plainLength;
    return {
      path,
      before: before === undefined ? undefined : lengthText(before, lengthOf),
      after: after === undefined ? undefined : lengthText(after, lengthOf),
    };
  });
}

function lengthsOf(values: Json | undefined, lengthOf: (text: string) => number): Json {
  if (!isJsonObject(values)) return values === null || values === undefined ? null : placeholder;
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      key,
      typeof value === 'string' ? `${lengthText(value, lengthOf)} ${placeholder}` : placeholder,
    ]),
  );
}

function lengthText(value: Json, lengthOf: (text: string) => number): string {
  if (typeof value !== 'string') return placeholder;
  const length = lengthOf(value);
  return length === 1 ? '1 byte' : `${length} bytes`;
}

function plainLength(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** Returns the number of bytes that a base64 text decodes to. */
function decodedLength(text: string): number {
  return Math.floor((text.replaceAll(/[=\s]/g, '').length * 3) / 4);
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
