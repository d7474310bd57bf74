// Collects the flags of a command line, and handles repeated flags.

import type { RawFlags } from '../commands/raw-flags.ts';
import type { FlagSpec } from '../commands/spec.ts';
import { UsageError } from '../errors.ts';

/** The flags read so far. Flags that were not given, and switches that are off, are absent. */
export class GivenFlags {
  readonly #raw: Record<string, string | boolean | readonly string[] | undefined> = {};
  /** The typed name of each flag, by the flag's name: an alias is the same flag. */
  readonly #typed = new Map<string, string>();

  get raw(): RawFlags {
    return this.#raw;
  }

  /**
   * Adds a flag.
   * @param typed the typed long name, or the long name of a typed short one; without dashes
   * @param value a boolean for a switch
   * @throws UsageError for a second value that the flag does not accept
   */
  add(flag: FlagSpec, typed: string, value: string | boolean): void {
    const { name } = flag;
    if (typeof value === 'boolean') {
      this.#raw[name] = value ? true : undefined;
      return;
    }
    if (flag.into !== undefined) {
      this.#raw[flag.into] = [...this.#listOf(flag.into), `${name}=${value}`];
    } else if (flag.repeated === 'all') {
      this.#raw[name] = [...this.#listOf(name), value];
    } else {
      this.#raw[name] = this.#afterEarlier(flag, typed, value);
      this.#typed.set(name, typed);
    }
  }

  #listOf(name: string): readonly string[] {
    const earlier = this.#raw[name];
    return typeof earlier === 'object' ? earlier : [];
  }

  #afterEarlier(flag: FlagSpec, typed: string, value: string): string {
    const earlier = this.#raw[flag.name];
    if (typeof earlier !== 'string' || earlier === value || flag.repeated === 'last') return value;
    if (flag.repeated === 'joined') return [earlier, value].filter((one) => one !== '').join(',');
    throw givenTwice(flag, [
      [this.#typed.get(flag.name) ?? flag.name, earlier],
      [typed, value],
    ]);
  }
}

function givenTwice(
  flag: FlagSpec,
  [first, second]: readonly [readonly [string, string], readonly [string, string]],
): UsageError {
  const shown = (value: string): string => (flag.secret === true ? '…' : JSON.stringify(value));
  const message =
    first[0] === second[0] && flag.secret === true
      ? `--${first[0]} is given twice, with different values`
      : first[0] === second[0]
        ? `--${first[0]} is given twice: ${shown(first[1])} and ${shown(second[1])}`
        : `--${first[0]} ${shown(first[1])} and --${second[0]} ${shown(second[1])} are the same flag with different values`;
  return new UsageError(message, {
    code: 'FlagGivenTwice',
    hint: `kapi takes one --${flag.name}; remove the one that is not meant`,
  });
}
