// Keeps what is needed of OpenAPI documents on disk, one file per group version beside the discovery cache. Entry point:
// openOpenApiCache(). A cache that cannot be read or written is never an error: it only costs a request.

import { join } from 'node:path';
import { isJsonObject, type Json } from '../model/object.ts';
import type { SchemaDocument } from '../model/schema.ts';
import { decodeKinds } from './decode-openapi.ts';
import { readOwnFile } from './own-file.ts';

export interface OpenApiCache {
  /** What was kept under a name with exactly this hash; `any` hash when it is undefined. */
  read(name: string, hash?: string): CachedDocument | undefined;
  /** Silently without effect where nothing can be written. Replaces what was kept under the name. */
  write(name: string, document: CachedDocument): Promise<void>;
}

export interface CachedDocument {
  readonly hash: string;
  readonly document: SchemaDocument;
}

/** Raised when the form of the file changes: other forms are ignored and overwritten. */
const formVersion = 1;

/**
 * @param directory absolute path of a directory for this server alone; undefined: nothing is kept
 * @param uid the user, who alone (or root) may have written the cache; undefined: owners are not compared
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

/** The hash stands in front, so that an outdated file is not parsed for nothing. */
function encode(hash: string, document: SchemaDocument): string | undefined {
  try {
    return `${JSON.stringify({ form: formVersion, hash })}\n${JSON.stringify(document)}`;
  } catch {
    // A bound beyond 2^53 (bigint) has no exact form here; such a document is rare and is asked for again.
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
    // Cut short or edited: as good as absent.
    return undefined;
  }
}
