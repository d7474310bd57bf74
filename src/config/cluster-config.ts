// Types of the resolved cluster and credentials: one frozen value with the origin of every part.

import type { Secret } from '../model/secret.ts';

/** The source of a setting, for errors, `kapi config show` and hints. */
export interface Origin {
  readonly kind: 'flag' | 'env' | 'kubeconfig' | 'pod' | 'default';
  /**
   * A phrase that follows "from": `--server`, `KUBERNETES_SERVICE_HOST`, `/home/jane/.kube/config,
   * cluster "prod"`, `the service account's files in /var/run/…`, `kapi's default`.
   */
  readonly text: string;
}

/** A value and its origin. */
export interface Sourced<T> {
  readonly value: T;
  readonly origin: Origin;
}

/** PEM data from a file of its own or inline in a kubeconfig. */
export interface PemSource {
  /** Absolute path of the file; undefined for inline data. */
  readonly path?: string | undefined;
  readonly origin: Origin;
}

/** Certificate authorities to trust: every certificate of the bundle is a trust anchor. */
export interface CaSource extends PemSource {
  readonly pem: string;
  /** The whole text of the source, for exec plugins. Undefined: the same as `pem`. */
  readonly given?: string | undefined;
}

/** A client certificate with its key. Loading the configuration reads both. */
export interface ClientCertificate {
  readonly certificate: PemSource & { readonly pem: string };
  readonly key: PemSource & { readonly pem: Secret };
}

/**
 * A credentialPluginPolicy of a kuberc that restricts plugins. AllowAll restricts nothing and makes
 * no PluginPolicy.
 */
export interface PluginPolicy {
  readonly kind: 'DenyAll' | 'Allowlist';
  /** Names and paths of the allowed programs. */
  readonly commands: readonly string[];
  /** Absolute path of the kuberc. */
  readonly path: string;
}

/**
 * The exec plugin of a user entry.
 * @see
 *   https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins
 */
export interface ExecSpec {
  readonly apiVersion: 'client.authentication.k8s.io/v1' | 'client.authentication.k8s.io/v1beta1';
  /**
   * The command as written. A command with a slash is made absolute against the kubeconfig's
   * directory.
   */
  readonly command: string;
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly interactiveMode: 'Never' | 'IfAvailable' | 'Always';
  readonly provideClusterInfo: boolean;
  readonly installHint?: string | undefined;
  /** The `client.authentication.k8s.io/exec` extension of the cluster, for KUBERNETES_EXEC_INFO. */
  readonly clusterExtension?: unknown;
  /** Undefined: any program may run. */
  readonly policy?: PluginPolicy | undefined;
  readonly origin: Origin;
}

/** The source of the Authorization header. */
export type Authorization =
  | { readonly kind: 'none' }
  | { readonly kind: 'token'; readonly token: Secret; readonly origin: Origin }
  | {
      /** kapi reads the file again when it can have changed, and after a 401. */
      readonly kind: 'token-file';
      readonly path: string;
      /** The `token` of the same entry: sent while the file is missing or empty. */
      readonly fallback?: Secret | undefined;
      readonly origin: Origin;
    }
  | {
      /** The whole value of the header, from a flag of `kapi curl`. */
      readonly kind: 'header';
      readonly value: Secret;
      readonly origin: Origin;
    }
  | { readonly kind: 'basic'; readonly username: string; readonly password: Secret; readonly origin: Origin }
  | { readonly kind: 'exec'; readonly exec: ExecSpec; readonly origin: Origin };

/** A credential that is configured but not used. */
export interface ReplacedCredential {
  readonly kind:
    | 'client certificate'
    | 'token'
    | 'token file'
    | 'basic'
    | 'exec plugin'
    | 'auth provider'
    | 'login in the URL'
    | 'impersonation';
  /** The file, user name or command that identifies the credential. Empty if there is none. */
  readonly detail: string;
  readonly origin: Origin;
}

/** An entry of a kubeconfig that is not used, because an earlier file has one of the same name. */
export interface ShadowedEntry {
  readonly origin: Origin;
  /** The entry that is used. */
  readonly by: Origin;
}

/** The credentials (at least one) that an identity of the command line replaces. */
export interface ReplacedCredentials {
  /** The flags that name the identity: `--token`, `--token and --client-certificate`. */
  readonly by: string;
  readonly credentials: readonly ReplacedCredential[];
}

/**
 * The identity to impersonate.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation
 */
export interface Impersonation {
  readonly user: string;
  readonly uid?: string | undefined;
  readonly groups: readonly string[];
  readonly extra: Readonly<Record<string, readonly string[]>>;
  readonly origin: Origin;
}

export interface ClusterConfig {
  /**
   * Origin and path prefix without a trailing slash: `https://10.0.0.1:6443`,
   * `https://rancher.example/k8s/c-1`.
   */
  readonly server: Sourced<string>;
  /**
   * The server and proxy as written, for exec plugins. Undefined if the other fields have the same
   * text.
   */
  readonly asGiven?: { readonly server: string; readonly proxyUrl?: Secret | undefined } | undefined;
  /** Zone of the server's link-local IPv6 address, such as `eth0`. */
  readonly zone?: string | undefined;
  /** Undefined: trust the system's authorities. */
  readonly ca?: CaSource | undefined;
  readonly insecureSkipTlsVerify: Sourced<boolean>;
  /** The origin of the authorities that `--insecure-skip-tls-verify` makes unused. */
  readonly unusedCa?: Origin | undefined;
  /**
   * The name to check the server's certificate against, and to send as SNI unless it is an IP
   * address.
   */
  readonly tlsServerName?: Sourced<string> | undefined;
  /**
   * An `http:`, `https:` or `socks5:` URL, from `proxy-url` or the environment. Can contain a
   * password. Undefined: connect directly.
   */
  readonly proxy?: Sourced<Secret> | undefined;
  readonly disableCompression: boolean;
  readonly authorization: Authorization;
  readonly clientCertificate?: ClientCertificate | undefined;
  /** Credentials that flags replace. */
  readonly replaced?: ReplacedCredentials | undefined;
  /**
   * Entries with the names of the context, cluster and user in use, in later files of KUBECONFIG.
   */
  readonly shadowed?: readonly ShadowedEntry[] | undefined;
  /**
   * The origin of the credentials that kapi does not send because the server uses plain http, for
   * hints.
   */
  readonly withheld?: Origin | undefined;
  readonly impersonation?: Impersonation | undefined;
  readonly namespace: Sourced<string>;
  /** Milliseconds. 0: no limit. */
  readonly requestTimeoutMs: number;
  /** Names of the context, cluster and user in the kubeconfig, if the run uses one. */
  readonly context?: Sourced<string> | undefined;
  readonly clusterName?: string | undefined;
  readonly userName?: string | undefined;
  /** True if the identity comes from the service account files of a pod. */
  readonly inPod: boolean;
}
