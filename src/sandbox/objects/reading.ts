// GET of one object and LIST of many, in every form and at every resourceVersion. Entry points:
// getObject, listObjects. Watches: watching.ts.

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

/** The target of a resource request. */
export interface Target {
  readonly type: ServedType;
  /** Empty: all namespaces, or a cluster-scoped type. */
  readonly namespace: string;
  readonly name: string;
}

/**
 * Items in one piece of a list. Pieces are written with back-pressure, so a slow client does not
 * fill the memory of the server.
 */
const itemsPerChunk = 250;

/** Returns the form of a response with one object. */
export function objectFormOf(call: Call): OutputForm {
  return negotiate(formRequestOf(call), ['Table', 'PartialObjectMetadata']);
}

/** Makes the response to any request about an object. */
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

/**
 * Returns the object of a request.
 * @throws StatusError 404
 */
export function requireObject(state: SandboxState, { type, namespace, name }: Target): KubeObject {
  const object = state.store.get(type.storedAs, keyOf(namespace, name));
  if (object === undefined) throw notFound(type, name);
  return object;
}

/** Answers the GET of an object. */
export function getObject(state: SandboxState, call: Call, target: Target): Answer {
  const form = objectFormOf(call);
  return answerWithObject(state, call, target.type, requireObject(state, target), form);
}

/** Answers the LIST of a type, in a namespace or in all. */
export function listObjects(state: SandboxState, call: Call, target: Target): Answer {
  const { type } = target;
  const form = negotiate(formRequestOf(call), ['Table', 'PartialObjectMetadataList']);
  const options = readListOptions(call.query, type, false);
  // Objects are immutable, so the selected ones are a snapshot that later changes do not affect.
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
  // Lists of custom resources are maps in the server: sorted keys, and an empty continue token that
  // other lists omit.
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

/** Makes the response of a list: as a whole for pretty output and YAML, in pieces otherwise. */
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

/** One page: the selected objects and the metadata of the list. */
export interface SelectedPage {
  readonly objects: readonly KubeObject[];
  readonly meta: ListMeta;
}

/**
 * Selects the objects of a list.
 * @throws StatusError 410 if the requested state is gone, 504 if it does not exist yet
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

/** Yields every key from `start` on, or the one key of a name and a namespace. */
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
      // With a selector the server does not know how many of the remaining objects match.
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
