// Servers that are not API servers, or have problems: each ends in one clear error and the exit
// code of the table.
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { RequestListener, ServerResponse } from 'node:http';
import { expect, it } from 'vitest';

import { describeOnServer, kapi, makeFolder, testServer, type Result } from './kapi.ts';
import { closedPort, startServer, startTlsServer } from './loopback.ts';
import { issueCertificate } from './server/certificates.ts';
import { longAgo } from './server/control-plane.ts';

const html = '<html><head><title>Sign in</title></head><body><h1>Please sign in</h1></body></html>';
const table = JSON.stringify({
  kind: 'Table',
  apiVersion: 'meta.k8s.io/v1',
  metadata: { resourceVersion: '7' },
  columnDefinitions: [{ name: 'Name', type: 'string', format: 'name', description: '', priority: 0 }],
  rows: [{ cells: ['web'] }, { cells: ['worker'] }],
});

const loadBalancer = (server: string): string =>
  'hint: a load balancer, proxy or login page may have answered in place of the API server; ' +
  `\`kapi config show --server ${server}\` names the server and where it was set\n`;

/** Makes a listener that sends `body` as JSON, or only the part that `send` writes. */
function json(send: (response: ServerResponse) => void): RequestListener {
  return (_, response) => {
    response.setHeader('content-type', 'application/json');
    send(response);
  };
}

/** Runs `kapi list pods` on a server without credentials. */
function listPods(server: string, ...flags: readonly string[]): Promise<Result> {
  return kapi(['list', 'pods', '--server', server, ...flags], { kubeconfig: null });
}

function failure(stderr: string, code: number): Result {
  return { stdout: '', stderr, code, signal: undefined };
}

