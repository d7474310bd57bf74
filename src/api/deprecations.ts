// Reads what the server knows about the use of old API versions: its metric, and the versions in
// which objects were written. Entry points: readDeprecatedRequests(), readWrites(), typesToRead().
// Sends no request to a version that is known to be deprecated.

import { lastAppliedKey } from '../model/fields.ts';
import { arrayAt, isJsonObject, objectAt, stringAt, type JsonObject } from '../model/object.ts';
import type { RequestSpec, Send, SendOptions } from '../model/request.ts';
import { apiVersionOf, resourcePath, type ResourceType } from '../model/resource.ts';
import { lifecycleOf } from './api-lifecycle.ts';
import { parseJson } from './exact-json.ts';
import { versionsByPreference, type ApiSurface } from './groups.ts';
import { readJson } from './read.ts';
import { errorOf, isSuccess } from './status.ts';

/**
 * A deprecated API that a client called since the server started. The server does not name the
 * client.
 */
export interface DeprecatedRequest {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly subresource: string;
  /** `1.38`. Empty if no removal is planned. */
  readonly removedRelease: string;
}

const metric = 'apiserver_requested_deprecated_apis';

/** Max bytes of a line that can be the metric. Longer ones are of other metrics. */
const maxLineBytes = 4_096;

/**
 * Reads the metric of deprecated APIs. Keeps one line at a time: all metrics of a large server have
 * tens of megabytes.
 * @throws RefusedError, ServerError, ConnectionError
 * @see https://kubernetes.io/docs/reference/instrumentation/metrics/
 */
export async function readDeprecatedRequests(
  send: Send,
  options: SendOptions = {},
): Promise<readonly DeprecatedRequest[]> {
  const request = buildMetricsRequest();
  const response = await send(request, options);
  if (!isSuccess(response)) throw await errorOf(request, response);
  const found: DeprecatedRequest[] = [];
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of response.body) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = (lines.pop() ?? '').slice(0, maxLineBytes);
    for (const line of lines) found.push(...decodeMetric(line));
  }
  return [...found, ...decodeMetric(rest)];
}

export function buildMetricsRequest(): RequestSpec {
  return { method: 'GET', path: '/metrics', headers: { accept: 'text/plain' } };
}

