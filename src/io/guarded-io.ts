// The terminal as commands see it: failures of stdout have a name, failures of stderr do not exist, and text reaches a terminal
// through one door that makes control characters visible. Entry point: guardIo().

import { localError, systemCodeOf } from '../errors.ts';
import { ClosedPipe } from './closed-pipe.ts';
import type { Io, RawIo, RawSink, Sink } from './io.ts';

/** Text as a terminal may show it; colours stay where `keepsColours`. */
export type EscapeForTerminal = (text: string, keepsColours: boolean) => string;

/**
 * Wraps an `Io` so that an error of standard output says whose it is, and an error of standard error costs the words that
 * could not be written and nothing else: whoever closes stderr must not end the work whose data goes to stdout. A string is text and passes `escape` where the
 * stream is a terminal, whatever a command did to it before; only `Painted` text keeps colours. Bytes are bytes, and a pipe gets all
 * three as they are.
 */
export function guardIo(io: RawIo, escape: EscapeForTerminal): Io {
  let out: Sink | undefined;
  let err: Sink | undefined;
  return {
    in: io.in,
    // As late as the sinks themselves: Node makes a stream when it is first touched.
    get out() {
      return (out ??= guarded(io.out, escape, (error) => {
        throw outputError(error);
      }));
    },
    get err() {
      return (err ??= guarded(io.err, escape, () => undefined));
    },
  };
}

function guarded(sink: RawSink, escape: EscapeForTerminal, onError: (error: unknown) => void): Sink {
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
        // The failure of a write that nobody awaits is met by the next one.
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

/** A pipe or socket whose reader has gone is a {@link ClosedPipe}; all else that the system refuses names the stream. */
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
