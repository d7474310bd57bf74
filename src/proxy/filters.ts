// Compiles the filters of kapi proxy: lists of regular expressions in the form that kubectl proxy
// accepts. Entry points: splitPatterns(), readRules(). Pure.

import http from 'node:http';
import { UsageError } from '../errors.ts';
import {
  canMatchText,
  compileGoRegExp,
  GoRegExpError,
  type GoRegExp,
  type TextShape,
} from '../model/go-regexp.ts';
import type { Rules } from './rules.ts';

/** Values of the filter flags, one entry for each occurrence of a flag. */
export interface FilterTexts {
  readonly acceptHosts: readonly string[];
  readonly acceptPaths: readonly string[];
  readonly rejectPaths: readonly string[];
  readonly rejectMethods: readonly string[];
  readonly allowWrites: boolean;
}

/** The characters of a decoded path that target.ts accepts. */
const pathShape: TextShape = {
  first: 0x2f,
  rest: [
    [0x20, 0x22],
    [0x24, 0x3a],
    [0x3c, 0x3e],
    [0x40, 0x5b],
    [0x5d, 0x7e],
    [0xa0, 0x10ffff],
  ],
};

/**
 * Compiles the filters. They fail closed: an expression that Go refuses, that is empty, or that can
 * match nothing at all is an error and never a filter that lets everything through.
 * @throws UsageError `BadPattern`
 */
export function readRules(texts: FilterTexts): Rules {
  // Ignores case, because a gateway in front of the server can ignore it, and refusing more is
  // safe.
  const rejectPaths = compileAll('reject-paths', texts.rejectPaths, { ignoreCase: true });
  const acceptPaths = compileAll('accept-paths', texts.acceptPaths, {});
  const rejectMethods = compileAll('reject-methods', texts.rejectMethods, { ignoreCase: true });
  const acceptHosts = compileAll('accept-hosts', texts.acceptHosts, { ignoreCase: true });
  for (const [flag, patterns] of [
    ['reject-paths', rejectPaths],
    ['accept-paths', acceptPaths],
  ] as const) {
    for (const pattern of patterns) {
      if (canMatchText(pattern, pathShape)) continue;
      throw badPattern(
        flag,
        pattern.source,
        'it can match no path',
        'a path begins with a slash and has neither a server nor a query: ^/api/v1/namespaces/[^/]+/secrets',
      );
    }
  }
  for (const { test, source } of rejectMethods) {
    if (http.METHODS.some((method) => test(method))) continue;
    throw badPattern(
      'reject-methods',
      source,
      'it matches no method of HTTP',
      'methods are words: POST,PUT,PATCH,DELETE',
    );
  }
  return { allowWrites: texts.allowWrites, acceptHosts, acceptPaths, rejectPaths, rejectMethods };
}

function compileAll(
  flag: string,
  values: readonly string[],
  mode: { readonly ignoreCase?: boolean },
): readonly GoRegExp[] {
  return values
    .flatMap((value) => splitPatterns(value))
    .flatMap((pattern) => {
      // kubectl users write ^$ for "reject nothing": no path and no method is empty.
      if (pattern === '^$' && flag.startsWith('reject-')) return [];
      if (pattern.trim() === '') {
        throw badPattern(
          flag,
          pattern,
          'an empty expression matches everything',
          'remove the comma too many',
        );
      }
      if (pattern !== pattern.trim()) {
        throw badPattern(
          flag,
          pattern,
          'it begins or ends with a space',
          'separate expressions by a comma without a space',
        );
      }
      const oddity = oddityOf(pattern);
      if (oddity !== undefined) throw badPattern(flag, pattern, oddity, undefined);
      try {
        return [compileGoRegExp(pattern, mode)];
      } catch (error) {
        if (!(error instanceof GoRegExpError)) throw error;
        throw badPattern(
          flag,
          pattern,
          error.message,
          "expressions are in Go's dialect (RE2) and separated by commas; a comma in (), [], {}, or after a backslash separates nothing",
          error,
        );
      }
    });
}

/**
 * Splits a list at its commas, except inside quantifiers, classes, groups and quotations:
 * `^/a{1,3}$,^/b` has two entries. kubectl splits at each comma, even where that changes or
 * destroys the meaning of an expression.
 * @returns an empty list for an empty text, as in kubectl
 */
export function splitPatterns(text: string): readonly string[] {
  if (text === '') return [];
  const pieces: string[] = [];
  let piece = '';
  let depth = 0;
  let at = 0;
  while (at < text.length) {
    const token = tokenAt(text, at);
    if (token === ',' && depth === 0) {
      pieces.push(piece);
      piece = '';
    } else {
      if (token === '(') depth += 1;
      if (token === ')' && depth > 0) depth -= 1;
      piece += token;
    }
    at += token.length;
  }
  return [...pieces, piece];
}

/** Returns the next part of an expression that a comma does not divide. */
function tokenAt(text: string, at: number): string {
  const rest = text.slice(at);
  if (rest.startsWith('\\Q')) {
    const end = rest.indexOf('\\E');
    return end < 0 ? rest : rest.slice(0, end + 2);
  }
  if (rest.startsWith('\\')) return /^\\[xpP]\{[^}]*\}/.exec(rest)?.[0] ?? rest.slice(0, 2);
  if (rest.startsWith('[')) return classAt(rest);
  // A brace that does not start a quantifier is one character; oddityOf() refuses it.
  return quantifier.exec(rest)?.[0] ?? rest.slice(0, 1);
}

const quantifier = /^\{\d*(?:,\d*)?\}/;

/**
 * Returns a phrase for syntax that Go accepts with another meaning than its author probably
 * intended.
 */
function oddityOf(pattern: string): string | undefined {
  for (let at = 0; at < pattern.length; at += tokenAt(pattern, at).length) {
    const token = tokenAt(pattern, at);
    if (token.startsWith('{,'))
      return `${token} is not a quantifier in Go's syntax: write {0${token.slice(1)}`;
    if (token === '{' || token === '}' || token === '{}') {
      return `${token} begins no quantifier: write \\${token.split('').join('\\')} for the character`;
    }
  }
  if (/%[0-9a-f]{2}/i.test(pattern)) {
    return 'paths are decoded before they are judged: write the character instead of its %-encoding';
  }
  return undefined;
}

/**
 * Returns a character class with its brackets. `]` as the first member, `[:alpha:]` and `\]` do not
 * end it.
 */
function classAt(text: string): string {
  const found = /^\[\^?\]?(?:\[:\^?\w+:\]|\\Q[\s\S]*?(?:\\E|$)|\\[\s\S]|[^\]\\])*\]/.exec(text);
  // An unterminated class includes the rest, and the compiler reports it.
  return found?.[0] ?? text;
}

function badPattern(
  flag: string,
  pattern: string,
  why: string,
  hint: string | undefined,
  cause?: unknown,
): UsageError {
  return new UsageError(`invalid expression ${JSON.stringify(pattern)} of --${flag}: ${why}`, {
    code: 'BadPattern',
    hint,
    cause,
  });
}
