// GET of one object and LIST of many, in every form and at every resourceVersion. Entry points: getObject, listObjects.
// Watches: watching.ts.

import type { SandboxState } from '../store/state.ts';
import { objectAt, stringAt, type JsonObject, type KubeObject } from '../../model/object.ts';
import { apiVersionOf } from '../../model/resource.ts';
import { objectAnswer, type Answer, type Call } from '../http/call.ts';
import { toServed } from './convert.ts';
import { encodeJson } from '../http/encoding.ts';
import {
  columnsToJson,
  includeObjectOf,
  listItem,
  listKindOf,
  listMetaToJson,
  partialMetadata,
  printed,
  tableOf,
  tableRow,
  type ListMeta,
} from './forms.ts';
import { encodeContinue, readListOptions, type ListOptions } from './list-options.ts';
import { formRequestOf, negotiate, type OutputForm } from '../http/negotiation.ts';
import { expired, notFound, StatusError } from '../http/status.ts';
import { keyOf, RevisionGone, type Snapshot } from '../store/store.ts';
import type { ServedType } from '../types/types.ts';

/** Where a resource request points. */
export interface Target {
  readonly type: ServedType;
  /** Empty: all namespaces, or a cluster-scoped type. */
  readonly namespace: string;
  readonly name: string;
}

/** Pieces of a list are about this long, so that a slow client holds back the server and not its memory. */
const itemsPerChunk = 250;

/** Form of an answer that is one object of a type. */
export function objectFormOf(call: Call): OutputForm {
  return negotiate(formRequestOf(call), ['Table', 'PartialObjectMetadata']);
}

/** An object as the answer to any request about it. */
export function answerWithObject(
  state: SandboxState,
  call: Call,
  type: ServedType,
  stored: KubeObject,
  form: OutputForm,
  status = 200,
): Answer {
  const object = toServed(type, stored);
  if (form.as === 'Table') {
    const meta = { resourceVersion: stringAt(object.metadata, 'resourceVersion') };
    return objectAnswer(
      form,
      tableOf(type, [object], meta, includeObjectOf(call.query), state.now()),
      status,
    );
  }
  if (form.as === 'PartialObjectMetadata') return objectAnswer(form, partialMetadata(object), status);
  return objectAnswer(form, printed(type, object), status);
}

/** @throws StatusError 404 */
export function requireObject(state: SandboxState, { type, namespace, name }: Target): KubeObject {
  const object = state.store.get(type.storedAs, keyOf(namespace, name));
  if (object === undefined) throw notFound(type, name);
  return object;
}

/** GET of a name. */
export function getObject(state: SandboxState, call: Call, target: Target): Answer {
  const form = objectFormOf(call);
  return answerWithObject(state, call, target.type, requireObject(state, target), form);
}

/** LIST of a type, in a namespace or everywhere. */
export function listObjects(state: SandboxState, call: Call, target: Target): Answer {
  const { type } = target;
  const form = negotiate(formRequestOf(call), ['Table', 'PartialObjectMetadataList']);
  const options = readListOptions(call.query, type, false);
  // Objects are immutable, so holding the selected ones is a snapshot that outlives later changes.
  const page = selectPage(state, target, options);
  const objects = page.objects.map((object) => toServed(type, object));
  if (form.as === 'Table') return tableAnswer(state, call, type, objects, page.meta, form);
  if (form.as === 'PartialObjectMetadataList') {
    const head = {
      kind: 'PartialObjectMetadataList',
      apiVersion: 'meta.k8s.io/v1',
      metadata: listMetaToJson(page.meta),
    };
    return listAnswer(form, head, 'items', objects, partialMetadata);
  }
  const kind = listKindOf(type);
  const apiVersion = apiVersionOf(type);
  const metadata = listMetaToJson(page.meta);
  const item = (object: KubeObject): JsonObject => listItem(type, object);
  if (type.custom === undefined)
    return listAnswer(form, { kind, apiVersion, metadata }, 'items', objects, item);
  // Lists of custom resources are maps to the server: sorted keys, and an empty continue token that others leave out.
  const rest = { kind, metadata: { ...metadata, continue: page.meta.continue ?? '' } };
  return listAnswer(form, { apiVersion }, 'items', objects, item, rest);
}

function tableAnswer(
  state: SandboxState,
  call: Call,
  type: ServedType,
  objects: readonly KubeObject[],
  meta: ListMeta,
  form: OutputForm,
): Answer {
  const include = includeObjectOf(call.query);
  const now = state.now();
  const head = {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: listMetaToJson(meta),
    columnDefinitions: columnsToJson(type),
  };
  return listAnswer(form, head, 'rows', objects, (object) => tableRow(type, object, include, now));
}

