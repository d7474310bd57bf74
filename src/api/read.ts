// Reads the whole body of an answer as text or JSON. Entry points: readText(), readJson(). What the JSON means is
// decode.ts and its neighbours; answers that refuse are status.ts.

import { suggested } from '../model/suggestion.ts';
import { constants } from 'node:buffer';
import { ConnectionError, ServerError } from '../errors.ts';
import type { Json } from '../model/object.ts';
import type { ApiResponse, RequestSpec } from '../model/request.ts';
import { firstWordsOf, requestLineOf } from './answer.ts';
import type { BodyBuffer, Cutter } from './body-buffer.ts';
import { JsonSyntaxError, parseJson } from './exact-json.ts';
import type { LongJson } from './long-json.ts';

/** Beyond it a text is parsed in pieces: at once it would hold the loop for longer than a signal should wait. */
const longBytes = 4 * 1024 * 1024;

/** A body beyond this cannot become one string in Node (about 512 MB). */
const maxBodyBytes = constants.MAX_STRING_LENGTH;

/**
 * The body as text. Bytes that are no UTF-8 become U+FFFD.
 * @param maxBytes bytes; beyond them the rest is given up
 * @throws ServerError `AnswerTooLarge`
 * @throws ConnectionError when the body breaks off (from the transport)
 */
export async function readText(
  response: ApiResponse,
  request?: RequestSpec,
  maxBytes: number = maxBodyBytes,
): Promise<string> {
  return (await readBytes(response, request, maxBytes)).toString('utf8');
}

async function readBytes(
  response: ApiResponse,
  request: RequestSpec | undefined,
  maxBytes: number,
): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw tooLarge(response, request, maxBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, bytes);
}

function tooLarge(response: ApiResponse, request: RequestSpec | undefined, maxBytes: number): ServerError {
  response.cancel();
  return new ServerError(
    `the answer of ${response.server}${forRequest(request)} is larger than ${Math.round(maxBytes / 1e6)} MB`,
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
export async function readStart(response: ApiResponse, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response.body) {
      chunks.push(chunk);
      bytes += chunk.byteLength;
      if (bytes > maxBytes) {
        response.cancel();
        break;
      }
    }
  } catch (thrown) {
    if (!(thrown instanceof ConnectionError)) throw thrown;
  }
  return Buffer.concat(chunks, bytes).subarray(0, maxBytes).toString('utf8');
}

/**
 * The body as JSON, integers kept exact.
 * @param request names the question in messages
 * @param maxBytes bytes; default: as much as Node can hold in one string
 * @throws ServerError `EmptyAnswer`, `NotJson`, `MalformedJson` or `AnswerTooLarge`
 * @throws ConnectionError when the body breaks off (from the transport)
 */
export async function readJson(
  response: ApiResponse,
  request?: RequestSpec,
  maxBytes: number = maxBodyBytes,
): Promise<Json> {
  return parse(response, request, await readText(response, request, maxBytes));
}

/** A value, and how long it was for those who choose how much to ask for next. */
export interface SizedJson {
  readonly json: Json;
  /** Bytes, without what a cutter took out. */
  readonly length: number;
}

/**
 * Like {@link readJson}, with the length.
 * @param buffer is emptied and filled; nobody else may use it meanwhile
 * @param cutter takes out what nobody will look at, before it is kept and parsed
 */
export async function readSizedJson(
  response: ApiResponse,
  request: RequestSpec,
  buffer: BodyBuffer,
  cutter?: Cutter,
): Promise<SizedJson> {
  buffer.truncate(0);
  let bytes = 0;
  let long: LongJson | undefined;
  try {
    for await (const chunk of response.body) {
      bytes += chunk.byteLength;
      if (bytes > maxBodyBytes) throw tooLarge(response, request, maxBodyBytes);
      if (long !== undefined) {
        long.push(chunk);
        long.parse();
        continue;
      }
      buffer.append(chunk);
      if (cutter !== undefined) buffer.truncate(cutter.cut(buffer.bytes));
      if (buffer.length <= longBytes) continue;
      const { LongJson } = await import('./long-json.ts');
      long = new LongJson(buffer, { cutter });
    }
    if (long !== undefined) {
      const json = long.end();
      // What comes next with so many objects takes its time: a signal is heard before it.
      await turn();
      return { json, length: long.length };
    }
  } catch (thrown) {
    if (!(thrown instanceof JsonSyntaxError)) throw thrown;
    response.cancel();
    // What is so long is meant to be JSON, whatever its type is called.
    throw notJson(response, request, '{', thrown);
  }
  if (cutter !== undefined && cutter.unfinished > 0)
    throw brokenOff(response, request, `breaks off after ${bytes} bytes`);
  return { json: parse(response, request, buffer.bytes.toString('utf8')), length: buffer.length };
}

