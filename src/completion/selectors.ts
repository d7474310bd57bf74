// Completes label and field selectors. Entry points: labelSelectors(), labelKeys(),
// fieldSelectors().

import { escapeFieldValue } from '../model/field-selector.ts';
import { arrayAt, isJsonObject, stringAt } from '../model/object.ts';
import { groupResourceOf, type ResourceType } from '../model/resource.ts';
import { schemaOfKind } from '../model/schema.ts';
import { isValue, type Candidate } from './candidates.ts';
import type { Line } from './line.ts';
import { typeOf } from './named-types.ts';
import type { Sources } from './sources.ts';

/**
 * Fields that servers can select built-in types by, in addition to name and namespace, with their
 * values if there are few.
 * @see
 *   https://kubernetes.io/docs/concepts/overview/working-with-objects/field-selectors/#list-of-supported-fields
 */
const selectableFields: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  pods: {
    'spec.hostNetwork': ['true', 'false'],
    'spec.nodeName': [],
    'spec.restartPolicy': ['Always', 'Never', 'OnFailure'],
    'spec.schedulerName': ['default-scheduler'],
    'spec.serviceAccountName': [],
    'status.nominatedNodeName': [],
    'status.phase': ['Failed', 'Pending', 'Running', 'Succeeded', 'Unknown'],
    'status.podIP': [],
    'status.podIPs': [],
  },
  events: {
    'involvedObject.apiVersion': [],
    'involvedObject.fieldPath': [],
    'involvedObject.kind': [],
    'involvedObject.name': [],
    'involvedObject.namespace': [],
    'involvedObject.resourceVersion': [],
    'involvedObject.uid': [],
    reason: [],
    reportingComponent: [],
    source: [],
    type: ['Normal', 'Warning'],
  },
  secrets: {
    type: [
      'Opaque',
      'kubernetes.io/dockerconfigjson',
      'kubernetes.io/service-account-token',
      'kubernetes.io/tls',
    ],
  },
  namespaces: { 'status.phase': ['Active', 'Terminating'] },
  nodes: { 'spec.unschedulable': ['true', 'false'] },
  replicationcontrollers: { 'status.replicas': [] },
  'replicasets.apps': { 'status.replicas': [] },
  'jobs.batch': { 'status.successful': [] },
  'certificatesigningrequests.certificates.k8s.io': { 'spec.signerName': [] },
};

const operators = /!=|==|=/;

/**
 * Completes `KEY`, then its values after `=`, `==` or `!=`, and several terms separated by commas.
 */
export async function labelSelectors(line: Line, sources: Sources): Promise<Candidate[]> {
  // kapi does not complete inside `env in (a,b)`, which has its own commas.
  if (/[()\s]/.test(line.text)) return [];
  const labels = await labelsOf(line, sources);
  const head = line.text.slice(0, line.text.lastIndexOf(',') + 1);
  const last = line.text.slice(head.length);
  const operator = operators.exec(last);
  if (operator === null) {
    const not = last.startsWith('!') ? '!' : '';
    return [...labels.keys()].map((key) => ({ value: `${head}${not}${key}`, isPartial: not === '' }));
  }
  const key = last.slice(0, operator.index);
  return [...(labels.get(key) ?? [])].map((value) => ({ value: `${head}${key}${operator[0]}${value}` }));
}

/** Completes a label key. */
export async function labelKeys(line: Line, sources: Sources): Promise<Candidate[]> {
  return [...(await labelsOf(line, sources)).keys()].filter(isValue).map((value) => ({ value }));
}

/** Completes field names, then their values if they are known. */
export async function fieldSelectors(line: Line, sources: Sources): Promise<Candidate[]> {
  const typeName = typeOf(line);
  const type = typeName === undefined ? undefined : await sources.type(typeName);
  const head = line.text.slice(0, line.text.lastIndexOf(',') + 1);
  const last = line.text.slice(head.length);
  const operator = operators.exec(last);
  if (operator === null) {
    const fields = type === undefined ? nameFields(true) : await fieldsOfType(type, sources);
    return fields.map((field) => ({ value: `${head}${field}=`, isPartial: true }));
  }
  const field = last.slice(0, operator.index);
  const values = type === undefined ? [] : await valuesOf(type, field, sources);
  return values.map((value) => ({ value: `${head}${field}${operator[0]}${value}` }));
}

async function fieldsOfType(type: ResourceType, sources: Sources): Promise<string[]> {
  const known = selectableFields[groupResourceOf(type)];
  if (known !== undefined) return [...nameFields(type.namespaced), ...Object.keys(known)];
  const document = await sources.schemas(type);
  const kind =
    document !== undefined && Object.hasOwn(document.kinds, type.resource)
      ? document.kinds[type.resource]
      : undefined;
  const schema = document === undefined || kind === undefined ? undefined : schemaOfKind(kind, document);
  const declared = arrayAt(schema, 'x-kubernetes-selectable-fields')
    .filter(isJsonObject)
    .map((field) => stringAt(field, 'fieldPath').replace(/^\./, ''))
    .filter(isValue);
  return [...nameFields(type.namespaced), ...declared];
}

async function valuesOf(type: ResourceType, field: string, sources: Sources): Promise<readonly string[]> {
  if (field === 'metadata.name') return (await sources.names(type)).map(escapeFieldValue);
  const nodes = field === 'spec.nodeName' ? await sources.type('nodes') : undefined;
  if (nodes !== undefined) return (await sources.names(nodes)).map(escapeFieldValue);
  return selectableFields[groupResourceOf(type)]?.[field] ?? [];
}

function nameFields(namespaced: boolean): string[] {
  return namespaced ? ['metadata.name', 'metadata.namespace'] : ['metadata.name'];
}

async function labelsOf(line: Line, sources: Sources): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const typeName = typeOf(line);
  const type = typeName === undefined ? undefined : await sources.type(typeName);
  return type === undefined ? new Map() : sources.labels(type, line.flags['all-namespaces'] === true);
}
