// Lists of any length as a stream of pages. Entry point: listPages(). Requests are built in object-request.ts, answers
// decoded in decode.ts; single objects are get.ts.

import { RefusedError, ServerError, UsageError } from '../errors.ts';
import { forwardAbort } from '../model/abort.ts';
import { objectAt, stringAt, type Json } from '../model/object.ts';
import type { Page } from '../model/page.ts';
import type { Send } from '../model/request.ts';
import type { ResourceType } from '../model/resource.ts';
import { decodeStatus } from '../model/status.ts';
import { sourceOf, unexpectedAnswer, type AnswerSource } from './answer.ts';
import { BodyBuffer } from './body-buffer.ts';
import { decodeList, decodeTable, isTable } from './decode.ts';
import { nameAgeTable } from './name-age-table.ts';
import { ManagedFieldsCutter } from './managed-fields.ts';
import { buildListRequest, type ListQuery, type PageCoordinates } from './object-request.ts';
import { readJsonInParts, readSizedJson, type JsonPart, type SizedJson } from './read.ts';
import { errorOf, errorOfStatus, isMissingType, isSuccess, statusOf } from './status.ts';

export interface ListPagesQuery extends ListQuery {
  /** Stop after so many objects; undefined: all. */
  readonly limit?: number | undefined;
  /** Objects in each page; 0: everything in one answer. Default: a small first page, larger ones after it. */
  readonly chunkSize?: number | undefined;
}

export interface ListOptions {
  readonly signal?: AbortSignal | undefined;
  /** For the ages of tables that the server did not make. */
  readonly now: () => Date;
  /** Takes one line for stderr. */
  readonly warn: (text: string) => void;
  /** Asked when the server does not have the type: {@link Discovery.rediscover}. */
  readonly rediscover?: ((type: ResourceType) => Promise<ResourceType | undefined>) | undefined;
  /** Called when the limit ends a list that goes on. @param remaining how many follow, where the server tells */
  readonly more?: ((remaining: number | undefined) => void) | undefined;
  /**
   * A list that expires in the middle is an error even where the server offers to go on with a later moment: a watch
   * from either moment would miss what happened between them.
   */
  readonly requireSingleSnapshot?: boolean;
}

/**
 * The first page is small so that the first rows come at once. The others hold as many objects as their size allows,
 * judged by what came before: few large pages spare the server scans, but of a page that is asked for ahead much may
 * have to wait in memory. Rows thus come by the thousand, whole pods by the hundred.
 */
const smallestPageSize = 500;
/** Rows without metadata are a twentieth as long as those with: twice as many come as soon, and most lists in one answer. */
const firstPageOfBareRows = 1_000;
const maxPageSize = 2_000;
const comfortablePageLength = 3_000_000;

/** How often in a row the server may call a list expired before it is believed. */
const maxConsecutiveExpirations = 3;

/** A page that the server was asked for, or a part of it. */
interface Part {
  readonly page: Page;
  readonly count: number;
  /** Empty on the last page, and before the token has come. */
  readonly continue: string;
  /** How many objects follow the page, where the server tells. */
  readonly remaining: number | undefined;
  /** Bytes, without what was cut out. */
  readonly length: number;
  /** Of its page nothing comes after it. */
  readonly isLast: boolean;
}

/** Of one page: all there is, or as it comes. */
type Parts = readonly Part[] | AsyncIterable<Part>;

/**
 * The objects of one type, page by page, at least one page. The first comes as a whole, so that a list which fails at once leaves
 * nothing half done; the others in parts as they arrive, which keeps memory flat. While the caller works on a page the
 * next one is on its way, and never more than that one. Leaving the loop early gives up the requests under way.
 *
 * When the server forgets the list in the middle (410) and offers to go on with a newer one, it goes on with a warning;
 * when it offers nothing and no object was handed out yet, it starts again; otherwise it throws. A list is never cut
 * short silently.
 * @throws UsageError for a selector that the server cannot read; RefusedError, ServerError, ConnectionError
 */
