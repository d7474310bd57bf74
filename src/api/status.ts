// Turns error responses into errors with kubectl's messages. Entry points: errorOf() for a response
// with an unread body, errorOfResponse() for a body that was read, errorOfStatus() for a Status
// inside a stream. status-hints.ts makes the hints.

import { RefusedError, ServerError, type StatusFacts } from '../errors.ts';
import { isJsonObject, type Json } from '../model/object.ts';
import type { ApiResponse, Headers, RequestSpec } from '../model/request.ts';
import type { GroupVersionResource } from '../model/resource.ts';
import { decodeStatus, type Status } from '../model/status.ts';
import { excerptOf } from './response-source.ts';
import { readStart } from './read.ts';
import { hintFor, targetOf } from './status-hints.ts';

/** What the request was about, if the caller knows more than the request line tells. */
export interface ErrorSubject {
  readonly type: GroupVersionResource;
  readonly name?: string | undefined;
  /** Set for a list: kubectl puts type and selectors before the message of a 400 or 404. */
  readonly list?: {
    readonly labelSelector?: string | undefined;
    readonly fieldSelector?: string | undefined;
  };
}

/** Max bytes of an error body. A Status is small, but the error page of a proxy can be large. */
const maxErrorBodyBytes = 256 * 1024;

/** True for a 2xx status. */
export function isSuccess(response: Pick<ApiResponse, 'status'>): boolean {
  return response.status >= 200 && response.status < 300;
}

/**
 * Reads the body of a response that is not a success and returns its error.
 * @returns the error; never throws for a body that breaks off
 */
export async function errorOf(
  request: RequestSpec,
  response: ApiResponse,
  subject?: ErrorSubject,
): Promise<RefusedError | ServerError> {
  return errorOfResponse(request, response, await readStart(response, maxErrorBodyBytes), subject);
}

/**
 * Returns the error of a response that is not a success. A Status body gets kubectl's message; any
 * other body gets kubectl's message for the HTTP status.
 * @param body the body as far as it was read
 */
export function errorOfResponse(
  request: RequestSpec,
  response: Pick<ApiResponse, 'status' | 'headers'>,
  body: string,
  subject?: ErrorSubject,
): RefusedError | ServerError {
  const json = jsonOf(body);
  const status = decodeStatus(json);
  if (status !== undefined && status.status !== 'Success') {
    return errorOfStatus(request, status, {
      httpStatus: response.status,
      headers: response.headers,
      json,
      subject,
    });
  }
  const said = wordsIn(json, body);
  const generic = genericStatus(request, response, said, subject);
  const answeredBy =
    isForeign(response, json, body) || targetOf(request) !== undefined
      ? describeAnswerer(response.headers)
      : undefined;
  return errorOfStatus(request, generic, {
    httpStatus: response.status,
    headers: response.headers,
    subject,
    ...(answeredBy === undefined ? {} : { answeredBy }),
    causes:
      answeredBy === undefined
        ? []
        : wordsOfAnswerer(response.headers, generic.message.includes(said) ? '' : said),
  });
}

/**
 * Returns the text of a body that is not a Status: its `message` or similar field if it is JSON,
 * otherwise its first words.
 */
function wordsIn(json: Json | undefined, body: string): string {
  const own = isJsonObject(json) ? [json.message, json.detail, json.error_description, json.error] : [];
  const message = own.find((value) => typeof value === 'string' && value !== '');
  return excerptOf(typeof message === 'string' ? message : body, 300);
}

function wordsOfAnswerer(headers: Headers, said: string): string[] {
  const asked = excerptOf(headers['www-authenticate'] ?? headers['proxy-authenticate'] ?? '', 120);
  return [
    ...(said === '' ? [] : [`the answer says: ${JSON.stringify(said)}`]),
    ...(asked === '' ? [] : [`it asks for the credentials: ${asked}`]),
  ];
}

/** What is known about a Status in addition to its content. */
export interface StatusContext {
  /** HTTP status of the response. Default: the `code` of the Status. */
  readonly httpStatus?: number;
  readonly headers?: Headers | undefined;
  /** The Status as JSON from the server. */
  readonly json?: Json | undefined;
  readonly subject?: ErrorSubject | undefined;
  /**
   * Set if kapi made up the Status because the response has none and probably does not come from an
   * API server. Describes the responder.
   */
  readonly answeredBy?: string;
  /** Further lines of the message. */
  readonly causes?: readonly string[];
}

/**
 * Returns the error of a decoded Status, for example from an ERROR event of a watch. RefusedError
 * for 4xx except 429, otherwise ServerError.
 */
