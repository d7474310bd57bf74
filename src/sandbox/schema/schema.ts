// The fields of every built-in type. Entry points: structOfType(), structOfKind(), structNamed().
// Used for OpenAPI documents, unknown fields, merging of lists and maps, field ownership, enums and
// protobuf bodies.
//
// kubernetes.txt contains the structure; scripts/generate-schema.mjs generates it from the OpenAPI
// documents of a real server:
//
//  package io.k8s.api.core.v1
//  Name[ kind][ atomic][ open|any][ metadata!]    a struct
//    field[!] type[ flags][ #number[?]]           a field of the struct; `!`: required
//
// Words after the name of a struct:
//
//  kind                 has apiVersion, kind and metadata in addition to the fields
//  atomic               as the flag `atomic`
//  open                 an object with any fields
//  any                  any value
//  metadata!            its metadata is required
//
// Types: string, bytes, int, long, double, bool, any, Time, MicroTime, Quantity, IntOrString, "A|B"
// for an enum of strings, [T] for lists, {T} for maps, or the name of another struct.
//
// Flags of a field:
//
//  @a,b                 a list of type map: the fields a and b identify an item
//  set                  a list of type set: each value occurs once
//  atomic               replaced as a whole, with one owner
//  value                a struct that Go holds by value, so that it always exists
//  kept                 a list or map that Go writes even if it is empty
//  =text                the default
//  merge, merge=key, retainKeys, merge,retainKeys=key
//                       the strategy and the key of a strategic merge patch
//
// Number: the field number in protobuf. `#2.15` is field 15 of the message in field 2: Go embeds
// the struct of that message, so its fields have no level of their own in JSON. `?`: a pointer in
// Go.

import type { Json } from '../../model/object.ts';
import type { ServedType } from '../types/types.ts';
import structure from './kubernetes.txt';

const scalarNames = [
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
] as const;

/** The types that are not a struct, list or map. */
export type ScalarName = (typeof scalarNames)[number];

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
  /** The default as text: `TCP`, `0`, `false`. defaultOf() converts it. */
  readonly default?: string;
  /** Fields that identify the items of a list. */
  readonly listKeys?: readonly string[];
  readonly isSet: boolean;
  readonly isAtomic: boolean;
  /** True if Go holds the struct by value, so that it always exists. */
  readonly isByValue: boolean;
  /** True if Go writes the list or map even if it is empty. */
  readonly isKept: boolean;
  /** `merge`, `retainKeys`, `merge,retainKeys` or `replace`. */
  readonly patchStrategy?: string;
  readonly patchMergeKey?: string;
  /**
   * Path of field numbers in protobuf: the numbers of the embedded messages that contain the field,
   * then the number of the field. Empty if the field has no number.
   */
  readonly numbers: readonly number[];
  /** True if the field is a pointer in Go, which distinguishes absence from a zero value. */
  readonly isPointer: boolean;
}

export interface StructSchema {
  /** Qualified: `io.k8s.api.core.v1.Pod`. */
  readonly name: string;
  /** True if it has apiVersion, kind and metadata, which are also in `fields`. */
  readonly isKind: boolean;
  readonly isAtomic: boolean;
  /**
   * The values that the struct accepts: `fields` an object with the listed fields, `open` an object
   * with any fields, `any` any value.
   */
  readonly takes: 'fields' | 'open' | 'any';
  /** In the order of the Go struct. */
  readonly fields: ReadonlyMap<string, FieldSchema>;
}

/** The package of ObjectMeta and related types. */
export const metaPackage = 'io.k8s.apimachinery.pkg.apis.meta.v1';
const corePackage = 'io.k8s.api.core.v1';

/** Packages by group, for the groups whose package is not `io.k8s.api.GROUP.VERSION`. */
const foreignPackages: Readonly<Record<string, string>> = {
  '': corePackage,
  'apiextensions.k8s.io': 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1',
  'apiregistration.k8s.io': 'io.k8s.kube-aggregator.pkg.apis.apiregistration.v1',
};

/**
 * A package. Its structs are parsed at the first use of one of them, because most runs need few
 * packages.
 */
interface Package {
  readonly text: string;
  readonly structNames: ReadonlySet<string>;
  structs?: ReadonlyMap<string, StructSchema>;
}

let packages: ReadonlyMap<string, Package> | undefined;

/**
 * Returns the struct of a built-in kind, including the kinds of subresources such as Scale.
 * Undefined if the kind is not built in.
 */
export function structOfKind(group: string, version: string, kind: string): StructSchema | undefined {
  const packageName = foreignPackages[group] ?? `io.k8s.api.${group.split('.')[0] ?? ''}.${version}`;
  return structNamed(`${packageName}.${kind}`);
}

/** Returns the struct of a built-in type. Undefined for custom types. */
export function structOfType(type: ServedType): StructSchema | undefined {
  return type.custom === undefined ? structOfKind(type.group, type.version, type.kind) : undefined;
}