export async function* listPages(
  send: Send,
  query: ListPagesQuery,
  options: ListOptions,
): AsyncGenerator<Page, void, undefined> {
  const leaving = new AbortController();
  const { signal } = leaving;
  const release = options.signal === undefined ? undefined : forwardAbort(options.signal, leaving);
  // For the page that is handed out, and for the one that is asked for meanwhile.
  let buffers = [new BodyBuffer(), new BodyBuffer()] as const;
  let asked = query;
  let handedOut = 0;
  let expiries = 0;
  let adaptivePageSize = firstPageSize(query);

  function start(token: string): Promise<Parts> {
    const at = { limit: pageSize(query, adaptivePageSize, handedOut), continue: token };
    const parts = fetchPage(send, asked, at, options.now, buffers[0], signal);
    buffers = [buffers[1], buffers[0]];
    // Its failure is met when the page is awaited; until then it is not unhandled.
    parts.catch(() => undefined);
    return parts;
  }

  async function recover(thrown: unknown, token: string): Promise<string> {
    if (token === '' && isMissingType(thrown)) {
      const type = asked.type === query.type ? await options.rediscover?.(asked.type) : undefined;
      if (type === undefined) throw thrown;
      asked = { ...asked, type };
      return '';
    }
    if (!(thrown instanceof RefusedError) || thrown.facts.httpStatus !== 410) throw thrown;
    // The version that was asked for is gone; a newer one is another answer.
    if (asked.resourceVersionMatch === 'Exact') throw thrown;
    if (++expiries > maxConsecutiveExpirations) throw thrown;
    const next = options.requireSingleSnapshot === true ? '' : newerToken(thrown);
    if (token !== '' && next !== '') {
      options.warn(
        `Warning: the list of ${asked.type.resource} expired on the server after ${handedOut} objects; ` +
          'the rest comes from a later moment, so the whole is not of one moment',
      );
      return next;
    }
    if (handedOut > 0) throw expiredInTheMiddle(thrown, handedOut);
    asked = { ...asked, resourceVersion: undefined, resourceVersionMatch: undefined };
    adaptivePageSize = firstPageSize(query);
    return '';
  }

  /**
   * A type that was kept as one without namespaces gives the objects of all namespaces when it has them today: the type as
   * the server has it then.
   */
  async function scopeCheck(parts: Parts): Promise<ResourceType | undefined> {
    if (asked.type.namespaced || asked.type !== query.type || Symbol.asyncIterator in parts) return undefined;
    if (!parts.some(({ page }) => holdsNamespaced(page))) return undefined;
    const type = await options.rediscover?.(asked.type);
    return type?.namespaced === true ? type : undefined;
  }

  let token = '';
  let isComplete = false;
  let next: Promise<Parts> | undefined = start(token);
  try {
    while (next !== undefined) {
      let parts: Parts;
      try {
        parts = await next;
      } catch (thrown) {
        token = await recover(thrown, token);
        next = start(token);
        continue;
      }
      expiries = 0;
      next = undefined;
      const narrower = await scopeCheck(parts);
      if (narrower !== undefined) {
        asked = { ...asked, type: narrower };
        next = start('');
        continue;
      }
      const before = handedOut;
      for await (const part of parts) {
        const wanted = query.limit === undefined ? part.count : query.limit - handedOut;
        const page = part.count > wanted ? cut(part.page, wanted) : part.page;
        handedOut += Math.min(part.count, wanted);
        adaptivePageSize = comfortablePageSize(part);
        // With a limit it takes the whole page to know how many are missing.
        const mayAsk = query.limit === undefined || (part.isLast && handedOut < query.limit);
        if (part.continue !== '' && next === undefined && mayAsk) {
          if (part.continue === token) throw sameTokenTwice(asked, handedOut);
          token = part.continue;
          next = start(token);
        }
        if (part.count > 0 || (part.isLast && handedOut === before)) yield page;
        if (handedOut === query.limit) {
          if (part.continue !== '' || part.count > wanted) {
            const left = part.remaining === undefined ? undefined : part.remaining + part.count - wanted;
            options.more?.(part.continue === '' ? part.count - wanted : left);
          }
          return;
        }
      }
    }
    isComplete = true;
  } finally {
    release?.();
    // A reason in words: without one Node makes an error, and for its stack parses the functions on it again.
    if (!isComplete) leaving.abort('the caller has left');
  }
}

function holdsNamespaced(page: Page): boolean {
  const metadatas =
    page.kind === 'table'
      ? page.table.rows.map(({ object }) => objectAt(object, 'metadata'))
      : page.objects.map((object) => objectAt(object, 'metadata'));
  return metadatas.some((metadata) => stringAt(metadata, 'namespace') !== '');
}

function firstPageSize({ as, includeObject }: ListQuery): number {
  return as === 'table' && includeObject === 'None' ? firstPageOfBareRows : smallestPageSize;
}

function comfortablePageSize({ count, length }: Part): number {
  // An empty page with a next one: a selector that few objects match.
  if (count === 0) return maxPageSize;
  const fitting = (comfortablePageLength / length) * count;
  // By the hundred: sizes that come again are easier to read in a log.
  return Math.min(maxPageSize, Math.max(smallestPageSize, Math.floor(fitting / 100) * 100));
}

function pageSize(
  { limit, chunkSize }: ListPagesQuery,
  adaptivePageSize: number,
  handedOut: number,
): number | undefined {
  const size = chunkSize ?? adaptivePageSize;
  const left = limit === undefined ? Infinity : limit - handedOut;
  const wanted = Math.min(size === 0 ? Infinity : size, left);
  return wanted === Infinity ? undefined : wanted;
}

