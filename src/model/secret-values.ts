// Removes the values of Secrets where the user asked only for a summary. Entry points:
// isSecretType(), hideSecretValues(), hideSecretChanges(), and measureSecretValues(),
// measureSecretChanges(), which keep the lengths. Pure.

import { isJsonObject, type Json, type KubeObject } from './object.ts';
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
