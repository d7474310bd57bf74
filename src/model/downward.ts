// Lists what the Downward API gives to a pod's containers: variables and files with their values.
// Pure. Entry points: downwardOf, needsNode. downward-field.ts and downward-resource.ts evaluate
// the references.

import { posix } from 'node:path';
import { envFieldValue, fileFieldValue, type FieldRef } from './downward-field.ts';
import {
  quantityOf,
  resourceValue,
  type DownwardValue,
  type NodeFacts,
  type ResourceRef,
} from './downward-resource.ts';
import { arrayAt, isJsonObject, objectAt, stringAt, type JsonObject, type KubeObject } from './object.ts';

export type DownwardRef = FieldRef | ResourceRef;

/** A text that contains variables with values of the Downward API: `$(POD_NAME)-x`. */
export interface TextRef {
  readonly kind: 'text';
  readonly text: string;
}

/**
 * A variable with a value of the Downward API. It keeps the value from the start of its container.
 */
export interface DownwardEnv {
  readonly name: string;
  readonly ref: DownwardRef | TextRef;
  readonly value: DownwardValue;
}

/** A file of a `downwardAPI` or `projected` volume. */
export interface DownwardFile {
  readonly volume: string;
  /**
   * Path inside the volume, cleaned: no `.` and no double slash. It is not checked that it stays
   * inside (`..`).
   */
  readonly path: string;
  /** Permission bits of the file. */
  readonly mode: number;
  readonly ref: DownwardRef;
  readonly value: DownwardValue;
}

/** A file as a container sees it. */
export interface MountedFile {
  /** Absolute, in the container. */
  readonly path: string;
  readonly file: DownwardFile;
  /**
   * True if the kubelet updates the file when the pod changes. Files mounted by `subPath` keep
   * their first content.
   */
  readonly refreshed: boolean;
}

export interface DownwardContainer {
  readonly name: string;
  /** A sidecar is an init container that keeps running. */
  readonly type: 'init' | 'sidecar' | 'container' | 'ephemeral';
  /** Names of all variables in `env`, whatever their source. */
  readonly variables: readonly string[];
  /** In the order of their declaration. */
  readonly env: readonly DownwardEnv[];
  readonly files: readonly MountedFile[];
}

export interface DownwardVolume {
  readonly name: string;
  readonly files: readonly DownwardFile[];
}

export interface Downward {
  readonly pod: string;
  readonly namespace: string;
  /** Empty if the pod is not scheduled yet. */
  readonly node: string;
  /**
   * Init containers and sidecars first, ephemeral ones last; includes containers without Downward
   * API values.
   */
  readonly containers: readonly DownwardContainer[];
  /** Volumes with at least one file of the Downward API. */
  readonly volumes: readonly DownwardVolume[];
}

/**
 * Evaluates all Downward API references of a pod.
 * @param node the source of unset limits. `unasked` gives `needsNode` values, which show whether a
 *   request for the node is worthwhile.
 */
export function downwardOf(pod: KubeObject, node: NodeFacts): Downward {
  const spec = objectAt(pod, 'spec') ?? {};
  const volumes = arrayAt(spec, 'volumes')
    .filter(isJsonObject)
    .map((volume) => ({ name: stringAt(volume, 'name'), files: filesOf(pod, volume, node) }))
    .filter(({ files }) => files.length > 0);
  const containers = containersOf(spec).map(([type, container]) => {
    const variables = variablesOf(pod, container, node);
    return {
      name: stringAt(container, 'name'),
      type,
      variables: [...variables.keys()],
      env: [...variables].flatMap(([name, { ref, value }]) =>
        ref === undefined ? [] : [{ name, ref, value }],
      ),
      files: mountedFiles(container, volumes),
    };
  });
  return {
    pod: stringAt(pod.metadata, 'name'),
    namespace: stringAt(pod.metadata, 'namespace'),
    node: stringAt(spec, 'nodeName'),
    containers,
    volumes,
  };
}

/** True if a value needs the node's allocatable. */
export function needsNode({ containers, volumes }: Downward): boolean {
  return [...containers.flatMap(({ env }) => env), ...volumes.flatMap(({ files }) => files)].some(
    ({ value }) => value.kind === 'unknown' && value.needsNode,
  );
}

/** Formats a reference: `metadata.name`, `limits.cpu of sidecar by 1m`, `$(POD_NAME)-x`. */
export function describeRef(ref: DownwardRef | TextRef): string {
  if (ref.kind === 'text') return ref.text;
  if (ref.kind === 'field') return ref.path;
  const of = ref.container === '' ? '' : ` of ${ref.container}`;
  return `${ref.resource}${of} by ${ref.divisor}`;
}

