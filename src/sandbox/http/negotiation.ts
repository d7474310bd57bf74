// Content negotiation: the form of a response that a request accepts (negotiate), and the type of
// its body.

import { notAcceptable, StatusError, unsupportedMediaType } from './status.ts';

/** The form of a response. */
export interface OutputForm {
  readonly format: 'json' | 'yaml';
  /** The form that `as=` requests. Undefined for the object itself. */
  readonly as?: 'Table' | 'PartialObjectMetadata' | 'PartialObjectMetadataList' | undefined;
  /** Value of `Content-Type`. */
  readonly contentType: string;
  readonly pretty: boolean;
}

/** One accepted media type of an Accept header. */
export interface AcceptClause {
  /** `application/json`, in lower case. */
  readonly type: string;
  readonly parameters: Readonly<Record<string, string>>;
}

const representations = ['application/json', 'application/yaml'];
const listed = ['application/json', 'application/yaml', 'application/json;stream=watch'];

/** Parses the clauses of an Accept header, the most preferred first (RFC 9110, section 12.5.1). */
export function parseAccept(header: string): AcceptClause[] {
  return header
    .split(',')
    .map((clause) => {
      const [type = '', ...rest] = clause.split(';').map((part) => part.trim());
      const parameters: Record<string, string> = {};
      for (const parameter of rest) {
        const equals = parameter.indexOf('=');
        if (equals > 0) parameters[parameter.slice(0, equals).trim()] = parameter.slice(equals + 1).trim();
      }
      const quality = Number(parameters['q'] ?? '1');
      delete parameters['q'];
      return { type: type.toLowerCase(), parameters, quality: Number.isNaN(quality) ? 1 : quality };
    })
    .filter((clause) => clause.type !== '')
    .sort((a, b) => b.quality - a.quality);
}

/** The parts of a request that determine the form of its response. */
export interface FormRequest {
  readonly accept: string;
  readonly userAgent: string;
  readonly query: URLSearchParams;
}

/**
 * Reads these parts of a request.
 * @param header returns the value of a header by its name in lower case
 */
export function formRequestOf({
  header,
  query,
}: {
  readonly header: (name: string) => string;
  readonly query: URLSearchParams;
}): FormRequest {
  return { accept: header('accept'), userAgent: header('user-agent'), query };
}

/**
 * Returns the form of a response with API objects.
 * @param transforms the available `as=` kinds, and their group versions
 * @throws StatusError 406
 * @see
 *   https://kubernetes.io/docs/reference/using-api/api-concepts/#alternate-representations-of-resources
 */
export function negotiate(
  request: FormRequest,
  transforms: readonly NonNullable<OutputForm['as']>[] = [],
): OutputForm {
  const pretty = isPretty(request);
  if (request.accept.trim() === '') return { format: 'json', contentType: 'application/json', pretty };
  for (const { type, parameters } of parseAccept(request.accept)) {
    for (const candidate of representations) {
      if (!covers(type, candidate)) continue;
      const transform = transformOf(parameters, transforms);
      if (transform === 'refused') continue;
      const stream = parameters['stream'] ?? '';
      if (stream !== '' && (stream !== 'watch' || candidate !== 'application/json')) continue;
      return {
        format: candidate === 'application/json' ? 'json' : 'yaml',
        as: transform,
        contentType: candidate,
        pretty: pretty || parameters['pretty'] === '1',
      };
    }
  }
  throw notAcceptable(listed);
}

/** True if the request accepts a type, for handlers with only one type (`text/plain`). */
export function accepts(header: string, type: string): boolean {
  return header.trim() === '' || parseAccept(header).some((clause) => covers(clause.type, type));
}

function covers(range: string, type: string): boolean {
  return range === type || range === '*/*' || range === `${type.slice(0, type.indexOf('/'))}/*`;
}

function transformOf(
  parameters: AcceptClause['parameters'],
  allowed: readonly NonNullable<OutputForm['as']>[],
): OutputForm['as'] | 'refused' {
  const { as, g: group, v: version } = parameters;
  if (as === undefined && group === undefined && version === undefined) return undefined;
  if (group !== 'meta.k8s.io' || (version !== 'v1' && version !== 'v1beta1')) return 'refused';
  return allowed.find((kind) => kind === as) ?? 'refused';
}

/**
 * True for indented output: `pretty` in the query, else for browsers and command-line tools by
 * their User-Agent.
 */
function isPretty({ query, userAgent }: FormRequest): boolean {
  const asked = query.get('pretty') ?? '';
  if (asked !== '') return ['1', 't', 'T', 'true', 'TRUE', 'True'].includes(asked);
  return /^(curl|Wget|Mozilla\/5\.0)/.test(userAgent);
}

/** The patch type of each media type. */
export const patchTypes = {
  'application/json-patch+json': 'json',
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
  'application/apply-patch+yaml': 'apply',
} as const;

/** The type of a PATCH. */
export type PatchType = (typeof patchTypes)[keyof typeof patchTypes];

/**
 * Returns the type of a PATCH.
 * @throws StatusError 415
 */
export function patchTypeOf(contentType: string, isCustom: boolean): PatchType {
  const bare = mediaTypeOf(contentType);
  const found = Object.entries(patchTypes).find(([type]) => type === bare);
  // The router knows the four types and refuses others itself; custom resources refuse the one they
  // do not support.
  if (found === undefined) {
    throw new StatusError(415, 'UnsupportedMediaType', '415: Unsupported Media Type', {});
  }
  if (isCustom && found[1] === 'strategic') {
    throw unsupportedMediaType([
      'application/json-patch+json',
      'application/merge-patch+json',
      'application/apply-patch+yaml',
    ]);
  }
  return found[1];
}

/** The encoding of a body. */
export type BodyFormat = 'json' | 'yaml' | 'protobuf';

/**
 * Returns the encoding of the body of a POST, PUT or DELETE.
 * @throws StatusError 415
 */
export function bodyFormatOf(contentType: string): BodyFormat {
  const bare = mediaTypeOf(contentType);
  if (bare === '' || bare === 'application/json') return 'json';
  if (bare === 'application/yaml') return 'yaml';
  if (bare === 'application/vnd.kubernetes.protobuf') return 'protobuf';
  throw unsupportedMediaType(['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf']);
}

function mediaTypeOf(contentType: string): string {
  return (contentType.split(';')[0] ?? '').trim().toLowerCase();
}
