// Parses everything that is JSON or YAML: kubeconfigs and the output of exec plugins. Entry point:
// parseDocument. Loads the slow reader (go-yaml.ts) only for what plain-yaml.ts declines.

import { undecodable } from '../model/decode-text.ts';
import type { Json } from '../model/object.ts';
import { readPlainYaml } from './plain-yaml.ts';

/**
 * A parsed value, or a phrase that says what is wrong with the text. The phrase quotes nothing of
 * the text.
 */
export type ParsedDocument = { readonly value: Json } | { readonly problem: string };

/**
 * Reads the first document of a text as kubectl does: YAML 1.1 scalars, the last of duplicate keys
 * wins, and an empty text is null. Never throws. `problem` never contains any of the text, which
 * can be a secret.
 */
export async function parseDocument(text: string): Promise<ParsedDocument> {
  const content = text.startsWith('\ufeff') ? text.slice(1) : text;
  const looksLikeJson = /^\s*\{/.test(content);
  const plain = looksLikeJson ? undefined : readPlainYaml(content);
  if (plain !== undefined) return { value: plain };
  const wrong = describeOtherFormat(content);
  if (wrong !== undefined) return { problem: wrong };
  if (looksLikeJson) {
    if (isTooDeep(content)) return { problem: 'nested too deeply' };
    const json = isExactInJson(content) ? parseJson(content) : undefined;
    if (json !== undefined) return { value: json };
  }
  const { readYaml } = await import('./go-yaml.ts');
  return readYaml(content);
}

/**
 * Returns a phrase for a text that is clearly not YAML (UTF-16, gzip, HTML), judged by how it
 * begins.
 */
function describeOtherFormat(text: string): string | undefined {
  if (/^[^\0]?\0/.test(text) || /^(?:[^\0]\0){4}/.test(text)) {
    return 'it looks like UTF-16 without a byte order mark: save it as UTF-8';
  }
  if (text.startsWith('\x1f')) return 'it is compressed (gzip): unpack it first';
  if (/^\s*<(?:!doctype|html|\?xml)/i.test(text))
    return 'it is HTML or XML, such as the login page of a proxy';
  return text.includes(undecodable) ? 'it is not UTF-8 text' : undefined;
}

/**
 * True if JSON.parse returns what go-yaml does: the text has no long integers, no overflowing
 * numbers and no escaped surrogates.
 */
function isExactInJson(text: string): boolean {
  return !/[0-9]{16}|[0-9][eE]\+?[0-9]{3}|\\u[dD][89a-fA-F]/.test(text);
}

function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    // `{a: b}` is YAML but not JSON. For a text that is neither, the YAML reader words the error.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const maxDepth = 500;

/**
 * True if the JSON can nest deeper than the YAML readers allow. Overestimates the depth and never
 * underestimates it.
 */
function isTooDeep(text: string): boolean {
  let open = 0;
  for (const [bracket] of text.matchAll(/[[\]{}]/g)) {
    open = bracket === '[' || bracket === '{' ? open + 1 : Math.max(0, open - 1);
    if (open > maxDepth) return true;
  }
  return false;
}
