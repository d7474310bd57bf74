// Provides the schemas of one group version: from OpenAPI 3 if the server has it, otherwise from
// OpenAPI 2. Entry point: openOpenApi().

import { RefusedError } from '../errors.ts';
import type { Json } from '../model/object.ts';
import type { RequestSpec, Send } from '../model/request.ts';
import type { SchemaDocument } from '../model/schema.ts';
import { sourceOf, type ResponseSource } from './response-source.ts';
import { decodeDocument, decodeIndex, type DocumentPlace } from './decode-openapi.ts';
import type { OpenApiCache } from './openapi-cache.ts';
import { readJson } from './read.ts';
import { errorOf, isSuccess } from './status.ts';

export interface OpenApi {
  /**
   * Returns the schemas of a group version. Undefined if the server does not describe this version.
   * Sends at most two requests, and only one if the schemas of OpenAPI 3 are in the cache.
   * @throws RefusedError, ServerError, ConnectionError
   */
  document(version: {
    readonly group: string;
    readonly version: string;
  }): Promise<SchemaDocument | undefined>;
  /**
   * Returns the hash of the document of a group version: equal documents of two servers have equal
   * hashes. Empty if the server does not tell. Sends at most the request for the index.
   * @throws RefusedError, ServerError, ConnectionError
   */
  hashOf(version: { readonly group: string; readonly version: string }): Promise<string>;
  /** Returns the schemas in the cache, even if they are outdated. Does not ask the server. */
  kept(version: { readonly group: string; readonly version: string }): SchemaDocument | undefined;
}

export interface OpenApiOptions {
  readonly send: Send;
  /** Sends the request for the index of documents. Default: `send`. */
  readonly sendIndex?: Send;
  readonly cache: OpenApiCache;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Max bytes of a document. The core group of a large server has 2 MB and all groups together about
 * 10 MB, so a much larger document does not come from an API server.
 */
const maxDocumentBytes = 128e6;

/**
 * Opens the schemas of one server.
 * @see https://kubernetes.io/docs/concepts/overview/kubernetes-api/#openapi-interface-definition
 */
export function openOpenApi({ send, sendIndex = send, cache, signal }: OpenApiOptions): OpenApi {
  let index: Promise<ReadonlyMap<string, DocumentPlace> | undefined> | undefined;

  async function fetchSchemas(
    path: string,
    over: Send,
    headers: RequestSpec['headers'] = {},
  ): Promise<Fetched> {
    const request: RequestSpec = { method: 'GET', path, headers: { accept: 'application/json', ...headers } };
    const response = await over(request, { signal });
    const source = sourceOf(request, response);
    if (response.status === 304) {
      response.cancel();
      return { kind: 'unchanged' };
    }
    if (!isSuccess(response)) throw await errorOf(request, response);
    const json = await readJson(response, request, maxDocumentBytes);
    return { kind: 'new', json, source, etag: response.headers['etag'] ?? '' };
  }

  /** Reads the index. Undefined if the server is older than 1.24, or has OpenAPI 3 disabled. */
  async function readIndex(): Promise<ReadonlyMap<string, DocumentPlace> | undefined> {
    try {
      const fetched = await fetchSchemas('/openapi/v3', sendIndex);
      return fetched.kind === 'new' ? decodeIndex(fetched.json, fetched.source) : undefined;
    } catch (thrown) {
      const missing = thrown instanceof RefusedError && [404, 406].includes(thrown.facts.httpStatus);
      if (!missing) throw thrown;
      return undefined;
    }
  }

  async function fromVersion3(name: string, place: DocumentPlace): Promise<SchemaDocument | undefined> {
    const known = place.hash === '' ? undefined : cache.read(name, place.hash);
    if (known !== undefined) return known.document;
    const fetched = await fetchSchemas(place.path, send);
    if (fetched.kind === 'unchanged') return undefined;
    const document = decodeDocument(fetched.json, `/${name}`, fetched.source);
    if (place.hash !== '') await cache.write(name, { hash: place.hash, document });
    return document;
  }

  /** Reads the one document for all groups. The cache still stores it per group version. */
  async function fromVersion2(name: string): Promise<SchemaDocument | undefined> {
    const key = `v2-${name}`;
    const known = cache.read(key);
    const fetched = await fetchSchemas(
      '/openapi/v2',
      send,
      known === undefined ? {} : { 'if-none-match': known.hash },
    );
    if (fetched.kind === 'unchanged') return known?.document;
    const document = decodeDocument(fetched.json, `/${name}`, fetched.source);
    if (Object.keys(document.kinds).length === 0) return undefined;
    if (fetched.etag !== '') await cache.write(key, { hash: fetched.etag, document });
    return document;
  }

  return {
    kept: (version) => {
      const name = nameOf(version);
      return (cache.read(name) ?? cache.read(`v2-${name}`))?.document;
    },
    async hashOf(version) {
      index ??= readIndex();
      return (await index)?.get(nameOf(version))?.hash ?? '';
    },
    async document(version) {
      const name = nameOf(version);
      index ??= readIndex();
      const places = await index;
      if (places === undefined) return fromVersion2(name);
      const place = places.get(name);
      return place === undefined ? undefined : fromVersion3(name, place);
    },
  };
}

function nameOf({ group, version }: { readonly group: string; readonly version: string }): string {
  return group === '' ? `api/${version}` : `apis/${group}/${version}`;
}

/** The index or a document; unchanged after a 304. */
type Fetched =
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'new'; readonly json: Json; readonly source: ResponseSource; readonly etag: string };
