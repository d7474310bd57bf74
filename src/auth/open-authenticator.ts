// From a ClusterConfig to the credentials of each request. Entry: openAuthenticator. Sends nothing.

import { promises } from 'node:fs';

import type { ClusterConfig } from '../config/cluster-config.ts';
import { basicHeader, bearerHeader, type Authenticator } from './authenticator.ts';
import type { ExecWorld } from './exec-plugin.ts';
import type { PluginStderr } from './run-plugin.ts';
import { openTokenFile } from './token-file.ts';

/** What credentials need of the world. */
export interface AuthWorld {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly now: () => Date;
  /** Standard input is a terminal that a plugin may ask on. */
  readonly stdinIsTTY: () => boolean;
  /** Reads a plugin's answer, JSON or YAML: the configuration's own reader. */
  readonly parseDocument: ExecWorld['parseDocument'];
  /** Default: the process's stderr. */
  readonly pluginStderr?: PluginStderr | undefined;
  /** Nobody has asked for a login: plugins get a session without a terminal. */
  readonly apart?: boolean | undefined;
  /** Default: the file system. */
  readonly readFile?: ((path: string) => Promise<string>) | undefined;
  /** Ends a running plugin. */
  readonly signal?: AbortSignal | undefined;
}

/** Nothing is read and no plugin is run before the first request asks. */
export function openAuthenticator(config: ClusterConfig, world: AuthWorld): Authenticator {
  const { authorization } = config;
  const clientCertificate = (): ReturnType<Authenticator['clientCertificate']> =>
    Promise.resolve(staticCertificate(config));
  switch (authorization.kind) {
    case 'none':
      return unchanging(clientCertificate, () => undefined);
    case 'token':
      return unchanging(clientCertificate, () =>
        bearerHeader(authorization.token, `from ${authorization.origin.text}`),
      );
    case 'basic':
      return unchanging(clientCertificate, () => basicHeader(authorization.username, authorization.password));
    case 'header':
      return unchanging(clientCertificate, () => authorization.value.expose());
    case 'token-file':
      return {
        clientCertificate,
        ...openTokenFile(authorization, { now: world.now, readFile: world.readFile ?? readFileAsText }),
      };
    case 'exec':
      return lazily(async () => {
        // node:child_process costs milliseconds that runs without a plugin need not pay.
        const { openExecPlugin } = await import('./exec-plugin.ts');
        return openExecPlugin(authorization.exec, config, {
          ...world,
          stderr: world.pluginStderr ?? 'inherit',
        });
      });
  }
}

function lazily(open: () => Promise<Authenticator>): Authenticator {
  let opened: Promise<Authenticator> | undefined;
  const authenticator = (): Promise<Authenticator> => (opened ??= open());
  return {
    authorization: async (signal) => (await authenticator()).authorization(signal),
    clientCertificate: async (signal) => (await authenticator()).clientCertificate(signal),
    renew: async (refused, signal) => (await authenticator()).renew(refused, signal),
  };
}

function unchanging(
  clientCertificate: Authenticator['clientCertificate'],
  header: () => string | undefined,
): Authenticator {
  return {
    clientCertificate,
    authorization: () => new Promise((resolve) => resolve(header())),
    renew: () => Promise.resolve(false),
  };
}

function staticCertificate(config: ClusterConfig): { certificate: string; key: string } | undefined {
  const pair = config.clientCertificate;
  return pair === undefined ? undefined : { certificate: pair.certificate.pem, key: pair.key.pem.expose() };
}

function readFileAsText(path: string): Promise<string> {
  return promises.readFile(path, 'utf8');
}
