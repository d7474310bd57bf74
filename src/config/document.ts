// Text to value for everything that may be JSON or YAML: kubeconfigs, answers of exec plugins. Entry: parseDocument.
// The slow reader (go-yaml.ts) is loaded only for what plain-yaml.ts declines.

import type { Json } from '../model/object.ts';
import { readPlainYaml } from './plain-yaml.ts';

/** A parsed text, or a phrase on what is wrong with it that quotes nothing of it. */
export type ParsedDocument = { readonly value: Json } | { readonly problem: string };

/**
 * Reads the first document of a text as kubectl would: YAML 1.1 scalars, duplicate keys allowed (the last wins), an
 * empty text is null. Never throws, and `problem` never holds any of the text, which may be a secret.
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

/** What a text is that nobody meant as YAML, by how it begins. */
function describeOtherFormat(text: string): string | undefined {
  if (/^[^\0]?\0/.test(text) || /^(?:[^\0]\0){4}/.test(text)) {
    return 'it looks like UTF-16 without a byte order mark: save it as UTF-8';
  }
  if (text.startsWith('\x1f')) return 'it is compressed (gzip): unpack it first';
  if (/^\s*<(?:!doctype|html|\?xml)/i.test(text))
    return 'it is HTML or XML, such as the login page of a proxy';
  return text.includes('\ufffd') ? 'it is not UTF-8 text' : undefined;
}

/** Whether JSON.parse gives what go-yaml does: no long integers, no overflow, no halves of characters. */
function isExactInJson(text: string): boolean {
  return !/[0-9]{16}|[0-9][eE]\+?[0-9]{3}|\\u[dD][89a-fA-F]/.test(text);
}

function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    // `{a: b}` is YAML though no JSON; what is neither gets the YAML reader's words.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const maxDepth = 500;

/** Whether JSON may nest deeper than anybody writes. Counts too much rather than too little. */
function isTooDeep(text: string): boolean {
  let open = 0;
  for (const [bracket] of text.matchAll(/[[\]{}]/g)) {
    open = bracket === '[' || bracket === '{' ? open + 1 : Math.max(0, open - 1);
    if (open > maxDepth) return true;
  }
  return false;
}
