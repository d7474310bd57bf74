// Reads the body of an answer: decodes it, fails if it is incomplete, and ends with the call's
// scope. Entry point: openBody().

import { pipeline, type Readable, type Transform } from 'node:stream';
import { BugError, type KapiError } from '../errors.ts';
import { reasonOf, unlessAborted } from '../model/abort.ts';
import { Fault } from './fault.ts';
import { requestFault } from './request-fault.ts';
import type { Scope } from './scope.ts';

/** A content encoding that kapi decodes. */
export type Coding = 'identity' | 'gzip' | 'deflate';

/**
 * Parses Content-Encoding (RFC 9110 section 8.4).
 * @returns undefined for an encoding that kapi does not ask for and cannot decode
 */
export function decideCoding(contentEncoding: string | undefined): Coding | undefined {
  switch (contentEncoding?.trim().toLowerCase() ?? '') {
    case '':
    case 'identity':
      return 'identity';
    case 'gzip':
    case 'x-gzip':
      return 'gzip';
    case 'deflate':
      return 'deflate';
    default:
      return undefined;
  }
}

/** A body that can be read once, or canceled. */
export interface OpenBody {
  readonly body: AsyncIterable<Uint8Array>;
  cancel(): void;
}

/**
 * Opens a body for reading, in the chunks in which it arrives. Decoding is streamed, so that memory
 * use stays small even if a few bytes unpack to a lot.
 * @param explain turns the fault that broke the body into the error to throw
 * @param ended called once, when the connection is no longer in use
 */
export function openBody(
  source: Readable,
  coding: Coding,
  scope: Scope,
  explain: (fault: Fault | KapiError) => Promise<Error>,
  ended: () => void,
): OpenBody {
  const abort = (): void => {
    source.destroy(reasonOf(scope.signal));
  };
  scope.signal.addEventListener('abort', abort, { once: true });
  source.on('error', () => undefined);
  source.once('close', () => {
    scope.signal.removeEventListener('abort', abort);
    ended();
  });
  if (scope.signal.aborted) abort();
  const cancel = (): void => {
    source.destroy();
  };
  let taken = false;
  async function* read(): AsyncGenerator<Uint8Array, void, void> {
    let received = 0;
    let isWhole = false;
    async function* counted(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
      for await (const chunk of chunks) {
        received += chunk.length;
        yield chunk;
      }
    }
    try {
      // Reading the decoder fails with errors of the connection and of the format alike.
      const decoded =
        coding === 'identity'
          ? source
          : pipeline(source, counted, await openDecoder(coding), () => undefined);
      yield* chunksOf(decoded);
      isWhole = decoded === source;
    } catch (error) {
      if (scope.signal.aborted) throw reasonOf(scope.signal);
      // Zero bytes are an empty body, whatever Content-Encoding says.
      if (coding !== 'identity' && source.readableEnded && received === 0) return;
      throw await explain(error instanceof Fault ? error : requestFault(error, false, 'body'));
    } finally {
      // A complete body closes by itself, and its connection is reused.
      if (!isWhole) cancel();
    }
  }
  return {
    body: {
      [Symbol.asyncIterator]: () => {
        // A second reader would get an empty body and mistake it for the answer.
        if (taken) throw new BugError('the body of an answer is read twice', { code: 'BodyReadTwice' });
        taken = true;
        return read();
      },
    },
    cancel,
  };
}

/**
 * Yields the chunks of a stream until its end. An answer ends here as soon as it is complete: Node
 * then frees the connection before it ends the stream, and a short run need not wait for that. The
 * stream's own iterator does the same, but loads modules that a short run needs for nothing else.
 * @throws the error of the stream; Error `ERR_STREAM_PREMATURE_CLOSE` if the stream closes early
 *   without an error
 */
async function* chunksOf(stream: Readable): AsyncGenerator<Uint8Array> {
  let failure: Error | null = null;
  let wake: () => void = () => undefined;
  const look = (): void => {
    wake();
  };
  stream.on('readable', look).once('end', look).once('close', look);
  stream.once('error', (error: Error) => {
    failure = error;
    wake();
  });
  for (;;) {
    // A destroyed stream is not read, even if it still buffers data.
    const chunk: unknown = stream.destroyed ? null : stream.read();
    // The stream can have failed before the listener was added.
    failure ??= stream.errored;
    if (chunk instanceof Uint8Array) {
      yield chunk;
    } else if (stream.readableEnded) {
      return;
    } else if (failure !== null) {
      throw failure;
    } else if (stream.closed || stream.destroyed) {
      throw Object.assign(new Error('Premature close'), { code: 'ERR_STREAM_PREMATURE_CLOSE' });
    } else if (isComplete(stream)) {
      return;
    } else {
      await new Promise<void>((resolve) => (wake = resolve));
    }
  }
}

function isComplete(stream: Readable & { readonly complete?: boolean }): boolean {
  return stream.complete === true && stream.readableLength === 0;
}

async function openDecoder(coding: 'gzip' | 'deflate'): Promise<Transform> {
  const { createGunzip, createInflate } = await import('node:zlib');
  return coding === 'gzip' ? createGunzip() : createInflate();
}

/** Max bytes, and max milliseconds, to read of a body that is not used. */
const maxDiscardedBytes = 64 * 1024;
const maxDiscardMs = 250;

/**
 * Reads a short body to its end, so that its connection can be reused. Destroys a longer one, which
 * ends the connection.
 * @throws the signal's reason when it aborts
 */
export async function discardBody(body: Readable, signal: AbortSignal): Promise<void> {
  let bytes = 0;
  const closed = new Promise<void>((resolve) => {
    body.once('close', resolve);
  });
  const timer = setTimeout(() => body.destroy(), maxDiscardMs);
  body.on('error', () => undefined);
  body.on('data', (chunk: Uint8Array) => {
    bytes += chunk.length;
    if (bytes > maxDiscardedBytes) body.destroy();
  });
  try {
    await unlessAborted(closed, signal);
  } finally {
    clearTimeout(timer);
    body.destroy();
  }
}
