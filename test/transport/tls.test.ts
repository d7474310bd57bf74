// TLS: trust, server names, client certificates. Real handshakes over both carriers.

import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Socket } from 'node:net';
import tls from 'node:tls';
import { describe, expect, onTestFinished, test } from 'vitest';
import { makeIdentity, type Identity } from './certificates.ts';
import {
  caOf,
  carriers,
  failureOf,
  freePort,
  get,
  makeCast,
  sendTo,
  serve,
  serveRaw,
  textOf,
} from './harness.ts';

const { ca, otherCa, server, client } = makeCast();
const clientPem = { certificate: client.certificate, key: client.key };

/**
 * Node's own server closes without the alert that Go and OpenSSL send, so OpenSSL is the server.
 */
async function serveStrictly(version: 'TLSv1.2' | 'TLSv1.3'): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'kapi-tls-'));
  await writeFile(join(directory, 'server.pem'), server.certificate + server.key);
  await writeFile(join(directory, 'ca.pem'), otherCa.certificate);
  const port = await freePort();
  const files = ['-cert', join(directory, 'server.pem'), '-CAfile', join(directory, 'ca.pem')];
  const strict = [
    '-Verify',
    '1',
    '-verify_return_error',
    version === 'TLSv1.2' ? '-tls1_2' : '-tls1_3',
    '-www',
  ];
  const child = spawn('openssl', ['s_server', '-accept', `127.0.0.1:${port}`, ...files, ...strict], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  onTestFinished(async () => {
    child.kill();
    await rm(directory, { recursive: true });
  });
  for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
    if (String(chunk).includes('ACCEPT')) break;
  }
  child.stdout.resume();
  return `https://127.0.0.1:${port}`;
}

