// Responses of something in front of the API server, or of no web server at all: kapi says what
// answered and claims only what it knows. Compared with kubectl where both should agree.
import { readFileSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { createSecureServer } from 'node:http2';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { createServer as createTlsServer, DEFAULT_CIPHERS, type TlsOptions } from 'node:tls';
import { expect, it, onTestFinished } from 'vitest';

import { describeOnServer, kapi, kubectl, makeFolder, testServer, type Result } from './kapi.ts';
import { startServer, startTlsServer } from './loopback.ts';
import { issueCertificate } from './server/certificates.ts';
import { longAgo } from './server/control-plane.ts';
import { kubeconfigText } from './server/kubeconfigs.ts';

const table = JSON.stringify({
  kind: 'Table',
  apiVersion: 'meta.k8s.io/v1',
  metadata: { resourceVersion: '7' },
  columnDefinitions: [{ name: 'Name', type: 'string', format: 'name', description: '', priority: 0 }],
  rows: [{ cells: ['web'] }],
});

const html = '<html><head><title>oops</title></head><body><h1>no backend</h1></body></html>';

function listPods(server: string, ...flags: readonly string[]): Promise<Result> {
  return kapi(['list', 'pods', '--server', server, ...flags], { kubeconfig: null });
}

async function portOf(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

interface FrontEnd {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body: string;
  /** Text that the error must contain. */
  readonly said: string;
}

const nginx = { 'content-type': 'text/html', server: 'nginx' };
const rancher = { 'content-type': 'application/json' };

const frontEnds: readonly FrontEnd[] = [
  ...[404, 421, 500, 502, 503, 504, 511].map((status) => ({
    status,
    headers: nginx,
    body: html,
    said: 'oops no backend',
  })),
  {
    status: 401,
    headers: { 'www-authenticate': 'Basic realm="corp"' },
    body: '',
    said: 'it asks for the credentials: Basic realm="corp"',
  },
  { status: 407, headers: { 'proxy-authenticate': 'Negotiate' }, body: '', said: 'Negotiate' },
  {
    status: 401,
    headers: rancher,
    body: '{"type":"error","status":"401","message":"clusterID does not match"}',
    said: 'clusterID does not match',
  },
  {
    status: 404,
    headers: rancher,
    body: '{"type":"error","message":"cluster not found"}',
    said: 'cluster not found',
  },
  { status: 502, headers: rancher, body: '{"error":"upstream is down"}', said: 'upstream is down' },
  { status: 502, headers: { 'content-type': 'text/plain' }, body: 'no healthy upstream', said: 'no healthy' },
  ...[400, 405, 410, 413, 502, 520].map((status) => ({
    status,
    body: '',
    said: 'without a content type',
  })),
];

describeOnServer('front ends', () => {
  it('a response that is not a Status gets the words of the server', async () => {
    const told: { status: number; said: string; result: Result }[] = [];
    const waiting = [...frontEnds];
    const work = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const { status, headers = {}, body, said } = next;
        const server = await startServer((_, response) => response.writeHead(status, headers).end(body));
        told.push({ status, said, result: await listPods(server) });
      }
    };
    await Promise.all([work(), work(), work(), work()]);
    expect(told.length).toBe(frontEnds.length);
    for (const { status, said, result } of told) {
      expect(result.code, `${status}`).toBe(status < 500 ? 4 : 5);
      expect(result.stdout).toBe('');
      expect(result.stderr).toContain(said);
      expect(result.stderr).toContain(
        'is not a Kubernetes Status: a load balancer, gateway or proxy may have answered',
      );
      expect(result.stderr).not.toMatch(
        /readyz|kapi paths|kapi resources|kapi whoami|can-i|suggest-rbac|moment of the list|is busy/,
      );
    }
  });

  it('a 403 Status with other words than those of authorization gets no hint about roles', async () => {
    const status = { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'Forbidden', code: 403 };
    const server = await startServer((_, response) =>
      response
        .writeHead(403, { 'content-type': 'application/json' })
        .end(JSON.stringify({ ...status, message: '[00] access denied' })),
    );
    const { stderr, code } = await listPods(server, '--suggest-rbac');
    expect(stderr).toBe(
      'no role can be suggested: the server refuses in words that are not those of authorization\n' +
        'Error from server (Forbidden): [00] access denied\n',
    );
    expect(code).toBe(4);
  });

  it.each([500, 502, 503, 504])('%i with Retry-After is repeated, as kubectl does', async (status) => {
    const asked: string[] = [];
    const server = await startServer((request: IncomingMessage, response) => {
      asked.push(request.url ?? '');
      if (asked.length % 3 !== 0) response.writeHead(status, { 'retry-after': '0' }).end();
      else response.writeHead(200, { 'content-type': 'application/json' }).end(table);
    });
    expect(await listPods(server)).toEqual({ stdout: 'NAME\nweb\n', stderr: '', code: 0, signal: undefined });
    expect(asked.length).toBe(3);
    if ('missing' in testServer().kubectl) return;
    const theirs = await kubectl(['get', '--raw', '/api', '--server', server, '--token', 'x'], {
      kubeconfig: null,
    });
    expect(theirs.code, theirs.stderr).toBe(0);
    expect(asked.length).toBe(6);
  });

  it('the answer of a service or node that the API server forwards to', async () => {
    const server = await startServer((_, response) =>
      response.writeHead(404, { 'audit-id': '1', 'content-type': 'text/plain' }).end('404 page not found\n'),
    );
    const path = '/api/v1/namespaces/default/services/web/proxy/x';
    const { stdout, stderr, code } = await kapi(['get', path, '--server', server], { kubeconfig: null });
    expect([code, stdout]).toEqual([4, '']);
    expect(stderr).toContain('the API server forwards this path to services/web, which may have answered');
    expect(stderr).not.toContain('has no subresource');
  });

  it('proxies: their demands, long headers, and characters of a password', async () => {
    const asked: string[] = [];
    const proxy = async (answer: string): Promise<string> => {
      const server = createServer((socket: Socket) => {
        socket.on('error', () => undefined);
        socket.once('data', (data) => {
          asked.push(data.toString('latin1'));
          socket.end(answer);
        });
      });
      return `127.0.0.1:${await portOf(server)}`;
    };
    const through = (url: string): Promise<Result> => {
      const kubeconfig = join(makeFolder(), 'config');
      const cluster = { server: 'https://127.0.0.1:1', 'proxy-url': url };
      writeFileSync(kubeconfig, kubeconfigText(cluster, { token: 'x' }));
      return kapi(['list', 'pods'], { kubeconfig });
    };
    const demanding = await proxy(
      'HTTP/1.1 407 Auth\r\nProxy-Authenticate: NTLM\r\nProxy-Authenticate: Negotiate\r\n\r\n',
    );
    const refused = await through(`http://${demanding}`);
    expect(refused.stderr).toContain('\nit asks for the credentials: NTLM, Negotiate\n');
    expect(refused.stderr).toContain('kapi speaks the scheme Basic only, which the proxy from ');
    expect(refused.code).toBe(6);
    expect(asked[0]).toMatch(/^CONNECT 127\.0\.0\.1:1 HTTP\/1\.1\r\n[^]*user-agent: kapi/i);
    const basic = await proxy('HTTP/1.1 407 Auth\r\nProxy-Authenticate: Basic realm="x"\r\n\r\n');
    const wrong = await through(`http://me:p%E9%23@${basic}`);
    expect(wrong.stderr).toContain('the proxy does not accept the user name and password in the proxy URL');
    const sent = /proxy-authorization: Basic (\S+)/i.exec(asked[1] ?? '')?.[1] ?? '';
    expect(Buffer.from(sent, 'base64').toString('latin1')).toBe('me:p\xe9#');
    const filler = `X-Filler: ${'a'.repeat(1_000)}\r\n`.repeat(30);
    const long = await through(`http://${await proxy(`HTTP/1.1 502 Too long\r\n${filler}\r\n`)}`);
    expect(long.stderr).toContain('answered CONNECT with 502 Too long');
    for (const password of ['a#b', 'a/b', 'a b', 'a\\b']) {
      const invalid = await through(`http://me:${password}@${basic}`);
      expect([invalid.code, invalid.stderr]).toEqual([3, expect.stringContaining('percent-encoded')]);
      expect(invalid.stderr).not.toContain(password);
    }
  });

  it('a write is not repeated', async () => {
    let asked = 0;
    const server = await startServer((_, response) => {
      asked += 1;
      response.writeHead(504, { 'retry-after': '0' }).end();
    });
    const { code } = await kapi(
      ['curl', '-X', 'POST', '-d', '{}', `${server}/api/v1/namespaces`, '--server', server],
      {
        kubeconfig: null,
      },
    );
    expect(asked).toBe(1);
    expect(code).not.toBe(0);
  });

  it('a port that does not speak TLS is reported with its own words', async () => {
    const banner = (text: string): Server =>
      createServer((socket: Socket) => {
        socket.on('error', () => undefined);
        socket.write(text);
      });
    const ssh = await portOf(banner('SSH-2.0-OpenSSH_9.6\r\n'));
    const mail = await portOf(banner('220 mail.example ESMTP\r\n'));
    const web = (await startServer((_, response) => response.end())).replace('http:', 'https:');
    const [first, second, third] = await Promise.all([
      listPods(`https://127.0.0.1:${ssh}`),
      listPods(`https://127.0.0.1:${mail}`),
      listPods(web),
    ]);
    expect(first.stderr).toContain('the server does not speak TLS but SSH: "SSH-2.0-OpenSSH_9.6"\n');
    expect(second.stderr).toContain('the server does not speak TLS but SMTP: "220 mail.example ESMTP"\n');
    expect(third.stderr).toMatch(
      /^Unable to connect to the server: http: server gave HTTP response to HTTPS client\n/,
    );
    expect([first.code, second.code, third.code]).toEqual([6, 6, 6]);
    const clear = await listPods(`http://127.0.0.1:${ssh}`);
    expect(clear.stderr).toContain('is not HTTP/1.1 (it is SSH: "SSH-2.0-OpenSSH_9.6")');
    expect(clear.code).toBe(5);
  });

  it('a front end that speaks only HTTP/2', async () => {
    const { otherAuthority } = testServer();
    const pair = await issueCertificate(makeFolder(), otherAuthority, {
      name: 'h2',
      commonName: 'h2',
      alternativeNames: ['IP:127.0.0.1'],
    });
    const server = createSecureServer({
      cert: readFileSync(pair.certificateFile),
      key: readFileSync(pair.keyFile),
    });
    server.on('sessionError', () => undefined);
    const port = await portOf(server);
    const { stderr, code } = await listPods(
      `https://127.0.0.1:${port}`,
      '--certificate-authority',
      otherAuthority.certificateFile,
    );
    expect(stderr).toMatch(/HTTP\/2/);
    expect(stderr).not.toContain('client certificate');
    expect(code).not.toBe(0);
  });

  it('a handshake that fails is not said to need a client certificate, unless the server says so', async () => {
    const { otherAuthority } = testServer();
    const pair = await issueCertificate(makeFolder(), otherAuthority, {
      name: 'picky',
      commonName: 'picky',
      alternativeNames: ['IP:127.0.0.1'],
    });
    const start = async (options: TlsOptions): Promise<string> => {
      const server = createTlsServer({
        cert: readFileSync(pair.certificateFile),
        key: readFileSync(pair.keyFile),
        ...options,
      });
      server.on('tlsClientError', () => undefined);
      return `https://127.0.0.1:${await portOf(server)}`;
    };
    const trust = ['--certificate-authority', otherAuthority.certificateFile];
    const noCurve = await start({ ecdhCurve: 'secp224r1', ciphers: `${DEFAULT_CIPHERS}:@SECLEVEL=0` });
    const failed = await listPods(noCurve, ...trust);
    expect(failed.stderr).toMatch(/^Unable to connect to the server: remote error: tls: handshake failure\n/);
    expect(failed.stderr).toContain(
      'may have no cipher, curve or signature algorithm in common, or it may ask',
    );
    expect(failed.stderr).not.toContain('--client-certificate');
    const strict = await start({ requestCert: true, rejectUnauthorized: true });
    const asked = await listPods(strict, ...trust);
    expect(asked.stderr).toContain('the server asks for a client certificate, and none is configured\n');
    expect([failed.code, asked.code]).toEqual([6, 6]);
    if ('missing' in testServer().kubectl) return;
    for (const [server, words] of [
      [noCurve, 'remote error: tls: handshake failure'],
      [strict, 'remote error: tls: certificate required'],
    ] as const) {
      const theirs = await kubectl(['get', '--raw', '/api', '--server', server, '--token', 'x', ...trust], {
        kubeconfig: null,
      });
      expect(theirs.stderr).toContain(words);
    }
  });

  it('a 401 tells the dates, the audience and the issuer of the token', async () => {
    const { url, caFile } = testServer();
    const withToken = (claims: object): Promise<Result> => {
      const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
      const token = `${part({ alg: 'RS256' })}.${part(claims)}.c2lnbmF0dXJl`;
      return listPods(url, '--certificate-authority', caFile, '--token', token);
    };
    const now = Math.floor(Date.now() / 1_000);
    const elsewhere = await withToken({ aud: ['elsewhere'], iss: 'https://issuer.test', exp: now + 3_600 });
    expect(elsewhere.stderr).toContain(
      'the token is for the audience elsewhere, from the issuer https://issuer.test',
    );
    expect(elsewhere.stderr).toContain('has not expired');
    const early = await withToken({ nbf: now + 3_600, exp: now + 7_200 });
    expect(early.stderr).toContain('is not valid before');
    expect(early.stderr).toContain('hint: the credentials are not valid yet, or the clock');
    expect(early.stderr).not.toContain('expired');
    expect([elsewhere.code, early.code]).toEqual([4, 4]);
  });

  it('the certificate that is at fault is named, with its file or its names', async () => {
    const { otherAuthority } = testServer();
    const pair = await issueCertificate(makeFolder(), otherAuthority, {
      name: 'named',
      commonName: 'named',
      alternativeNames: ['DNS:k8s.example.test'],
    });
    const server = await startTlsServer(pair, (_, response) => response.end());
    const wrongName = await listPods(server, '--certificate-authority', otherAuthority.certificateFile);
    expect(wrongName.stderr).toContain("doesn't contain any IP SANs\n");
    expect(wrongName.stderr).toContain('it is valid for names k8s.example.test\n');
    expect(wrongName.stderr).toContain('--tls-server-name k8s.example.test\n');
    const byAddress = await issueCertificate(makeFolder(), otherAuthority, {
      name: 'by-address',
      commonName: 'by-address',
      alternativeNames: ['IP:10.0.0.1', 'IP:127.0.0.9'],
    });
    const addresses = await startTlsServer(byAddress, (_, response) => response.end());
    for (const flags of [[], ['--tls-server-name', 'k8s.example.test']]) {
      const wrongAddress = await listPods(
        addresses,
        ...['--certificate-authority', otherAuthority.certificateFile, ...flags],
      );
      expect(wrongAddress.stderr).toContain('it is valid for addresses 10.0.0.1, 127.0.0.9\n');
      expect(wrongAddress.code).toBe(6);
    }
    const old = await issueCertificate(makeFolder(), otherAuthority, {
      name: 'old',
      commonName: 'old',
      alternativeNames: ['IP:127.0.0.1'],
      validity: longAgo,
    });
    const expired = await listPods(
      await startTlsServer(old, (_, response) => response.end()),
      '--certificate-authority',
      old.certificateFile,
    );
    expect(expired.stderr).toContain(`the trusted certificate from ${old.certificateFile}: CN=old`);
    expect(expired.stderr).toContain('valid until 2024-02-01T00:00:00Z');
    expect(expired.stderr).not.toContain('must be renewed on the server');
    expect([wrongName.code, expired.code]).toEqual([6, 6]);
  });

  it('HTML with the content type of JSON is printed unchanged', async () => {
    const server = await startServer((_, response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end(html),
    );
    const { stdout } = await kapi(['get', '/x', '--server', server], { kubeconfig: null });
    expect(stdout.trimEnd()).toBe(html);
  });

  it('doctor reports a failure once, at its step', async () => {
    const nothing = await kapi(['doctor'], { kubeconfig: null });
    expect(nothing.code).toBe(3);
    expect(nothing.stdout.match(/needs configuration/g)).toHaveLength(1);
    const plain = await kapi(['doctor', '--server', testServer().url.replace('https:', 'http:')], {
      kubeconfig: null,
    });
    expect(plain.stdout.match(/the server wants TLS/g)).toHaveLength(1);
    expect(plain.stdout).toMatch(/^fail +server /m);
    expect(plain.code).toBe(6);
    const expired = await kapi(['doctor'], { kubeconfig: testServer().kubeconfigs.expired });
    expect(expired.stdout).toMatch(/^fail +authentication [\s\S]*expired 20/m);
  });
});
