// What a command gets from outside: lazy functions, so that nothing is read or loaded until it is asked for.

import type { Preferences } from '../model/preferences.ts';
import type { Discovery } from '../api/open-discovery.ts';
import type { OpenApi } from '../api/openapi.ts';
import type { LocalCredentials } from '../auth/local-credentials.ts';
import type { ClusterConfig } from '../config/cluster-config.ts';
import type { RequestSettings } from '../config/input.ts';
import type { ContextSummary, EntryNames } from '../config/contexts.ts';
import type { ParsedDocument } from '../config/document.ts';
import type { Io } from '../io/io.ts';
import type { Terminal } from '../io/terminal.ts';
import type { RequestSpec, Send } from '../model/request.ts';
import type { OpenUpgrade } from '../model/upgrade.ts';
import type { Probe } from '../transport/probe.ts';
import type { openLiveTable } from '../tui/live-table.ts';
import type { GlobalOptions } from './global-options.ts';
import type { RawFlags } from './spec.ts';

/** Read-only view of the process environment. */
export type Env = Readonly<Record<string, string | undefined>>;

/** The module of the live table, which only a terminal needs. */
export interface LiveTableModule {
  readonly openLiveTable: typeof openLiveTable;
}

/** The way to the server for the requests of others. */
export interface Traffic {
  readonly send: Send;
  readonly upgrade: OpenUpgrade;
}

export interface Deps {
  readonly io: Io;
  /** kapi's own version. */
  readonly version: string;
  readonly globals: GlobalOptions;
  readonly env: Env;
  /** Wall clock, for ages and expiry. */
  readonly now: () => Date;
  /** A clock that only goes forward, for how long something took. Milliseconds. */
  readonly clock: () => number;
  /** 0 to 1, for the jitter of waits. */
  readonly random: () => number;
  /** Resolves after a time in milliseconds. @throws the signal's reason when it aborts first */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /**
   * For a command whose own flags say who asks or how the server is trusted: holds for everything that is asked of `Deps`
   * afterwards. Must be called before anything is.
   */
  readonly forRequests: (settings: RequestSettings) => void;
  /** Reads kubeconfig or pod files once. @throws ConfigError */
  readonly config: () => Promise<ClusterConfig>;
  /** What can be told of the credentials without the server, and their raw values. */
  readonly credentials: () => Promise<LocalCredentials>;
  /** The contexts of the kubeconfig, the chosen one or not. @throws ConfigError */
  readonly contexts: () => Promise<readonly ContextSummary[]>;
  /** Names of all clusters and users of the kubeconfig. @throws ConfigError */
  readonly entryNames: () => Promise<EntryNames>;
  /** Reads JSON or YAML of files that a flag names; `problem` quotes nothing of the text. */
  readonly parseDocument: (text: string) => Promise<ParsedDocument>;
  /** Reads the aliases and defaults of the kuberc file once. Undefined: there are none. @throws ConfigError */
  readonly preferences: () => Promise<Preferences | undefined>;
  /** Opens the way to the server once; with `--curl` it prints the command instead of sending. */
  readonly send: () => Promise<Send>;
  /**
   * Opens another way to the server, for many requests side by side. Signals to the process leave it alone: `signal` ends
   * it. Warnings of the server's are not printed, they are for those who asked.
   */
  readonly openTraffic: (signal: AbortSignal) => Promise<Traffic>;
  /** The curl command that sends a request, nothing secret in it. */
  readonly curlOf: (request: RequestSpec) => Promise<string>;
  /** Both ends of the terminal, for what draws on it; undefined where there is none that can be drawn on. */
  readonly terminal: () => Promise<Terminal | undefined>;
  /** Loads the live table. */
  readonly liveTable: () => Promise<LiveTableModule>;
  /** The way to the server step by step, without a request. @throws ConfigError */
  readonly probe: () => Promise<Probe>;
  /** Returns how many different warnings the server has sent so far. */
  readonly countServerWarnings: () => number;
  /** What the server offers, with its cache on disk; asks nothing until it is asked. */
  readonly discovery: () => Promise<Discovery>;
  /** Schemas of what it offers, with their cache on disk. */
  readonly openApi: () => Promise<OpenApi>;
  /**
   * Runs another program with kapi's own stdin, stdout and stderr and resolves to its exit code, 128 + N where signal N
   * ended it. SIGTERM is passed on to it, SIGINT too unless the terminal has sent it already. @throws ConfigError
   */
  readonly runProgram: (program: string, args: readonly string[], env: Env) => Promise<number>;
  /**
   * Runs another command of kapi in this process, for a screen that shows what it prints.
   * @param changes what differs for it: where its output goes, its signal
   * @throws what the command throws
   */
  readonly runCommand: (
    name: string,
    words: readonly string[],
    flags: RawFlags,
    changes: Partial<Deps>,
  ) => Promise<void>;
  /** Makes something, without waiting, while the files that it creates are for their owner only (umask 177). */
  readonly withPrivateFiles: <Value>(make: () => Value) => Value;
  /**
   * Lets the process live on after SIGHUP where none of its standard streams is a terminal, as with nohup: Node resets the
   * signals that are ignored when it starts, so that it cannot be known.
   */
  readonly surviveHangup: () => Promise<void>;
  /** To be told, as often as one likes, when a command turns out to handle more than it holds: a list of many pages, a watch. */
  readonly noteLongRunning: () => Promise<void>;
  /** Aborted by SIGINT and SIGTERM; `reason` is an `Interrupted`. */
  readonly signal: AbortSignal;
  /** Makes the commands between backticks of a hint whole, with the flags of this line that choose cluster and user. */
  readonly completeCommands: (hint: string) => string;
  /** A notice or warning for stderr: `text` is shown with control characters made visible. */
  readonly warn: (text: string) => void;
  /**
   * Sends all notices and warnings of the run to a function instead of stderr, those of the transport included: a screen
   * would be overwritten by them. Undefined: to stderr again.
   */
  readonly divertWarnings: (to: ((text: string) => void) | undefined) => void;
}