function containersOf(spec: JsonObject): [DownwardContainer['type'], JsonObject][] {
  const at = (key: string): JsonObject[] => arrayAt(spec, key).filter(isJsonObject);
  return [
    ...at('initContainers').map((one): [DownwardContainer['type'], JsonObject] => [
      one['restartPolicy'] === 'Always' ? 'sidecar' : 'init',
      one,
    ]),
    ...at('containers').map((one): [DownwardContainer['type'], JsonObject] => ['container', one]),
    ...at('ephemeralContainers').map((one): [DownwardContainer['type'], JsonObject] => ['ephemeral', one]),
  ];
}

/** A variable of a container. */
interface Variable {
  /** Undefined: the Downward API has no part in the value. */
  readonly ref: DownwardRef | TextRef | undefined;
  readonly value: DownwardValue;
}

/** Returns the variables of a container. If a name is declared twice, the last one counts. */
function variablesOf(pod: KubeObject, container: JsonObject, node: NodeFacts): ReadonlyMap<string, Variable> {
  const variables = new Map<string, Variable>();
  for (const declared of arrayAt(container, 'env').filter(isJsonObject)) {
    const name = stringAt(declared, 'name');
    const text = stringAt(declared, 'value');
    const variable =
      text === '' ? sourcedVariable(pod, container, declared, node) : expandedVariable(text, variables);
    // Deleted first, because a map keeps the place of a name that it has.
    variables.delete(name);
    variables.set(name, variable);
  }
  return variables;
}

function sourcedVariable(
  pod: KubeObject,
  container: JsonObject,
  declared: JsonObject,
  node: NodeFacts,
): Variable {
  const source = objectAt(declared, 'valueFrom');
  const ref = refOf(source);
  if (ref !== undefined) {
    const value =
      ref.kind === 'field' ? envFieldValue(pod, ref.path) : envResourceValue(pod, container, ref, node);
    return { ref, value };
  }
  if (source === undefined) return { ref, value: { kind: 'value', text: '' } };
  return { ref, value: { kind: 'unknown', reason: 'not in the pod', needsNode: false } };
}

/**
 * A reference to a variable, or an escaped `$`. Other uses of `$` are text. The limit of the name
 * keeps the time linear for a text full of `$(`.
 */
const variableReference = /\$(?:\$|\(([^)]{0,253})\))/g;

/** Max characters of an expanded value: each variable can double the one before. */
const maxExpandedLength = 1_000_000;

/**
 * Expands the variables in a value as the kubelet does: those that are declared before. Others stay
 * as they are.
 * @see https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/
 */
function expandedVariable(text: string, variables: ReadonlyMap<string, Variable>): Variable {
  const used = [...text.matchAll(variableReference)].flatMap(([, name]) => {
    const variable = name === undefined ? undefined : variables.get(name);
    return name === undefined || variable === undefined ? [] : [{ name, ...variable }];
  });
  const ref = used.some((each) => each.ref !== undefined) ? ({ kind: 'text', text } as const) : undefined;
  let length = text.length;
  for (const { name, value } of used) {
    if (value.kind !== 'value') return { ref, value: { ...value, reason: `$(${name}): ${value.reason}` } };
    length += value.text.length;
  }
  if (length > maxExpandedLength) {
    return { ref, value: { kind: 'unknown', reason: 'too long to expand', needsNode: false } };
  }
  const expanded = text.replace(variableReference, (reference, name: string | undefined) => {
    if (name === undefined) return '$';
    const value = variables.get(name)?.value;
    return value?.kind === 'value' ? value.text : reference;
  });
  return { ref, value: { kind: 'value', text: expanded } };
}

function envResourceValue(
  pod: KubeObject,
  own: JsonObject,
  ref: ResourceRef,
  node: NodeFacts,
): DownwardValue {
  const spec = objectAt(pod, 'spec');
  const podLimits = objectAt(objectAt(spec, 'resources'), 'limits');
  if (ref.container === '') return resourceValue(ref, { container: own, podLimits, node });
  const regular = findByName(spec, 'containers', ref.container);
  if (regular !== undefined) return resourceValue(ref, { container: regular, podLimits, node });
  // A variable that names a container gets defaults for limits of regular containers only.
  const init = findByName(spec, 'initContainers', ref.container);
  if (init !== undefined) return resourceValue(ref, { container: init, node: undefined });
  return noContainer(ref.container);
}

