// The inputs of the configuration: flags, environment, home and working directory, files. Entry
// points: the types, readFileAsText for the real file system, and givenOverrides to drop empty
// flags.

import { promises, readFileSync, statSync } from 'node:fs';

import type { PlatformPath } from 'node:path';

import { decodeText } from '../model/decode-text.ts';

import type { Secret } from '../model/secret.ts';

/**
 * Reads a whole file as UTF-8.
 * @throws what node:fs throws, with its `code`
 */
export type ReadFile = (path: string) => Promise<string>;

export type Env = Readonly<Record<string, string | undefined>>;

/** Settings that the flags of one command make for its requests; see `Deps.forRequests`. */
export interface RequestSettings {
  /**
   * An Authorization header from a flag. Without a value kapi sends none. `flag` is the flag as
   * typed: `-u`, `-H Authorization`.
   */
  readonly requestAuthorization?: { readonly flag: string; readonly value: Secret | undefined } | undefined;
  /**
   * True if `--insecure-skip-tls-verify` wins over `--certificate-authority`, as in curl. Otherwise
   * the two flags are an error.
   */
  readonly insecureWins?: boolean | undefined;
}

/**
 * The global flags that affect the configuration. `GlobalOptions` of the commands has all of them.
 * Empty text: not given.
 */
export interface Overrides extends RequestSettings {
  readonly kubeconfig?: string | undefined;
  /** The file with the policy for exec plugins. */
  readonly kuberc?: string | undefined;
  readonly context?: string | undefined;
  readonly cluster?: string | undefined;
  readonly user?: string | undefined;
  readonly server?: string | undefined;
  readonly token?: string | undefined;
  readonly tokenFile?: string | undefined;
  /** True to send no credentials. */
  readonly anonymous?: boolean | undefined;
  readonly certificateAuthority?: string | undefined;
  readonly clientCertificate?: string | undefined;
  readonly clientKey?: string | undefined;
  readonly insecureSkipTlsVerify?: boolean | undefined;
  readonly tlsServerName?: string | undefined;
  readonly as?: string | undefined;
  /** `NAME` or `NAMESPACE/NAME` of a service account to impersonate. */
  readonly asSa?: string | undefined;
  readonly asGroup?: readonly string[] | undefined;
  readonly asUid?: string | undefined;
  /** A list of `key=value`. */
  readonly asUserExtra?: readonly string[] | undefined;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** Milliseconds. 0 or absent: no limit. */
  readonly requestTimeoutMs?: number | undefined;
  readonly disableCompression?: boolean | undefined;
  readonly namespace?: string | undefined;
  /** True to use the pod's service account even if there is a kubeconfig. */
  readonly inCluster?: boolean | undefined;
  /** Directory of the service account's files. Implies `inCluster`. */
  readonly serviceAccountDir?: string | undefined;
}

export interface ConfigInput {
  readonly overrides: Overrides;
  readonly env: Env;
  /**
   * `$HOME`. Undefined or empty: unset, and `.kube/config` is relative to the working directory, as
   * in kubectl.
   */
  readonly home: string | undefined;
  /** Absolute. Base of the relative paths of flags and KUBECONFIG. */
  readonly cwd: string;
  /** Default: the file system. */
  readonly readFile?: ReadFile | undefined;
  /** The path rules of the platform: separators, absolute paths. Default: those of this machine. */
  readonly paths?: PlatformPath | undefined;
}

/**
 * Max bytes of a configuration file. Kubeconfigs of thousands of clusters have a twentieth of that,
 * and /dev/zero has no end.
 */
export const maxFileBytes = 64 * 1024 * 1024;

/**
 * Reads a file as text: the {@link ReadFile} of the real file system. A byte order mark selects the
 * encoding (PowerShell writes UTF-16). Without one the text is UTF-8. Reads pipes and devices, such
 * as `<(…)` and /dev/stdin, to their end.
 * @throws what node:fs throws; `ERR_FS_FILE_TOO_LARGE` beyond {@link maxFileBytes}
 */
// async, so that an error of statSync (a directory without search permission) becomes a rejection,
// like those of readFile.
export async function readFileAsText(path: string): Promise<string> {
  const found = statSync(path, { throwIfNoEntry: false });
  // A pipe such as that of `--kubeconfig <(…)` can take long. An asynchronous read lets Ctrl-C
  // reach kapi.
  if (found?.isFile() !== true) return decodeText(await readToEnd(path));
  if (found.size > maxFileBytes) throw tooLarge();
  // Synchronous: the thread pool would cost every run more than a millisecond, for files of a few
  // kilobytes.
  return decodeText(readFileSync(path));
}

async function readToEnd(path: string): Promise<Buffer> {
  const file = await promises.open(path);
  try {
    const chunks: Buffer[] = [];
    let length = 0;
    for (;;) {
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(65_536));
      if (bytesRead === 0) return Buffer.concat(chunks);
      length += bytesRead;
      if (length > maxFileBytes) throw tooLarge();
      chunks.push(buffer.subarray(0, bytesRead));
    }
  } finally {
    await file.close();
  }
}

function tooLarge(): Error {
  return Object.assign(new Error(`more than ${maxFileBytes} bytes`), { code: 'ERR_FS_FILE_TOO_LARGE' });
}

/**
 * Returns the overrides without empty ones: `--token=` and `--insecure-skip-tls-verify=false` count
 * as absent.
 */
export function givenOverrides(overrides: Overrides): Overrides {
  const given: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(overrides)) {
    if (value === undefined || value === '' || value === false) continue;
    if (!Array.isArray(value)) given[name] = value;
    else if (value.some((each) => each !== '')) given[name] = value.filter((each) => each !== '');
  }
  return given;
}

/** True if a flag names an identity, which replaces the configured one. */
export function namesIdentity(overrides: Overrides): boolean {
  return (
    overrides.token !== undefined ||
    overrides.tokenFile !== undefined ||
    overrides.username !== undefined ||
    overrides.clientCertificate !== undefined ||
    overrides.anonymous !== undefined ||
    overrides.requestAuthorization !== undefined
  );
}
