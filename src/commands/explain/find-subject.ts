// Finds the schema of an argument. Entry point: findSubject().

import { suggested } from '../../model/suggestion.ts';
import type { Discovery } from '../../api/open-discovery.ts';
import type { OpenApi } from '../../api/openapi.ts';
import { resolveName, typesUnavailable, unknownType } from '../../api/resolve.ts';
import { wellKnownType } from '../../api/well-known.ts';
import { UsageError } from '../../errors.ts';
import type { JsonObject } from '../../model/object.ts';
import { nearest } from '../../model/nearest.ts';
import { apiVersionOf, parseApiVersion, type ResourceType } from '../../model/resource.ts';
import {
  fieldSchema,
  fieldsOf,
  resolveRef,
  schemaOfKind,
  SchemaTooLarge,
  typeName,
  walkSchemas,
  type SchemaDocument,
} from '../../model/schema.ts';
import { findExactly, typeAtFront, type TypeAndFields } from './find-type.ts';
import { pathOf, type ExplainOptions } from './options.ts';
import type { Subject } from './plain-text.ts';
import { walkFields } from './walk-fields.ts';

/** The schema, and other meanings of the words. */
export interface FoundSubject {
  readonly subject: Subject;
  readonly type: ResourceType;
  /**
   * Types of other groups with the same name, if no group was typed and the type is not well-known.
   */
  readonly namesakes: readonly ResourceType[];
}

/** The result of one interpretation of the words. */
type Outcome =
  | { readonly kind: 'found'; readonly found: Omit<FoundSubject, 'namesakes'> }
  /** `version`: newer discovery data can help. `field`: it cannot. */
  | { readonly kind: 'version' | 'field'; readonly error: UsageError };

/**
 * Finds the schema. Well-known types need no discovery. If such an interpretation fails
 * (`events.events.k8s.io`, an older server), the server's types decide.
 * @throws UsageError `UnknownResourceType`, `UnknownVersion`, `UnknownField`
 * @throws RefusedError, ServerError, ConnectionError
 */
export async function findSubject(
  options: ExplainOptions,
  discovery: Discovery,
  openApi: OpenApi,
): Promise<FoundSubject> {
  const { words } = options;
  const quick = typeAtFront(words, wellKnownType);
  const first = quick === undefined ? undefined : await read(quick, options, openApi);
  if (first?.kind === 'found') return { ...first.found, namesakes: [] };
  let failure = first;
  for (const freshness of ['cached', 'current'] as const) {
    if (freshness === 'current' && failure?.kind === 'field') break;
    const groups = await discovery.groups(freshness);
    const reading = typeAtFront(words, findExactly(groups));
    if (reading === undefined || (quick !== undefined && isSame(reading, quick))) continue;
    const outcome = await read(reading, options, openApi);
    if (outcome.kind === 'found') {
      const typeWords = words.slice(0, words.length - reading.fields.length).join('.');
      const { namesakes = [] } = resolveName(typeWords, groups) ?? {};
      return { ...outcome.found, namesakes };
    }
    failure = outcome;
  }
  if (failure === undefined) throw unknownType(words[0] ?? '', await discovery.surface());
  // `nodes.metrics.k8s.io`, while metrics.k8s.io cannot be read, is not a field of nodes.
  const { problems } = await discovery.surface('cached');
  const suffix = `${words.slice(1).join('.').toLowerCase()}.`;
  const [unread, ...more] = problems.filter(({ groupVersion }) => {
    const { group } = parseApiVersion(groupVersion);
    return group !== '' && suffix.startsWith(`${group}.`);
  });
  throw unread === undefined ? failure.error : typesUnavailable([unread, ...more], words[0] ?? '');
}

