// The verbs that rules of access may name.

/** Verbs on resource types. @see https://kubernetes.io/docs/reference/access-authn-authz/authorization/#determine-the-request-verb */
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

/** Verbs on paths that are no resource: HTTP methods in lower case. */
export const pathVerbs = ['get', 'put', 'post', 'head', 'options', 'delete', 'patch', '*'] as const;
