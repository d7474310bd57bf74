// Upgraded connections (exec, attach, port-forward, watches over WebSocket): joins two sockets.

import type { Duplex } from 'node:stream';
import type { UpgradeAnswer } from '../model/upgrade.ts';
import { headersToClient } from './headers.ts';

/**
 * Returns the protocol to ask for if API servers switch to it. For others, such as h2c, the request
 * stays an ordinary one.
 */
export function protocolOf(upgrade: string | undefined): string | undefined {
  const protocol = upgrade?.trim() ?? '';
  return /^(?:websocket|spdy\/\d+(?:\.\d+)?)$/i.test(protocol) ? protocol : undefined;
}

const lingerMs = 1_000;

/**
 * Tells the client that the protocol was switched, and passes bytes both ways until both sides have
 * ended. A slow reader slows the other side down.
 */
export function join(
  client: { readonly socket: Duplex; readonly head: Uint8Array },
  server: Extract<UpgradeAnswer, { kind: 'upgraded' }>,
): Promise<void> {
  const lines = headersToClient(server.headerLines, (location) => location);
  const named = lines.map((text, index) => (index % 2 === 0 ? `${text}: ` : `${text}\r\n`)).join('');
  const said = (name: string): string =>
    server.headerLines.find(([own]) => own.toLowerCase() === name)?.[1] ?? '';
  const connection = said('connection') || 'Upgrade';
  client.socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nConnection: ${connection}\r\nUpgrade: ${said('upgrade')}\r\n${named}\r\n`,
    'latin1',
  );
  if (server.head.length > 0) client.socket.write(server.head);
  if (client.head.length > 0) server.socket.write(client.head);
  return new Promise((resolve) => {
    let open = 2;
    const link = (from: Duplex, to: Duplex): void => {
      from.on('error', () => to.destroy());
      from.once('close', () => {
        // pipe() has already passed on an end. A close passes on anything else.
        if (from.readableEnded) linger(to);
        else to.destroy();
        open -= 1;
        if (open === 0) resolve();
      });
      from.pipe(to);
    };
    link(client.socket, server.socket);
    link(server.socket, client.socket);
  });
}

/**
 * Closes a connection whose other side is gone, after it has received everything. Reads and drops
 * what it still sends: unread bytes would turn the close into a reset, and the reader could lose
 * the last bytes.
 */
function linger(socket: Duplex): void {
  socket.resume();
  const leave = (): void => {
    const timer = setTimeout(() => socket.destroy(), lingerMs);
    socket.once('close', () => {
      clearTimeout(timer);
    });
  };
  if (socket.writableFinished) leave();
  else socket.once('finish', leave);
}
