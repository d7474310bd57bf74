// Builds the input of an exec plugin: the ExecCredential in KUBERNETES_EXEC_INFO. Entry point:
// buildExecInfo. Pure.
// @see https://kubernetes.io/docs/reference/config-api/client-authentication.v1/

import type { ClusterConfig, ExecSpec } from '../config/cluster-config.ts';

/**
 * Returns the value of the environment variable: the same JSON that kubectl makes, with addresses
 * as written and exact 64-bit integers. Includes the cluster only if the entry says
 * `provideClusterInfo`. `config` already includes what flags override.
 */
export function buildExecInfo(exec: ExecSpec, config: ClusterConfig, interactive: boolean): string {
  const spec = exec.provideClusterInfo ? { cluster: clusterOf(exec, config), interactive } : { interactive };
  return jsonOf({ kind: 'ExecCredential', apiVersion: exec.apiVersion, spec });
}

function clusterOf(exec: ExecSpec, config: ClusterConfig): unknown {
  const insecure = config.insecureSkipTlsVerify.value;
  return {
    server: serverOf(config.asGiven?.server ?? config.server.value),
    ...(config.tlsServerName === undefined ? {} : { 'tls-server-name': config.tlsServerName.value }),
    ...(insecure ? { 'insecure-skip-tls-verify': true } : {}),
    ...(config.ca === undefined
      ? {}
      : {
          'certificate-authority-data': Buffer.from(config.ca.given ?? config.ca.pem, 'utf8').toString(
            'base64',
          ),
        }),
    ...proxyOf(config),
    ...(config.disableCompression ? { 'disable-compression': true } : {}),
    config: exec.clusterExtension ?? null,
  };
}

/**
 * Returns the server address as client-go passes it: as written, but from an address with a path
 * client-go drops the query and lowers the scheme.
 */
function serverOf(given: string): string {
  const withPath = /^([A-Za-z][A-Za-z0-9+.-]*)(:\/\/[^/?#]*\/[^?#]+)/.exec(given);
  return withPath === null ? given : `${(withPath[1] ?? '').toLowerCase()}${withPath[2] ?? ''}`;
}

/**
 * Returns proxy-url of the kubeconfig. Omits a proxy of the environment, because the plugin
 * inherits the environment.
 */
function proxyOf({ proxy, asGiven }: ClusterConfig): { 'proxy-url'?: string } {
  if (proxy?.origin.kind !== 'kubeconfig') return {};
  const given = asGiven?.proxyUrl?.expose() ?? proxy.value.expose();
  return { 'proxy-url': given.replace(/^[A-Za-z][A-Za-z0-9+.-]*:/, (scheme) => scheme.toLowerCase()) };
}

/** Serializes a value like `JSON.stringify`, which refuses a bigint. */
function jsonOf(value: unknown): string {
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(jsonOf).join(',')}]`;
  const fields = Object.entries(value).map(([key, field]) => `${JSON.stringify(key)}:${jsonOf(field)}`);
  return `{${fields.join(',')}}`;
}
