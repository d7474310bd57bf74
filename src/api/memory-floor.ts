// Finds out how far back an API server remembers the changes of a type. Entry points: findFloor(),
// readEvents(). kube-apiserver keeps the last events of each type. It refuses a watch from an older
// version with a message that names the first possible version:
// `too old resource version: 1 (229)`.

import { RefusedError, ServerError, type KapiError } from '../errors.ts';
import type { RequestSpec, Send } from '../model/request.ts';
import { compareResourceVersions } from '../model/resource-version.ts';
import { sourceOf, unexpectedResponse } from './response-source.ts';
import { EventReader, type ReadEvent } from './event-reader.ts';
import { errorOf, errorOfStatus, isSuccess } from './status.ts';
import { Attempt, Idle } from './watch-attempt.ts';
import {
  buildWatchRequest,
  NotAnEvent,
  type EventContext,
  type WatchEvent,
  type WatchQuery,
} from './watch-event.ts';

export interface EventReadingOptions {
  readonly signal: AbortSignal;
  readonly now: () => Date;
  /** A monotonic clock in milliseconds. */
  readonly clock: () => number;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** A change or bookmark with its JSON. */
export interface PastEvent {
  readonly event: Exclude<WatchEvent, { readonly kind: 'error' | 'unknown' }>;
  readonly line: string;
}

/** The oldest version from which an API server can replay the changes of a type. */
export interface Floor {
  readonly resourceVersion: string;
  /**
   * `start`: the server remembers all changes. `told`: the server named the version. `searched`:
   * kapi found it by a binary search.
   */
  readonly source: 'start' | 'told' | 'searched';
}

/**
 * Milliseconds without data after which a stream that has brought something is closed. The next
 * stream finds the end.
 */
export const silenceMs = 250;

/** Max milliseconds until the response and until the first line of a watch. */
const maxResponseMs = 30_000;

/** Seconds after which the server ends a replay. */
export const replaySeconds = 1;

/**
 * Seconds after which the server ends a replay that waits for a bookmark. kube-apiserver sends the
 * bookmark two seconds before it ends a watch.
 */
export const bookmarkSeconds = 3;

/** How the replay of a watch ended: by the server, or because it sent nothing for a while. */
type ReplayEnd = 'ended' | 'silent';

export interface ReplayLimits {
  /** Max milliseconds until the first line. Default: 30 s. */
  readonly firstLineMs?: number;
  /** Seconds after which the server ends the watch. Default: {@link replaySeconds}. */
  readonly seconds?: number;
}

/** Max steps of the binary search. 40 steps cover 2^40 versions, more than any store has. */
const maxProbes = 40;

/**
 * Yields the events from a version on, in batches, until the server ends the watch or sends nothing
 * for a while. Returns which of the two happened.
 * @throws RefusedError 410 if the version is too old
 * @throws RefusedError, ServerError, ConnectionError
 */
export async function* readEvents(
  send: Send,
  query: WatchQuery,
  resourceVersion: string,
  options: EventReadingOptions,
  { firstLineMs = maxResponseMs, seconds = replaySeconds }: ReplayLimits = {},
): AsyncGenerator<readonly PastEvent[], ReplayEnd, undefined> {
  const request = buildWatchRequest(query, resourceVersion, true, seconds);
  const attempt = new Attempt(options.signal, options);
  let response;
  try {
    attempt.expect(maxResponseMs);
    response = await send(request, { signal: attempt.signal });
    if (!isSuccess(response)) throw await errorOf(request, response, { type: query.type });
    const context = { type: query.type, as: query.as, source: sourceOf(request, response), now: options.now };
    const reader = new EventReader(context);
    attempt.expect(firstLineMs);
    for await (const chunk of response.body) {
      attempt.pause();
      const events = pastEvents(reader.push(chunk), request, context);
      if (events.length > 0) yield events;
      attempt.expect(silenceMs);
    }
    const rest = pastEvents(reader.takeRest(), request, context);
    if (rest.length > 0) yield rest;
    return 'ended';
  } catch (thrown) {
    if (!(attempt.signal.reason instanceof Idle) || options.signal.aborted || response === undefined) {
      throw thrown;
    }
    return 'silent';
  } finally {
    attempt.end();
    response?.cancel();
  }
}

function pastEvents(
  read: Iterable<ReadEvent>,
  request: RequestSpec,
  { type, source }: EventContext,
): readonly PastEvent[] {
  const events: PastEvent[] = [];
  try {
    for (const { event, text } of read) {
      if (event.kind === 'error') {
        throw errorOfStatus(request, event.status, { json: event.json, subject: { type } });
      }
      if (event.kind !== 'unknown') events.push({ event, line: text });
    }
  } catch (thrown) {
    if (thrown instanceof NotAnEvent) throw unexpectedResponse(source, thrown.message);
    throw thrown;
  }
  return events;
}

/**
 * True if an error means that a version is too old: 410, as a response or as an event.
 *
 * kube-apiserver without a watch cache grants a watch from the version before the compacted one. If
 * the first event is the change of the compacted version, it sends an InternalError instead: etcd
 * has removed the state before that change.
 * @see https://github.com/kubernetes/kubernetes/blob/v1.36.0/staging/src/k8s.io/apiserver/pkg/storage/etcd3/event.go
 */
export function isExpired(thrown: unknown): thrown is RefusedError | ServerError {
  if (thrown instanceof RefusedError) return thrown.facts.httpStatus === 410;
  return thrown instanceof ServerError && thrown.message.includes('etcd event received with PrevKv=nil');
}

/** Returns the version in `too old resource version: 1 (229)`. Undefined for other messages. */
export function floorIn({ message }: Pick<KapiError, 'message'>): string | undefined {
  return /too old resource version: \d+ \((\d+)\)/i.exec(message)?.[1];
}

/**
 * Finds the oldest version that the server can replay.
 * @param newest returns a version that the server has; called only if the server's refusal does not
 * name the floor
 * @throws RefusedError, ServerError, ConnectionError of the first request
 * @throws RefusedError 410 if the server names no floor and no version is known to search from
 */
export async function findFloor(
  send: Send,
  query: WatchQuery,
  newest: () => Promise<string | undefined>,
  options: EventReadingOptions,
): Promise<Floor> {
  const refusal = await probe(send, query, '1', options, maxResponseMs);
  if (refusal === undefined) return { resourceVersion: '1', source: 'start' };
  const told = floorIn(refusal);
  if (told !== undefined) return { resourceVersion: told, source: 'told' };
  let refused = '1';
  let granted = await newest();
  if (granted === undefined) throw refusal;
  for (let probes = 0; probes < maxProbes; probes++) {
    const middle = middleOf(refused, granted);
    if (middle === undefined) break;
    if ((await probe(send, query, middle, options, 2 * silenceMs)) === undefined) granted = middle;
    else refused = middle;
  }
  return { resourceVersion: granted, source: 'searched' };
}

/** Returns the version in the middle. Undefined if there is none between the two. */
export function middleOf(refused: string, granted: string): string | undefined {
  if ((compareResourceVersions(refused, granted) ?? 0) >= 0) return undefined;
  const middle = (BigInt(refused) + BigInt(granted)) / 2n;
  return middle > BigInt(refused) ? String(middle) : undefined;
}

/** Asks for a watch from a version. @returns the refusal; undefined: the server grants the watch */
async function probe(
  send: Send,
  query: WatchQuery,
  resourceVersion: string,
  options: EventReadingOptions,
  firstLineMs: number,
): Promise<RefusedError | ServerError | undefined> {
  const events = readEvents(send, query, resourceVersion, options, { firstLineMs });
  try {
    await events.next();
    return undefined;
  } catch (thrown) {
    if (isExpired(thrown)) return thrown;
    throw thrown;
  } finally {
    await events.return('ended');
  }
}