function filesOf(pod: KubeObject, volume: JsonObject, node: NodeFacts): DownwardFile[] {
  const projected = objectAt(volume, 'projected');
  const sources = [
    objectAt(volume, 'downwardAPI'),
    ...arrayAt(projected, 'sources')
      .filter(isJsonObject)
      .map((source) => objectAt(source, 'downwardAPI')),
  ];
  const defaultMode = modeOf(objectAt(volume, 'downwardAPI') ?? projected, 'defaultMode') ?? 0o644;
  const files = new Map<string, DownwardFile>();
  for (const item of sources.flatMap((source) => arrayAt(source, 'items')).filter(isJsonObject)) {
    const ref = refOf(item);
    if (ref === undefined) continue;
    const path = cleanPath(stringAt(item, 'path'));
    files.set(path, {
      volume: stringAt(volume, 'name'),
      path,
      mode: (modeOf(item, 'mode') ?? defaultMode) | groupBits(pod),
      ref,
      value: ref.kind === 'field' ? fileFieldValue(pod, ref.path) : fileResourceValue(pod, ref, node),
    });
  }
  return [...files.values()];
}

function fileResourceValue(pod: KubeObject, ref: ResourceRef, node: NodeFacts): DownwardValue {
  const spec = objectAt(pod, 'spec');
  const container =
    findByName(spec, 'containers', ref.container) ?? findByName(spec, 'initContainers', ref.container);
  // Pod-level limits replace missing limits in variables only, not in volumes.
  return container === undefined ? noContainer(ref.container) : resourceValue(ref, { container, node });
}

function mountedFiles(container: JsonObject, volumes: readonly DownwardVolume[]): MountedFile[] {
  return arrayAt(container, 'volumeMounts')
    .filter(isJsonObject)
    .flatMap((mount) => {
      const volume = volumes.find(({ name }) => name === stringAt(mount, 'name'));
      const mountPath = stringAt(mount, 'mountPath');
      // The value of subPathExpr depends on all variables, including those from Secrets.
      if (volume === undefined || mountPath === '' || stringAt(mount, 'subPathExpr') !== '') return [];
      const subPath = cleanPath(stringAt(mount, 'subPath'));
      return volume.files.flatMap((file): MountedFile[] => {
        const rest = restOf(file.path, subPath);
        return rest === undefined
          ? []
          : [{ path: posix.join('/', mountPath, rest), file, refreshed: subPath === '.' }];
      });
    });
}

/** Returns the part of a path below a directory. Undefined if the path is not in it. */
function restOf(path: string, directory: string): string | undefined {
  if (directory === '.') return path;
  if (path === directory) return '';
  return path.startsWith(`${directory}/`) ? path.slice(directory.length + 1) : undefined;
}

/** Cleans a path as Go's filepath.Clean does. */
function cleanPath(path: string): string {
  const normal = posix.normalize(path);
  return normal.length > 1 && normal.endsWith('/') ? normal.slice(0, -1) : normal;
}

/** Returns the group bits: with an fsGroup the kubelet lets the group read. */
function groupBits(pod: KubeObject): number {
  const group = objectAt(objectAt(pod, 'spec'), 'securityContext')?.['fsGroup'];
  return group === undefined || group === null ? 0 : 0o440;
}

function modeOf(object: JsonObject | undefined, key: string): number | undefined {
  const mode = object?.[key];
  return typeof mode === 'number' && Number.isInteger(mode) && mode >= 0 && mode <= 0o777 ? mode : undefined;
}

function refOf(source: JsonObject | undefined): DownwardRef | undefined {
  const field = objectAt(source, 'fieldRef');
  if (field !== undefined) return { kind: 'field', path: stringAt(field, 'fieldPath') };
  const resource = objectAt(source, 'resourceFieldRef');
  if (resource === undefined) return undefined;
  return {
    kind: 'resource',
    container: stringAt(resource, 'containerName'),
    resource: stringAt(resource, 'resource'),
    divisor: divisorText(resource),
  };
}

function divisorText({ divisor }: JsonObject): string {
  const quantity = quantityOf(divisor);
  if (quantity?.sign === 0 || divisor === undefined || divisor === null || divisor === '') return '1';
  return typeof divisor === 'string' ? divisor : JSON.stringify(divisor);
}

function findByName(spec: JsonObject | undefined, key: string, name: string): JsonObject | undefined {
  return arrayAt(spec, key)
    .filter(isJsonObject)
    .find((container) => container['name'] === name);
}

function noContainer(name: string): DownwardValue {
  return { kind: 'invalid', reason: `container ${name} not found` };
}
