// Reads the objects of files and of standard input. Entry point: readManifests().

import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError, localError } from '../../errors.ts';
import {
  arrayAt,
  isJsonObject,
  objectAt,
  stringAt,
  type Json,
  type JsonObject,
  type KubeObject,
} from '../../model/object.ts';
import { describePath } from '../../model/path-value.ts';
import { splitYamlStream } from '../../model/yaml-stream.ts';
import { readFileOrStdin } from '../read-file.ts';
import type { Deps } from '../deps.ts';

/** An object of a file. */
export interface Manifest {
  readonly object: KubeObject;
  /** The file, for messages. */
  readonly origin: string;
}

/** Names of files that kubectl reads in a directory. */
const manifestFile = /\.(?:ya?ml|json)$/;

/**
 * Reads all objects, those of lists too, in the order of the files.
 * @throws LocalError for a file that cannot be read; ConfigError for one that holds no objects
 */
export async function readManifests(
  paths: readonly string[],
  isRecursive: boolean,
  deps: Pick<Deps, 'io' | 'parseDocument'>,
): Promise<readonly Manifest[]> {
  const manifests: Manifest[] = [];
  for (const path of paths) {
    for (const file of await filesOf(path, isRecursive)) {
      const origin = file === '-' ? 'standard input' : `the file ${describePath(file)}`;
      const text = new TextDecoder().decode(await readFileOrStdin(file, deps.io.in));
      const found = await objectsIn(text, origin, deps);
      if (found.length === 0) throw bad(`${origin} contains no object`);
      manifests.push(...found);
    }
  }
  return manifests;
}

async function filesOf(path: string, isRecursive: boolean): Promise<readonly string[]> {
  if (path === '-') return [path];
  try {
    if (!(await stat(path)).isDirectory()) return [path];
    const names = (await readdir(path, { recursive: isRecursive })).filter((name) => manifestFile.test(name));
    if (names.length === 0) {
      throw bad(`the directory ${describePath(path)} has no files that end in .yaml, .yml or .json`);
    }
    return names.sort().map((name) => join(path, name));
  } catch (thrown) {
    if (thrown instanceof ConfigError) throw thrown;
    throw localError(`${describePath(path)} cannot be read`, thrown, 'FileUnreadable');
  }
}

async function objectsIn(
  text: string,
  origin: string,
  { parseDocument }: Pick<Deps, 'parseDocument'>,
): Promise<readonly Manifest[]> {
  const objects: Manifest[] = [];
  const documents = splitYamlStream(text);
  for (const [index, document] of documents.entries()) {
    const where = documents.length === 1 ? origin : `document ${index + 1} of ${origin}`;
    const parsed = await parseDocument(document);
    if ('problem' in parsed) throw bad(`${where} cannot be parsed: ${parsed.problem}`);
    if (parsed.value === null) continue;
    objects.push(...itemsOf(parsed.value, where).map((object) => ({ object, origin: where })));
  }
  return objects;
}

function itemsOf(value: Json, where: string): readonly KubeObject[] {
  if (!isJsonObject(value)) throw bad(`${where} is not an object`);
  const [apiVersion, kind] = [stringAt(value, 'apiVersion'), stringAt(value, 'kind')];
  if (apiVersion === '') throw bad(`${where} has no apiVersion`);
  if (kind === '') throw bad(`${where} has no kind`);
  if (kind.endsWith('List') && Array.isArray(value['items'])) {
    return arrayAt(value, 'items').flatMap((item, index) => itemsOf(item, `item ${index + 1} of ${where}`));
  }
  const metadata = objectAt(value, 'metadata') ?? {};
  if (stringAt(metadata, 'name') === '') {
    const generated = stringAt(metadata, 'generateName');
    throw bad(
      generated === ''
        ? `${where} has no metadata.name`
        : `${where} has only metadata.generateName: there is no object to compare with`,
    );
  }
  return [named(value, apiVersion, kind, metadata)];
}

function named(value: JsonObject, apiVersion: string, kind: string, metadata: JsonObject): KubeObject {
  return { ...value, apiVersion, kind, metadata };
}

function bad(message: string): ConfigError {
  return new ConfigError(message, { code: 'BadManifest' });
}
