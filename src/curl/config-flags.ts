// Rebuilds the flags that selected the configuration of this run, for a nested `kapi config`. Entry
// point: configFlagsOf(). Pure.

import type { Overrides } from '../config/input.ts';

/**
 * Returns the words after `kapi config VIEW` that make it resolve the same cluster and user. Omits
 * secrets: a nested kapi is not needed for what a flag provides.
 * @param runsPlugin true if the credential comes from an exec plugin, which can depend on how the
 *   server is trusted
 */
export function configFlagsOf(globals: Overrides, runsPlugin: boolean): string[] {
  const told: Overrides = runsPlugin ? globals : {};
  const flags: (readonly [name: string, value: string | undefined])[] = [
    ['--kubeconfig', globals.kubeconfig],
    ['--kuberc', told.kuberc],
    ['--context', globals.context],
    ['--cluster', globals.cluster],
    ['--user', globals.user],
    ['--server', globals.server],
    ['--service-account-dir', globals.serviceAccountDir],
    ['--certificate-authority', told.certificateAuthority],
    ['--tls-server-name', told.tlsServerName],
  ];
  return [
    ...flags.flatMap(([name, value]) => (value === undefined ? [] : [name, value])),
    ...(told.insecureSkipTlsVerify === true ? ['--insecure-skip-tls-verify'] : []),
    ...(globals.inCluster === true ? ['--in-cluster'] : []),
  ];
}