function decodeMetric(line: string): readonly DeprecatedRequest[] {
  if (!line.startsWith(`${metric}{`)) return [];
  const end = line.lastIndexOf('}');
  // A gauge of 0 is a series that was reset.
  if (
    end < 0 ||
    Number(
      line
        .slice(end + 1)
        .trim()
        .split(' ')[0],
    ) === 0
  )
    return [];
  const labels = new Map(
    [...line.slice(metric.length + 1, end).matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(
      ([, key = '', value = '']) => [key, value.replaceAll(/\\(.)/g, '$1')] as const,
    ),
  );
  const label = (key: string): string => labels.get(key) ?? '';
  return [
    {
      ...{ group: label('group'), version: label('version'), resource: label('resource') },
      ...{ subresource: label('subresource'), removedRelease: label('removed_release') },
    },
  ];
}

/** An object that a manager has written in a version other than the one that is read. */
export interface Write {
  readonly type: ResourceType;
  readonly namespace: string;
  readonly name: string;
  /** `autoscaling/v1`. */
  readonly apiVersion: string;
  /** The field manager. Empty for the annotation of kubectl apply. */
  readonly manager: string;
  /** RFC 3339. Empty if unknown. */
  readonly time: string;
  readonly source: 'managedFields' | 'last-applied';
}

/** Metadata of a list, from servers that have it. */
const metadataAccept = 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io';
const pageSize = 500;

export function buildMetadataList(type: ResourceType, token = ''): RequestSpec {
  const next = token === '' ? '' : `&continue=${encodeURIComponent(token)}`;
  return {
    method: 'GET',
    path: `${resourcePath(type)}?limit=${pageSize}${next}`,
    headers: { accept: metadataAccept },
  };
}

/**
 * Yields the objects of a type that were written in another version, from the metadata of the
 * objects alone, page by page.
 * @throws RefusedError, ServerError, ConnectionError
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#metadata-only-fetches
 */
export async function* readWrites(
  send: Send,
  type: ResourceType,
  options: SendOptions = {},
): AsyncGenerator<Write, void, undefined> {
  let token = '';
  do {
    const request = buildMetadataList(type, token);
    const response = await send(request, options);
    if (!isSuccess(response)) throw await errorOf(request, response);
    const list = await readJson(response, request);
    if (!isJsonObject(list)) return;
    for (const item of arrayAt(list, 'items')) if (isJsonObject(item)) yield* writesOf(item, type);
    token = stringAt(objectAt(list, 'metadata'), 'continue');
  } while (token !== '');
}

/** Returns the last write of each manager and version other than that of the type. */
export function writesOf(object: JsonObject, type: ResourceType): readonly Write[] {
  const metadata = objectAt(object, 'metadata');
  const served = apiVersionOf(type);
  const place = { type, namespace: stringAt(metadata, 'namespace'), name: stringAt(metadata, 'name') };
  const writes = new Map<string, Write>();
  for (const entry of arrayAt(metadata, 'managedFields').filter(isJsonObject)) {
    const [apiVersion, manager] = [stringAt(entry, 'apiVersion'), stringAt(entry, 'manager')];
    if (apiVersion === '' || apiVersion === served) continue;
    const key = JSON.stringify([apiVersion, manager]);
    const time = stringAt(entry, 'time');
    if ((writes.get(key)?.time ?? '') > time) continue;
    writes.set(key, { ...place, apiVersion, manager, time, source: 'managedFields' });
  }
  const applied = stringAt(objectAt(metadata, 'annotations'), lastAppliedKey);
  const apiVersion = applied === '' ? '' : apiVersionIn(applied);
  if (apiVersion !== '' && apiVersion !== served) {
    writes.set(lastAppliedKey, { ...place, apiVersion, manager: '', time: '', source: 'last-applied' });
  }
  return [...writes.values()];
}

/** An annotation can contain anything. */
function apiVersionIn(json: string): string {
  try {
    const value = parseJson(json);
    return isJsonObject(value) ? stringAt(value, 'apiVersion') : '';
  } catch {
    return '';
  }
}

/** What decides whether a version is deprecated. */
export interface KnownDeprecations {
  /** Minor release of the server. Undefined: unknown, so that everything that can be is. */
  readonly minor: number | undefined;
  readonly requested: readonly DeprecatedRequest[];
  /** `GROUP/VERSION RESOURCE` of custom types. */
  readonly custom: ReadonlySet<string>;
}

export function isDeprecated(type: ResourceType, { minor, requested, custom }: KnownDeprecations): boolean {
  const { deprecatedIn } = lifecycleOf(type, type.kind) ?? {};
  return (
    (deprecatedIn !== undefined && deprecatedIn <= (minor ?? Infinity)) ||
    custom.has(`${apiVersionOf(type)} ${type.resource}`) ||
    requested.some(
      ({ group, version, resource, subresource }) =>
        group === type.group && version === type.version && resource === type.resource && subresource === '',
    )
  );
}

/** Events are short-lived and many. */
const leftOut = new Set(['events']);

/**
 * Returns the types whose objects can be read without a deprecated request: each in the first
 * version, in the order of preference, that is not deprecated. `skipped` are those without one.
 */
export function typesToRead(
  { groups }: ApiSurface,
  known: KnownDeprecations,
): { readonly types: readonly ResourceType[]; readonly skipped: readonly ResourceType[] } {
  const types: ResourceType[] = [];
  const skipped: ResourceType[] = [];
  for (const group of groups) {
    const versions = new Map<string, ResourceType[]>();
    for (const type of versionsByPreference(group).flatMap((version) => version.types)) {
      if (!type.verbs.includes('list') || leftOut.has(type.resource)) continue;
      versions.set(type.resource, [...(versions.get(type.resource) ?? []), type]);
    }
    for (const [preferred, ...others] of versions.values()) {
      if (preferred === undefined) continue;
      const type = [preferred, ...others].find((one) => !isDeprecated(one, known));
      if (type === undefined) skipped.push(preferred);
      else types.push(type);
    }
  }
  return { types, skipped };
}

/**
 * Reads which versions of custom types their definitions call deprecated.
 * @throws RefusedError, ServerError, ConnectionError
 */
export async function readDeprecatedCustomVersions(
  send: Send,
  options: SendOptions = {},
): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  let token = '';
  do {
    const request = buildCustomList(token);
    const response = await send(request, options);
    if (!isSuccess(response)) throw await errorOf(request, response);
    const list = await readJson(response, request);
    if (!isJsonObject(list)) break;
    for (const item of arrayAt(list, 'items').filter(isJsonObject)) {
      const spec = objectAt(item, 'spec');
      for (const version of arrayAt(spec, 'versions').filter(isJsonObject)) {
        if (version['deprecated'] !== true) continue;
        const apiVersion = `${stringAt(spec, 'group')}/${stringAt(version, 'name')}`;
        found.add(`${apiVersion} ${stringAt(objectAt(spec, 'names'), 'plural')}`);
      }
    }
    token = stringAt(objectAt(list, 'metadata'), 'continue');
  } while (token !== '');
  return found;
}

/** Definitions hold whole schemas: few fill a page. */
const definitionsInPage = 50;

export function buildCustomList(token = ''): RequestSpec {
  const next = token === '' ? '' : `&continue=${encodeURIComponent(token)}`;
  return {
    method: 'GET',
    path: `/apis/apiextensions.k8s.io/v1/customresourcedefinitions?limit=${definitionsInPage}${next}`,
    headers: { accept: 'application/json' },
  };
}
