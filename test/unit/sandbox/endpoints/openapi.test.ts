import { describe, expect, it } from 'vitest';
import {
  isJsonObject,
  objectAt,
  stringAt,
  type Json,
  type JsonObject,
} from '../../../../src/model/object.ts';
import { openApiDocument, openApiIndex, openApiV2 } from '../../../../src/sandbox/endpoints/openapi.ts';
import { structNamed, structOfType } from '../../../../src/sandbox/schema/schema.ts';
import { servedTypes } from '../../../../src/sandbox/types/served-types.ts';
import type { ServedType } from '../../../../src/sandbox/types/types.ts';

const crontabs: ServedType = {
  group: 'stable.example.com',
  version: 'v1',
  resource: 'crontabs',
  kind: 'CronTab',
  singular: 'crontab',
  shortNames: ['ct'],
  categories: ['all'],
  namespaced: true,
  verbs: ['delete', 'get', 'list', 'patch', 'create', 'update', 'watch'],
  subresources: [],
  storedAs: 'crontabs.stable.example.com',
  storedVersion: 'stable.example.com/v1',
  generation: true,
  fieldSelectors: [],
  createOnUpdate: false,
  unconditionalUpdate: false,
  virtual: false,
  storageVersionHash: '',
  custom: {
    listKind: 'CronTabList',
    printerColumns: [],
    schema: {
      description: 'Runs an image on a schedule.',
      type: 'object',
      properties: { spec: { type: 'object', properties: { cronSpec: { type: 'string' } } } },
    },
  },
};
const types = [...servedTypes, crontabs];

function documentOf(name: string): JsonObject {
  const document = openApiDocument(name, types);
  if (document === undefined) throw new Error(`no document ${name}`);
  return document;
}

function schemasOf(name: string): JsonObject {
  return objectAt(objectAt(documentOf(name), 'components'), 'schemas') ?? {};
}

/** Returns every `$ref` within a value. */
function referencesIn(value: Json | undefined): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((entry: Json) => referencesIn(entry));
  if (!isJsonObject(value)) return [];
  const own = typeof value.$ref === 'string' ? [value.$ref] : [];
  return [...own, ...Object.values(value).flatMap(referencesIn)];
}

const documents = Object.keys(objectAt(openApiIndex(types), 'paths') ?? {});

describe('openApiIndex', () => {
  it('lists the documents that a v1.36 server has, and those of custom types', () => {
    expect(documents).toContain('api/v1');
    expect(documents).toContain('apis/apps');
    expect(documents).toContain('apis/stable.example.com/v1');
    expect(documents.filter((name) => name.split('/').length < 3)).toEqual([
      '.well-known/openid-configuration',
      'api',
      'api/v1',
      'apis',
      'apis/admissionregistration.k8s.io',
      'apis/apiextensions.k8s.io',
      'apis/apiregistration.k8s.io',
      'apis/apps',
      'apis/authentication.k8s.io',
      'apis/authorization.k8s.io',
      'apis/autoscaling',
      'apis/batch',
      'apis/certificates.k8s.io',
      'apis/coordination.k8s.io',
      'apis/discovery.k8s.io',
      'apis/events.k8s.io',
      'apis/flowcontrol.apiserver.k8s.io',
      'apis/networking.k8s.io',
      'apis/node.k8s.io',
      'apis/policy',
      'apis/rbac.authorization.k8s.io',
      'apis/resource.k8s.io',
      'apis/scheduling.k8s.io',
      'apis/stable.example.com',
      'apis/storage.k8s.io',
      'version',
    ]);
  });

  it('gives a document a new URL when its types change, and only then', () => {
    const address = (all: readonly ServedType[], name: string): string =>
      stringAt(objectAt(objectAt(openApiIndex(all), 'paths'), name), 'serverRelativeURL');
    const name = 'apis/stable.example.com/v1';
    expect(address(types, name)).toMatch(
      /^\/openapi\/v3\/apis\/stable\.example\.com\/v1\?hash=[0-9A-F]{128}$/,
    );
    expect(address([...servedTypes, { ...crontabs, shortNames: [] }], name)).not.toBe(address(types, name));
    expect(address(servedTypes, 'api/v1')).toBe(address(types, 'api/v1'));
  });
});

