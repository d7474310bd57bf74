// A proxy on loopback that passes requests on to an API server as its administrator, and troubles watches on the way.
// Entry point: startFaultProxy. It speaks plain HTTP, so that it can cut wherever it likes.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Agent, request } from 'node:https';

/** What happens to a watch. */
export type WatchFault =
  /** The connection breaks after so many bytes of events, most likely in the middle of one. */
  | { readonly kind: 'cut'; readonly afterBytes: number }
  /** The stream ends in good order after so many milliseconds. */
  | { readonly kind: 'end'; readonly afterMs: number }
  /** After so many bytes comes a line that is no event, and then the rest. */
  | { readonly kind: 'garbage'; readonly afterBytes: number }
  /** Each byte comes by itself for so many milliseconds. */
  | { readonly kind: 'split'; readonly afterMs: number }
  /** After so many bytes nothing comes for so many milliseconds. */
  | { readonly kind: 'stall'; readonly afterBytes: number; readonly forMs: number }
  /** After so many bytes the last whole events come once more. */
  | { readonly kind: 'repeat'; readonly afterBytes: number }
  /** Another answer than the server's. */
  | { readonly kind: 'status'; readonly status: number; readonly retryAfterSeconds?: number }
  /** An ERROR event with this code after so many milliseconds. */
  | { readonly kind: 'error-event'; readonly code: number; readonly afterMs: number };

/** What happens to a watch that the server has granted. */
type StreamFault = Exclude<WatchFault, { readonly kind: 'status' }>;

export interface FaultProxy {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** Faults that were made, in order. */
  readonly made: readonly WatchFault['kind'][];
  stop(): void;
}

/**
 * @param next the fault of the watch that is being opened; undefined: none
 */
export async function startFaultProxy(
  server: { readonly url: string; readonly ca: string; readonly token: string },
  next: () => WatchFault | undefined,
): Promise<FaultProxy> {
  const made: WatchFault['kind'][] = [];
  const agent = new Agent({ ca: server.ca, keepAlive: true });
  const proxy = createServer((incoming, outgoing) => {
    const isWatch = incoming.url?.includes('watch=true') === true;
    const fault = isWatch ? next() : undefined;
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
    // Only between two events: what is cut is another fault's.
    answer.destroy();
    outgoing.end(last);
  }, fault.afterMs);
  outgoing.once('close', () => clearTimeout(timer));
}

const newline = 0x0a;

/** Whether a chunk is whole lines: it ends with a line end, and so did what came before it. */
function isWholeLines(chunk: Buffer, before: number | undefined): boolean {
  return before === newline && chunk.at(-1) === newline;
}
