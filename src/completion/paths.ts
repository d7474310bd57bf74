// Completes API paths segment by segment. Entry points: apiPaths(), pathPrefixes(), staticPaths().

import { assemblePaths } from '../api/paths.ts';
import { versionsByPreference, type ApiGroup } from '../api/groups.ts';
import { wellKnownTypes } from '../api/well-known.ts';
import type { ResourceType } from '../model/resource.ts';
import { isValue, type Candidate } from './candidates.ts';
import type { Sources } from './sources.ts';

/** A candidate for the next segment of a path, and whether there are segments below it. */
interface Segment {
  readonly name: string;
  readonly below: boolean;
  readonly description?: string;
}

/**
 * Query parameters of read requests.
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-parameters/common-parameters/
 */
const parameters = [
  'allowWatchBookmarks=true',
  'continue=',
  'fieldSelector=',
  'labelSelector=',
  'limit=',
  'resourceVersion=',
  'resourceVersionMatch=',
  'timeoutSeconds=',
  'watch=true',
];

/**
 * Completes a path down to objects and subresources. Without a leading slash completes `TYPE/NAME`,
 * which `kapi curl` accepts too.
 */
export async function apiPaths(text: string, sources: Sources): Promise<Candidate[]> {
  const query = /^[^?]*\?(?:.*&)?(?=[^&]*$)/.exec(text)?.[0];
  if (query !== undefined)
    return parameters.map((name) => ({ value: query + name, isPartial: name.endsWith('=') }));
  return text.startsWith('/') || text === ''
    ? descend(text === '' ? '/' : text, (segments) => segmentsBelow(segments, sources))
    : descend(text, (segments) => segmentsOfType(segments, sources));
}

/** Completes a path down to group versions, as far as `kapi paths` shows them. */
export async function pathPrefixes(text: string, sources: Sources): Promise<Candidate[]> {
  const known = assemblePaths(await groupsOf(sources));
  return descend(text === '' ? '/' : text, (segments) => Promise.resolve(below(known, segments)));
}

/** Completes the paths that are the same on every server, for rights on non-resource paths. */
export function staticPaths(text: string): Candidate[] {
  return [...assemblePaths([]), '/livez/*', '/readyz/*', '/*']
    .filter((path) => path.startsWith(text))
    .map((value) => ({ value }));
}

/**
 * Returns the segments that begin with the last one of the text. If the text is the only match and
 * has segments below it, returns those.
 */
async function descend(
  text: string,
  segmentsAfter: (segments: readonly string[]) => Promise<readonly Segment[]>,
): Promise<Candidate[]> {
  const slash = text.lastIndexOf('/');
  const [head, last] = [text.slice(0, slash + 1), text.slice(slash + 1)];
  const segments = head.split('/').filter((one) => one !== '');
  const found = (await segmentsAfter(segments)).filter(({ name }) => name.startsWith(last));
  const [only, other] = found;
  if (other === undefined && only?.name === last && only.below) {
    return candidates(`${text}/`, await segmentsAfter([...segments, last]));
  }
  return candidates(head, found);
}

function candidates(head: string, segments: readonly Segment[]): Candidate[] {
  return segments.map(({ name, below, description }) => ({
    value: head + name,
    description,
    isPartial: below,
  }));
}

async function segmentsBelow(segments: readonly string[], sources: Sources): Promise<Segment[]> {
  const [root, ...rest] = segments;
  const groups = await groupsOf(sources);
  if (root !== 'api' && root !== 'apis')
    return below([...assemblePaths(groups), ...openApiPaths(groups)], segments);
  const [group, version, ...inside] = root === 'api' ? ['', ...rest] : rest;
  const types = groups
    .find(({ name }) => name === group)
    ?.versions.find((one) => one.version === version)?.types;
  if (types === undefined) return below(assemblePaths(groups), segments);
  const [collection, ...parts] = inside;
  if (collection === undefined) {
    const namespaces = types.some(({ namespaced }) => namespaced);
    const holdsNamespaces = types.some(({ resource }) => resource === 'namespaces');
    return [
      ...(namespaces && !holdsNamespaces ? [{ name: 'namespaces', below: true }] : []),
      ...types.map(segmentOf),
    ];
  }
  if (collection !== 'namespaces') return insideCollection(types, collection, parts, undefined, sources);
  const [namespace, resource, ...more] = parts;
  if (namespace === undefined) return namespacesOf(sources);
  if (resource === undefined) {
    const own = types.find((type) => type.resource === 'namespaces')?.subresources ?? [];
    return [
      ...types.filter(({ namespaced }) => namespaced).map(segmentOf),
      ...own.map(({ name }) => ({ name, below: false })),
    ];
  }
  return insideCollection(types, resource, more, decode(namespace), sources);
}