/** Returns the struct with a qualified name. Undefined if there is none. */
export function structNamed(name: string): StructSchema | undefined {
  const dot = name.lastIndexOf('.');
  const packageName = name.slice(0, dot);
  const found = allPackages().get(packageName);
  if (found === undefined) return undefined;
  found.structs ??= readStructs(packageName, found.text);
  return found.structs.get(name.slice(dot + 1));
}

/** Returns the default of a field. Undefined if it has none. */
export function defaultOf(field: FieldSchema | undefined): Json | undefined {
  if (field?.default === undefined) return undefined;
  if (field.type.kind !== 'scalar' || field.type.name === 'string') return field.default;
  return field.type.name === 'bool' ? field.default === 'true' : Number(field.default);
}

/** Returns the qualified names of all structs. */
export function structNames(): readonly string[] {
  return [...allPackages()].flatMap(([name, { structNames: names }]) =>
    [...names].map((struct) => `${name}.${struct}`),
  );
}

function allPackages(): ReadonlyMap<string, Package> {
  packages ??= new Map(
    structure
      .split('\npackage ')
      .slice(1)
      .map((part): [string, Package] => {
        const end = part.indexOf('\n');
        const text = part.slice(end + 1).trimEnd();
        const names = Array.from(text.matchAll(/^\w+/gm), ([name]) => name);
        return [part.slice(0, end), { text, structNames: new Set(names) }];
      }),
  );
  return packages;
}

function readStructs(packageName: string, text: string): ReadonlyMap<string, StructSchema> {
  const structs = new Map<string, StructSchema>();
  let fields = new Map<string, FieldSchema>();
  for (const line of text.split('\n')) {
    if (line.startsWith('  ')) {
      const field = readField(packageName, line.trim());
      fields.set(field.name, field);
      continue;
    }
    const [name = '', ...traits] = line.split(' ');
    const isKind = traits.includes('kind');
    fields = new Map();
    if (isKind) {
      const metadata = traits.includes('metadata!') ? 'metadata!' : 'metadata';
      for (const field of ['apiVersion string', 'kind string', `${metadata} ObjectMeta value #1`]) {
        const read = readField(packageName, field);
        fields.set(read.name, read);
      }
    }
    structs.set(name, {
      name: `${packageName}.${name}`,
      isKind,
      isAtomic: traits.includes('atomic'),
      takes: traits.includes('any') ? 'any' : traits.includes('open') ? 'open' : 'fields',
      fields,
    });
  }
  return structs;
}

function readField(packageName: string, text: string): FieldSchema {
  const match = /^([\w$-]+)(!?) ((?:"[^"]*"|[^ "])+)(?: (.*))?$/.exec(text);
  if (match === null) throw new Error(`not in the notation: ${text}`);
  const [, name = '', required = '', typeText = '', flagText = ''] = match;
  const field: Mutable<FieldSchema> = {
    name,
    type: readType(packageName, typeText),
    isRequired: required === '!',
    isSet: false,
    isAtomic: false,
    isByValue: false,
    isKept: false,
    numbers: [],
    isPointer: false,
  };
  for (const flag of flagText === '' ? [] : flagText.split(' ')) applyFlag(field, flag);
  return field;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

function applyFlag(field: Mutable<FieldSchema>, flag: string): void {
  const rest = flag.slice(1);
  if (flag.startsWith('@')) field.listKeys = rest.split(',');
  else if (flag.startsWith('=')) field.default = rest;
  else if (flag.startsWith('#')) {
    field.isPointer = rest.endsWith('?');
    field.numbers = rest.replace('?', '').split('.').map(Number);
  } else if (flag === 'set') field.isSet = true;
  else if (flag === 'atomic') field.isAtomic = true;
  else if (flag === 'value') field.isByValue = true;
  else if (flag === 'kept') field.isKept = true;
  else {
    const [strategy = '', key] = flag.split('=');
    field.patchStrategy = strategy;
    if (key !== undefined) field.patchMergeKey = key;
  }
}

function readType(packageName: string, text: string): FieldType {
  const inner = text.slice(1, -1);
  if (text.startsWith('[')) return { kind: 'list', of: readType(packageName, inner) };
  if (text.startsWith('{')) return { kind: 'map', of: readType(packageName, inner) };
  if (text.startsWith('"')) return { kind: 'enum', values: inner.split('|') };
  const scalar = scalarNames.find((name) => name === text);
  if (scalar !== undefined) return { kind: 'scalar', name: scalar };
  return { kind: 'struct', name: qualify(packageName, text) };
}

/**
 * Adds the package to the name of a struct that has none: the package where the name is used if it
 * has such a struct, else core/v1 if that has one, else {@link metaPackage}.
 */
function qualify(packageName: string, name: string): string {
  if (name.includes('.')) return name;
  const owner = [packageName, corePackage].find((place) => allPackages().get(place)?.structNames.has(name));
  return `${owner ?? metaPackage}.${name}`;
}
