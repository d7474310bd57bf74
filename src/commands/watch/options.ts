// Parses words and flags of kapi watch to options.

import { parseTargets, type Targets } from '../../api/targets.ts';
import { UsageError } from '../../errors.ts';
import { parseDuration } from '../../model/duration.ts';
import { allOf, parseCount, parseReadFlags, textOf, type ReadFlags } from '../read-flags.ts';
import type { RawFlags } from '../raw-flags.ts';
import { parseGoal, type Goal } from './goal-text.ts';

/** The goals to wait for. */
export interface Goals {
  /** `--until`: all of them, at one version of an object. */
  readonly all: readonly Goal[];
  /** `--until-any`: one of them. */
  readonly any: readonly Goal[];
  /** `--fail-on`: each ends the wait. */
  readonly failOn: readonly Goal[];
  /** `--for` of kubectl wait: one after the other. */
  readonly inTurn: readonly Goal[];
}

export interface WatchOptions extends ReadFlags {
  readonly targets: Targets;
  readonly watchOnly: boolean;
  /** True to begin with the changes that the server remembers. */
  readonly replay: boolean;
  readonly events: boolean;
  /** True to draw a live table on a terminal. */
  readonly live: boolean;
  readonly timestamps: boolean;
  readonly diff: boolean;
  readonly goals: Goals;
  /** Number of events. Undefined: no limit. */
  readonly forCount: number | undefined;
  /** Milliseconds. Undefined: no limit. 0: checks once. */
  readonly timeoutMs: number | undefined;
}

/** Parses words and flags. @throws UsageError in kubectl's words where it has them */
export function parseWatchOptions(words: readonly string[], flags: RawFlags): WatchOptions {
  const shared = parseReadFlags(flags);
  const targets = parseTargets(words);
  if (targets.kind === 'objects' && (shared.labelSelector ?? shared.fieldSelector) !== undefined) {
    throw conflict('name cannot be provided when a selector is specified');
  }
  const goals = parseGoals(flags);
  const forCount = parseCount(flags, 'for-count');
  if (forCount === 0) throw badValue('0', 'for-count', 'it takes a number from 1 on');
  if (goals.inTurn.length > 0 && [...goals.all, ...goals.any, ...goals.failOn].length > 0) {
    throw conflict(
      '--for is the word of kubectl wait and cannot be mixed with --until, --until-any and --fail-on',
    );
  }
  if ([...goals.all, ...goals.any, ...goals.inTurn].length > 0 && forCount !== undefined) {
    throw conflict('--until and --for-count are two ends: name one of them');
  }
  const options = {
    ...shared,
    targets,
    watchOnly: flags['watch-only'] === true,
    replay: flags['replay'] === true,
    events: flags['no-events'] !== true,
    live: isLive(flags),
    timestamps: flags['timestamps'] === true,
    diff: flags['diff'] === true,
    goals,
    forCount,
    timeoutMs: parseTimeout(flags),
  };
  if (options.watchOnly && options.timeoutMs === 0) {
    throw conflict('--timeout 0 checks the existing objects once, and --watch-only leaves them out');
  }
  if (options.replay) {
    const other = ['watch-only', 'until', 'until-any', 'fail-on', 'for'].find((name) => {
      const value = flags[name];
      return value !== undefined && value !== false;
    });
    if (other !== undefined || options.timeoutMs === 0) {
      throw conflict(
        `--replay begins with the past, which --${other ?? 'timeout 0'} does not concern: leave one of them out`,
      );
    }
  }
  const extra = options.diff ? 'diff' : options.timestamps ? 'timestamps' : undefined;
  if (extra !== undefined && shared.output?.startsWith('jsonpath') === true) {
    throw conflict(`--${extra} has no place in the text of -o jsonpath`);
  }
  return options;
}

/** Flags that require line output. */
const ofLines = [
  'replay',
  'watch-only',
  'no-events',
  'timestamps',
  'diff',
  'until',
  'until-any',
  'fail-on',
  'for',
  'for-count',
  'timeout',
  'no-headers',
];

/**
 * True for the live table. It shows the current state, so flags about lines of events exclude it.
 */
function isLive(flags: RawFlags): boolean {
  const output = textOf(flags, 'output') ?? 'table';
  return (
    flags['no-live'] !== true &&
    (output === 'table' || output === 'wide') &&
    flags['show-labels'] !== true &&
    flags['label-columns'] === undefined &&
    ofLines.every((name) => flags[name] === undefined)
  );
}

function parseGoals(flags: RawFlags): Goals {
  const [all, any, failOn, inTurn] = (['until', 'until-any', 'fail-on', 'for'] as const).map((name) =>
    allOf(flags, name).map(parseGoal),
  );
  return { all: all ?? [], any: any ?? [], failOn: failOn ?? [], inTurn: inTurn ?? [] };
}

function parseTimeout(flags: RawFlags): number | undefined {
  const text = textOf(flags, 'timeout');
  if (text === undefined) return undefined;
  const ms = parseDuration(text);
  if (ms === undefined) throw badValue(text, 'timeout', 'it takes a time such as 30s, 5m or 1h30m');
  return ms;
}

function conflict(message: string): UsageError {
  return new UsageError(message, { code: 'ConflictingFlags' });
}

function badValue(value: string, flag: string, what: string): UsageError {
  return new UsageError(`invalid value "${value}" of --${flag}: ${what}`, { code: 'BadFlagValue' });
}
