// The global flags as options.

import type { Overrides } from '../config/input.ts';

/**
 * Settings of the whole run. Undefined: not given on the command line. An empty string counts as
 * not given.
 */
export interface GlobalOptions extends Omit<Overrides, 'requestAuthorization' | 'insecureWins'> {
  /** Milliseconds. 0: no limit. */
  readonly requestTimeoutMs: number;
  readonly cacheDir?: string | undefined;
  readonly inCluster: boolean;
  /** 0: silent. 1: the exchange. 2: also configuration and timings. */
  readonly verbose: 0 | 1 | 2;
  readonly color: 'auto' | 'always' | 'never';
  readonly errorFormat: 'text' | 'json';
  /** Print the equivalent curl command instead of sending. */
  readonly curl: boolean;
  readonly showSecrets: boolean;
  /** Print the missing roles if the server refuses a request. */
  readonly suggestRbac: boolean;
  /** Exit with 1 if the server sent a warning. */
  readonly warningsAsErrors: boolean;
}
