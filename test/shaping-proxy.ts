// A slow link on loopback: forwards TCP with a delay and at a rate, both ways. Entry point:
// openSlowLink(). Independent of the protocol.

import net from 'node:net';

export interface LinkShape {
  /** Delay of one direction, in milliseconds. */
  readonly delayMs: number;
  /** Bits in a second, for each direction. */
  readonly bitsPerSecond: number;
}

/** A mobile or distant connection: 100 ms round trip, 10 Mbit/s. */
export const slowLink: LinkShape = { delayMs: 50, bitsPerSecond: 10_000_000 };

export interface SlowLink {
  readonly port: number;
  /** Number of connections opened over it. */
  readonly connections: () => number;
  /** Number of bytes received. */
  readonly received: () => number;
  readonly close: () => Promise<void>;
}

/** Max bytes in transit: the bandwidth-delay product and its queue. */
const queueBytes = 256 * 1024;
/** Bytes forwarded at a time, so that the rate is even. */
const packetBytes = 8 * 1024;

/** Opens a link. @param targetPort port on 127.0.0.1 */
export async function openSlowLink(targetPort: number, shape: LinkShape = slowLink): Promise<SlowLink> {
  let connections = 0;
  let received = 0;
  const open = new Set<net.Socket>();
  const server = net.createServer({ allowHalfOpen: true, noDelay: true }, (near) => {
    connections += 1;
    const far = net.connect({ port: targetPort, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    for (const socket of [near, far]) {
      open.add(socket);
      socket.on('error', () => undefined);
      socket.once('close', () => {
        open.delete(socket);
        // The other end sees it at its next write; a clean end is delayed like bytes.
        setTimeout(() => {
          near.destroy();
          far.destroy();
        }, shape.delayMs);
      });
    }
    carry(near, far, shape, () => undefined);
    carry(far, near, shape, (bytes) => (received += bytes));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    port: address.port,
    connections: () => connections,
    received: () => received,
    close: async () => {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function carry(from: net.Socket, to: net.Socket, shape: LinkShape, count: (bytes: number) => void): void {
  /** Packets in transit, in order: separate timers would overtake each other. */
  const queue: { readonly due: number; readonly packet: Buffer | 'end' }[] = [];
  /** When the last accepted byte has left the sender. */
  let freeAt = 0;
  let queued = 0;
  let timer: NodeJS.Timeout | undefined;

  function deliver(): void {
    timer = undefined;
    for (let next = queue[0]; next !== undefined && next.due <= performance.now(); next = queue[0]) {
      queue.shift();
      if (next.packet === 'end') {
        to.end();
        return;
      }
      queued -= next.packet.length;
      count(next.packet.length);
      if (to.writable) to.write(next.packet);
    }
    if (queued < queueBytes / 2) from.resume();
    wait();
  }

  function wait(): void {
    const [next] = queue;
    if (next !== undefined) timer ??= setTimeout(deliver, Math.max(1, next.due - performance.now()));
  }

  from.on('data', (chunk: Buffer) => {
    for (let at = 0; at < chunk.length; at += packetBytes) {
      const packet = chunk.subarray(at, at + packetBytes);
      freeAt = Math.max(freeAt, performance.now()) + (packet.length * 8_000) / shape.bitsPerSecond;
      queue.push({ due: freeAt + shape.delayMs, packet });
      queued += packet.length;
    }
    if (queued > queueBytes) from.pause();
    wait();
  });
  from.on('end', () => {
    queue.push({ due: Math.max(freeAt, performance.now()) + shape.delayMs, packet: 'end' });
    wait();
  });
}
