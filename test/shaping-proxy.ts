// A slow link on loopback: passes TCP on with a delay and at a rate, both ways. Entry point: openSlowLink(). No knowledge of what
// passes.

import net from 'node:net';

export interface LinkShape {
  /** One way, in milliseconds. */
  readonly delayMs: number;
  /** Bits in a second, for each direction. */
  readonly bitsPerSecond: number;
}

/** What a mobile or far connection is like: 100 ms there and back, 10 Mbit/s. */
export const slowLink: LinkShape = { delayMs: 50, bitsPerSecond: 10_000_000 };

export interface SlowLink {
  readonly port: number;
  /** Connections that were opened over it. */
  readonly connections: () => number;
  /** Bytes that came back. */
  readonly received: () => number;
  readonly close: () => Promise<void>;
}

/** Bytes that are on their way at once: what a link of this shape holds, and room in its queue. */
const queueBytes = 256 * 1024;
/** Bytes sent on at a time, so that the rate is even. */
const packetBytes = 8 * 1024;

/** @param targetPort on 127.0.0.1 */
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
        // The other end hears of it when it next writes; ends in order travel like bytes.
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
  /** What is on its way, in order: timers of their own would overtake each other. */
  const queue: { readonly due: number; readonly packet: Buffer | 'end' }[] = [];
  /** When the last byte that was taken has left the sender. */
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