export function errorOfStatus(
  request: RequestSpec,
  status: Status,
  context: StatusContext = {},
): RefusedError | ServerError {
  const httpStatus = context.httpStatus ?? status.code;
  const retryAfterSeconds = retryAfterOf(context.headers) ?? status.details?.retryAfterSeconds ?? 0;
  const facts: StatusFacts = {
    httpStatus,
    reason: status.reason,
    ...(context.json === undefined ? {} : { status: context.json }),
    ...(context.answeredBy === undefined ? {} : { answeredBy: context.answeredBy }),
    method: request.method,
    path: request.path,
    ...(retryAfterSeconds > 0 ? { retryAfterSeconds } : {}),
  };
  const { message, prefix, causes } = wordsOf(status, context.subject);
  const details = {
    code: status.reason === '' ? `Http${httpStatus}` : status.reason,
    prefix,
    causes: [...causes, ...(context.causes ?? [])],
    hint: hintFor(facts, status),
    facts,
  };
  const refused = httpStatus >= 400 && httpStatus < 500 && httpStatus !== 429;
  return refused ? new RefusedError(message, details) : new ServerError(message, details);
}

/**
 * True if the server does not serve the type at this path, as opposed to a missing object. For
 * known types on a server that is older or newer.
 */
export function isMissingType(error: unknown): boolean {
  if (!(error instanceof RefusedError) || error.facts.httpStatus !== 404) return false;
  const details = statusOf(error)?.details;
  return details === undefined || details.name === '';
}

/** Returns the Status of an error. Undefined if the server sent none. */
export function statusOf(error: RefusedError | ServerError): Status | undefined {
  const status = error.facts?.status;
  return isJson(status) ? decodeStatus(status) : undefined;
}

interface Words {
  readonly message: string;
  readonly prefix: '' | 'error: ';
  readonly causes: readonly string[];
}

function wordsOf(status: Status, subject: ErrorSubject | undefined): Words {
  if (status.reason === 'Unauthorized') {
    return {
      message: `You must be logged in to the server (${status.message})`,
      prefix: 'error: ',
      causes: causesOf(status),
    };
  }
  if (status.reason === 'Invalid') return invalidWords(status);
  const reason = status.reason === '' ? '' : ` (${status.reason})`;
  return {
    message: `Error from server${reason}: ${listWords(status, subject) || 'the server sent no message'}`,
    prefix: '',
    causes: causesOf(status),
  };
}

/**
 * Formats an `Invalid` Status. kubectl omits the message if kind, name and causes tell the same.
 */
function invalidWords({ message, details }: Status): Words {
  if (details === undefined) {
    return {
      message: `The request is invalid${message === '' ? '' : `: ${message}`}`,
      prefix: '',
      causes: [],
    };
  }
  const causes = [...new Set(details.causes.map((cause) => `${cause.field}: ${cause.message}`))];
  let head = 'The request is invalid';
  if (details.kind !== '' || details.name !== '') {
    head = `The ${details.kind} ${JSON.stringify(details.name)} is invalid`;
  } else if (message !== '' && causes.length === 0) {
    head += `: ${message}`;
  }
  if (causes.length === 0) return { message: head, prefix: '', causes: [] };
  if (causes.length === 1) return { message: `${head}: ${causes.join('')}`, prefix: '', causes: [] };
  return { message: `${head}:`, prefix: '', causes: causes.map((cause) => `* ${cause}`) };
}

function listWords(status: Status, subject: ErrorSubject | undefined): string {
  const list = subject?.list;
  if (subject === undefined || list === undefined) return status.message;
  if (status.reason !== 'BadRequest' && status.reason !== 'NotFound') return status.message;
  const { group, version, resource } = subject.type;
  const type = `"${group}/${version}, Resource=${resource}"`;
  const labels = list.labelSelector ?? '';
  const fields = list.fieldSelector ?? '';
  return labels === '' && fields === ''
    ? `Unable to list ${type}: ${status.message}`
    : `Unable to find ${type} that match label selector ${JSON.stringify(labels)}, ` +
        `field selector ${JSON.stringify(fields)}: ${status.message}`;
}

/**
 * Returns the causes that the message does not contain. kubectl prints causes only for `Invalid`,
 * but they hold details that the message omits, such as the name of a PodDisruptionBudget.
 */
function causesOf(status: Status): string[] {
  const lines = (status.details?.causes ?? []).map(({ field, message }) =>
    field === '' ? message : `${field}: ${message}`,
  );
  return [...new Set(lines)]
    .filter((line) => line !== '' && !status.message.includes(line))
    .map((line) => `* ${line}`);
}

