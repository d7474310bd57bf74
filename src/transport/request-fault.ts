// What the carriers' libraries throw, as a Fault.

import type { Socket } from 'node:net';
import { KapiError, systemCodeOf } from '../errors.ts';
import type { CarrierAnswer } from './carrier.ts';
import type { Connection } from './connect.ts';
import { Fault, type Phase } from './fault.ts';

/**
 * Makes a Fault of an error of node:http or undici after the connection was there.
 * @param error undefined: the exchange ended without an answer and without an error
 */
export function requestFault(error: unknown, reused: boolean, phase: Phase = 'request'): Fault | KapiError {
  // Of opening a connection: credentials that could not be had.
  if (error instanceof KapiError) return error;
  if (error instanceof Fault) return reused === error.reused ? error : error.with({ reused });
  if (error === undefined || isClean(error)) {
    return new Fault({ phase, party: 'server', code: 'CLOSED', cause: error, reused });
  }
  if (isTlsRecord(error))
    return new Fault({ phase, party: 'server', code: 'TLS_PORT', cause: error, reused });
  // undici gives its parser's errors a name and no code.
  if (error instanceof Error && error.name === 'HTTPParserError') {
    return new Fault({ phase, party: 'server', code: 'NOT_HTTP', cause: error, reused });
  }
  return new Fault({ phase, party: 'server', cause: error, reused });
}

/**
 * Why a connection is gone that has just been opened; undefined where it is well. With TLS 1.3 a server refuses a
 * client certificate right after the handshake, and the alert may be here before anyone uses the connection.
 */
export function goneAlready(socket: Socket): Fault | KapiError | undefined {
  return socket.destroyed ? requestFault(socket.errored ?? undefined, false) : undefined;
}

/** For a connection that broke in silence: the TLS alert that says why, undefined where there was none. */
export async function alertBehind(connection: Connection | undefined): Promise<Fault | undefined> {
  if (connection === undefined) return undefined;
  // It may follow the end of the stream within the same turn of the event loop.
  await new Promise((resolve) => setImmediate(resolve));
  const alert = connection.alert();
  return alert === undefined ? undefined : new Fault({ phase: 'tls', party: 'server', cause: alert });
}

/** The other side closed the connection in order, which the libraries report under several names. */
function isClean(error: unknown): boolean {
  const code = systemCodeOf(error);
  // Node's "socket hang up" has the code of a reset without a system call that failed.
  if (code === 'ECONNRESET') return typeof error === 'object' && error !== null && !('syscall' in error);
  return (
    code === 'UND_ERR_SOCKET' || code === 'HPE_INVALID_EOF_STATE' || code === 'ERR_STREAM_PREMATURE_CLOSE'
  );
}

/** A TLS port answers clear text with a TLS alert: record type 21, then version 3. */
function isTlsRecord(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  if ('rawPacket' in error && error.rawPacket instanceof Buffer) {
    return error.rawPacket[0] === 21 && error.rawPacket[1] === 3;
  }
  return 'data' in error && typeof error.data === 'string' && error.data.startsWith('\x15\x03');
}

/** Go's answer to clear text on a TLS port: HTTP/1.0, status 400, no header at all, and this sentence. */
export async function isTlsPort({ status, headers, body }: CarrierAnswer): Promise<boolean> {
  if (status !== 400 || headers.length > 0) return false;
  await new Promise((resolve) => {
    for (const event of ['readable', 'end', 'error', 'close']) body.once(event, resolve);
  });
  const start: unknown = body.read();
  if (!(start instanceof Buffer)) return false;
  body.unshift(start);
  return start.toString('latin1').startsWith('Client sent an HTTP request to an HTTPS server.');
}
