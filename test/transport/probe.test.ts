// The steps of a connection over real sockets: the report of a success, and the failing step.
import { describe, expect, it } from 'vitest';
import { openProbe, type ConnectionReport } from '../../src/transport/probe.ts';
import type { ClusterConfig } from '../../src/config/cluster-config.ts';
import {
  authenticator,
  caOf,
  configFor,
  freePort,
  makeCast,
  optionsFor,
  proxyTo,
  serve,
  serveHttpProxy,
} from './harness.ts';

const { ca, otherCa, server, client } = makeCast();

function look(
  url: string,
  more: Partial<ClusterConfig> = {},
  withCredentials = true,
): Promise<ConnectionReport> {
  const probe = openProbe(
    configFor(url, more),
    authenticator({
      clientCertificate: () => Promise.resolve({ certificate: client.certificate, key: client.key }),
    }),
    optionsFor('node'),
  );
  return probe.connect(withCredentials);
}

describe('probe', () => {
  it('reports address, times and the server’s certificate, and sends nothing', async () => {
    const { url, port, seen, connections } = await serve(undefined, { identity: server, chain: [ca] });
    const report = await look(url, { ca: caOf(ca) });
    expect(report).toMatchObject({
      host: '127.0.0.1',
      port,
      isName: false,
      via: undefined,
      address: `127.0.0.1:${port}`,
      secure: true,
      failure: undefined,
      tls: { verified: true, names: expect.arrayContaining(['127.0.0.1']), protocol: 'TLSv1.3' },
    });
    expect(report.tls?.chain.map(({ issuer }) => issuer)).toEqual(['CN=test-ca', 'CN=test-ca']);
    expect(report.times.securedMs).toBeGreaterThan(report.times.connectedMs ?? Infinity);
    expect([seen.length, connections()]).toEqual([0, 1]);
  });

  it('uses no TLS if the server does not', async () => {
    const { url } = await serve();
    expect(await look(url)).toMatchObject({ secure: false, tls: undefined, failure: undefined });
  });

  it('uses the proxy of requests', async () => {
    const { url } = await serve(undefined, { identity: server });
    const proxy = await serveHttpProxy({});
    expect(await look(url, { ca: caOf(ca), proxy: proxyTo(`http://${proxy.host}`) })).toMatchObject({
      via: `http proxy ${proxy.host}`,
      failure: undefined,
      tls: { verified: true },
    });
    expect(proxy.connects).toHaveLength(1);
  });

  it('names the step that fails, in the words of every command', async () => {
    const { url } = await serve(undefined, { identity: server });
    const proxy = await serveHttpProxy({ credentials: 'jane:secret' });
    const port = await freePort();
    const failing = async (address: string, more: Partial<ClusterConfig> = {}): Promise<unknown[]> => {
      const { failure } = await look(address, more);
      return [failure?.phase, failure?.error.code];
    };
    expect(await failing(`https://127.0.0.1:${port}`)).toEqual(['connect', 'ConnectionRefused']);
    expect(await failing('https://no-such-host.invalid')).toEqual([
      'resolve',
      expect.stringMatching(/^HostNot/),
    ]);
    expect(await failing(url, { ca: caOf(otherCa) })).toEqual(['tls', 'UnknownAuthority']);
    const insecureProxy = { ca: caOf(ca), proxy: proxyTo(`http://${proxy.host}`) };
    expect(await failing(url, insecureProxy)).toEqual(['proxy', 'ProxyRefused']);
  });

  it('needs no client certificate if there is none', async () => {
    const { url } = await serve(undefined, { identity: server });
    const broken = authenticator({
      clientCertificate: () => Promise.reject(new Error('the plugin runs again')),
    });
    const probe = openProbe(configFor(url, { ca: caOf(ca) }), broken, optionsFor('node'));
    await expect(probe.connect(true)).rejects.toThrow('the plugin runs again');
    expect(await probe.connect(false)).toMatchObject({ failure: undefined });
  });

  it('resolves names, and reports failures', async () => {
    const probe = openProbe(configFor('https://127.0.0.1'), authenticator(), optionsFor('node'));
    expect(await probe.resolve('127.0.0.1')).toEqual({ addresses: ['127.0.0.1'] });
    expect(await probe.resolve('no-such-host.invalid')).toEqual({ code: expect.stringMatching(/^E/) });
  });
});
