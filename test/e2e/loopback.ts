// Faulty servers on loopback, for tests of the whole program. Entry points: startServer,
// startTlsServer.
import { readFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Server as NetServer } from 'node:net';
import { onTestFinished } from 'vitest';

import type { KeyPair } from './server/certificates.ts';

/** Starts an HTTP server that stops with the test. @returns `http://127.0.0.1:<port>` */
export async function startServer(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  return `http://127.0.0.1:${await listen(server)}`;
}

/** Starts an HTTPS server that stops with the test. @returns `https://127.0.0.1:<port>` */
export async function startTlsServer(pair: KeyPair, listener: RequestListener): Promise<string> {
  const server = createTlsServer(
    { cert: readFileSync(pair.certificateFile), key: readFileSync(pair.keyFile) },
    listener,
  );
  return `https://127.0.0.1:${await listen(server)}`;
}

/** Returns a port on loopback without a listener. */
export async function closedPort(): Promise<number> {
  const server = createServer();
  const port = await bind(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function listen(server: Server): Promise<number> {
  const port = await bind(server);
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return port;
}

function bind(server: NetServer): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (address === null || typeof address === 'string') reject(new Error('a TCP server without a port'));
      else resolve(address.port);
    });
  });
}
