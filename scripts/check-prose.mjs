// Part of `npm run check`: fails if a document, a message, a comment or the name of a test contains
// an idiom that docs/contributing/style.md rules out, and if a comment is wider than 100 columns.
// Reads the Markdown files (without code), the string literals of src, bin and scripts, the names
// of tests, and all comments. Prints each place and what to write instead.

import { readFileSync, readdirSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import ts from 'typescript';

const root = resolve(import.meta.dirname, '..');

/** Each idiom, and what to write instead. */
const idioms = [
  [/\bin the place of\b/i, 'instead of'],
  [/\bfor want of\b/i, 'because … is missing'],
  [/\bwhat was had\b/i, 'name the objects'],
  [/\bas (it|they) stands?\b/i, 'unchanged'],
  [/\b(is|are) none (of|in|which|that)\b/i, 'is not one of'],
  [/\bspoken to\b/i, 'kapi connects to'],
  [/\bnext to nothing\b/i, 'almost no'],
  [/\band its like\b/i, 'and similar'],
  [/\b(nobody|somebody|theirs)\b/i, 'name who or what it is'],
  [/\btakes? (you|him|her|it|them) for\b/i, 'authenticates as, treats as, reads as'],
  [/\bbut for\b/i, 'except'],
  [/\ball the same\b/i, 'anyway'],
  [/\b(anew|made anew)\b/i, 'again'],
  [/\bwhat of (it|them)\b/i, 'name the part'],
  [/\b(stands|lies) (in|on|outside|above|below|before|behind|at|alone)\b/i, 'is in'],
  [/(?<!there )\b(is|are) no (?!longer|more|such|less|need|limit|tables|configuration)\w+/i, 'is not a'],
  [/\bgo(es|ing) on\b/i, 'continues'],
  [/\bwants (a|an|the|to be)\b/i, 'needs'],
  [/\bfor ever\b/i, 'forever, without limit'],
  [/\bhand(s|ed)? (out|over)\b/i, 'return, pass'],
  [/\bgives? back\b/i, 'returns, restores'],
  [/\bas good as\b/i, 'counts as'],
  [/\bheeds?\b/i, 'obeys, handles'],
  [/\bin vain\b/i, 'without success'],
  [/\bmakes? do with\b/i, 'uses, falls back to'],
  [/\bdo(es)? without\b/i, 'works without'],
  [/\bwithout a word\b/i, 'silently'],
  [/\btakes? \w+ for (a|an|the|no|none|what)\b/i, 'reads as, treats as'],
  [/\ball (is|was) well\b/i, 'is healthy, succeeds'],
  [/\b(can|could|to) be had\b/i, 'is available'],
  [/\bwhat (becomes|became) of\b/i, 'what happens to'],
  [/\b(is|are|be) told (of|about|in|to)\b/i, 'is reported, gets'],
  [/\b(owing to|hence|thereof|therein)\b/i, 'because of, so, of it'],
];

/** Max columns of a comment. */
const maxColumns = 100;

/** Files that are not checked: the style page quotes the idioms. */
const exempt = new Set(['docs/contributing/style.md']);

const offences = [
  ...filesBelow('.', /\.md$/, ['node_modules', 'dist', 'fixtures', 'src', 'test', 'ko']).flatMap(
    proseOfMarkdown,
  ),
  ...proseOfMarkdown('src/sandbox/README.md'),
  ...['src', 'bin', 'scripts']
    .flatMap((folder) => filesBelow(folder, /\.(ts|tsx|mjs|js)$/))
    .flatMap((path) => proseOfCode(path, isLiteral)),
  ...['bench', 'test']
    .flatMap((folder) => filesBelow(folder, /\.(ts|tsx|mjs|js)$/))
    .flatMap((path) => proseOfCode(path, isNameOfTest)),
].flatMap(({ place, text, isTooWide }) => [
  ...(isTooWide === true ? [`${place}: wrap the comment at ${maxColumns} columns`] : []),
  ...idioms.flatMap(([pattern, plain]) => {
    const found = pattern.exec(text);
    return found === null ? [] : [`${place}: "${found[0]}": ${plain}`];
  }),
]);

process.stderr.write(offences.map((offence) => `${offence}\n`).join(''));
if (offences.length > 0) process.exitCode = 1;

/**
 * Lists files by name pattern, without the named directories.
 * @returns paths relative to the root
 */
function filesBelow(folder, name, without = ['fixtures']) {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      return without.includes(entry.name) || entry.name.startsWith('.')
        ? []
        : filesBelow(path, name, without);
    }
    return name.test(entry.name) && !exempt.has(path) && entry.name !== 'check-prose.mjs' ? [path] : [];
  });
}

/** Returns the lines of a document outside code blocks, without words in backticks. */
function proseOfMarkdown(path) {
  if (path.endsWith('.ko.md')) return [];
  let isCode = false;
  return readFileSync(join(root, path), 'utf8')
    .split('\n')
    .flatMap((line, index) => {
      if (/^(```|~~~)/.test(line)) isCode = !isCode;
      return isCode ? [] : [{ place: `${path}:${index + 1}`, text: line.replaceAll(/`[^`]*`/g, '``') }];
    });
}

/**
 * Returns the comments of a file, without words in backticks, and the texts that `isProse` selects.
 */
function proseOfCode(path, isProse) {
  const text = readFileSync(join(root, path), 'utf8');
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const found = new Map();
  const comments = (ranges) => {
    for (const { pos, end } of ranges ?? []) {
      const prose = text
        .slice(pos, end)
        .replaceAll(/\s*\n\s*\*?\s*/g, ' ')
        .replaceAll(/`[^`]*`/g, '``');
      found.set(pos, { text: prose, isTooWide: isTooWide(text, pos, end) });
    }
  };
  const visit = (node) => {
    comments(ts.getLeadingCommentRanges(text, node.pos));
    comments(ts.getTrailingCommentRanges(text, node.end));
    if (isProse(node)) found.set(node.getStart(), { text: node.text });
    ts.forEachChild(node, visit);
  };
  visit(source);
  return [...found].map(([pos, prose]) => {
    const { line } = source.getLineAndCharacterOfPosition(pos);
    return { place: `${relative('.', path)}:${line + 1}`, ...prose };
  });
}

/**
 * True if a line of a comment is too wide. Links and instructions for tools cannot be wrapped, and
 * a comment after code is as wide as the code.
 */
function isTooWide(text, pos, end) {
  const start = text.lastIndexOf('\n', pos) + 1;
  if (text.slice(start, pos).trim() !== '') return false;
  return text
    .slice(start, end)
    .split('\n')
    .some((line) => line.length > maxColumns && !/:\/\/|eslint-|prettier-/.test(line));
}

/** True for a string literal or a part of a template. */
function isLiteral(node) {
  return ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node);
}

/** True for the name of a test or of a group of tests. */
function isNameOfTest(node) {
  if (!isLiteral(node) || !ts.isCallExpression(node.parent) || node.parent.arguments[0] !== node)
    return false;
  return /^(describe|it|test)\b/.test(node.parent.expression.getText());
}
