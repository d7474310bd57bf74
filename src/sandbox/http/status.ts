// Failures with the messages of the API server. StatusError contains a `Status` body, and the
// functions below make the common ones. Thrown inside the sandbox and written by respond.ts. Not
// KapiErrors, because no kapi command fails here.

import type { Json, JsonObject } from '../../model/object.ts';
import { groupResourceOf } from '../../model/resource.ts';
import type { FieldError } from '../types/types.ts';

interface GroupResource {
  readonly group: string;
  readonly resource: string;
}

/** The `details` of a Status. The JSON omits empty values. */
export interface StatusDetails {
  readonly name?: string;
  readonly group?: string;
  readonly kind?: string;
  readonly causes?: readonly {
    readonly reason?: string;
    readonly message?: string;
    readonly field?: string;
  }[];
  readonly retryAfterSeconds?: number;
}

/**
 * A request that did not succeed.
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/
 */
export class StatusError extends Error {
  readonly code: number;
  readonly reason: string;
  readonly details: StatusDetails | undefined;
  /** `metadata.continue`: a token to continue an expired list without consistency. */
  readonly continueToken: string | undefined;
  constructor(
    code: number,
    reason: string,
    message: string,
    details?: StatusDetails,
    continueToken?: string,
  ) {
    super(message);
    this.code = code;
    this.reason = reason;
    this.details = details;
    this.continueToken = continueToken;
  }

  /** Returns the body, with keys in the order in which Go writes them. */
  toBody(): JsonObject {
    return {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: this.continueToken === undefined ? {} : { continue: this.continueToken },
      status: 'Failure',
      message: this.message,
      reason: this.reason === '' ? undefined : this.reason,
      details: this.details === undefined ? undefined : detailsToJson(this.details),
      code: this.code,
    };
  }
}

function detailsToJson(details: StatusDetails): JsonObject {
  return {
    name: details.name === '' ? undefined : details.name,
    group: details.group === '' ? undefined : details.group,
    kind: details.kind === '' ? undefined : details.kind,
    causes: details.causes?.map((cause): Json => ({
      reason: cause.reason,
      message: cause.message,
      field: cause.field,
    })),
    retryAfterSeconds: details.retryAfterSeconds,
  };
}

/** Makes a 400. */
export function badRequest(message: string): StatusError {
  return new StatusError(400, 'BadRequest', message);
}

/** Makes a failure of a request for an object, which the message names. */
function objectFailure(
  code: number,
  reason: string,
  { group, resource }: GroupResource,
  name: string,
  messageFor: (object: string) => string,
): StatusError {
  const object = `${groupResourceOf({ group, resource })} ${goQuote(name)}`;
  return new StatusError(code, reason, messageFor(object), { name, group, kind: resource });
}

/** Makes a 404 for an object. */
export function notFound(resource: GroupResource, name: string): StatusError {
  return objectFailure(404, 'NotFound', resource, name, (object) => `${object} not found`);
}

/** Makes the 404 for a path below `/api` or `/apis` that names no served type. */
export function noSuchResource(): StatusError {
  return new StatusError(404, 'NotFound', 'the server could not find the requested resource', {});
}

/** Makes a 409 for an object that exists. */
export function alreadyExists(resource: GroupResource, name: string): StatusError {
  return objectFailure(409, 'AlreadyExists', resource, name, (object) => `${object} already exists`);
}

/** Makes a 409 for a conflict. */
export function conflict(resource: GroupResource, name: string, why: string): StatusError {
  const messageFor = (object: string): string => `Operation cannot be fulfilled on ${object}: ${why}`;
  return objectFailure(409, 'Conflict', resource, name, messageFor);
}

/** Makes a 409 for an object that another client changed meanwhile. */
export function modifiedMeanwhile(resource: GroupResource, name: string): StatusError {
  return conflict(
    resource,
    name,
    'the object has been modified; please apply your changes to the latest version and try again',
  );
}

/** Makes a 403 for a resource, or for a path if `resource.resource` is empty. */
export function forbidden(resource: GroupResource, name: string, why: string): StatusError {
  const what = groupResourceOf(resource);
  const subject =
    resource.resource === '' ? '' : name === '' ? `${what} is ` : `${what} ${goQuote(name)} is `;
  return new StatusError(403, 'Forbidden', `${subject}forbidden: ${why}`, {
    name,
    group: resource.group,
    kind: resource.resource,
  });
}

/** Makes a 422. `group` and `kind` are those of the refused object. */
export function invalid(
  object: { readonly group: string; readonly kind: string },
  name: string,
  errors: readonly FieldError[],
): StatusError {
  const texts = [...new Set(errors.map((error) => `${error.field}: ${error.message}`))];
  const summary = texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`;
  const qualified = object.group === '' ? object.kind : `${object.kind}.${object.group}`;
  return new StatusError(
    422,
    'Invalid',
    `${qualified} ${goQuote(name)} is invalid${errors.length === 0 ? '' : `: ${summary}`}`,
    { name, group: object.group, kind: object.kind, causes: errors },
  );
}

/** Makes a 401. */
export function unauthorized(): StatusError {
  return new StatusError(401, 'Unauthorized', 'Unauthorized');
}

/** Makes a 405 for a path that supports other methods. */
export function methodNotAllowed(): StatusError {
  return new StatusError(
    405,
    'MethodNotAllowed',
    'the server does not allow this method on the requested resource',
    {},
  );
}

/** Makes a 406. */
export function notAcceptable(available: readonly string[]): StatusError {
  return new StatusError(
    406,
    'NotAcceptable',
    `406: Not Acceptable\n\nAvailable representations: ${available.join(', ')}`,
    {},
  );
}

/** Makes a 410. */
export function expired(message: string): StatusError {
  return new StatusError(410, 'Expired', message);
}

/** Makes a 415. */
export function unsupportedMediaType(accepted: readonly string[]): StatusError {
  return new StatusError(
    415,
    'UnsupportedMediaType',
    `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`,
  );
}

/** Makes a 413. */
export function tooLarge(limit: number): StatusError {
  return new StatusError(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${limit}`);
}

/** Makes a 500. */
export function internalError(message: string): StatusError {
  return new StatusError(500, 'InternalError', `Internal error occurred: ${message}`, {
    causes: [{ message }],
  });
}

/** Quotes a string like Go's `%q`. JSON quotes the strings that occur here in the same way. */
export function goQuote(text: string): string {
  return JSON.stringify(text);
}
