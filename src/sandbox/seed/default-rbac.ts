// The default cluster roles and bindings of default-rbac.yaml, with the marks that the server sets.

import { objectAt, stringAt } from '../../model/object.ts';
import type { JsonObject, KubeObject } from '../../model/object.ts';
import { contentOf, metadataOf } from '../../model/fields.ts';
import manifests from './default-rbac.yaml';

/**
 * The bootstrap roles and bindings, without uid and creation time.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/#default-roles-and-role-bindings
 */
export const defaultRbac: readonly KubeObject[] = manifests.map((manifest) => ({
  ...contentOf(manifest),
  kind: stringAt(manifest, 'kind'),
  apiVersion: stringAt(manifest, 'apiVersion'),
  metadata: withBootstrapMarks(metadataOf(manifest)),
}));

function withBootstrapMarks(metadata: JsonObject): JsonObject {
  return {
    ...metadata,
    labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults', ...objectAt(metadata, 'labels') },
    annotations: { 'rbac.authorization.kubernetes.io/autoupdate': 'true' },
  };
}
