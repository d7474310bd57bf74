// What an API server says in the place of what was asked for. Pure. Entry point: decodeStatus().

import { arrayAt, isJsonObject, objectAt, stringAt, type Json, type JsonObject } from './object.ts';

/** One of the causes of a Status. */
export interface StatusCause {
  readonly reason: string;
  readonly message: string;
  readonly field: string;
}

/**
 * A decoded `Status`; absent strings are empty.
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/
 */
export interface Status {
  readonly status: string;
  readonly message: string;
  readonly reason: string;
  /** 0 where absent. */
  readonly code: number;
  /** Undefined where the Status has no `details` at all. */
  readonly details?:
    | {
        readonly group: string;
        readonly kind: string;
        readonly name: string;
        readonly causes: readonly StatusCause[];
        readonly retryAfterSeconds: number;
      }
    | undefined;
  /** A token to go on with after a 410 in the middle of a list, else empty. */
  readonly continue: string;
}

/** Undefined for JSON that is no Status. */
export function decodeStatus(json: Json | undefined): Status | undefined {
  if (!isJsonObject(json) || json.kind !== 'Status') return undefined;
  // A custom type may have that kind.
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
