// The request and the kapi command of a place. Pure. Entry points: requestOf(), commandOf().

import { buildRawRequest } from '../../api/get.ts';
import { buildGetRequest, buildListRequest } from '../../api/object-request.ts';
import { jsonPathOf, type PathStep } from '../../model/field-path.ts';
import type { RequestSpec } from '../../model/request.ts';
import { groupResourceOf, resourcePath, type ResourceType } from '../../model/resource.ts';
import { suggested } from '../../model/suggestion.ts';
import type { Place } from '../../tui/place.ts';

/** The request that reads what a place shows. Undefined: there is none. */
export function requestOf(place: Place): RequestSpec | undefined {
  switch (place.kind) {
    case 'paths':
      return buildRawRequest('/');
    case 'types':
      return buildRawRequest(typesPath(place));
    case 'objects':
      return buildListRequest({ ...place, as: 'table' }, { limit: 500 });
    case 'object':
      return buildGetRequest({ ...place, as: 'objects' });
    case 'path':
      return buildRawRequest(place.path);
    case 'answer':
      return requestOf(place.about);
    case 'document':
      return undefined;
  }
}

function typesPath({ group = '', version }: Place & { readonly kind: 'types' }): string {
  if (version === undefined) return '/apis';
  return group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
}

/**
 * The kapi command that shows the same, between backticks. Undefined: there is none.
 * @param path the field under the cursor
 */
export function commandOf(place: Place, path: readonly PathStep[] = []): string | undefined {
  switch (place.kind) {
    case 'paths':
      return suggested('paths');
    case 'types': {
      const { group = '', version } = place;
      if (version === undefined) return suggested('resources');
      return suggested('resources', group === '' ? version : `${group}/${version}`);
    }
    case 'objects':
      return suggested('list', groupResourceOf(place.type), ...scope(place.type, place.namespace, '-A'));
    case 'object':
      return suggested(
        ...['get', groupResourceOf(place.type), place.name],
        ...scope(place.type, place.namespace),
        ...['-o', path.length > 1 ? `jsonpath=${jsonPathOf(path)}` : 'yaml'],
      );
    case 'path':
      return suggested('get', place.path);
    case 'document':
      return place.command === undefined
        ? undefined
        : suggested(...place.command, '-o', path.length > 0 ? `jsonpath=${jsonPathOf(path)}` : 'json');
    case 'answer':
      return answerCommand(place);
  }
}

function answerCommand({ question, about }: Place & { readonly kind: 'answer' }): string | undefined {
  if (about.kind !== 'object') return commandOf(about);
  const { type, namespace, name } = about;
  const where = scope(type, namespace);
  switch (question) {
    case 'events':
      return suggested('events', '--for', `${groupResourceOf(type)}/${name}`, ...where);
    case 'history':
      return suggested('history', groupResourceOf(type), name, ...where);
    case 'log':
      return suggested('get', resourcePath(type, { namespace, name, subresource: 'log' }));
    default:
      return commandOf(about);
  }
}

function scope({ namespaced }: ResourceType, namespace: string | undefined, all = ''): readonly string[] {
  if (!namespaced) return [];
  return namespace === undefined ? [all] : ['-n', namespace];
}
