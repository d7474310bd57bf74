// The flags that chose the configuration of this run, written again for a nested `kapi config`. Entry: configFlagsOf(). Pure.

import type { GlobalOptions } from '../commands/global-options.ts';

/**
 * Words after `kapi config VIEW` that make it resolve the same cluster and user. Secrets are left out: what was given
 * by flag needs no nested kapi to be found.
 */
export function configFlagsOf(globals: GlobalOptions): string[] {
  const flags: (readonly [name: string, value: string | undefined])[] = [
    ['--kubeconfig', globals.kubeconfig],
    ['--context', globals.context],
    ['--cluster', globals.cluster],
    ['--user', globals.user],
    ['--server', globals.server],
    // An exec plugin may be told of these.
    ['--certificate-authority', globals.certificateAuthority],
    ['--tls-server-name', globals.tlsServerName],
    ['--service-account-dir', globals.serviceAccountDir],
  ];
  return [
    ...flags.flatMap(([name, value]) => (value === undefined ? [] : [name, value])),
    ...(globals.insecureSkipTlsVerify === true ? ['--insecure-skip-tls-verify'] : []),
    ...(globals.inCluster ? ['--in-cluster'] : []),
  ];
}
