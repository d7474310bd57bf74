import { describe, expect, test } from 'vitest';
import { describeFault, type FaultContext } from '../../../src/transport/describe-fault.ts';
import { Fault, type FaultDetails } from '../../../src/transport/fault.ts';
import { verifyChain } from '../../../src/transport/verify-chain.ts';
import { parseServer } from '../../../src/transport/server-address.ts';
import { derOf } from '../../../src/transport/tls.ts';
import { makeIdentity, type Identity } from '../../transport/certificates.ts';
import { chainTable } from '../../transport/chains.ts';

function authority(name: string): Identity {
  return makeIdentity({ subject: [['CN', name]], ca: true });
}

const context: FaultContext = {
  isRefusalCertain: true,
  server: parseServer('https://h:6443/p', '--server'),
  serverFrom: '/home/jane/.kube/config, cluster "prod"',
  route: { kind: 'direct' },
  proxyFrom: undefined,
  trust: { anchors: ['a', 'b', 'c', 'd'].map((name) => derOf(authority(name).certificate)), from: '/ca.crt' },
  clientCertificateFrom: undefined,
  method: 'GET',
  path: '/p/api',
  now: new Date('2026-11-22T10:00:00Z'),
  headerBytes: 262_144,
  headerCount: 1_000,
};

function coded(code: string, more: object = {}): Error {
  return Object.assign(new Error(`words of ${code}`), { code, ...more });
}

function words(details: Partial<FaultDetails>, more: Partial<FaultContext> = {}): [number, string, string] {
  const error = describeFault(new Fault({ phase: 'connect', party: 'server', ...details }), {
    ...context,
    ...more,
  });
  return [error.exitCode, error.code, error.message];
}

const unable = 'Unable to connect to the server: ';

