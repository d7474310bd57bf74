// Faulty servers that truncate, lie, flood and send nonsense: each ends in one clear error or in
// the whole response, over both carriers.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { ApiResponse } from '../../src/model/request.ts';
import { sleep } from '../../src/transport/sleep.ts';
import {
  answering,
  carriers,
  failureOf,
  get,
  makeCast,
  sendTo,
  serve,
  serveHttpProxy,
  serveRaw,
  serveSocks,
  textOf,
} from '../transport/harness.ts';
import { sendsOnBun } from '../transport/bun/remote-send.ts';

const head = 'HTTP/1.1 200 OK\r\n';

async function sizeOf(response: ApiResponse): Promise<number> {
  let size = 0;
  for await (const chunk of response.body) size += chunk.length;
  return size;
}

/** Returns the peak memory of the process above its start, in MB. */
async function peakGrowth(run: () => Promise<void>): Promise<number> {
  const before = process.memoryUsage().rss;
  let peak = before;
  const timer = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 5);
  await run();
  clearInterval(timer);
  return (Math.max(peak, process.memoryUsage().rss) - before) / 1e6;
}

describe.each(carriers)('over %s', (carrier) => {
  const quick = { sleep: (_ms: number, signal: AbortSignal) => sleep(0, signal) };

  test.each([
    ['fewer bytes than Content-Length', `${head}content-length: 100\r\n\r\nshort`, 'end'],
    ['a reset in the middle', `${head}content-length: 100\r\n\r\nshort`, 'reset'],
    ['a chunk that is cut', `${head}transfer-encoding: chunked\r\n\r\n5\r\nhello\r\n20\r\nwor`, 'end'],
    ['no last chunk', `${head}transfer-encoding: chunked\r\n\r\n5\r\nhello\r\n`, 'end'],
    ['no last chunk, reset', `${head}transfer-encoding: chunked\r\n\r\n5\r\nhello\r\n`, 'reset'],
  ] as const)('a body with %s never counts as complete', async (_name, bytes, then) => {
    const served = await serveRaw(answering(bytes, then));
    const failure = await failureOf(sendTo(served.url, carrier)(get).then(textOf));
    expect([failure.name, failure.code]).toEqual(['ConnectionError', 'TruncatedBody']);
    expect(failure.message).toBe(
      `the connection to ${served.url.slice(7)} broke in the middle of the answer to GET /version: unexpected EOF`,
    );
  });

  test('bytes after the end of the body are not part of it', async () => {
    const served = await serveRaw(answering(`${head}content-length: 2\r\n\r\nokGARBAGE`));
    expect(await textOf(await sendTo(served.url, carrier)(get))).toBe('ok');
  });

  test('without length and chunks the body ends with the connection', async () => {
    const served = await serveRaw(answering(`HTTP/1.0 200 OK\r\n\r\nall of it`, 'end'));
    expect(await textOf(await sendTo(served.url, carrier)(get))).toBe('all of it');
  });

  test.each([
    ['another protocol', 'SSH-2.0-OpenSSH_9.6\r\n'],
    ['a bad chunk size', `${head}transfer-encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n`],
    ['zero bytes', Buffer.alloc(1_000)],
  ])('%s is an unreadable response', async (_name, bytes) => {
    const served = await serveRaw(answering(bytes));
    const failure = await failureOf(sendTo(served.url, carrier, {}, quick)(get).then(textOf));
    expect([failure.name, failure.code]).toEqual(['ServerError', 'AnswerUnreadable']);
    expect(failure.message).toMatch(/^the answer of 127\.0\.0\.1:\d+ to GET \/version is not HTTP\/1\.1 \(/);
  });

  test('endless 1xx responses are given up', async () => {
    const served = await serveRaw((socket) => {
      socket.once('data', () => {
        const pour = (): void => {
          if (socket.destroyed) return;
          socket.write('HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n'.repeat(50));
          setImmediate(pour);
        };
        pour();
      });
    });
    const failure = await failureOf(sendTo(served.url, carrier, {}, quick)(get));
    expect([failure.name, failure.code]).toEqual(['ServerError', 'AnswerUnreadable']);
    expect(failure.message).toContain('1xx answers only');
  });

  test('unrequested bytes are not the next response', async () => {
    const served = await serveRaw((socket) => {
      socket.on('data', () => {
        socket.write(`${head}content-length: 2\r\n\r\nok`);
        setTimeout(() => socket.write('HTTP/1.1 408 Late\r\ncontent-length: 4\r\n\r\nlate'), 10);
      });
    });
    const send = sendTo(served.url, carrier, {}, quick);
    expect(await textOf(await send(get))).toBe('ok');
    // The bytes arrive long before: the end of the connection on the server's side decides.
    await new Promise((resolve) => setTimeout(resolve, 60));
    const second = await send(get);
    expect([second.status, await textOf(second)]).toEqual([200, 'ok']);
    expect(served.connections()).toBe(2);
  });

  test.each([
    ['SSH', 'SSH-2.0-OpenSSH_9.6\r\n', 'SSH: "SSH-2.0-OpenSSH_9.6"'],
    ['SMTP', '220 mail.example ESMTP Postfix\r\n', 'SMTP: "220 mail.example ESMTP Postfix"'],
    ['something else', 'hello\r\n', 'something that begins with "hello"'],
  ])('a port that speaks %s instead of TLS is reported with its own words', async (_name, banner, told) => {
    const served = await serveRaw((socket) => {
      socket.write(banner);
    });
    const failure = await failureOf(sendTo(served.url.replace('http:', 'https:'), carrier, {}, quick)(get));
    expect(failure.message).toBe(
      'Unable to connect to the server: tls: first record does not look like a TLS handshake',
    );
    expect(failure.causes).toEqual([`the server does not speak TLS but ${told}`]);
  });

  test.each([
    ['two lengths', `${head}content-length: 2\r\ncontent-length: 3\r\n\r\nok`],
    ['length and chunks', `${head}content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`],
  ])('%s: a contradiction is refused', async (_name, bytes) => {
    const served = await serveRaw(answering(bytes));
    const failure = await failureOf(sendTo(served.url, carrier, {}, quick)(get).then(textOf));
    expect(failure.code).toMatch(/^(AnswerUnreadable|TruncatedBody)$/);
  });

  test('truncated headers are a broken connection, and are retried', async () => {
    const served = await serveRaw(answering(`${head}content-type: text`, 'end'));
    const failure = await failureOf(sendTo(served.url, carrier, {}, quick)(get));
    expect(failure.code).toBe('ConnectionClosed');
    expect(failure.message).toBe('Unable to connect to the server: EOF');
    expect(served.connections()).toBe(3);
  });

  test('a header of 1 MB, headers without end, 5,000 headers', async () => {
    const large = await serveRaw(answering(`${head}x-large: ${'x'.repeat(1_000_000)}\r\n\r\n`));
    const failure = await failureOf(sendTo(large.url, carrier)(get));
    expect([failure.name, failure.code]).toEqual(['ServerError', 'HeadersTooLarge']);
    expect(failure.message).toMatch(
      /^the headers of the answer of 127\.0\.0\.1:\d+ to GET \/version are over 256 KiB$/,
    );
    const flood = await serveRaw((socket) => {
      socket.once('data', () => {
        socket.write(head);
        const pour = (): void => {
          while (!socket.destroyed && socket.write(`x: ${'y'.repeat(1_000)}\r\n`));
        };
        socket.on('drain', pour);
        pour();
      });
    });
    expect((await failureOf(sendTo(flood.url, carrier)(get))).code).toBe('HeadersTooLarge');
    const many = await serveRaw(answering(`${head}${'a: b\r\n'.repeat(5_000)}content-length: 0\r\n\r\n`));
    const count = await failureOf(sendTo(many.url, carrier)(get));
    expect([count.name, count.code]).toEqual(['ServerError', 'HeadersTooLarge']);
    expect(count.message).toMatch(/ has more than 1000 headers$/);
  });

  test('1xx responses are skipped', async () => {
    const early = 'HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n'.repeat(3);
    const served = await serveRaw(answering(`${early}${head}content-length: 2\r\n\r\nok`));
    expect(await textOf(await sendTo(served.url, carrier)(get))).toBe('ok');
  });

  test('an unrequested upgrade is not a response', async () => {
    const served = await serveRaw(
      answering('HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'),
    );
    const failure = await failureOf(sendTo(served.url, carrier, {}, quick)(get));
    expect(failure.name).toBe('ConnectionError');
  });

  test('a response in single bytes arrives complete', async () => {
    const answer = `${head}content-type: text/plain\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n`;
    const served = await serveRaw((socket) => {
      socket.once('data', () => {
        void (async () => {
          for (const byte of answer) {
            socket.write(byte);
            await new Promise((resolve) => setImmediate(resolve));
          }
        })();
      });
    });
    expect(await textOf(await sendTo(served.url, carrier)(get))).toBe('abc');
  });

  test('a response that arrives before the body is sent is read', async () => {
    const served = await serve();
    served.server.removeAllListeners('request');
    served.server.on('request', (_request: unknown, response: ServerResponse) => {
      response.writeHead(413, { connection: 'close' }).end('too much');
    });
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (let index = 0; index < 50; index++) {
        yield Buffer.alloc(1_000);
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
    }
    const response = await sendTo(served.url, carrier)({ method: 'PUT', path: '/', body: endless() });
    expect([response.status, await textOf(response)]).toEqual([413, 'too much']);
  });

  test('memory stays flat over a body of 300 MB and over 300 MB unpacked from 300 KB', async () => {
    const block = Buffer.alloc(64 * 1024, 'x');
    const member = gzipSync(Buffer.alloc(1_000_000));
    const served = await serve((request, response) => {
      if (request.url === '/bomb') {
        response.setHeader('content-encoding', 'gzip');
        response.end(Buffer.concat(Array<Buffer>(300).fill(member)));
        return;
      }
      let left = 300_000_000 / block.length;
      const pour = (): void => {
        while (left > 0) {
          left -= 1;
          if (!response.write(block)) return;
        }
        response.end();
      };
      response.on('drain', pour);
      pour();
    });
    const send = sendTo(served.url, carrier);
    let body = 0;
    let bomb = 0;
    const growth = await peakGrowth(async () => {
      body = await sizeOf(await send({ method: 'GET', path: '/' }));
      bomb = await sizeOf(await send({ method: 'GET', path: '/bomb' }));
    });
    expect(body).toBeGreaterThanOrEqual(300_000_000);
    expect(bomb).toBe(300_000_000);
    // Server and client are in this process; half of either body would be visible.
    expect(growth).toBeLessThan(150);
  });

  test('a slow reader slows the server down', async () => {
    let sent = 0;
    const block = Buffer.alloc(64 * 1024);
    const served = await serve((_request, response) => {
      const pour = (): void => {
        do sent += block.length;
        while (response.write(block) && sent < 300_000_000);
      };
      response.on('drain', pour);
      pour();
    });
    const response = await sendTo(served.url, carrier)({ ...get, streaming: true });
    for await (const chunk of response.body) {
      expect(chunk.length).toBeGreaterThan(0);
      await new Promise((resolve) => setTimeout(resolve, 200));
      break;
    }
    // The kernel's buffers on both sides, not everything that the server would send.
    expect(sent).toBeLessThan(50_000_000);
  });

  describe.each(['', 'connection: close\r\n'])(
    'a reader that is slower than a server that closes, %j',
    (more) => {
      const text = 'x'.repeat(300_000);
      const chunked = `${head}transfer-encoding: chunked\r\n${more}\r\n${text.length.toString(16)}\r\n${text}\r\n`;
      const length = (bytes: number): string => `${head}content-length: ${bytes}\r\n${more}\r\n${text}`;

      /** Returns how many bytes came, and the code of the failure. */
      async function readSlowly(bytes: string, then: 'end' | 'reset'): Promise<[number, string]> {
        const served = await serveRaw(answering(bytes, then));
        let size = 0;
        try {
          const response = await sendTo(served.url, carrier, {}, quick)({ ...get, retry: false });
          for await (const chunk of response.body) {
            // Until the server has closed, while data is left. Then once more, at the end of the
            // data.
            if (size === 0 || size + chunk.length === text.length)
              await sleep(150, new AbortController().signal);
            size += chunk.length;
          }
        } catch (error) {
          return [size, error instanceof Error && 'code' in error ? String(error.code) : String(error)];
        }
        return [size, ''];
      }

      test.each([
        ['its length', length(text.length)],
        ['chunks', `${chunked}0\r\n\r\n`],
        ['no length', `${head}${more}\r\n${text}`],
      ])('gets the whole body with %s', async (_name, bytes) => {
        expect(await readSlowly(bytes, 'end')).toEqual([text.length, '']);
      });

      test.each([
        ['its length', length(text.length + 1)],
        ['chunks', chunked],
      ])('finds out that a body with %s is cut', async (_name, bytes) => {
        const [size, code] = await readSlowly(bytes, 'end');
        expect(code).toBe('TruncatedBody');
        // From Bun each chunk comes by another process. What is buffered when the connection ends
        // is dropped, as on Node if the reader is slow at each chunk.
        if (!sendsOnBun) expect(size).toBe(text.length);
        expect((await readSlowly(bytes, 'reset'))[1]).toMatch(/^(TruncatedBody|ConnectionReset)$/);
      });
    },
  );

  test('a process ends although connections are kept: after a response, a cancel, an abort; through proxies', async () => {
    const { server } = makeCast();
    const served = await serve(
      (request, response) => {
        if (request.url === '/endless') response.write('x');
        else response.end('done');
      },
      { identity: server },
    );
    const proxy = await serveHttpProxy({});
    const secureProxy = await serveHttpProxy({ identity: server });
    const socks = await serveSocks();
    const directory = await mkdtemp(join(tmpdir(), 'kapi-transport-'));
    onTestFinished(() => rm(directory, { recursive: true }));
    const script = join(directory, 'script.mjs');
    const root = join(import.meta.dirname, '../..');
    await writeFile(
      join(directory, 'script.ts'),
      `import { openSend } from '${root}/src/transport/send.ts';
       import { proxyTo } from '${root}/test/faults/child.ts';
       import { sleep } from '${root}/src/transport/sleep.ts';
       const controller = new AbortController();
       const origin = { kind: 'flag', text: '--server' };
       const options = { userAgent: 'x', signal: controller.signal, warn() {}, now: () => new Date(),
         random: () => 0, clock: () => performance.now(), sleep, env: {}, platform: 'linux', nodeVersion: process.versions.node, carrier: '${carrier}' };
       const config = { server: { value: '${served.url}', origin }, insecureSkipTlsVerify: { value: true, origin },
         disableCompression: false, authorization: { kind: 'none' }, namespace: { value: 'x', origin },
         requestTimeoutMs: 60_000, inPod: false };
       const credentials = { authorization: async () => undefined, clientCertificate: async () => undefined,
         renew: async () => false };
       for (const proxy of [undefined, proxyTo('http://${proxy.host}'), proxyTo('https://${secureProxy.host}'),
           proxyTo('socks5://${socks.host}')]) {
         const send = openSend({ ...config, proxy }, credentials, options);
         for await (const chunk of (await send({ method: 'GET', path: '/' })).body) process.stdout.write(chunk);
         (await send({ method: 'GET', path: '/endless', streaming: true })).cancel();
         await send({ method: 'GET', path: '/unread' });
       }
       controller.abort();`,
    );
    await build({
      entryPoints: [join(directory, 'script.ts')],
      outfile: script,
      bundle: true,
      platform: 'node',
      format: 'esm',
      nodePaths: [join(root, 'node_modules')],
      banner: {
        js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
      },
    });
    const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const begun = performance.now();
    const [code] = (await once(child, 'close')) as [number];
    expect([code, output]).toEqual([0, 'done'.repeat(4)]);
    expect(performance.now() - begun).toBeLessThan(5_000);
  });
});
