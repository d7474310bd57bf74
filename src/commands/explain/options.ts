// kapi explain: from words and flags to options.

import { suggested } from '../../model/suggestion.ts';
import { UsageError } from '../../errors.ts';
import { parseApiVersion } from '../../model/resource.ts';
import { parseCount, textOf } from '../read-flags.ts';
import type { RawFlags } from '../spec.ts';

export interface ExplainOptions {
  /** The argument at its dots; the first ones name the type. At least one. */
  readonly words: readonly string[];
  readonly recursive: boolean;
  /** Levels of fields; undefined: all when recursive, one otherwise. */
  readonly depth: number | undefined;
  readonly apiVersion: { readonly group: string; readonly version: string } | undefined;
  readonly search: string | undefined;
  readonly output: string;
}

/**
 * @throws UsageError for an argument without a type, or a version that is none
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
  return {
    words: parts,
    recursive: flags['recursive'] === true || depth !== undefined,
    depth,
    apiVersion: apiVersion === undefined ? undefined : parseApiVersion(apiVersion),
    search: textOf(flags, 'search'),
    output: textOf(flags, 'output') ?? 'plaintext',
  };
}

/** Names at dots or in brackets; positions in lists (`containers[0]`, `containers[*]`) say nothing about types and are dropped. */
function splitPath(text: string): string[] {
  const names = text.matchAll(/\['([^']*)'\]|\["([^"]*)"\]|\[[^\]'"]*\]|((?:\\.|[^.[\\])+)/g);
  return [...names]
    .map(([, single, double, plain]) => single ?? double ?? plain?.replaceAll(/\\(.)/g, '$1') ?? '')
    .filter((name) => name !== '');
}