describe('openApiDocument', () => {
  it.each(documents)('%s has the target of every reference', (name) => {
    const schemas = name.split('/').length > 1 ? schemasOf(name) : {};
    const known = new Set(Object.keys(schemas).map((schema) => `#/components/schemas/${schema}`));
    expect(referencesIn(documentOf(name)).filter((reference) => !known.has(reference))).toEqual([]);
  });

  it('describes the same fields as the real server, in its own words', () => {
    const container = objectAt(schemasOf('apis/apps/v1'), 'io.k8s.api.core.v1.Container');
    expect(container?.required).toEqual(['name']);
    expect(objectAt(container, 'properties')?.ports).toEqual({
      description: 'Ports it listens on; for information mostly.',
      type: 'array',
      items: { allOf: [{ $ref: '#/components/schemas/io.k8s.api.core.v1.ContainerPort' }] },
      'x-kubernetes-list-map-keys': ['containerPort', 'protocol'],
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-patch-merge-key': 'containerPort',
      'x-kubernetes-patch-strategy': 'merge',
    });
    expect(objectAt(container, 'properties')?.imagePullPolicy).toEqual({
      description: 'When the image is fetched.',
      type: 'string',
      enum: ['Always', 'IfNotPresent', 'Never'],
    });
    const podSpec = objectAt(schemasOf('api/v1'), 'io.k8s.api.core.v1.PodSpec');
    expect(objectAt(objectAt(podSpec, 'properties'), 'volumes')).toMatchObject({
      'x-kubernetes-patch-merge-key': 'name',
      'x-kubernetes-patch-strategy': 'merge,retainKeys',
    });
    expect(objectAt(objectAt(podSpec, 'properties'), 'overhead')).toEqual({
      description: 'Resources that the runtime itself needs.',
      type: 'object',
      additionalProperties: { $ref: '#/components/schemas/io.k8s.apimachinery.pkg.api.resource.Quantity' },
    });
    const port = objectAt(schemasOf('api/v1'), 'io.k8s.api.core.v1.ServicePort');
    expect(objectAt(objectAt(port, 'properties'), 'protocol')).toMatchObject({ default: 'TCP' });
    const selector = objectAt(
      schemasOf('apis/apps/v1'),
      'io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector',
    );
    expect(selector?.['x-kubernetes-map-type']).toBe('atomic');
  });

  it('has a description for every field of every built-in type', () => {
    for (const name of documents.filter((document) => document.split('/').length > 1)) {
      for (const [schemaName, schema] of Object.entries(schemasOf(name))) {
        if (!isJsonObject(schema) || !schemaName.startsWith('io.k8s.')) continue;
        expect(stringAt(schema, 'description'), schemaName).not.toBe('');
        for (const [field, property] of Object.entries(objectAt(schema, 'properties') ?? {})) {
          const description = isJsonObject(property) ? stringAt(property, 'description') : '';
          expect(description, `${schemaName}.${field}`).not.toBe('');
        }
      }
    }
  });

  it('tells kubectl the kind of each path, and that patches support fieldValidation', () => {
    const path = '/apis/apps/v1/namespaces/{namespace}/deployments/{name}';
    const item = objectAt(objectAt(documentOf('apis/apps/v1'), 'paths'), path);
    expect(Object.keys(item ?? {})).toEqual(['delete', 'get', 'patch', 'put', 'parameters']);
    const patch = objectAt(item, 'patch');
    expect(patch?.['x-kubernetes-group-version-kind']).toEqual({
      group: 'apps',
      version: 'v1',
      kind: 'Deployment',
    });
    expect(patch?.parameters).toContainEqual({
      name: 'fieldValidation',
      in: 'query',
      schema: { type: 'string', uniqueItems: true },
    });
    expect(patch?.operationId).toBe('patchAppsV1NamespacedDeployment');
    const scale = objectAt(objectAt(documentOf('apis/apps/v1'), 'paths'), `${path}/scale`);
    expect(objectAt(scale, 'get')?.['x-kubernetes-group-version-kind']).toEqual({
      group: 'autoscaling',
      version: 'v1',
      kind: 'Scale',
    });
  });

  it('reads custom types from their schema', () => {
    const schema = objectAt(schemasOf('apis/stable.example.com/v1'), 'com.example.stable.v1.CronTab');
    expect(schema?.['x-kubernetes-group-version-kind']).toEqual([
      { group: 'stable.example.com', kind: 'CronTab', version: 'v1' },
    ]);
    expect(stringAt(schema, 'description')).toBe('Runs an image on a schedule.');
    expect(Object.keys(objectAt(schema, 'properties') ?? {})).toEqual([
      'apiVersion',
      'kind',
      'spec',
      'metadata',
    ]);
    expect(schemasOf('apis/stable.example.com/v1')).toHaveProperty(['com.example.stable.v1.CronTabList']);
  });

  it('is absent for versions that are not served', () => {
    expect(openApiDocument('apis/nothing.example.com/v1', types)).toBeUndefined();
    expect(openApiDocument('api/v2', types)).toBeUndefined();
    expect(openApiDocument('', types)).toBeUndefined();
  });
});

describe('openApiV2', () => {
  it('has all types, with its own references', () => {
    const document = openApiV2(types);
    const definitions = objectAt(document, 'definitions') ?? {};
    const known = new Set(Object.keys(definitions).map((name) => `#/definitions/${name}`));
    expect(referencesIn(document).filter((reference) => !known.has(reference))).toEqual([]);
    expect(
      objectAt(objectAt(definitions['io.k8s.api.apps.v1.Deployment'] as JsonObject, 'properties'), 'spec'),
    ).toEqual({
      description: 'What is wanted.',
      $ref: '#/definitions/io.k8s.api.apps.v1.DeploymentSpec',
    });
  });
});

describe('schemas', () => {
  it('exist for every built-in type', () => {
    expect(servedTypes.filter((type) => structOfType(type) === undefined)).toEqual([]);
  });

  it('give merge keys, list keys and strategies', () => {
    const spec = structNamed('io.k8s.api.core.v1.ServiceSpec');
    expect(spec?.fields.get('ports')).toMatchObject({
      listKeys: ['port', 'protocol'],
      patchMergeKey: 'port',
      patchStrategy: 'merge',
    });
    expect(structNamed('io.k8s.api.apps.v1.DeploymentSpec')?.fields.get('strategy')?.patchStrategy).toBe(
      'retainKeys',
    );
    expect(
      structNamed('io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta')?.fields.get('finalizers'),
    ).toMatchObject({
      isSet: true,
      patchStrategy: 'merge',
    });
  });

  it('distinguish the same name in two groups', () => {
    const event = (name: string): readonly string[] => [...(structNamed(name)?.fields.keys() ?? [])];
    expect(event('io.k8s.api.core.v1.Event')).toContain('involvedObject');
    expect(event('io.k8s.api.events.v1.Event')).toContain('regarding');
    const port = structNamed('io.k8s.api.discovery.v1.EndpointSlice')?.fields.get('ports')?.type;
    expect(port).toEqual({
      kind: 'list',
      of: { kind: 'struct', name: 'io.k8s.api.discovery.v1.EndpointPort' },
    });
  });
});
