// Prints the values of the Downward API as rows or as a document. Entry point: printValues().

import type { Downward, DownwardRef, TextRef } from '../../model/downward.ts';
import { describeRef } from '../../model/downward.ts';
import { kubeletAnnotations } from '../../model/downward-field.ts';
import type { DownwardValue } from '../../model/downward-resource.ts';
import type { Json, JsonObject } from '../../model/object.ts';
import { printRows } from '../../output/rows.ts';
import { isStructured, printStructured } from '../../output/structured.ts';
import type { Deps } from '../deps.ts';
import type { Comparison, Here } from './compare-here.ts';
import type { DownwardOptions } from './options.ts';

/** One variable or file of one container. */
interface Entry {
  readonly container: string;
  readonly kind: 'env' | 'file';
  /** Name of the variable or path of the file. */
  readonly name: string;
  readonly ref: DownwardRef | TextRef;
  readonly value: DownwardValue;
  readonly here: Here | undefined;
  /** Fields of files only. */
  readonly file: JsonObject;
}

/** Max terminal columns of a value: an annotation can be a whole object as JSON. */
const maxValueWidth = 60;

/**
 * Prints the values.
 * @param compared the actual values, for kapi's own container
 */
export async function printValues(
  downward: Downward,
  compared: Comparison | undefined,
  { output, noHeaders }: DownwardOptions,
  deps: Deps,
): Promise<void> {
  const entries = entriesOf(downward, compared);
  const { out } = deps.io;
  if (isStructured(output)) {
    return printStructured(out, output, documentOf(downward, entries), entries.map(entryJson));
  }
  if (entries.length === 0) {
    deps.warn(`The Downward API gives nothing to pod ${downward.pod}.`);
    return;
  }
  await printRows(out, {
    columns: [
      'CONTAINER',
      'KIND',
      'NAME',
      'VALUE',
      'FROM',
      'NOTE',
      ...(compared === undefined ? [] : ['HERE']),
    ],
    rows: entries.map((entry) => [
      entry.container,
      entry.kind,
      entry.name,
      entry.value.kind === 'value' ? entry.value.text : `<${entry.value.kind}>`,
      describeRef(entry.ref),
      noteOf(entry.value),
      ...(compared === undefined ? [] : [describeHere(entry.here)]),
    ]),
    noHeaders,
    maxWidth: maxValueWidth,
  });
  if (compared !== undefined) explainDifferences(entries, deps);
}

function entriesOf({ containers }: Downward, compared: Comparison | undefined): Entry[] {
  return containers.flatMap((container): Entry[] => [
    ...container.env.map((one) => ({
      container: container.name,
      kind: 'env' as const,
      name: one.name,
      ref: one.ref,
      value: one.value,
      here: compared?.env.get(one),
      file: {},
    })),
    ...container.files.map((one) => ({
      container: container.name,
      kind: 'file' as const,
      name: one.path,
      ref: one.file.ref,
      value: one.file.value,
      here: compared?.files.get(one),
      file: { volume: one.file.volume, mode: octal(one.file.mode), refreshed: one.refreshed },
    })),
  ]);
}

function noteOf(value: DownwardValue): string {
  if (value.kind !== 'value') return value.reason;
  if (value.kubeletAdds === true) return `the kubelet adds ${kubeletAnnotations.join(' and ')}`;
  if (value.default === undefined) return '';
  return `no limit set: the ${value.default === 'node' ? "node's allocatable" : "pod's limit"}`;
}

/** Describes the actual value. Empty for other containers, whose values kapi cannot see. */
function describeHere(here: Here | undefined): string {
  switch (here?.kind) {
    case undefined:
      return '';
    case 'same':
      return 'same';
    case 'differs':
      return `differs: ${here.actual}`;
    case 'unchecked':
      return `unchecked: ${here.actual}`;
    case 'absent':
      return `absent: ${here.why}`;
  }
}

function explainDifferences(entries: readonly Entry[], deps: Deps): void {
  const differing = entries.filter(({ here }) => here?.kind === 'differs');
  if (differing.some(({ kind }) => kind === 'env')) {
    deps.warn('Variables that differ keep what they were when the container started.');
  }
  if (differing.some(({ kind, file }) => kind === 'file' && file['refreshed'] === true)) {
    deps.warn('Files that differ follow the pod within a minute or two.');
  }
  if (differing.some(({ kind, file }) => kind === 'file' && file['refreshed'] === false)) {
    deps.warn('Files mounted by subPath keep what they were when the container started.');
  }
}

function documentOf(downward: Downward, entries: readonly Entry[]): Json {
  const of = (container: string, kind: Entry['kind']): Json[] =>
    entries
      .filter((entry) => entry.container === container && entry.kind === kind)
      .map((entry) => withoutPlace(entryJson(entry)));
  return {
    pod: downward.pod,
    namespace: downward.namespace,
    node: downward.node,
    containers: downward.containers.map(({ name, type }) => ({
      name,
      type,
      env: of(name, 'env'),
      files: of(name, 'file'),
    })),
    volumes: downward.volumes.map(({ name, files }) => ({
      name,
      files: files.map(({ path, mode, ref, value }) => ({
        path,
        mode: octal(mode),
        ...refJson(ref),
        ...valueJson(value),
      })),
    })),
  };
}

function withoutPlace(json: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(json).filter(([key]) => key !== 'container' && key !== 'kind'));
}

function entryJson({ container, kind, name, ref, value, here, file }: Entry): JsonObject {
  return {
    container,
    kind,
    name,
    ...file,
    ...refJson(ref),
    ...valueJson(value),
    ...(here === undefined ? {} : { here: hereJson(here) }),
  };
}

/** Returns a reference in the form of the pod's specification. */
function refJson(ref: DownwardRef | TextRef): JsonObject {
  if (ref.kind === 'text') return { expandedFrom: ref.text };
  if (ref.kind === 'field') return { fieldRef: { fieldPath: ref.path } };
  const { container, resource, divisor } = ref;
  return {
    resourceFieldRef: { ...(container === '' ? {} : { containerName: container }), resource, divisor },
  };
}

function valueJson(value: DownwardValue): JsonObject {
  if (value.kind !== 'value') return { [value.kind]: value.reason };
  return {
    value: value.text,
    ...(value.default === undefined ? {} : { defaultedFrom: value.default }),
    ...(value.kubeletAdds === undefined ? {} : { kubeletAdds: kubeletAnnotations }),
  };
}

function hereJson(here: Here): JsonObject {
  switch (here.kind) {
    case 'same':
      return { state: here.kind };
    case 'absent':
      return { state: here.kind, reason: here.why };
    case 'differs':
    case 'unchecked':
      return { state: here.kind, value: here.actual };
  }
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, '0');
}
