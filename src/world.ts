// All that a run takes from outside; tests hand in their own.

import type { Env, LiveTableModule } from './commands/deps.ts';
import type { ClusterConfig } from './config/cluster-config.ts';
import type { RawIo } from './io/io.ts';
import type { ColorChoice } from './io/process-io.ts';
import type { Terminal } from './io/terminal.ts';
import type { Send } from './model/request.ts';
import type { Probe } from './transport/probe.ts';

/** Terminal, environment, clock, signals. */
export interface World {
  /** The terminal, with colours decided by `--color` and the environment. */
  readonly io: (color: ColorChoice) => RawIo;
  readonly env: Env;
  /** `HOME` alone, as kubectl: without it the kubeconfig is looked for in the working directory. */
  readonly home: string | undefined;
  readonly cwd: string;
  /** Sets the mode bits that new files do not get. @returns those before; absent in tests */
  readonly umask?: (mask: number) => number;
  /** See {@link Deps.surviveHangup}; absent in tests. */
  readonly surviveHangup?: () => Promise<void>;
  /** The effective user; absent: owners of files are not compared (Windows, tests). */
  readonly uid?: number | undefined;
  /** `process.platform`. */
  readonly platform: string;
  /** `process.versions.node`. */
  readonly nodeVersion: string;
  readonly now: () => Date;
  /** A clock that only goes forward: milliseconds since the process began, which is what a TAB has to wait for. */
  readonly clock: () => number;
  readonly random: () => number;
  /** Resolves after a time in milliseconds; rejects with the signal's reason. Default: real time. */
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Aborted with an `Interrupted` by SIGINT or SIGTERM. */
  readonly signal: AbortSignal;
  /** Both ends of the terminal, where standard input and output are one. Asked late: opening standard input takes time. */
  readonly terminal: () => Promise<Terminal | undefined>;
  /** Loads the live table, a file of its own because it is an ES module with a top-level await. */
  readonly liveTable: () => Promise<LiveTableModule>;
  /** Told when a command turns out to run long, and little memory is worth something. Absent in tests. */
  readonly runsLong?: () => Promise<void>;
  /** Somebody pressed TAB and asked for nothing yet: exec plugins get no terminal and their words go nowhere. */
  readonly unattended?: boolean;
  /** Stands in for the network, in tests of commands. */
  readonly send?: Send;
  /** Stands in for connections that `doctor` looks at, in tests of commands. */
  readonly probe?: Probe;
  /** Stands in for configuration files, in tests of commands. */
  readonly config?: ClusterConfig;
}
