// Builds the request of a watch and decodes the lines of its response. Entry points:
// buildWatchRequest(), decodeEvent(). event-lines.ts splits bytes into lines. Pure.

import type { Change, ChangeType } from '../model/change.ts';
import { isJsonObject, objectAt, stringAt, type Json, type JsonObject } from '../model/object.ts';
import type { Page } from '../model/page.ts';
import type { RequestSpec } from '../model/request.ts';
import type { ResourceType } from '../model/resource.ts';
import { decodeStatus, type Status } from '../model/status.ts';
import type { ResponseSource } from './response-source.ts';
import { decodeObject, decodeTable, isTable } from './decode.ts';
import { JsonSyntaxError, parseJson } from './exact-json.ts';
import { nameAgeTable } from './name-age-table.ts';
import { buildListRequest, type IncludeObject, type ListQuery } from './object-request.ts';

/** One line of a watch. */
export type WatchEvent =
  | {
      readonly kind: 'change';
      readonly change: ChangeType;
      readonly resourceVersion: string;
      /** Holds one row or one object. */
      readonly page: Page;
    }
  | { readonly kind: 'bookmark'; readonly resourceVersion: string }
  | { readonly kind: 'error'; readonly status: Status; readonly json: JsonObject }
  /** An event of a type that no API server sends today, such as the keep-alive of a gateway. */
  | { readonly kind: 'unknown'; readonly type: string };

/** A line that is not an event of a watch. */
export class NotAnEvent extends Error {
  constructor(problem: string, cause?: unknown) {
    super(problem, { cause });
    this.name = 'NotAnEvent';
  }

  /** True if the line is the beginning of a JSON text. */
  get isTruncated(): boolean {
    return this.cause instanceof JsonSyntaxError && this.cause.truncated;
  }
}

/** Selects the objects to list and watch. */
export interface WatchQuery extends ListQuery {
  /**
   * What the rows of events include, if less than the rows of the list. `None` makes each event a
   * tenth as long, for the server and for kapi. Default: as in the list.
   */
  readonly includeInEvents?: IncludeObject | undefined;
  /**
   * True to record the labels of rows for the row of a deletion that no event reported. If no label
   * is shown, they would be half of the memory of a watch. Default: true.
   */
  readonly remembersLabels?: boolean | undefined;
  /**
   * True to begin with the changes that the server remembers, instead of with a list. Default:
   * false.
   */
  readonly replays?: boolean | undefined;
  /**
   * The last change of the named object that another watch reported before the object left that
   * watch's selection. The watch yields later changes marked as departed, and no `synced` item.
   */
  readonly departed?: Change | undefined;
}

/**
 * Builds the watch of what a list with the same query would return.
 * @param resourceVersion the watch sends all changes after this version; empty: after about now;
 * `0`: the existing objects first
 * @param bookmarks true to ask for bookmarks, which tell the current resource version
 * @param timeoutSeconds when the server ends the watch; default: the server decides
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#watch-bookmarks
 */
export function buildWatchRequest(
  query: WatchQuery,
  resourceVersion: string,
  bookmarks = true,
  timeoutSeconds?: number,
): RequestSpec {
  const list = buildListRequest({
    ...query,
    includeObject: query.includeInEvents ?? query.includeObject,
    resourceVersion,
    resourceVersionMatch: undefined,
  });
  const joint = list.path.includes('?') ? '&' : '?';
  const end = timeoutSeconds === undefined ? '' : `&timeoutSeconds=${timeoutSeconds}`;
  return {
    ...list,
    path: `${list.path}${joint}watch=true${bookmarks ? '&allowWatchBookmarks=true' : ''}${end}`,
    streaming: true,
    // The state machine decides when to retry, because it knows the earlier failures.
    retry: false,
  };
}

/** What a watch asked for, to decode its events. */
export interface EventContext {
  readonly type: ResourceType;
  readonly as: ListQuery['as'];
  readonly source: ResponseSource;
  /** Clock for the AGE column of rows that kapi makes itself. */
  readonly now: () => Date;
}

/**
 * Decodes one line of a watch.
 * @param line one JSON document
 * @throws NotAnEvent if the line is not an event of a watch
 * @throws ServerError `UnexpectedAnswer` if its table or object is not what the API defines
 */
export function decodeEvent(line: string, context: EventContext): WatchEvent {
  const json = parseLine(line);
  if (!isJsonObject(json)) throw new NotAnEvent('a line without type and object');
  const type = stringAt(json, 'type');
  if (type !== '' && !knownTypes.has(type)) return { kind: 'unknown', type };
  const object = objectAt(json, 'object');
  if (object === undefined) throw new NotAnEvent('a line without type and object');
  switch (json.type) {
    case 'ADDED':
    case 'MODIFIED':
    case 'DELETED':
      return {
        kind: 'change',
        change: json.type,
        resourceVersion: positionOf(object),
        page: decodePage(object, context),
      };
    case 'BOOKMARK':
      return { kind: 'bookmark', resourceVersion: positionOf(object) };
    case 'ERROR': {
      const status = decodeStatus(object);
      if (status === undefined) throw new NotAnEvent('an ERROR event without a Status');
      return { kind: 'error', status, json: object };
    }
    default:
      throw new NotAnEvent('a line without type and object');
  }
}

const knownTypes: ReadonlySet<string> = new Set(['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK', 'ERROR']);

function parseLine(line: string): Json {
  try {
    return parseJson(line);
  } catch (thrown) {
    if (thrown instanceof JsonSyntaxError)
      throw new NotAnEvent(`a line that is not JSON (${thrown.message})`, thrown);
    throw thrown;
  }
}

/**
 * Returns the resource version of an event. A table with one row has the version of its object,
 * whatever `includeObject` says. A bookmark has one too.
 */
function positionOf(object: JsonObject): string {
  return stringAt(objectAt(object, 'metadata'), 'resourceVersion');
}

function decodePage(object: JsonObject, { type, as, source, now }: EventContext): Page {
  if (isTable(object)) {
    if (as === 'objects') throw new NotAnEvent('a Table, though whole objects were asked for');
    return { kind: 'table', type, table: decodeTable(object, source) };
  }
  const whole = decodeObject(object, type, source);
  if (stringAt(whole.metadata, 'name') === '') throw new NotAnEvent('an object without a name');
  if (as === 'objects') return { kind: 'objects', type, objects: [whole] };
  const list = { resourceVersion: positionOf(object), continue: '' };
  return { kind: 'table', type, table: nameAgeTable([whole], list, now()) };
}
