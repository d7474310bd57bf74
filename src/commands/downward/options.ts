// Parses words and flags of kapi downward to options.

import { UsageError } from '../../errors.ts';
import { textOf } from '../read-flags.ts';
import type { RawFlags } from '../raw-flags.ts';

export interface DownwardOptions {
  /** Undefined: the pod of kapi itself. */
  readonly pod: string | undefined;
  readonly output: string;
  /** Undefined: all containers. */
  readonly container: string | undefined;
  /** Directory to write files to. Undefined: prints the values. */
  readonly write: string | undefined;
  readonly noHeaders: boolean;
}

/**
 * Parses words and flags.
 * @throws UsageError for `--write` with `-o`, or an argument that is not a pod
 */
export function parseDownwardOptions(words: readonly string[], flags: RawFlags): DownwardOptions {
  const write = textOf(flags, 'write');
  const output = textOf(flags, 'output');
  if (write !== undefined && output !== undefined) {
    throw new UsageError('--write and --output are mutually exclusive', {
      code: 'ConflictingFlags',
      hint: '--write prints the paths of the files it wrote',
    });
  }
  return {
    pod: podName(words[0]),
    output: output ?? 'table',
    container: textOf(flags, 'container'),
    write,
    noHeaders: flags['no-headers'] === true,
  };
}

/** Returns the name in `web` or `pod/web`. */
function podName(word: string | undefined): string | undefined {
  if (word === undefined) return undefined;
  const [type = '', name, ...more] = word.split('/');
  if (name === undefined && type !== '') return type;
  if (['pod', 'pods', 'po'].includes(type) && name !== undefined && name !== '' && more.length === 0)
    return name;
  throw new UsageError(`${JSON.stringify(word)} names no pod: give NAME or pod/NAME`, { code: 'BadTarget' });
}
