// Reads lists of any length as a stream of pages. Entry point: listPages(). object-request.ts
// builds the requests and decode.ts decodes the responses; get.ts reads single objects.

import { RefusedError, ServerError, UsageError } from '../errors.ts';
import { forwardAbort } from '../model/abort.ts';
import { objectAt, stringAt, type Json } from '../model/object.ts';
import type { Page } from '../model/page.ts';
import type { Send } from '../model/request.ts';
import type { ResourceType } from '../model/resource.ts';
import { decodeStatus } from '../model/status.ts';
import { sourceOf, unexpectedResponse, type ResponseSource } from './response-source.ts';
import { BodyBuffer } from './body-buffer.ts';
import { decodeList, decodeTable, isTable } from './decode.ts';
import { nameAgeTable } from './name-age-table.ts';
import { ManagedFieldsCutter } from './managed-fields.ts';
import { buildListRequest, type ListQuery, type PageCoordinates } from './object-request.ts';
import { readJsonInParts, readSizedJson, type JsonPart, type SizedJson } from './read.ts';
import { errorOf, errorOfStatus, isMissingType, isSuccess, statusOf } from './status.ts';

export interface ListPagesQuery extends ListQuery {
  /** Max objects in total. Undefined: all. */
  readonly limit?: number | undefined;
  /**
   * Objects in each page (`?limit=`). 0: everything in one response. Default: a small first page,
   * then larger ones.
   */
  readonly chunkSize?: number | undefined;
}

export interface ListOptions {
  readonly signal?: AbortSignal | undefined;
  /** Clock for the AGE column of tables that kapi makes itself. */
  readonly now: () => Date;
  /** Writes one line to stderr. */
  readonly warn: (text: string) => void;
  /** Called when the server does not have the type. See {@link Discovery.rediscover}. */
  readonly rediscover?: ((type: ResourceType) => Promise<ResourceType | undefined>) | undefined;
  /**
   * Called when `limit` ends a list that has more objects.
   * @param remaining how many more, if the server tells
   */
  readonly more?: ((remaining: number | undefined) => void) | undefined;
  /**
   * True if a list that expires between two pages is an error, even when the server offers to
   * continue at a newer resource version. A watch from either version would miss the changes
   * between the two. Default: false.
   */
  readonly requireSingleSnapshot?: boolean;
  /**
   * Returns a page without the objects that the query does not select, for servers that ignore
   * selectors. What it removes does not count for `limit`. Default: the page as it is.
   */
  readonly select?: ((page: Page) => Page) | undefined;
}

/**
 * Min and max objects of a page whose size kapi chooses. The first page is small so that the first
 * rows appear soon. kapi computes the size of the other pages from the bytes per object so far: few
 * large pages save the server scans, but a page that is fetched ahead can wait in memory. In
 * practice rows come by the thousand and whole pods by the hundred.
 */
const minPageSize = 500;
/**
 * First page size of tables without metadata. Such rows have a twentieth of the bytes, so 1,000
 * arrive as soon as 500 with metadata, and most lists fit into one response.
 */
const firstPageSizeOfBareRows = 1_000;
const maxPageSize = 2_000;
const targetPageLength = 3_000_000;

/** Max consecutive 410 responses (expired) before kapi gives up on the list. */
const maxConsecutiveExpirations = 3;

interface AskedQuery extends ListPagesQuery {
  /** True if kapi asks for objects and makes the table itself. */
  readonly makesTable?: boolean;
}

/** A requested page, or a part of it. */
interface Part {
  readonly page: Page;
  readonly count: number;
  /** The continue token. Empty on the last page, and in parts that arrive before the token. */
  readonly continue: string;
  /** How many objects follow the page, if the server tells. */
  readonly remaining: number | undefined;
  /** Bytes of the JSON, without the removed bytes. */
  readonly length: number;
  /** True for the last part of its page. */
  readonly isLast: boolean;
}

/** The parts of one page: complete, or as they arrive. */
type Parts = readonly Part[] | AsyncIterable<Part>;

/**
 * Yields the objects of one type page by page, at least one page. Yields the first page as a whole,
 * so that a list that fails immediately has no partial output. Yields the other pages in parts as
 * they arrive, which keeps memory flat. Fetches one page ahead, never more, while the caller works
 * on a page. Cancels the pending requests when the caller leaves the loop early.
 *
 * When the resource version expires between two pages (410) and the server offers a newer one, the
 * list continues there with a warning. When the server offers none and no object was yielded yet,
 * the list starts again. Otherwise it throws. A list is never truncated silently.
 * @throws UsageError `BadSelector` for a selector that the server rejects
 * @throws RefusedError, ServerError, ConnectionError
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#retrieving-large-results-sets-in-chunks
 */
