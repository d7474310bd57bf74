// A loopback proxy that forwards requests to an API server as its administrator, and disturbs
// watches. Entry point: startFaultProxy. Uses plain HTTP, so that it can cut a response anywhere.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Agent, request } from 'node:https';

/** A fault of a watch. */
export type WatchFault =
  /** Closes the connection after a number of bytes of events, probably inside one. */
  | { readonly kind: 'cut'; readonly afterBytes: number }
  /** Ends the stream cleanly after some milliseconds. */
  | { readonly kind: 'end'; readonly afterMs: number }
  /** After a number of bytes sends a line that is not an event, and then the rest. */
  | { readonly kind: 'garbage'; readonly afterBytes: number }
  /** Sends each byte separately for some milliseconds. */
  | { readonly kind: 'split'; readonly afterMs: number }
  /** After a number of bytes sends nothing for some milliseconds. */
  | { readonly kind: 'stall'; readonly afterBytes: number; readonly forMs: number }
  /** After a number of bytes sends the last whole events again. */
  | { readonly kind: 'repeat'; readonly afterBytes: number }
  /** Sends another response than the server's. */
  | { readonly kind: 'status'; readonly status: number; readonly retryAfterSeconds?: number }
  /** Sends an ERROR event with this code after some milliseconds. */
  | { readonly kind: 'error-event'; readonly code: number; readonly afterMs: number };

/** A fault of a watch that the server has accepted. */
type StreamFault = Exclude<WatchFault, { readonly kind: 'status' }>;

export interface FaultProxy {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** Injected faults, in order. */
  readonly made: readonly WatchFault['kind'][];
  stop(): void;
}

/**
 * Starts the proxy.
 * @param next returns the fault of the watch that is being opened; undefined: none
 * @param refusalOf returns the response to send instead of the server's to another request
 */
export async function startFaultProxy(
  server: { readonly url: string; readonly ca: string; readonly token: string },
  next: () => WatchFault | undefined,
  refusalOf: (path: string) => Extract<WatchFault, { readonly kind: 'status' }> | undefined = () => undefined,
): Promise<FaultProxy> {
  const made: WatchFault['kind'][] = [];
  const agent = new Agent({ ca: server.ca, keepAlive: true });
  const proxy = createServer((incoming, outgoing) => {
    const isWatch = incoming.url?.includes('watch=true') === true;
    const fault = isWatch ? next() : refusalOf(incoming.url ?? '');
    if (fault !== undefined) made.push(fault.kind);
    if (fault?.kind === 'status') refuse(outgoing, fault.status, fault.retryAfterSeconds);
    else forward(incoming, outgoing, fault);
  });

  function forward(
    incoming: IncomingMessage,
    outgoing: ServerResponse,
    fault: StreamFault | undefined,
  ): void {
    const upstream = request(
      `${server.url}${incoming.url ?? ''}`,
      {
        agent,
        method: incoming.method,
        headers: { authorization: `Bearer ${server.token}`, accept: incoming.headers.accept },
      },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, {
          'content-type': answer.headers['content-type'] ?? '',
        });
        outgoing.flushHeaders();
        if (fault === undefined) answer.pipe(outgoing);
        else spoil(answer, outgoing, fault);
        outgoing.once('close', () => answer.destroy());
        answer.once('error', () => outgoing.destroy());
      },
    );
    upstream.once('error', () => outgoing.destroy());
    incoming.pipe(upstream);
  }

  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const address = proxy.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server without a port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    made,
    stop: () => {
      proxy.closeAllConnections();
      proxy.close();
      agent.destroy();
    },
  };
}

function refuse(outgoing: ServerResponse, code: number, retryAfterSeconds: number | undefined): void {
  outgoing.writeHead(code, {
    'content-type': 'application/json',
    ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }),
  });
  outgoing.end(JSON.stringify(status(code)));
}

function status(code: number): object {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    status: 'Failure',
    reason: 'Made',
    message: 'made by the test',
    code,
  };
}

function spoil(answer: IncomingMessage, outgoing: ServerResponse, fault: StreamFault): void {
  let passed = 0;
  let spoilt = false;
  let before: number | undefined = newline;
  const splitUntil = Date.now() + (fault.kind === 'split' ? fault.afterMs : 0);
  answer.on('data', (chunk: Buffer) => {
    if (fault.kind === 'cut' && passed + chunk.length >= fault.afterBytes) {
      outgoing.write(chunk.subarray(0, fault.afterBytes - passed), () => outgoing.destroy());
      answer.destroy();
      return;
    }
    passed += chunk.length;
    if (fault.kind === 'split' && Date.now() < splitUntil) {
      for (const byte of chunk) outgoing.write(Buffer.of(byte));
    } else {
      outgoing.write(chunk);
    }
    const isDue = !spoilt && 'afterBytes' in fault && passed >= fault.afterBytes;
    if (fault.kind === 'stall' && isDue) {
      spoilt = true;
      answer.pause();
      setTimeout(() => answer.resume(), fault.forMs);
    }
    if (fault.kind === 'repeat' && isDue && isWholeLines(chunk, before)) {
      spoilt = true;
      outgoing.write(chunk);
    }
    before = chunk.at(-1);
    if (fault.kind === 'garbage' && !spoilt && passed >= fault.afterBytes && chunk.at(-1) === 0x0a) {
      spoilt = true;
      outgoing.write('<html><body>502 Bad Gateway</body></html>\n');
    }
  });
  answer.once('end', () => outgoing.end());
  if (fault.kind !== 'end' && fault.kind !== 'error-event') return;
  const timer = setTimeout(() => {
    const last =
      fault.kind === 'end' ? '' : `${JSON.stringify({ type: 'ERROR', object: status(fault.code) })}\n`;
    // Only between two events: cutting inside one is another fault.
    answer.destroy();
    outgoing.end(last);
  }, fault.afterMs);
  outgoing.once('close', () => clearTimeout(timer));
}

const newline = 0x0a;

/**
 * True if a chunk consists of whole lines: it ends with a line end, and so did the one before it.
 */
function isWholeLines(chunk: Buffer, before: number | undefined): boolean {
  return before === newline && chunk.at(-1) === newline;
}
