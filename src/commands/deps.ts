// The dependencies of a command: lazy functions, so that nothing is read or loaded until it is
// needed.

import type { Preferences } from '../model/preferences.ts';
import type { Discovery } from '../api/open-discovery.ts';
import type { OpenApi } from '../api/openapi.ts';
import type { LocalCredentials } from '../auth/local-credentials.ts';
import type { ClusterConfig } from '../config/cluster-config.ts';
import type { RequestSettings } from '../config/input.ts';
import type { ContextSummary, EntryNames } from '../config/contexts.ts';
import type { ParsedDocument } from '../config/document.ts';
import type { Io } from '../io/io.ts';
import type { KeySource, Terminal } from '../io/terminal.ts';
import type { RequestSpec, Send } from '../model/request.ts';
import type { OpenUpgrade } from '../model/upgrade.ts';
import type { Probe } from '../transport/probe.ts';
import type { openExplorer } from '../tui/explore-screen.ts';
import type { openLiveTable } from '../tui/live-table.ts';
import type { GlobalOptions } from './global-options.ts';
import type { RawFlags } from './raw-flags.ts';
import type { FirstScreen } from './first-screen.ts';

/** Read-only view of the process environment. */
export type Env = Readonly<Record<string, string | undefined>>;

/** The module of the live table, loaded only on a terminal. */
export interface LiveTableModule {
  readonly openLiveTable: typeof openLiveTable;
}

/** The module of everything that takes over a terminal. */
export interface ScreenModule extends LiveTableModule {
  readonly openExplorer: typeof openExplorer;
}

/** The connection to the server for requests of other clients. */
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
  /** A monotonic clock in milliseconds, for durations. */
  readonly clock: () => number;
  /** Returns a number from 0 to 1, for the jitter of waits. */
  readonly random: () => number;
  /** Resolves after a time in milliseconds. @throws the reason of the signal if it aborts first */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /**
   * Sets the identity or the trust of the server from flags of the command. Applies to everything
   * that uses `Deps` afterwards, so it must be called first.
   */
  readonly forRequests: (settings: RequestSettings) => void;
  /** Reads kubeconfig or pod files once. @throws ConfigError */
  readonly config: () => Promise<ClusterConfig>;
  /** Reads the facts and raw values of the credentials without the server. */
  readonly credentials: () => Promise<LocalCredentials>;
  /** Returns all contexts of the kubeconfig. @throws ConfigError */
  readonly contexts: () => Promise<readonly ContextSummary[]>;
  /**
   * Opens the cluster of another context of the kubeconfig.
   * @param flags `own identity`: flags that name a server, credentials or an impersonated user do
   *   not apply to it. `same flags`: all flags apply, as with `--contexts`
   */
  readonly forContext: (
    context: string,
    flags: 'own identity' | 'same flags',
  ) => Pick<Deps, 'config' | 'send' | 'discovery' | 'openApi'>;
  /** Returns the names of all clusters and users of the kubeconfig. @throws ConfigError */
  readonly entryNames: () => Promise<EntryNames>;
  /** Parses JSON or YAML of files that a flag names. `problem` quotes nothing of the text. */
  readonly parseDocument: (text: string) => Promise<ParsedDocument>;
  /**
   * Reads the aliases and defaults of the kuberc file once. Undefined: there are none.
   * @throws ConfigError
   */
  readonly preferences: () => Promise<Preferences | undefined>;
  /**
   * Opens the connection to the server once. With `--curl` it prints the command instead of
   * sending.
   */
  readonly send: () => Promise<Send>;
  /**
   * Opens another connection to the server, for many parallel requests. Signals to the process do
   * not affect it; `signal` ends it. Does not print warnings of the server, which are for the
   * client.
   */
  readonly openTraffic: (signal: AbortSignal) => Promise<Traffic>;
  /** Returns the curl command that sends a request, without secrets. */
  readonly curlOf: (request: RequestSpec) => Promise<string>;
  /** Opens the terminal for drawing. Undefined without a terminal that supports it. */
  readonly terminal: (keys?: KeySource) => Promise<Terminal | undefined>;
  /** Loads the live table. */
  readonly liveTable: () => Promise<LiveTableModule>;
  /** Loads the screen of explore. @throws UsageError with several contexts */
  readonly explorer: () => Promise<Pick<ScreenModule, 'openExplorer'>>;
  /** Shows the screen of explore until the user quits. @throws ConfigError; Interrupted */
  readonly explore: (terminal: Terminal, first: FirstScreen) => Promise<void>;
  /** Opens the steps of the connection to the server, without a request. @throws ConfigError */
  readonly probe: () => Promise<Probe>;
  /** Returns how many different warnings the server has sent so far. */
  readonly countServerWarnings: () => number;
  /** Opens discovery with its cache on disk. Sends no request until it is used. */
  readonly discovery: () => Promise<Discovery>;
  /** Opens the schemas with their cache on disk. */
  readonly openApi: () => Promise<OpenApi>;
  /**
   * Runs another program with kapi's own stdin, stdout and stderr. Resolves to its exit code, or
   * 128 + N if signal N ended it. Passes SIGTERM on to it, and SIGINT unless the terminal has sent
   * it already.
   * @throws ConfigError
   */
  readonly runProgram: (program: string, args: readonly string[], env: Env) => Promise<number>;
  /**
   * Runs another command of kapi in this process, for a screen that shows its output.
   * @param changes the different dependencies: its output, its signal
   * @throws as the command does
   */
  readonly runCommand: (
    name: string,
    words: readonly string[],
    flags: RawFlags,
    changes: Partial<Deps>,
  ) => Promise<void>;
  /**
   * Runs a synchronous function so that only the owner can access the files it creates (umask 177).
   */
  readonly withPrivateFiles: <Value>(make: () => Value) => Value;
  /**
   * Lets the process continue after SIGHUP if none of its standard streams is a terminal, as with
   * nohup. Node resets ignored signals at its start, so kapi cannot know whether SIGHUP was
   * ignored.
   */
  readonly surviveHangup: () => Promise<void>;
  /**
   * Call it once a command turns out to stream, such as a list of many pages or a watch.
   * Idempotent.
   */
  readonly noteLongRunning: () => Promise<void>;
  /** Aborted by SIGINT and SIGTERM. `reason` is an `Interrupted`. */
  readonly signal: AbortSignal;
  /**
   * Adds the flags of this line that select cluster and user to the commands between backticks of a
   * hint.
   */
  readonly completeCommands: (hint: string) => string;
  /** Prints a notice or warning to stderr, with control characters escaped. */
  readonly warn: (text: string) => void;
  /**
   * Sends all notices and warnings of the run, including those of the transport, to a function
   * instead of stderr, because they would overwrite a screen. Undefined: stderr again.
   */
  readonly divertWarnings: (to: ((text: string) => void) | undefined) => void;
}
