// Converts a CustomResourceDefinition to the types that it adds, and sets its status. Entry point:
// customTypesOf.

import {
  arrayAt,
  isJsonObject,
  objectAt,
  stringAt,
  type JsonObject,
  type KubeObject,
} from '../../model/object.ts';
import type { Subresource } from '../../model/resource.ts';
import { formatTime } from '../../model/timestamp.ts';
import { storageVersionHash } from './served-types.ts';
import type { CustomTypeFacts, PrinterColumn, ServedType } from './types.ts';

/** Group and resource of definitions. The registry follows every object of this type. */
export const crdType = { group: 'apiextensions.k8s.io', resource: 'customresourcedefinitions' } as const;

const verbs = ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'];

/**
 * Returns the types of a definition, one for every served version, in the order of the definition.
 * @see
 *   https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/
 */
export function customTypesOf(definition: KubeObject): readonly ServedType[] {
  const spec = objectAt(definition, 'spec');
  const names = objectAt(spec, 'names');
  const group = stringAt(spec, 'group');
  const versions = arrayAt(spec, 'versions').filter(isJsonObject);
  const storage = versions.find((version) => version['storage'] === true);
  const storageVersion = stringAt(storage, 'name');
  const kind = stringAt(names, 'kind');
  return versions
    .filter((version) => version['served'] === true)
    .map((version) => {
      const subresources = objectAt(version, 'subresources');
      const resource = stringAt(names, 'plural');
      const name = stringAt(version, 'name');
      return {
        group,
        version: name,
        resource,
        kind,
        singular: stringAt(names, 'singular') || kind.toLowerCase(),
        shortNames: strings(names, 'shortNames'),
        categories: strings(names, 'categories'),
        namespaced: stringAt(spec, 'scope') === 'Namespaced',
        verbs,
        subresources: subresourcesOf(subresources, group, name, kind),
        storedAs: `${resource}.${group}`,
        storedVersion: `${group}/${storageVersion}`,
        generation: true,
        fieldSelectors: arrayAt(version, 'selectableFields')
          .filter(isJsonObject)
          .map((field) => stringAt(field, 'jsonPath').replace(/^\./, '')),
        createOnUpdate: false,
        unconditionalUpdate: false,
        virtual: false,
        storageVersionHash: storageVersionHash(group, storageVersion, kind),
        custom: factsOf(version, names, subresources),
      };
    });
}

function factsOf(
  version: JsonObject,
  names: JsonObject | undefined,
  subresources: JsonObject | undefined,
): CustomTypeFacts {
  const scale = objectAt(subresources, 'scale');
  return {
    listKind: stringAt(names, 'listKind') || `${stringAt(names, 'kind')}List`,
    printerColumns: arrayAt(version, 'additionalPrinterColumns').filter(isJsonObject).map(printerColumnOf),
    schema: objectAt(objectAt(version, 'schema'), 'openAPIV3Schema'),
    ...(scale === undefined
      ? {}
      : {
          scale: {
            specReplicasPath: stringAt(scale, 'specReplicasPath'),
            statusReplicasPath: stringAt(scale, 'statusReplicasPath'),
            labelSelectorPath: stringAt(scale, 'labelSelectorPath') || undefined,
          },
        }),
  };
}

function printerColumnOf(column: JsonObject): PrinterColumn {
  const priority = column['priority'];
  return {
    name: stringAt(column, 'name'),
    type: stringAt(column, 'type'),
    format: stringAt(column, 'format'),
    description: stringAt(column, 'description'),
    priority: typeof priority === 'number' ? priority : 0,
    jsonPath: stringAt(column, 'jsonPath'),
  };
}

function subresourcesOf(
  declared: JsonObject | undefined,
  group: string,
  version: string,
  kind: string,
): readonly Subresource[] {
  const changing = ['get', 'patch', 'update'];
  const subresources: Subresource[] = [];
  if (declared?.['status'] !== undefined) {
    subresources.push({ name: 'status', group, version, kind, verbs: changing });
  }
  if (declared?.['scale'] !== undefined) {
    subresources.push({ name: 'scale', group: 'autoscaling', version: 'v1', kind: 'Scale', verbs: changing });
  }
  return subresources;
}

/** Keeps a definition until its objects are gone. controllers.ts removes it. */
export const cleanupFinalizer = 'customresourcecleanup.apiextensions.k8s.io';

/** Returns the definition with the server's defaults. */
export function defaultedDefinition(definition: KubeObject): KubeObject {
  const spec = objectAt(definition, 'spec');
  const given = objectAt(spec, 'names');
  const kind = stringAt(given, 'kind');
  const names: JsonObject = {
    ...given,
    singular: stringAt(given, 'singular') || kind.toLowerCase(),
    listKind: stringAt(given, 'listKind') || (kind === '' ? '' : `${kind}List`),
  };
  return {
    ...definition,
    spec: { ...spec, names, conversion: objectAt(spec, 'conversion') ?? { strategy: 'None' } },
  };
}

/** Returns the definition with the status of accepted names. */
export function establishedDefinition(given: KubeObject, now: Date): KubeObject {
  const definition = defaultedDefinition(given);
  const spec = objectAt(definition, 'spec');
  const storage = arrayAt(spec, 'versions')
    .filter(isJsonObject)
    .find((version) => version['storage'] === true);
  const condition = (type: string, reason: string, message: string): JsonObject => ({
    type,
    status: 'True',
    lastTransitionTime: formatTime(now),
    reason,
    message,
  });
  const conditions = arrayAt(objectAt(definition, 'status'), 'conditions');
  return {
    ...definition,
    status: {
      conditions:
        conditions.length > 0
          ? conditions
          : [
              condition('NamesAccepted', 'NoConflicts', 'no conflicts found'),
              condition('Established', 'InitialNamesAccepted', 'the initial names have been accepted'),
            ],
      acceptedNames: objectAt(spec, 'names') ?? {},
      storedVersions: [stringAt(storage, 'name')],
    },
  };
}

/** Returns the definition with the finalizer that waits for the deletion of its objects. */
export function withCleanup(definition: KubeObject): KubeObject {
  const finalizers = strings(definition.metadata, 'finalizers');
  if (finalizers.includes(cleanupFinalizer)) return definition;
  return {
    ...definition,
    metadata: { ...definition.metadata, finalizers: [...finalizers, cleanupFinalizer] },
  };
}

function strings(object: JsonObject | undefined, key: string): readonly string[] {
  return arrayAt(object, key).filter((value) => typeof value === 'string');
}
