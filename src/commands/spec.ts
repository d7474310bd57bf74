// A command as typed data: the parser, the help, completions and the checks in test/ all read the same values.

import type { ExitCode } from '../errors.ts';
import type { Deps } from './deps.ts';

/**
 * What TAB offers for a value; src/completion knows how each is found. A list of words is offered as it stands: one that
 * ends with `=` or `:` is the beginning of a value.
 */
export type Completes =
  /** `TYPE[,TYPE...]`, categories included. */
  | 'type'
  /** The same, or `TYPE/NAME`. */
  | 'target'
  /** The same, or a path of the API. */
  | 'path-or-target'
  /** Objects of the type that an argument before it names. */
  | 'name'
  | 'pod'
  /** A container of the pod that an argument names. */
  | 'container'
  | 'namespace'
  /** `[NAMESPACE/]NAME` of a service account. */
  | 'service-account'
  | 'context'
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
  /** What a right is about: types, `TYPE/SUBRESOURCE`, paths. */
  | 'right'
  /** Verbs of access rules, separated by commas. */
  | 'verb'
  /** Verbs that types have, separated by commas. */
  | 'type-verb'
  | 'category'
  | 'subresource'
  | 'label-selector'
  | 'label-key'
  | 'field-selector'
  /** A condition in CEL. */
  | 'cel'
  /** A jsonpath to one field, braces or not. */
  | 'field-path'
  /** `-o` of commands that print objects: names of formats, then templates. */
  | 'object-format'
  /** What `kapi watch --until` waits for: conditions that objects have, fields. */
  | 'goal'
  /** What `kapi help` takes. */
  | 'topic'
  | 'file'
  | 'directory'
  | 'nothing'
  | readonly string[];

/** One flag. `--name VALUE` when `value` is given, a switch otherwise. */
export interface FlagSpec {
  /** Long name without dashes, kubectl's or curl's where they have one. */
  readonly name: string;
  /** One letter, without its dash. */
  readonly short?: string;
  /** Placeholder of the value in the help; its absence makes a switch. */
  readonly value?: string;
  /**
   * What a second value means. `all`: every value counts, and the raw value is an array. `joined`: the raw value is all of
   * them, joined with a comma. `last`: the last one counts, as kubectl's users expect of a few. Without it a second value
   * that differs is a usage error. The last of several switches counts.
   */
  readonly repeated?: 'all' | 'joined' | 'last';
  /** Chooses cluster, user or namespace: a command that a hint suggests carries it on. */
  readonly carried?: boolean;
  /** The value is a secret: no message repeats it. */
  readonly secret?: boolean;
  /**
   * Values go, in the order typed and each as `name=value`, into the raw list of this name, where several flags build one
   * thing together (curl's --data and its like). Such a flag takes a value.
   */
  readonly into?: string;
  /** The value comes after `=` only and may be left out; the raw value is then the string `true`. */
  readonly optionalValue?: boolean;
  /** `--help` shows the part before the first semicolon, `kapi help COMMAND` the whole text. */
  readonly description: string;
  /** `--help` names the flag and leaves its description to `kapi help COMMAND`. */
  readonly rare?: boolean;
  /** What holds when the flag is absent, for the help. */
  readonly default?: string;
  readonly choices?: readonly string[];
  readonly completes?: Completes;
  /** Other long names with the same meaning (`cacert` for `certificate-authority`). */
  readonly aliases?: readonly string[];
  /** Understood but not shown in help. */
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
  /** What it does, one line. */
  readonly text: string;
  /** The command line as a shell takes it, with a `kapi` in it. */
  readonly command: string;
  /** What it ends with where the tests run it (test/e2e/examples.test.ts); default 0, or 130 where it is endless. */
  readonly exitCode?: ExitCode;
  /** It goes on until Ctrl-C, which the tests send after its first output. */
  readonly endless?: boolean;
  /** What has to be there besides the server: files, a kubelet, the inside of a pod. */
  readonly needs?: readonly ExampleNeed[];
}

/**
 * `kubelet`: one that runs the pod. `pod`: to be inside of one. `staging`: a second context. `bash`, `zsh`, `fish`, `powershell`: that
 * shell, and a home of its own. Else names of files.
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

/** Flags as typed: a string for a value, `true` for a switch, an array where `repeated` is `all`. Absent flags are absent. */
export type RawFlags = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

/**
 * One subcommand. The spec is data and loads nothing; `load` brings in the running part.
 * @typeParam Options what `run` needs, made of raw words by `parse`, plain data a test can write by hand
 */
export interface CommandSpec<Options = unknown> {
  readonly name: string;
  readonly aliases?: readonly string[];
  /** One line for the list of commands; no full stop. */
  readonly summary: string;
  /** Paragraphs for the command's own help. */
  readonly description: string;
  readonly group: 'discover' | 'read' | 'identity' | 'talk' | 'learn' | 'tool';
  readonly arguments: readonly ArgumentSpec[];
  readonly flags: readonly FlagSpec[];
  /** Switches of this command that make the line one of another: `get pods -w` is `watch pods`, which knows them too. */
  readonly becomes?: { readonly flags: readonly string[]; readonly command: string };
  /** At least two; each runs in the tests. */
  readonly examples: readonly Example[];
  /** After a signal it has things to end in an order of its own and is waited for; others are given up if they hang. */
  readonly handlesShutdown?: boolean;
  /** Where to read on: commands, and topics as `help TOPIC`. */
  readonly seeAlso?: readonly string[];
  /** Sends no request of its own, so that there is none for `--curl` to print: the flag is refused. */
  readonly sendsNothing?: boolean;
  /** Works, and is not listed: not for people. */
  readonly hidden?: boolean;
  /** True to show only the name in the overview, which has 23 lines for all commands. Default: false. */
  readonly isMinor?: boolean;
  /** Words that follow are the command's own and are not parsed as kapi's flags (`sandbox -- COMMAND`). */
  readonly passThrough?: boolean;
  /**
   * Pure.
   * @throws UsageError for values that cannot be
   */
  readonly parse: (words: readonly string[], flags: RawFlags) => Options;
  /** What it resolves to is an exit code: one of the table, or that of a program it ran (`sandbox -- COMMAND`). */
  readonly load: () => Promise<(options: Options, deps: Deps) => Promise<number | void>>;
}

/** A command line of one command, read and checked. */
export interface PreparedCommand {
  readonly options: unknown;
  /** Loads the running part and runs it. */
  readonly run: (deps: Deps) => Promise<number | void>;
}

/** A command whose options type is its own affair: what lists of commands hold. */
export interface AnyCommand extends Omit<CommandSpec, 'parse' | 'load'> {
  /**
   * @throws UsageError for values that cannot be
   */
  readonly prepare: (words: readonly string[], flags: RawFlags) => PreparedCommand;
}

/** Closes over the options type, so that commands of different options go into one list. */
export function defineCommand<Options>(spec: CommandSpec<Options>): AnyCommand {
  return {
    ...spec,
    prepare: (words, flags) => {
      const options = spec.parse(words, flags);
      return { options, run: async (deps) => (await spec.load())(options, deps) };
    },
  };
}
