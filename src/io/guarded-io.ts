// The terminal as commands see it. Errors of stdout name the stream, errors of stderr are ignored,
// and control characters of text become visible on a terminal. Entry point: guardIo().

import { localError, systemCodeOf } from '../errors.ts';
import { ClosedPipe } from './closed-pipe.ts';
import type { Io, RawIo, RawSink, Sink } from './io.ts';

/** Escapes text for a terminal. Keeps colours if `keepsColours` is true. */
export type EscapeForTerminal = (text: string, keepsColours: boolean) => string;

/**
 * Wraps an `Io`. An error of standard output names the stream. An error of standard error loses
 * only the text that could not be written: closing stderr must not end the work whose data goes to
 * stdout.
 *
 * A string is text: if the stream is a terminal, it passes through `escape` last, and only
 * `Painted` text keeps colours. Bytes are not changed, and a pipe gets all three unchanged.
 */
export function guardIo(io: RawIo, escape: EscapeForTerminal): Io {
  let out: Sink | undefined;
  let err: Sink | undefined;
  return {
    in: io.in,
    // As late as the sinks themselves: Node creates a stream at the first access.
    get out() {
      return (out ??= guardSink(io.out, escape, (error) => {
        throw outputError(error);
      }));
    },
    get err() {
      return (err ??= guardSink(io.err, escape, () => undefined));
    },
  };
}

function guardSink(sink: RawSink, escape: EscapeForTerminal, onError: (error: unknown) => void): Sink {
  const shown = (text: string, isPainted: boolean): string =>
    sink.isTTY ? escape(text, isPainted && sink.color > 0) : text;
  return {
    write(chunk) {
      try {
        const written = sink.write(
          chunk instanceof Uint8Array
            ? chunk
            : typeof chunk === 'string'
              ? shown(chunk, false)
              : shown(chunk.painted, true),
        );
        if (written === undefined) return undefined;
        const handled = written.catch(onError);
        // If a write is not awaited, the next write reports its failure.
        handled.catch(() => undefined);
        return handled;
      } catch (error) {
        onError(error);
        return undefined;
      }
    },
    get isTTY() {
      return sink.isTTY;
    },
    get columns() {
      return sink.columns;
    },
    color: sink.color,
  };
}

/**
 * Converts an error of a write: {@link ClosedPipe} if the reader of a pipe or socket is gone,
 * otherwise an error that names the stream.
 */
function outputError(error: unknown): unknown {
  switch (systemCodeOf(error)) {
    case 'EPIPE':
    case 'ECONNRESET':
    case 'ERR_STREAM_DESTROYED':
      return new ClosedPipe('stdout');
    default:
      return localError('cannot write to standard output', error, 'OutputFailed');
  }
}
