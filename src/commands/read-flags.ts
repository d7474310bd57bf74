// The common flags of `get` and `list` as data, and their options. Pure.

import { UsageError } from '../errors.ts';
import type { OutputFormat } from '../output/format.ts';
import { parseMoment, type Moment } from './moment.ts';
import type { RawFlags } from './raw-flags.ts';
import type { FlagSpec } from './spec.ts';

export const outputFlag: FlagSpec = {
  name: 'output',
  short: 'o',
  value: 'FORMAT',
  repeated: 'last',
  description:
    'table, wide, json, yaml, kyaml, ndjson, name, csv, jsonpath=…; jsonpath-file=…, jsonpath-as-json=…, custom-columns=…, custom-columns-file=… (kapi help output)',
  completes: 'object-format',
};

/**
 * Flags that select and format objects. Every flag is kubectl's unless the description says
 * otherwise.
 */
export const readFlags: readonly FlagSpec[] = [
  outputFlag,
  { name: 'all-namespaces', short: 'A', description: 'objects of all namespaces' },
  {
    name: 'selector',
    short: 'l',
    value: 'SELECTOR',
    repeated: 'joined',
    description:
      "label selector; 'app=web,tier!=cache', 'env in (a,b)', '!canary'. kapi joins repeated selectors with a comma",
    completes: 'label-selector',
  },
  {
    name: 'field-selector',
    value: 'SELECTOR',
    repeated: 'joined',
    description:
      "field selector of the server; 'status.phase=Running'. kapi joins repeated selectors with a comma",
    completes: 'field-selector',
  },
  {
    name: 'where',
    value: 'EXPRESSION',
    repeated: 'all',
    description:
      "show only objects that meet a CEL expression; 'spec.replicas > 3', 'has(metadata.ownerReferences)' (kapi help cel). kapi evaluates it; repeated expressions must all hold",
    completes: 'cel',
  },
  {
    name: 'count-by',
    value: 'PATH[,PATH...]',
    repeated: 'joined',
    description:
      "count objects by the values of fields; 'spec.nodeName,status.phase', the largest count first",
    completes: 'field-path',
  },
  {
    name: 'sum',
    value: 'PATH[,PATH...]',
    repeated: 'joined',
    description:
      "add up the quantities in fields; 'spec.resources.requests.storage', for each group of --count-by or for all objects",
    completes: 'field-path',
  },
  {
    name: 'sort-by',
    value: 'PATH',
    description:
      "sort by this jsonpath; '.metadata.creationTimestamp'. kapi reads the whole list first, also with --limit",
    completes: 'field-path',
  },
  {
    name: 'limit',
    value: 'N',
    description: 'stop after N objects; with --sort-by, the first N of the sorted list',
    completes: 'nothing',
  },
  {
    name: 'chunk-size',
    value: 'N',
    description: 'objects in one request; 0 requests all at once',
    rare: true,
    default: '500, or 1000 short rows, then up to 2000',
    completes: 'nothing',
  },
  { name: 'show-labels', description: 'add a column with all labels' },
  {
    name: 'label-columns',
    short: 'L',
    value: 'KEY[,KEY...]',
    repeated: 'all',
    description: 'add a column for each of these labels',
    completes: 'label-key',
  },
  { name: 'show-kind', description: 'print the type before each name' },
  { name: 'no-headers', description: 'print no header line' },
  { name: 'show-managed-fields', description: 'keep metadata.managedFields in json and yaml', rare: true },
  {
    name: 'allow-missing-template-keys',
    optionalValue: true,
    repeated: 'last',
    value: 'BOOL',
    description: 'a missing key in a jsonpath prints nothing; with false, it is an error',
    rare: true,
    default: 'true',
    choices: ['true', 'false'],
  },
  { name: 'ignore-not-found', description: 'exit 0 if a named object does not exist' },
  {
    name: 'subresource',
    value: 'NAME',
    description: 'subresource to read, such as status or scale',
    completes: 'subresource',
  },
  {
    name: 'expect-count',
    value: 'N|N..M',
    description: 'exit 1 unless N objects are found; N..M, N.. and ..M are ranges',
    completes: 'nothing',
  },
  {
    name: 'at',
    value: 'VERSION|DURATION',
    description:
      'read the objects at a resourceVersion, or a time ago; such as 2m, including deleted objects',
    completes: 'nothing',
  },
  { name: 'quiet', short: 'q', description: 'print only errors; the exit code is the answer' },
  { name: 'require-nonempty', description: 'exit 1 if there are no objects' },
];

/** kubectl's flags for `kapi watch`. */
export const kubectlWatchFlags: readonly FlagSpec[] = [
  { name: 'watch', short: 'w', description: 'follow changes: kapi watch', hidden: true },
  { name: 'output-watch-events', description: 'say what happened, as kapi watch does', hidden: true },
];

