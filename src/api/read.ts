// Reads the whole body of a response as text or JSON. Entry points: readText(), readJson().
// decode.ts and its neighbours decode the JSON; status.ts handles error responses.

import { suggested } from '../model/suggestion.ts';
import { constants } from 'node:buffer';
import { ConnectionError, ServerError } from '../errors.ts';
import type { Json } from '../model/object.ts';
import type { ApiResponse, RequestSpec } from '../model/request.ts';
import { excerptOf, requestLineOf } from './response-source.ts';
import type { BodyBuffer, Cutter } from './body-buffer.ts';
import { JsonSyntaxError, parseJson } from './exact-json.ts';
import type { LongJson } from './long-json.ts';

/**
 * Min bytes of a body that is parsed in pieces. One JSON.parse() of more would block the event loop
 * for too long, and with it the handling of signals.
 */
const longBytes = 4 * 1024 * 1024;

/** Max bytes of a body: Node cannot hold more in one string (about 512 MB). */
const maxBodyBytes = constants.MAX_STRING_LENGTH;

/**
 * Returns the body as text. Bytes that are not UTF-8 become U+FFFD.
 * @param request names the request in error messages
 * @param maxBytes max bytes of the body; default: the max length of a string in Node
 * @throws ServerError `AnswerTooLarge` when the body is longer
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
 * Returns the first `maxBytes` bytes of the body as text. Drops the rest without an error and
 * ignores a body that breaks off: error responses are read this way, and their HTTP status already
 * tells what matters.
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
 * Returns the body as JSON. Integers keep their exact value.
 * @param request names the request in error messages
 * @param maxBytes max bytes of the body; default: the max length of a string in Node
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

/** A JSON value and its length. The length helps callers to choose the size of the next page. */
export interface SizedJson {
  readonly json: Json;
  /** Bytes of the text, without the bytes that the cutter removed. */
  readonly length: number;
}

/**
 * Reads the body as JSON like {@link readJson} and also returns its length.
 * @param buffer is emptied and filled; nothing else must use it meanwhile
 * @param cutter removes parts of the body that no caller needs, before they are kept and parsed
 * @throws ServerError and ConnectionError as {@link readJson}
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
      // Lets the event loop handle a pending signal first: callers need long for this amount
      // objects.
      await turn();
      return { json, length: long.length };
    }
  } catch (thrown) {
    if (!(thrown instanceof JsonSyntaxError)) throw thrown;
    response.cancel();
    // '{' skips the check of the content type: a body of this length that began as JSON is meant to
    // be JSON.
    throw notJson(response, request, '{', thrown);
  }
  if (cutter !== undefined && cutter.unfinished > 0)
    throw brokenOff(response, request, `breaks off after ${bytes} bytes`);
  return { json: parse(response, request, buffer.bytes.toString('utf8')), length: buffer.length };
}

/**
 * Bytes of a list that are parsed at a time while the list arrives. The number is small for two
 * reasons: neither the text nor the parsed objects live long enough for V8's old generation, and
 * the text needs no memory of its own, which every string of 128 KiB or more does.
 */
const partBytes = 48 * 1024;

/** A part of a list that is still arriving. */
export interface JsonPart extends SizedJson {
  /** True for the last part of the response. */
  readonly isLast: boolean;
}

/**
 * Yields a list or table in parts while it arrives. Each part holds the elements that arrived since
 * the last one, inside a copy of the fields around the elements (`kind`, `metadata`, …). Reads the
 * body immediately, whether or not the caller asks for parts, because a server does not wait
 * forever for a client that does not read.
 * @param buffer is emptied and is in use until the last part
 * @returns at least one part; the last one can have no elements
 * @throws ServerError and ConnectionError as {@link readSizedJson}, after the parts that arrived
 * before the failure
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

  /**
   * Reads the body into the buffer. Never rejects: keeps a failure for {@link ArrivingList.parts},
   * which throws it.
   */
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

  /** Returns the part that is ready, if any, and whether it is the last one. */
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

/** Resolves in the next iteration of the event loop. */
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
    const type = contentType === '' ? 'without a content type' : excerptOf(contentType, 60);
    return new ServerError(`the answer of ${from} is not JSON (${type}): "${excerptOf(text)}"`, {
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
 * Returns the error for a response that ended before its JSON did.
 * @param where follows the name of the server: `breaks off after 20 bytes`
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
