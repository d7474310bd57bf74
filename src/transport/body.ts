// The body of an answer: content encoding undone, never silently short, ended by the call's scope.

import { pipeline, type Readable, type Transform } from 'node:stream';
import { BugError, type KapiError } from '../errors.ts';
import { reasonOf, unlessAborted } from '../model/abort.ts';
import { Fault } from './fault.ts';
import { requestFault } from './request-fault.ts';
import type { Scope } from './scope.ts';

export type Coding = 'identity' | 'gzip' | 'deflate';

/**
 * Reads Content-Encoding (RFC 9110 section 8.4).
 * @returns undefined for one that was not asked for and cannot be undone
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

export interface OpenBody {
  readonly body: AsyncIterable<Uint8Array>;
  cancel(): void;
}

/**
 * Hands the body out in the chunks it comes in, decoding on the way: what is held at a time stays small however much
 * a few bytes unpack to.
 * @param explain makes the error to throw of what broke the body
 * @param ended called once, when the connection is free again
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
      // The reader of the decoder gets the error, of the connection as well as of the format.
      const decoded =
        coding === 'identity'
          ? source
          : pipeline(source, counted, await openDecoder(coding), () => undefined);
      yield* chunksOf(decoded);
      isWhole = decoded === source;
    } catch (error) {
      if (scope.signal.aborted) throw reasonOf(scope.signal);
      // No bytes at all stand for an empty body, whatever they claim to be encoded with.
      if (coding !== 'identity' && source.readableEnded && received === 0) return;
      throw await explain(error instanceof Fault ? error : requestFault(error, false, 'body'));
    } finally {
      // What is whole ends by itself, and leaves its connection to the next request.
      if (!isWhole) cancel();
    }
  }
  return {
    body: {
      [Symbol.asyncIterator]: () => {
        // A second reader would see an empty body and take it for the answer.
        if (taken) throw new BugError('the body of an answer is read twice', { code: 'BodyReadTwice' });
        taken = true;
        return read();
      },
    },
    cancel,
  };
}

/**
 * What a stream gives, until its end; until it is complete where it is an answer, since between that and its end Node gives the connection
 * back, which a short run need not wait for. Its own iterator does the same, by way of modules that a short run would load for nothing else.
 * @throws what the stream failed with; Error `ERR_STREAM_PREMATURE_CLOSE` where it was closed without a word
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
    // Of one that was given up nobody wants what it still holds.
    const chunk: unknown = stream.destroyed ? null : stream.read();
    // It may have failed before anybody listened.
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

/** Bytes and milliseconds that the rest of a body gets. */
const maxDiscardedBytes = 64 * 1024;
const maxDiscardMs = 250;

/**
 * Lets a short body run out, so that its connection can be used again; destroys a longer one, which ends the connection.
 * @throws the signal's reason
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
