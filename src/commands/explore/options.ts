// kapi explore: from words and flags to options. Pure.

import { parseTargets, type Targets } from '../../api/targets.ts';
import { UsageError } from '../../errors.ts';
import type { RawFlags } from '../raw-flags.ts';

/** Where to begin. */
export type ExploreStart =
  | { readonly kind: 'paths' }
  | { readonly kind: 'input' }
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'targets'; readonly targets: Targets };

export interface ExploreOptions {
  readonly start: ExploreStart;
  readonly allNamespaces: boolean;
}

/** @throws UsageError for words that name no single place */
export function parseExploreOptions(words: readonly string[], flags: RawFlags): ExploreOptions {
  const allNamespaces = flags['all-namespaces'] === true;
  const [first, ...others] = words;
  if (first === undefined) return { start: { kind: 'paths' }, allNamespaces };
  const isPath = /^(\/|https?:\/\/)/i.test(first);
  if ((isPath || first === '-') && others.length > 0) {
    throw new UsageError(`give ${isPath ? 'a path' : '-'} alone: "${others.join(' ')}" is too much`, {
      code: 'ExcessArgument',
    });
  }
  if (first === '-') return { start: { kind: 'input' }, allNamespaces };
  if (isPath) return { start: { kind: 'path', path: first.replace(/#.*$/s, '') }, allNamespaces };
  const targets = parseTargets(words);
  if (targets.kind === 'objects' && targets.objects.length > 1) {
    throw new UsageError('kapi explore begins with one object', { code: 'ExcessArgument' });
  }
  if (targets.kind === 'objects' && allNamespaces) {
    throw new UsageError('a resource cannot be retrieved by name across all namespaces', {
      code: 'ConflictingFlags',
    });
  }
  return { start: { kind: 'targets', targets }, allNamespaces };
}