export async function* listPages(
  send: Send,
  query: ListPagesQuery,
  options: ListOptions,
): AsyncGenerator<Page, void, undefined> {
  const leaving = new AbortController();
  const { signal } = leaving;
  const release = options.signal === undefined ? undefined : forwardAbort(options.signal, leaving);
  // One buffer for the page that the caller works on, one for the page that is fetched ahead.
  let buffers = [new BodyBuffer(), new BodyBuffer()] as const;
  let asked: AskedQuery = query;
  let handedOut = 0;
  let expiries = 0;
  let adaptivePageSize = firstPageSize(query);

  function start(token: string): Promise<Parts> {
    const at = { limit: pageSize(query, adaptivePageSize, handedOut), continue: token };
    const parts = fetchPage(send, asked, at, options, buffers[0], signal);
    buffers = [buffers[1], buffers[0]];
    // Keeps a failure from becoming an unhandled rejection before the page is awaited.
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
    // The user asked for exactly this version, so a list at a newer version is not a substitute.
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
   * Returns the current type if the type in use is out of date: a type known as cluster-scoped
   * whose objects have a namespace. Its path would list the objects of all namespaces.
   */
  async function scopeCheck(parts: Parts): Promise<ResourceType | undefined> {
    if (asked.type.namespaced || asked.type !== query.type || Symbol.asyncIterator in parts) return undefined;
    if (!parts.some(({ page }) => hasNamespacedObjects(page))) return undefined;
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
      if (asked.makesTable !== true && !(Symbol.asyncIterator in parts) && parts.some(hasNamelessRows)) {
        asked = { ...asked, makesTable: true };
        next = start('');
        continue;
      }
      const before = handedOut;
      for await (const part of parts) {
        const wanted = query.limit === undefined ? part.count : query.limit - handedOut;
        const page = part.count > wanted ? limitPage(part.page, wanted) : part.page;
        handedOut += Math.min(part.count, wanted);
        adaptivePageSize = targetPageSize(part);
        // With a limit, kapi needs the whole page to know how many objects are missing.
        const asksForMore = query.limit === undefined || (part.isLast && handedOut < query.limit);
        if (part.continue !== '' && next === undefined && asksForMore) {
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
    // The reason is a string: without a reason Node creates an Error, and for its stack trace V8
    // parses the functions on the stack again.
    if (!isComplete) leaving.abort('the caller has left');
  }
}

function hasNamespacedObjects(page: Page): boolean {
  const metadatas =
    page.kind === 'table'
      ? page.table.rows.map(({ object }) => objectAt(object, 'metadata'))
      : page.objects.map((object) => objectAt(object, 'metadata'));
  return metadatas.some((metadata) => stringAt(metadata, 'namespace') !== '');
}

/**
 * True if the server made a table of something else than the objects. For custom resources with a
 * top-level field `items` it makes a row of each entry of that field.
 */
function hasNamelessRows({ page }: Part): boolean {
  if (page.kind === 'objects') return false;
  const at = page.table.columns.findIndex(({ format }) => format === 'name');
  if (at < 0) return false;
  return page.table.rows.some(
    ({ cells, object }) => cells[at] === '' && stringAt(objectAt(object, 'metadata'), 'name') === '',
  );
}

function firstPageSize({ as, includeObject }: ListQuery): number {
  return as === 'table' && includeObject === 'None' ? firstPageSizeOfBareRows : minPageSize;
}

function targetPageSize({ count, length }: Part): number {
  // An empty page with a continue token: a selector that matches few objects.
  if (count === 0) return maxPageSize;
  const fitting = (targetPageLength / length) * count;
  // Multiples of 100, so that page sizes in a log are easy to read.
  return Math.min(maxPageSize, Math.max(minPageSize, Math.floor(fitting / 100) * 100));
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

/**
 * Requests one page. Resolves when the HTTP status is known, and for the first page when the page
 * has been read.
 */
async function fetchPage(
  send: Send,
  query: AskedQuery,
  at: PageCoordinates,
  { now, select }: ListOptions,
  buffer: BodyBuffer,
  signal: AbortSignal,
): Promise<Parts> {
  const { type, labelSelector, fieldSelector } = query;
  const request = buildListRequest(query.makesTable === true ? { ...query, as: 'objects' } : query, at);
  const response = await send(request, { signal });
  if (!isSuccess(response)) {
    const error = await errorOf(request, response, { type, list: { labelSelector, fieldSelector } });
    throw (at.continue === '' ? badSelector(error, query) : undefined) ?? error;
  }
  const source = sourceOf(request, response);
  const isMetadataOnly = query.as === 'table' && (query.includeObject ?? 'Metadata') === 'Metadata';
  const isCut = isMetadataOnly || query.withoutManagedFields === true;
  const cutter = isCut ? new ManagedFieldsCutter() : undefined;
  const decoded = (json: SizedJson, isLast: boolean): Part => {
    const status = decodeStatus(json.json);
    if (status?.status === 'Success')
      throw unexpectedResponse(source, 'a Status of success instead of a list');
    if (status !== undefined) throw errorOfStatus(request, status, { subject: { type } });
    const part = pageOf(json.json, query, source, now);
    const page = select?.(part.page) ?? part.page;
    return { ...part, page, count: countOf(page), length: json.length, isLast };
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
  source: ResponseSource,
  now: () => Date,
): Pick<Part, 'page' | 'continue' | 'remaining'> {
  const { type } = query;
  if (isTable(json)) {
    if (query.as === 'objects') throw unexpectedResponse(source, 'a Table instead of a list');
    const table = decodeTable(json, source);
    return {
      page: { kind: 'table', type, table },
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
  return { page, continue: list.continue, remaining: list.remainingItemCount };
}

function countOf(page: Page): number {
  return page.kind === 'table' ? page.table.rows.length : page.objects.length;
}

/**
 * Returns the first `count` entries of a page. Servers older than paging, and some aggregated ones,
 * ignore `limit` and send everything.
 */
function limitPage(page: Page, count: number): Page {
  return page.kind === 'table'
    ? { ...page, table: { ...page.table, rows: page.table.rows.slice(0, count) } }
    : { ...page, objects: page.objects.slice(0, count) };
}

/**
 * Returns a UsageError if the server rejects the selector. A 400 for the first page means the
 * selector, because the user controls no other part of the request. kapi leaves the judgement to
 * the server, because only the server knows which fields a type can be selected by.
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
 * Returns the token that continues an expired list at a newer resource version, or an empty string.
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
