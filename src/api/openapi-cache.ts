// Stores the needed parts of OpenAPI documents on disk, one file per group version next to the
// discovery cache. Entry point: openOpenApiCache(). A cache that cannot be read or written is never
// an error: it only costs a request.

import { join } from 'node:path';
import { isJsonObject, type Json } from '../model/object.ts';
import type { SchemaDocument } from '../model/schema.ts';
import { decodeKinds } from './decode-openapi.ts';
import { readOwnFile } from './own-file.ts';

export interface OpenApiCache {
  /**
   * Returns the document stored under a name. Undefined if there is none, or if its hash is not
   * `hash`. Accepts any hash if `hash` is undefined.
   */
  read(name: string, hash?: string): CachedDocument | undefined;
  /**
   * Stores a document, and replaces the previous one. Has no effect, and does not fail, if the file
   * cannot be written.
   */
  write(name: string, document: CachedDocument): Promise<void>;
}

export interface CachedDocument {
  readonly hash: string;
  readonly document: SchemaDocument;
}

/** Version of the file format. Files with another version are ignored and overwritten. */
const formVersion = 1;

/**
 * Opens the cache of one server.
 * @param directory absolute path of a directory for this server alone; undefined: nothing is stored
 * @param uid id of the user; ignores a cache that neither this user nor root owns; undefined:
 * owners are not compared
 */
export function openOpenApiCache(directory: string | undefined, uid?: number): OpenApiCache {
  if (directory === undefined) return { read: () => undefined, write: () => Promise.resolve() };
  const fileOf = (name: string): string =>
    join(directory, 'openapi', `${name.replaceAll(/[^A-Za-z0-9.-]/g, '_')}.json`);
  return {
    read(name, hash) {
      const text = readOwnFile(fileOf(name), uid);
      return text === undefined ? undefined : decode(text, hash);
    },
    async write(name, { hash, document }) {
      const { schemas, kinds } = document;
      const text = encode(hash, { schemas, kinds });
      if (text === undefined) return;
      const { writeAtomically } = await import('./atomic-file.ts');
      writeAtomically(fileOf(name), text, uid);
    },
  };
}

/** The hash is on the first line, so that an outdated document is not parsed. */
function encode(hash: string, document: SchemaDocument): string | undefined {
  try {
    return `${JSON.stringify({ form: formVersion, hash })}\n${JSON.stringify(document)}`;
  } catch {
    // JSON.stringify() does not support a bound beyond 2^53 (bigint). Such a document is rare, and
    // is fetched each time.
    return undefined;
  }
}

function decode(text: string, hash: string | undefined): CachedDocument | undefined {
  try {
    const end = text.indexOf('\n');
    const head = JSON.parse(text.slice(0, end)) as Json;
    if (!isJsonObject(head) || head['form'] !== formVersion || typeof head['hash'] !== 'string')
      return undefined;
    if (hash !== undefined && head['hash'] !== hash) return undefined;
    const body = JSON.parse(text.slice(end + 1)) as Json;
    if (!isJsonObject(body) || !isJsonObject(body['schemas'])) return undefined;
    return {
      hash: head['hash'],
      document: { schemas: body['schemas'], kinds: decodeKinds(body['kinds']) },
    };
  } catch {
    // A truncated or edited file counts as missing.
    return undefined;
  }
}
