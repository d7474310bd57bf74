// A manifest that a server accepts, made of a schema: required fields with values that fit, and
// comments from the descriptions. Entry point: exampleText(). Pure.

import {
  arrayAt,
  isJsonArray,
  isJsonObject,
  objectAt,
  stringAt,
  stringsAt,
  type Json,
  type JsonObject,
} from '../../model/object.ts';
import { numberAt } from '../../model/fields.ts';
import { apiVersionOf, groupResourceOf, type ResourceType } from '../../model/resource.ts';
import {
  alternativesOf,
  countStep,
  descriptionOf,
  itemsOf,
  resolveRef,
  valuesOf,
  type SchemaDocument,
} from '../../model/schema.ts';
import { escapeLine } from '../../output/escape.ts';
import { yamlText } from '../../output/yaml.ts';
import { exampleSeeds } from './example-seeds.ts';
import { sentenceWith } from './walk-fields.ts';
import { wordWrap } from './word-wrap.ts';

/** What an example is made of. */
export interface ExampleInput {
  readonly type: ResourceType;
  readonly kind: string;
  readonly schema: JsonObject;
  readonly document: SchemaDocument;
}

/** Levels of fields; deeper required fields exist only in schemas that refer to themselves. */
const maxDepth = 24;
const lineWidth = 80;

/**
 * Returns the example as YAML with comments.
 * @throws SchemaTooLarge
 */
export function exampleText(input: ExampleInput): string {
  const { schema, document } = input;
  const lines: string[] = [];
  writeFields(lines, exampleObject(input), { schema, document }, 0, false);
  return `${lines.join('\n')}\n`;
}

/**
 * Returns the example as an object: apiVersion, kind and metadata, the required fields, and what
 * validation requires in addition to the schema.
 */
export function exampleObject({ type, kind, schema, document }: ExampleInput): JsonObject {
  const seed = Object.hasOwn(exampleSeeds, groupResourceOf(type))
    ? exampleSeeds[groupResourceOf(type)]
    : undefined;
  const made = objectExample({ schema, document }, 0, true);
  const content = Object.entries(made).filter(
    ([key]) => !['apiVersion', 'kind', 'metadata', 'status'].includes(key),
  );
  const { metadata } = made;
  return merge(
    {
      apiVersion: apiVersionOf(type),
      kind,
      metadata: { ...(isJsonObject(metadata) ? metadata : {}), name: 'example' },
      ...Object.fromEntries(content),
    },
    seed ?? {},
  );
}

/** Puts a seed over an example. Lists of the seed replace; null removes a field. */
function merge(made: JsonObject, seed: JsonObject): JsonObject {
  const keys = [...new Set([...Object.keys(made), ...Object.keys(seed)])].filter((key) => seed[key] !== null);
  return Object.fromEntries(
    keys.map((key) => {
      const [own, given] = [made[key], seed[key]];
      if (given === undefined) return [key, own];
      return [key, isJsonObject(own) && isJsonObject(given) ? merge(own, given) : given];
    }),
  );
}

interface Place {
  readonly schema: JsonObject;
  readonly document: SchemaDocument;
}

/** A schema merged with its reference and its alternatives. */
function mergeSchema({ schema, document }: Place, depth = 0): JsonObject {
  countStep(document);
  const target = resolveRef(schema, document);
  const base =
    target === schema || depth > 8
      ? schema
      : { ...mergeSchema({ schema: target, document }, depth + 1), ...schema };
  return alternativesOf(base).reduce<JsonObject>((whole, one) => {
    const inner = depth > 8 ? one : mergeSchema({ schema: one, document }, depth + 1);
    return {
      ...inner,
      ...whole,
      properties: { ...objectAt(inner, 'properties'), ...objectAt(whole, 'properties') },
      required: [...new Set([...stringsAt(inner, 'required'), ...stringsAt(whole, 'required')])],
    };
  }, base);
}

function objectExample(place: Place, depth: number, isRoot: boolean): JsonObject {
  const schema = mergeSchema(place);
  const properties = objectAt(schema, 'properties') ?? {};
  const required = new Set(stringsAt(schema, 'required'));
  if (isRoot && isJsonObject(properties['spec'])) required.add('spec');
  for (const name of chosenOf(schema)) required.add(name);
  const made: Record<string, Json> = {};
  for (const name of Object.keys(properties)) {
    const property = properties[name];
    if (!required.has(name) || !isJsonObject(property)) continue;
    made[name] = exampleOf({ schema: property, document: place.document }, name, depth + 1);
  }
  // Required fields that no property describes.
  for (const name of required) if (!(name in made) && !isRoot) made[name] = 'example';
  const least = numberAt(schema, 'minProperties');
  for (const name of Object.keys(properties)) {
    if (Object.keys(made).length >= least) break;
    const property = properties[name];
    if (name in made || !isJsonObject(property)) continue;
    made[name] = exampleOf({ schema: property, document: place.document }, name, depth + 1);
  }
  const values = valuesOf(schema);
  for (let n = Object.keys(made).length; values !== undefined && n < least; n++) {
    made[n === 0 ? 'example' : `example-${n}`] = exampleOf(
      { schema: values, document: place.document },
      'value',
      depth + 1,
    );
  }
  return made;
}

