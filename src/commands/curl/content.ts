// Decides the content of a request: guesses its Content-Type, and converts YAML to JSON where a
// patch requires it. Entry point: decideContent(). Pure.

import { UsageError } from '../../errors.ts';
import type { Json } from '../../model/object.ts';
import { splitYamlStream } from '../../model/yaml-stream.ts';
import { compactJson } from '../../output/json.ts';
import type { PatchType } from './options.ts';

/**
 * Content types of patches.
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#patch-and-apply
 */
const patchContentTypes: Readonly<Record<PatchType, string>> = {
  merge: 'application/merge-patch+json',
  json: 'application/json-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
};

export interface ContentFacts {
  readonly method: string;
  /**
   * True for a path of the API's objects. For other paths (a proxied service) the required type is
   * unknown.
   */
  readonly isObject: boolean;
  /** True with --json. */
  readonly saidToBeJson: boolean;
  readonly patchType: PatchType | undefined;
  /** The body as text. */
  readonly text: string;
  /** The parsed JSON or YAML. Undefined if the body is neither. */
  readonly value: Json | undefined;
}

export interface Content {
  readonly contentType: string;
  /** Replaces the given body. Undefined: sends the given body. */
  readonly text?: string;
  readonly patchType?: PatchType;
}

/**
 * Decides the content. For objects, JSON and YAML are sent unchanged; merge, json and strategic
 * patches are sent as JSON. Without --type, an array is a JSON patch and anything else a merge
 * patch, because every type supports merge patches, and only built-in types strategic ones. For
 * other paths: JSON if it is JSON, else curl's default.
 * @throws UsageError for a body that does not fit the patch type, and for several YAML documents
 */
export function decideContent(facts: ContentFacts): Content {
  const { text, value } = facts;
  if (facts.method === 'PATCH' && facts.isObject) return decidePatch(facts);
  if (facts.saidToBeJson || isJson(text)) return { contentType: 'application/json' };
  const isYaml = facts.isObject && typeof value === 'object' && value !== null;
  if (!isYaml) {
    // The server reports errors of what only looks like JSON.
    const meantAsJson = facts.isObject && /^\s*[[{]/.test(text);
    return { contentType: meantAsJson ? 'application/json' : 'application/x-www-form-urlencoded' };
  }
  refuseSeveral(text);
  return { contentType: 'application/yaml' };
}

function decidePatch({ text, value, patchType }: ContentFacts): Content {
  const isArray = Array.isArray(value);
  const type = patchType ?? (isArray ? 'json' : 'merge');
  const wanted = type === 'json' ? 'a list of operations' : 'an object';
  if (typeof value !== 'object' || value === null || isArray !== (type === 'json')) {
    throw new UsageError(`a ${type} patch is ${wanted} in JSON or YAML, and the body is not`, {
      code: 'PatchInvalid',
      hint: isArray ? 'a list of operations goes with --type json' : undefined,
    });
  }
  const contentType = patchContentTypes[type];
  if (isJson(text)) return { contentType, patchType: type };
  refuseSeveral(text);
  if (type === 'apply') return { contentType, patchType: type };
  return { contentType, patchType: type, text: compactJson(value) };
}

/** Refuses several documents: the server would use the first one and silently drop the others. */
function refuseSeveral(text: string): void {
  const documents = splitYamlStream(text);
  if (documents.length > 1) {
    throw new UsageError(
      `the body contains ${documents.length} YAML documents, and one request takes one object`,
      {
        code: 'SeveralDocuments',
        hint: 'send them one by one',
      },
    );
  }
}

/** True for a JSON object or list. */
export function isJson(text: string): boolean {
  if (!/^\s*[[{]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}
