// Reads a request target in the one way that kapi checks and forwards it. Entry point:
// readTarget(). Pure.

import type { Refusal } from './refusal.ts';

/** A path that means the same to the filters, the API server and every proxy between them. */
export interface Target {
  /** The decoded path without the prefix of the proxy, for the filters. */
  readonly path: string;
  /**
   * The same path, encoded in the one way that kapi encodes it, with the query as received. kapi
   * forwards it.
   */
  readonly wire: string;
}

export type TargetReading =
  | { readonly kind: 'target'; readonly target: Target }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/**
 * Max characters of a path: the regular expressions of users can take quadratic time. Queries can
 * be longer.
 */
const maxPathLength = 8_192;

/**
 * Reads the target of a request line. Refuses, and does not clean, everything that two parsers
 * could read as different paths: dot segments and empty ones, encoded slashes, backslashes, control
 * characters, path parameters (`;`), doubly encoded `%`, and bytes that are not UTF-8. Decodes the
 * rest once, for the check, and encodes it again.
 * @param prefix segments that the proxy serves the API under (`--api-prefix`); removed from the
 *   path
 * @see https://www.rfc-editor.org/rfc/rfc3986#section-6 for the equivalences that path tricks use
 */
export function readTarget(raw: string, prefix: readonly string[]): TargetReading {
  if (!raw.startsWith('/')) {
    // RFC 9112 section 3.2.2 requires servers to accept absolute URLs. This proxy leads to one
    // server only and refuses them.
    return refuse(
      400,
      'no path',
      'the path of a request must begin with a slash: kapi proxy does not forward to other servers',
    );
  }
  if (/[^\x21-\x7e]/.test(raw) || raw.includes('#')) return ambiguous('characters that must be encoded');
  const at = raw.indexOf('?');
  const rawPath = at < 0 ? raw : raw.slice(0, at);
  if (rawPath.length > maxPathLength) {
    return refuse(414, 'path too long', `the path is longer than ${maxPathLength} characters`);
  }
  const segments: string[] = [];
  for (const rawSegment of rawPath.slice(1).split('/')) {
    const segment = decodeSegment(rawSegment);
    if (segment === undefined) return ambiguous('an encoding that is not UTF-8');
    const problem = problemOf(segment);
    if (problem !== undefined) return ambiguous(problem);
    segments.push(segment);
  }
  // An empty last segment is the trailing slash of `/apis/`.
  if (segments.slice(0, -1).includes('')) return ambiguous('an empty segment (//)');
  if (prefix.some((part, index) => segments[index] !== part) || segments.length <= prefix.length) {
    return refuse(404, 'outside --api-prefix', `the API is served under /${prefix.join('/')}/ here`);
  }
  const below = segments.slice(prefix.length);
  const query = at < 0 ? '' : raw.slice(at);
  return {
    kind: 'target',
    target: { path: `/${below.join('/')}`, wire: `/${below.map(encodeSegment).join('/')}${query}` },
  };
}

/**
 * Splits an `--api-prefix` into segments. Empty for `/`.
 * @returns undefined for a prefix that no request can have
 */
export function prefixOf(text: string): readonly string[] | undefined {
  const trimmed = text.replace(/^\/+/, '').replace(/\/+$/, '');
  if (trimmed === '') return [];
  const reading = readTarget(`/${trimmed}`, []);
  if (reading.kind === 'refused' || trimmed.includes('?')) return undefined;
  return reading.target.path.slice(1).split('/');
}

function decodeSegment(raw: string): string | undefined {
  try {
    return decodeURIComponent(raw);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}

function problemOf(segment: string): string | undefined {
  if (segment === '.' || segment === '..') return 'a dot segment';
  if (/[/\\]/.test(segment)) return 'an encoded slash or a backslash';
  if (/[\0-\x1f\x7f-\x9f]/.test(segment)) return 'a control character';
  if (/[;?#]/.test(segment)) return 'a parameter (;) or an encoded ? or #';
  if (/%[0-9a-f]{2}/i.test(segment)) return 'characters that are encoded twice';
  return undefined;
}

/**
 * Encodes as encodeURIComponent does, except for characters that RFC 3986 allows in a segment,
 * which stay readable (`system:node`, `https:web:443`).
 */
function encodeSegment(segment: string): string {
  return encodeURIComponent(segment).replaceAll(/%(?:24|26|2B|2C|3A|3D|40)/g, decodeURIComponent);
}

function ambiguous(what: string): TargetReading {
  return refuse(
    400,
    'ambiguous path',
    `the path contains ${what}: it could be read in two ways and is not sent on`,
  );
}

function refuse(status: number, rule: string, message: string): TargetReading {
  return { kind: 'refused', refusal: { status, rule, message, form: 'status' } };
}
