// Reads the whole body of an answer as text or JSON. Entry points: readText(), readJson(). What the JSON means is
// decode.ts and its neighbours; answers that refuse are status.ts.

import { constants } from 'node:buffer';
import { ConnectionError, ServerError } from '../errors.ts';
import type { Json } from '../model/object.ts';
import type { ApiResponse, RequestSpec } from '../model/request.ts';
import { firstWordsOf, requestLineOf } from './answer.ts';
import { JsonSyntaxError, parseJson } from './exact-json.ts';
import type { LongJson } from './long-json.ts';

/** Beyond it a text is parsed in pieces: at once it would hold the loop for longer than a signal should wait. */
const longBytes = 4 * 1024 * 1024;

/** A body beyond this cannot become one string in Node (about 512 MB). */
const longestBody = constants.MAX_STRING_LENGTH;

/**
 * The body as text. Bytes that are no UTF-8 become U+FFFD.
 * @param most bytes; beyond them the rest is given up
 * @throws ServerError `AnswerTooLarge`
 * @throws ConnectionError when the body breaks off (from the transport)
 */
export async function readText(
  response: ApiResponse,
  request?: RequestSpec,
  most: number = longestBody,
): Promise<string> {
  return (await readBytes(response, request, most)).toString('utf8');
}

async function readBytes(
  response: ApiResponse,
  request: RequestSpec | undefined,
  most: number,
): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body) {
    bytes += chunk.byteLength;
    if (bytes > most) throw tooLarge(response, request, most);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, bytes);
}

function tooLarge(response: ApiResponse, request: RequestSpec | undefined, most: number): ServerError {
  response.cancel();
  return new ServerError(
    `the answer of ${response.server}${forRequest(request)} is larger than ${Math.round(most / 1e6)} MB`,
    {
      code: 'AnswerTooLarge',
      hint: 'ask for less at a time: --chunk-size, --limit, a namespace or a selector',
    },
  );
}

/**
 * The body up to a number of bytes; the rest is given up without an error, and so is a body that breaks off. For error
 * answers: their status has already said what matters.
 */
export async function readStart(response: ApiResponse, most: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response.body) {
      chunks.push(chunk);
      bytes += chunk.byteLength;
      if (bytes > most) {
        response.cancel();
        break;
      }
    }
  } catch (thrown) {
    if (!(thrown instanceof ConnectionError)) throw thrown;
  }
  return Buffer.concat(chunks, bytes).subarray(0, most).toString('utf8');
}

/**
 * The body as JSON, integers kept exact.
 * @param request names the question in messages
 * @param most bytes; default: as much as Node can hold in one string
 * @throws ServerError `EmptyAnswer`, `NotJson`, `MalformedJson` or `AnswerTooLarge`
 * @throws ConnectionError when the body breaks off (from the transport)
 */
export async function readJson(
  response: ApiResponse,
  request?: RequestSpec,
  most: number = longestBody,
): Promise<Json> {
  return parse(response, request, await readText(response, request, most));
}

/**
 * Room for one body after the other, of pages that are read in turn: a fresh piece of memory for each costs more than copying
 * into one that is there, and megabytes of them would wait for the collector.
 */
export class BodyRoom {
  #room = Buffer.alloc(0);
  #length = 0;

  /** What was kept and put in; valid until the next of these. */
  get bytes(): Buffer {
    return this.#room.subarray(0, this.#length);
  }

  /** Forgets all but the first bytes. */
  keep(length: number): void {
    this.#length = length;
  }