/** Returns the Status that client-go makes up for a response without one. */
function genericStatus(
  request: RequestSpec,
  response: Pick<ApiResponse, 'status' | 'headers'>,
  said: string,
  subject: ErrorSubject | undefined,
): Status {
  const { reason, message } = genericWords(response, request.method, said === '' ? 'unknown' : said);
  const about =
    subject === undefined
      ? ''
      : ` (${[request.method.toLowerCase(), groupResource(subject.type), subject.name ?? ''].join(' ').trimEnd()})`;
  return { status: 'Failure', message: `${message}${about}`, reason, code: response.status, continue: '' };
}

/** HTTP statuses for which API servers, or Go's HTTP server, can send text instead of a Status. */
const textStatuses = new Set([400, 404, 405, 429, 431, 500, 501, 503, 505]);

/**
 * True if a response without a Status probably does not come from an API server. API servers send
 * an Audit-Id with every response and no Server header. The few texts that they send instead of a
 * Status are plain (`404 page not found`), and never empty.
 */
function isForeign(
  { status, headers }: Pick<ApiResponse, 'status' | 'headers'>,
  json: Json | undefined,
  body: string,
): boolean {
  if (headers['audit-id'] !== undefined) return false;
  const isMarkup = /\bhtml\b|\bxml\b/i.test(headers['content-type'] ?? '') || /^\s*</.test(body);
  const isMarked = headers['server'] !== undefined || headers['www-authenticate'] !== undefined;
  const isText = textStatuses.has(status) && json === undefined && body.trim() !== '';
  return isMarkup || isMarked || !isText;
}

function describeAnswerer(headers: Headers): string {
  const server = excerptOf(headers['server'] ?? '', 60);
  const type = excerptOf(headers['content-type'] ?? '', 60);
  const what = type === '' ? 'without a content type' : type;
  return server === '' ? what : `${JSON.stringify(server)}, ${what}`;
}

function groupResource({ group, resource }: GroupVersionResource): string {
  return group === '' ? resource : `${resource}.${group}`;
}

function genericWords(
  { status, headers }: Pick<ApiResponse, 'status' | 'headers'>,
  method: string,
  said: string,
): { reason: string; message: string } {
  switch (status) {
    case 400:
      return { reason: 'BadRequest', message: 'the server rejected our request for an unknown reason' };
    case 401:
      return {
        reason: 'Unauthorized',
        message: 'the server has asked for the client to provide credentials',
      };
    case 403:
      return { reason: 'Forbidden', message: said };
    case 404:
      return { reason: 'NotFound', message: 'the server could not find the requested resource' };
    case 405:
      return {
        reason: 'MethodNotAllowed',
        message: 'the server does not allow this method on the requested resource',
      };
    case 406:
      return {
        reason: 'NotAcceptable',
        message:
          said === 'unknown'
            ? 'the server was unable to respond with a content type that the client supports'
            : said,
      };
    case 409:
      return {
        reason: method === 'POST' ? 'AlreadyExists' : 'Conflict',
        message: 'the server reported a conflict',
      };
    case 415:
      return { reason: 'UnsupportedMediaType', message: said };
    case 422:
      return { reason: 'Invalid', message: 'the server rejected our request due to an error in our request' };
    case 429:
      return {
        reason: 'TooManyRequests',
        message: 'the server has received too many requests and has asked us to try again later',
      };
    case 503:
      return {
        reason: 'ServiceUnavailable',
        message: 'the server is currently unable to handle the request',
      };
    case 504:
      return {
        reason: 'Timeout',
        message:
          'the server was unable to return a response in the time allotted, but may still be processing the request',
      };
  }
  if (status >= 500) {
    const message = `an error on the server (${JSON.stringify(said)}) has prevented the request from succeeding`;
    return { reason: 'InternalError', message };
  }
  const location = headers['location'];
  const to = location === undefined ? '' : ` (it points to ${excerptOf(location)})`;
  return {
    reason: '',
    message: `the server responded with the status code ${status} but did not return more information${to}`,
  };
}

/**
 * Returns `Retry-After` in seconds. Ignores its other form, a date: API servers do not use it, and
 * it needs a clock.
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3
 */
function retryAfterOf(headers: Headers | undefined): number | undefined {
  const value = headers?.['retry-after'];
  return value !== undefined && /^\d{1,9}$/.test(value) ? Number(value) : undefined;
}

/**
 * Parses an error body with JSON.parse(), not the exact parser: JSON.stringify() prints the result
 * and does not support bigint.
 */
function jsonOf(body: string): Json | undefined {
  if (!/^\s*[[{]/.test(body)) return undefined;
  try {
    return JSON.parse(body) as Json;
  } catch {
    // A truncated body, or one that only looks like JSON. The HTTP status describes it.
    return undefined;
  }
}

/** Only this file sets `facts.status`, from parsed JSON. */
function isJson(value: unknown): value is Json {
  return value !== undefined;
}
