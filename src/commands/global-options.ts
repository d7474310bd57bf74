// Flags that every command takes, as the options they become.

/** Settings of the whole run. `undefined`: not given on the command line; an empty string counts as not given. */
export interface GlobalOptions {
  readonly kubeconfig?: string | undefined;
  readonly kuberc?: string | undefined;
  readonly context?: string | undefined;
  readonly cluster?: string | undefined;
  readonly user?: string | undefined;
  readonly server?: string | undefined;
  readonly token?: string | undefined;
  readonly tokenFile?: string | undefined;
  readonly anonymous?: boolean | undefined;
  readonly certificateAuthority?: string | undefined;
  readonly clientCertificate?: string | undefined;
  readonly clientKey?: string | undefined;
  readonly insecureSkipTlsVerify?: boolean | undefined;
  readonly tlsServerName?: string | undefined;
  readonly as?: string | undefined;
  /** `NAME` or `NAMESPACE/NAME`. */
  readonly asSa?: string | undefined;
  readonly asGroup?: readonly string[] | undefined;
  readonly asUid?: string | undefined;
  /** `key=value` each. */
  readonly asUserExtra?: readonly string[] | undefined;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** Milliseconds; 0: no limit. */
  readonly requestTimeoutMs: number;
  readonly cacheDir?: string | undefined;
  readonly disableCompression?: boolean | undefined;
  readonly namespace?: string | undefined;
  readonly inCluster: boolean;
  readonly serviceAccountDir?: string | undefined;
  /** 0: silent, 1: the exchange, 2: configuration and timings too. */
  readonly verbose: 0 | 1 | 2;
  readonly color: 'auto' | 'always' | 'never';
  readonly errorFormat: 'text' | 'json';
  /** Print the equivalent curl command instead of sending. */
  readonly curl: boolean;
  readonly showSecrets: boolean;
  /** Print the roles that are missing where the server refuses. */
  readonly suggestRbac: boolean;
}
