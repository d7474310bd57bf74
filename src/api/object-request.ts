// Builds requests for lists and single objects as plain data. Entry points: buildListRequest(),
// buildGetRequest(). Pure.

import { UsageError } from '../errors.ts';
import { fieldSelectorOfName } from '../model/field-selector.ts';
import { pathSegmentProblem } from '../model/path-segment.ts';
import type { RequestSpec } from '../model/request.ts';
import { encodeText, resourcePath, type ResourcePath, type ResourceType } from '../model/resource.ts';

/** The form of objects in a response: rows laid out by the server, or whole objects. */
export type Representation = 'table' | 'objects';

/**
 * What table rows include in addition to their cells. `None` is by far the smallest: no metadata,
 * so no labels and no namespace.
 */
export type IncludeObject = 'None' | 'Metadata' | 'Object';

/** Accept header for a Table, or JSON from servers without tables. */
export const tableAccept = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';
export const jsonAccept = 'application/json';
/**
 * Accept header for objects without `metadata.managedFields`. Servers before Kubernetes 1.37 ignore
 * the parameter; the second type is for servers that refuse parameters they do not know.
 * @see https://github.com/kubernetes/enhancements/tree/master/keps/sig-api-machinery/5958-client-opt-out-managedfields
 */
export const unmanagedJsonAccept = `${jsonAccept};drop=metadata.managedFields,${jsonAccept}`;

/** Selects the objects of a list and their form. */
export interface ListQuery {
  readonly type: ResourceType;
  /** Undefined: all namespaces. Ignored for cluster-scoped types. */
  readonly namespace?: string | undefined;
  /**
   * Selects only the object of this name, by a field selector. The list is empty where `get` would
   * return 404.
   */
  readonly name?: string | undefined;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
  readonly as: Representation;
  /** For tables. Default: `Metadata`, the default of the server. */
  readonly includeObject?: IncludeObject | undefined;
  /**
   * True if no caller needs `metadata.managedFields`, so that kapi removes them before parsing.
   * Default: false.
   */
  readonly withoutManagedFields?: boolean | undefined;
  /**
   * True to ask the server to leave `metadata.managedFields` out of whole objects. Default: false.
   */
  readonly asksForUnmanaged?: boolean | undefined;
  /** @see https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions */
  readonly resourceVersion?: string | undefined;
  readonly resourceVersionMatch?: 'NotOlderThan' | 'Exact' | undefined;
}

/** One page of a list. */
export interface PageCoordinates {
  /** Max objects in the page. Undefined: all. */
  readonly limit?: number | undefined;
  /** Token from the previous page. Empty for the first page. */
  readonly continue?: string | undefined;
}

/**
 * Builds the request of a list, or of one page of it.
 * @throws UsageError `BadPathSegment` for an invalid name or namespace
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#retrieving-large-results-sets-in-chunks
 */
export function buildListRequest(query: ListQuery, page: PageCoordinates = {}): RequestSpec {
  const { type } = query;
  const isContinuation = page.continue !== undefined && page.continue !== '';
  const byName = query.name === undefined ? undefined : fieldSelectorOfName(query.name);
  checkSegments({ name: query.name, namespace: type.namespaced ? query.namespace : undefined });
  const fieldSelector = [byName, query.fieldSelector].filter((part) => part !== undefined && part !== '');
  return {
    method: 'GET',
    path: withQuery(resourcePath(type, { namespace: type.namespaced ? query.namespace : undefined }), {
      labelSelector: query.labelSelector,
      fieldSelector: fieldSelector.join(','),
      // A continue token includes the resource version. The server rejects a request with both.
      resourceVersion: isContinuation ? undefined : query.resourceVersion,
      resourceVersionMatch: isContinuation ? undefined : query.resourceVersionMatch,
      limit: page.limit === undefined ? undefined : String(page.limit),
      continue: page.continue,
      includeObject: includeObjectOf(query),
    }),
    headers: { accept: acceptOf(query) },
    // For a version that does not exist yet, the server waits three seconds and responds with 504
    // and Retry-After, each time again.
    ...(query.resourceVersionMatch === 'Exact' && !isContinuation ? { retry: 'not-504' } : {}),
  };
}

/**
 * Rejects what cannot be a path segment, as client-go does before it sends a request. A proxy that
 * normalizes paths would turn it into the path of another object.
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

/** Selects one object or subresource and its form. */
export interface GetQuery {
  readonly type: ResourceType;
  /** Ignored for cluster-scoped types. */
  readonly namespace?: string | undefined;
  readonly name: string;
  readonly subresource?: string | undefined;
  readonly as: Representation;
  /** For tables. Default: `Metadata`. */
  readonly includeObject?: IncludeObject | undefined;
  /**
   * True to ask the server to leave `metadata.managedFields` out of a whole object. Default: false.
   */
  readonly asksForUnmanaged?: boolean | undefined;
}

/**
 * Builds the request of one object or subresource.
 * @throws UsageError `BadPathSegment`
 */
export function buildGetRequest(query: GetQuery): RequestSpec {
  const { type, name, subresource } = query;
  const namespace = type.namespaced ? query.namespace : undefined;
  checkSegments({ name, namespace, subresource });
  return {
    method: 'GET',
    path: withQuery(resourcePath(type, { namespace, name, subresource }), {
      includeObject: includeObjectOf(query),
    }),
    headers: { accept: acceptOf(query) },
  };
}

function acceptOf({ as, asksForUnmanaged }: Pick<ListQuery, 'as' | 'asksForUnmanaged'>): string {
  if (as === 'table') return tableAccept;
  return asksForUnmanaged === true ? unmanagedJsonAccept : jsonAccept;
}

function includeObjectOf(query: Pick<ListQuery, 'as' | 'includeObject'>): string | undefined {
  return query.as === 'table' && query.includeObject !== 'Metadata' ? query.includeObject : undefined;
}

/** Appends a query string. Omits empty values: the API treats them as absent. */
function withQuery(path: string, parameters: Readonly<Record<string, string | undefined>>): string {
  const parts = Object.entries(parameters)
    .filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== '')
    .map(([key, value]) => `${key}=${encodeText(value)}`);
  return parts.length === 0 ? path : `${path}?${parts.join('&')}`;
}
