// WATCH: the changes of a type as lines of JSON, from a revision or from the current state. Entry
// point: watchObjects.

import type { SandboxState } from '../store/state.ts';
import { objectAt, stringAt, type JsonObject, type KubeObject } from '../../model/object.ts';
import { apiVersionOf } from '../../model/resource.ts';
import type { Answer, Call } from '../http/call.ts';
import { toServed } from './convert.ts';
import { encodeJson } from '../http/encoding.ts';
import { includeObjectOf, partialMetadata, printed, tableOf } from './forms.ts';
import { readListOptions, type ListOptions } from './list-options.ts';
import { negotiate, formRequestOf } from '../http/negotiation.ts';
import { selectPage, type Target } from './reading.ts';
import { expired, notAcceptable } from '../http/status.ts';
import { RevisionGone, type StoreEvent } from '../store/store.ts';
import type { ServedType } from '../types/types.ts';

/** Milliseconds between bookmarks if nothing changes, for watches that request them. */
const bookmarkEveryMs = 60_000;
/** Milliseconds between the last bookmark and the end of a watch. */
const lastBookmarkMs = 2_000;
/**
 * Min milliseconds of a watch without `timeoutSeconds`. It ends after half an hour to an hour, as
 * in the real server.
 */
const minTimeoutMs = 1_800_000;

const initialEventsEnd = 'k8s.io/initial-events-end';

/**
 * Answers a watch. The response ends only at `timeoutSeconds`, when the client closes the
 * connection, or with an ERROR event.
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes
 */
export function watchObjects(state: SandboxState, call: Call, target: Target): Answer {
  const form = negotiate(formRequestOf(call), ['Table', 'PartialObjectMetadata']);
  if (form.format !== 'json') {
    throw notAcceptable(['application/json;stream=watch']);
  }
  const options = readListOptions(call.query, target.type, true);
  return {
    kind: 'stream',
    status: 200,
    contentType: form.contentType,
    chunks: watchLines(state, call, target, options, formatter(state, call, target.type, form.as)),
    live: true,
  };
}

type Format = (object: KubeObject) => JsonObject;

async function* watchLines(
  state: SandboxState,
  call: Call,
  target: Target,
  options: ListOptions,
  format: Format,
): AsyncGenerator<string, void, undefined> {
  const { store } = state;
  const { type, namespace } = target;
  const line = (verb: string, object: JsonObject): string => `${encodeJson({ type: verb, object })}\n`;
  const bookmark = (revision: number, initial: boolean): string =>
    line('BOOKMARK', format(bookmarkObject(type, revision, initial)));

  const timeoutMs =
    options.timeoutSeconds === undefined || options.timeoutSeconds === 0
      ? minTimeoutMs * (1 + Math.random())
      : options.timeoutSeconds * 1000;
  const endsAt = performance.now() + timeoutMs;
  let bookmarkAt = performance.now() + Math.min(bookmarkEveryMs, Math.max(timeoutMs - lastBookmarkMs, 0));
  let seen = options.resourceVersion ?? 0;

  const withState =
    options.sendInitialEvents ?? (options.resourceVersion === undefined || options.resourceVersion === 0);
  if (withState) {
    const page = selectPage(state, target, { ...options, limit: 0, resourceVersion: undefined });
    seen = Number(page.meta.resourceVersion);
    for (const object of page.objects) yield line('ADDED', format(toServed(type, object)));
    if (options.sendInitialEvents === true && options.allowBookmarks) yield bookmark(seen, true);
  } else if (seen === 0) {
    seen = store.revision;
  }

  const prefix = namespace === '' ? '' : `${namespace}/`;
  try {
    while (!call.signal.aborted) {
      const event = store.changeAfter(type.storedAs, seen);
      if (event !== undefined) {
        seen = event.revision;
        if (!event.key.startsWith(prefix)) continue;
        const change = visibleChange(event, options);
        if (change !== undefined) yield line(change.verb, format(toServed(type, change.object)));
        continue;
      }
      const now = performance.now();
      if (now >= endsAt) return;
      if (options.allowBookmarks && now >= bookmarkAt) {
        bookmarkAt = Math.min(now + bookmarkEveryMs, Math.max(endsAt - lastBookmarkMs, now + 1000));
        // No object of this type is newer than what was sent, so the revision of the store is valid
        // for the bookmark.
        yield bookmark(Math.max(seen, store.revision), false);
      }
      const wakeAt = options.allowBookmarks ? Math.min(bookmarkAt, endsAt) : endsAt;
      await store.waitForChange(type.storedAs, Math.max(wakeAt - now, 1), call.signal);
    }
  } catch (error) {
    if (!(error instanceof RevisionGone)) throw error;
    const gone = expired(`too old resource version: ${error.requested} (${error.oldest})`);
    yield line('ERROR', gone.toBody());
  }
}

interface VisibleChange {
  readonly verb: StoreEvent['verb'];
  readonly object: KubeObject;
}

/**
 * Returns a change as a watch with selectors reports it: an object that begins to match is ADDED,
 * one that no longer matches is DELETED.
 */
function visibleChange(event: StoreEvent, options: ListOptions): VisibleChange | undefined {
  const matches = (object: KubeObject | undefined): boolean =>
    object !== undefined &&
    (options.labels === undefined || options.labels(objectAt(object.metadata, 'labels'))) &&
    (!options.hasFieldSelector || options.fields.matches(object));
  const before = matches(event.previous);
  if (event.verb === 'DELETED') return before ? event : undefined;
  const after = matches(event.object);
  if (after) return { verb: before ? 'MODIFIED' : 'ADDED', object: event.object };
  if (!before || event.previous === undefined) return undefined;
  // Clients get the last state that matched, with the revision of the change.
  const resourceVersion = stringAt(event.object.metadata, 'resourceVersion');
  return {
    verb: 'DELETED',
    object: { ...event.previous, metadata: { ...event.previous.metadata, resourceVersion } },
  };
}

function bookmarkObject(type: ServedType, revision: number, initial: boolean): KubeObject {
  const metadata: JsonObject = {
    resourceVersion: String(revision),
    annotations: initial ? { [initialEventsEnd]: 'true' } : undefined,
  };
  const base: KubeObject = { apiVersion: apiVersionOf(type), kind: type.kind, metadata };
  // An empty Pod as Go writes it: required lists are null, and sections exist.
  if (type.storedAs === 'pods') return { ...base, spec: { containers: null }, status: {} };
  return base;
}

function formatter(
  state: SandboxState,
  call: Call,
  type: ServedType,
  as: 'Table' | 'PartialObjectMetadata' | 'PartialObjectMetadataList' | undefined,
): Format {
  if (as === 'PartialObjectMetadata') return partialMetadata;
  if (as !== 'Table') return (object) => printed(type, object);
  const include = includeObjectOf(call.query);
  let first = true;
  return (object) => {
    const meta = { resourceVersion: stringAt(object.metadata, 'resourceVersion') };
    const table = tableOf(type, [object], meta, include, state.now(), first);
    first = false;
    return table;
  };
}