describe.each(carriers)('over %s', (carrier) => {
  test('a server of the given CA, reached by address, is trusted', async () => {
    const served = await serve(undefined, { identity: server });
    const send = sendTo(served.url, carrier, { ca: caOf(ca) });
    const response = await send(get);
    expect(response.status).toBe(200);
    expect(response.server).toBe(served.url);
    expect(await textOf(response)).toBe('{"ok":true}');
  });

  test('an address sends no SNI, a name does', async () => {
    const names: (string | false)[] = [];
    const raw = await serve(
      (request, response) => {
        if (request.socket instanceof tls.TLSSocket)
          names.push(Reflect.get(request.socket, 'servername') as string);
        response.end();
      },
      { identity: server },
    );
    await textOf(await sendTo(raw.url, carrier, { ca: caOf(ca) })(get));
    await textOf(await sendTo(`https://localhost:${raw.port}`, carrier, { ca: caOf(ca) })(get));
    await textOf(
      await sendTo(raw.url, carrier, {
        ca: caOf(ca),
        tlsServerName: { value: 'kubernetes', origin: { kind: 'flag', text: '--tls-server-name' } },
      })(get),
    );
    expect(names).toEqual([false, 'localhost', 'kubernetes']);
  });

  test('an unknown authority is reported with issuer, trusted subjects and the source of both', async () => {
    const served = await serve(undefined, { identity: server });
    const failure = await failureOf(sendTo(served.url, carrier, { ca: caOf(otherCa) })(get));
    expect(failure.name).toBe('ConnectionError');
    expect(failure.code).toBe('UnknownAuthority');
    expect(failure.message).toBe(
      'Unable to connect to the server: tls: failed to verify certificate: x509: certificate signed by unknown authority',
    );
    expect(failure.causes[0]).toMatch(
      /^the server's certificate: CN=kube-apiserver, issued by CN=test-ca, valid until \d{4}-\d\d-\d\dT/,
    );
    expect(failure.causes[1]).toBe('trusted: CN=other-ca (/home/jane/ca.crt)');
    expect(failure.hint).toBe(
      `name the authority of this cluster: --certificate-authority FILE\nthe server address ${served.url} comes from --server`,
    );
    expect(served.seen).toEqual([]);
  });

  test('nothing is written to a server that is not trusted, whatever OpenSSL reports', async () => {
    const talkTo = async (identity: Identity): Promise<{ heard: number; failure: string }> => {
      let heard = 0;
      const listener = tls.createServer({ cert: identity.certificate, key: identity.key }, (socket) => {
        socket.on('data', (chunk: Buffer) => {
          heard += chunk.length;
          socket.destroy();
        });
        socket.on('error', () => undefined);
      });
      const closed = new Promise((resolve) => {
        listener.once('connection', (socket: Socket) => socket.once('close', resolve));
      });
      await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
      onTestFinished(() => void listener.close());
      const address = listener.address();
      const url = `https://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
      const request = { method: 'POST', path: '/x', body: 'secret '.repeat(10_000) };
      const { message } = await failureOf(sendTo(url, carrier, { ca: caOf(ca) })(request));
      await closed;
      return { heard, failure: message };
    };
    const strangers = [
      makeIdentity({ subject: [['CN', 'other name']], issuer: ca, names: ['elsewhere.test'] }),
      makeIdentity({ subject: [['CN', 'other authority']], issuer: otherCa, names: ['127.0.0.1'] }),
      makeIdentity({ subject: [['CN', 'client']], issuer: ca, names: ['127.0.0.1'], usage: 'client' }),
    ];
    for (const stranger of strangers) {
      const { heard, failure } = await talkTo(stranger);
      expect(failure).toContain('tls: failed to verify certificate');
      expect(heard).toBe(0);
    }
    expect((await talkTo(server)).heard).toBeGreaterThan(0);
  });

  test('an authority of the same name with another key gets an explanation', async () => {
    const rebuilt = makeIdentity({ subject: [['CN', 'test-ca']], ca: true });
    const served = await serve(undefined, { identity: server });
    const failure = await failureOf(sendTo(served.url, carrier, { ca: caOf(rebuilt) })(get));
    expect(failure.code).toBe('UnknownAuthority');
    expect(failure.causes.at(-1)).toBe(
      'an authority of that name is in /home/jane/ca.crt, but this certificate is not signed with its key: the cluster may have been recreated',
    );
  });

  test('without a CA only the authorities of the system count', async () => {
    const served = await serve(undefined, { identity: server });
    const failure = await failureOf(
      sendTo(
        served.url,
        carrier,
        {},
        { env: { SSL_CERT_FILE: '/nonexistent', SSL_CERT_DIR: '/nonexistent' } },
      )(get),
    );
    expect(failure.code).toBe('UnknownAuthority');
    expect(failure.causes[1]).toBe("no authority is trusted (the system's authorities)");
  });

  test('an expired certificate is reported with both dates', async () => {
    const expired = makeIdentity({
      subject: [['CN', 'old']],
      issuer: ca,
      names: ['127.0.0.1'],
      notBefore: new Date('2020-01-01T00:00:00Z'),
      notAfter: new Date('2021-01-01T00:00:00Z'),
    });
    const served = await serve(undefined, { identity: expired });
    const failure = await failureOf(
      sendTo(served.url, carrier, { ca: caOf(ca) }, { now: () => new Date('2026-11-22T10:00:00.123Z') })(get),
    );
    expect(failure.code).toBe('CertificateExpired');
    expect(failure.message).toBe(
      'Unable to connect to the server: tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2026-11-22T10:00:00Z is after 2021-01-01T00:00:00Z',
    );
  });

  test('so is a certificate that is not valid yet', async () => {
    const early = makeIdentity({
      subject: [['CN', 'early']],
      issuer: ca,
      names: ['127.0.0.1'],
      notBefore: new Date('2090-01-01T00:00:00Z'),
      notAfter: new Date('2091-01-01T00:00:00Z'),
    });
    const served = await serve(undefined, { identity: early });
    const failure = await failureOf(
      sendTo(served.url, carrier, { ca: caOf(ca) }, { now: () => new Date('2026-11-22T10:00:00Z') })(get),
    );
    expect(failure.code).toBe('CertificateNotYetValid');
    expect(failure.message).toMatch(/is before 2090-01-01T00:00:00Z$/);
  });

  test('a wrong name is reported with the names in the certificate', async () => {
    const named = makeIdentity({
      subject: [['CN', 'x']],
      issuer: ca,
      names: ['kubernetes', 'kubernetes.default', '10.96.0.1'],
    });
    const served = await serve(undefined, { identity: named });
    const byName = await failureOf(
      sendTo(`https://localhost:${served.port}`, carrier, { ca: caOf(ca) })(get),
    );
    expect(byName.code).toBe('WrongServerName');
    expect(byName.message).toBe(
      'Unable to connect to the server: tls: failed to verify certificate: x509: certificate is valid for kubernetes, kubernetes.default, not localhost',
    );
    const byAddress = await failureOf(sendTo(served.url, carrier, { ca: caOf(ca) })(get));
    expect(byAddress.message).toMatch(/x509: certificate is valid for 10\.96\.0\.1, not 127\.0\.0\.1$/);
    expect(served.seen).toEqual([]);
  });

  test('the common name never counts', async () => {
    const legacy = makeIdentity({ subject: [['CN', 'localhost']], issuer: ca });
    const served = await serve(undefined, { identity: legacy });
    const failure = await failureOf(
      sendTo(`https://localhost:${served.port}`, carrier, { ca: caOf(ca) })(get),
    );
    expect(failure.code).toBe('WrongServerName');
    expect(failure.message).toMatch(
      /x509: certificate relies on legacy Common Name field, use SANs instead$/,
    );
  });

  test('every certificate of the bundle is an anchor: an intermediate, the leaf itself, next to bad ones', async () => {
    const intermediate = makeIdentity({ subject: [['CN', 'intermediate']], issuer: ca, ca: true });
    const leaf = makeIdentity({ subject: [['CN', 'leaf']], issuer: intermediate, names: ['127.0.0.1'] });
    const served = await serve(undefined, { identity: leaf });
    for (const anchor of [intermediate, leaf]) {
      expect((await sendTo(served.url, carrier, { ca: caOf(anchor) })(get)).status).toBe(200);
    }
    const bad = { certificate: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n' };
    expect((await sendTo(served.url, carrier, { ca: caOf(bad, intermediate) })(get)).status).toBe(200);
    // The root alone is not enough if the server does not send the intermediate.
    expect((await failureOf(sendTo(served.url, carrier, { ca: caOf(ca) })(get))).code).toBe(
      'UnknownAuthority',
    );
    const complete = await serve(undefined, { identity: leaf, chain: [intermediate] });
    expect((await sendTo(complete.url, carrier, { ca: caOf(ca) })(get)).status).toBe(200);
  });

  test('insecure trusts any server', async () => {
    const stranger = makeIdentity({ subject: [['CN', 'stranger']], names: ['elsewhere'] });
    const served = await serve(undefined, { identity: stranger });
    const insecureSkipTlsVerify = { value: true, origin: { kind: 'flag', text: '-k' } } as const;
    expect((await sendTo(served.url, carrier, { insecureSkipTlsVerify })(get)).status).toBe(200);
  });

  test('a client certificate is sent to the server', async () => {
    const served = await serve(undefined, {
      identity: server,
      requestCert: true,
      rejectUnauthorized: true,
      ca: ca.certificate,
    });
    const send = sendTo(
      served.url,
      carrier,
      { ca: caOf(ca) },
      {},
      {
        clientCertificate: () => Promise.resolve(clientPem),
      },
    );
    expect((await send(get)).status).toBe(200);
    expect(served.seen[0]?.client).toBe('jane');
  });

  test.each(['TLSv1.2', 'TLSv1.3'] as const)(
    // TLS 1.2 has no alert for it: a handshake failure has many causes, and the message names them
    // as possible.
    'a missing client certificate is reported as far as the alert shows it (%s)',
    async (maxVersion) => {
      const served = await serve(undefined, {
        identity: server,
        requestCert: true,
        rejectUnauthorized: true,
        ca: ca.certificate,
        maxVersion,
      });
      const failure = await failureOf(sendTo(served.url, carrier, { ca: caOf(ca) })(get));
      expect(failure.code).toBe(maxVersion === 'TLSv1.3' ? 'ClientCertificateRequired' : 'TlsFailed');
      expect(failure.causes.join()).toContain('client certificate');
      expect(failure.message).toBe(
        `Unable to connect to the server: remote error: tls: ${maxVersion === 'TLSv1.3' ? 'certificate required' : 'handshake failure'}`,
      );
    },
  );

  test.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'a rejected client certificate is reported (%s)',
    async (maxVersion) => {
      const url = await serveStrictly(maxVersion);
      const send = sendTo(
        url,
        carrier,
        { ca: caOf(ca) },
        {},
        {
          clientCertificate: () => Promise.resolve(clientPem),
        },
      );
      const failure = await failureOf(send(get));
      expect(failure.code).toBe('ClientCertificateRejected');
      expect(failure.causes).toEqual([
        'the server does not accept the client certificate from the credentials',
      ]);
    },
  );

  test('a key that does not match is a configuration error, found before anything is sent', async () => {
    const served = await serve(undefined, { identity: server });
    const send = sendTo(
      served.url,
      carrier,
      { ca: caOf(ca) },
      {},
      {
        clientCertificate: () => Promise.resolve({ certificate: client.certificate, key: server.key }),
      },
    );
    const failure = await failureOf(send(get));
    expect(failure.name).toBe('ConfigError');
    expect(failure.message).toBe(
      'the client certificate from the credentials cannot be used: its private key belongs to another certificate',
    );
    expect(served.seen).toEqual([]);
  });

  test('https to a plain http port', async () => {
    const served = await serve();
    const failure = await failureOf(
      sendTo(`https://127.0.0.1:${served.port}`, carrier, { ca: caOf(ca) })(get),
    );
    expect(failure.code).toBe('ServerSpeaksPlainHttp');
    expect(failure.message).toBe(
      'Unable to connect to the server: http: server gave HTTP response to HTTPS client',
    );
  });

  test('plain http to a TLS port: a TLS alert, or the response of Go servers', async () => {
    const alert = await serveRaw((socket) => {
      socket.once('data', () => socket.end(Buffer.from([21, 3, 3, 0, 2, 2, 70])));
    });
    expect((await failureOf(sendTo(alert.url, carrier)(get))).code).toBe('ServerSpeaksTls');
    const go = await serveRaw((socket) => {
      socket.once('data', () =>
        socket.end('HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n'),
      );
    });
    const failure = await failureOf(sendTo(go.url, carrier)(get));
    expect(failure.code).toBe('ServerSpeaksTls');
    expect(failure.hint).toMatch(/^write https:\/\/ in the server address\n/);
  });

  test('a changed client certificate gets new connections after a 401', async () => {
    const second = makeIdentity({ subject: [['CN', 'second']], issuer: ca, usage: 'client' });
    const served = await serve(
      (_request, response, seen) => {
        response.writeHead(seen.client === 'jane' ? 401 : 200).end();
      },
      { identity: server, requestCert: true, ca: ca.certificate },
    );
    let current = clientPem;
    const send = sendTo(
      served.url,
      carrier,
      { ca: caOf(ca) },
      {},
      {
        clientCertificate: () => Promise.resolve(current),
        renew: () => {
          current = { certificate: second.certificate, key: second.key };
          return Promise.resolve(true);
        },
      },
    );
    expect((await send(get)).status).toBe(200);
    expect(served.seen.map((one) => one.client)).toEqual(['jane', 'second']);
  });
});
