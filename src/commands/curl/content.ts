// What a body is and how the server wants it: its Content-Type guessed, YAML turned into JSON where a patch needs that.
// Entry point: decideContent(). Pure.

import { UsageError } from '../../errors.ts';
import type { Json } from '../../model/object.ts';
import { compactJson } from '../../output/json.ts';
import type { PatchType } from './options.ts';

/** @see https://kubernetes.io/docs/reference/using-api/api-concepts/#patch-and-apply */
const patchContentTypes: Readonly<Record<PatchType, string>> = {
  merge: 'application/merge-patch+json',
  json: 'application/json-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
};

export interface ContentFacts {
  readonly method: string;
  /** The path is one of the API's objects; elsewhere (a proxied service) nothing is known of what is wanted. */
  readonly isObject: boolean;
  /** Of --json. */
  readonly saidToBeJson: boolean;
  readonly patchType: PatchType | undefined;
  /** The body as text. */
  readonly text: string;
  /** What reading it as JSON or YAML gave; undefined where it is neither. */
  readonly value: Json | undefined;
}

export interface Content {
  readonly contentType: string;
  /** In the place of the body as it was given; undefined: that is sent. */
  readonly text?: string;
  readonly patchType?: PatchType;
}

/**
 * For objects: JSON and YAML go as they are; merge, json and strategic patches go as JSON. Without --type a patch that is
 * an array is a JSON patch, any other a merge patch: every type takes that, strategic ones only built-in types.
 * For other paths: JSON where it is JSON, else what curl says.
 * @throws UsageError for a patch that its type cannot be, and for several YAML documents
 */
export function decideContent(facts: ContentFacts): Content {
  const { text, value } = facts;
  if (facts.method === 'PATCH' && facts.isObject) return decidePatch(facts);
  if (facts.saidToBeJson || isJson(text)) return { contentType: 'application/json' };
  const isYaml = facts.isObject && typeof value === 'object' && value !== null;
  if (!isYaml) {
    // What only looks like JSON is left to the server to complain about.
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

/** The server would read the first document and drop the others without a word. */
function refuseSeveral(text: string): void {
  const documents = text
    .split(/^---(?=\s|$)/m)
    .filter((document) => document.split('\n').some((line) => /^\s*[^\s#]/.test(line)));
  if (documents.length > 1) {
    throw new UsageError(
      `the body holds ${documents.length} YAML documents, and one request takes one object`,
      {
        code: 'SeveralDocuments',
        hint: 'send them one by one',
      },
    );
  }
}

/** Says whether a body is a JSON object or list. */
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