/**
 * Bytes of a list that are parsed at a time while it arrives: so little that neither the text nor what it becomes lives long enough for
 * V8's old generation, and that the text needs no memory of its own, as every string of 128 KiB does.
 */
const partBytes = 48 * 1024;

/** A part of a list. */
export interface JsonPart extends SizedJson {
  /** Nothing comes after it. */
  readonly isLast: boolean;
}

/**
 * A list or table in parts, each with all that stands around the elements: as much as has arrived when a part is asked for. The body
 * is read at once, whether somebody asks or not: a server does not wait for ever until somebody takes it.
 * @param buffer is emptied and used until the last part
 * @returns at least one part, the last one perhaps without elements; throws what {@link readSizedJson} does, after the parts that came
 * before
 */
export function readJsonInParts(
  response: ApiResponse,
  request: RequestSpec,
  buffer: BodyBuffer,
  cutter?: Cutter,
): AsyncGenerator<JsonPart, void, undefined> {
  const arriving = new ArrivingList(response, request, buffer, cutter);
  void arriving.read();
  return arriving.parts();
}

class ArrivingList {
  readonly #response: ApiResponse;
  readonly #request: RequestSpec;
  readonly #buffer: BodyBuffer;
  readonly #cutter: Cutter | undefined;
  #long: LongJson | undefined;
  #isOver = false;
  #failure: unknown;
  #wake: () => void = () => undefined;

  constructor(response: ApiResponse, request: RequestSpec, buffer: BodyBuffer, cutter: Cutter | undefined) {
    buffer.truncate(0);
    this.#response = response;
    this.#request = request;
    this.#buffer = buffer;
    this.#cutter = cutter;
  }

  /** Never rejects: a failure is met by who takes the parts. */
  async read(): Promise<void> {
    try {
      const { LongJson } = await import('./long-json.ts');
      this.#long = new LongJson(this.#buffer, { batchBytes: partBytes, cutter: this.#cutter });
      for await (const chunk of this.#response.body) {
        this.#long.push(chunk);
        this.#wake();
      }
    } catch (thrown) {
      this.#failure = thrown;
    }
    this.#isOver = true;
    this.#wake();
  }

  async *parts(): AsyncGenerator<JsonPart, void, undefined> {
    let given = 0;
    for (;;) {
      const [json, isLast] = this.#next();
      if (json !== undefined) {
        const length = (this.#long?.length ?? 0) - this.#buffer.length - given;
        given += length;
        yield { json, length, isLast };
      }
      if (isLast) return;
      if (json === undefined) await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  /** What can be handed out now, and whether nothing comes after it. */
  #next(): [Json | undefined, boolean] {
    const long = this.#long;
    try {
      const json = long?.take();
      if (json !== undefined || !this.#isOver) return [json, false];
      if (long === undefined || this.#failure !== undefined) throw this.#failure;
      return [long.end(), true];
    } catch (thrown) {
      if (!(thrown instanceof JsonSyntaxError)) throw thrown;
      this.#response.cancel();
      const text = long?.hasBegun === true ? '{' : this.#buffer.bytes.toString('utf8');
      throw notJson(this.#response, this.#request, text, thrown);
    }
  }
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
    return new ServerError(`the answer of ${from} is not JSON (${type}): "${firstWordsOf(text)}"`, {
      code: 'NotJson',
      hint:
        'a load balancer, proxy or login page may have answered in place of the API server; ' +
        `${suggested('config', 'show')} names the server and where it was set`,
      cause: fault,
    });
  }
  if (fault.truncated) return brokenOff(response, request, fault.message, fault);
  return new ServerError(`the JSON of ${from} is malformed: ${fault.message}`, {
    code: 'MalformedJson',
    hint: 'either a proxy changed the response, or the server is not a Kubernetes API server; -v shows the exchange',
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
