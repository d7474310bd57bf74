// Parses words and flags of kapi history to options.

import { parseTargets, type Targets } from '../../api/targets.ts';
import { UsageError } from '../../errors.ts';
import { parseDuration } from '../../model/duration.ts';
import { parseReadFlags, textOf, type ReadFlags } from '../read-flags.ts';
import type { RawFlags } from '../raw-flags.ts';

export interface HistoryOptions extends ReadFlags {
  readonly targets: Targets;
  /** Undefined: only for one object. */
  readonly diff: boolean | undefined;
  /** Milliseconds. Undefined: everything. */
  readonly sinceMs: number | undefined;
}

/** Parses words and flags. @throws UsageError in kubectl's words where it has them */
export function parseHistoryOptions(words: readonly string[], flags: RawFlags): HistoryOptions {
  const shared = parseReadFlags(flags);
  const targets = parseTargets(words);
  if (targets.kind === 'objects' && (shared.labelSelector ?? shared.fieldSelector) !== undefined) {
    throw conflict('name cannot be provided when a selector is specified');
  }
  const { at } = shared;
  const options = {
    ...{ ...shared, targets },
    diff: typeof flags['diff'] === 'boolean' ? flags['diff'] : undefined,
    sinceMs: parseSince(flags),
  };
  if (at !== undefined && options.sinceMs !== undefined) {
    throw conflict('--at shows one moment and --since the changes of a time: name one of them');
  }
  if (at !== undefined && options.diff === true) {
    throw conflict('--at shows states and --diff changes: name one of them');
  }
  if (at !== undefined && options.where !== undefined && targets.kind === 'objects') {
    throw conflict('--where has no meaning with --at and names of objects');
  }
  if (options.diff === true && /^(?:name|jsonpath|custom-columns)/.test(shared.output ?? '')) {
    throw conflict(`--diff has no place in the output of -o ${shared.output ?? ''}`);
  }
  return options;
}

function parseSince(flags: RawFlags): number | undefined {
  const text = textOf(flags, 'since');
  if (text === undefined) return undefined;
  const ms = parseDuration(text);
  if (ms !== undefined) return ms;
  throw new UsageError(`invalid value "${text}" of --since: it takes a time such as 30s, 10m or 1h30m`, {
    code: 'BadFlagValue',
  });
}

function conflict(message: string): UsageError {
  return new UsageError(message, { code: 'ConflictingFlags' });
}
