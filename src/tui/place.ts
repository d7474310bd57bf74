// Where one can be in kapi explore, as data. Pure.

import type { ResourceType } from '../model/resource.ts';

/** A question about what is on the screen. */
export type ExploreQuestion = 'curl' | 'kapi' | 'events' | 'history' | 'log';

/** What a screen of kapi explore shows. */
export type Place =
  | { readonly kind: 'paths' }
  /** The types of a group version. Without one: all types of the server. */
  | { readonly kind: 'types'; readonly group?: string; readonly version?: string }
  /** Undefined namespace: all namespaces, or a cluster-scoped type. */
  | { readonly kind: 'objects'; readonly type: ResourceType; readonly namespace: string | undefined }
  | {
      readonly kind: 'object';
      readonly type: ResourceType;
      readonly namespace: string | undefined;
      readonly name: string;
    }
  | { readonly kind: 'path'; readonly path: string }
  /** Content that is not on the server: standard input, or what a command has read. */
  | {
      readonly kind: 'document';
      readonly name: string;
      /** Words of the kapi command that prints it, without `-o`. */
      readonly command?: readonly string[];
    }
  | { readonly kind: 'answer'; readonly question: ExploreQuestion; readonly about: Place };

/** What a place is called in the line at the top. */
export function titleOf(place: Place): string {
  switch (place.kind) {
    case 'paths':
      return 'paths';
    case 'types':
      if (place.version === undefined) return 'types';
      return place.group === '' || place.group === undefined
        ? `/api/${place.version}`
        : `/apis/${place.group}/${place.version}`;
    case 'objects':
      return `${place.type.resource}${scopeOf(place.type, place.namespace)}`;
    case 'object':
      return `${place.type.resource}/${place.name}${scopeOf(place.type, place.namespace)}`;
    case 'path':
      return place.path;
    case 'document':
      return place.name;
    case 'answer':
      return place.question;
  }
}

function scopeOf({ namespaced }: ResourceType, namespace: string | undefined): string {
  if (!namespaced) return '';
  return namespace === undefined ? ' in all namespaces' : ` in ${namespace}`;
}
