// Aliases and defaults of kubectl's commands, as the kuberc file has them. Types only.
// @see https://kubernetes.io/docs/reference/config-api/kuberc.v1beta1/

/** A value that a flag has unless the user gives another one. */
export interface FlagDefault {
  /** Long name, without dashes. */
  readonly name: string;
  /** For a switch `true` or `false`. */
  readonly value: string;
}

/** A word that stands for a command with flags and arguments. */
export interface Alias {
  /** Letters only. */
  readonly name: string;
  /** Words of kubectl: `get`, `auth can-i`. */
  readonly command: string;
  /** Arguments before those of the user. */
  readonly prependArgs: readonly string[];
  /** Arguments after those of the user. */
  readonly appendArgs: readonly string[];
  readonly options: readonly FlagDefault[];
}

/** Values of flags of one command. */
export interface CommandDefaults {
  readonly command: string;
  readonly options: readonly FlagDefault[];
}

/** The part of a kuberc file that `kubectl kapi` obeys. */
export interface Preferences {
  /** Absolute path of the file. */
  readonly path: string;
  readonly aliases: readonly Alias[];
  readonly defaults: readonly CommandDefaults[];
}
