// What an exec plugin is told: the ExecCredential in KUBERNETES_EXEC_INFO. Entry: buildExecInfo. Pure.
// @see https://kubernetes.io/docs/reference/config-api/client-authentication.v1/

import type { ClusterConfig, ExecSpec } from '../config/cluster-config.ts';

/**
 * The environment variable's value, the same JSON that kubectl makes. The cluster is part of it only where the
 * entry says `provideClusterInfo`; flags have been honoured in `config` already.
 */
export function buildExecInfo(exec: ExecSpec, config: ClusterConfig, interactive: boolean): string {
  const spec = exec.provideClusterInfo ? { cluster: clusterOf(exec, config), interactive } : { interactive };
  return JSON.stringify({ kind: 'ExecCredential', apiVersion: exec.apiVersion, spec });
}

function clusterOf(exec: ExecSpec, config: ClusterConfig): unknown {
  const insecure = config.insecureSkipTlsVerify.value;
  // The environment's proxy is not passed on: the plugin inherits the environment itself.
  const proxy = config.proxy?.origin.kind === 'kubeconfig' ? config.proxy.value.expose() : undefined;
  return {
    server: config.server.value,
    ...(config.tlsServerName === undefined ? {} : { 'tls-server-name': config.tlsServerName.value }),
    ...(insecure ? { 'insecure-skip-tls-verify': true } : {}),
    ...(config.ca === undefined
      ? {}
      : { 'certificate-authority-data': Buffer.from(config.ca.pem, 'utf8').toString('base64') }),
    ...(proxy === undefined ? {} : { 'proxy-url': proxy }),
    ...(config.disableCompression ? { 'disable-compression': true } : {}),
    config: exec.clusterExtension ?? null,
  };
}
