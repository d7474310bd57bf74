// The types that are currently served: the built-in ones and those of CustomResourceDefinitions.
// Entry point: TypeRegistry. discovery.ts makes the discovery documents.

import type { KubeObject } from '../../model/object.ts';
import { apiVersionOf } from '../../model/resource.ts';
import { customTypesOf } from './crd.ts';
import { servedTypes } from './served-types.ts';
import type { ServedType } from './types.ts';

/** Looks types up by path, by kind and by group. */
export class TypeRegistry {
  #types: readonly ServedType[] = servedTypes;
  #byPath = indexOf(servedTypes, pathKey);
  #byKind = indexOf(servedTypes, kindKey);

  /** Built-in types first, then custom ones by group and version. */
  get types(): readonly ServedType[] {
    return this.#types;
  }

  find(group: string, version: string, resource: string): ServedType | undefined {
    return this.#byPath.get(`${group}/${version}/${resource}`);
  }

  findKind(apiVersion: string, kind: string): ServedType | undefined {
    return this.#byKind.get(`${apiVersion} ${kind}`);
  }

  /** Returns a type by the name under which its objects are stored: `deployments.apps`. */
  findStored(storedAs: string): ServedType | undefined {
    return this.#types.find(
      (type) => type.storedAs === storedAs && apiVersionOf(type) === type.storedVersion,
    );
  }

  /** Returns every stored type once, in its storage version. */
  stored(): readonly ServedType[] {
    return this.#types.filter((type) => !type.virtual && apiVersionOf(type) === type.storedVersion);
  }

  hasGroup(group: string): boolean {
    return this.#types.some((type) => type.group === group);
  }

  hasVersion(group: string, version: string): boolean {
    return this.#types.some((type) => type.group === group && type.version === version);
  }

  /** Replaces the definitions. */
  setDefinitions(definitions: Iterable<KubeObject>): void {
    const custom = [...definitions]
      .flatMap(customTypesOf)
      .sort((a, b) => (a.group === b.group ? 0 : a.group < b.group ? -1 : 1));
    this.#types = [...servedTypes, ...custom];
    this.#byPath = indexOf(this.#types, pathKey);
    this.#byKind = indexOf(this.#types, kindKey);
  }
}

function pathKey(type: ServedType): string {
  return `${type.group}/${type.version}/${type.resource}`;
}

function kindKey(type: ServedType): string {
  return `${apiVersionOf(type)} ${type.kind}`;
}

function indexOf(
  types: readonly ServedType[],
  key: (type: ServedType) => string,
): ReadonlyMap<string, ServedType> {
  return new Map(types.map((type) => [key(type), type]));
}
