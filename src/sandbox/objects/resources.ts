// Dispatches a resource request to its handler: finds the type, and checks that path and verb fit
// it. Entry point: answerResource. Authorization has already happened.

import type { SandboxState } from '../store/state.ts';
import { pageNotFound, type Answer, type Call } from '../http/call.ts';
import { createObject } from './creating.ts';
import { deleteCollection, deleteObject } from './deleting.ts';
import { getObject, listObjects, type Target } from './reading.ts';
import { answerReview, isReview } from './reviews.ts';
import { methodNotAllowed, noSuchResource } from '../http/status.ts';
import { answerSubresource } from './subresources.ts';
import { patchObject, updateObject } from './updating.ts';
import { watchObjects } from './watching.ts';
import type { ResourcePath } from '../../model/request-info.ts';

/**
 * Answers a resource request.
 * @throws StatusError
 */
export async function answerResource(state: SandboxState, call: Call, info: ResourcePath): Promise<Answer> {
  const type = state.registry.find(info.group, info.version, info.resource);
  if (type === undefined) return missingType(state, info);
  // The path of a namespace object looks like a path in that namespace.
  const namespace = type.namespaced ? info.namespace : '';
  const misplaced = type.namespaced
    ? info.namespace === '' && (info.pathName !== '' || info.verb === 'create')
    : info.namespace !== '' && type.resource !== 'namespaces';
  if (misplaced) return missingType(state, info);

  const target: Target = { type, namespace, name: info.pathName };
  if (info.subresource !== '') return answerSubresource(state, call, target, info);
  if (!type.verbs.includes(info.verb)) throw methodNotAllowed();
  if (isReview(type)) return answerReview(state, call, target);
  switch (info.verb) {
    case 'get':
      return getObject(state, call, target);
    case 'list':
      return listObjects(state, call, target);
    case 'watch':
      return watchObjects(state, call, target);
    case 'create':
      if (info.pathName !== '') throw methodNotAllowed();
      return createObject(state, call, target);
    case 'update':
      if (info.pathName === '') throw methodNotAllowed();
      return updateObject(state, call, target, '');
    case 'patch':
      if (info.pathName === '') throw methodNotAllowed();
      return patchObject(state, call, target, '');
    case 'delete':
      return deleteObject(state, call, target);
    case 'deletecollection':
      return deleteCollection(state, call, target);
    default:
      throw methodNotAllowed();
  }
}

/**
 * Makes the response for an unknown type: a Status below a built-in version, Go's plain page
 * elsewhere.
 */
function missingType(state: SandboxState, info: ResourcePath): Answer {
  const builtIn = state.registry.types.some(
    (type) => type.custom === undefined && type.group === info.group && type.version === info.version,
  );
  if (builtIn) throw noSuchResource();
  return pageNotFound();
}
