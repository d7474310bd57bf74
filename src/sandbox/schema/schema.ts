// The fields of every built-in type, read from a compact notation (core.ts and its neighbours). OpenAPI
// documents, the search for unknown fields and the merge keys of lists come from here. Entry points: `structOfType`,
// `structNamed`.
//
//   Name[ kind][ atomic] - description       a struct; `kind`: apiVersion, kind and metadata besides the fields
//     field[!] type[ flags] - description    `!`: required
//
// Types: string, bytes, int, long, double, bool, any, Time, MicroTime, Quantity, IntOrString, "A|B" for one of a few
// strings, [T] for lists, {T} for maps, or the name of another struct. Flags: `@a,b` a list whose items are told apart
// by these fields, `set`, `atomic`, `=value` a default; `merge`, `merge=key`, `retain` and `merge+retain=key` what a
// strategic merge patch does.

import { accessSchemas } from './access.ts';
import { coreSchemas } from './core.ts';
import { machinerySchemas } from './machinery.ts';
import { networkSchemas } from './network.ts';
import { workloadSchemas } from './workloads.ts';
import type { ServedType } from '../types/types.ts';

/** The types that are no struct, list or map. */
export type ScalarName =
  | 'string'
  | 'bytes'
  | 'int'
  | 'long'
  | 'double'
  | 'bool'
  | 'any'
  | 'Time'
  | 'MicroTime'
  | 'Quantity'
  | 'IntOrString';

export type FieldType =
  | { readonly kind: 'scalar'; readonly name: ScalarName }
  | { readonly kind: 'enum'; readonly values: readonly string[] }
  | { readonly kind: 'list'; readonly of: FieldType }
  | { readonly kind: 'map'; readonly of: FieldType }
  /** `name` is qualified: `io.k8s.api.core.v1.Container`. */
  | { readonly kind: 'struct'; readonly name: string };

export interface FieldSchema {
  readonly name: string;
  readonly type: FieldType;
  readonly isRequired: boolean;
  readonly description: string;
  readonly default?: string;
  /** Fields that tell the items of a list apart. */
  readonly listKeys?: readonly string[];
  readonly isSet: boolean;
  readonly isAtomic: boolean;
  /** `merge`, `retainKeys` or `merge,retainKeys`. */
  readonly patchStrategy?: string;
  readonly patchMergeKey?: string;
}

export interface StructSchema {
  /** Qualified: `io.k8s.api.core.v1.Pod`. */
  readonly name: string;
  /** Has apiVersion, kind and metadata, which are among its fields. */
  readonly isKind: boolean;
  readonly isAtomic: boolean;
  readonly description: string;
  readonly fields: ReadonlyMap<string, FieldSchema>;
}

/** Where ObjectMeta and its neighbours stand. */
export const metaPackage = 'io.k8s.apimachinery.pkg.apis.meta.v1';

const corePackage = 'io.k8s.api.core.v1';

const sources: Readonly<Record<string, string>> = {
  ...machinerySchemas,
  ...coreSchemas,
  ...workloadSchemas,
  ...accessSchemas,
  ...networkSchemas,
};

const scalarNames = new Set<string>([
  'string',
  'bytes',
  'int',
  'long',
  'double',
  'bool',
  'any',
  'Time',
  'MicroTime',
  'Quantity',
  'IntOrString',
]);

/** Groups whose package is not called after the first part of their name. */
const foreignPackages: Readonly<Record<string, string>> = {
  '': corePackage,
  'apiextensions.k8s.io': 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1',
  'apiregistration.k8s.io': 'io.k8s.kube-aggregator.pkg.apis.apiregistration.v1',
};

/** Read when first asked for: most runs need few of them. */
const packages = new Map<string, ReadonlyMap<string, StructSchema>>();

const structNames = new Map<string, ReadonlySet<string>>();

/** The struct of a built-in kind, and of the kinds its subresources answer with; undefined where there is none. */
export function structOfKind(group: string, version: string, kind: string): StructSchema | undefined {
  const packageName = foreignPackages[group] ?? `io.k8s.api.${group.split('.')[0] ?? ''}.${version}`;
  return packageNamed(packageName)?.get(kind);
}

/** The struct of a built-in type; undefined for custom ones. */
export function structOfType(type: ServedType): StructSchema | undefined {
  return type.custom === undefined ? structOfKind(type.group, type.version, type.kind) : undefined;
}

/** The struct with a qualified name. */
export function structNamed(name: string): StructSchema | undefined {
  const dot = name.lastIndexOf('.');
  return packageNamed(name.slice(0, dot))?.get(name.slice(dot + 1));
}

