// The answer of any path as pages for the printers: a table, the items of a list, or the document itself. Entry point:
// documentPage().

import { isJsonObject, sliceAt, stringAt, type JsonObject, type KubeObject } from '../model/object.ts';
import type { Page } from '../model/page.ts';
import type { ApiResponse, RequestSpec } from '../model/request.ts';
import type { ResourceType } from '../model/resource.ts';
import { sourceOf, unexpectedAnswer } from './answer.ts';
import { decodeList, decodeTable, isTable } from './decode.ts';
import type { Representation } from './object-request.ts';
import { readJson } from './read.ts';
import { requestInfoOf } from '../model/request-info.ts';

export interface DocumentPage {
  readonly page: Page;
  /** `list`: the document was a list of objects, whose items the page holds. */
  readonly shape: 'object' | 'list';
}

/**
 * Reads an answer whose path says nothing certain about its form.
 * @param as what was asked for: a Table that comes for `objects` is a document like any other
 * @throws ServerError when it is no JSON object
 */
export async function documentPage(
  request: RequestSpec,
  response: ApiResponse,
  as: Representation,
): Promise<DocumentPage> {
  const json = await readJson(response, request);
  const source = sourceOf(request, response);
  if (!isJsonObject(json)) throw unexpectedAnswer(source, 'JSON that is not an object');
  const type = typeOf(request, json);
  if (isTable(json) && as === 'table') {
    return { page: { kind: 'table', type, table: decodeTable(json, source) }, shape: 'list' };
  }
  if (isList(request, json)) {
    const { objects, resourceVersion } = decodeList(json, type, source);
    return { page: { kind: 'objects', type, objects, resourceVersion }, shape: 'list' };
  }
  return { page: { kind: 'objects', type, objects: [asObject(json)] }, shape: 'object' };
}

/** The path of one object is no list, whatever fields the object has (a custom type of the kind ShoppingList). */
function isList(request: RequestSpec, document: JsonObject): boolean {
  const info = requestInfoOf(request);
  if (info.kind === 'resource' && info.pathName !== '' && info.subresource === '') return false;
  return stringAt(document, 'kind').endsWith('List') && sliceAt(document, 'items') !== undefined;
}

/** As much of a type as path and document tell: enough to name objects. */
function typeOf(request: RequestSpec, document: JsonObject): ResourceType {
  const info = requestInfoOf(request);
  const { group, version, resource } =
    info.kind === 'resource' ? info : { group: '', version: '', resource: info.path.slice(1) };
  return {
    group,
    version,
    resource,
    kind: stringAt(document, 'kind').replace(/List$/, ''),
    singular: '',
    shortNames: [],
    categories: [],
    namespaced: info.kind === 'resource' && info.namespace !== '',
    verbs: [],
    subresources: [],
  };
}

/**
 * A document such as `/version` is no object of the API; it is printed as it came, so nothing is put into it. Printers
 * look into `metadata` only where it is.
 */
function asObject(document: JsonObject): KubeObject {
  return document as KubeObject;
}
