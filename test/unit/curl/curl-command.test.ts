// kapi's requests as curl commands: a table of what is printed.
import { describe, expect, it } from 'vitest';
import type { ClusterConfig, Origin } from '../../../src/config/cluster-config.ts';
import { curlCommand } from '../../../src/curl/curl-command.ts';
import type { CurlFacts } from '../../../src/curl/curl-facts.ts';
import type { RequestSpec } from '../../../src/model/request.ts';
import { Secret } from '../../../src/model/secret.ts';

const file: Origin = { kind: 'kubeconfig', text: '/home/jane/.kube/config, user "jane"' };
const flag = (text: string): Origin => ({ kind: 'flag', text });

const plain: ClusterConfig = {
  server: { value: 'https://api.test:6443', origin: file },
  insecureSkipTlsVerify: { value: false, origin: { kind: 'default', text: "kapi's default" } },
  disableCompression: false,
  authorization: { kind: 'none' },
  namespace: { value: 'default', origin: file },
  requestTimeoutMs: 0,
  inPod: false,
};

const get: RequestSpec = { method: 'GET', path: '/version' };

function command(
  request: Partial<RequestSpec>,
  config: Partial<ClusterConfig> = {},
  facts: Partial<CurlFacts> = {},
): { command: string; warnings: readonly string[] } {
  const { lines, warnings } = curlCommand(
    { ...get, ...request },
    { config: { ...plain, ...config }, configFlags: [], env: {}, showSecrets: false, ...facts },
  );
  return { command: lines.join(' '), warnings };
}

const text = (...args: Parameters<typeof command>): string => command(...args).command;