function packageNamed(name: string): ReadonlyMap<string, StructSchema> | undefined {
  const known = packages.get(name);
  if (known !== undefined) return known;
  const source = sources[name];
  if (source === undefined) return undefined;
  const structs = readPackage(name, source);
  packages.set(name, structs);
  return structs;
}

function readPackage(packageName: string, source: string): ReadonlyMap<string, StructSchema> {
  const structs = new Map<string, StructSchema>();
  let fields = new Map<string, FieldSchema>();
  for (const line of source.split('\n')) {
    if (line === '') continue;
    const dash = line.indexOf(' - ');
    const words = dash < 0 ? line : line.slice(0, dash);
    const description = dash < 0 ? '' : line.slice(dash + 3);
    if (line.startsWith('  ')) {
      const field = readField(packageName, words.trim(), description);
      fields.set(field.name, field);
      continue;
    }
    const [name = '', ...traits] = words.split(' ');
    const isKind = traits.includes('kind');
    fields = new Map(isKind ? kindFields(name) : []);
    structs.set(name, {
      name: `${packageName}.${name}`,
      isKind,
      isAtomic: traits.includes('atomic'),
      description,
      fields,
    });
  }
  return structs;
}

/** What every kind has; the words are the same for all. */
function kindFields(kind: string): readonly (readonly [string, FieldSchema])[] {
  const field = (name: string, type: FieldType, description: string): readonly [string, FieldSchema] => [
    name,
    { name, type, description, isRequired: false, isSet: false, isAtomic: false },
  ];
  const string: FieldType = { kind: 'scalar', name: 'string' };
  return [
    field('apiVersion', string, 'Group and version of the object: v1, apps/v1.'),
    field('kind', string, `What the object is: ${kind}.`),
    field(
      'metadata',
      { kind: 'struct', name: `${metaPackage}.ObjectMeta` },
      'Name, labels and other data about the object.',
    ),
  ];
}

function readField(packageName: string, text: string, description: string): FieldSchema {
  const match = /^([\w$-]+)(!?) ((?:"[^"]*"|[^ "])+)(?: (.*))?$/.exec(text);
  if (match === null) throw new Error(`not in the notation: ${text}`);
  const [, name = '', required = '', typeText = '', flagText = ''] = match;
  const field: Mutable<FieldSchema> = {
    name,
    type: readType(packageName, typeText),
    isRequired: required === '!',
    description,
    isSet: false,
    isAtomic: false,
  };
  for (const flag of flagText === '' ? [] : flagText.split(' ')) applyFlag(field, flag);
  return field;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

function applyFlag(field: Mutable<FieldSchema>, flag: string): void {
  const [word = '', value] = flag.split('=');
  if (flag.startsWith('@')) field.listKeys = flag.slice(1).split(',');
  else if (flag.startsWith('=')) field.default = flag.slice(1);
  else if (flag === 'set') field.isSet = true;
  else if (flag === 'atomic') field.isAtomic = true;
  else {
    field.patchStrategy =
      word === 'retain' ? 'retainKeys' : word === 'merge+retain' ? 'merge,retainKeys' : 'merge';
    if (value !== undefined) field.patchMergeKey = value;
  }
}

function readType(packageName: string, text: string): FieldType {
  const inner = text.slice(1, -1);
  if (text.startsWith('[')) return { kind: 'list', of: readType(packageName, inner) };
  if (text.startsWith('{')) return { kind: 'map', of: readType(packageName, inner) };
  if (text.startsWith('"')) return { kind: 'enum', values: inner.split('|') };
  if (isScalarName(text)) return { kind: 'scalar', name: text };
  return { kind: 'struct', name: qualify(packageName, text) };
}

function isScalarName(text: string): text is ScalarName {
  return scalarNames.has(text);
}

/** A name belongs to its own package, else to core/v1, else to the metadata types. */
function qualify(packageName: string, name: string): string {
  const owner = [packageName, corePackage].find((candidate) => structNamesOf(candidate).has(name));
  return `${owner ?? metaPackage}.${name}`;
}

/** The structs that a package declares, without reading their fields. */
function structNamesOf(packageName: string): ReadonlySet<string> {
  let names = structNames.get(packageName);
  if (names === undefined) {
    const headings = (sources[packageName] ?? '').matchAll(/^\w+/gm);
    names = new Set(Array.from(headings, ([name]) => name));
    structNames.set(packageName, names);
  }
  return names;
}
