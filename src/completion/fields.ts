// Completes field paths: for `kapi explain`, jsonpath, custom columns and sorting. Entry points:
// explainFields(), formatTemplates(), pathsToOneField(), celPaths().

import { findExactly, typeAtFront } from '../commands/explain/find-type.ts';
import { wellKnownType } from '../api/well-known.ts';
import { arrayAt, isJsonObject, objectAt, stringAt } from '../model/object.ts';
import { schemaOfKind } from '../model/schema.ts';
import type { ResourceType } from '../model/resource.ts';
import { isValue, nothing, type Candidate, type Offer } from './candidates.ts';
import { listTree, objectTree, schemaTree, treeAt, type FieldTree } from './field-tree.ts';
import type { Line } from './line.ts';
import { isOneObject, objectArguments, typeOf } from './named-types.ts';
import type { Sources } from './sources.ts';
import { typeNames } from './types.ts';

/** Completes `TYPE`, then its fields after dots. */
export async function explainFields(line: Line, sources: Sources): Promise<Candidate[]> {
  const { text } = line;
  const dot = text.lastIndexOf('.');
  const types = await typeNames(text, sources);
  const begun = types.filter(({ value }) => value.startsWith(text));
  const find = async (): Promise<(name: string) => ResourceType | undefined> => {
    const exactly = findExactly(await sources.groups());
    return (name) => wellKnownType(name) ?? exactly(name);
  };
  const isWhole = begun.length === 0 || begun.every(({ value }) => value === text);
  if (dot < 0 && !isWhole) return begun.map((one) => ({ ...one, isPartial: true }));
  const words = text.split('.').filter((one) => one !== '');
  const partial = text.endsWith('.') ? '' : (words.at(-1) ?? '');
  const named = typeAtFront(words, await find());
  if (named === undefined) return begun;
  const tree = await treeOf(named.type, undefined, sources, false);
  const path = partial === '' ? named.fields : named.fields.slice(0, -1);
  if (named.fields.length === 0 && partial !== '') return below(tree, '', `${text}.`, explainForm);
  return tree === undefined ? begun : below(treeAt(tree, path), partial, text.slice(0, dot + 1), explainForm);
}

/** Completes `-o`: the formats, and the templates of those that have one. */
export async function formatTemplates(line: Line, sources: Sources): Promise<Offer> {
  const { text } = line;
  const format = /^(jsonpath|jsonpath-as-json|custom-columns)=/.exec(text)?.[0];
  const file = /^(jsonpath-file|custom-columns-file)=/.exec(text)?.[0];
  if (file !== undefined) return { candidates: [], shell: 'files', before: file.length };
  if (format === undefined) {
    const names = ['table', 'wide', 'json', 'yaml', 'kyaml', 'ndjson', 'name', 'csv'];
    const templates = [
      'jsonpath',
      'jsonpath-file',
      'jsonpath-as-json',
      'custom-columns',
      'custom-columns-file',
    ];
    return {
      candidates: [
        ...names.map((value) => ({ value })),
        ...templates.map((name) => ({ value: `${name}=`, isPartial: true })),
      ],
      ordered: true,
    };
  }
  const rest = text.slice(format.length);
  const found =
    format === 'custom-columns='
      ? await customColumns(rest, line, sources)
      : await jsonPaths(rest, line, sources);
  return found.length === 0
    ? nothing
    : { candidates: found.map((one) => ({ ...one, value: format + one.value })) };
}

/** Completes `--until`: a condition of the objects, or a field. */
export async function goals(line: Line, sources: Sources): Promise<Candidate[]> {
  const { text } = line;
  const kind = /^(condition|jsonpath|cel)=/.exec(text)?.[0];
  if (kind === undefined) {
    const values = ['condition=', 'jsonpath=', 'cel=', 'create', 'delete'];
    return values.map((value) => ({ value, isPartial: value.endsWith('=') }));
  }
  const rest = text.slice(kind.length);
  if (kind === 'cel=') {
    return (await celPaths(rest, line, sources)).map((one) => ({ ...one, value: kind + one.value }));
  }
  const found =
    kind === 'jsonpath='
      ? await jsonPaths(rest, line, sources)
      : (await conditionsOf(line, sources)).map((value) => ({ value }));
  return found.map((one) => ({ ...one, value: kind + one.value }));
}

