// Turns the errors of node:http and undici into Faults.

import type { Socket } from 'node:net';
import { KapiError, systemCodeOf } from '../errors.ts';
import type { CarrierAnswer } from './carrier.ts';
import type { Connection } from './connect.ts';
import { Fault, type Phase } from './fault.ts';

/**
 * Makes a Fault of an error of node:http or undici.
 * @param error undefined: the exchange ended without an answer and without an error
 * @param reused true if the connection carried an earlier request
 * @returns a KapiError unchanged: it comes from opening the connection, such as missing credentials
 */
export function requestFault(error: unknown, reused: boolean, phase: Phase = 'request'): Fault | KapiError {
  // An error from opening the connection, such as missing credentials.
  if (error instanceof KapiError) return error;
  if (error instanceof Fault) return reused === error.reused ? error : error.with({ reused });
  if (error === undefined || isClean(error)) {
    return new Fault({ phase, party: 'server', code: 'CLOSED', cause: error, reused });
  }
  if (isTlsRecord(error))
    return new Fault({ phase, party: 'server', code: 'TLS_PORT', cause: error, reused });
  // undici gives errors of its parser a name but no code.
  if (error instanceof Error && error.name === 'HTTPParserError') {
    const code = error.message.includes('(Invalid EOF state)') ? 'CLOSED' : 'NOT_HTTP';
    return new Fault({ phase, party: 'server', code, cause: error, reused });
  }
  return new Fault({ phase, party: 'server', cause: error, reused });
}

/**
 * Returns why a new connection is already closed; undefined if it is open. A TLS 1.3 server refuses
 * a client certificate right after the handshake, so its alert can arrive before the connection is
 * used.
 */
export function goneAlready(socket: Socket): Fault | KapiError | undefined {
  return socket.destroyed ? requestFault(socket.errored ?? undefined, false) : undefined;
}

/**
 * Returns the TLS alert that explains why a connection broke without an error; undefined if there
 * is no alert.
 */
export async function alertBehind(connection: Connection | undefined): Promise<Fault | undefined> {
  if (connection === undefined) return undefined;
  // The alert can follow the end of the stream within the same turn of the event loop.
  await new Promise((resolve) => setImmediate(resolve));
  const alert = connection.alert();
  return alert === undefined ? undefined : new Fault({ phase: 'tls', party: 'server', cause: alert });
}

/**
 * Returns true if the peer closed the connection in order, which the libraries report under several
 * codes.
 */
function isClean(error: unknown): boolean {
  const code = systemCodeOf(error);
  // Node's "socket hang up" has the code ECONNRESET but no failed system call.
  if (code === 'ECONNRESET') return typeof error === 'object' && error !== null && !('syscall' in error);
  return (
    code === 'UND_ERR_SOCKET' || code === 'HPE_INVALID_EOF_STATE' || code === 'ERR_STREAM_PREMATURE_CLOSE'
  );
}

/**
 * Returns true if the answer is a TLS alert, which a TLS port sends to a client without TLS: record
 * type 21, then version 3.
 */
function isTlsRecord(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  if ('rawPacket' in error && error.rawPacket instanceof Buffer) {
    return error.rawPacket[0] === 21 && error.rawPacket[1] === 3;
  }
  return 'data' in error && typeof error.data === 'string' && error.data.startsWith('\x15\x03');
}

/**
 * Returns true for Go's answer to plain HTTP on a TLS port: HTTP/1.0, status 400, no headers, and
 * the sentence below. Consumes nothing of the body.
 */
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