/** Runs `watch` for a line with {@link kubectlWatchFlags} or `--watch-only`. */
export const becomesWatch = { flags: ['watch', 'watch-only'], command: 'watch' } as const;

/** The flags of `get` and `list` that run `watch`. */
export const toWatchFlags: readonly FlagSpec[] = [
  ...kubectlWatchFlags,
  { name: 'watch-only', description: 'follow changes without the list: kapi watch', hidden: true },
];

/** A range of numbers of objects, both ends included. */
export interface CountRange {
  readonly min: number;
  readonly max: number;
}

/**
 * The options of {@link readFlags}. Formats are parsed later, because that can require reading a
 * file.
 */
export interface ReadFlags {
  /** `-o` as written. Undefined: the command's default. */
  readonly output: string | undefined;
  readonly allNamespaces: boolean;
  readonly labelSelector: string | undefined;
  readonly fieldSelector: string | undefined;
  /** CEL conditions, all of which must be true. */
  readonly where: string | undefined;
  /** Paths whose values define the groups that are counted. */
  readonly countBy: readonly string[];
  /** Paths whose quantities are added. */
  readonly sum: readonly string[];
  readonly quiet: boolean;
  readonly sortBy: string | undefined;
  /** 0: all. */
  readonly limit: number;
  /** Undefined: kapi decides. 0: everything in one response. */
  readonly chunkSize: number | undefined;
  readonly showLabels: boolean;
  readonly labelColumns: readonly string[];
  readonly showKind: boolean;
  readonly noHeaders: boolean;
  readonly showManagedFields: boolean;
  readonly allowMissingTemplateKeys: boolean;
  readonly ignoreNotFound: boolean;
  /** True to show the owners of each line of YAML (`kapi get --owners`). */
  readonly owners: boolean;
  readonly subresource: string | undefined;
  readonly expectCount: CountRange | undefined;
  /** True if the exit code depends on the number of objects, here or in all contexts together. */
  readonly isCounted: boolean;
  /** `--at`. Undefined: now. */
  readonly at: Moment | undefined;
}

/**
 * Parses the flags.
 * @throws UsageError for invalid numbers and ranges, and for flags that exclude each other
 */
export function parseReadFlags(flags: RawFlags): ReadFlags {
  const options: ReadFlags = {
    output: textOf(flags, 'output'),
    allNamespaces: flags['all-namespaces'] === true,
    labelSelector: textOf(flags, 'selector'),
    fieldSelector: textOf(flags, 'field-selector'),
    where: joinConditions(allOf(flags, 'where')),
    countBy: pathsOf(flags, 'count-by'),
    sum: pathsOf(flags, 'sum'),
    quiet: flags['quiet'] === true,
    sortBy: textOf(flags, 'sort-by'),
    limit: parseCount(flags, 'limit') ?? 0,
    chunkSize: parseCount(flags, 'chunk-size'),
    showLabels: flags['show-labels'] === true,
    labelColumns: allOf(flags, 'label-columns').flatMap((keys) =>
      keys.split(',').filter((key) => key !== ''),
    ),
    showKind: flags['show-kind'] === true,
    noHeaders: flags['no-headers'] === true,
    showManagedFields: flags['show-managed-fields'] === true,
    allowMissingTemplateKeys: flags['allow-missing-template-keys'] !== 'false',
    ignoreNotFound: flags['ignore-not-found'] === true,
    owners: flags['owners'] === true,
    subresource: textOf(flags, 'subresource'),
    expectCount: parseExpectation(flags),
    isCounted: ['expect-count', 'expect-total', 'require-nonempty'].some((name) => flags[name] !== undefined),
    at: parseMoment(textOf(flags, 'at')),
  };
  if (isTally(options)) refuseWithTally(flags);
  const counted = ['expect-count', 'expect-total'].find((name) => textOf(flags, name) !== undefined);
  if (options.limit > 0 && counted !== undefined) {
    throw conflict(`--limit ends the list before --${counted} has counted all objects: use only one`);
  }
  return options;
}

/**
 * Checks that label columns are used only with tables.
 * @param output `-o` as written, or the default of the command
 * @throws UsageError
 */
export function checkLabelColumns(
  flags: Pick<ReadFlags, 'showLabels' | 'labelColumns' | 'output'>,
  format: OutputFormat,
  output: string,
): void {
  if (format.kind === 'table' || (!flags.showLabels && flags.labelColumns.length === 0)) return;
  const flag = flags.showLabels ? '--show-labels' : '--label-columns';
  // The first message is kubectl's.
  throw new UsageError(`${flag} option cannot be used with ${output} printer`, {
    code: 'ConflictingFlags',
    hint:
      flags.output === undefined
        ? `${flag} adds columns to a table, and named objects are shown as ${output}: add -o table`
        : `${flag} adds columns to a table: -o table or -o wide`,
  });
}

