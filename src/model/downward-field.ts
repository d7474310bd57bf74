// Evaluates fieldRef: fields of the pod as the kubelet writes them into variables and files. Entry
// points: envFieldValue, fileFieldValue, formatMap. downward.ts finds the references.

import type { DownwardValue } from './downward-resource.ts';
import { goQuote } from './go-quote.ts';
import { arrayAt, isJsonObject, objectAt, stringAt, type JsonObject, type KubeObject } from './object.ts';

/** A reference to a field of the pod. */
export interface FieldRef {
  readonly kind: 'field';
  /** `metadata.name`, `metadata.labels['app']`. */
  readonly path: string;
}

/** Annotations that only the kubelet adds on its node: no API server has them, but files do. */
export const kubeletAnnotations: readonly string[] = [
  'kubernetes.io/config.seen',
  'kubernetes.io/config.source',
];

/**
 * Returns the value of a field as an environment variable.
 * @see https://kubernetes.io/docs/concepts/workloads/pods/downward-api/#downwardapi-fieldRef
 */
export function envFieldValue(pod: KubeObject, path: string): DownwardValue {
  const spec = objectAt(pod, 'spec');
  const status = objectAt(pod, 'status');
  switch (path) {
    // spec.host is the old name of the first v1 clients; the API still converts it.
    case 'spec.nodeName':
    case 'spec.host':
      return valueOrUnknown(stringAt(spec, 'nodeName'), noNode);
    case 'spec.serviceAccountName':
      return { kind: 'value', text: stringAt(spec, 'serviceAccountName') };
    case 'status.hostIP':
      return valueOrUnknown(stringAt(status, 'hostIP'), hostMissing(spec));
    case 'status.hostIPs':
      return valueOrUnknown(addressesOf(status, 'hostIPs', 'hostIP'), hostMissing(spec));
    case 'status.podIP':
      return valueOrUnknown(stringAt(status, 'podIP'), 'the pod has no IP address yet');
    case 'status.podIPs':
      return valueOrUnknown(addressesOf(status, 'podIPs', 'podIP'), 'the pod has no IP address yet');
    default:
      return fileFieldValue(pod, path);
  }
}

/**
 * Returns the value of a field as a file. Only metadata is allowed: files follow the pod, and its
 * status would change them all the time.
 */
export function fileFieldValue(pod: KubeObject, path: string): DownwardValue {
  const { metadata } = pod;
  const subscript = /^(.+?)\['(.*)'\]$/s.exec(path);
  if (subscript !== null) {
    const [, map = '', key = ''] = subscript;
    if (map !== 'metadata.labels' && map !== 'metadata.annotations') return unsupportedPath(path);
    if (map === 'metadata.annotations' && kubeletAnnotations.includes(key))
      return kubeletAnnotation(pod, key);
    // A missing key is an empty value, not an error.
    return { kind: 'value', text: stringAt(objectAt(metadata, map.slice('metadata.'.length)), key) };
  }
  switch (path) {
    case 'metadata.name':
    case 'metadata.namespace':
    case 'metadata.uid':
      return { kind: 'value', text: stringAt(metadata, path.slice('metadata.'.length)) };
    case 'metadata.labels':
      return { kind: 'value', text: formatMap(objectAt(metadata, 'labels') ?? {}) };
    case 'metadata.annotations': {
      const annotations = objectAt(metadata, 'annotations') ?? {};
      const hasAll = kubeletAnnotations.every((key) => annotations[key] !== undefined);
      return { kind: 'value', text: formatMap(annotations), ...(hasAll ? {} : { kubeletAdds: true }) };
    }
    default:
      return unsupportedPath(path);
  }
}

/**
 * Only static pods, which the kubelet does not get from the API server, show these annotations
 * there.
 */
function kubeletAnnotation({ metadata }: KubeObject, key: string): DownwardValue {
  const value = stringAt(objectAt(metadata, 'annotations'), key);
  if (value !== '') return { kind: 'value', text: value };
  return key === 'kubernetes.io/config.source'
    ? { kind: 'value', text: 'api' }
    : { kind: 'unknown', reason: 'the kubelet alone knows it', needsNode: false };
}

/**
 * Formats a map as `key="value"` lines, sorted by key, with values quoted as in Go, without a line
 * end at the end.
 */
export function formatMap(map: JsonObject): string {
  return Object.keys(map)
    .sort()
    .map((key) => `${key}=${goQuote(stringAt(map, key))}`)
    .join('\n');
}

const noNode = 'the pod is on no node yet';

function hostMissing(spec: JsonObject | undefined): string {
  return stringAt(spec, 'nodeName') === '' ? noNode : 'the node has not reported its address yet';
}

/**
 * Returns the addresses of a status. Servers before 1.28 (hosts) and 1.16 (pods) have only one
 * address.
 */
function addressesOf(status: JsonObject | undefined, many: string, one: string): string {
  const addresses = arrayAt(status, many)
    .filter(isJsonObject)
    .map((entry) => stringAt(entry, 'ip'));
  return addresses.length === 0 ? stringAt(status, one) : addresses.join(',');
}

function valueOrUnknown(text: string, otherwise: string): DownwardValue {
  return text === '' ? { kind: 'unknown', reason: otherwise, needsNode: false } : { kind: 'value', text };
}

function unsupportedPath(path: string): DownwardValue {
  return { kind: 'invalid', reason: `unsupported fieldPath: ${path}` };
}

/** Returns the lines of an annotations file that come from the API server. */
export function withoutKubeletLines(text: string): string {
  return text
    .split('\n')
    .filter((line) => !kubeletAnnotations.some((key) => line.startsWith(`${key}="`)))
    .join('\n');
}