describeOnServer('servers that are none, or in trouble', () => {
  it('HTML with status 200', async () => {
    const server = await startServer((_, response) => {
      response.setHeader('content-type', 'text/html');
      response.end(html);
    });
    expect(await listPods(server)).toEqual(
      failure(
        `error: the answer of ${server} to GET /api/v1/namespaces/default/pods is not JSON (text/html): "Sign in Please sign in"\n${loadBalancer(server)}`,
        5,
      ),
    );
    expect((await kapi(['get', 'pod', 'web', '--server', server], { kubeconfig: null })).code).toBe(5);
    expect((await kapi(['resources', '--server', server], { kubeconfig: null })).code).toBe(5);
  });

  it('HTML with status 502', async () => {
    const server = await startServer((_, response) => {
      response.writeHead(502, { 'content-type': 'text/html' }).end(html);
    });
    const { stdout, stderr, code } = await listPods(server);
    expect(stdout).toBe('');
    expect(stderr).toMatch(
      /^Error from server \(InternalError\): an error on the server \("Sign in Please sign in"\) has prevented the request from succeeding \(get pods\)\nhint: /,
    );
    expect(code).toBe(5);
  });

  it('a redirect to a login page', async () => {
    const server = await startServer((_, response) => {
      response.writeHead(302, { location: 'https://login.example/start' }).end(html);
    });
    const { stderr, code } = await listPods(server);
    expect(stderr).toContain(
      `error: the server redirects to https://login.example/start, which is another origin than ${server} (status 302)\n`,
    );
    expect(code).toBe(6);
  });

  it('nothing at all', async () => {
    const server = await startServer(json((response) => response.end()));
    const { stderr, code } = await listPods(server);
    expect(stderr).toMatch(/^error: the answer of \S+ to GET \S+ is empty\nhint: /);
    expect(code).toBe(5);
  });

  it('JSON of something else', async () => {
    const server = await startServer(json((response) => response.end('{"hello": "world"}')));
    const { stderr, code } = await listPods(server);
    expect(stderr).toMatch(
      /^error: unexpected answer of \S+ to GET \S+: an object without a kind instead of a list\nhint: /,
    );
    expect(code).toBe(5);
  });

  it.each([
    { name: 'an announced length', headers: { 'content-length': String(table.length) } },
    { name: 'chunks', headers: {} },
  ])('a body of $name cut in the middle', async ({ headers }) => {
    const server = await startServer((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json', ...headers });
      response.write(table.slice(0, -30), () => response.socket?.end());
    });
    for (const format of ['table', 'json', 'yaml', 'name', 'ndjson']) {
      const { stdout, stderr, code } = await listPods(server, '-o', format);
      expect(stdout).toBe('');
      expect(stderr).toMatch(
        /^error: the connection to \S+ broke in the middle of the answer to GET .*: unexpected EOF\n/,
      );
      expect(code).toBe(6);
    }
  });

  it('truncated JSON in a complete response', async () => {
    const server = await startServer(json((response) => response.end(table.slice(0, -30))));
    const { stdout, stderr, code } = await listPods(server);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^error: the JSON of \S+ to GET \S+ breaks off after \d+ characters\nhint: /);
    expect(code).toBe(5);
  });

  it('no response within --request-timeout', async () => {
    const server = await startServer(() => undefined);
    const { stderr, code } = await listPods(server, '--request-timeout', '1s');
    expect(stderr).toContain("the time limit of 1 s passed before the answer's headers came\n");
    expect(code).toBe(6);
  });

  it('half a response within --request-timeout', async () => {
    const server = await startServer(json((response) => response.write(table.slice(0, 40))));
    const { stdout, stderr, code } = await listPods(server, '--request-timeout', '1s');
    expect(stdout).toBe('');
    expect(stderr).toContain("the time limit of 1 s passed before the answer's body was complete\n");
    expect(code).toBe(6);
  });

  it('a Status of 500 and one of 429', async () => {
    const status = (code: number, reason: string, message: string): RequestListener =>
      json((response) => {
        response.statusCode = code;
        response.end(
          JSON.stringify({ kind: 'Status', apiVersion: 'v1', status: 'Failure', message, reason, code }),
        );
      });
    const broken = await startServer(status(500, 'InternalError', 'etcdserver: request timed out'));
    const first = await listPods(broken);
    expect(first.stderr).toMatch(
      /^Error from server \(InternalError\): etcdserver: request timed out\nhint: /,
    );
    expect(first.code).toBe(5);
    const busy = await startServer(status(429, 'TooManyRequests', 'please wait'));
    const second = await listPods(busy, '--request-timeout', '20s');
    expect(second.stderr).toMatch(/^Error from server \(TooManyRequests\): please wait\nhint: /);
    expect(second.code).toBe(5);
  });

  it('is retried after 429 with Retry-After, and then answers', async () => {
    let requests = 0;
    const server = await startServer((_, response) => {
      requests += 1;
      if (requests === 1) response.writeHead(429, { 'retry-after': '1' }).end();
      else response.writeHead(200, { 'content-type': 'application/json' }).end(table);
    });
    expect(await listPods(server)).toEqual({
      stdout: 'NAME\nweb\nworker\n',
      stderr: '',
      code: 0,
      signal: undefined,
    });
    expect(requests).toBe(2);
  });

  it('a port without a listener', async () => {
    const server = `https://127.0.0.1:${await closedPort()}`;
    expect(await listPods(server)).toEqual(
      failure(
        `The connection to the server ${server.slice('https://'.length)} was refused - did you specify the right host or port?\n` +
          `hint: the server address ${server} comes from --server\n`,
        6,
      ),
    );
  });

  it('a name that does not exist', async () => {
    expect(await listPods('https://no-such-host.invalid')).toEqual(
      failure(
        'Unable to connect to the server: dial tcp: lookup no-such-host.invalid: no such host\n' +
          'hint: the server address https://no-such-host.invalid comes from --server\n',
        6,
      ),
    );
  });

  it('http to a TLS port, and TLS to an http port', async () => {
    const { url } = testServer();
    const plain = url.replace('https:', 'http:');
    expect(await listPods(plain)).toEqual(
      failure(
        'Unable to connect to the server: the server wants TLS, but its address begins with http://\n' +
          `hint: write https:// in the server address\n      the server address ${plain} comes from --server\n`,
        6,
      ),
    );
    const noTls = await startServer((_, response) => response.end(html));
    const { stderr, code } = await listPods(noTls.replace('http:', 'https:'));
    expect(stderr).toMatch(/^Unable to connect to the server: /);
    expect(stderr).toContain('http://');
    expect(code).toBe(6);
  });

  it('an expired certificate, one of another authority, one with another name', async () => {
    const { caFile, otherAuthority } = testServer();
    const otherCa = ['--certificate-authority', otherAuthority.certificateFile];
    const expired = await issueCertificate(makeFolder(), otherAuthority, {
      name: 'expired',
      commonName: 'old-server',
      alternativeNames: ['IP:127.0.0.1'],
      validity: longAgo,
    });
    const old = await startTlsServer(
      expired,
      json((response) => response.end(table)),
    );
    const first = await listPods(old, ...otherCa);
    expect(first.stdout).toBe('');
    expect(first.stderr).toMatch(
      /^Unable to connect to the server: tls: failed to verify certificate: x509: certificate has expired/,
    );
    expect(first.stderr).toContain('2024-02-01T00:00:00Z');
    expect(first.code).toBe(6);

    const second = await kapi(['list', 'pods', ...otherCa]);
    expect(second.stderr).toMatch(
      /^Unable to connect to the server: tls: failed to verify certificate: x509: certificate signed by unknown authority\n/,
    );
    const { subject } = new X509Certificate(readFileSync(caFile));
    expect(second.stderr).toContain(`issued by ${subject}`);
    expect(second.stderr).toContain(`trusted: CN=kapi-e2e-other-ca (${otherAuthority.certificateFile})`);
    expect(second.code).toBe(6);

    const third = await kapi(['list', 'pods', '--tls-server-name', 'wrong.example']);
    expect(third.stderr).toMatch(
      /^Unable to connect to the server: tls: failed to verify certificate: x509: certificate is valid for localhost, .*not wrong.example\n/,
    );
    expect(third.code).toBe(6);

    // A flag allows each of them.
    expect((await listPods(old, '--insecure-skip-tls-verify')).stdout).toBe('NAME\nweb\nworker\n');
    expect((await kapi(['list', 'pods', '--tls-server-name', 'kubernetes', '-o', 'name'])).code).toBe(0);
  });

  it('no credential goes to a plain http server', async () => {
    const seen: (string | undefined)[] = [];
    const server = await startServer((request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(200, { 'content-type': 'application/json' }).end(table);
    });
    expect((await kapi(['list', 'pods', '--server', server, '--token', 'secret'])).code).toBe(0);
    expect(seen).toEqual([undefined]);
  });
});
