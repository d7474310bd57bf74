import { once } from 'node:events';
import http from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { text } from 'node:stream/consumers';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { CarrierAnswer } from '../../../src/transport/carrier.ts';
import { defaultLimits } from '../../../src/transport/limits.ts';
import { openUndiciCarrier } from '../../../src/transport/undici-carrier.ts';

/** A carrier whose connections open when the test says so. */
async function openCarrier(openings: number, openingTickMs = 3_600_000) {
  const server = http.createServer((request, response) => response.end(request.url));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  /** Lets the connections open, one function for each. */
  const gates: (() => void)[] = [];
  const carrier = await openUndiciCarrier(
    async () => {
      await new Promise<void>((resolve) => gates.push(resolve));
      const socket: Socket = connect(port, '127.0.0.1');
      await once(socket, 'connect');
      return socket;
    },
    { ...defaultLimits, openings, openingTickMs },
    process.versions.node,
  );
  onTestFinished(() => {
    carrier.close();
    server.closeAllConnections();
    server.close();
  });
  const send = (path: string, signal = new AbortController().signal): Promise<CarrierAnswer> =>
    carrier.send({ method: 'GET', target: path, headers: { host: 'server' }, body: undefined, signal });
  return { carrier, gates, send };
}

const paths = (count: number): string[] => Array.from({ length: count }, (_, index) => `/${index}`);

describe('a crowd of requests', () => {
  test('opens a limited number of connections at once, and shares those that it has', async () => {
    const { gates, send } = await openCarrier(4);
    const answers = paths(100).map(async (path) => text((await send(path)).body));
    for (let count = 0; count < 10; count++) await turn();
    expect(gates).toHaveLength(4);
    // The other three never open. The request with the connection lets one more try, which never
    // opens either, and the rest shares the only connection.
    gates[0]?.();
    for (const [index, answer] of answers.entries()) {
      if (index === 0 || index > 4) expect(await answer).toBe(`/${index}`);
    }
    expect(gates).toHaveLength(5);
  });

  test('a connection that does not open keeps no other request from its own for long', async () => {
    const { gates, send } = await openCarrier(2, 1);
    const answers = paths(6).map(async (path) => text((await send(path)).body));
    await expect.poll(() => gates.length).toBe(6);
    for (const gate of gates) gate();
    expect(await Promise.all(answers)).toEqual(paths(6));
  });

  test('a request that waits for its turn ends with its signal, and the next one takes the turn', async () => {
    const { gates, send } = await openCarrier(1);
    const controller = new AbortController();
    const first = send('/first');
    const aborted = send('/aborted', controller.signal);
    const last = send('/last');
    const reason = new Error('not wanted any more');
    controller.abort(reason);
    await expect(aborted).rejects.toBe(reason);
    await expect.poll(() => gates.length).toBe(1);
    gates[0]?.();
    await expect.poll(() => gates.length).toBe(2);
    gates[1]?.();
    expect(await text((await first).body)).toBe('/first');
    expect(await text((await last).body)).toBe('/last');
  });

  test.each(['renew', 'close'] as const)('%s keeps the requests that wait', async (end) => {
    const { carrier, gates, send } = await openCarrier(1);
    const answers = paths(5).map(async (path) => text((await send(path)).body));
    carrier[end]();
    await expect.poll(() => gates.length).toBe(5);
    for (const gate of gates) gate();
    expect(await Promise.all(answers)).toEqual(paths(5));
  });

  test('connections that fail give their turns to the next requests', async () => {
    let failures = 0;
    const carrier = await openUndiciCarrier(
      () => Promise.reject(new Error(`refused ${(failures += 1)}`)),
      { ...defaultLimits, openings: 3, openingTickMs: 3_600_000 },
      process.versions.node,
    );
    const outcomes = await Promise.allSettled(
      paths(50).map((target) =>
        carrier.send({
          method: 'GET',
          target,
          headers: { host: 'server' },
          body: undefined,
          signal: new AbortController().signal,
        }),
      ),
    );
    expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set(['rejected']));
    expect(failures).toBe(50);
  });
});
