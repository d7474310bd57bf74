// Connections through proxies: CONNECT, forwarding, https proxies, SOCKS5. Over both carriers.

import net from 'node:net';
import { describe, expect, test } from 'vitest';
import { makeIdentity } from './certificates.ts';
import {
  caOf,
  carriers,
  failureOf,
  freePort,
  get,
  makeCast,
  proxyTo,
  sendTo,
  serve,
  serveHttpProxy,
  serveRaw,
  serveSocks,
  textOf,
} from './harness.ts';

const { ca, otherCa, server, client } = makeCast();
const mTls = {
  clientCertificate: () => Promise.resolve({ certificate: client.certificate, key: client.key }),
  authorization: () => Promise.resolve('Bearer abc'),
};

describe.each(carriers)('over %s', (carrier) => {
  test('a tunnel: the proxy sees only host and port, the server sees client certificate and token', async () => {
    const served = await serve(undefined, { identity: server, requestCert: true, ca: ca.certificate });
    const proxy = await serveHttpProxy({ credentials: 'jane:p@ss' });
    const send = sendTo(
      `https://kubernetes:${served.port}`,
      carrier,
      { ca: caOf(ca), proxy: proxyTo(`http://jane:p%40ss@${proxy.host}`) },
      {},
      mTls,
    );
    expect(await textOf(await send(get))).toBe('{"ok":true}');
    expect(await textOf(await send(get))).toBe('{"ok":true}');
    expect(proxy.connects).toEqual([`kubernetes:${served.port}`]);
    expect(served.seen[0]?.client).toBe('jane');
    expect(served.seen[0]?.headers.authorization).toBe('Bearer abc');
    expect(served.seen[0]?.headers['proxy-authorization']).toBeUndefined();
  });

  test('tls-server-name is used behind a tunnel, a wrong CA is reported', async () => {
    const served = await serve(undefined, { identity: server });
    const proxy = await serveHttpProxy({});
    const base = { proxy: proxyTo(`http://${proxy.host}`) };
    const tlsServerName = {
      value: 'kubernetes',
      origin: { kind: 'flag', text: '--tls-server-name' },
    } as const;
    const url = `https://far.example:${served.port}`;
    expect((await sendTo(url, carrier, { ...base, ca: caOf(ca), tlsServerName })(get)).status).toBe(200);
    const name = await failureOf(sendTo(url, carrier, { ...base, ca: caOf(ca) })(get));
    expect(name.message).toMatch(/x509: certificate is valid for kubernetes, localhost, not far\.example$/);
    const failure = await failureOf(sendTo(url, carrier, { ...base, ca: caOf(otherCa), tlsServerName })(get));
    expect(failure.code).toBe('UnknownAuthority');
    expect(failure.causes[0]).toMatch(/^the server's certificate: CN=kube-apiserver, issued by CN=test-ca/);
  });

  test('a proxy that refuses requests without User-Agent and answers with many headers opens its tunnel', async () => {
    const served = await serve(undefined, { identity: server });
    const filler = 'x-policy: '.padEnd(4_000, 'p');
    const proxy = await serveRaw((socket) => {
      socket.once('data', (chunk) => {
        if (!/^user-agent: kapi/im.test(chunk.toString())) {
          socket.end('HTTP/1.1 403 No agent\r\n\r\n');
          return;
        }
        socket.write(`HTTP/1.1 200 OK\r\n${`${filler}\r\n`.repeat(10)}\r\n`);
        const onward = net.connect(served.port, '127.0.0.1');
        onward.on('error', () => socket.destroy());
        socket.pipe(onward).pipe(socket);
      });
    });
    const config = { ca: caOf(ca), proxy: proxyTo(proxy.url) };
    expect(await textOf(await sendTo(`https://localhost:${served.port}`, carrier, config)(get))).toBe(
      '{"ok":true}',
    );
  });

  test('a proxy that requires credentials, refuses, does not exist, is not a proxy', async () => {
    const served = await serve(undefined, { identity: server });
    const strict = await serveHttpProxy({ credentials: 'a:b' });
    const through = (url: string): ReturnType<typeof failureOf> =>
      failureOf(sendTo(served.url, carrier, { ca: caOf(ca), proxy: proxyTo(url) })(get));
    const asked = await through(`http://x:s3cret@${strict.host}`);
    expect(asked.code).toBe('ProxyRefused');
    expect(asked.message).toBe(
      `Unable to connect to the server: the proxy ${strict.host} answered CONNECT with 407 Proxy Authentication Required`,
    );
    expect(asked.hint).toMatch(
      /^the proxy does not accept the user name and password in the proxy URL from HTTPS_PROXY, or/,
    );
    for (const [schemes, hint] of [
      [
        'Negotiate\r\nProxy-Authenticate: NTLM',
        /^kapi speaks the scheme Basic only, which the proxy from HTTPS_PROXY does not offer$/,
      ],
      ['Negotiate, Basic realm="corp"', /^put the user name and password into the proxy URL/],
    ] as const) {
      const picky = await serveRaw((socket) =>
        socket.once('data', () => socket.end(`HTTP/1.1 407 No\r\nProxy-Authenticate: ${schemes}\r\n\r\n`)),
      );
      const refused = await through(picky.url);
      expect(refused.causes).toEqual([
        `it asks for the credentials: ${schemes.replace('\r\nProxy-Authenticate:', ',')}`,
      ]);
      expect(refused.hint).toMatch(hint);
    }
    const port = await freePort();
    const absent = await through(`http://x:s3cret@127.0.0.1:${port}`);
    expect(absent.code).toBe('ProxyUnreachable');
    expect(absent.message).toBe(
      `Unable to connect to the server: proxyconnect tcp: dial tcp 127.0.0.1:${port}: connect: connection refused`,
    );
    expect(absent.hint).toBe(`the http proxy 127.0.0.1:${port} comes from HTTPS_PROXY`);
    const odd = await serveRaw((socket) => socket.once('data', () => socket.end('SSH-2.0-x\r\n')));
    expect((await through(odd.url)).message).toMatch(/the proxy 127\.0\.0\.1:\d+ does not speak HTTP$/);
    const shy = await serveRaw((socket) => socket.once('data', () => socket.end()));
    expect((await through(shy.url)).message).toMatch(/the proxy 127\.0\.0\.1:\d+ closed the connection$/);
    const mute = await serveRaw(() => undefined);
    const late = await failureOf(
      sendTo(
        served.url,
        carrier,
        { ca: caOf(ca), proxy: proxyTo(mute.url) },
        { limits: { proxyMs: 50 } },
      )(get),
    );
    expect(late.code).toBe('ProxyTimeout');
    expect(served.connections()).toBe(0);
  });

  test('an https proxy is verified against the cluster’s CA and tls-server-name', async () => {
    const served = await serve(undefined, { identity: server });
    const proxy = await serveHttpProxy({ identity: server });
    const url = `https://${proxy.host}`;
    const send = sendTo(served.url, carrier, { ca: caOf(ca), proxy: proxyTo(url) }, {}, mTls);
    expect((await send(get)).status).toBe(200);
    // As with kubectl the proxy gets the same client certificate.
    expect(proxy.clients).toEqual(['jane']);
    const stranger = await serveHttpProxy({
      identity: makeIdentity({ subject: [['CN', 'stranger']], names: ['127.0.0.1'] }),
    });
    const untrusted = await failureOf(
      sendTo(served.url, carrier, { ca: caOf(ca), proxy: proxyTo(`https://${stranger.host}`) })(get),
    );
    expect(untrusted.code).toBe('UnknownAuthority');
    expect(untrusted.causes[0]).toMatch(/^the proxy's certificate: CN=stranger, issued by CN=stranger/);
    const named = await serveHttpProxy({
      identity: makeIdentity({ subject: [['CN', 'p']], issuer: ca, names: ['kubernetes'] }),
    });
    const proxyByName = { ca: caOf(ca), proxy: proxyTo(`https://${named.host}`) };
    expect((await failureOf(sendTo(served.url, carrier, proxyByName)(get))).code).toBe('WrongServerName');
    const tlsServerName = {
      value: 'kubernetes',
      origin: { kind: 'flag', text: '--tls-server-name' },
    } as const;
    expect((await sendTo(served.url, carrier, { ...proxyByName, tlsServerName })(get)).status).toBe(200);
  });

  test('plain http goes through a proxy as a whole URL', async () => {
    const served = await serve();
    const proxy = await serveHttpProxy({ credentials: 'a:b' });
    const send = sendTo(`${served.url}/prefix`, carrier, { proxy: proxyTo(`http://a:b@${proxy.host}`) });
    expect(await textOf(await send(get))).toBe('{"ok":true}');
    expect(proxy.forwarded).toEqual([`${served.url}/prefix/version`]);
    expect(proxy.connects).toEqual([]);
    expect(served.seen[0]?.headers['proxy-authorization']).toBeUndefined();
    const wrong = sendTo(served.url, carrier, { proxy: proxyTo(`http://a:c@${proxy.host}`) });
    expect((await failureOf(wrong(get))).code).toBe('ProxyRefused');
  });

  test('SOCKS5: the proxy resolves names; addresses are sent as addresses; with and without a password', async () => {
    const served = await serve(undefined, { identity: server, requestCert: true, ca: ca.certificate });
    const plain = await serve();
    const open = await serveSocks();
    const closed = await serveSocks({ username: 'jane', password: 'p:ss' });
    const through = (url: string, proxy: string): ReturnType<typeof sendTo> =>
      sendTo(url, carrier, { ca: caOf(ca), proxy: proxyTo(proxy) }, {}, mTls);
    const byName = await through(`https://kubernetes:${served.port}`, `socks5://${open.host}`)(get);
    expect(await textOf(byName)).toBe('{"ok":true}');
    await textOf(await through(served.url, `socks5://${open.host}`)(get));
    await textOf(await through(`https://[::1]:${served.port}`, `socks5h://${open.host}`)(get));
    await textOf(await through(`http://plain.example:${plain.port}`, `socks5://${open.host}`)(get));
    expect(open.asked).toEqual(['3:kubernetes', '1:127.0.0.1', `4:${'0'.repeat(31)}1`, '3:plain.example']);
    await textOf(await through(served.url, `socks5://jane:p%3Ass@${closed.host}`)(get));
    expect(served.seen.map((one) => one.client)).toEqual(['jane', 'jane', 'jane', 'jane']);
    const words = async (url: string, proxy: string): Promise<string> =>
      (await failureOf(through(url, proxy)(get))).message.replace(/^.*refused: /, '');
    expect(await words(served.url, `socks5://jane:no@${closed.host}`)).toBe(
      'it did not accept the user name and password',
    );
    expect(await words(served.url, `socks5://${closed.host}`)).toBe('it asks for a user name and password');
    expect(await words('https://forbidden.example', `socks5://${open.host}`)).toBe(
      'connection not allowed by ruleset',
    );
    const web = await serve();
    expect(await words(served.url, `socks5://127.0.0.1:${web.port}`)).toBe('it does not speak SOCKS5');
  });

  test('an abort ends the handshake with a proxy at once', async () => {
    const mute = await serveRaw(() => undefined);
    for (const scheme of ['http', 'https', 'socks5']) {
      const controller = new AbortController();
      const proxy = proxyTo(mute.url.replace('http', scheme));
      const sending = sendTo('https://127.0.0.1:1', carrier, { ca: caOf(ca), proxy })(get, {
        signal: controller.signal,
      });
      const reason = new Error('enough');
      let begun = 0;
      setTimeout(() => {
        begun = performance.now();
        controller.abort(reason);
      }, 40);
      expect(await sending.catch((error: unknown) => error)).toBe(reason);
      // The proxy never answers, so that without the abort it would take the whole time limit.
      expect(performance.now() - begun).toBeLessThan(100);
    }
  });
});
