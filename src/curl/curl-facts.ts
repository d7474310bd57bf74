// The inputs of a curl command other than the request, and the nested `kapi config` for data that
// is in no file.

import type { ClusterConfig } from '../config/cluster-config.ts';
import type { Secret } from '../model/secret.ts';
import { shellWord } from '../model/shell-words.ts';

export interface CurlFacts {
  readonly config: ClusterConfig;
  /**
   * Words that make a nested `kapi config` resolve the same configuration: `--context`, `staging`.
   */
  readonly configFlags: readonly string[];
  /** The environment of the shell that runs the command: its proxy variables affect curl. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /**
   * True to print tokens, passwords, keys and inline certificates instead of commands that print
   * them.
   */
  readonly showSecrets: boolean;
  /**
   * The current credentials. Needed for exec plugins, which can return a token or a certificate,
   * and to show secrets.
   */
  readonly resolved?: ResolvedCredentials | undefined;
}

export interface ResolvedCredentials {
  /** The whole value of Authorization. */
  readonly authorization: Secret | undefined;
  readonly certificate: { readonly certificate: string; readonly key: Secret } | undefined;
}

/** Called with one sentence about what a command cannot express, or what to do before it runs. */
export type Warn = (text: string) => void;

/** Returns `kapi config VIEW` with the flags of this run. */
export function nestedKapi(view: 'ca' | 'cert' | 'key' | 'token', { configFlags }: CurlFacts): string {
  return ['kapi', 'config', view, ...configFlags].map(shellWord).join(' ');
}
