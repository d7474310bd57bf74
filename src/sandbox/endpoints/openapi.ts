// The OpenAPI documents of the sandbox: the index of version 3, a document for each group version,
// and the single document of version 2. Entry points: `openApiIndex`, `openApiDocument`,
// `openApiV2`.

import { createHash } from 'node:crypto';
import type { Json, JsonObject } from '../../model/object.ts';
import { resourcePath } from '../../model/resource.ts';
import { customSchemasOf, listSchemaNameOf, schemaNameOf, schemaRef, schemasOf } from './openapi-schemas.ts';
import type { OpenApiVersion, Schemas } from './openapi-schemas.ts';
import { structOfKind } from '../schema/schema.ts';
import type { ServedType } from '../types/types.ts';

const info = { title: 'Kubernetes', version: 'v1.36.3' };

/**
 * Increment it when the documents change but the types do not: clients cache them by their hash.
 */
const edition = '1';

/** Paths outside the group versions that have a document of their own. */
const otherPaths: Readonly<Record<string, string>> = {
  '.well-known/openid-configuration': 'Where the keys of service account tokens are published.',
  api: 'The versions of the core group.',
  apis: 'The API groups.',
  'openid/v1/jwks': 'The keys of service account tokens.',
  version: 'The version of the server.',
};

/**
 * Returns the document of `/openapi/v3`, which lists all documents. The hash in a document's URL
 * identifies its content, so that clients can cache it for good.
 * @see https://kubernetes.io/docs/concepts/overview/kubernetes-api/#openapi-v3
 */
export function openApiIndex(types: readonly ServedType[]): JsonObject {
  const names = new Set([...Object.keys(otherPaths), ...types.flatMap(documentNamesOf)]);
  const paths: Record<string, JsonObject> = {};
  for (const name of [...names].sort()) {
    const contents = JSON.stringify([
      edition,
      name,
      types.filter((type) => documentNamesOf(type).includes(name)),
    ]);
    const hash = createHash('sha512').update(contents).digest('hex').toUpperCase();
    paths[name] = { serverRelativeURL: `/openapi/v3/${name}?hash=${hash}` };
  }
  return { paths };
}

/**
 * Returns one document of version 3.
 * @param name the name in the index: `api/v1`, `apis/apps/v1`, `version`
 * @returns undefined if there is no such document
 */
export function openApiDocument(name: string, types: readonly ServedType[]): JsonObject | undefined {
  const own = types.filter((type) => documentNamesOf(type)[0] === name);
  if (own.length > 0) {
    return { openapi: '3.0.0', info, paths: typePaths(own, 3), components: { schemas: allSchemas(own, 3) } };
  }
  const isGroup = types.some((type) => documentNamesOf(type)[1] === name);
  const description = isGroup ? 'The versions of the group.' : otherPaths[name];
  if (description === undefined) return undefined;
  const isWithoutSlash = name.startsWith('.') || name.startsWith('openid') || name === 'version';
  const path = isWithoutSlash ? `/${name}${name === 'version' ? '/' : ''}` : `/${name}/`;
  const get = {
    description,
    responses: { '200': { description: 'OK' }, '401': { description: 'Unauthorized' } },
  };
  return { openapi: '3.0.0', info, paths: { [path]: { get } } };
}

/** Returns the document of `/openapi/v2`: everything in one document. */
export function openApiV2(types: readonly ServedType[]): JsonObject {
  return { swagger: '2.0', info, paths: typePaths(types, 2), definitions: allSchemas(types, 2) };
}

/**
 * Returns the names of the documents of a type's group version and of its group (the core group has
 * none).
 */
function documentNamesOf({ group, version }: ServedType): readonly string[] {
  return group === '' ? [`api/${version}`] : [`apis/${group}/${version}`, `apis/${group}`];
}

