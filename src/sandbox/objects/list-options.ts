// Decodes the query parameters of lists and watches, and checks them as the server does. Entry
// point: readListOptions. Also encodes and decodes continue tokens.

import { LabelSelectorError, parseLabelSelector, type LabelMatcher } from '../../model/label-selector.ts';
import { isOn } from '../../model/request-info.ts';
import { anyField, parseFieldSelector, type FieldSelector } from '../http/field-selector.ts';
import { badRequest, invalid, StatusError } from '../http/status.ts';
import { forbiddenField, unsupportedValue } from '../types/field-errors.ts';
import type { FieldError, ServedType } from '../types/types.ts';

/** Decoded list options. */
export interface ListOptions {
  /** Undefined: selects all labels. */
  readonly labels: LabelMatcher | undefined;
  readonly fields: FieldSelector;
  readonly hasFieldSelector: boolean;
  /** 0: everything in one response. */
  readonly limit: number;
  readonly continue: ContinueToken | undefined;
  /** Undefined if not given. */
  readonly resourceVersion: number | undefined;
  readonly exact: boolean;
  readonly timeoutSeconds: number | undefined;
  readonly allowBookmarks: boolean;
  readonly sendInitialEvents: boolean | undefined;
}

/** The position where a list with a `limit` continues. */
export interface ContinueToken {
  /** -1: the newest revision. */
  readonly revision: number;
  /** First key of the next page, relative to the listed namespace. */
  readonly start: string;
}

const notOlderThan = 'NotOlderThan';

/**
 * Reads the options.
 * @throws StatusError 400 for invalid values, 422 for combinations that are not allowed
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-parameters/common-parameters/
 */
export function readListOptions(query: URLSearchParams, type: ServedType, watch: boolean): ListOptions {
  const limit = readInteger(query.get('limit'));
  const timeoutSeconds = readInteger(query.get('timeoutSeconds'));
  const labelSelector = query.get('labelSelector') ?? '';
  const fieldSelector = query.get('fieldSelector') ?? '';
  const labels = labelSelector === '' ? undefined : labelsOf(labelSelector);
  const sendInitialEvents = query.has('sendInitialEvents') ? isOn(query.get('sendInitialEvents')) : undefined;
  checkCombination(query, watch, sendInitialEvents);
  const fields = fieldSelector === '' ? anyField : parseFieldSelector(fieldSelector, type);
  const continueText = query.get('continue') ?? '';
  const resourceVersion = readResourceVersion(query.get('resourceVersion') ?? '', watch);
  if (continueText !== '' && resourceVersion !== undefined && resourceVersion !== 0) {
    throw badRequest('specifying resource version is not allowed when using continue');
  }
  return {
    labels,
    fields,
    hasFieldSelector: fieldSelector !== '',
    limit: Math.max(0, limit ?? 0),
    continue: watch || continueText === '' ? undefined : decodeContinue(continueText),
    resourceVersion,
    exact: query.get('resourceVersionMatch') === 'Exact',
    timeoutSeconds,
    allowBookmarks: isOn(query.get('allowWatchBookmarks')),
    sendInitialEvents,
  };
}

function labelsOf(selector: string): LabelMatcher {
  try {
    return parseLabelSelector(selector);
  } catch (error) {
    throw error instanceof LabelSelectorError ? badRequest(error.message) : error;
  }
}

