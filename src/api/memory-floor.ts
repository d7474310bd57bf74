// How far back an API server remembers the changes of a type. Entry points: findFloor(), readEvents().
// kube-apiserver keeps the last events of each type. A watch that wants older ones is refused with a message that names the
// version from which it could begin: `too old resource version: 1 (229)`.

import { RefusedError, type KapiError } from '../errors.ts';
import type { RequestSpec, Send } from '../model/request.ts';
import { compareResourceVersions } from '../model/resource-version.ts';
import { sourceOf, unexpectedAnswer } from './answer.ts';
import { EventLines } from './event-lines.ts';
import { errorOf, errorOfStatus, isSuccess } from './status.ts';
import { Attempt, Idle } from './watch-attempt.ts';
import {
  buildWatchRequest,
  decodeEvent,
  NotAnEvent,
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

/** A change or bookmark with the line that it came as. */
export interface PastEvent {
  readonly event: Exclude<WatchEvent, { readonly kind: 'error' | 'unknown' }>;
  readonly line: string;
}

/** The oldest version from which an API server replays the changes of a type. */
export interface Floor {
  readonly resourceVersion: string;
  /** `start`: it remembers all there has been. `told`: it named the version. `searched`: it was found by trying. */
  readonly source: 'start' | 'told' | 'searched';
}

/** A stream that has brought something and then nothing for so long is left; its end is found by another one. Milliseconds. */
const silenceMs = 250;

/** Until the first line of a watch. Milliseconds. */
const answerMs = 30_000;

/** The server ends a replay after so long. */
export const replaySeconds = 1;

/** Halving an interval of 2^40 versions takes 40 questions; no store gets there. */
const maxProbes = 40;

/**
 * The events from a version on, batch by batch, until the server ends the watch or falls silent.
 * @param firstLineMs how long the first line is awaited
 * @throws RefusedError 410 where the version is too old
 * @throws RefusedError, ServerError, ConnectionError
 */
export async function* readEvents(
  send: Send,
  query: WatchQuery,
  resourceVersion: string,
  options: EventReadingOptions,
  firstLineMs = answerMs,
): AsyncGenerator<readonly PastEvent[], void, undefined> {
  const request = buildWatchRequest(query, resourceVersion, true, replaySeconds);
  const attempt = new Attempt(options.signal, options);
  let response;
  try {
    attempt.expect(answerMs);
    response = await send(request, { signal: attempt.signal });
    if (!isSuccess(response)) throw await errorOf(request, response, { type: query.type });
    const lines = new EventLines();
    const context = { type: query.type, as: query.as, source: sourceOf(request, response), now: options.now };
    attempt.expect(firstLineMs);
    const decode = (line: string): PastEvent | undefined => decoded(line, request, context);
    for await (const chunk of response.body) {
      attempt.pause();
      const events = lines.push(chunk).flatMap((line) => decode(line) ?? []);
      if (events.length > 0) yield events;
      attempt.expect(silenceMs);
    }
    const rest = lines.takeRest().flatMap((line) => decode(line) ?? []);
    if (rest.length > 0) yield rest;
  } catch (thrown) {
    if (!(attempt.signal.reason instanceof Idle) || options.signal.aborted || response === undefined) {
      throw thrown;
    }
  } finally {
    attempt.end();
    response?.cancel();
  }
}

function decoded(
  line: string,
  request: RequestSpec,
  context: Parameters<typeof decodeEvent>[1],
): PastEvent | undefined {
  let event: WatchEvent;
  try {
    event = decodeEvent(line, context);
  } catch (thrown) {
    if (thrown instanceof NotAnEvent) throw unexpectedAnswer(context.source, thrown.message);
    throw thrown;
  }
  if (event.kind === 'unknown') return undefined;
  if (event.kind !== 'error') return { event, line };
  throw errorOfStatus(request, event.status, { json: event.json, subject: { type: context.type } });
}

/** Whether an error says that a version is too old: 410, as an answer or as an event. */
export function isExpired(thrown: unknown): thrown is RefusedError {
  return thrown instanceof RefusedError && thrown.facts.httpStatus === 410;
}

/** The version in `too old resource version: 1 (229)`; undefined: the message has another form. */
export function floorIn({ message }: Pick<KapiError, 'message'>): string | undefined {
  return /too old resource version: \d+ \((\d+)\)/i.exec(message)?.[1];
}

/**
 * @param newest a version that the server is known to have, for servers whose refusal does not name the floor
 * @throws RefusedError, ServerError, ConnectionError of the first question
 * @throws RefusedError 410 where the floor is not named and no version is known to search below of
 */
export async function findFloor(
  send: Send,
  query: WatchQuery,
  newest: () => Promise<string | undefined>,
  options: EventReadingOptions,
): Promise<Floor> {
  const refusal = await probe(send, query, '1', options, answerMs);
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

/** The version in the middle; undefined: there is none between the two. */
export function middleOf(refused: string, granted: string): string | undefined {
  if ((compareResourceVersions(refused, granted) ?? 0) >= 0) return undefined;
  const middle = (BigInt(refused) + BigInt(granted)) / 2n;
  return middle > BigInt(refused) ? String(middle) : undefined;
}

/** @returns the refusal; undefined: the server grants a watch from the version */
async function probe(
  send: Send,
  query: WatchQuery,
  resourceVersion: string,
  options: EventReadingOptions,
  firstLineMs: number,
): Promise<RefusedError | undefined> {
  const events = readEvents(send, query, resourceVersion, options, firstLineMs);
  try {
    await events.next();
    return undefined;
  } catch (thrown) {
    if (isExpired(thrown)) return thrown;
    throw thrown;
  } finally {
    await events.return();
  }
}
