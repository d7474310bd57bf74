// The data of a completion: kubeconfig, discovery, schemas, lists. Every query has an answer, even
// if it is empty: a failed or late answer counts as absent. Entry point: openSources().

import type { ApiGroup } from '../api/groups.ts';
import { typesByPriority } from '../api/groups.ts';
import { listPages } from '../api/list.ts';
import type { IncludeObject } from '../api/object-request.ts';
import { resolveName } from '../api/resolve.ts';
import { wellKnownType, wellKnownTypes } from '../api/well-known.ts';
import type { Deps } from '../commands/deps.ts';
import { KapiError } from '../errors.ts';
import { arrayAt, isJsonObject, objectAt, stringAt, type KubeObject } from '../model/object.ts';
import type { Page } from '../model/page.ts';
import type { ResourceType } from '../model/resource.ts';
import type { SchemaDocument } from '../model/schema.ts';
import { once } from '../model/once.ts';
import { maxCandidates } from './candidates.ts';

export interface ContextName {
  readonly name: string;
  readonly cluster: string;
  readonly user: string;
  readonly namespace: string;
  readonly current: boolean;
}

export interface Sources {
  contexts(): Promise<readonly ContextName[]>;
  clusters(): Promise<readonly string[]>;
  users(): Promise<readonly string[]>;
  /** API groups of the server. Empty if they are not known. */
  groups(): Promise<readonly ApiGroup[]>;
  /** All types of all groups, or at least the well-known ones. */
  types(): Promise<readonly ResourceType[]>;
  /** The type that a name refers to. */
  type(name: string): Promise<ResourceType | undefined>;
  /** Names of objects, in the namespace of the request unless another is given. */
  names(type: ResourceType, namespace?: string): Promise<readonly string[]>;
  /** Labels of objects, with their values. */
  labels(type: ResourceType, all: boolean): Promise<ReadonlyMap<string, ReadonlySet<string>>>;
  /** The named object, or the first one of the list. */
  object(type: ResourceType, name: string | undefined): Promise<KubeObject | undefined>;
  schemas(type: ResourceType): Promise<SchemaDocument | undefined>;
}

/** Promises that resolve when a time limit has passed. */
export interface Limits {
  /** The limit for answers of the server. */
  readonly late: Promise<void>;
  /** The limit for everything, including files. */
  readonly over: Promise<void>;
}

/** Makes the sources of one completion. */
export function openSources(deps: Deps, { late, over }: Limits): Sources {
  const groups = once(async () => {
    // Reads the cache on disk first: the server can use up the whole time without an answer.
    const kept = await inTime(async () => (await deps.discovery()).groups('kept'), over);
    const known = await inTime(async () => (await deps.discovery()).groups('cached'), late);
    return known ?? kept ?? [];
  });
  const types = once(async () => {
    const offered = typesByPriority(await groups());
    return offered.length === 0 ? wellKnownTypes() : offered;
  });

  async function pages(type: ResourceType, query: Query): Promise<readonly Page[]> {
    const found: Page[] = [];
    await inTime(async () => {
      const scope = type.namespaced ? (query.namespace ?? (await deps.config()).namespace.value) : undefined;
      const list = listPages(
        await deps.send(),
        {
          type,
          namespace: query.all === true ? undefined : scope,
          name: query.name,
          as: query.whole === true ? 'objects' : 'table',
          includeObject: query.includeObject ?? 'None',
          limit: query.limit ?? maxCandidates,
          chunkSize: query.limit ?? maxCandidates,
        },
        {
          signal: deps.signal,
          now: deps.now,
          warn: () => undefined,
          rediscover: async (missing) => (await deps.discovery()).rediscover(missing),
        },
      );
      for await (const page of list) found.push(page);
    }, late);
    return found;
  }

  return {
    groups,
    types,
    contexts: async () => (await inTime(deps.contexts, over)) ?? [],
    clusters: async () => (await inTime(deps.entryNames, over))?.clusters ?? [],
    users: async () => (await inTime(deps.entryNames, over))?.users ?? [],
    type: async (name) => wellKnownType(name) ?? resolveName(name, await groups())?.type,
    names: async (type, namespace) => (await pages(type, { namespace })).flatMap(namesIn),
    labels: async (type, all) => {
      const labels = new Map<string, Set<string>>();
      for (const page of await pages(type, { all, includeObject: 'Metadata' })) {
        for (const [key, value] of labelsIn(page)) labels.set(key, (labels.get(key) ?? new Set()).add(value));
      }
      return labels;
    },
    object: async (type, name) => {
      const [page] = await pages(type, { name, whole: true, limit: 1 });
      return page?.kind === 'objects' ? page.objects[0] : undefined;
    },
    schemas: async (type) => {
      const known = await inTime(async () => (await deps.openApi()).document(type), late);
      return known ?? inTime(async () => (await deps.openApi()).kept(type), over);
    },
  };
}

interface Query {
  readonly namespace?: string | undefined;
  readonly all?: boolean;
  readonly name?: string | undefined;
  readonly includeObject?: IncludeObject;
  readonly whole?: boolean;
  readonly limit?: number;
}

/**
 * Returns the result, or undefined if it failed or came too late. Throws only errors that are bugs
 * of kapi.
 */
export async function inTime<Result>(
  work: () => Promise<Result>,
  limit: Promise<void>,
): Promise<Result | undefined> {
  const result = work().catch((thrown: unknown) => {
    if (thrown instanceof KapiError) return undefined;
    throw thrown;
  });
  // Ignores a failure after the time limit.
  result.catch(() => undefined);
  return Promise.race([result, limit.then(() => undefined)]);
}

function namesIn(page: Page): string[] {
  if (page.kind === 'objects') return page.objects.map(({ metadata }) => stringAt(metadata, 'name'));
  const { columns, rows } = page.table;
  const at = columns.findIndex(({ format, type }) => format === 'name' && type === 'string');
  return rows.map(({ cells }) => cells[Math.max(at, 0)]).filter((cell) => typeof cell === 'string');
}

function labelsIn(page: Page): [string, string][] {
  const metadata =
    page.kind === 'objects'
      ? page.objects.map((object) => object.metadata)
      : page.table.rows.map(({ object }) => objectAt(object, 'metadata'));
  return metadata
    .flatMap((one) => Object.entries(objectAt(one, 'labels') ?? {}))
    .filter((entry): entry is [string, string] => typeof entry[1] === 'string');
}

/** Returns the names of a pod's containers, the regular ones first. */
export function containersOf(pod: KubeObject): string[] {
  const spec = objectAt(pod, 'spec');
  return ['containers', 'initContainers', 'ephemeralContainers'].flatMap((list) =>
    arrayAt(spec, list)
      .filter(isJsonObject)
      .map((container) => stringAt(container, 'name')),
  );
}