function checkCombination(
  query: URLSearchParams,
  watch: boolean,
  sendInitialEvents: boolean | undefined,
): void {
  const match = query.get('resourceVersionMatch') ?? '';
  const version = query.get('resourceVersion') ?? '';
  const continued = (query.get('continue') ?? '') !== '';
  const errors: FieldError[] = [];
  const forbid = (field: string, why: string): void => {
    errors.push(forbiddenField(field, why));
  };
  const unsupported = (values: readonly string[]): void => {
    errors.push(unsupportedValue('resourceVersionMatch', match, values));
  };
  if (watch) {
    if (sendInitialEvents !== undefined && match !== notOlderThan) {
      forbid(
        'resourceVersionMatch',
        `sendInitialEvents requires setting resourceVersionMatch to ${notOlderThan}`,
      );
    }
    if (match !== '') {
      if (sendInitialEvents === undefined) {
        forbid(
          'resourceVersionMatch',
          'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided',
        );
      }
      if (match !== notOlderThan) unsupported([notOlderThan]);
      if (continued) {
        forbid('resourceVersionMatch', 'resourceVersionMatch is forbidden when continue is provided');
      }
    }
  } else {
    if (match !== '') {
      if (version === '') {
        forbid(
          'resourceVersionMatch',
          'resourceVersionMatch is forbidden unless resourceVersion is provided',
        );
      }
      if (continued) {
        forbid('resourceVersionMatch', 'resourceVersionMatch is forbidden when continue is provided');
      }
      if (match !== 'Exact' && match !== notOlderThan) unsupported(['Exact', notOlderThan, '']);
      if (match === 'Exact' && version === '0') {
        forbid('resourceVersionMatch', 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"');
      }
    }
    if (sendInitialEvents !== undefined) {
      forbid('sendInitialEvents', 'sendInitialEvents is forbidden for list');
    }
  }
  if (errors.length > 0) throw invalid({ group: 'meta.k8s.io', kind: 'ListOptions' }, '', errors);
}

function readInteger(text: string | null): number | undefined {
  if (text === null || text === '') return undefined;
  if (!/^[+-]?\d+$/.test(text)) {
    throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  }
  return Number(text);
}

function readResourceVersion(text: string, watch: boolean): number | undefined {
  if (text === '') return undefined;
  if (/^\d{1,20}$/.test(text)) return Number(text);
  const message = `resourceVersion: Invalid value: ${JSON.stringify(text)}: strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`;
  // The real server returns this one without a reason for watches.
  throw watch ? new StatusError(500, '', message) : badRequest(`invalid resource version: ${message}`);
}

/** Encodes a token in the real server's form. It is opaque to clients, but users decode it. */
export function encodeContinue(token: ContinueToken): string {
  const body = JSON.stringify({ v: 'meta.k8s.io/v1', rv: token.revision, start: token.start });
  return Buffer.from(body.replaceAll('\u0000', '\\u0000')).toString('base64url');
}

/**
 * Decodes a token.
 * @throws StatusError 400
 */
export function decodeContinue(text: string): ContinueToken {
  const fail = (why: string): StatusError =>
    badRequest(`invalid continue token: continue key is not valid: ${why}`);
  const wrong = text.search(/[^A-Za-z0-9_-]/);
  if (wrong >= 0) throw fail(`illegal base64 data at input byte ${wrong}`);
  const bytes = Buffer.from(text, 'base64url');
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch {
    throw fail(`invalid character ${quoteByte(bytes[0])} looking for beginning of value`);
  }
  if (typeof value !== 'object' || value === null)
    throw fail('encoded start key empty (version meta.k8s.io/v1)');
  const version = 'v' in value ? value.v : '';
  const revision = 'rv' in value ? value.rv : 0;
  const start = 'start' in value ? value.start : '';
  if (version !== 'meta.k8s.io/v1') {
    throw badRequest(
      `invalid continue token: continue key is not valid: server does not recognize this encoded version ${String(version)}`,
    );
  }
  if (typeof revision !== 'number' || revision === 0) {
    throw fail('incorrect encoded start resourceVersion (version meta.k8s.io/v1)');
  }
  if (typeof start !== 'string' || start === '')
    throw fail('encoded start key empty (version meta.k8s.io/v1)');
  return { revision, start };
}

/** Formats a byte like Go's `%q` of a rune. */
function quoteByte(byte: number | undefined): string {
  if (byte === undefined) return "''";
  if (byte >= 0x20 && byte < 0x7f) return `'${String.fromCharCode(byte)}'`;
  return `'\\x${byte.toString(16).padStart(2, '0')}'`;
}
