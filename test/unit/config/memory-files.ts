// In-memory files and a kubeconfig with variations. Shared by the tests of config and auth.

import { generateKeyPairSync } from 'node:crypto';

import type { ConfigInput, Overrides, ReadFile } from '../../../src/config/input.ts';
import { loadClusterConfig } from '../../../src/config/load.ts';
import type { ClusterConfig } from '../../../src/config/cluster-config.ts';
import { KapiError } from '../../../src/errors.ts';

/** A CA certificate that is valid until 2036; its key was not kept. */
export const certificate = `-----BEGIN CERTIFICATE-----
MIIBbzCCARWgAwIBAgIUWNH9Ill6/3IAN/qSKrtRFg8PlRcwCgYIKoZIzj0EAwIw
DTELMAkGA1UEAwwCY2EwHhcNMjYxMTIyMTEyODA1WhcNMzYxMTE5MTEyODA1WjAN
MQswCQYDVQQDDAJjYTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABCHSWL7Ky9N/
oC1teMFxEFmhdYuxhVxUUlKsODXtW81Dm3cIAfLMSygL31SwZvvTK8jAKad5vCmd
VEdwxcZVggujUzBRMB0GA1UdDgQWBBQK1asiz299eEv/nEaR3KJonBg6yDAfBgNV
HSMEGDAWgBQK1asiz299eEv/nEaR3KJonBg6yDAPBgNVHRMBAf8EBTADAQH/MAoG
CCqGSM49BAMCA0gAMEUCIQDB8VEXRuvCPZcp9AKnKWW+IjgowU9BiFBwik+1EroA
RAIgOlONss6z7H4+yFiJ12a7wUqr2IhH0gOr5uujGQa7w1A=
-----END CERTIFICATE-----
`;

export const badCertificate = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';

const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
export const privateKey = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
export const encryptedKey = pair.privateKey
  .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' })
  .toString();

export function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}

/** An error as node:fs throws it. */
export function fileError(code: string): Error {
  return Object.assign(new Error(code), { code });
}

/** @param files content by absolute path; an Error is thrown */
export function memoryFiles(files: Readonly<Record<string, string | Error>>): ReadFile {
  return (path) => {
    const found = files[path] ?? fileError('ENOENT');
    return typeof found === 'string' ? Promise.resolve(found) : Promise.reject(found);
  };
}

type Fields = Readonly<Record<string, unknown>>;

/** A kubeconfig of one context, cluster and user, as JSON. */
export function kubeconfig(
  parts: { cluster?: Fields; user?: Fields; context?: Fields; root?: Fields } = {},
): string {
  return JSON.stringify({
    'current-context': 'c',
    contexts: [{ name: 'c', context: { cluster: 'k', user: 'u', ...parts.context } }],
    clusters: [{ name: 'k', cluster: { server: 'https://k.example:6443', ...parts.cluster } }],
    users: [{ name: 'u', user: { ...parts.user } }],
    ...parts.root,
  });
}

/** The files that most cases need, with the kubeconfig at its default path. */
export function filesWith(
  config: string,
  more: Readonly<Record<string, string | Error>> = {},
): Readonly<Record<string, string | Error>> {
  return {
    '/home/jane/.kube/config': config,
    '/home/jane/.kube/ca.pem': certificate,
    '/home/jane/.kube/client.pem': certificate,
    '/home/jane/.kube/client.key': privateKey,
    '/cwd/ca.pem': certificate,
    '/cwd/client.pem': certificate,
    '/cwd/client.key': privateKey,
    ...more,
  };
}

export function inputOf(
  files: Readonly<Record<string, string | Error>>,
  overrides: Overrides = {},
  env: Readonly<Record<string, string>> = {},
): ConfigInput {
  return { overrides, env, home: '/home/jane', cwd: '/cwd', readFile: memoryFiles(files) };
}

export function load(
  files: Readonly<Record<string, string | Error>>,
  overrides: Overrides = {},
  env: Readonly<Record<string, string>> = {},
): Promise<ClusterConfig> {
  return loadClusterConfig(inputOf(files, overrides, env));
}

/**
 * Returns the failure of a promise as one line: `3 ContextNotFound: context "x" does not exist …`.
 */
export async function failureOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof KapiError) return `${error.exitCode} ${error.code}: ${error.message}`;
    throw error;
  }
  return 'no failure';
}
