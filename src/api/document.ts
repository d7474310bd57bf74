// Turns the response of any path into a page for the printers: a table, the items of a list, or the
// document itself. Entry point: documentPage().

import { isJsonObject, sliceAt, stringAt, type JsonObject, type KubeObject } from '../model/object.ts';
import type { Page } from '../model/page.ts';
import type { ApiResponse, RequestSpec } from '../model/request.ts';
import type { ResourceType } from '../model/resource.ts';
import { sourceOf, unexpectedResponse } from './response-source.ts';
import { decodeList, decodeTable, isTable } from './decode.ts';
import type { Representation } from './object-request.ts';
import { readJson } from './read.ts';
import { requestInfoOf } from '../model/request-info.ts';

/** A page and the form of the document that it was made from. */
export interface DocumentPage {
  readonly page: Page;
  /** `list`: the document was a Table or a list of objects, and the page has its rows or items. */
  readonly shape: 'object' | 'list';
}

/**
 * Reads a response whose path does not determine its form.
 * @param as the requested form; with `objects`, a Table is a document like any other
 * @throws ServerError if the response is not a JSON object
 * @throws ConnectionError
 */
export async function documentPage(
  request: RequestSpec,
  response: ApiResponse,
  as: Representation,
): Promise<DocumentPage> {
  const json = await readJson(response, request);
  const source = sourceOf(request, response);
  if (!isJsonObject(json)) throw unexpectedResponse(source, 'JSON that is not an object');
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

/**
 * True if the document is a list of objects. The path of one object is never a list, whatever
 * fields the object has (a custom resource of the kind ShoppingList). Neither is a list of values
 * that have no metadata, such as a MetricValueList: kapi would have to invent a kind for each.
 */
function isList(request: RequestSpec, document: JsonObject): boolean {
  const info = requestInfoOf(request);
  if (info.kind === 'resource' && info.pathName !== '' && info.subresource === '') return false;
  const items = sliceAt(document, 'items');
  if (!stringAt(document, 'kind').endsWith('List') || items === undefined) return false;
  return items.every((item) => !isJsonObject(item) || isJsonObject(item.metadata));
}

/** Returns as much of the type as path and document tell: enough to name objects. */
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
 * Treats a document such as `/version` as an object without adding fields, because it is printed
 * unchanged. Printers read `metadata` only if it exists.
 */
function asObject(document: JsonObject): KubeObject {
  return document as KubeObject;
}