/**
 * The fields of the first of several alternatives (`oneOf`, `anyOf`) that names required fields.
 */
function chosenOf(schema: JsonObject): readonly string[] {
  for (const key of ['oneOf', 'anyOf']) {
    for (const one of arrayAt(schema, key).filter(isJsonObject)) {
      const required = stringsAt(one, 'required');
      if (required.length > 0) return required;
    }
  }
  return [];
}

function exampleOf(place: Place, name: string, depth: number): Json {
  const schema = mergeSchema(place);
  if (depth > maxDepth) return null;
  const [first] = arrayAt(schema, 'enum').filter((value) => value !== '');
  if (first !== undefined) return first;
  const fallback = schema['default'];
  const isEmptyDefault = fallback === '' || fallback === 0 || isEmptyCollection(fallback);
  if (fallback !== undefined && fallback !== null && !isEmptyDefault) return fallback;
  const example = schema['example'];
  if (example !== undefined && example !== null) return example;
  const isEither =
    schema['x-kubernetes-int-or-string'] === true || stringAt(schema, 'format') === 'int-or-string';
  switch (isEither ? 'integer' : typeOf(schema)) {
    case 'integer':
    case 'number':
      return numberExample(schema, name);
    case 'boolean':
      return true;
    case 'array': {
      const items = itemsOf(schema);
      const least = Math.max(1, numberAt(schema, 'minItems'));
      return Array.from({ length: least }, (_, index) => {
        const item =
          items === undefined
            ? 'example'
            : exampleOf({ schema: items, document: place.document }, singularOf(name), depth + 1);
        return index > 0 && typeof item === 'string' ? `${item}-${index}` : item;
      });
    }
    case 'object':
      return objectExample(place, depth, false);
    default:
      return stringExample(schema, name);
  }
}

function typeOf(schema: JsonObject): string {
  const type = stringAt(schema, 'type');
  if (type !== '') return type;
  if (objectAt(schema, 'properties') !== undefined || schema['additionalProperties'] !== undefined)
    return 'object';
  if (schema['items'] !== undefined) return 'array';
  const [first] = [...arrayAt(schema, 'oneOf'), ...arrayAt(schema, 'anyOf')].filter(isJsonObject);
  return first === undefined
    ? schema['x-kubernetes-preserve-unknown-fields'] === true
      ? 'object'
      : 'string'
    : typeOf(first);
}

function isEmptyCollection(value: Json | undefined): boolean {
  return isJsonArray(value) ? value.length === 0 : isJsonObject(value) && Object.keys(value).length === 0;
}

function singularOf(name: string): string {
  return name.replace(/ies$/, 'y').replace(/s$/, '');
}

function numberExample(schema: JsonObject, name: string): number {
  const isOpen = schema['exclusiveMinimum'] === true;
  const min = schema['minimum'] === undefined ? undefined : numberAt(schema, 'minimum') + (isOpen ? 1 : 0);
  const max = schema['maximum'] === undefined ? undefined : numberAt(schema, 'maximum');
  const step = numberAt(schema, 'multipleOf');
  const wanted = /port/i.test(name) ? 80 : 1;
  const value = Math.min(Math.max(wanted, min ?? wanted), max ?? Infinity);
  return step > 0 ? Math.ceil(value / step) * step : value;
}

/** Texts that patterns of Kubernetes and of common custom types want, the simplest first. */
const candidates: readonly string[] = [
  ...[
    'example',
    'example.com',
    'Example',
    'EXAMPLE',
    'example.com/example',
    'example/example',
    'a',
    'A',
    '1',
    '1s',
  ],
  ...[
    '1Gi',
    '100m',
    '50%',
    'v1',
    '1.0.0',
    'v1.0.0',
    '* * * * *',
    '10.0.0.1',
    '10.0.0.0/24',
    'https://example.com',
  ],
  ...[
    'http://example.com',
    'example@example.com',
    '/example',
    '$.example',
    '.example',
    's3://example',
    'sha256:0000000000000000000000000000000000000000000000000000000000000000',
  ],
  ...[
    '00:00',
    '2026-01-01',
    '2026-01-01T00:00:00Z',
    '00000000-0000-4000-8000-000000000000',
    'us-east-1',
    'ami-00000000',
    'arn:aws:iam::123456789012:role/example',
  ],
  ...[
    '123456789012',
    '0x1',
    '#000000',
    'en',
    'en-US',
    'USD',
    'example:latest',
    '80/TCP',
    'tcp://example.com:80',
    'example.com:80',
    '0',
    '',
  ],
];

