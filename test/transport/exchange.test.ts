// Headers and bodies of requests, retries, redirects and time limits. Over both carriers.

import { createGzip, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Interrupted } from '../../src/errors.ts';
import { Secret } from '../../src/model/secret.ts';
import { openSlowLink } from '../shaping-proxy.ts';
import {
  answering,
  caOf,
  carriers,
  failureOf,
  freePort,
  get,
  makeCast,
  origin,
  sendTo,
  serve,
  serveRaw,
  textOf,
} from './harness.ts';

const { ca, server } = makeCast();

/** Sleeps that end at once and are recorded. */
function noSleep(): { sleep: (ms: number) => Promise<void>; slept: number[] } {
  const slept: number[] = [];
  return {
    slept,
    sleep: (ms) => {
      slept.push(ms);
      return Promise.resolve();
    },
  };
}

describe.each(carriers)('over %s', (carrier) => {
  describe('requests', () => {
    test('the prefix of the server is put before the path, which is sent unchanged', async () => {
      const served = await serve();
      const send = sendTo(`${served.url}/k8s/clusters/c-1`, carrier);
      const response = await send({ method: 'GET', path: '/api/v1/../v1//pods?labelSelector=a%3Db' });
      await textOf(response);
      expect(served.seen[0]?.url).toBe('/k8s/clusters/c-1/api/v1/../v1//pods?labelSelector=a%3Db');
      expect(response.server).toBe(`${served.url}/k8s/clusters/c-1`);
    });

    test('headers: credentials, impersonation, the agent, the caller’s own', async () => {
      const served = await serve(undefined, { identity: server });
      const send = sendTo(
        served.url,
        carrier,
        {
          ca: caOf(ca),
          impersonation: {
            user: 'Jürgen',
            uid: 'u-1',
            groups: ['a', 'b'],
            extra: { 'Acme.com/Project%': ['x', 'y'] },
            origin: origin('--as'),
          },
        },
        {},
        { authorization: () => Promise.resolve('Bearer abc') },
      );
      await textOf(await send({ ...get, headers: { accept: 'application/json' } }));
      const raw = served.seen[0]?.rawHeaders ?? [];
      const sent = raw.flatMap((name, index) =>
        index % 2 === 0 ? [`${name}: ${raw[index + 1] ?? ''}`] : [],
      );
      expect(sent.filter((line) => !/^connection:/i.test(line))).toEqual([
        `host: 127.0.0.1:${served.port}`,
        'authorization: Bearer abc',
        'user-agent: kapi/test',
        `impersonate-user: ${Buffer.from('Jürgen').toString('latin1')}`,
        'impersonate-uid: u-1',
        'impersonate-group: a',
        'impersonate-group: b',
        'impersonate-extra-acme.com%2Fproject%25: x',
        'impersonate-extra-acme.com%2Fproject%25: y',
        'accept: application/json',
      ]);
    });

    test.each([
      ['no body', undefined],
      ['an empty text', ''],
      ['a text', '{}'],
      ['a text beyond ASCII', 'grüße'],
      ['bytes', Buffer.from('{}')],
      ['a stream', 'stream'],
    ] as const)('header values beyond ASCII are the bytes of UTF-8 once, with %s', async (_, given) => {
      const served = await serve();
      const names = ['jörg', '개발팀', 'a\u00a0b', '😀'];
      const [user = '', uid, ...groups] = names;
      const send = sendTo(served.url, carrier, {
        impersonation: { user, uid, groups, extra: { 팀: names }, origin: origin('--as') },
      });
      for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
        async function* stream(): AsyncGenerator<Uint8Array> {
          yield Buffer.from('{}');
          await Promise.resolve();
        }
        const body = given === 'stream' ? stream() : given;
        await textOf(
          await send({
            method,
            path: '/',
            headers: { 'x-own': names },
            ...(body === undefined ? {} : { body }),
          }),
        );
      }
      const valuesOf = (raw: readonly string[], wanted: string): string[] =>
        raw.flatMap((name, at) =>
          name === wanted ? [Buffer.from(raw[at + 1] ?? '', 'latin1').toString()] : [],
        );
      expect(served.seen.map(({ method }) => method)).toHaveLength(6);
      for (const { rawHeaders: raw } of served.seen) {
        expect(valuesOf(raw, 'impersonate-user')).toEqual([user]);
        expect(valuesOf(raw, 'impersonate-uid')).toEqual([uid]);
        expect(valuesOf(raw, 'impersonate-group')).toEqual(groups);
        expect(valuesOf(raw, 'impersonate-extra-%ED%8C%80')).toEqual(names);
        expect(valuesOf(raw, 'x-own')).toEqual(names);
      }
    });

    test('a plain-http server gets no token, and its URL’s user information instead', async () => {
      const served = await serve();
      let asked = 0;
      const credentials = {
        authorization: () => {
          asked += 1;
          return Promise.resolve('Bearer abc');
        },
      };
      await textOf(await sendTo(served.url, carrier, {}, {}, credentials)(get));
      const withUser = served.url.replace('//', '//jane:pa%20ss@');
      const response = await sendTo(withUser, carrier, {}, {}, credentials)(get);
      await textOf(response);
      expect(served.seen.map((one) => one.headers.authorization)).toEqual([
        undefined,
        `Basic ${Buffer.from('jane:pa ss').toString('base64')}`,
      ]);
      expect(asked).toBe(0);
      expect(response.server).toBe(served.url);
    });

    test('bodies: text, bytes, a stream; on any method', async () => {
      const served = await serve();
      const send = sendTo(served.url, carrier);
      async function* stream(): AsyncGenerator<Uint8Array> {
        yield Buffer.from('one ');
        await Promise.resolve();
        yield Buffer.from('two');
      }
      await textOf(await send({ method: 'POST', path: '/a', body: 'grüße' }));
      await textOf(await send({ method: 'DELETE', path: '/b', body: Buffer.from('{}') }));
      await textOf(await send({ method: 'PATCH', path: '/c', body: stream() }));
      await textOf(await send({ method: 'POST', path: '/d' }));
      await textOf(await send({ method: 'GET', path: '/e', body: 'x' }));
      expect(
        served.seen.map(({ method, body, headers }) => [method, body, headers['content-length']]),
      ).toEqual([
        ['POST', 'grüße', '7'],
        ['DELETE', '{}', '2'],
        ['PATCH', 'one two', undefined],
        ['POST', '', '0'],
        ['GET', 'x', '1'],
      ]);
    });

    test('a failing body stream ends the request with its error', async () => {
      const served = await serve();
      // eslint-disable-next-line require-yield
      async function* broken(): AsyncGenerator<Uint8Array> {
        await Promise.resolve();
        throw new Error('the file is gone');
      }
      const failure = await failureOf(
        sendTo(served.url, carrier)({ method: 'POST', path: '/', body: broken() }),
      );
      expect(failure.message).toBe('the file is gone');
    });

    test('answers come with status, phrase and joined headers; HEAD has no body', async () => {
      const served = await serve((request, response) => {
        response.statusMessage = 'Fine';
        response.setHeader('Set-Cookie', ['a=1', 'b=2']);
        response.setHeader('X-Name', Buffer.from('Jürgen').toString('latin1'));
        response.end(request.method === 'HEAD' ? undefined : 'x');
      });
      const send = sendTo(served.url, carrier);
      const response = await send({ method: 'HEAD', path: '/' });
      expect(await textOf(response)).toBe('');
      expect(response.status).toBe(200);
      expect(response.statusText).toBe('Fine');
      expect(response.headers['set-cookie']).toBe('a=1, b=2');
      expect(response.headers['x-name']).toBe('Jürgen');
    });

    test('HTML and other responses are not changed', async () => {
      const html = '<html><body>Bad gateway</body></html>';
      const served = await serve((_request, response) => {
        response.writeHead(502, { 'content-type': 'text/html' }).end(html);
      });
      const response = await sendTo(served.url, carrier)(get);
      expect([response.status, await textOf(response)]).toEqual([502, html]);
    });

    test('a path that cannot be sent is refused', async () => {
      const send = sendTo('http://127.0.0.1:1', carrier);
      expect((await failureOf(send({ method: 'GET', path: 'api' }))).code).toBe('PathInvalid');
      expect((await failureOf(send({ method: 'GET', path: '/a b\r\nx: y' }))).code).toBe('PathInvalid');
    });

    test('a header value with a line end is refused and not repeated in the message', async () => {
      const served = await serve(undefined, { identity: server });
      const send = sendTo(
        served.url,
        carrier,
        { ca: caOf(ca) },
        {},
        {
          authorization: () => Promise.resolve('Bearer s3cret\nx'),
        },
      );
      const failure = await failureOf(send(get));
      expect([failure.name, failure.code]).toEqual(['ConfigError', 'HeaderInvalid']);
      expect(failure.message).not.toContain('s3cret');
    });

    test('reading a body twice is an error', async () => {
      const served = await serve();
      const response = await sendTo(served.url, carrier)(get);
      await textOf(response);
      expect((await failureOf(textOf(response))).code).toBe('BodyReadTwice');
    });
  });

  describe('connections', () => {
    test('thousands of sequential requests share few connections', { timeout: 60_000 }, async () => {
      // The full number over the carrier of ordinary commands; the other one needs as long for
      // fewer.
      const requests = carrier === 'node' ? 10_000 : 3_000;
      const served = await serve();
      const send = sendTo(served.url, carrier);
      for (let index = 0; index < requests; index++) {
        for await (const chunk of (await send(get)).body) if (chunk.length === 0) break;
      }
      expect(served.connections()).toBeLessThanOrEqual(2);
    });

    test('a cancelled body frees its connection, and the next request works', async () => {
      const served = await serve((request, response) => {
        if (request.url === '/endless') response.write('x'.repeat(1_000));
        else response.end('done');
      });
      const send = sendTo(served.url, carrier);
      const endless = await send({ method: 'GET', path: '/endless', streaming: true });
      for await (const chunk of endless.body) {
        expect(chunk.length).toBeGreaterThan(0);
        break;
      }
      (await send({ method: 'GET', path: '/endless', streaming: true })).cancel();
      expect(await textOf(await send(get))).toBe('done');
      await expect
        .poll(
          () =>
            new Promise((resolve) =>
              served.server.getConnections((_e, n) => {
                resolve(n);
              }),
            ),
        )
        // undici can have a spare one: it reconnects for an aborted request.
        .toBeLessThanOrEqual(carrier === 'node' ? 1 : 2);
    });

    test('an unused connection is given up after a while, a quiet stream is not', async () => {
      const served = await serve((request, response) => {
        response.write('a');
        setTimeout(() => response.end('b'), request.url === '/quiet' ? 250 : 0);
      });
      const send = sendTo(served.url, carrier, {}, { limits: { idleMs: 60 } });
      expect(await textOf(await send({ method: 'GET', path: '/quiet', streaming: true }))).toBe('ab');
      const open = (): Promise<number> =>
        new Promise((resolve) => {
          served.server.getConnections((_error, count) => {
            resolve(count);
          });
        });
      // undici rounds its clock to a second.
      await expect.poll(open, { timeout: 30_000 }).toBe(0);
    });

    test('a kept connection that the server has closed is replaced silently', async () => {
      const served = await serve((request, response) => {
        response.end('ok');
        // Without "connection: close": the client learns of it when it writes again.
        response.on('finish', () => setTimeout(() => request.socket.destroy(), 5));
      });
      const { sleep, slept } = noSleep();
      const send = sendTo(served.url, carrier, {}, { sleep });
      for (let index = 0; index < 5; index++) {
        expect(await textOf(await send(get))).toBe('ok');
        await new Promise((resolve) => setTimeout(resolve, index * 3));
      }
      expect(slept.filter((ms) => ms > 200)).toEqual([]);
    });
  });

  describe('retries', () => {
    test('after 429 it waits as long as Retry-After says', async () => {
      let count = 0;
      const served = await serve((_request, response) => {
        count += 1;
        if (count === 1) response.writeHead(429, { 'retry-after': '2' }).end('busy');
        else if (count === 2) {
          response.writeHead(503, { 'retry-after': new Date('2026-11-22T10:00:07Z').toUTCString() }).end();
        } else response.end('fine');
      });
      const { sleep, slept } = noSleep();
      const now = (): Date => new Date('2026-11-22T10:00:00Z');
      const response = await sendTo(served.url, carrier, {}, { sleep, now })(get);
      expect(await textOf(response)).toBe('fine');
      expect(slept).toEqual([2_000, 7_000]);
      expect(served.connections()).toBe(1);
    });

    test('retries end: after eleven attempts, for long waits, without Retry-After on 503, for writes, if disabled', async () => {
      const served = await serve((request, response) => {
        const [, status = '', after] = request.url?.split('/') ?? [];
        if (after !== undefined) response.setHeader('retry-after', after);
        response.writeHead(Number(status)).end('no');
      });
      const { sleep } = noSleep();
      const send = sendTo(served.url, carrier, {}, { sleep });
      const tries = async (spec: Parameters<typeof send>[0]): Promise<[number, number]> => {
        const before = served.seen.length;
        const response = await send(spec);
        await textOf(response);
        return [response.status, served.seen.length - before];
      };
      expect(await tries({ method: 'GET', path: '/429/1' })).toEqual([429, 11]);
      expect(await tries({ method: 'GET', path: '/429/31' })).toEqual([429, 1]);
      expect(await tries({ method: 'GET', path: '/503' })).toEqual([503, 1]);
      expect(await tries({ method: 'GET', path: '/500/1' })).toEqual([500, 11]);
      expect(await tries({ method: 'GET', path: '/500' })).toEqual([500, 1]);
      expect(await tries({ method: 'POST', path: '/429/1' })).toEqual([429, 1]);
      expect(await tries({ method: 'POST', path: '/429/1', retry: true })).toEqual([429, 11]);
      expect(await tries({ method: 'GET', path: '/429/1', retry: false })).toEqual([429, 1]);
    });

    test('a connection that is reset before the response is retried', async () => {
      let count = 0;
      const served = await serveRaw((socket) => {
        count += 1;
        if (count === 1) socket.once('data', () => socket.resetAndDestroy());
        else if (count === 2) socket.once('data', () => socket.end());
        else answering('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok')(socket);
      });
      const { sleep, slept } = noSleep();
      expect(await textOf(await sendTo(served.url, carrier, {}, { sleep })(get))).toBe('ok');
      expect(slept).toEqual([100, 300]);
    });

    test('retries after retries after retries after retries after resets end too, and writes are not repeated', async () => {
      const served = await serveRaw((socket) => socket.once('data', () => socket.resetAndDestroy()));
      const { sleep } = noSleep();
      const send = sendTo(served.url, carrier, {}, { sleep });
      const failure = await failureOf(send(get));
      expect(failure.code).toBe('ConnectionReset');
      expect(failure.message).toBe(
        `Unable to connect to the server: read tcp ${served.url.slice(7)}: connection reset by peer`,
      );
      expect(served.connections()).toBe(3);
      await failureOf(send({ method: 'POST', path: '/', body: '{}' }));
      await failureOf(send({ ...get, retry: false }));
      expect(served.connections()).toBe(5);
    });

    test('a 401 renews the credentials once and repeats the request', async () => {
      const served = await serve(
        (_request, response, { headers }) => {
          response.writeHead(headers.authorization === 'Bearer new' ? 200 : 401).end();
        },
        { identity: server },
      );
      let token = 'old';
      let renewals = 0;
      const credentials = {
        authorization: () => Promise.resolve(`Bearer ${token}`),
        renew: () => {
          renewals += 1;
          token = renewals === 1 ? 'new' : token;
          return Promise.resolve(renewals === 1);
        },
      };
      const send = sendTo(served.url, carrier, { ca: caOf(ca) }, {}, credentials);
      expect((await send({ method: 'POST', path: '/x', body: '{"a":1}' })).status).toBe(200);
      expect(served.seen.map((one) => [one.headers.authorization, one.body])).toEqual([
        ['Bearer old', '{"a":1}'],
        ['Bearer new', '{"a":1}'],
      ]);
      token = 'wrong';
      expect((await send(get)).status).toBe(401);
      expect(renewals).toBe(2);
      // The caller's own Authorization is not renewed.
      expect((await send({ ...get, headers: { authorization: 'Bearer mine' } })).status).toBe(401);
      expect(renewals).toBe(2);
    });
  });

  describe('redirects', () => {
    test('redirects within the origin are followed, with the method semantics of each status', async () => {
      const served = await serve((request, response) => {
        const status = /^\/(\d+)$/.exec(request.url ?? '')?.[1];
        if (status === undefined) response.end();
        else response.writeHead(Number(status), { location: `/to?from=${status}` }).end('moved');
      });
      const send = sendTo(served.url, carrier);
      const walk = async (method: string, path: string, body?: string): Promise<string[]> => {
        const before = served.seen.length;
        const headers = { 'content-type': 'application/json' };
        await textOf(await send(body === undefined ? { method, path } : { method, path, body, headers }));
        const last = served.seen.slice(before).at(-1);
        return [last?.method ?? '', last?.url ?? '', last?.body ?? '', last?.headers['content-type'] ?? ''];
      };
      expect(await walk('GET', '/301')).toEqual(['GET', '/to?from=301', '', '']);
      expect(await walk('HEAD', '/303')).toEqual(['HEAD', '/to?from=303', '', '']);
      expect(await walk('POST', '/302', 'x')).toEqual(['GET', '/to?from=302', '', '']);
      expect(await walk('PUT', '/303', 'x')).toEqual(['GET', '/to?from=303', '', '']);
      expect(await walk('PUT', '/301', 'x')).toEqual(['PUT', '/to?from=301', 'x', 'application/json']);
      expect(await walk('PATCH', '/307', 'x')).toEqual(['PATCH', '/to?from=307', 'x', 'application/json']);
      expect(await walk('POST', '/308', 'x')).toEqual(['POST', '/to?from=308', 'x', 'application/json']);
      expect((await send({ method: 'GET', path: '/302', redirect: 'manual' })).status).toBe(302);
    });

    test('another origin gets nothing, not even a connection', async () => {
      const other = await serve(undefined, { identity: server });
      const plain = await serve();
      const served = await serve(
        (request, response) => {
          const to = request.url === '/plain' ? plain.url : other.url;
          response.writeHead(307, { location: `${to.replace('//', '//u:p@')}/x` }).end();
        },
        { identity: server },
      );
      const send = sendTo(
        served.url,
        carrier,
        { ca: caOf(ca) },
        {},
        {
          authorization: () => Promise.resolve('Bearer abc'),
        },
      );
      const failure = await failureOf(send(get));
      expect([failure.name, failure.code]).toEqual(['ConnectionError', 'RedirectRefused']);
      expect(failure.message).toBe(
        `the server redirects to ${other.url}/x, which is another origin than ${served.url} (status 307)`,
      );
      expect((await failureOf(send({ method: 'GET', path: '/plain' }))).code).toBe('RedirectRefused');
      expect([other.connections(), plain.connections()]).toEqual([0, 0]);
      expect([other.seen, plain.seen]).toEqual([[], []]);
    });

    test('a loop ends, a stream is not sent twice, a missing Location is a response', async () => {
      const served = await serve((request, response) => {
        if (request.url === '/none') response.writeHead(302).end();
        else response.writeHead(307, { location: '/again' }).end();
      });
      const send = sendTo(served.url, carrier);
      const failure = await failureOf(send(get));
      expect(failure.code).toBe('TooManyRedirects');
      expect(served.seen.length).toBe(11);
      async function* once(): AsyncGenerator<Uint8Array> {
        await Promise.resolve();
        yield Buffer.from('x');
      }
      expect((await failureOf(send({ method: 'PUT', path: '/s', body: once() }))).message).toBe(
        'the server redirects to /again, but the body of the request was a stream and is gone (status 307)',
      );
      expect((await send({ method: 'GET', path: '/none' })).status).toBe(302);
    });
  });

  describe('time limits and aborts', () => {
    const silent = (): void => undefined;

    test('--request-timeout covers slow headers and a stalled body, and streams until their headers', async () => {
      const served = await serve((request, response) => {
        if (request.url === '/headers') return;
        response.write('start');
      });
      const send = sendTo(served.url, carrier, { requestTimeoutMs: 60 });
      const headers = await failureOf(send({ method: 'GET', path: '/headers' }));
      expect([headers.name, headers.code]).toEqual(['ConnectionError', 'RequestTimeout']);
      expect(headers.message).toBe(
        'Unable to connect to the server: net/http: request canceled (Client.Timeout exceeded while awaiting headers)',
      );
      expect(headers.causes).toEqual(["the time limit of 0.06 s passed before the answer's headers came"]);
      const body = await failureOf(textOf(await send({ method: 'GET', path: '/body' })));
      expect(body.code).toBe('RequestTimeout');
      expect(body.causes).toEqual(["the time limit of 0.06 s passed before the answer's body was complete"]);
      expect((await failureOf(send({ method: 'GET', path: '/headers', streaming: true }))).code).toBe(
        'RequestTimeout',
      );
      const stream = await send({ method: 'GET', path: '/body', streaming: true });
      await new Promise((resolve) => setTimeout(resolve, 100));
      for await (const chunk of stream.body) {
        expect(Buffer.from(chunk).toString()).toBe('start');
        break;
      }
    });

    test('a connection without an answer, a port without TLS', async () => {
      const limits = { connectMs: 50, tlsMs: 50 };
      const mute = await serveRaw(silent);
      const failure = await failureOf(
        sendTo(mute.url.replace('http:', 'https:'), carrier, { ca: caOf(ca) }, { limits })(get),
      );
      expect(failure.code).toBe('TlsTimeout');
      expect(failure.message).toBe('Unable to connect to the server: net/http: TLS handshake timeout');
    });

    test('a time limit that passes while the connection is opened says so', async () => {
      const mute = await serveRaw(silent);
      const failure = await failureOf(
        sendTo(mute.url.replace('http:', 'https:'), carrier, { ca: caOf(ca), requestTimeoutMs: 50 })(get),
      );
      expect(failure.code).toBe('RequestTimeout');
      expect(failure.message).toBe(
        'Unable to connect to the server: net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)',
      );
      expect(failure.causes).toEqual([
        'the time limit of 0.05 s passed while the connection was being opened',
      ]);
    });

    test('no listener; an unknown name', async () => {
      const port = await freePort();
      const refused = await failureOf(sendTo(`https://127.0.0.1:${port}`, carrier, { ca: caOf(ca) })(get));
      expect(refused.code).toBe('ConnectionRefused');
      expect(refused.message).toBe(
        `The connection to the server 127.0.0.1:${port} was refused - did you specify the right host or port?`,
      );
      expect(refused.hint).toBe(`the server address https://127.0.0.1:${port} comes from --server`);
      const unknown = await failureOf(
        sendTo('https://no-such-host.invalid:6443', carrier, { ca: caOf(ca) })(get),
      );
      expect(['HostNotFound', 'HostNotResolved']).toContain(unknown.code);
      expect(unknown.message).toMatch(
        /^Unable to connect to the server: dial tcp: lookup no-such-host\.invalid: /,
      );
    });

    test.each(['credentials', 'tls', 'headers', 'body', 'gzip body', 'retry', 'before'] as const)(
      'an abort is over within 100 ms and throws the reason: %s',
      async (phase) => {
        const secure = phase === 'credentials';
        const served =
          phase === 'tls'
            ? await serveRaw(silent)
            : await serve(
                (_request, response) => {
                  if (phase === 'retry') response.writeHead(429, { 'retry-after': '20' }).end();
                  else if (phase === 'gzip body') {
                    response.setHeader('content-encoding', 'gzip');
                    response.write(gzipSync('x'.repeat(100)).subarray(0, 15));
                  } else if (phase === 'body') response.write('x');
                },
                secure ? { identity: server } : undefined,
              );
        const controller = new AbortController();
        const reason = new Interrupted('SIGINT');
        const never = new Promise<string>(() => undefined);
        const send = sendTo(
          phase === 'tls' ? served.url.replace('http:', 'https:') : served.url,
          carrier,
          { ca: caOf(ca) },
          {},
          secure ? { authorization: () => never } : {},
        );
        if (phase === 'before') controller.abort(reason);
        let begun = performance.now();
        setTimeout(() => {
          begun = performance.now();
          controller.abort(reason);
        }, 60);
        const thrown: unknown = await (async () => {
          await textOf(await send(get, { signal: controller.signal }));
        })().catch((error: unknown) => error);
        expect(thrown).toBe(reason);
        expect(performance.now() - begun).toBeLessThan(100);
      },
    );

    test('the process’s signal ends a call like its own signal, also during DNS and connecting', async () => {
      const controller = new AbortController();
      // An address that drops packets if there is a network, and is unreachable at once otherwise.
      const sending = sendTo('http://192.0.2.1:6443', carrier, {}, { signal: controller.signal })(get);
      const reason = new Interrupted('SIGTERM');
      controller.abort(reason);
      expect(await sending.catch((error: unknown) => error)).toBe(reason);
    });
  });

  describe('encodings', () => {
    const long = 'kapi '.repeat(50_000);

    test('gzip and deflate are decoded, a broken or truncated body is an error', async () => {
      const zipped = gzipSync(long);
      const served = await serve((request, response) => {
        const path = request.url ?? '';
        response.setHeader(
          'content-encoding',
          path === '/deflate' ? 'deflate' : path === '/br' ? 'br' : 'gzip',
        );
        if (path === '/deflate') response.end(deflateSync(long));
        else if (path === '/cut') response.end(zipped.subarray(0, zipped.length / 2));
        else if (path === '/garbage') response.end('this is no gzip');
        else if (path === '/empty') response.end();
        else response.end(zipped);
      });
      const send = sendTo(served.url, carrier);
      const answer = await send({ method: 'GET', path: '/' });
      expect(await textOf(answer)).toBe(long);
      expect(answer.headers['content-encoding']).toBeUndefined();
      expect(answer.headers['content-length']).toBeUndefined();
      expect(await textOf(await send({ method: 'GET', path: '/deflate' }))).toBe(long);
      expect(await textOf(await send({ method: 'GET', path: '/empty' }))).toBe('');
      const cut = await failureOf(textOf(await send({ method: 'GET', path: '/cut' })));
      expect([cut.name, cut.code]).toEqual(['ConnectionError', 'TruncatedBody']);
      const garbage = await failureOf(textOf(await send({ method: 'GET', path: '/garbage' })));
      expect([garbage.name, garbage.code]).toEqual(['ServerError', 'BodyUnreadable']);
      const br = await failureOf(send({ method: 'GET', path: '/br' }));
      expect([br.name, br.code]).toEqual(['ServerError', 'EncodingUnknown']);
      // A caller that requests an encoding gets the raw body.
      const raw = await send({ method: 'GET', path: '/', headers: { 'accept-encoding': 'gzip' } });
      expect(raw.headers['content-encoding']).toBe('gzip');
      expect(raw.headers['content-length']).toBe(String(zipped.length));
      raw.cancel();
    });

    test('gzip is requested, but not on loopback and not if it is disabled', async () => {
      const served = await serve();
      // A name that resolves to loopback behind a proxy counts as a remote server.
      const proxy = { value: new Secret(served.url), origin: origin('HTTP_PROXY') };
      await textOf(await sendTo('http://far.example', carrier, { proxy })(get));
      await textOf(await sendTo('http://far.example', carrier, { proxy, disableCompression: true })(get));
      await textOf(await sendTo(served.url, carrier)(get));
      expect(served.seen.map((one) => one.headers['accept-encoding'])).toEqual([
        'gzip',
        undefined,
        undefined,
      ]);
    });

    test('gzip is requested over a loopback address that is a tunnel, once that is known', async () => {
      const far = await serve(undefined, { identity: server });
      const link = await openSlowLink(far.port);
      onTestFinished(() => link.close());
      const send = sendTo(`https://127.0.0.1:${link.port}`, carrier, { ca: caOf(ca) });
      await textOf(await send(get));
      await textOf(await send(get));
      const without = sendTo(`https://127.0.0.1:${link.port}`, carrier, {
        ca: caOf(ca),
        disableCompression: true,
      });
      await textOf(await without(get));
      await textOf(await without(get));
      expect(far.seen.map((one) => one.headers['accept-encoding'])).toEqual([
        undefined,
        'gzip',
        undefined,
        undefined,
      ]);
      expect(link.connections(), 'one for each way to the server').toBe(2);
    });

    test('a compressed body is returned while it arrives', async () => {
      let finish: () => void = () => undefined;
      const served = await serve((_request, response) => {
        response.setHeader('content-encoding', 'gzip');
        const zip = createGzip();
        zip.pipe(response);
        zip.write('first rows');
        zip.flush();
        finish = () => zip.end(', last rows');
      });
      const answer = await sendTo(served.url, carrier)(get);
      let text = '';
      for await (const chunk of answer.body) {
        text += Buffer.from(chunk).toString();
        if (text === 'first rows') finish();
      }
      expect(text).toBe('first rows, last rows');
    });
  });

  test('Warning headers are passed on once each, with their control characters', async () => {
    const served = await serve((_request, response) => {
      response.setHeader('Warning', [
        '299 - "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice"',
        '299 - "a \\"quoted\\" one\tand a tab" "Sun, 22 Nov 2026 10:00:00 GMT", 299 - "third"',
        '199 - "not for us"',
      ]);
      response.end();
    });
    const warnings: string[] = [];
    const send = sendTo(served.url, carrier, {}, { warn: (text) => warnings.push(text) });
    await textOf(await send(get));
    await textOf(await send(get));
    expect(warnings).toEqual([
      'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice',
      'a "quoted" one\tand a tab',
      'third',
    ]);
  });

  test('the verbose log shows the exchange in order and no secret', async () => {
    const served = await serve(
      (_request, response) => {
        response.setHeader('set-cookie', 'sid=s3cret');
        response.removeHeader('date');
        response.sendDate = false;
        response.end('ok');
      },
      { identity: server },
    );
    const lines: string[] = [];
    const send = sendTo(
      served.url,
      carrier,
      { ca: caOf(ca) },
      { verbose: { level: 2, line: (text) => lines.push(text) } },
      { authorization: () => Promise.resolve('Bearer s3cret') },
    );
    const body = '{"spec":{"resourceAttributes":{"verb":"get"}}}';
    const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
    await textOf(await send({ method: 'POST', path, body }));
    await textOf(
      await send({ method: 'POST', path: '/api/v1/namespaces/x/secrets', body: '{"data":"s3cret"}' }),
    );
    await new Promise((resolve) => setImmediate(resolve));
    expect(lines.join('\n')).not.toContain('s3cret');
    const shown = lines.map((line) =>
      line
        .replaceAll(/\d+(\.\d)? ms/g, 'N ms')
        .replace(/TLS_\w+/, 'CIPHER')
        .replace(/until .*/, 'until DATE'),
    );
    expect(shown).toEqual([
      `* Trying 127.0.0.1:${served.port}...`,
      `* Connected to 127.0.0.1:${served.port}`,
      '* TLS: TLSv1.3 / CIPHER',
      '* Server certificate: CN=kube-apiserver; issued by CN=test-ca; valid until DATE',
      '* Server certificate verified',
      `> POST ${path} HTTP/1.1`,
      `> host: 127.0.0.1:${served.port}`,
      '> authorization: Bearer (redacted)',
      '> user-agent: kapi/test',
      '>',
      `> ${body}`,
      '< HTTP/1.1 200 OK',
      '< set-cookie: (redacted)',
      '< Connection: keep-alive',
      '< Keep-Alive: timeout=5',
      '< Content-Length: 2',
      '<',
      '* Time: TCP N ms, TLS N ms, first byte N ms, total N ms',
      '> POST /api/v1/namespaces/x/secrets HTTP/1.1',
      `> host: 127.0.0.1:${served.port}`,
      '> authorization: Bearer (redacted)',
      '> user-agent: kapi/test',
      '>',
      '* Request body: 17 bytes',
      '< HTTP/1.1 200 OK',
      '< set-cookie: (redacted)',
      '< Connection: keep-alive',
      '< Keep-Alive: timeout=5',
      '< Content-Length: 2',
      '<',
      '* Time: first byte N ms, total N ms',
    ]);
  });
});