  put(chunk: Uint8Array): void {
    const length = this.#length + chunk.byteLength;
    if (length > this.#room.length) {
      const room = Buffer.allocUnsafeSlow(Math.max(length, 2 * this.#room.length, smallestRoom));
      room.set(this.bytes);
      this.#room = room;
    }
    this.#room.set(chunk, this.#length);
    this.#length = length;
  }
}

/** Holds the answer to most lists. Bytes. */
const smallestRoom = 64 * 1024;

/** Shortens a body while it arrives: {@link ManagedFieldsCutter}. */
export interface Cutter {
  /**
   * @param body what was kept of the pieces before, and behind it the next piece; is overwritten
   * @returns how many bytes at its front are kept
   */
  cut(body: Buffer): number;
  /** More than 0: the body ended within something that was being cut. */
  readonly unfinished: number;
}

/**
 * Like {@link readJson}, with the length in bytes of what was kept of the body, for those who choose how much to ask for next.
 * @param room is emptied and filled; nobody else may use it meanwhile
 * @param cutter takes out what nobody will look at, before it is kept and parsed
 */
export async function readSizedJson(
  response: ApiResponse,
  request: RequestSpec,
  room: BodyRoom,
  cutter?: Cutter,
): Promise<{ readonly json: Json; readonly length: number }> {
  room.keep(0);
  let bytes = 0;
  let long: LongJson | undefined;
  try {
    for await (const chunk of response.body) {
      bytes += chunk.byteLength;
      if (bytes > longestBody) throw tooLarge(response, request, longestBody);
      if (long !== undefined) {
        long.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
        continue;
      }
      room.put(chunk);
      if (cutter !== undefined) room.keep(cutter.cut(room.bytes));
      // What is cut while it arrives has to be whole before it is taken apart.
      if (room.bytes.length <= longBytes || cutter !== undefined) continue;
      long = new (await import('./long-json.ts')).LongJson();
      long.push(room.bytes);
    }
    if (cutter !== undefined && cutter.unfinished > 0)
      throw brokenOff(response, request, `breaks off after ${bytes} bytes`);
    if (long === undefined && room.bytes.length > longBytes) {
      long = new (await import('./long-json.ts')).LongJson();
      for (let at = 0; at < room.bytes.length; at += longBytes) {
        long.push(room.bytes.subarray(at, at + longBytes));
        await turn();
      }
    }
    if (long !== undefined) {
      const json = long.end();
      // What comes next with so many objects takes its time: a signal is heard before it.
      await turn();
      return { json, length: cutter === undefined ? bytes : room.bytes.length };
    }
  } catch (thrown) {
    if (!(thrown instanceof JsonSyntaxError)) throw thrown;
    response.cancel();
    // What is so long is meant to be JSON, whatever its type is called.
    throw notJson(response, request, '{', thrown);
  }
  const text = room.bytes.toString('utf8');
  return { json: parse(response, request, text), length: room.bytes.length };
}

/** Lets the loop turn once. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function parse(response: ApiResponse, request: RequestSpec | undefined, text: string): Json {
  try {
    return parseJson(text);
  } catch (thrown) {
    if (thrown instanceof JsonSyntaxError) throw notJson(response, request, text, thrown);
    throw thrown;
  }
}

function notJson(
  response: ApiResponse,
  request: RequestSpec | undefined,
  text: string,
  fault: JsonSyntaxError,
): ServerError {
  const from = `${response.server}${forRequest(request)}`;
  if (text.trim() === '') {
    return new ServerError(`the answer of ${from} is empty`, {
      code: 'EmptyAnswer',
      hint: 'a proxy or load balancer may have answered in place of the API server; -v shows the exchange',
    });
  }
  const contentType = response.headers['content-type'] ?? '';
  if (!/\bjson\b/i.test(contentType) && !/^\s*[[{]/.test(text)) {
    const type = contentType === '' ? 'without a content type' : firstWordsOf(contentType, 60);
    return new ServerError(`the answer of ${from} is no JSON (${type}): "${firstWordsOf(text)}"`, {
      code: 'NotJson',
      hint:
        'a load balancer, proxy or login page may have answered in place of the API server; ' +
        '`kapi config show` names the server and where it was set',
      cause: fault,
    });
  }
  if (fault.truncated) return brokenOff(response, request, fault.message, fault);
  return new ServerError(`the JSON of ${from} is malformed: ${fault.message}`, {
    code: 'MalformedJson',
    hint: 'something changed the answer on its way or the server is no Kubernetes API server; -v shows the exchange',
    cause: fault,
  });
}

/**
 * The error for an answer that came to its end before its JSON did.
 * @param where `breaks off after 20 bytes`
 */
export function brokenOff(
  response: Pick<ApiResponse, 'server'>,
  request: RequestSpec | undefined,
  where: string,
  cause?: JsonSyntaxError,
): ServerError {
  return new ServerError(`the JSON of ${response.server}${forRequest(request)} ${where}`, {
    code: 'MalformedJson',
    hint: 'the answer was cut on its way, often by a proxy in between: try again',
    cause,
  });
}

function forRequest(request: RequestSpec | undefined): string {
  return request === undefined ? '' : ` to ${requestLineOf(request)}`;
}
