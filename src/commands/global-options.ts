// Flags that every command takes, as the options they become.

import type { Overrides } from '../config/input.ts';

/** Settings of the whole run. `undefined`: not given on the command line; an empty string counts as not given. */
export interface GlobalOptions extends Omit<Overrides, 'requestAuthorization' | 'insecureWins'> {
  /** Milliseconds; 0: no limit. */
  readonly requestTimeoutMs: number;
  readonly cacheDir?: string | undefined;
  readonly inCluster: boolean;
  /** 0: silent, 1: the exchange, 2: configuration and timings too. */
  readonly verbose: 0 | 1 | 2;
  readonly color: 'auto' | 'always' | 'never';
  readonly errorFormat: 'text' | 'json';
  /** Print the equivalent curl command instead of sending. */
  readonly curl: boolean;
  readonly showSecrets: boolean;
  /** Print the roles that are missing where the server refuses. */
  readonly suggestRbac: boolean;
  /** Exit 1 where the server sent a warning. */
  readonly warningsAsErrors: boolean;
}
