// Makes the Authenticator of a ClusterConfig. Entry point: openAuthenticator. Sends nothing.

import { promises } from 'node:fs';

import type { ClusterConfig } from '../config/cluster-config.ts';
import { basicHeader, bearerHeader, type Authenticator } from './authenticator.ts';
import type { ExecWorld } from './exec-plugin.ts';
import type { PluginStderr } from './run-plugin.ts';
import { openTokenFile } from './token-file.ts';

/** The environment of the credentials. */
export interface AuthWorld {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly now: () => Date;
  /** True if standard input is a terminal that a plugin can prompt on. */
  readonly stdinIsTTY: () => boolean;
  /** Parses the output of a plugin, JSON or YAML, with the parser of the configuration. */
  readonly parseDocument: ExecWorld['parseDocument'];
  /** Default: the stderr of the process. */
  readonly pluginStderr?: PluginStderr | undefined;
  /**
   * True if the user did not ask for a login (completion): plugins run in a session without a
   * terminal.
   */
  readonly apart?: boolean | undefined;
  /** Default: plugins run immediately. */
  readonly pluginTurn?: ExecWorld['pluginTurn'];
  /** Default: the file system. */
  readonly readFile?: ((path: string) => Promise<string>) | undefined;
  /** Aborting it ends a running plugin. */
  readonly signal?: AbortSignal | undefined;
}

/** Makes the Authenticator. Reads nothing and runs no plugin before the first request. */
export function openAuthenticator(config: ClusterConfig, world: AuthWorld): Authenticator {
  const { authorization } = config;
  const clientCertificate = (): ReturnType<Authenticator['clientCertificate']> =>
    Promise.resolve(staticCertificate(config));
  switch (authorization.kind) {
    case 'none':
      return staticAuthenticator(clientCertificate, () => undefined);
    case 'token':
      return staticAuthenticator(clientCertificate, () =>
        bearerHeader(authorization.token, `from ${authorization.origin.text}`),
      );
    case 'basic':
      return staticAuthenticator(clientCertificate, () =>
        basicHeader(authorization.username, authorization.password),
      );
    case 'header':
      return staticAuthenticator(clientCertificate, () => authorization.value.expose());
    case 'token-file':
      return {
        clientCertificate,
        ...openTokenFile(authorization, { now: world.now, readFile: world.readFile ?? readFileAsText }),
      };
    case 'exec':
      return openLazily(async () => {
        // Loaded late: node:child_process costs milliseconds that runs without a plugin need not
        // pay.
        const { openExecPlugin } = await import('./exec-plugin.ts');
        return openExecPlugin(authorization.exec, config, {
          ...world,
          stderr: world.pluginStderr ?? 'inherit',
        });
      });
  }
}

function openLazily(open: () => Promise<Authenticator>): Authenticator {
  let opened: Promise<Authenticator> | undefined;
  const authenticator = (): Promise<Authenticator> => (opened ??= open());
  return {
    authorization: async (signal) => (await authenticator()).authorization(signal),
    clientCertificate: async (signal) => (await authenticator()).clientCertificate(signal),
    renew: async (refused, signal) => (await authenticator()).renew(refused, signal),
  };
}

function staticAuthenticator(
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
