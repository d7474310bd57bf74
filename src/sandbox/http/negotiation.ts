// Content negotiation: which form of an answer a request accepts (negotiate), and what kind of body it sends.

import { notAcceptable, StatusError, unsupportedMediaType } from './status.ts';

/** How an answer is to be written. */
export interface OutputForm {
  readonly format: 'json' | 'yaml';
  /** The form that `as=` asked for; undefined for the object itself. */
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

/** Clauses of an Accept header, the most wanted first (RFC 9110, section 12.5.1). */
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

/** What a request's headers and query say about the form of its answer. */
export interface FormRequest {
  readonly accept: string;
  readonly userAgent: string;
  readonly query: URLSearchParams;
}

/** @param header gives the value of a header by its name in lower case */
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
 * The form for an answer that holds API objects.
 * @param transforms the `as=` kinds that can be had here, and the group versions they may be asked in
 * @throws StatusError 406
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#alternate-representations-of-resources
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

/** Whether `text/plain` and the like may be answered with a type that the handler has only one of. */
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

/** Indented for people: `pretty` in the query, else for browsers and command-line tools by their User-Agent. */
function isPretty({ query, userAgent }: FormRequest): boolean {
  const asked = query.get('pretty') ?? '';
  if (asked !== '') return ['1', 't', 'T', 'true', 'TRUE', 'True'].includes(asked);
  return /^(curl|Wget|Mozilla\/5\.0)/.test(userAgent);
}

/** The forms of a request body that a handler may take. */
export const patchTypes = {
  'application/json-patch+json': 'json',
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
  'application/apply-patch+yaml': 'apply',
} as const;

/** How a PATCH body is meant. */
export type PatchType = (typeof patchTypes)[keyof typeof patchTypes];

/**
 * How the body of a PATCH is meant.
 * @throws StatusError 415
 */
export function patchTypeOf(contentType: string, isCustom: boolean): PatchType {
  const bare = mediaTypeOf(contentType);
  const found = Object.entries(patchTypes).find(([type]) => type === bare);
  // The router knows the four types and answers for itself; custom resources refuse the one they cannot do.
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

/** How a body is encoded. */
export type BodyFormat = 'json' | 'yaml' | 'protobuf';

/**
 * Encoding of the body of a POST, PUT or DELETE.
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
