// Parses words and flags of kapi explain to options.

import { suggested } from '../../model/suggestion.ts';
import { UsageError } from '../../errors.ts';
import { parseApiVersion } from '../../model/resource.ts';
import { parseCount, textOf } from '../read-flags.ts';
import type { RawFlags } from '../raw-flags.ts';

export interface ExplainOptions {
  /** The argument split at its dots, with the type first. At least one word. */
  readonly words: readonly string[];
  readonly recursive: boolean;
  /** Levels of fields. Undefined: all with --recursive, otherwise one. */
  readonly depth: number | undefined;
  readonly apiVersion: { readonly group: string; readonly version: string } | undefined;
  readonly search: string | undefined;
  /** True to print a manifest instead of the documentation. */
  readonly example: boolean;
  readonly output: string;
}

/**
 * Parses words and flags.
 * @throws UsageError for an argument without a type, or an invalid version
 */
export function parseExplainOptions(words: readonly string[], flags: RawFlags): ExplainOptions {
  const parts = splitPath(words[0] ?? '');
  if (parts.length === 0) {
    throw new UsageError('you must specify the type of resource to explain', {
      code: 'TypeRequired',
      hint: `${suggested('resources')} lists the types that the server has`,
    });
  }
  const depth = parseCount(flags, 'depth');
  if (depth === 0) {
    throw new UsageError('invalid value "0" of --depth: it takes a whole number from 1 on', {
      code: 'BadFlagValue',
    });
  }
  const apiVersion = textOf(flags, 'api-version');
  if (apiVersion !== undefined && apiVersion.split('/').length > 2) {
    throw new UsageError(`unexpected GroupVersion string: ${apiVersion}`, {
      code: 'BadFlagValue',
      hint: 'it is GROUP/VERSION, or VERSION for the core group: apps/v1, v1',
    });
  }
  const besides = ['search', 'recursive', 'depth'].find((name) => flags[name] !== undefined);
  if (flags['example'] === true && besides !== undefined) {
    throw new UsageError(`--${besides} is about the documentation, and --example prints a manifest`, {
      code: 'ConflictingFlags',
    });
  }
  return {
    words: parts,
    recursive: flags['recursive'] === true || depth !== undefined,
    depth,
    apiVersion: apiVersion === undefined ? undefined : parseApiVersion(apiVersion),
    search: textOf(flags, 'search'),
    example: flags['example'] === true,
    output: textOf(flags, 'output') ?? 'plaintext',
  };
}

/** Joins words to a path that {@link parseExplainOptions} splits into the same words. */
export function pathOf(words: readonly string[]): string {
  return words.map((word) => word.replaceAll(/[.[\]\\]/g, String.raw`\$&`)).join('.');
}

/**
 * Splits a path at dots and brackets. Drops positions in lists (`containers[0]`, `containers[*]`),
 * which do not affect the type.
 */
function splitPath(text: string): string[] {
  const names = text.matchAll(/\['([^']*)'\]|\["([^"]*)"\]|\[[^\]'"]*\]|((?:\\.|[^.[\\])+)/g);
  return [...names]
    .map(([, single, double, plain]) => single ?? double ?? plain?.replaceAll(/\\(.)/g, '$1') ?? '')
    .filter((name) => name !== '');
}
