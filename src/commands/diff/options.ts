// Parses words and flags of kapi diff to options. Pure.

import { parseTargets, type Targets } from '../../api/targets.ts';
import { UsageError } from '../../errors.ts';
import { suggested } from '../../model/suggestion.ts';
import { parseMoment, type Moment } from '../moment.ts';
import { allOf, textOf } from '../read-flags.ts';
import type { RawFlags } from '../raw-flags.ts';

/** What is compared with what. */
export type DiffSubject =
  | {
      readonly kind: 'files';
      /** Paths, `-` for standard input. */
      readonly paths: readonly string[];
      readonly isRecursive: boolean;
      readonly isServerSide: boolean;
      readonly fieldManager: string;
      readonly forcesConflicts: boolean;
    }
  | ({ readonly kind: 'contexts'; readonly patterns: string } & Selected)
  /** `to` undefined: now. */
  | ({ readonly kind: 'moments'; readonly from: Moment; readonly to: Moment | undefined } & Selected);

/** The objects that are compared. */
export interface Selected {
  readonly targets: Targets;
  readonly allNamespaces: boolean;
  readonly labelSelector: string | undefined;
  readonly fieldSelector: string | undefined;
}

export interface DiffOptions {
  readonly subject: DiffSubject;
  readonly allFields: boolean;
  readonly showManagedFields: boolean;
  readonly quiet: boolean;
  /** `diff`, `name`, `json`, `yaml` or `ndjson`. */
  readonly output: string;
}

/** The managers of kubectl apply. */
const clientSideManager = 'kubectl-client-side-apply';
const serverSideManager = 'kubectl';

/**
 * @throws UsageError for flags that exclude each other, and without a flag that says what to
 * compare
 */
export function parseDiffOptions(words: readonly string[], flags: RawFlags): DiffOptions {
  return {
    subject: parseSubject(words, flags),
    allFields: flags['all-fields'] === true,
    showManagedFields: flags['show-managed-fields'] === true,
    quiet: flags['quiet'] === true,
    output: textOf(flags, 'output') ?? 'diff',
  };
}

const ofFiles = ['recursive', 'server-side', 'field-manager', 'force-conflicts'];
const ofSelection = ['contexts', 'at', 'all-namespaces', 'selector', 'field-selector'];

function parseSubject(words: readonly string[], flags: RawFlags): DiffSubject {
  const paths = allOf(flags, 'filename');
  if (paths.length > 0) {
    const [word] = words;
    if (word !== undefined) {
      throw conflict(`-f names the objects, so ${JSON.stringify(word)} is too much`);
    }
    refuse(ofSelection, flags, 'with -f: the file names the objects');
    const isServerSide = flags['server-side'] === true;
    if (flags['force-conflicts'] === true && !isServerSide) {
      throw conflict('--force-conflicts only works with --server-side');
    }
    if (paths.filter((path) => path === '-').length > 1) throw conflict('standard input is named twice');
    if (paths.some(isUrl)) throw fromUrl();
    return {
      ...{ kind: 'files', paths, isServerSide },
      isRecursive: flags['recursive'] === true,
      fieldManager: textOf(flags, 'field-manager') ?? (isServerSide ? serverSideManager : clientSideManager),
      forcesConflicts: flags['force-conflicts'] === true,
    };
  }
  const [first, second, ...more] = allOf(flags, 'at').map((text) => parseMoment(text));
  const patterns = textOf(flags, 'contexts');
  if (patterns === undefined && first === undefined) throw nothingToCompare(words);
  refuse(ofFiles, flags, 'without -f');
  const selected = parseSelected(words, flags);
  if (patterns === undefined && first !== undefined) {
    if (more.length > 0) throw conflict('--at is given more than twice: name at most two moments');
    return { kind: 'moments', from: first, to: second, ...selected };
  }
  if (first !== undefined) {
    throw conflict('--at and --contexts exclude each other: resource versions differ between clusters');
  }
  return { kind: 'contexts', patterns: patterns ?? '', ...selected };
}

/** Returns the error for a line that does not say what to compare. */
function nothingToCompare(words: readonly string[]): UsageError {
  if (words.some(isUrl)) return fromUrl();
  const file = words.find((word) => /\.(?:ya?ml|json)$/i.test(word));
  const objects = areTargets(words) ? words : ['TYPE/NAME'];
  return new UsageError('kapi diff needs -f FILE, --contexts A,B or --at MOMENT', {
    code: 'NothingToCompare',
    hint: [
      `${suggested('diff', '-f', file ?? 'FILE')} compares a file with the server,`,
      `${suggested('diff', ...objects, '--at', '5m')} an earlier state with the current one,`,
      `${suggested('diff', ...objects, '--contexts', 'A,B')} two clusters`,
    ].join(' '),
  });
}

function areTargets(words: readonly string[]): boolean {
  try {
    parseTargets(words);
    return !words.some((word) => /\.(?:ya?ml|json)$/i.test(word));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return false;
  }
}

function isUrl(word: string): boolean {
  return /^https?:\/\//i.test(word);
}

function fromUrl(): UsageError {
  return new UsageError('kapi diff reads objects from files and standard input, not from a URL', {
    code: 'BadFlagValue',
    hint: `download the file, for example with curl -fsSL: ${suggested('diff', '-f', '-')} reads it from standard input`,
  });
}

function parseSelected(words: readonly string[], flags: RawFlags): Selected {
  const targets = parseTargets(words);
  const [labelSelector, fieldSelector] = [textOf(flags, 'selector'), textOf(flags, 'field-selector')];
  const allNamespaces = flags['all-namespaces'] === true;
  if (targets.kind === 'objects') {
    if ((labelSelector ?? fieldSelector) !== undefined) {
      throw conflict('name cannot be provided when a selector is specified');
    }
    if (allNamespaces) throw conflict('a resource cannot be retrieved by name across all namespaces');
  }
  return { targets, allNamespaces, labelSelector, fieldSelector };
}

function refuse(names: readonly string[], flags: RawFlags, where: string): void {
  const given = names.find((name) => flags[name] !== undefined && flags[name] !== false);
  if (given !== undefined) throw conflict(`--${given} has no meaning ${where}`);
}

function conflict(message: string): UsageError {
  return new UsageError(message, { code: 'ConflictingFlags' });
}