/** Whole for people and YAML, piece by piece for programs. */
function listAnswer(
  form: OutputForm,
  head: JsonObject,
  key: string,
  objects: readonly KubeObject[],
  item: (object: KubeObject) => JsonObject,
  tail: JsonObject = {},
): Answer {
  if (form.pretty || form.format === 'yaml' || objects.length <= itemsPerChunk) {
    return objectAnswer(form, { ...head, [key]: objects.map(item), ...tail });
  }
  return {
    kind: 'stream',
    status: 200,
    contentType: form.contentType,
    chunks: listChunks(head, key, objects, item, tail),
    live: false,
  };
}

function* listChunks(
  head: JsonObject,
  key: string,
  objects: readonly KubeObject[],
  item: (object: KubeObject) => JsonObject,
  tail: JsonObject,
): Iterable<string> {
  yield `${encodeJson(head).slice(0, -1)},"${key}":[`;
  for (let start = 0; start < objects.length; start += itemsPerChunk) {
    const text = encodeJson(objects.slice(start, start + itemsPerChunk).map(item));
    yield `${start === 0 ? '' : ','}${text.slice(1, -1)}`;
  }
  const end = encodeJson(tail).slice(1);
  yield end === '}' ? ']}\n' : `],${end}\n`;
}

/** One page: what was selected, and what the list says about itself. */
export interface SelectedPage {
  readonly objects: readonly KubeObject[];
  readonly meta: ListMeta;
}

/**
 * Picks the objects that a list asks for.
 * @throws StatusError 410 where the asked state is gone, 504 where it is not there yet
 */
export function selectPage(state: SandboxState, target: Target, options: ListOptions): SelectedPage {
  const { type, namespace } = target;
  const prefix = namespace === '' ? '' : `${namespace}/`;
  const snapshot = openSnapshot(state, type, options);
  const start = options.continue === undefined ? '' : prefix + options.continue.start.replace(/^\//, '');
  const wantedName = options.fields.name;

  const objects: KubeObject[] = [];
  let cutAfter = '';
  for (const [key, object] of candidates(snapshot, type, prefix, start, wantedName)) {
    if (options.limit > 0 && objects.length === options.limit) {
      return cutPage(snapshot, prefix, cutAfter, objects, options);
    }
    if (options.labels !== undefined && !options.labels(objectAt(object.metadata, 'labels'))) continue;
    if (options.hasFieldSelector && !options.fields.matches(object)) continue;
    objects.push(object);
    cutAfter = key;
  }
  return { objects, meta: { resourceVersion: String(snapshot.revision) } };
}

/** Every key from `start` on, or the one key that a name and a namespace make. */
function* candidates(
  snapshot: Snapshot,
  type: ServedType,
  prefix: string,
  start: string,
  name: string | undefined,
): Iterable<readonly [string, KubeObject]> {
  if (name === undefined || (type.namespaced && prefix === '')) {
    yield* snapshot.entries(prefix, start);
    return;
  }
  for (const entry of snapshot.entries(prefix + name, start)) {
    if (entry[0] === prefix + name) yield entry;
    return;
  }
}

function cutPage(
  snapshot: Snapshot,
  prefix: string,
  lastKey: string,
  objects: readonly KubeObject[],
  options: ListOptions,
): SelectedPage {
  const next = `${lastKey}\u0000`;
  const selective = options.labels !== undefined || options.hasFieldSelector;
  return {
    objects,
    meta: {
      resourceVersion: String(snapshot.revision),
      continue: encodeContinue({ revision: snapshot.revision, start: next.slice(prefix.length) }),
      // With a selector the server does not know how many of the rest would match.
      remainingItemCount: selective ? undefined : snapshot.count(prefix, next),
    },
  };
}

function openSnapshot(state: SandboxState, type: ServedType, options: ListOptions): Snapshot {
  const { store } = state;
  const asked = options.continue?.revision ?? options.resourceVersion ?? 0;
  if (asked > store.revision) {
    throw new StatusError(
      504,
      'Timeout',
      `Timeout: Too large resource version: ${asked}, current: ${store.revision}`,
      {
        causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
        retryAfterSeconds: 1,
      },
    );
  }
  const past = options.continue !== undefined || options.exact;
  if (!past || asked <= 0) return store.snapshot(type.storedAs);
  try {
    return store.snapshot(type.storedAs, asked);
  } catch (error) {
    if (!(error instanceof RevisionGone)) throw error;
    throw options.continue === undefined
      ? expired('The resourceVersion for the provided list is too old.')
      : expiredContinue(options.continue.start);
  }
}

function expiredContinue(start: string): StatusError {
  return new StatusError(
    410,
    'Expired',
    'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.',
    undefined,
    encodeContinue({ revision: -1, start }),
  );
}
