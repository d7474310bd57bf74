// YAML in full, with the library: anchors, flow collections, block scalars, and what is no YAML at all.
// Entry: parseYaml. Loaded only for texts that plain-yaml.ts declines.

import { LineCounter, parseAllDocuments } from 'yaml';

import type { Json } from '../model/object.ts';
import type { ParsedDocument } from './document.ts';
import { resolvePlainScalar } from './plain-scalar.ts';

/** As parseDocument of document.ts, which callers take; this is its slow way, for texts of bounded nesting. */
export function parseYaml(text: string): ParsedDocument {
  const typed = ['null', 'bool', 'int', 'float'].map((name) => ({
    tag: `tag:yaml.org,2002:${name}`,
    resolve: resolvePlainScalar,
  }));
  // Pretty errors would quote the source, and building them is where hostile nesting exhausts the memory.
  const lines = new LineCounter();
  try {
    const [document] = parseAllDocuments(text, {
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
