// Writes responses: headers, encodings, gzip, back-pressure, errors as Status. Entry points:
// writeAnswer, answerOfError. Independent of the content of a response.

import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createGzip, gzipSync } from 'node:zlib';
import { systemCodeOf } from '../../errors.ts';
import { objectAnswer, type Answer } from './call.ts';
import { encodeJson, encodeYaml } from './encoding.ts';
import { negotiate, type FormRequest } from './negotiation.ts';
import { internalError, StatusError } from './status.ts';

/** Min bytes of a body that is compressed, as in the real server. */
const gzipFromBytes = 128 * 1024;

const flowSchema = randomUUID();
const priorityLevel = randomUUID();

/** The parts of a request that the writer needs. */
export interface WriteContext {
  readonly acceptEncoding: string;
  /** Texts for `Warning` headers. */
  readonly warnings: readonly string[];
  /** Closes the connection after this number of bytes of a body: `--fault truncate`. */
  readonly truncateAt?: number | undefined;
}

/**
 * Writes a response. Resolves when it is sent. A client that closes the connection is not an error.
 */
export async function writeAnswer(
  response: ServerResponse,
  answer: Answer,
  context: WriteContext,
): Promise<void> {
  response.statusCode = answer.status;
  for (const [name, value] of Object.entries(headersOf(answer))) response.setHeader(name, value);
  if (context.warnings.length > 0) {
    response.setHeader(
      'warning',
      // Quoted, so it contains no control characters. UTF-8 as in the real server, which Node reads
      // as Latin-1.
      context.warnings.map((text) => Buffer.from(`299 - ${JSON.stringify(text)}`).toString('latin1')),
    );
  }
  if (answer.kind === 'stream') {
    await writeStream(response, answer, context);
  } else {
    await writeWhole(response, toBuffer(bodyOf(answer)), context);
  }
}

function headersOf(answer: Answer): Record<string, string> {
  const headers: Record<string, string> = {
    'audit-id': randomUUID(),
    'cache-control': 'no-cache, private',
    'content-type': answer.kind === 'object' ? answer.form.contentType : answer.contentType,
  };
  if (answer.status !== 401) {
    headers['x-kubernetes-pf-flowschema-uid'] = flowSchema;
    headers['x-kubernetes-pf-prioritylevel-uid'] = priorityLevel;
  }
  if (answer.status === 403) headers['x-content-type-options'] = 'nosniff';
  return answer.kind === 'stream' ? headers : { ...headers, ...answer.headers };
}

function bodyOf(answer: Exclude<Answer, { kind: 'stream' }>): string | Buffer {
  if (answer.kind === 'text') return answer.text;
  if (answer.form.format === 'yaml') return encodeYaml(answer.body);
  const text = encodeJson(answer.body, answer.form.pretty);
  // Go's encoder ends compact JSON with a line end, and indented JSON without one.
  return answer.form.pretty ? text : `${text}\n`;
}

function toBuffer(body: string | Buffer): Buffer {
  return typeof body === 'string' ? Buffer.from(body) : body;
}

/**
 * Makes the response for an error of a handler: a Status in a form that the client accepts, or JSON
 * if it accepts none.
 */
export function answerOfError(error: unknown, request: FormRequest): Answer {
  const status = error instanceof StatusError ? error : internalError(String(error));
  let form;
  try {
    form = negotiate(request);
  } catch {
    // The error for an unacceptable form must itself have a form.
    form = negotiate({ ...request, accept: '' });
  }
  const seconds = status.details?.retryAfterSeconds;
  const answer = objectAnswer({ ...form, as: undefined }, status.toBody(), status.code);
  return seconds === undefined || answer.kind !== 'object'
    ? answer
    : { ...answer, headers: { 'retry-after': String(seconds) } };
}

async function writeWhole(response: ServerResponse, body: Buffer, context: WriteContext): Promise<void> {
  const compress = body.length >= gzipFromBytes && acceptsGzip(context);
  const bytes = compress ? gzipSync(body, { level: constants.Z_BEST_SPEED }) : body;
  if (compress) setGzipHeaders(response);
  response.setHeader('content-length', bytes.length);
  if (context.truncateAt !== undefined && context.truncateAt < bytes.length) {
    await cutConnection(response, bytes.subarray(0, context.truncateAt));
    return;
  }
  response.end(bytes);
}

async function writeStream(
  response: ServerResponse,
  answer: Extract<Answer, { kind: 'stream' }>,
  context: WriteContext,
): Promise<void> {
  // Nagle's algorithm would delay single events.
  response.socket?.setNoDelay(true);
  if (answer.live) response.flushHeaders();
  try {
    if (context.truncateAt !== undefined) {
      await writeTruncated(response, answer.chunks, context.truncateAt);
    } else if (!answer.live && acceptsGzip(context)) {
      setGzipHeaders(response);
      await pipeline(
        Readable.from(answer.chunks),
        createGzip({ level: constants.Z_BEST_SPEED }),
        outlet(response),
      );
    } else {
      await pipeline(Readable.from(answer.chunks), outlet(response));
    }
  } catch (error) {
    if (!response.destroyed && systemCodeOf(error) !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  }
}

function outlet(response: ServerResponse): Writable {
  return response;
}

async function writeTruncated(
  response: ServerResponse,
  chunks: Iterable<string> | AsyncIterable<string>,
  limit: number,
): Promise<void> {
  let left = limit;
  for await (const chunk of chunks) {
    const bytes = Buffer.from(chunk);
    if (bytes.length >= left) {
      await cutConnection(response, bytes.subarray(0, left));
      return;
    }
    left -= bytes.length;
    if (!response.write(bytes)) await once(response, 'drain');
  }
  response.end();
}

/** Sends the last bytes and closes the connection in the middle of the body. */
function cutConnection(response: ServerResponse, bytes: Buffer): Promise<void> {
  return new Promise((resolve) => {
    response.write(bytes, () => {
      response.destroy();
      resolve();
    });
  });
}

function acceptsGzip({ acceptEncoding }: WriteContext): boolean {
  return acceptEncoding.split(',').some((part) => part.trim().split(';')[0] === 'gzip');
}

function setGzipHeaders(response: ServerResponse): void {
  response.setHeader('content-encoding', 'gzip');
  response.setHeader('vary', 'Accept-Encoding');
}
