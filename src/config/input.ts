// What the configuration is made of from outside: flags, environment, home and working directory, files.
// Entry: the types; readFileAsText is the real file system, givenOverrides drops flags that say nothing.

import { promises, readFileSync, statSync } from 'node:fs';

import { decodeText } from '../model/decode-text.ts';

import type { Secret } from '../model/secret.ts';

/** Reads a whole file as UTF-8. @throws what node:fs throws, with its `code` */
export type ReadFile = (path: string) => Promise<string>;

export type Env = Readonly<Record<string, string | undefined>>;

/** What flags of one command say about its requests; see `Deps.forRequests`. */
export interface RequestSettings {
  /** An Authorization header by flag; without a value none is sent. `flag` as typed: `-u`, `-H Authorization`. */
  readonly requestAuthorization?: { readonly flag: string; readonly value: Secret | undefined } | undefined;
  /** `--insecure-skip-tls-verify` beside `--certificate-authority` wins, as with curl; else the two are an error. */
  readonly insecureWins?: boolean | undefined;
}

/** The global flags that have a say here; `GlobalOptions` of the commands satisfies it. Empty text: not given. */
export interface Overrides extends RequestSettings {
  readonly kubeconfig?: string | undefined;
  /** File with the policy about exec plugins. */
  readonly kuberc?: string | undefined;
  readonly context?: string | undefined;
  readonly cluster?: string | undefined;
  readonly user?: string | undefined;
  readonly server?: string | undefined;
  readonly token?: string | undefined;
  readonly tokenFile?: string | undefined;
  /** Send no credentials. */
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
  /** `key=value` each. */
  readonly asUserExtra?: readonly string[] | undefined;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** Milliseconds; 0 or absent: no limit. */
  readonly requestTimeoutMs?: number | undefined;
  readonly disableCompression?: boolean | undefined;
  readonly namespace?: string | undefined;
  /** Take the pod's service account whatever kubeconfig there is. */
  readonly inCluster?: boolean | undefined;
  /** Where the service account's files stand; implies `inCluster`. */
  readonly serviceAccountDir?: string | undefined;
}

export interface ConfigInput {
  readonly overrides: Overrides;
  readonly env: Env;
  /** `$HOME`; undefined or empty: unset, and `.kube/config` counts from the working directory as with kubectl. */
  readonly home: string | undefined;
  /** Absolute; relative paths of flags and of KUBECONFIG count from here. */
  readonly cwd: string;
  /** Default: the file system. */
  readonly readFile?: ReadFile | undefined;
}

/** 64 MiB: kubeconfigs of thousands of clusters have a twentieth of it, and /dev/zero has no end. */
export const maxFileBytes = 64 * 1024 * 1024;

/**
 * The file system's {@link ReadFile}. A byte order mark says how the text is encoded, as PowerShell writes UTF-16; without
 * one it is UTF-8. Pipes and devices, such as `<(…)` and /dev/stdin, are read to their end.
 * @throws what node:fs throws; `ERR_FS_FILE_TOO_LARGE` beyond {@link maxFileBytes}
 */
// async: what statSync throws, of a folder that may not be entered, has to be met like what readFile rejects with.
export async function readFileAsText(path: string): Promise<string> {
  const found = statSync(path, { throwIfNoEntry: false });
  // A pipe, such as that of `--kubeconfig <(…)`, may take its time: Ctrl-C must reach kapi meanwhile.
  if (found?.isFile() !== true) return decodeText(await readToEnd(path));
  if (found.size > maxFileBytes) throw tooLarge();
  // The thread pool would cost every run more than a millisecond, for files of a few kilobytes.
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

/** The overrides without empty ones: `--token=` and `--insecure-skip-tls-verify=false` are as if absent. */
export function givenOverrides(overrides: Overrides): Overrides {
  const given: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(overrides)) {
    if (value === undefined || value === '' || value === false) continue;
    if (!Array.isArray(value)) given[name] = value;
    else if (value.some((each) => each !== '')) given[name] = value.filter((each) => each !== '');
  }
  return given;
}

/** Whether a flag says who is asking, so that a configured identity steps back. */
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