async function insideCollection(
  types: readonly ResourceType[],
  resource: string,
  [name, subresource]: readonly string[],
  namespace: string | undefined,
  sources: Sources,
): Promise<Segment[]> {
  const type = types.find((one) => one.resource === resource);
  if (type === undefined || subresource !== undefined) return [];
  if (type.namespaced && namespace === undefined) return [];
  return name === undefined ? namesOf(type, namespace, sources) : subresources(type);
}

/** Completes `pods`, `pods/web-0`, `pods/web-0/log` in the namespace of the request. */
async function segmentsOfType(
  [word, name, subresource]: readonly string[],
  sources: Sources,
): Promise<Segment[]> {
  if (word === undefined) {
    const types = await sources.types();
    const names = new Map(types.map((type) => [type.resource, segmentOf(type)]));
    return [...names.values()].map((segment) => ({ ...segment, below: true }));
  }
  const type = await sources.type(word);
  if (type === undefined || subresource !== undefined) return [];
  return name === undefined ? namesOf(type, undefined, sources) : subresources(type);
}

async function namesOf(
  type: ResourceType,
  namespace: string | undefined,
  sources: Sources,
): Promise<Segment[]> {
  const names = await sources.names(type, namespace);
  return names.filter(isValue).map((name) => ({ name: encode(name), below: type.subresources.length > 0 }));
}

async function namespacesOf(sources: Sources): Promise<Segment[]> {
  const type = await sources.type('namespaces');
  const names = type === undefined ? [] : await sources.names(type);
  return names.filter(isValue).map((name) => ({ name: encode(name), below: true }));
}

function subresources(type: ResourceType): Segment[] {
  return type.subresources.map(({ name, kind }) => ({ name, below: false, description: kind }));
}

function segmentOf({ resource, kind, namespaced }: ResourceType): Segment {
  // Namespaced objects have no path below the collection of all namespaces.
  return { name: resource, below: !namespaced, description: kind };
}

/** Returns the next segments of known paths. */
function below(paths: readonly string[], segments: readonly string[]): Segment[] {
  const prefix = ['', ...segments].map((one) => `${one}/`).join('');
  const found = new Map<string, boolean>();
  for (const path of paths) {
    if (!path.startsWith(prefix)) continue;
    const [name = '', ...rest] = path.slice(prefix.length).split('/');
    const isRoot = segments.length === 0 && (name === 'api' || name === 'apis');
    // A group version contains types, which the list does not name.
    const isVersion = rest.length === 0 && segments.length > 0 && ['api', 'apis'].includes(segments[0] ?? '');
    if (name !== '') found.set(name, found.get(name) === true || rest.length > 0 || isRoot || isVersion);
  }
  return [...found].map(([name, more]) => ({ name, below: more }));
}

function openApiPaths(groups: readonly ApiGroup[]): string[] {
  const versions = assemblePaths(groups).filter((path) => /^\/(api\/[^/]+|apis\/[^/]+\/[^/]+)$/.test(path));
  return versions.map((path) => `/openapi/v3${path}`);
}

/** Returns the groups of the server, or the well-known ones in the form of discovery. */
async function groupsOf(sources: Sources): Promise<readonly ApiGroup[]> {
  const groups = await sources.groups();
  if (groups.length > 0) {
    return groups.map((group) => ({ ...group, versions: versionsByPreference(group) }));
  }
  const found = new Map<string, ApiGroup>();
  for (const type of wellKnownTypes()) {
    const { group: name, version } = type;
    const types = [...(found.get(name)?.versions[0]?.types ?? []), type];
    found.set(name, {
      name,
      preferredVersion: version,
      versions: [{ version, stale: false, types, parents: [] }],
    });
  }
  return [...found.values()];
}

/** Encodes only what a path cannot contain: `system:node` stays readable. */
function encode(name: string): string {
  return name.replaceAll(/[^\x21-\x7e]|[%/?#]/gu, encodeURIComponent);
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch (thrown) {
    if (!(thrown instanceof URIError)) throw thrown;
    return segment;
  }
}
