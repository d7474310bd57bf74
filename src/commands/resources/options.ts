// Parses words and flags of kapi resources to options.

import { UsageError } from '../../errors.ts';
import { allOf, textOf } from '../read-flags.ts';
import type { RawFlags } from '../raw-flags.ts';

export interface ResourcesOptions {
  /** Undefined: all groups. Empty: the core group. */
  readonly group: string | undefined;
  /** Undefined: the preferred version. */
  readonly version: string | undefined;
  readonly output: string;
  readonly subresources: boolean;
  readonly allVersions: boolean;
  readonly namespaced: boolean | undefined;
  readonly verbs: readonly string[];
  readonly categories: readonly string[];
  readonly sortBy: 'group' | 'name' | 'kind';
  readonly noHeaders: boolean;
  readonly cached: boolean;
}

/**
 * Parses words and flags.
 * @throws UsageError if the argument and `--api-group` name different groups
 */
export function parseResourcesOptions(words: readonly string[], flags: RawFlags): ResourcesOptions {
  const target = parseGroupVersion(words[0]);
  const byFlag = flags['api-group'];
  if (typeof byFlag === 'string' && target.group !== undefined && target.group !== byFlag) {
    throw new UsageError(`the argument names group "${target.group}", --api-group names "${byFlag}"`, {
      code: 'ConflictingFlags',
      hint: 'give one of them',
    });
  }
  const sortBy = textOf(flags, 'sort-by');
  const namespaced = flags['namespaced'];
  return {
    group: target.group ?? (typeof byFlag === 'string' ? byFlag : undefined),
    version: target.version,
    output: textOf(flags, 'output') ?? 'table',
    subresources: flags['subresources'] === true,
    allVersions: flags['all-versions'] === true,
    namespaced: namespaced === undefined ? undefined : namespaced !== 'false',
    verbs: splitValues(flags, 'verbs'),
    categories: splitValues(flags, 'categories'),
    sortBy: sortBy === 'name' || sortBy === 'kind' ? sortBy : 'group',
    noHeaders: flags['no-headers'] === true,
    cached: flags['cached'] === true,
  };
}

/**
 * Parses `batch`, `batch/v1`, `core`, `v1`, `core/v1`. A word that looks like a version means the
 * core group.
 */
function parseGroupVersion(word: string | undefined): { group?: string; version?: string } {
  if (word === undefined) return {};
  const slash = word.indexOf('/');
  if (slash >= 0) {
    const group = word.slice(0, slash);
    return { group: group === 'core' ? '' : group, version: word.slice(slash + 1) };
  }
  if (/^v\d+((alpha|beta)\d+)?$/.test(word)) return { group: '', version: word };
  return { group: word === 'core' ? '' : word };
}

function splitValues(flags: RawFlags, name: string): readonly string[] {
  return allOf(flags, name).flatMap((value) => value.split(',').filter((one) => one !== ''));
}
