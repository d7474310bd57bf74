// Opens one connection for `kapi doctor` and reports its steps: name, TCP, proxy, TLS, and the
// content of the server's certificates. Sends no request. Entry point: openProbe().

import type { X509Certificate } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import tls from 'node:tls';
import type { Authenticator } from '../auth/authenticator.ts';
import type { ClusterConfig } from '../config/cluster-config.ts';
import { ConfigError, systemCodeOf, type KapiError } from '../errors.ts';
import { readCertificate } from '../model/pem.ts';
import type { Connection } from './connect.ts';
import { Fault, type Phase } from './fault.ts';
import { openLink, type TransportOptions } from './link.ts';
import { describeRoute } from './route.ts';
import { hostPort } from './server-address.ts';
import { namesOf, oneLineName } from './tls.ts';

/** One certificate of the server's chain. */
export interface ProbedCertificate {
  /** Distinguished names on one line. */
  readonly subject: string;
  readonly issuer: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/** The result of the TLS handshake. */
export interface ProbedTls {
  /** Protocol version, such as `TLSv1.3`. */
  readonly protocol: string;
  readonly cipher: string;
  /** True if chain and name were checked against the configured trust. */
  readonly verified: boolean;
  /** Names and addresses that the server certificate is valid for. */
  readonly names: readonly string[];
  /** The certificates that the server sent, its own first. */
  readonly chain: readonly ProbedCertificate[];
}

/** The result of opening a connection. */
export interface ConnectionReport {
  readonly host: string;
  readonly port: number;
  /** True if the host is a name, not an address. */
  readonly isName: boolean;
  /** Description of the proxy, such as `http proxy 10.0.0.2:3128`; undefined without a proxy. */
  readonly via: string | undefined;
  /** Address of the peer: the server, or the proxy. Undefined after a failure. */
  readonly address: string | undefined;
  /** Milliseconds from the start to the end of each step. Empty after a failure. */
  readonly times: Connection['times'];
  /** Undefined for plain http and after a failure. */
  readonly tls: ProbedTls | undefined;
  readonly secure: boolean;
  /** The step that failed, with the error that every command reports. */
  readonly failure: { readonly phase: Phase; readonly error: KapiError } | undefined;
}

/** The checks of a connection. */
export interface Probe {
  /**
   * Opens one connection as every request does, and closes it.
   * @param withCredentials false to connect without the client certificate, if credentials are not
   *   available
   * @throws ConfigError when server, proxy, authorities or credentials cannot be used
   */
  connect(withCredentials: boolean): Promise<ConnectionReport>;
  /** Returns the addresses that this machine resolves a name to, or the system's error code. */
  resolve(name: string): Promise<{ readonly addresses: readonly string[] } | { readonly code: string }>;
}

/** Opens the probe. Connects to nothing. */
export function openProbe(
  config: ClusterConfig,
  authenticator: Authenticator,
  options: TransportOptions,
): Probe {
  return {
    connect: async (withCredentials) => {
      const link = openLink(config, withCredentials ? authenticator : anonymous, options);
      const { host, port, secure } = link.server;
      const target = link.route.kind === 'direct' ? link.server : link.route.proxy;
      const common = {
        host: target.host,
        port: target.port,
        isName: isIP(target.host) === 0,
        via: describeRoute(link.route),
        secure,
      };
      try {
        const connection = await link.connect(options.signal);
        const { socket, times } = connection;
        const report = {
          ...common,
          times,
          address:
            socket.remoteAddress === undefined
              ? undefined
              : hostPort({ host: socket.remoteAddress, port: socket.remotePort ?? port }),
          tls: describeTls(connection, !config.insecureSkipTlsVerify.value),
          failure: undefined,
        };
        socket.destroy();
        return report;
      } catch (thrown) {
        if (thrown instanceof ConfigError) throw thrown;
        if (!(thrown instanceof Fault)) throw thrown;
        const asked = { method: 'GET', path: `${link.server.prefix}/` };
        const error = await link.explain(thrown, asked);
        return {
          ...common,
          host: thrown.party === 'proxy' ? target.host : host,
          times: {},
          address: undefined,
          tls: undefined,
          failure: { phase: thrown.phase, error },
        };
      }
    },
    resolve: async (name) => {
      try {
        const found = await lookup(name, { all: true });
        return { addresses: found.map(({ address }) => address) };
      } catch (error) {
        const code = systemCodeOf(error);
        if (code === undefined) throw error;
        return { code };
      }
    },
  };
}

/** The credentials of an anonymous connection: none. */
const anonymous: Authenticator = {
  authorization: () => Promise.resolve(undefined),
  clientCertificate: () => Promise.resolve(undefined),
  renew: () => Promise.resolve(false),
};

function describeTls({ socket, shown }: Connection, verified: boolean): ProbedTls | undefined {
  if (!(socket instanceof tls.TLSSocket)) return undefined;
  return {
    protocol: socket.getProtocol() ?? 'unknown',
    cipher: socket.getCipher().standardName,
    verified,
    names: Object.values(namesOf(shown[0])).flat(),
    chain: shown.flatMap((raw) => {
      const certificate = readCertificate(raw);
      return certificate === undefined ? [] : [describeCertificate(certificate)];
    }),
  };
}

function describeCertificate(certificate: X509Certificate): ProbedCertificate {
  return {
    subject: oneLineName(certificate.subject),
    issuer: oneLineName(certificate.issuer),
    notBefore: new Date(certificate.validFrom),
    notAfter: new Date(certificate.validTo),
  };
}
