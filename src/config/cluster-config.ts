// The resolved cluster and credentials: one frozen value with the origin of every part. Types only.

import type { Secret } from '../model/secret.ts';

/** Where a setting came from, for errors, `kapi config show` and hints. */
export interface Origin {
  readonly kind: 'flag' | 'env' | 'kubeconfig' | 'pod' | 'default';
  /**
   * A phrase that follows "from": `--server`, `KUBERNETES_SERVICE_HOST`,
   * `/home/jane/.kube/config, cluster "prod"`, `the service account's files in /var/run/…`, `kapi's default`.
   */
  readonly text: string;
}

/** A value and where it came from. */
export interface Sourced<T> {
  readonly value: T;
  readonly origin: Origin;
}

/** Something that may stand in a file of its own or inline in a kubeconfig. */
export interface PemSource {
  /** Absolute path of the file; undefined for inline data. */
  readonly path?: string | undefined;
  readonly origin: Origin;
}

/** Authorities to trust: every certificate of the bundle is an anchor. */
export interface CaSource extends PemSource {
  readonly pem: string;
  /** The whole text, for exec plugins; undefined: `pem`. */
  readonly given?: string | undefined;
}

/** A client certificate with its key, read when the configuration was loaded. */
export interface ClientCertificate {
  readonly certificate: PemSource & { readonly pem: string };
  readonly key: PemSource & { readonly pem: Secret };
}

/** The credentialPluginPolicy of a kuberc that restricts plugins; AllowAll is none. */
export interface PluginPolicy {
  readonly kind: 'DenyAll' | 'Allowlist';
  /** Names and paths of allowed programs. */
  readonly commands: readonly string[];
  /** Absolute path of the kuberc. */
  readonly path: string;
}

/** @see https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins */
export interface ExecSpec {
  readonly apiVersion: 'client.authentication.k8s.io/v1' | 'client.authentication.k8s.io/v1beta1';
  /** As written; one with a slash has been made absolute against the kubeconfig's directory. */
  readonly command: string;
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly interactiveMode: 'Never' | 'IfAvailable' | 'Always';
  readonly provideClusterInfo: boolean;
  readonly installHint?: string | undefined;
  /** The cluster's `client.authentication.k8s.io/exec` extension, for KUBERNETES_EXEC_INFO. */
  readonly clusterExtension?: unknown;
  /** Undefined: any program may run. */
  readonly policy?: PluginPolicy | undefined;
  readonly origin: Origin;
}

/** How Authorization is made; at most one of them is in force. */
export type Authorization =
  | { readonly kind: 'none' }
  | { readonly kind: 'token'; readonly token: Secret; readonly origin: Origin }
  | {
      /** The file is read again when it may have changed, and after a 401. */
      readonly kind: 'token-file';
      readonly path: string;
      /** What to send while the file is missing or empty (the `token` beside it). */
      readonly fallback?: Secret | undefined;
      readonly origin: Origin;
    }
  | {
      /** Whole value of the header, as a flag of `kapi curl` gives it. */
      readonly kind: 'header';
      readonly value: Secret;
      readonly origin: Origin;
    }
  | { readonly kind: 'basic'; readonly username: string; readonly password: Secret; readonly origin: Origin }
  | { readonly kind: 'exec'; readonly exec: ExecSpec; readonly origin: Origin };

/** A credential that is configured and not used. */
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
  /** The file, user name or command that makes it recognizable; empty where there is none. */
  readonly detail: string;
  readonly origin: Origin;
}

/** What the identity that the command line names replaces; at least one credential. */
export interface ReplacedCredentials {
  /** The flags that name the identity: `--token`, `--token and --client-certificate`. */
  readonly by: string;
  readonly credentials: readonly ReplacedCredential[];
}

/** @see https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation */
export interface Impersonation {
  readonly user: string;
  readonly uid?: string | undefined;
  readonly groups: readonly string[];
  readonly extra: Readonly<Record<string, readonly string[]>>;
  readonly origin: Origin;
}

export interface ClusterConfig {
  /** Origin and path prefix without a trailing slash: `https://10.0.0.1:6443`, `https://rancher.example/k8s/c-1`. */
  readonly server: Sourced<string>;
  /** What exec plugins are told, as it was written; undefined where the other fields say it. */
  readonly asGiven?: { readonly server: string; readonly proxyUrl?: Secret | undefined } | undefined;
  /** Zone of the server's link-local IPv6 address, such as `eth0`. */
  readonly zone?: string | undefined;
  /** Undefined: the system's authorities. */
  readonly ca?: CaSource | undefined;
  readonly insecureSkipTlsVerify: Sourced<boolean>;
  /** Where authorities come from that `--insecure-skip-tls-verify` leaves unused. */
  readonly unusedCa?: Origin | undefined;
  /** Name to check the server's certificate against and to send as SNI, unless it is an address. */
  readonly tlsServerName?: Sourced<string> | undefined;
  /** `http:`, `https:` or `socks5:` URL, from `proxy-url` or the environment; undefined: direct. May hold a password. */
  readonly proxy?: Sourced<Secret> | undefined;
  readonly disableCompression: boolean;
  readonly authorization: Authorization;
  readonly clientCertificate?: ClientCertificate | undefined;
  /** Credentials that flags replace. */
  readonly replaced?: ReplacedCredentials | undefined;
  /** Where credentials come from that are kept back because the server is plain http; for hints. */
  readonly withheld?: Origin | undefined;
  readonly impersonation?: Impersonation | undefined;
  readonly namespace: Sourced<string>;
  /** 0: no limit. Milliseconds. */
  readonly requestTimeoutMs: number;
  /** Names in the kubeconfig, where one was used. */
  readonly context?: Sourced<string> | undefined;
  readonly clusterName?: string | undefined;
  readonly userName?: string | undefined;
  /** Identity comes from a pod's service account files. */
  readonly inPod: boolean;
}
