// The handshake with an HTTP proxy: CONNECT. After a 2xx the connection leads to the target. Entry
// point: openHttpTunnel().

import type { Socket } from 'node:net';
import type { Secret } from '../model/secret.ts';
import { Fault } from './fault.ts';
import { hostPort, type Endpoint } from './server-address.ts';

/**
 * Asks the proxy at the other end of `socket` for a tunnel (RFC 9110 section 9.3.6). Afterwards the
 * socket is connected to the target.
 * @throws Fault `PROXY_STATUS` when the proxy refuses, `CLOSED` when it closes the connection; the
 *   error of node:http when the answer is not HTTP
 */
export async function openHttpTunnel(
  socket: Socket,
  target: Endpoint,
  authorization: Secret | undefined,
  { userAgent, headerBytes }: { readonly userAgent: string; readonly headerBytes: number },
): Promise<void> {
  const { default: http } = await import('node:http');
  const authority = hostPort(target);
  return new Promise((resolve, reject) => {
    const request = http.request({
      method: 'CONNECT',
      path: authority,
      createConnection: () => socket,
      setHost: false,
      maxHeaderSize: headerBytes,
      headers: {
        host: authority,
        // Some proxies refuse requests without a User-Agent. Go sends one too.
        'user-agent': userAgent,
        // Without an agent, Node would send `Connection: close`.
        connection: 'keep-alive',
        ...(authorization === undefined ? {} : { 'proxy-authorization': authorization.expose() }),
      },
    });
    request.once('connect', (response, _socket, head) => {
      const status = response.statusCode ?? 0;
      if (status < 200 || status > 299) {
        const detail = `${status} ${response.statusMessage ?? ''}`.trim();
        const asksFor = response.headers['proxy-authenticate']?.toString();
        reject(new Fault({ phase: 'proxy', party: 'proxy', code: 'PROXY_STATUS', detail, asksFor }));
        return;
      }
      // A server that speaks first (not with TLS) can have sent bytes with the proxy's answer.
      if (head.length > 0) socket.unshift(head);
      resolve();
    });
    request.once('error', reject);
    request.once('close', () => {
      reject(new Fault({ phase: 'proxy', party: 'proxy', code: 'CLOSED' }));
    });
    request.end();
  });
}
