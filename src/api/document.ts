// The answer of any path as pages for the printers: a table, the items of a list, or the document itself. Entry point:
// documentPage().

import { isJsonObject, stringAt, type JsonObject, type KubeObject } from '../model/object.ts';
import type { Page } from '../model/page.ts';
import type { ApiResponse, RequestSpec } from '../model/request.ts';
import type { ResourceType } from '../model/resource.ts';
import { sourceOf, unexpectedAnswer } from './answer.ts';
import { decodeList, decodeTable } from './decode.ts';
import { readJson } from './read.ts';
import { requestInfoOf } from '../model/request-info.ts';

export interface DocumentPage {
  readonly page: Page;
  /** `list`: the document was a list of objects, whose items the page holds. */
  readonly shape: 'object' | 'list';
}

/**
 * Reads an answer whose path says nothing certain about its form.
 * @throws ServerError when it is no JSON object
 */
export async function documentPage(request: RequestSpec, response: ApiResponse): Promise<DocumentPage> {
  const json = await readJson(response, request);
  const source = sourceOf(request, response);
  if (!isJsonObject(json)) throw unexpectedAnswer(source, 'JSON that is no object');
  const type = typeOf(request, json);
  if (stringAt(json, 'kind') === 'Table') {
    return { page: { kind: 'table', type, table: decodeTable(json, source) }, shape: 'list' };
  }
  if (Array.isArray(json.items) && stringAt(json, 'kind').endsWith('List')) {
    const { objects, resourceVersion } = decodeList(json, type, source);
    return { page: { kind: 'objects', type, objects, resourceVersion }, shape: 'list' };
  }
  return { page: { kind: 'objects', type, objects: [asObject(json)] }, shape: 'object' };
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