async function conditionsOf(line: Line, sources: Sources): Promise<string[]> {
  const name = typeOf(line);
  const type = name === undefined ? undefined : await sources.type(name);
  if (type === undefined) return [];
  const [object] = objectArguments(line)?.names ?? [];
  const found = await sources.object(type, object?.slice(object.indexOf('/') + 1));
  return arrayAt(objectAt(found, 'status'), 'conditions')
    .filter(isJsonObject)
    .map((condition) => stringAt(condition, 'type'))
    .filter(isValue);
}

/** Completes `.metadata.name`, `metadata.name`, or either in braces. */
export async function pathsToOneField(line: Line, sources: Sources): Promise<Candidate[]> {
  const match = /^(\{?)(\.?)(.*)$/s.exec(line.text);
  const [, brace = '', , rest = ''] = match ?? [];
  // A path without a leading dot is valid too; with one it reads like kubectl's examples.
  const head =
    line.text === '' || line.text === '{' ? `${brace}.` : line.text.slice(0, line.text.length - rest.length);
  const tree = await rootOf(line, sources, false);
  return pathFrom(tree, head, rest, brace === '' ? plainForm : braceForm);
}

/**
 * Completes the path at the end of a CEL condition: fields of the object, or of the elements that a
 * macro's variable iterates over (`spec.containers.exists(c, c.`).
 */
export async function celPaths(text: string, line: Line, sources: Sources): Promise<Candidate[]> {
  const path = /(?:[a-zA-Z_]\w*\.\??)*\w*$/.exec(text)?.[0] ?? '';
  const before = text.slice(0, text.length - path.length);
  // Inside quotes there is text, and after a value there is an operator.
  if ((before.match(/"/g) ?? []).length % 2 === 1 || (before.match(/'/g) ?? []).length % 2 === 1) return [];
  if (/[\w)\]"'.]\s*$/.test(before)) return [];
  const variables = new Map<string, readonly string[]>([
    ['self', []],
    ['object', []],
  ]);
  const macros = /([\w.?]+)\.(?:all|exists|exists_one|map|filter|sortBy)\(\s*(\w+)\s*,/g;
  const place = (names: readonly string[]): readonly string[] => {
    const [first = '', ...rest] = names;
    return [...(variables.get(first) ?? [first]), ...rest];
  };
  for (const [, range = '', name = ''] of before.matchAll(macros)) {
    variables.set(name, place(range.replaceAll('?', '').split('.')));
  }
  const names = path.replaceAll('?', '').split('.');
  const partial = names.pop() ?? '';
  const root = await rootOf(line, sources, false);
  const tree = root === undefined ? undefined : names.length === 0 ? root : treeAt(root, place(names));
  return below(tree, partial, text.slice(0, text.length - partial.length), celForm);
}

async function customColumns(text: string, line: Line, sources: Sources): Promise<Candidate[]> {
  if (text === '') return [{ value: 'NAME:.metadata.name', isPartial: true }];
  const column = text.slice(text.lastIndexOf(',') + 1);
  const match = /^([^:]+:\.?)(.*)$/s.exec(column);
  if (match === null) return [];
  const [, start = '', rest = ''] = match;
  const head =
    text.slice(0, text.length - column.length) + start + (rest !== '' || start.endsWith('.') ? '' : '.');
  return pathFrom(await rootOf(line, sources, false), head, rest, columnForm);
}

/** Completes the path in the last open brace, relative to the range before it. */
async function jsonPaths(text: string, line: Line, sources: Sources): Promise<Candidate[]> {
  const open = text.lastIndexOf('{');
  if (open < text.lastIndexOf('}')) return [];
  const start = open < 0 ? 0 : open + 1;
  const match = /^(range\s+)?[$@]?\.?(.*)$/s.exec(text.slice(start));
  const [all = '', range = '', rest = ''] = match ?? [];
  if (open < 0 && text !== '') return [];
  const lead = all.slice(0, all.length - rest.length);
  const dotted = lead.endsWith('.') ? lead : `${lead}.`;
  const head = `${open < 0 ? '{' : text.slice(0, start)}${dotted}`;
  const root = await rootOf(line, sources, !isOneObject(line));
  const place = root === undefined ? undefined : treeAt(root, rangesIn(text.slice(0, start)));
  return pathFrom(place, head, rest, range === '' ? braceForm : rangeForm);
}

/** Returns the paths of the ranges that are still open. */
function rangesIn(text: string): string[] {
  const open: string[][] = [];
  for (const [, path, end] of text.matchAll(/\{range\s+[$@]?([^{}]*)\}|\{(end)\}/g)) {
    if (end !== undefined) open.pop();
    else open.push(namesIn(path ?? '') ?? []);
  }
  return open.flat();
}

/**
 * Returns the names of a path, without subscripts that only select items. Undefined if it is not a
 * plain path.
 */
function namesIn(path: string): string[] | undefined {
  const plain = path.replaceAll(/\[(?:\*|-?\d*(?::-?\d*){0,2})\]/g, '');
  const names = plain.split('.').filter((name) => name !== '');
  return names.every((name) => /^[\w-]+$/.test(name)) ? names : undefined;
}

/** How to write a chosen field, and what follows a field that has fields of its own. */
interface Form {
  readonly leaf: (name: string, isList: boolean) => string;
  readonly branch: (name: string, isList: boolean) => string;
  /** The text between a branch and its fields. */
  readonly joint: string;
}

const items = (name: string, isList: boolean): string => (isList ? `${name}[*]` : name);
const same = (name: string): string => name;
const braceForm: Form = { leaf: (name, isList) => `${items(name, isList)}}`, branch: items, joint: '.' };
const rangeForm: Form = {
  leaf: (name, isList) => (isList ? `${name}[*]}` : name),
  branch: items,
  joint: '.',
};
const columnForm: Form = { leaf: items, branch: items, joint: '.' };
const plainForm: Form = { leaf: same, branch: items, joint: '.' };
const celForm: Form = { leaf: same, branch: same, joint: '.' };
const explainForm: Form = { leaf: same, branch: same, joint: '.' };

/**
 * Completes a path in a tree.
 * @param rest the part of the path that is typed, without its first dot
 */
function pathFrom(tree: FieldTree | undefined, head: string, rest: string, form: Form): Candidate[] {
  const dot = rest.lastIndexOf('.');
  const path = namesIn(rest.slice(0, Math.max(dot, 0)));
  if (tree === undefined || path === undefined) return [];
  const partial = rest.slice(dot + 1);
  const place = treeAt(tree, path);
  const whole = /^([\w-]+)\[[^\]]*\]$/.exec(partial)?.[1];
  const inside = whole === undefined ? undefined : place?.field(whole);
  if (inside !== undefined) return below(inside, '', `${head}${rest}${form.joint}`, form);
  return below(place, partial, `${head}${rest.slice(0, dot + 1)}`, form);
}

/**
 * Returns the fields that begin with the text. If the text is the only match and has fields,
 * returns its fields.
 */
function below(place: FieldTree | undefined, partial: string, head: string, form: Form): Candidate[] {
  const found = (place?.fields() ?? []).filter(({ name }) => name.startsWith(partial));
  const [only, other] = found;
  if (place === undefined || only === undefined) return [];
  const inside = place.field(only.name);
  if (other === undefined && only.name === partial && inside !== undefined && inside.fields().length > 0) {
    return below(inside, '', `${head}${form.branch(partial, inside.isList)}${form.joint}`, form);
  }
  return found.map(({ name, type }) => {
    const child = place.field(name);
    const isBranch = (child?.fields().length ?? 0) > 0;
    const write = isBranch ? form.branch : form.leaf;
    return {
      value: head + write(name, child?.isList === true),
      description: type,
      isPartial: isBranch,
    };
  });
}

/** Returns the field tree of what the line prints. */
async function rootOf(line: Line, sources: Sources, asList: boolean): Promise<FieldTree | undefined> {
  const name = typeOf(line);
  const type = name === undefined ? undefined : await sources.type(name);
  if (type === undefined) return undefined;
  const [object] = objectArguments(line)?.names ?? [];
  const tree = await treeOf(type, object?.slice(object.indexOf('/') + 1), sources, true);
  return tree === undefined || !asList ? tree : listTree(tree);
}

async function treeOf(
  type: ResourceType,
  name: string | undefined,
  sources: Sources,
  orObject: boolean,
): Promise<FieldTree | undefined> {
  const document = await sources.schemas(type);
  const kinds = document?.kinds ?? {};
  const kind = Object.hasOwn(kinds, type.resource) ? kinds[type.resource] : undefined;
  const schema = document === undefined || kind === undefined ? undefined : schemaOfKind(kind, document);
  if (document !== undefined && schema !== undefined) return schemaTree(schema, document);
  const object = orObject ? await sources.object(type, name) : undefined;
  return object === undefined ? undefined : objectTree(object);
}
