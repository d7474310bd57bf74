// The steps of a connection one by one, for `kapi doctor`: name, TCP, proxy, TLS, and what the server's certificate says.
// Entry point: openProbe(). Sends no request.

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

export interface ProbedTls {
  /** `TLSv1.3`. */
  readonly protocol: string;
  readonly cipher: string;
  /** Chain and name were checked against what the configuration trusts. */
  readonly verified: boolean;
  /** What the server's certificate is valid for: names and addresses. */
  readonly names: readonly string[];
  /** The server's own first. */
  readonly chain: readonly ProbedCertificate[];
}

/** How far a connection came. */
export interface ConnectionReport {
  readonly host: string;
  readonly port: number;
  /** The host is a name, not an address. */
  readonly isName: boolean;
  /** `http proxy 10.0.0.2:3128`; undefined: no proxy. */
  readonly via: string | undefined;
  /** The address at the other end: the server's, or the proxy's. */
  readonly address: string | undefined;
  /** Milliseconds since the beginning at which each step was done. */
  readonly times: Connection['times'];
  /** Undefined for plain http and where it did not come so far. */
  readonly tls: ProbedTls | undefined;
  readonly secure: boolean;
  /** The step that failed, in the words every command has for it. */
  readonly failure: { readonly phase: Phase; readonly error: KapiError } | undefined;
}

export interface Probe {
  /**
   * Opens one connection as every request would, and closes it.
   * @param withCredentials false: without the client certificate, because there is none to be had
   * @throws ConfigError when server, proxy, authorities or credentials cannot be used
   */
  connect(withCredentials: boolean): Promise<ConnectionReport>;
  /** The addresses of a name as this machine resolves it, or the system's code of why there are none. */
  resolve(name: string): Promise<{ readonly addresses: readonly string[] } | { readonly code: string }>;
}

/** @throws ConfigError when server, proxy or CA cannot be used */
export function openProbe(
  config: ClusterConfig,
  authenticator: Authenticator,
  options: TransportOptions,
): Probe {
  return {
    connect: async (withCredentials) => {
      const link = openLink(config, withCredentials ? authenticator : nobody, options);
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

/** A connection without credentials. */
const nobody: Authenticator = {
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
