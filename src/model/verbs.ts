// The verbs that authorization rules can name.

/**
 * Verbs on resource types.
 * @see
 *   https://kubernetes.io/docs/reference/access-authn-authz/authorization/#determine-the-request-verb
 */
export const resourceVerbs = [
  'get',
  'list',
  'watch',
  'create',
  'update',
  'patch',
  'delete',
  'deletecollection',
  'use',
  'bind',
  'impersonate',
  '*',
  'approve',
  'sign',
  'escalate',
  'attest',
] as const;

/** Verbs on non-resource paths: HTTP methods in lower case. */
export const pathVerbs = ['get', 'put', 'post', 'head', 'options', 'delete', 'patch', '*'] as const;
