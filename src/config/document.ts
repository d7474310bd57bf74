// Text to value for everything that may be JSON or YAML: kubeconfigs, answers of exec plugins. Entry: parseDocument.
// The yaml library (full-yaml.ts) is loaded only for what plain-yaml.ts declines.

import type { Json } from '../model/object.ts';
import { readPlainYaml } from './plain-yaml.ts';

/** A parsed text, or a phrase on what is wrong with it that quotes nothing of it. */
export type ParsedDocument = { readonly value: Json } | { readonly problem: string };

/**
 * Reads the first document of a text as kubectl would: YAML 1.1 scalars, duplicate keys allowed (the last wins), an
 * empty text is null. Never throws, and `problem` never holds any of the text, which may be a secret.
 */
export async function parseDocument(text: string): Promise<ParsedDocument> {
  const looksLikeJson = /^\s*\{/.test(text);
  const plain = looksLikeJson ? undefined : readPlainYaml(text);
  if (plain !== undefined) return { value: plain };
  if (isTooDeep(text)) return { problem: 'nested too deeply' };
  const json = looksLikeJson ? parseJson(text) : undefined;
  if (json !== undefined) return { value: json };
  const { parseYaml } = await import('./full-yaml.ts');
  return parseYaml(text);
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

const deepest = 200;

/**
 * Whether a text may nest deeper than anybody writes. The YAML library recurses until the stack ends, and a regular
 * expression that V8 compiles there ends the process: it must not be let near. Counts too much rather than too little.
 */
function isTooDeep(text: string): boolean {
  // Blocks: each level begins further to the right, behind spaces and the marks of sequences and keys.
  if (new RegExp(`^[ ?:-]{${deepest},}`, 'm').test(text)) return true;
  let open = 0;
  for (const [bracket] of text.matchAll(/[[\]{}]/g)) {
    open = bracket === '[' || bracket === '{' ? open + 1 : Math.max(0, open - 1);
    if (open > deepest) return true;
  }
  return false;
}