function allSchemas(types: readonly ServedType[], version: OpenApiVersion): Schemas {
  const schemas = schemasOf(types, version);
  for (const type of types) {
    if (type.custom !== undefined) Object.assign(schemas, customSchemasOf(type, version));
  }
  return Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** HTTP method and operation name of each verb. */
const methods: Readonly<Record<string, { readonly method: string; readonly action: string }>> = {
  get: { method: 'get', action: 'get' },
  list: { method: 'get', action: 'list' },
  create: { method: 'post', action: 'post' },
  update: { method: 'put', action: 'put' },
  patch: { method: 'patch', action: 'patch' },
  delete: { method: 'delete', action: 'delete' },
  deletecollection: { method: 'delete', action: 'deletecollection' },
};

const collectionVerbs = ['list', 'create', 'deletecollection'];
const objectVerbs = ['get', 'update', 'patch', 'delete'];

const writeParameters = ['dryRun', 'fieldManager', 'fieldValidation'];
const parametersOf: Readonly<Record<string, readonly string[]>> = {
  list: ['labelSelector', 'fieldSelector', 'limit', 'continue', 'resourceVersion', 'watch'],
  create: writeParameters,
  update: writeParameters,
  patch: [...writeParameters, 'force'],
  delete: ['dryRun', 'gracePeriodSeconds', 'propagationPolicy'],
  deletecollection: ['dryRun', 'labelSelector', 'fieldSelector'],
};

const parameterTypes: Readonly<Record<string, string>> = {
  limit: 'integer',
  gracePeriodSeconds: 'integer',
  watch: 'boolean',
  force: 'boolean',
};

const patchContentTypes = [
  'application/apply-patch+yaml',
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
];

function typePaths(types: readonly ServedType[], version: OpenApiVersion): JsonObject {
  const paths: Record<string, JsonObject> = {};
  for (const type of types) {
    const at = { namespace: type.namespaced ? '{namespace}' : undefined };
    const add = (
      where: { name?: string; subresource?: string },
      verbs: readonly string[],
      kind: KindRef,
    ): void => {
      const operations = verbs.filter((verb) => methods[verb] !== undefined);
      if (operations.length === 0) return;
      const path = decodeURIComponent(resourcePath(type, { ...at, ...where }));
      paths[path] = pathItem(type, where, operations, kind, version);
    };
    const own = { group: type.group, version: type.version, kind: type.kind, schema: schemaNameOf(type) };
    add(
      {},
      type.verbs.filter((verb) => collectionVerbs.includes(verb)),
      own,
    );
    add(
      { name: '{name}' },
      type.verbs.filter((verb) => objectVerbs.includes(verb)),
      own,
    );
    for (const { name, verbs, ...sub } of type.subresources) {
      const schema =
        type.custom !== undefined && sub.kind === type.kind
          ? schemaNameOf(type)
          : (structOfKind(sub.group, sub.version, sub.kind)?.name ?? '');
      add({ name: '{name}', subresource: name }, verbs, { ...sub, schema });
    }
  }
  return paths;
}

interface KindRef {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** Name of its schema. Empty if it has none (the options of exec, attach and port-forward). */
  readonly schema: string;
}

function pathItem(
  type: ServedType,
  where: { readonly name?: string; readonly subresource?: string },
  verbs: readonly string[],
  kind: KindRef,
  version: OpenApiVersion,
): JsonObject {
  const item: Record<string, Json> = {};
  for (const verb of verbs) {
    const { method, action } = methods[verb] ?? { method: verb, action: verb };
    const { group, version: kindVersion } = kind;
    item[method] = {
      description: `${verb} ${type.resource}${where.subresource === undefined ? '' : `/${where.subresource}`}`,
      operationId: operationId(type, verb, where.subresource),
      parameters: (parametersOf[verb] ?? []).map((name) => parameter(name, 'query', version)),
      ...body(verb, kind.schema, verb === 'list' ? listSchemaNameOf(type) : kind.schema, version),
      'x-kubernetes-action': action,
      'x-kubernetes-group-version-kind': { group, version: kindVersion, kind: kind.kind },
    };
  }
  const inPath = [...(where.name === undefined ? [] : ['name']), ...(type.namespaced ? ['namespace'] : [])];
  item.parameters = inPath.map((name) => parameter(name, 'path', version));
  return item;
}

function parameter(name: string, place: 'query' | 'path', version: OpenApiVersion): JsonObject {
  const schema = { type: parameterTypes[name] ?? 'string', uniqueItems: true };
  return {
    name,
    in: place,
    ...(place === 'path' ? { required: true } : {}),
    ...(version === 3 ? { schema } : schema),
  };
}

/** Returns the request body and the responses of an operation. */
function body(verb: string, schemaName: string, answerName: string, version: OpenApiVersion): JsonObject {
  const unauthorized = { description: 'Unauthorized' };
  if (schemaName === '') return { responses: { '200': { description: 'OK' }, '401': unauthorized } };
  const sendsObject = verb === 'create' || verb === 'update';
  if (version === 2) {
    const ok = { description: 'OK', schema: schemaRef(answerName, 2) };
    const consumes = verb === 'patch' ? patchContentTypes : ['*/*'];
    return { consumes, produces: ['application/json'], responses: { '200': ok, '401': unauthorized } };
  }
  const content = (types: readonly string[], schema: JsonObject): JsonObject =>
    Object.fromEntries(types.map((contentType) => [contentType, { schema }]));
  const ok = {
    description: 'OK',
    content: content(['application/json', 'application/yaml'], schemaRef(answerName, 3)),
  };
  const sent = sendsObject
    ? content(['*/*'], schemaRef(schemaName, 3))
    : verb === 'patch'
      ? content(patchContentTypes, { type: 'object' })
      : undefined;
  return {
    ...(sent === undefined ? {} : { requestBody: { content: sent, required: true } }),
    responses: { '200': ok, '401': unauthorized },
  };
}

/** Returns the operation id in the real server's form: `listCoreV1NamespacedPod`. */
function operationId(type: ServedType, verb: string, subresource = ''): string {
  const group = type.group === '' ? 'core' : type.group.replace(/\.k8s\.io$/, '');
  const words = [group, type.version, type.namespaced ? 'namespaced' : '', type.kind, subresource];
  const verbs: Readonly<Record<string, string>> = {
    get: 'read',
    update: 'replace',
    deletecollection: 'deleteCollection',
  };
  return `${verbs[verb] ?? verb}${words
    .flatMap((word) => word.split(/[.-]/))
    .map(capitalize)
    .join('')}`;
}

function capitalize(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
