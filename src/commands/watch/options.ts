// kapi watch: from words and flags to options.

import { parseTargets, type Targets } from '../../api/targets.ts';
import { UsageError } from '../../errors.ts';
import { parseDuration } from '../../model/duration.ts';
import { parseCount, parseReadFlags, textOf, type ReadFlags } from '../read-flags.ts';
import type { RawFlags } from '../spec.ts';

/** What `--until` waits for; paths are compiled when the command runs. */
export type Goal =
  | {
      readonly kind: 'condition';
      /** Compared without regard to case, as in kubectl. */
      readonly type: string;
      readonly status: string;
    }
  | {
      readonly kind: 'jsonpath';
      readonly path: string;
      /** undefined: anything, as long as it is there. */
      readonly value: string | undefined;
    }
  | { readonly kind: 'create' }
  | { readonly kind: 'delete' };

export interface WatchOptions extends ReadFlags {
  readonly targets: Targets;
  readonly watchOnly: boolean;
  readonly events: boolean;
  /** Draw a live table where there is a terminal. */
  readonly live: boolean;
  readonly timestamps: boolean;
  readonly diff: boolean;
  readonly until: Goal | undefined;
  /** Events; undefined: no end. */
  readonly forCount: number | undefined;
  /** Milliseconds; undefined: no end; 0: look once. */
  readonly timeoutMs: number | undefined;
}

/**
 * @throws UsageError in kubectl's words where it has them
 */
export function parseWatchOptions(words: readonly string[], flags: RawFlags): WatchOptions {
  const shared = parseReadFlags(flags);
  const targets = parseTargets(words);
  if (targets.kind === 'objects' && (shared.labelSelector ?? shared.fieldSelector) !== undefined) {
    throw conflict('name cannot be provided when a selector is specified');
  }
  const until = textOf(flags, 'until');
  const forCount = parseCount(flags, 'for-count');
  if (forCount === 0) throw badValue('0', 'for-count', 'it takes a number from 1 on');
  if (until !== undefined && forCount !== undefined) {
    throw conflict('--until and --for-count are two ends: name one of them');
  }
  const options = {
    ...shared,
    targets,
    watchOnly: flags['watch-only'] === true,
    events: flags['no-events'] !== true,
    live: isLive(flags),
    timestamps: flags['timestamps'] === true,
    diff: flags['diff'] === true,
    until: until === undefined ? undefined : parseGoal(until),
    forCount,
    timeoutMs: parseTimeout(flags),
  };
  if (options.watchOnly && options.timeoutMs === 0) {
    throw conflict('--timeout 0 looks once at what is there, which --watch-only leaves out');
  }
  const extra = options.diff ? 'diff' : options.timestamps ? 'timestamps' : undefined;
  if (extra !== undefined && shared.output?.startsWith('jsonpath') === true) {
    throw conflict(`--${extra} has no place in the text of -o jsonpath`);
  }
  return options;
}

/** Flags whose output is lines. */
const ofLines = [
  'watch-only',
  'no-events',
  'timestamps',
  'diff',
  'until',
  'for-count',
  'timeout',
  'no-headers',
];

/** The live table shows the current state, so what asks for lines of events gets these. */
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

const goalHint = `--until takes condition=TYPE[=STATUS], 'jsonpath={.path}=VALUE', 'jsonpath={.path}', create or delete`;

/**
 * The forms of `kubectl wait --for`.
 * @throws UsageError
 * @see https://kubernetes.io/docs/reference/kubectl/generated/kubectl_wait/
 */
export function parseGoal(text: string): Goal {
  const equals = text.indexOf('=');
  const kind = (equals < 0 ? text : text.slice(0, equals)).toLowerCase();
  const rest = equals < 0 ? '' : text.slice(equals + 1);
  if ((kind === 'create' || kind === 'delete') && equals < 0) return { kind };
  if (kind === 'condition' && rest !== '') {
    const [type = '', ...status] = rest.split('=');
    if (type !== '' && status.length < 2) return { kind, type, status: status[0] ?? 'true' };
  }
  if (kind === 'jsonpath' && rest !== '') return { kind, ...parsePathAndValue(rest) };
  throw new UsageError(`unrecognized condition: ${JSON.stringify(text)}`, {
    code: 'BadFlagValue',
    hint: goalHint,
  });
}

/** `{.status.phase}=Running`; an equals sign inside of braces, or beside another sign of comparison, is the path's own. */
function parsePathAndValue(text: string): { readonly path: string; readonly value: string | undefined } {
  const match = text.startsWith('{')
    ? /^(\{.*?\})(?:=(.*))?$/s.exec(text)
    : /^(.+?)(?:(?<![=!<>])=(?!=)(.*))?$/s.exec(text);
  const [, path = text, given] = match ?? [];
  if (match === null) {
    throw new UsageError(`no jsonpath with a value: ${JSON.stringify(text)}`, {
      code: 'BadFlagValue',
      hint: goalHint,
    });
  }
  if (given === undefined) return { path, value: undefined };
  // As in kubectl, for values that a YAML file has quoted.
  const value = given.replaceAll(/^['"]+|['"]+$/g, '');
  if (value === '') {
    throw new UsageError(
      "jsonpath wait has to have a value after equal sign, like --until 'jsonpath={.status.readyReplicas}=3'",
      { code: 'BadFlagValue', hint: goalHint },
    );
  }
  return { path, value };
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
