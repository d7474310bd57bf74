// The Status that an API server returns instead of the requested data. Pure. Entry point:
// decodeStatus().

import { arrayAt, isJsonObject, objectAt, stringAt, type Json, type JsonObject } from './object.ts';

/** One of the causes of a Status. */
export interface StatusCause {
  readonly reason: string;
  readonly message: string;
  readonly field: string;
}

/**
 * A decoded `Status`. Absent strings are empty.
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/
 */
export interface Status {
  readonly status: string;
  readonly message: string;
  readonly reason: string;
  /** 0 if absent. */
  readonly code: number;
  /** Undefined if the Status has no `details`. */
  readonly details?:
    | {
        readonly group: string;
        readonly kind: string;
        readonly name: string;
        readonly causes: readonly StatusCause[];
        readonly retryAfterSeconds: number;
      }
    | undefined;
  /** The token to continue with after a 410 in the middle of a list, else empty. */
  readonly continue: string;
}

/** Decodes a Status. Undefined for other JSON. */
export function decodeStatus(json: Json | undefined): Status | undefined {
  if (!isJsonObject(json) || json.kind !== 'Status') return undefined;
  // A custom resource can have the same kind.
  const version = stringAt(json, 'apiVersion');
  if (version !== '' && version !== 'v1' && !version.startsWith('meta.k8s.io/')) return undefined;
  const details = objectAt(json, 'details');
  return {
    status: stringAt(json, 'status'),
    message: stringAt(json, 'message'),
    reason: stringAt(json, 'reason'),
    code: numberAt(json, 'code'),
    details: details && {
      group: stringAt(details, 'group'),
      kind: stringAt(details, 'kind'),
      name: stringAt(details, 'name'),
      causes: arrayAt(details, 'causes')
        .filter(isJsonObject)
        .map((cause) => ({
          reason: stringAt(cause, 'reason'),
          message: stringAt(cause, 'message'),
          field: stringAt(cause, 'field'),
        })),
      retryAfterSeconds: numberAt(details, 'retryAfterSeconds'),
    },
    continue: stringAt(objectAt(json, 'metadata'), 'continue'),
  };
}

function numberAt(object: JsonObject, key: string): number {
  const value = object[key];
  return typeof value === 'number' ? value : 0;
}