describe('the request', () => {
  it.each<[string, Partial<RequestSpec>, string]>([
    ['a GET', {}, 'curl https://api.test:6443/version'],
    [
      'a query',
      { path: '/api/v1/pods?limit=5&watch=1' },
      "curl 'https://api.test:6443/api/v1/pods?limit=5&watch=1'",
    ],
    ['a stream', { path: '/pods?watch=1', streaming: true }, "curl -N 'https://api.test:6443/pods?watch=1'"],
    ['HEAD', { method: 'HEAD' }, 'curl -I https://api.test:6443/version'],
    ['OPTIONS', { method: 'OPTIONS' }, 'curl -X OPTIONS https://api.test:6443/version'],
    ['DELETE', { method: 'DELETE' }, 'curl -X DELETE https://api.test:6443/version'],
    ['POST without a body', { method: 'POST' }, 'curl -X POST https://api.test:6443/version'],
    [
      'POST with one',
      { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"a":"it\'s"}' },
      `curl -H 'Content-Type: application/json' -d '{"a":"it'\\''s"}' https://api.test:6443/version`,
    ],
    [
      'PUT of several lines',
      { method: 'PUT', headers: { 'content-type': 'application/yaml' }, body: 'a: 1\nb: "$x"\n' },
      `curl -X PUT -H 'Content-Type: application/yaml' -d 'a: 1\nb: "$x"\n' https://api.test:6443/version`,
    ],
    [
      'GET with a body',
      { method: 'GET', headers: { 'content-type': 'text/plain' }, body: 'x' },
      "curl -X GET -H 'Content-Type: text/plain' -d x https://api.test:6443/version",
    ],
    [
      'a body without a type',
      { method: 'POST', body: 'x' },
      'curl -H Content-Type: -d x https://api.test:6443/version',
    ],
    [
      'a body that looks like a file name',
      { method: 'POST', headers: { 'content-type': 'text/plain' }, body: '@home' },
      "curl -H 'Content-Type: text/plain' --data-raw @home https://api.test:6443/version",
    ],
    [
      'a body with control characters',
      { method: 'POST', headers: { 'content-type': 'text/plain' }, body: "a\u0000\u001b%\\'\n" },
      `printf 'a\\000\\033%%\\\\'\\''\n' | curl -H 'Content-Type: text/plain' --data-binary @- https://api.test:6443/version`,
    ],
    [
      'bytes',
      { method: 'POST', headers: { 'content-type': 'x/y' }, body: Uint8Array.of(0xff, 0, 0x41) },
      `printf '\\377\\000A' | curl -H 'Content-Type: x/y' --data-binary @- https://api.test:6443/version`,
    ],
    [
      'bytes that are text',
      { method: 'POST', headers: { 'content-type': 'x/y' }, body: Buffer.from('über') },
      "curl -H 'Content-Type: x/y' -d 'über' https://api.test:6443/version",
    ],
    [
      'a body the command line named',
      {
        method: 'POST',
        headers: { 'content-type': 'application/yaml' },
        body: 'a: 1',
        words: { body: ['--data-binary', '@my pod.yaml'] },
      },
      "curl -H 'Content-Type: application/yaml' --data-binary '@my pod.yaml' https://api.test:6443/version",
    ],
    [
      'an upload',
      { method: 'PUT', body: 'a: 1', words: { body: ['-T', 'pod.yaml'] } },
      'curl -T pod.yaml https://api.test:6443/version',
    ],
    [
      'output flags',
      { words: { flags: ['-i', '-o', 'my file', '-w', '%{http_code}\\n'] }, redirect: 'follow' },
      "curl -i -o 'my file' -w '%{http_code}\\n' -L https://api.test:6443/version",
    ],
    ['compression', { compress: true }, 'curl --compressed https://api.test:6443/version'],
    [
      'the raw Accept',
      { headers: { accept: 'application/json, */*' } },
      'curl https://api.test:6443/version',
    ],
    [
      'a table',
      { headers: { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json' } },
      "curl -H 'Accept: application/json;as=Table;v=v1;g=meta.k8s.io,application/json' https://api.test:6443/version",
    ],
    ['no Accept at all', { omitHeaders: ['accept'] }, 'curl -H Accept: https://api.test:6443/version'],
    ['a User-Agent', { headers: { 'user-agent': 'me/1' } }, 'curl -A me/1 https://api.test:6443/version'],
    ['an empty header', { headers: { 'x-a': '' } }, "curl -H 'X-A;' https://api.test:6443/version"],
    [
      'a header twice',
      { headers: { 'impersonate-group': ['a', 'b'] } },
      "curl -H 'Impersonate-Group: a' -H 'Impersonate-Group: b' https://api.test:6443/version",
    ],
    ['dots', { path: '/api/../version' }, 'curl --path-as-is https://api.test:6443/api/../version'],
    ['brackets', { path: '/x?f=[a]' }, "curl -g 'https://api.test:6443/x?f=[a]'"],
    ['a number sign', { path: '/x#y' }, 'curl https://api.test:6443/x%23y'],
  ])('%s', (_, request, expected) => {
    expect(command(request)).toEqual({ command: expected, warnings: [] });
  });

  it('pipes a body that is too long for an argument', () => {
    const body = 'x'.repeat(200_000);
    const { lines } = curlCommand(
      { method: 'POST', path: '/', headers: { 'content-type': 'x/y' }, body },
      { config: plain, configFlags: [], env: {}, showSecrets: false },
    );
    expect(lines[0]).toBe(`printf %s ${body} | curl`);
  });

  it('explains what a stream needs', () => {
    async function* body(): AsyncGenerator<Uint8Array> {
      await Promise.resolve();
      yield Buffer.from('x');
    }
    expect(command({ method: 'POST', headers: { 'content-type': 'x/y' }, body: body() })).toEqual({
      command: "curl -H 'Content-Type: x/y' --data-binary @- https://api.test:6443/version",
      warnings: ['the body is a stream: give it to the command on standard input'],
    });
  });
});

const pem = '-----BEGIN CERTIFICATE-----\nMII=\n-----END CERTIFICATE-----\n';
const key = new Secret('-----BEGIN PRIVATE KEY-----\nKEY=\n-----END PRIVATE KEY-----\n');
const url = 'https://api.test:6443/version';

describe('the connection', () => {
  it.each<[string, Partial<ClusterConfig>, string]>([
    ['a CA file', { ca: { pem, path: '/etc/ca.crt', origin: file } }, `curl --cacert /etc/ca.crt ${url}`],
    [
      'a CA file whose name needs quotes',
      { ca: { pem, path: "/etc/jane's ca.crt", origin: file } },
      `curl --cacert '/etc/jane'\\''s ca.crt' ${url}`,
    ],
    ['no verification', { insecureSkipTlsVerify: { value: true, origin: file } }, `curl -k ${url}`],
    [
      'certificate files',
      {
        clientCertificate: {
          certificate: { pem, path: '/etc/a:b.crt', origin: file },
          key: { pem: key, path: '/etc/a:b.key', origin: file },
        },
      },
      `curl --cert '/etc/a\\:b.crt' --key /etc/a:b.key ${url}`,
    ],
    [
      'a path prefix',
      { server: { value: 'https://r.test/k8s/c-1', origin: file } },
      'curl https://r.test/k8s/c-1/version',
    ],
    [
      'plain http',
      {
        server: { value: 'http://127.0.0.1:8001', origin: file },
        ca: { pem, path: '/etc/ca.crt', origin: file },
        insecureSkipTlsVerify: { value: true, origin: file },
      },
      'curl http://127.0.0.1:8001/version',
    ],
    ['a time limit', { requestTimeoutMs: 1500 }, `curl -m 1.5 ${url}`],
    [
      'a name to check',
      { tlsServerName: { value: 'kubernetes', origin: file } },
      "curl --connect-to kubernetes:6443:api.test:6443 -H 'Host: api.test:6443' https://kubernetes:6443/version",
    ],
    [
      'an address to check, behind a prefix and the default port',
      {
        server: { value: 'https://r.test/k8s', origin: file },
        tlsServerName: { value: 'fd00::1', origin: file },
      },
      "curl --connect-to '[fd00::1]:443:r.test:443' -H 'Host: r.test' 'https://[fd00::1]:443/k8s/version'",
    ],
    [
      'an http proxy',
      { proxy: { value: new Secret('http://proxy.test:3128/'), origin: file } },
      `curl -x http://proxy.test:3128 ${url}`,
    ],
    [
      'a proxy on the default port of its scheme',
      { proxy: { value: new Secret('http://proxy.test/'), origin: file } },
      `curl -x http://proxy.test:80 ${url}`,
    ],
    [
      'socks5, which resolves names',
      { proxy: { value: new Secret('socks5://127.0.0.1:1080'), origin: file } },
      `curl -x socks5h://127.0.0.1:1080 ${url}`,
    ],
    [
      'an https proxy',
      {
        ca: { pem, path: '/etc/ca.crt', origin: file },
        proxy: { value: new Secret('https://proxy.test:3129/'), origin: file },
      },
      `curl --cacert /etc/ca.crt -x https://proxy.test:3129 --proxy-cacert /etc/ca.crt ${url}`,
    ],
    [
      'a login of an environment variable',
      {
        proxy: {
          value: new Secret('http://jane:geheim@proxy.test:3128/'),
          origin: { kind: 'env', text: 'HTTPS_PROXY' },
        },
      },
      `curl -x "$HTTPS_PROXY" ${url}`,
    ],
  ])('%s', (_, config, expected) => {
    expect(command({}, config)).toEqual({ command: expected, warnings: [] });
  });

  it('reads inline data from kapi, with the flags of this run', () => {
    const config = {
      ca: { pem, origin: file },
      clientCertificate: { certificate: { pem, origin: file }, key: { pem: key, origin: file } },
    };
    expect(command({}, config, { configFlags: ['--kubeconfig', 'my conf', '--context', 'dev'] })).toEqual({
      command:
        "curl --cacert <(kapi config ca --kubeconfig 'my conf' --context dev) " +
        "--cert <(kapi config cert --kubeconfig 'my conf' --context dev) " +
        `--key <(kapi config key --kubeconfig 'my conf' --context dev) ${url}`,
      warnings: ['the command needs bash, zsh or ksh: sh has no <(…)'],
    });
  });

  it('disables the proxies of the environment if kapi connects directly, and NO_PROXY if it does not', () => {
    expect(text({}, {}, { env: { HTTPS_PROXY: 'http://p:1' } })).toBe(`curl --noproxy '*' ${url}`);
    expect(text({}, {}, { env: { all_proxy: 'http://p:1' } })).toBe(`curl --noproxy '*' ${url}`);
    expect(text({}, {}, { env: { HTTP_PROXY: 'http://p:1', https_proxy: '' } })).toBe(`curl ${url}`);
    const proxy = { value: new Secret('http://p:1/'), origin: file };
    expect(text({}, { proxy }, { env: { NO_PROXY: 'api.test' } })).toBe(
      `curl -x http://p:1 --noproxy '' ${url}`,
    );
  });

  it('warns about what curl cannot do', () => {
    expect(command({ streaming: true }, { requestTimeoutMs: 1000 }).warnings).toEqual([
      '--request-timeout is left out: curl has no time limit for the beginning of a stream alone',
    ]);
    expect(
      command(
        {},
        {
          tlsServerName: { value: 'x', origin: file },
          proxy: { value: new Secret('https://p:1/'), origin: file },
        },
      ).warnings,
    ).toEqual([
      "curl checks the proxy's certificate against the proxy's own name, not against tls-server-name",
    ]);
  });
});

describe('credentials', () => {
  const token = new Secret('geheim-token');
  const password = new Secret('geheim-password');

  it.each<[string, Partial<ClusterConfig>, string]>([
    [
      'a token of the kubeconfig',
      { authorization: { kind: 'token', token, origin: file } },
      `curl -H "Authorization: Bearer $(kapi config token)" ${url}`,
    ],
    [
      'a token file',
      { authorization: { kind: 'token-file', path: '/run/my token', origin: file } },
      `curl -H "Authorization: Bearer $(cat '/run/my token')" ${url}`,
    ],
    [
      'the token of a pod',
      {
        authorization: {
          kind: 'token-file',
          path: '/var/run/secrets/kubernetes.io/serviceaccount/token',
          origin: { kind: 'pod', text: 'the service account' },
        },
        inPod: true,
      },
      `curl -H "Authorization: Bearer $(cat /var/run/secrets/kubernetes.io/serviceaccount/token)" ${url}`,
    ],
    [
      'a token file with a token beside it',
      { authorization: { kind: 'token-file', path: '/t', fallback: token, origin: file } },
      `curl -H "Authorization: Bearer $(kapi config token)" ${url}`,
    ],
    [
      'impersonation',
      {
        impersonation: {
          user: 'system:serviceaccount:a:b',
          uid: '1 2',
          groups: ['x', "y's"],
          extra: { 'example.com/Role%': ['p', ''] },
          origin: file,
        },
      },
      `curl -H 'Impersonate-User: system:serviceaccount:a:b' -H 'Impersonate-Uid: 1 2' -H 'Impersonate-Group: x' ` +
        `-H 'Impersonate-Group: y'\\''s' -H 'Impersonate-Extra-example.com%2Frole%25: p' ` +
        `-H 'Impersonate-Extra-example.com%2Frole%25;' ${url}`,
    ],
  ])('%s', (_, config, expected) => {
    expect(command({}, config)).toEqual({ command: expected, warnings: [] });
  });

  it.each<[string, Partial<ClusterConfig>, Partial<RequestSpec>, string, string]>([
    [
      'a token by flag',
      { authorization: { kind: 'token', token, origin: flag('--token') } },
      {},
      `curl -H "Authorization: Bearer $TOKEN" ${url}`,
      'set TOKEN before you run the command (from --token), or print it with --show-secrets',
    ],
    [
      'a password',
      { authorization: { kind: 'basic', username: 'jane', password, origin: file } },
      {},
      `curl -u "jane:$PASSWORD" ${url}`,
      `set PASSWORD before you run the command (from ${file.text}), or print it with --show-secrets`,
    ],
    [
      "a proxy's password",
      { proxy: { value: new Secret('http://jane:geheim@p.test:1/'), origin: file } },
      {},
      `curl -x "http://jane:$PROXY_PASSWORD@p.test:1" ${url}`,
      `set PROXY_PASSWORD before you run the command (percent-encoded, from ${file.text}), or print it with --show-secrets`,
    ],
    [
      "the request's own token",
      { authorization: { kind: 'token', token, origin: file } },
      { headers: { authorization: 'Bearer geheim' } },
      `curl -H "Authorization: Bearer $TOKEN" ${url}`,
      'set TOKEN before you run the command (from the Authorization of this command line), or print it with --show-secrets',
    ],
    [
      "the request's own login",
      {},
      { headers: { authorization: `Basic ${Buffer.from('jane:geheim').toString('base64')}` } },
      `curl -u "jane:$PASSWORD" ${url}`,
      'set PASSWORD before you run the command (from the Authorization of this command line), or print it with --show-secrets',
    ],
    [
      'another scheme',
      {},
      { headers: { authorization: 'Negotiate geheim' } },
      `curl -H "Authorization: $AUTHORIZATION" ${url}`,
      'set AUTHORIZATION before you run the command (from the Authorization of this command line), or print it with --show-secrets',
    ],
    [
      'a header that holds a secret',
      {},
      { headers: { 'x-api-key': 'geheim' } },
      `curl -H "X-Api-Key: $X_API_KEY" ${url}`,
      'set X_API_KEY before you run the command (from the X-Api-Key header of this command line), or print it with --show-secrets',
    ],
  ])('%s becomes a variable', (_, config, request, expected, warning) => {
    expect(command(request, config)).toEqual({ command: expected, warnings: [warning] });
  });

  const exec = {
    apiVersion: 'client.authentication.k8s.io/v1',
    command: 'plugin',
    args: [],
    env: [],
    interactiveMode: 'Never',
    provideClusterInfo: false,
    origin: file,
  } as const;

  it('gets the credential of an exec plugin from kapi, a token or a certificate', () => {
    const config = { authorization: { kind: 'exec', exec, origin: file } } as const;
    const byToken = { authorization: new Secret('Bearer geheim'), certificate: undefined };
    expect(text({}, config, { resolved: byToken })).toBe(
      `curl -H "Authorization: Bearer $(kapi config token)" ${url}`,
    );
    const byCertificate = { authorization: undefined, certificate: { certificate: pem, key } };
    expect(text({}, config, { resolved: byCertificate })).toBe(
      `curl --cert <(kapi config cert) --key <(kapi config key) ${url}`,
    );
  });

  it('are left out if the request says so, or sets its own impersonation', () => {
    const config = {
      authorization: { kind: 'token', token, origin: file },
      impersonation: { user: 'a', groups: [], extra: {}, origin: file },
    } as const;
    expect(text({ omitHeaders: ['authorization'], headers: { 'impersonate-user': 'b' } }, config)).toBe(
      `curl -H 'Impersonate-User: b' ${url}`,
    );
  });

  it('--show-secrets writes them out', () => {
    const shown = (
      config: Partial<ClusterConfig>,
      authorization?: string,
      request: Partial<RequestSpec> = {},
    ) =>
      command(request, config, {
        showSecrets: true,
        resolved: {
          authorization: authorization === undefined ? undefined : new Secret(authorization),
          certificate: undefined,
        },
      });
    expect(
      shown({ authorization: { kind: 'token', token, origin: flag('--token') } }, 'Bearer geheim-token'),
    ).toEqual({
      command: `curl -H 'Authorization: Bearer geheim-token' ${url}`,
      warnings: [],
    });
    expect(
      shown(
        { authorization: { kind: 'basic', username: 'jane', password, origin: file } },
        `Basic ${Buffer.from('jane:geheim-password').toString('base64')}`,
      ),
    ).toEqual({ command: `curl -u jane:geheim-password ${url}`, warnings: [] });
    expect(shown({}, undefined, { headers: { 'x-api-key': 'geheim' } })).toEqual({
      command: `curl -H 'X-Api-Key: geheim' ${url}`,
      warnings: [],
    });
    expect(shown({ ca: { pem, origin: file } }).command).toBe(`curl --cacert <(printf %s '${pem}') ${url}`);
    expect(shown({ proxy: { value: new Secret('http://a:b@p:1/'), origin: file } }).command).toBe(
      `curl -x http://a:b@p:1 ${url}`,
    );
  });

  it('never appear without the flag', () => {
    const config: Partial<ClusterConfig> = {
      ca: { pem, origin: file },
      clientCertificate: { certificate: { pem, origin: file }, key: { pem: key, origin: file } },
      proxy: { value: new Secret('http://jane:geheim@p.test:1/'), origin: file },
      authorization: { kind: 'token', token, origin: file },
    };
    const { command: line, warnings } = command({ headers: { cookie: 'geheim' } }, config);
    expect(`${line}${warnings.join('')}`).not.toMatch(/geheim|KEY=|MII/);
  });
});
