// The built-in resource types of a v1.36 API server in discovery order, with the behaviour of their
// strategies, from served-types.txt. Entry point: `servedTypes`. crd.ts makes types from
// CustomResourceDefinitions.

import { createHash } from 'node:crypto';
import { groupResourceOf, parseApiVersion } from '../../model/resource.ts';
import type { Subresource } from '../../model/resource.ts';
import text from './served-types.txt';
import type { ServedType } from './types.ts';

const everyVerb = 'create,delete,deletecollection,get,list,patch,update,watch';
/** The verbs of most subresources. */
const changing = 'get,patch,update';

/**
 * Returns the StorageVersionHash of discovery: the first eight bytes of SHA-256 over group, version
 * and kind in storage.
 * @see https://kubernetes.io/docs/reference/generated/kubernetes-api/v1.36/#apiresource-v1-meta
 */
export function storageVersionHash(group: string, version: string, kind: string): string {
  return createHash('sha256')
    .update(`${group}/${version}/${kind}`)
    .digest()
    .subarray(0, 8)
    .toString('base64');
}

/** `spec.groupPriorityMinimum` and `spec.versionPriority` of an APIService. */
export interface ApiServicePriority {
  readonly group: string;
  readonly version: string;
  readonly groupPriority: number;
  readonly versionPriority: number;
}

const groupVersions = text
  .trimEnd()
  .split(/\n+(?=[^ #\n])/)
  .slice(1)
  .map((part) => {
    const [head = '', ...types] = part.split(/\n {2}(?! )/);
    const [apiVersion = '', ...ranks] = head.split(' ');
    return { apiVersion, ranks, types };
  });

/**
 * The built-in types in the order of `/api` and `/apis`, and within a group version in discovery
 * order.
 */
export const servedTypes: readonly ServedType[] = groupVersions.flatMap(({ apiVersion, types }) =>
  types.map((type) => readType(apiVersion, type)),
);

/**
 * The aggregator's priorities of built-in group versions: the higher group comes first in `/apis`,
 * and within a group the higher version is preferred.
 */
export const apiServicePriorities: readonly ApiServicePriority[] = groupVersions
  .filter(({ ranks }) => ranks.length > 0)
  .map(({ apiVersion, ranks: [groupPriority, versionPriority] }) => ({
    ...parseApiVersion(apiVersion),
    groupPriority: Number(groupPriority),
    versionPriority: Number(versionPriority),
  }));

function readType(apiVersion: string, type: string): ServedType {
  const [head = '', ...lines] = type.split(/\n {4}/);
  const [resource = '', kind = '', ...words] = head.split(' ');
  const { group, version } = parseApiVersion(apiVersion);
  const valueOf = (name: string): string | undefined =>
    words.find((word) => word.startsWith(`${name}=`))?.slice(name.length + 1);
  const listOf = (value: string | undefined): readonly string[] => value?.split(',') ?? [];
  const storedVersion = valueOf('storedVersion') ?? apiVersion;
  const hashed = parseApiVersion(valueOf('hashed') ?? storedVersion);
  const isVirtual = words.includes('virtual');
  return {
    group,
    version,
    resource,
    kind,
    singular: kind.toLowerCase(),
    shortNames: listOf(valueOf('short')),
    categories: listOf(valueOf('in')),
    namespaced: !words.includes('cluster'),
    verbs: listOf(valueOf('verbs') ?? everyVerb),
    subresources: lines
      .filter((line) => line.startsWith('/'))
      .map((line) => readSubresource(line, kind, apiVersion)),
    storedAs: valueOf('storedAs') ?? groupResourceOf({ group, resource }),
    storedVersion,
    generation: words.includes('generation'),
    fieldSelectors: lines
      .filter((line) => line.startsWith('.'))
      .flatMap((line) => line.split(' ').map((path) => path.slice(1))),
    createOnUpdate: words.includes('createOnUpdate'),
    unconditionalUpdate: !words.includes('needsVersion'),
    virtual: isVirtual,
    storageVersionHash: isVirtual ? '' : storageVersionHash(hashed.group, hashed.version, kind),
  };
}

function readSubresource(line: string, typeKind: string, typeVersion: string): Subresource {
  const [name = '', verbs = changing, kind = typeKind, apiVersion = typeVersion] = line.slice(1).split(' ');
  return { name, ...parseApiVersion(apiVersion), kind, verbs: verbs.split(',') };
}
