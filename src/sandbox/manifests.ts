// Reads manifests as `kubectl apply -f` does: texts of several YAML documents or JSON, with lists
// unpacked. Entry point: readManifest.

import { parseAllDocuments } from 'yaml';
import { ConfigError } from '../errors.ts';
import { arrayAt, isJsonObject, stringAt, type Json, type KubeObject } from '../model/object.ts';
import { maxYamlDepth, canNestTooDeep } from './http/yaml-depth.ts';
import { isKubeObject } from './objects/forms.ts';

/**
 * Returns the objects of a text in order, with the items of a `List` instead of the list.
 * @param origin file name, for messages
 * @throws ConfigError
 */
export function readManifest(text: string, origin: string): readonly KubeObject[] {
  if (canNestTooDeep(text)) {
    throw new ConfigError(`${origin} nests deeper than the ${maxYamlDepth} levels that the sandbox takes`, {
      code: 'BadManifest',
    });
  }
  return parseAllDocuments(text).flatMap((document) => {
    const [error] = document.errors;
    if (error !== undefined) {
      throw new ConfigError(`${origin} is neither YAML nor JSON: ${error.message.split('\n')[0] ?? ''}`, {
        code: 'BadManifest',
      });
    }
    const value = document.toJS() as Json;
    return value === null ? [] : objectsOf(value, origin);
  });
}

function objectsOf(value: Json, origin: string): readonly KubeObject[] {
  if (isJsonObject(value) && stringAt(value, 'kind').endsWith('List') && Array.isArray(value['items'])) {
    return arrayAt(value, 'items').flatMap((item) => objectsOf(item, origin));
  }
  if (isKubeObject(value) && stringAt(value.metadata, 'name') !== '') return [value];
  throw new ConfigError(`${origin} contains something that is not a Kubernetes object with a name`, {
    code: 'BadManifest',
    hint: 'every document needs apiVersion, kind and metadata.name',
  });
}