const byFormat: Readonly<Record<string, string>> = {
  'date-time': '2026-01-01T00:00:00Z',
  datetime: '2026-01-01T00:00:00Z',
  date: '2026-01-01',
  byte: 'ZXhhbXBsZQ==',
  duration: '1s',
  email: 'example@example.com',
  hostname: 'example.com',
  ipv4: '10.0.0.1',
  ipv6: '2001:db8::1',
  cidr: '10.0.0.0/24',
  mac: '00:00:5e:00:53:01',
  uri: 'https://example.com',
  uuid: '00000000-0000-4000-8000-000000000000',
  uuid3: '00000000-0000-3000-8000-000000000000',
  uuid4: '00000000-0000-4000-8000-000000000000',
  uuid5: '00000000-0000-5000-8000-000000000000',
  quantity: '1',
};

/** Names of fields that say what their text looks like. */
const byName: readonly (readonly [RegExp, string])[] = [
  [/^(?:schedule|cronSpec|cron)$/, '0 0 * * *'],
  [/^image$/, 'nginx:1.27'],
  [/(?:url|uri|endpoint)$/i, 'https://example.com'],
  [/^(?:host|hostname|domain|dnsName)$/, 'example.com'],
  [/(?:cidr)$/i, '10.0.0.0/24'],
  [/^(?:ip|ipAddress)$/, '10.0.0.1'],
  [/path$/i, '/example'],
  [/apiVersion$/, 'v1'],
  [/^kind$/, 'ConfigMap'],
  [/^(?:storage|memory|capacity)$/, '1Gi'],
  [/^(?:topologyKey)$/, 'kubernetes.io/hostname'],
];

function stringExample(schema: JsonObject, name: string): string {
  const pattern = stringAt(schema, 'pattern');
  const min = numberAt(schema, 'minLength');
  const max = schema['maxLength'] === undefined ? Infinity : numberAt(schema, 'maxLength');
  const isQuantity = pattern.startsWith(String.raw`^(\+|-)?(([0-9]`);
  const named = byName.find(([wanted]) => wanted.test(name))?.[1];
  const format = byFormat[stringAt(schema, 'format')];
  const wanted = [
    ...(format === undefined ? [] : [format]),
    ...(isQuantity ? ['1'] : []),
    ...(named === undefined ? [] : [named]),
    ...candidates,
  ];
  const test = patternOf(pattern);
  const fits = (text: string): boolean => text.length >= min && text.length <= max && test(text);
  const found = wanted.find(fits) ?? wanted.map((text) => text.padEnd(min, 'x')).find(fits);
  return found ?? 'example'.slice(0, Math.min(max, 7)).padEnd(min, 'x');
}

/**
 * Patterns are RE2, which JavaScript reads except for rare syntax. A pattern that it cannot read
 * accepts everything.
 */
function patternOf(pattern: string): (text: string) => boolean {
  if (pattern === '' || pattern.length > 1_000) return () => true;
  try {
    const expression = new RegExp(pattern, 'u');
    return (text) => expression.test(text);
  } catch {
    return () => true;
  }
}

/**
 * Writes the fields of an object, each below a comment with the first sentence of its description.
 */
function writeFields(
  lines: string[],
  object: JsonObject,
  place: Place,
  indent: number,
  startsOnDash: boolean,
): void {
  const properties = objectAt(mergeSchema(place), 'properties');
  const values = valuesOf(mergeSchema(place));
  let isFirst = startsOnDash;
  for (const [name, value] of Object.entries(object)) {
    if (value === undefined) continue;
    const schema = objectAt(properties, name) ?? values ?? {};
    const inner = { schema, document: place.document };
    const pad = ' '.repeat(indent);
    const comment = isFirst ? [] : commentOf(inner, indent);
    // A line break or control character of a description must not end the comment.
    lines.push(...comment.map((line) => `${pad}# ${escapeLine(line)}`));
    const key = yamlText({ [name]: 0 }).replace(/ 0\n$/, '');
    // The dash of an element is on the line already.
    const start = isFirst ? `${lines.pop() ?? ''}${key}` : `${pad}${key}`;
    isFirst = false;
    if (isJsonObject(value) && Object.keys(value).length > 0) {
      lines.push(start);
      writeFields(lines, value, inner, indent + 2, false);
    } else if (isJsonArray(value) && value.some(isJsonObject)) {
      lines.push(start);
      const element = { schema: itemsOf(mergeSchema(inner)) ?? {}, document: place.document };
      for (const item of value) {
        lines.push(`${pad}- `);
        if (isJsonObject(item) && Object.keys(item).length > 0)
          writeFields(lines, item, element, indent + 2, true);
        else lines.push(`${lines.pop() ?? ''}${yamlText(item).trimEnd()}`);
      }
    } else {
      const [first = '', ...rest] = yamlText({ [name]: value })
        .trimEnd()
        .split('\n');
      lines.push(`${start}${first.slice(key.length)}`, ...rest.map((line) => `${pad}${line}`));
    }
  }
}

function commentOf({ schema, document }: Place, indent: number): readonly string[] {
  const own = stringAt(schema, 'description') || descriptionOf(schema, document);
  const sentence = sentenceWith(own, '');
  return sentence === '' ? [] : wordWrap(sentence, Math.max(30, lineWidth - indent - 2)).split('\n');
}
