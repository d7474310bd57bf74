// Part of `npm run check`: fails if a document or a message contains an idiom that
// docs/contributing/style.md rules out. Reads the Markdown files (without code) and the string
// literals of src, bin and scripts. Prints each place and what to write instead.

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
  [/\b(stands|lies) (in|on|below|before|behind|at|alone)\b/i, 'is in'],
  [/(?<!there )\b(is|are) no (?!longer|more|such|less|need|limit)\w+/i, 'is not a'],
  [/\bgoes on\b/i, 'continues'],
  [/\bwants (a|an|the|to be)\b/i, 'needs'],
];

/** Files that are not checked: the style page quotes the idioms. */
const exempt = new Set(['docs/contributing/style.md']);

const offences = [
  ...filesBelow('.', /\.md$/, ['node_modules', 'dist', 'fixtures', 'src', 'test', 'ko']).flatMap(
    proseOfMarkdown,
  ),
  ...proseOfMarkdown('src/sandbox/README.md'),
  ...['src', 'bin', 'scripts']
    .flatMap((folder) => filesBelow(folder, /\.(ts|tsx|mjs|js)$/))
    .flatMap(literals),
].flatMap(({ place, text }) =>
  idioms.flatMap(([pattern, plain]) => {
    const found = pattern.exec(text);
    return found === null ? [] : [`${place}: "${found[0]}": ${plain}`];
  }),
);

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
  if (path === 'CHANGELOG.md' || path.endsWith('.ko.md')) return [];
  let isCode = false;
  return readFileSync(join(root, path), 'utf8')
    .split('\n')
    .flatMap((line, index) => {
      if (/^(```|~~~)/.test(line)) isCode = !isCode;
      return isCode ? [] : [{ place: `${path}:${index + 1}`, text: line.replaceAll(/`[^`]*`/g, '``') }];
    });
}

/** Returns the string literals of a file, including template parts. */
function literals(path) {
  const source = ts.createSourceFile(
    path,
    readFileSync(join(root, path), 'utf8'),
    ts.ScriptTarget.Latest,
    true,
  );
  const found = [];
  const visit = (node) => {
    if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node)) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart());
      found.push({ place: `${relative('.', path)}:${line + 1}`, text: node.text });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}
