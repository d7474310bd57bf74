// The inputs of a run from outside. Tests provide their own.

import type { Env, ScreenModule } from './commands/deps.ts';
import type { Authenticator } from './auth/authenticator.ts';
import type { PluginTurn } from './auth/exec-plugin.ts';
import type { ClusterConfig } from './config/cluster-config.ts';
import type { ConfigInput, ReadFile } from './config/input.ts';
import type { Kubeconfig } from './config/kubeconfig.ts';
import type { RawIo } from './io/io.ts';
import type { ColorChoice } from './io/process-io.ts';
import type { KeySource, Terminal } from './io/terminal.ts';
import type { Send } from './model/request.ts';
import type { Probe } from './transport/probe.ts';

/** Shared by all contexts of a run. */
export interface SharedByContexts {
  /** Reads each file once: a pipe cannot be read twice. */
  readonly readFile: ReadFile;
  /** Reads the kubeconfig once. @param input whose context does not matter */
  readonly kubeconfig: (input: ConfigInput) => Promise<Kubeconfig>;
  /** Opens one authenticator for all contexts that have the same exec plugin. */
  readonly authenticator: (config: ClusterConfig, open: () => Authenticator) => Authenticator;
  /** Runs exec plugins that may prompt one after the other, others a few at a time. */
  readonly pluginTurn: PluginTurn;
}

/** Terminal, environment, clock, signals. */
export interface World {
  /** The terminal, with colours decided by `--color` and the environment. */
  readonly io: (color: ColorChoice) => RawIo;
  readonly env: Env;
  /**
   * True if the program is kubectl's plugin, which obeys the aliases and defaults of kuberc.
   * Default: false.
   */
  readonly isKubectlPlugin?: boolean;
  /**
   * `HOME`, on Windows see {@link homeOf}. As in kubectl, without it the kubeconfig is searched in
   * the working directory.
   */
  readonly home: string | undefined;
  readonly cwd: string;
  /**
   * Sets the file mode creation mask.
   * @returns the mask before; absent in tests
   */
  readonly umask?: (mask: number) => number;
  /** See {@link Deps.surviveHangup}. Absent in tests. */
  readonly surviveHangup?: () => Promise<void>;
  /** The effective user id. Absent: owners of files are not compared (Windows, tests). */
  readonly uid?: number | undefined;
  /** `process.platform`. */
  readonly platform: string;
  /** `process.versions.node`. */
  readonly nodeVersion: string;
  readonly now: () => Date;
  /**
   * A monotonic clock: milliseconds since the process started, which is the time that a TAB waits.
   */
  readonly clock: () => number;
  readonly random: () => number;
  /**
   * Resolves after a time in milliseconds, and rejects with the reason of the signal. Default: real
   * time.
   */
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Aborted with an `Interrupted` by SIGINT or SIGTERM. */
  readonly signal: AbortSignal;
  /**
   * The terminal, if standard input and output are one. Called late: opening standard input takes
   * time.
   */
  readonly terminal: (keys?: KeySource) => Promise<Terminal | undefined>;
  /** Loads the live table, a separate file because it is an ES module with a top-level await. */
  readonly liveTable: () => Promise<ScreenModule>;
  /**
   * Called when a command turns out to run for long, so that it should use less memory. Absent in
   * tests.
   */
  readonly runsLong?: () => Promise<void>;
  /** True during completion: exec plugins run without a terminal and their stderr is dropped. */
  readonly unattended?: boolean;
  /** Set if the run asks several contexts (`--contexts`). */
  readonly shared?: SharedByContexts;
  /** Replaces the network, in tests of commands. */
  readonly send?: Send;
  /** Replaces the connections that `doctor` checks, in tests of commands. */
  readonly probe?: Probe;
  /** Replaces configuration files, in tests of commands. */
  readonly config?: ClusterConfig;
}