/** The answer's status is known when this resolves; the first page has been read then. */
async function fetchPage(
  send: Send,
  query: ListQuery,
  at: PageCoordinates,
  now: () => Date,
  buffer: BodyBuffer,
  signal: AbortSignal,
): Promise<Parts> {
  const { type, labelSelector, fieldSelector } = query;
  const request = buildListRequest(query, at);
  const response = await send(request, { signal });
  if (!isSuccess(response)) {
    const error = await errorOf(request, response, { type, list: { labelSelector, fieldSelector } });
    throw (at.continue === '' ? badSelector(error, query) : undefined) ?? error;
  }
  const source = sourceOf(request, response);
  const holdsMetadataOnly = query.as === 'table' && (query.includeObject ?? 'Metadata') === 'Metadata';
  const isCut = holdsMetadataOnly || query.withoutManagedFields === true;
  const cutter = isCut ? new ManagedFieldsCutter() : undefined;
  const decoded = (json: SizedJson, isLast: boolean): Part => {
    const status = decodeStatus(json.json);
    if (status?.status === 'Success') throw unexpectedAnswer(source, 'a Status of success instead of a list');
    if (status !== undefined) throw errorOfStatus(request, status, { subject: { type } });
    return { ...pageOf(json.json, query, source, now), length: json.length, isLast };
  };
  if (at.continue === '') return [decoded(await readSizedJson(response, request, buffer, cutter), true)];
  return inParts(readJsonInParts(response, request, buffer, cutter), decoded);
}

async function* inParts(
  parts: AsyncIterable<JsonPart>,
  decoded: (json: SizedJson, isLast: boolean) => Part,
): AsyncGenerator<Part> {
  for await (const part of parts) yield decoded(part, part.isLast);
}

function pageOf(
  json: Json,
  query: ListQuery,
  source: AnswerSource,
  now: () => Date,
): Pick<Part, 'page' | 'count' | 'continue' | 'remaining'> {
  const { type } = query;
  if (isTable(json)) {
    if (query.as === 'objects') throw unexpectedAnswer(source, 'a Table instead of a list');
    const table = decodeTable(json, source);
    return {
      page: { kind: 'table', type, table },
      count: table.rows.length,
      continue: table.continue,
      remaining: table.remainingItemCount,
    };
  }
  const list = decodeList(json, type, source);
  const { objects, resourceVersion } = list;
  const page: Page =
    query.as === 'table'
      ? { kind: 'table', type, table: nameAgeTable(objects, list, now()) }
      : { kind: 'objects', type, objects, resourceVersion };
  return { page, count: objects.length, continue: list.continue, remaining: list.remainingItemCount };
}

/** Servers older than paging, and some aggregated ones, send everything whatever the limit says. */
function cut(page: Page, count: number): Page {
  return page.kind === 'table'
    ? { ...page, table: { ...page.table, rows: page.table.rows.slice(0, count) } }
    : { ...page, objects: page.objects.slice(0, count) };
}

/**
 * A first page that the server rejects as badly asked is one with a selector that it cannot read: nothing else of the
 * request is the user's. The server judges rather than kapi, because only it knows which fields a type can be selected by.
 */
function badSelector(
  error: RefusedError | ServerError,
  { labelSelector = '', fieldSelector = '' }: ListQuery,
): UsageError | undefined {
  if (error.facts?.httpStatus !== 400 || (labelSelector === '' && fieldSelector === '')) return undefined;
  const hints = [
    ...(labelSelector === ''
      ? []
      : ["label selectors read like 'app=web,tier!=cache' or 'env in (a,b),!canary'"]),
    ...(fieldSelector === ''
      ? []
      : ['field selectors: every type knows metadata.name and metadata.namespace, few know more']),
  ];
  const { message, prefix, causes } = error;
  return new UsageError(message, {
    code: 'BadSelector',
    prefix,
    causes,
    hint: hints.join('\n'),
    cause: error,
  });
}

/**
 * The token with which a list can go on, at a newer resource version, after the old one expired.
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#retrieving-large-results-sets-in-chunks
 */
function newerToken(error: RefusedError): string {
  return statusOf(error)?.continue ?? '';
}

function expiredInTheMiddle(error: RefusedError, handedOut: number): RefusedError {
  return new RefusedError(error.message, {
    code: error.code,
    prefix: error.prefix,
    causes: error.causes,
    hint:
      `the server forgot the list after ${handedOut} objects, so what was printed is not all: ask again, ` +
      'with --chunk-size=0 to get everything in one answer',
    facts: error.facts,
    cause: error,
  });
}

function sameTokenTwice({ type }: ListQuery, handedOut: number): ServerError {
  return new ServerError(
    `the list of ${type.resource} does not end: after ${handedOut} objects the server named the same next page again`,
    { code: 'UnexpectedAnswer', hint: 'ask with --chunk-size=0 to get everything in one answer' },
  );
}