/** True if objects are only counted or added. */
export function isTally({ countBy, sum }: Pick<ReadFlags, 'countBy' | 'sum'>): boolean {
  return countBy.length > 0 || sum.length > 0;
}

/** Flags that apply to single objects. */
const ofObjects = ['limit', 'sort-by', 'show-labels', 'label-columns', 'show-kind', 'subresource'];

function refuseWithTally(flags: RawFlags): void {
  const tally = flags['count-by'] === undefined ? '--sum' : '--count-by';
  const expectation = ['expect-count', 'expect-total', 'require-nonempty'].find(
    (name) => flags[name] !== undefined,
  );
  if (expectation !== undefined) {
    throw conflict(`--${expectation} counts objects, but ${tally} prints groups: use only one`);
  }
  const other = ofObjects.find((name) => flags[name] !== undefined);
  if (other !== undefined) throw conflict(`--${other} is about single objects, and ${tally} prints groups`);
}

/** Splits paths at commas outside brackets, braces and quotes. */
function pathsOf(flags: RawFlags, name: string): readonly string[] {
  const text = textOf(flags, name) ?? '';
  return (text.match(/(?:\{[^}]*\}|\[[^\]]*\]|[^,])+/g) ?? []).map((path) => path.trim());
}

/** Joins several conditions. Each keeps its own line, so that an error points into it. */
function joinConditions(conditions: readonly string[]): string | undefined {
  const [first, ...others] = conditions;
  if (others.length === 0) return first;
  // A comment in a condition must not hide the closing parenthesis.
  return conditions.map((one) => `(${one}\n)`).join(' && ');
}

function conflict(message: string): UsageError {
  return new UsageError(message, { code: 'ConflictingFlags' });
}

/** Returns the value of a flag. An empty one counts as absent. */
export function textOf(flags: RawFlags, name: string): string | undefined {
  const value = flags[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Returns all values of a repeatable flag. */
export function allOf(flags: RawFlags, name: string): readonly string[] {
  const value = flags[name];
  return typeof value === 'object' ? value : [];
}

/** Parses a count. @throws UsageError unless the flag is absent or a whole number of at least 0 */
export function parseCount(flags: RawFlags, name: string): number | undefined {
  const text = textOf(flags, name);
  if (text === undefined) return undefined;
  const count = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(count)) {
    throw new UsageError(`invalid value "${text}" of --${name}: it takes a whole number`, {
      code: 'BadFlagValue',
    });
  }
  return count;
}

/**
 * Reads a number of objects, or a range of numbers. Undefined if the flag is absent.
 * @throws UsageError for what is neither, and for an empty range
 */
export function parseCountRange(flags: RawFlags, name: string): CountRange | undefined {
  const text = textOf(flags, name);
  if (text === undefined) return undefined;
  const match = /^(?:(\d+)|(\d*)\.\.(\d*))$/.exec(text);
  if (match === null || text === '..') {
    throw new UsageError(`invalid value "${text}" of --${name}: it takes N, N..M, N.. or ..M`, {
      code: 'BadFlagValue',
    });
  }
  const [, exact, min = '', max = ''] = match;
  const range =
    exact !== undefined
      ? { min: Number(exact), max: Number(exact) }
      : { min: Number(min), max: max === '' ? Infinity : Number(max) };
  if (range.min > range.max) {
    throw new UsageError(`invalid value "${text}" of --${name}: no number is within it`, {
      code: 'BadFlagValue',
    });
  }
  return range;
}

function parseExpectation(flags: RawFlags): CountRange | undefined {
  const range = parseCountRange(flags, 'expect-count');
  const required = flags['require-nonempty'] === true;
  if (range === undefined) return required ? { min: 1, max: Infinity } : undefined;
  if (required && range.max < 1) {
    throw conflict(
      `--require-nonempty and --expect-count ${textOf(flags, 'expect-count') ?? ''} exclude each other`,
    );
  }
  return { ...range, min: Math.max(range.min, required ? 1 : 0) };
}

/** Returns the given flags of {@link readFlags} as words, for a suggested command. */
export function flagWords(flags: RawFlags, without: readonly string[] = []): string[] {
  return readFlags.flatMap(({ name, short }) => {
    const value = flags[name];
    if (value === undefined || without.includes(name)) return [];
    const word = short === undefined ? `--${name}` : `-${short}`;
    if (value === true) return [word];
    const values = typeof value === 'object' ? value : [String(value)];
    return values.flatMap((one) => [word, one]);
  });
}