describe('describeFault', () => {
  test.each<[Partial<FaultDetails>, number, string, string]>([
    [
      { phase: 'resolve', cause: coded('ENOTFOUND') },
      6,
      'HostNotFound',
      `${unable}dial tcp: lookup h: no such host`,
    ],
    [
      { phase: 'resolve', cause: coded('EAI_AGAIN') },
      6,
      'HostNotResolved',
      `${unable}dial tcp: lookup h: Temporary failure in name resolution`,
    ],
    [{ phase: 'resolve', code: 'TIMEOUT' }, 6, 'ConnectTimeout', `${unable}dial tcp: lookup h: i/o timeout`],
    [{ code: 'TIMEOUT' }, 6, 'ConnectTimeout', `${unable}dial tcp h:6443: i/o timeout`],
    [{ cause: coded('ETIMEDOUT') }, 6, 'ConnectTimeout', `${unable}dial tcp h:6443: i/o timeout`],
    [
      { cause: coded('ECONNREFUSED') },
      6,
      'ConnectionRefused',
      'The connection to the server h:6443 was refused - did you specify the right host or port?',
    ],
    [
      { cause: coded('EHOSTUNREACH') },
      6,
      'HostUnreachable',
      `${unable}dial tcp h:6443: connect: no route to host`,
    ],
    [{ phase: 'tls', code: 'TIMEOUT' }, 6, 'TlsTimeout', `${unable}net/http: TLS handshake timeout`],
    [{ phase: 'request', code: 'CLOSED' }, 6, 'ConnectionClosed', `${unable}EOF`],
    [
      { phase: 'request', cause: coded('EPIPE') },
      6,
      'ConnectionReset',
      `${unable}write tcp h:6443: broken pipe`,
    ],
    // Names of alerts before and since OpenSSL 3.5.
    [
      { phase: 'tls', cause: coded('ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE') },
      6,
      'ClientCertificateRequired',
      `${unable}remote error: tls: bad certificate`,
    ],
    [
      { phase: 'tls', cause: coded('ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE') },
      6,
      'ClientCertificateRequired',
      `${unable}remote error: tls: bad certificate`,
    ],
    [
      { phase: 'tls', cause: coded('ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION') },
      6,
      'TlsFailed',
      `${unable}remote error: tls: protocol version not supported`,
    ],
    [
      { phase: 'tls', cause: coded('ERR_SSL_UNEXPECTED_MESSAGE', { reason: 'unexpected message' }) },
      6,
      'TlsFailed',
      `${unable}tls: unexpected message`,
    ],
    [
      { phase: 'request', cause: coded('HPE_HEADER_OVERFLOW') },
      5,
      'HeadersTooLarge',
      'the headers of the answer of h:6443 to GET /p/api are over 256 KiB',
    ],
    [{ cause: coded('EMFILE') }, 6, 'ConnectionFailed', `${unable}words of EMFILE`],
    [{ cause: new AggregateError([], 'several') }, 6, 'ConnectionFailed', `${unable}several`],
  ])('%j', (details, exitCode, code, message) => {
    expect(words(details)).toEqual([exitCode, code, message]);
  });

  test('an unknown authority counts the trusted ones that it does not list', () => {
    const ca = authority('d');
    const leaf = derOf(
      makeIdentity({
        subject: [
          ['O', 'acme'],
          ['CN', 'api'],
        ],
        issuer: ca,
        names: ['api.test'],
        notAfter: new Date('2030-01-02T03:04:05Z'),
      }).certificate,
    );
    const fault = new Fault({
      phase: 'tls',
      party: 'server',
      code: 'CERTIFICATE',
      shown: [leaf],
      refusal: verifyChain({
        shown: [leaf],
        anchors: context.trust?.anchors ?? [],
        name: 'api.test',
        now: new Date(),
      }),
    });
    const error = describeFault(fault, context);
    expect(error.code).toBe('UnknownAuthority');
    expect(error.prefix).toBe('');
    expect(error.cause).toBe(fault);
    expect(error.causes).toEqual([
      "the server's certificate: O=acme, CN=api, issued by CN=d, valid until 2030-01-02T03:04:05Z",
      'trusted: CN=a; CN=b; CN=c and 1 more (/ca.crt)',
      'an authority of that name is in /ca.crt, but this certificate is not signed with its key: the cluster may have been recreated',
    ]);
    expect(error.hint).toBe(
      'name the authority of this cluster: --certificate-authority FILE\nthe server address https://h:6443/p comes from /home/jane/.kube/config, cluster "prod"',
    );
  });

  test('a trusted certificate that cannot be parsed is named with the reason', () => {
    const chain = chainTable().find(({ name }) => name.includes('["test."]'));
    if (chain === undefined) throw new Error('no chain whose authority cannot be parsed');
    const now = new Date();
    const anchors = [...chain.anchors, ...(context.trust?.anchors.slice(0, 1) ?? [])];
    const refusal = verifyChain({ shown: chain.shown, anchors, name: chain.host, now });
    const fault = new Fault({
      phase: 'tls',
      party: 'server',
      code: 'CERTIFICATE',
      shown: chain.shown,
      refusal,
    });
    const { causes } = describeFault(fault, { ...context, trust: { anchors, from: '/ca.crt' } });
    expect(causes.slice(1)).toEqual([
      'trusted: CN=a (/ca.crt)',
      'not trusted, because neither kapi nor kubectl can parse it: CN=own root: x509: failed to parse dnsName constraint "test."',
    ]);
  });

  test('a configured client certificate is named as a possible cause', () => {
    const clientCertificateFrom = '/home/jane/jane.crt';
    expect(
      words({ phase: 'tls', cause: coded('ERR_SSL_TLSV1_ALERT_UNKNOWN_CA') }, { clientCertificateFrom }),
    ).toEqual([6, 'ClientCertificateRejected', `${unable}remote error: tls: unknown certificate authority`]);
    const closed = describeFault(new Fault({ phase: 'request', party: 'server', code: 'CLOSED' }), {
      ...context,
      clientCertificateFrom,
    });
    expect(closed.causes).toEqual([
      'h:6443 closed the connection before it answered',
      'it may not accept the client certificate from /home/jane/jane.crt',
    ]);
  });

  test.each([
    [
      'https://10.96.0.1',
      false,
      ['or there is no route to 10.96.0.1: this build of kapi cannot tell one from the other'],
    ],
    ['https://10.96.0.1', true, []],
    ['https://127.0.0.1:6443', false, []],
  ])('a refusal by %s that is certain (%s) or not', (url, isRefusalCertain, causes) => {
    const fault = new Fault({ phase: 'connect', party: 'server', cause: coded('ECONNREFUSED') });
    const server = parseServer(url, '--server');
    expect(describeFault(fault, { ...context, server, isRefusalCertain }).causes).toEqual(causes);
    const proxy = new Fault({ phase: 'connect', party: 'proxy', cause: coded('ECONNREFUSED') });
    expect(describeFault(proxy, { ...context, server, isRefusalCertain }).causes).toEqual(causes);
  });
});
