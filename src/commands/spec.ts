// A command as typed data for the parser, the help, completions and the checks in test/.

import type { ExitCode } from '../errors.ts';
import type { Deps } from './deps.ts';
import type { RawFlags } from './raw-flags.ts';

/**
 * What TAB offers for a value; src/completion finds the candidates. A list of words is offered
 * unchanged: a word that ends with `=` or `:` is the start of a value.
 */
export type Completes =
  /** `TYPE[,TYPE...]`, including categories. */
  | 'type'
  /** Like `type`, or `TYPE/NAME`. */
  | 'target'
  /** Like `target`, or a path of the API. */
  | 'path-or-target'
  /** Objects of the type in the argument before it. */
  | 'name'
  | 'pod'
  /** A container of the pod in the argument. */
  | 'container'
  | 'namespace'
  /** `[NAMESPACE/]NAME` of a service account. */
  | 'service-account'
  | 'context'
  /** Names and globs of contexts, separated by commas. */
  | 'contexts'
  | 'cluster'
  | 'user'
  /** A path of the API down to objects and subresources, or `TYPE/NAME`. */
  | 'path'
  /** A path of the API down to its group versions. */
  | 'path-prefix'
  | 'group'
  /** `GROUP/VERSION`. */
  | 'group-version'
  /** `TYPE.FIELD...` */
  | 'field'
  /** The target of a permission: types, `TYPE/SUBRESOURCE`, paths. */
  | 'right'
  /** Verbs of permissions, separated by commas. */
  | 'verb'
  /** Verbs of types, separated by commas. */
  | 'type-verb'
  | 'category'
  | 'subresource'
  | 'label-selector'
  | 'label-key'
  | 'field-selector'
  /** A condition in CEL. */
  | 'cel'
  /** A jsonpath to one field, with or without braces. */
  | 'field-path'
  /** `-o` of commands that print objects: names of formats, then templates. */
  | 'object-format'
  /** A goal of `kapi watch --until`: conditions of objects, fields. */
  | 'goal'
  /** An argument of `kapi help`. */
  | 'topic'
  | 'file'
  | 'directory'
  | 'nothing'
  | readonly string[];

/** One flag: `--name VALUE` if `value` is set, otherwise a switch. */
export interface FlagSpec {
  /** Long name without dashes. kubectl's or curl's if they have one. */
  readonly name: string;
  /** One letter, without its dash. */
  readonly short?: string;
  /** Placeholder of the value in the help. Absent for a switch. */
  readonly value?: string;
  /**
   * The meaning of a second value. `all`: every value counts, and the raw value is an array.
   * `joined`: the raw value is all of them, joined with a comma. `last`: the last one counts, as
   * kubectl's users expect of a few flags. Otherwise a second, different value is a usage error.
   * The last of several switches counts.
   */
  readonly repeated?: 'all' | 'joined' | 'last';
  /** True if the flag selects cluster, user or namespace: a suggested command repeats it. */
  readonly carried?: boolean;
  /** True if the value is a secret, which no message repeats. */
  readonly secret?: boolean;
  /**
   * Adds values, in the order typed and each as `name=value`, to the raw list of this name, for
   * flags that build one value together (curl's --data flags). Such a flag has a value.
   */
  readonly into?: string;
  /**
   * True if the value can only follow `=`, and can be omitted. The raw value is then the string
   * `true`.
   */
  readonly optionalValue?: boolean;
  /** `--help` shows the part before the first semicolon, `kapi help COMMAND` the whole text. */
  readonly description: string;
  /** True if `--help` shows only the name of the flag, and `kapi help COMMAND` its description. */
  readonly rare?: boolean;
  /** The value if the flag is absent, for the help. */
  readonly default?: string;
  readonly choices?: readonly string[];
  readonly completes?: Completes;
  /** Other long names with the same meaning (`cacert` for `certificate-authority`). */
  readonly aliases?: readonly string[];
  /** True for a flag that is accepted but not shown in help. */
  readonly hidden?: boolean;
}

export interface ArgumentSpec {
  /** Upper case as in the help: `TYPE`, `NAME`. */
  readonly name: string;
  readonly description: string;
  readonly optional?: boolean;
  readonly variadic?: boolean;
  readonly completes?: Completes;
}

