// What a curl command depends on beside the request, and how it asks kapi for what stands in no file.

import type { ClusterConfig } from '../config/cluster-config.ts';
import type { Secret } from '../model/secret.ts';
import { shellWord } from '../model/shell-words.ts';

export interface CurlFacts {
  readonly config: ClusterConfig;
  /** Words that make a nested `kapi config` resolve the same configuration: `--context`, `staging`. */
  readonly configFlags: readonly string[];
  /** Of the shell it will be pasted into: its proxy variables steer curl. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Print tokens, passwords, keys and inline certificates themselves instead of ways to get them. */
  readonly showSecrets: boolean;
  /**
   * What the credentials come to at this moment; needed for exec plugins, which may give a token or a certificate, and
   * where secrets are shown.
   */
  readonly resolved?: ResolvedCredentials | undefined;
}

export interface ResolvedCredentials {
  /** Whole value of Authorization. */
  readonly authorization: Secret | undefined;
  readonly certificate: { readonly certificate: string; readonly key: Secret } | undefined;
}

/** Takes one sentence about what a command cannot say, or must be told before it runs. */
export type Warn = (text: string) => void;

/** `kapi config VIEW` with the flags that this run has been given. */
export function nestedKapi(view: 'ca' | 'cert' | 'key' | 'token', { configFlags }: CurlFacts): string {
  return ['kapi', 'config', view, ...configFlags].map(shellWord).join(' ');
}
