// Text to value for everything that may be JSON or YAML: kubeconfigs, answers of exec plugins. Entry: parseDocument.
// The yaml library is loaded only for what plain-yaml.ts declines.

import type { Json } from '../model/object.ts';
import { resolvePlainScalar } from './plain-scalar.ts';
import { readPlainYaml } from './plain-yaml.ts';

/** A parsed text, or a phrase on what is wrong with it that quotes nothing of it. */
export type ParsedDocument = { readonly value: Json } | { readonly problem: string };

/**
 * Reads the first document of a text as kubectl would: YAML 1.1 scalars, duplicate keys allowed (the last wins), an
 * empty text is null. Never throws, and `problem` never holds any of the text, which may be a secret.
 */
export async function parseDocument(text: string): Promise<ParsedDocument> {
  if (/^\s*\{/.test(text)) {
    const json = parseJson(text);
    if (json !== undefined) return { value: json };
  }
  const plain = readPlainYaml(text);
  return plain === undefined ? parseYaml(text) : { value: plain };
}

/**
 * The slow way, with the library: everything YAML can be.
 * Exported for the test that compares it with the fast reader; others take {@link parseDocument}.
 */
export async function parseYaml(text: string): Promise<ParsedDocument> {
  if (isTooDeep(text)) return { problem: 'nested too deeply' };
  const yaml = await import('yaml');
  const typed = ['null', 'bool', 'int', 'float'].map((name) => ({
    tag: `tag:yaml.org,2002:${name}`,
    resolve: resolvePlainScalar,
  }));
  // Pretty errors would quote the source, and building them is where hostile nesting exhausts the memory.
  const lines = new yaml.LineCounter();
  try {
    const [document] = yaml.parseAllDocuments(text, {
      prettyErrors: false,
      lineCounter: lines,
      schema: 'failsafe',
      merge: true,
      uniqueKeys: false,
      logLevel: 'silent',
      // Every untagged plain scalar goes through our own rules, so that this way and the fast one cannot differ there.
      customTags: (tags) => [
        ...tags,
        ...typed,
        { tag: 'tag:yaml.org,2002:plain', default: true, test: /^/, resolve: resolvePlainScalar },
      ],
    });
    if (document === undefined || !('errors' in document)) return { value: null };
    const [error] = document.errors;
    if (error !== undefined) return { problem: problemOf(error.code, lines.linePos(error.pos[0])) };
    const value = document.toJS({ maxAliasCount: 100 }) as Json;
    return { value };
  } catch (error) {
    // Aliases without anchor or that multiply without end: the library throws for these.
    if (error instanceof ReferenceError)
      return { problem: 'an alias has no anchor, or aliases multiply beyond all bounds' };
    throw error;
  }
}

const deepest = 200;

/**
 * Whether a text may nest deeper than anybody writes. The library recurses until the stack ends, and a regular
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

function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    // `{a: b}` is YAML though no JSON; what is neither gets the YAML reader's words.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const words: Readonly<Record<string, string>> = {
  BAD_ALIAS: 'an alias that cannot be used',
  BAD_DQ_ESCAPE: 'an escape that does not exist in a double-quoted string',
  BAD_INDENT: 'wrong indentation, or a bracket that is not closed',
  BAD_SCALAR_START: 'a character that must be quoted at the start of a value',
  BLOCK_AS_IMPLICIT_KEY: 'a mapping where a value was expected (a missing line break or quotes)',
  MISSING_CHAR: 'a missing character (quote, bracket, colon or comma)',
  MULTILINE_IMPLICIT_KEY: 'a key over several lines (a missing colon?)',
  TAB_AS_INDENT: 'a tab used for indentation',
  TAG_RESOLVE_FAILED: 'a tag that is not known',
  UNEXPECTED_TOKEN: 'something that does not belong there',
};

function problemOf(code: string, at: { readonly line: number; readonly col: number }): string {
  return `line ${at.line}, column ${at.col}: ${words[code] ?? 'not valid YAML'}`;
}
