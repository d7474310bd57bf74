// The flags that chose the configuration of this run, written again for a nested `kapi config`. Entry: configFlagsOf(). Pure.

import type { Overrides } from '../config/input.ts';

/**
 * Words after `kapi config VIEW` that make it resolve the same cluster and user. Secrets are left out: what was given
 * by flag needs no nested kapi to be found.
 * @param runsPlugin an exec plugin is part of it, which may be told how the server is trusted
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