export interface Example {
  /** One line that says what it does. */
  readonly text: string;
  /** The command line, quoted for a shell, with a `kapi` in it. */
  readonly command: string;
  /**
   * The exit code when the tests run it (test/e2e/examples.test.ts). Default: 0, or 130 for an
   * endless one.
   */
  readonly exitCode?: ExitCode;
  /** True if it runs until Ctrl-C, which the tests send after its first output. */
  readonly endless?: boolean;
  /** What it needs in addition to the server: files, a kubelet, a pod to run in. */
  readonly needs?: readonly ExampleNeed[];
}

/**
 * `kubelet`: a kubelet that runs the pod. `pod`: kapi runs in one. `staging`: the contexts staging
 * and production. `bash`, `zsh`, `fish`, `powershell`: that shell, with a separate home. Otherwise
 * names of files.
 */
export type ExampleNeed =
  | 'app.yaml'
  | 'bash'
  | 'fish'
  | 'kubelet'
  | 'pod'
  | 'pod.yaml'
  | 'powershell'
  | 'rights.txt'
  | 'staging'
  | 'web.yaml'
  | 'zsh';

/**
 * One subcommand. The spec is data and loads nothing; `load` imports the run function.
 * @typeParam Options the input of `run`, made from raw words by `parse`; plain data that a test can
 *   write by hand
 */
export interface CommandSpec<Options = unknown> {
  readonly name: string;
  readonly aliases?: readonly string[];
  /** One line for the list of commands, without a full stop. */
  readonly summary: string;
  /** Paragraphs for the command's own help. */
  readonly description: string;
  readonly group: 'discover' | 'read' | 'identity' | 'talk' | 'learn' | 'tool';
  readonly arguments: readonly ArgumentSpec[];
  readonly flags: readonly FlagSpec[];
  /**
   * Switches that make the line one of another command: `get pods -w` is `watch pods`, and `watch`
   * has the switches too.
   */
  readonly becomes?: { readonly flags: readonly string[]; readonly command: string };
  /** At least two. The tests run each of them. */
  readonly examples: readonly Example[];
  /**
   * True if the command shuts down gracefully after a signal: main waits for it. Other commands are
   * abandoned if they hang.
   */
  readonly handlesShutdown?: boolean;
  /** Further reading: commands, and topics as `help TOPIC`. */
  readonly seeAlso?: readonly string[];
  /** True if the command sends no request that `--curl` could print: the flag is refused. */
  readonly sendsNothing?: boolean;
  /**
   * True if the command itself asks several contexts of the kubeconfig, which is then read once for
   * all of them. `--contexts` does not run it once for each.
   */
  readonly comparesContexts?: boolean;
  /** True for a command that works but is not listed, because users do not call it directly. */
  readonly hidden?: boolean;
  /**
   * True to show only the name in the overview, which has 23 lines for all commands. Default:
   * false.
   */
  readonly isMinor?: boolean;
  /** True if the words after the command are not parsed as kapi's flags (`sandbox -- COMMAND`). */
  readonly passThrough?: boolean;
  /**
   * Parses words and flags. Pure.
   * @throws UsageError for invalid values
   */
  readonly parse: (words: readonly string[], flags: RawFlags) => Options;
  /**
   * Resolves to an exit code: one of the table, or that of a program it ran (`sandbox -- COMMAND`).
   */
  readonly load: () => Promise<(options: Options, deps: Deps) => Promise<number | void>>;
}

/** A parsed and checked command line. */
export interface PreparedCommand {
  readonly options: unknown;
  /** Loads the run function and calls it. */
  readonly run: (deps: Deps) => Promise<number | void>;
}

/** A command without its options type, for lists of commands. */
export interface AnyCommand extends Omit<CommandSpec, 'parse' | 'load'> {
  /** Parses and checks words and flags. @throws UsageError for invalid values */
  readonly prepare: (words: readonly string[], flags: RawFlags) => PreparedCommand;
}

/**
 * Hides the options type of a command, so that commands with different options fit into one list.
 */
export function defineCommand<Options>(spec: CommandSpec<Options>): AnyCommand {
  return {
    ...spec,
    prepare: (words, flags) => {
      const options = spec.parse(words, flags);
      return { options, run: async (deps) => (await spec.load())(options, deps) };
    },
  };
}
