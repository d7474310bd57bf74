// Requests for lists and single objects as plain data. Entry points: buildListRequest(), buildGetRequest(). Pure.

import { UsageError } from '../errors.ts';
import { fieldSelectorOfName } from '../model/field-selector.ts';
import { pathSegmentProblem } from '../model/path-segment.ts';
import type { RequestSpec } from '../model/request.ts';
import { encodeText, resourcePath, type ResourcePath, type ResourceType } from '../model/resource.ts';

/** How objects shall come: as rows laid out by the server, or whole. */
export type Representation = 'table' | 'objects';

/** What a table's rows carry beside their cells. `None` is by far the smallest: no metadata, so no labels, no namespace. */
export type IncludeObject = 'None' | 'Metadata' | 'Object';

export const tableAccept = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';
export const jsonAccept = 'application/json';

export interface ListQuery {
  readonly type: ResourceType;
  /** Undefined: all namespaces. Left out for cluster-scoped types. */
  readonly namespace?: string | undefined;
  /** Only the object of this name, as a field selector: a list of none or one, where `get` would be a 404. */
  readonly name?: string | undefined;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
  readonly as: Representation;
  /** For tables. Default: `Metadata`, the server's own. */
  readonly includeObject?: IncludeObject | undefined;
  /** Nobody looks at `metadata.managedFields`, so that it is cut out before it is parsed. Default false. */
  readonly withoutManagedFields?: boolean | undefined;
  /** @see https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions */
  readonly resourceVersion?: string | undefined;
  readonly resourceVersionMatch?: 'NotOlderThan' | 'Exact' | undefined;
}

/** One page of a list. */
export interface PageCoordinates {
  /** Objects in the page at the most; undefined: all. */
  readonly limit?: number | undefined;
  /** Token of the page before, empty for the first page. */
  readonly continue?: string | undefined;
}

/** @see https://kubernetes.io/docs/reference/using-api/api-concepts/#retrieving-large-results-sets-in-chunks */
export function buildListRequest(query: ListQuery, page: PageCoordinates = {}): RequestSpec {
  const { type } = query;
  const goesOn = page.continue !== undefined && page.continue !== '';
  const byName = query.name === undefined ? undefined : fieldSelectorOfName(query.name);
  checkSegments({ name: query.name, namespace: type.namespaced ? query.namespace : undefined });
  const fieldSelector = [byName, query.fieldSelector].filter((part) => part !== undefined && part !== '');
  return {
    method: 'GET',
    path: withQuery(resourcePath(type, { namespace: type.namespaced ? query.namespace : undefined }), {
      labelSelector: query.labelSelector,
      fieldSelector: fieldSelector.join(','),
      // A continue token holds its own resource version; the server refuses both together.
      resourceVersion: goesOn ? undefined : query.resourceVersion,
      resourceVersionMatch: goesOn ? undefined : query.resourceVersionMatch,
      limit: page.limit === undefined ? undefined : String(page.limit),
      continue: page.continue,
      includeObject: includeObjectOf(query),
    }),
    headers: { accept: query.as === 'table' ? tableAccept : jsonAccept },
    // A version that does not exist yet is answered with 504 and Retry-After, each time after three seconds.
    ...(query.resourceVersionMatch === 'Exact' && !goesOn ? { retry: false } : {}),
  };
}

/**
 * Refuses what cannot be a segment of a path, as client-go does before it sends: a proxy on the way that normalizes paths
 * would make another object of it.
 * @throws UsageError `BadPathSegment`
 */
export function checkSegments({ namespace, name, subresource }: ResourcePath): void {
  const problems = [
    ['namespace', namespace === undefined ? undefined : pathSegmentProblem(namespace), namespace],
    ['resource name', name === undefined ? undefined : pathSegmentProblem(name), name],
    ...(subresource ?? '')
      .split('/')
      .map((segment) => ['subresource', pathSegmentProblem(segment), subresource] as const),
  ] as const;
  for (const [what, problem, value] of problems) {
    if (problem === undefined) continue;
    throw new UsageError(`invalid ${what} ${JSON.stringify(value)}: [${problem}]`, {
      code: 'BadPathSegment',
    });
  }
}

export interface GetQuery {
  readonly type: ResourceType;
  /** Left out for cluster-scoped types. */
  readonly namespace?: string | undefined;
  readonly name: string;
  readonly subresource?: string | undefined;
  readonly as: Representation;
  /** For tables. Default: `Metadata`. */
  readonly includeObject?: IncludeObject | undefined;
}

export function buildGetRequest(query: GetQuery): RequestSpec {
  const { type, name, subresource } = query;
  const namespace = type.namespaced ? query.namespace : undefined;
  checkSegments({ name, namespace, subresource });
  return {
    method: 'GET',
    path: withQuery(resourcePath(type, { namespace, name, subresource }), {
      includeObject: includeObjectOf(query),
    }),
    headers: { accept: query.as === 'table' ? tableAccept : jsonAccept },
  };
}

function includeObjectOf(query: Pick<ListQuery, 'as' | 'includeObject'>): string | undefined {
  return query.as === 'table' && query.includeObject !== 'Metadata' ? query.includeObject : undefined;
}

/** Empty values are left out: the API takes them as absent. */
function withQuery(path: string, parameters: Readonly<Record<string, string | undefined>>): string {
  const parts = Object.entries(parameters)
    .filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== '')
    .map(([key, value]) => `${key}=${encodeText(value)}`);
  return parts.length === 0 ? path : `${path}?${parts.join('&')}`;
}
