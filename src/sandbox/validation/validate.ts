// Validates an object that is created or changed, field by field. Entry point: `validate`. The
// checks of each type are in the other files of this directory; schema/unknown-fields.ts reports
// decoding problems.

import { objectAt, stringAt, stringsAt } from '../../model/object.ts';
import type { KubeObject } from '../../model/object.ts';
import { invalidFor, invalidValue, requiredValue } from '../types/field-errors.ts';
import { qualifiedNameProblems, subdomainProblems } from '../../model/label-names.ts';
import { labelErrors, labelProblems, pathSegmentProblems } from './name-rules.ts';
import { metadataOf, nameOf, objectsAt } from '../../model/fields.ts';
import type { FieldError, ServedType } from '../types/types.ts';
import { customErrors } from './custom.ts';
import { otherEnumErrors } from './enums.ts';
import { objectChecks } from './objects.ts';
import { workloadChecks } from './workloads.ts';

/** Name rules of types whose names are not DNS subdomains. */
const nameRules: Readonly<Record<string, (name: string) => readonly string[]>> = {
  namespaces: labelProblems,
  services: labelProblems,
  // The core group's name is `v1.`.
  'apiservices.apiregistration.k8s.io': pathSegmentProblems,
  'roles.rbac.authorization.k8s.io': pathSegmentProblems,
  'clusterroles.rbac.authorization.k8s.io': pathSegmentProblems,
  'rolebindings.rbac.authorization.k8s.io': pathSegmentProblems,
  'clusterrolebindings.rbac.authorization.k8s.io': pathSegmentProblems,
};

/** Finalizers without a domain. */
const plainFinalizers = ['kubernetes', 'orphan', 'foregroundDeletion'];

/**
 * Returns the errors of an object in its stored version, with its defaults: the common mistakes, in
 * the real server's words and order. An empty list means that it can be stored.
 * @param old the replaced object, to refuse changes of immutable fields
 */
export function validate(type: ServedType, object: KubeObject, old?: KubeObject): readonly FieldError[] {
  const check = workloadChecks[type.storedAs] ?? objectChecks[type.storedAs];
  const own =
    type.custom === undefined ? (check?.(object, old) ?? []) : customErrors(type.custom.schema, object);
  return [...metadataErrors(type, object), ...own, ...otherEnumErrors(type, object, own)];
}

function metadataErrors(type: ServedType, object: KubeObject): readonly FieldError[] {
  const metadata = metadataOf(object);
  const name = nameOf(object);
  const problems = nameRules[type.storedAs] ?? subdomainProblems;
  const annotations = objectAt(metadata, 'annotations');
  const errors: FieldError[] =
    name === ''
      ? [requiredValue('metadata.name', 'name or generateName is required')]
      : [...invalidFor('metadata.name', name, problems(name))];
  errors.push(...labelErrors(objectAt(metadata, 'labels'), 'metadata.labels'));
  for (const key of Object.keys(annotations ?? {}).sort()) {
    // Unlike labels, annotations can have capitals before the slash.
    errors.push(...invalidFor('metadata.annotations', key, qualifiedNameProblems(key.toLowerCase())));
  }
  for (const reference of objectsAt(metadata, 'ownerReferences')) {
    for (const key of ['apiVersion', 'kind', 'name', 'uid']) {
      const value = stringAt(reference, key);
      if (value === '') errors.push(invalidValue(`metadata.ownerReferences.${key}`, '', 'must not be empty'));
    }
  }
  for (const [index, finalizer] of stringsAt(metadata, 'finalizers').entries()) {
    const field = `metadata.finalizers[${index}]`;
    const wrong = qualifiedNameProblems(finalizer);
    errors.push(...invalidFor(field, finalizer, wrong));
    if (wrong.length === 0 && !finalizer.includes('/') && !plainFinalizers.includes(finalizer)) {
      const detail = 'name is neither a standard finalizer name nor is it fully qualified';
      errors.push(invalidValue(field, finalizer, detail));
    }
  }
  return errors;
}
