// kapi deprecations: from words and flags to options. Pure.

import { UsageError } from '../../errors.ts';
import { textOf } from '../read-flags.ts';
import type { RawFlags } from '../raw-flags.ts';

export interface DeprecationsOptions {
  /** Minor release of Kubernetes 1. Undefined: any. */
  readonly to: number | undefined;
  /** A context or the path of a file. */
  readonly against: string | undefined;
  readonly output: string;
  readonly noHeaders: boolean;
}

/** @throws UsageError for words, and for a release that is none */
export function parseDeprecationsOptions(words: readonly string[], flags: RawFlags): DeprecationsOptions {
  const [word] = words;
  if (word !== undefined) {
    throw new UsageError(`kapi deprecations takes no arguments: ${JSON.stringify(word)}`, {
      code: 'UnexpectedArgument',
    });
  }
  return {
    to: parseRelease(textOf(flags, 'to')),
    against: textOf(flags, 'against'),
    output: textOf(flags, 'output') ?? 'table',
    noHeaders: flags['no-headers'] === true,
  };
}

function parseRelease(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const minor = /^v?1\.(\d{1,3})(?:\.\d+)?$/.exec(text)?.[1];
  if (minor !== undefined) return Number(minor);
  throw new UsageError(`invalid value "${text}" of --to: it takes a release of Kubernetes such as 1.38`, {
    code: 'BadFlagValue',
  });
}
