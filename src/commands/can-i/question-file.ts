// Parses the file of `can-i -f`: lines as on the command line, or a JSON or YAML list. Entry point:
// readQuestionFile(). Pure, except that the caller passes the document parser.

import { UsageError } from '../../errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../../model/object.ts';

/** One question of a file. */
export interface FileQuestion {
  readonly verb: string;
  readonly target: string;
  readonly name?: string | undefined;
  readonly subresource?: string | undefined;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
  /** Undefined: the namespace of the run. Empty: all namespaces. */
  readonly namespace?: string | undefined;
  readonly expect: 'yes' | 'no';
  /** Its position, for messages: `line 3`, `item 2`. */
  readonly place: string;
}

type ParseDocument = (text: string) => Promise<{ readonly value: Json } | { readonly problem: string }>;

/**
 * Parses a file.
 * @param name name of the file, for messages
 * @throws UsageError `BadQuestionFile` with the position of the error
 */
export async function readQuestionFile(
  text: string,
  name: string,
  parseDocument: ParseDocument,
): Promise<readonly FileQuestion[]> {
  const questions = isDocument(text, name)
    ? readItems(await parseDocument(text), name)
    : text.split(/\r?\n/).flatMap((line, at) => readLine(line, `line ${at + 1}`, name));
  if (questions.length === 0) throw bad(name, 'it contains no question');
  return questions;
}

/** True for a JSON or YAML list, which begins with its indicator. A line begins with a verb. */
function isDocument(text: string, name: string): boolean {
  const start = text.replace(/^\uFEFF/, '').replaceAll(/^\s*(#.*)?\n/gm, '');
  return /\.(json|ya?ml)$/i.test(name) || /^\s*(\[|---|- )/.test(start);
}

function readItems(
  document: { readonly value: Json } | { readonly problem: string },
  name: string,
): FileQuestion[] {
  if ('problem' in document) throw bad(name, document.problem);
  const { value } = document;
  if (!Array.isArray(value)) throw bad(name, 'expected a list of questions');
  return (value as readonly Json[]).flatMap((item, at) => {
    const place = `item ${at + 1}`;
    if (typeof item === 'string') return readLine(item, place, name);
    if (isJsonObject(item)) return [readItem(item, place, name)];
    throw bad(name, `${place} is neither a line nor an object`);
  });
}

const fields = [
  ...['verb', 'resource', 'group', 'subresource', 'name', 'namespace', 'path', 'expect'],
  ...['labelSelector', 'fieldSelector'],
];

function readItem(item: JsonObject, place: string, file: string): FileQuestion {
  const unknown = Object.keys(item).find((key) => !fields.includes(key));
  if (unknown !== undefined) {
    throw bad(file, `${place} has a field ${JSON.stringify(unknown)}; there are ${fields.join(', ')}`);
  }
  const text = (key: string): string | undefined => {
    const value = item[key];
    if (value === undefined || value === null) return undefined;
    if (typeof value !== 'string') throw bad(file, `${key} of ${place} is not text`);
    return value;
  };
  const [verb, resource, path, group] = [text('verb'), text('resource'), text('path'), text('group')];
  if (verb === undefined || (resource === undefined) === (path === undefined)) {
    throw bad(file, `${place} needs a verb, and either resource or path`);
  }
  const type = group === undefined || group === '' ? resource : `${resource}.${group}`;
  return {
    verb,
    target: path ?? type ?? '',
    name: text('name'),
    subresource: text('subresource'),
    namespace: text('namespace'),
    labelSelector: text('labelSelector'),
    fieldSelector: text('fieldSelector'),
    expect: readExpected(item['expect'], place, file),
    place,
  };
}

/** Parses the expected answer. In YAML 1.1 yes and no are booleans. */
function readExpected(value: Json | undefined, place: string, file: string): 'yes' | 'no' {
  if (value === undefined || value === null || value === true || value === 'yes') return 'yes';
  if (value === false || value === 'no') return 'no';
  throw bad(file, `expect of ${place} is neither yes nor no`);
}

function readLine(line: string, place: string, file: string): FileQuestion[] {
  const bare = line
    .replace(/^\uFEFF/, '')
    .replace(/(^|\s)#.*$/, '')
    .trim();
  if (bare === '') return [];
  const expect = bare.startsWith('!') ? 'no' : 'yes';
  const words: string[] = [];
  let namespace: string | undefined;
  const once: Partial<Record<'subresource' | 'labelSelector' | 'fieldSelector', string>> = {};
  const rest = bare.replace(/^!\s*/, '').split(/\s+/);
  const valueOf = (word: string, flag: string): string => {
    const value = word.includes('=') ? word.slice(word.indexOf('=') + 1) : rest.shift();
    if (value === undefined || value === '') throw bad(file, `${place}: ${flag} needs a value`);
    return value;
  };
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    const flag = word.replace(/=.*$/, '');
    if (word === '-A' || word === '--all-namespaces') namespace = '';
    else if (flag === '-n' || flag === '--namespace') namespace = valueOf(word, flag);
    else if (Object.hasOwn(flagsOfLines, flag)) {
      const key = flagsOfLines[flag] ?? 'subresource';
      const value = unquote(valueOf(word, flag));
      const earlier = once[key];
      if (earlier !== undefined && earlier !== value) {
        throw bad(file, `${place}: ${flag} is given twice: "${earlier}" and "${value}"`);
      }
      once[key] = value;
    } else if (word.startsWith('-'))
      throw bad(
        file,
        `${place}: ${word} is not a flag of a question (-n, -A, --subresource, -l, --field-selector)`,
      );
    else words.push(unquote(word));
  }
  const [verb, target, name, ...more] = words;
  if (verb === undefined || target === undefined || more.length > 0) {
    throw bad(file, `${place}: expected VERB TYPE [NAME] or VERB /PATH`);
  }
  return [{ verb, target, name, ...once, namespace, expect, place }];
}

/** Flags with a value in a line, and the field they set. */
const flagsOfLines: Readonly<Record<string, 'subresource' | 'labelSelector' | 'fieldSelector'>> = {
  '--subresource': 'subresource',
  '-l': 'labelSelector',
  '--selector': 'labelSelector',
  '--field-selector': 'fieldSelector',
};

/** Removes quotes as a shell would: `'*'`. */
function unquote(word: string): string {
  return /^(['"])(.*)\1$/.exec(word)?.[2] ?? word;
}

function bad(file: string, problem: string): UsageError {
  return new UsageError(`reading questions from ${file}: ${problem}`, {
    code: 'BadQuestionFile',
    hint: 'a line is a question as on the command line: `get pods -n dev`, `! delete secrets`, `get /metrics`',
  });
}