async function read(
  { type, fields }: TypeAndFields,
  { words, apiVersion }: ExplainOptions,
  openApi: OpenApi,
): Promise<Outcome> {
  const version = apiVersion ?? type;
  const document = await openApi.document(version);
  const resource = `${version.group}/${version.version}, Resource=${type.resource}`;
  if (document === undefined) {
    return noVersion(`couldn't find resource for ${JSON.stringify(resource)}`, type);
  }
  const kind = Object.hasOwn(document.kinds, type.resource) ? document.kinds[type.resource] : undefined;
  if (kind === undefined) return noVersion(`GVR (${resource}) not found in OpenAPI schema`, type);
  const root = schemaOfKind(kind, document);
  if (root === undefined) {
    const text = `map[group:${kind.group} kind:${kind.kind} version:${kind.version}]`;
    return noVersion(`GVK ${text} not found in OpenAPI schema`, type);
  }
  let schema = root;
  for (const [at, name] of fields.entries()) {
    const parent = schema;
    const next = walkSchemas(() => fieldSchema(parent, name, document));
    if (next === undefined) {
      const typeWords = words.slice(0, words.length - fields.length);
      return {
        kind: 'field',
        error: unknownField({ typeWords, fields, at, root, parent: schema, document }),
      };
    }
    schema = next;
  }
  return { kind: 'found', found: { subject: { kind, document, schema, field: fields.at(-1) }, type } };
}

function noVersion(message: string, type: ResourceType): Outcome {
  return {
    kind: 'version',
    error: new UsageError(message, {
      code: 'UnknownVersion',
      hint:
        `${type.resource} is served as ${apiVersionOf(type)}; ` +
        `${suggested('resources', '--all-versions')} lists all versions of all types`,
    }),
  };
}

interface MissingField {
  readonly typeWords: readonly string[];
  readonly fields: readonly string[];
  /** Index of the missing field. */
  readonly at: number;
  readonly root: JsonObject;
  /** The schema that should have it. */
  readonly parent: JsonObject;
  readonly document: SchemaDocument;
}

/**
 * Makes the error. kubectl names the last field, whichever is missing; the hint names the missing
 * one.
 */
function unknownField({ typeWords, fields, at, root, parent, document }: MissingField): UsageError {
  const missing = fields[at] ?? '';
  const place = pathOf([...typeWords, ...fields.slice(0, at)]);
  const names = fieldsOf(resolveRef(parent, document), document).map(({ name }) => name);
  const near = nearest(missing, names).map((name) => JSON.stringify(name));
  const hints = [
    names.length === 0
      ? `${place} is of type ${typeName(parent, document)} and has no documented fields`
      : `${place} has no field ${JSON.stringify(missing)}${near.length > 0 ? `: did you mean ${near.join(' or ')}?` : ''}`,
  ];
  const rest = fields.slice(at).join('.');
  const dotted = names.find((name) => name.includes('.') && `${rest}.`.startsWith(`${name}.`));
  if (dotted !== undefined) {
    const whole = pathOf([...typeWords, ...fields.slice(0, at), dotted]);
    hints.push(`a dot in the name of a field needs a backslash: ${suggested('explain', whole)}`);
  } else if (near.length === 0) {
    const elsewhere = placesOf(missing, root, document).map((path) => pathOf([...typeWords, ...path]));
    if (elsewhere.length > 0) hints.push(`there is ${elsewhere.join(', ')}`);
  }
  hints.push(`${suggested('explain', place)} lists its fields`);
  return new UsageError(`field ${JSON.stringify(fields.at(-1))} does not exist`, {
    code: 'UnknownField',
    hint: hints.join('\n'),
  });
}

const maxPlaces = 3;

/** Returns the paths of fields of this name in the type, the shortest first. */
function placesOf(name: string, root: JsonObject, document: SchemaDocument): (readonly string[])[] {
  const wanted = name.toLowerCase();
  const found: (readonly string[])[] = [];
  try {
    walkSchemas(() => {
      for (const { path } of walkFields(root, document)) {
        if (path.at(-1)?.toLowerCase() === wanted) found.push(path);
      }
    });
  } catch (error) {
    // The suggestion is not worth more work: uses what has been found so far.
    if (!(error instanceof SchemaTooLarge)) throw error;
  }
  return found.sort((a, b) => a.length - b.length).slice(0, maxPlaces);
}

function isSame(a: TypeAndFields, b: TypeAndFields): boolean {
  return (
    a.type.group === b.type.group &&
    a.type.version === b.type.version &&
    a.type.resource === b.type.resource &&
    a.fields.length === b.fields.length
  );
}
