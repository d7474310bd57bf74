// kapi who-can: from words and flags to options. Pure.

import { UsageError } from '../../errors.ts';
import { suggested } from '../../model/suggestion.ts';
import { textOf } from '../read-flags.ts';
import type { RawFlags } from '../raw-flags.ts';

export interface WhoCanOptions {
  readonly verb: string;
  readonly target: string;
  readonly name: string | undefined;
  readonly subresource: string | undefined;
  readonly allNamespaces: boolean;
  readonly verifies: boolean;
  readonly output: string;
  readonly noHeaders: boolean;
}

/** Parses words and flags. @throws UsageError for words that are not one question */
export function parseWhoCanOptions(words: readonly string[], flags: RawFlags): WhoCanOptions {
  const [verb, target, name, ...more] = words;
  if (verb === undefined || target === undefined || more.length > 0) {
    throw new UsageError('kapi who-can takes VERB TYPE [NAME], or VERB /PATH', {
      code: verb === undefined || target === undefined ? 'MissingArgument' : 'UnexpectedArgument',
      hint: `for instance ${suggested('who-can', 'get', 'secrets')}, ${suggested('who-can', 'create', 'pods/exec', '-A')}`,
    });
  }
  if (verb.includes(',') || (target.includes(',') && !target.startsWith('/'))) {
    throw new UsageError('kapi who-can takes one verb and one type', {
      code: 'BadArgument',
      hint: 'several commands list the subjects of several rights',
    });
  }
  return {
    ...{ verb, target, name },
    subresource: textOf(flags, 'subresource'),
    allNamespaces: flags['all-namespaces'] === true,
    verifies: flags['no-verify'] !== true,
    output: textOf(flags, 'output') ?? 'table',
    noHeaders: flags['no-headers'] === true,
  };
}
