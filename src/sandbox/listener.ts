// Accepts the connections of the sandbox's server. Entry point: listenerFor(). The standalone
// file has its own version in scripts/standalone/bun-modules.mjs, because Bun's servers take no
// connections from others.

import { createServer, type Server, type Socket } from 'node:net';
import type { Server as TlsServer } from 'node:tls';

/** First byte of a TLS handshake (RFC 8446, section 5.1). */
const tlsHandshake = 0x16;

/**
 * Makes the server that listens on the port: it passes TLS connections on, and refuses plain HTTP
 * as Go's server does.
 */
export function listenerFor(tls: TlsServer): Server {
  return createServer({ noDelay: true }, (socket) =>
    routeConnection(socket, (accepted) => tls.emit('connection', accepted)),
  );
}

function routeConnection(socket: Socket, serveTls: (socket: Socket) => void): void {
  socket.on('error', () => socket.destroy());
  // Reading in paused mode does not change the socket for its next owner.
  socket.once('readable', () => {
    const bytes: unknown = socket.read();
    if (!(bytes instanceof Uint8Array)) {
      socket.destroy();
      return;
    }
    if (bytes[0] !== tlsHandshake) {
      socket.end('HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n');
      return;
    }
    socket.unshift(bytes);
    serveTls(socket);
  });
}
