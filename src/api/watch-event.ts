// The request of a watch, and the lines of its answer. Entry points: buildWatchRequest(), decodeEvent(). Pure; bytes
// become lines in event-lines.ts.

import type { Change, ChangeType } from '../model/change.ts';
import { isJsonObject, objectAt, stringAt, type Json, type JsonObject } from '../model/object.ts';
import type { Page } from '../model/page.ts';
import type { RequestSpec } from '../model/request.ts';
import type { ResourceType } from '../model/resource.ts';
import { decodeStatus, type Status } from '../model/status.ts';
import type { AnswerSource } from './answer.ts';
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
      /** One row or one object. */
      readonly page: Page;
    }
  | { readonly kind: 'bookmark'; readonly resourceVersion: string }
  | { readonly kind: 'error'; readonly status: Status; readonly json: JsonObject }
  /** An event of a type that no API server sends today, such as a gateway's keep-alive. */
  | { readonly kind: 'unknown'; readonly type: string };

/** A line that is no event of a watch. */
export class NotAnEvent extends Error {
  constructor(problem: string, cause?: unknown) {
    super(problem, { cause });
    this.name = 'NotAnEvent';
  }
}

/** What is listed and then watched. */
export interface WatchQuery extends ListQuery {
  /**
   * What the rows of events carry, where less will do than in the list: `None` spares the server and kapi nine tenths of
   * each event. Default: as in the list.
   */
  readonly includeInEvents?: IncludeObject | undefined;
  /**
   * Whether the labels of rows are remembered for the row of a deletion that nobody saw: where none are shown they would be half of what
   * a watch remembers. Default true.
   */
  readonly remembersLabels?: boolean | undefined;
  /** Begin with the changes that the server remembers, instead of with a list. Default false. */
  readonly replays?: boolean | undefined;
  /**
   * The last that another watch told of the named object before it left that watch's selection. The changes since are told,
   * marked as those of a departed object; that the list is complete is not.
   */
  readonly departed?: Change | undefined;
}

/**
 * A watch of what a list with the same query would give.
 * @param resourceVersion everything after it is told; empty: from about now on; `0`: what is there first
 * @param bookmarks ask to be told of the resource version now and then
 * @param timeoutSeconds when the server shall end the watch; default: when it likes
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
    // When to ask again is the state machine's decision, which knows of all that went wrong before.
    retry: false,
  };
}

export interface EventContext {
  readonly type: ResourceType;
  readonly as: ListQuery['as'];
  readonly source: AnswerSource;
  /** For the age in rows that the server did not make. */
  readonly now: () => Date;
}

/**
 * @param line one JSON document
 * @throws NotAnEvent when it is something else than an event of a watch
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

/** A table of one row carries the version of its object, whatever `includeObject` says; so does a bookmark. */
function positionOf(object: JsonObject): string {
  return stringAt(objectAt(object, 'metadata'), 'resourceVersion');
}

function decodePage(object: JsonObject, { type, as, source, now }: EventContext): Page {
  if (isTable(object)) {
    if (as === 'objects') throw new NotAnEvent('a Table, though whole objects were asked for');
    return { kind: 'table', type, table: decodeTable(object, source) };
  }
  const whole = decodeObject(object, type, source);
  if (as === 'objects') return { kind: 'objects', type, objects: [whole] };
  const list = { resourceVersion: positionOf(object), continue: '' };
  return { kind: 'table', type, table: nameAgeTable([whole], list, now()) };
}
