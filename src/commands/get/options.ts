// Parses words and flags of kapi get to options.

import { parseTargets, type Targets } from '../../api/targets.ts';
import { UsageError } from '../../errors.ts';
import { parseReadFlags, type ReadFlags } from '../read-flags.ts';
import type { RawFlags } from '../raw-flags.ts';

/** The target: a path of the API or a URL of its server, or what `list` accepts too. */
export type GetTarget = { readonly kind: 'path'; readonly path: string } | Targets;

export interface GetOptions extends ReadFlags {
  readonly target: GetTarget;
}

/** Flags that select objects, which a path or a name does already. */
const choosing = [
  'selector',
  'field-selector',
  'where',
  'count-by',
  'sum',
  'all-namespaces',
  'limit',
  'chunk-size',
] as const;

/** Flags of tables. */
const laidOut = ['show-labels', 'label-columns', 'show-kind'] as const;

/** Parses words and flags. @throws UsageError in kubectl's words where it has them */
export function parseGetOptions(words: readonly string[], flags: RawFlags): GetOptions {
  const options = parseReadFlags(flags);
  const [first = '', ...others] = words;
  if (/^(\/|https?:\/\/)/i.test(first)) {
    if (others.length > 0) {
      throw new UsageError(`give a path alone: "${others.join(' ')}" is too much`, {
        code: 'ExcessArgument',
      });
    }
    refuse(
      [...choosing, 'subresource', 'sort-by', 'at', 'owners'],
      flags,
      'with a path: put it into the path or its query',
    );
    if (options.output === undefined) {
      refuse(laidOut, flags, 'with a path that is shown as it is: name a format with -o');
    }
    return { ...options, target: { kind: 'path', path: first.replace(/#.*$/s, '') } };
  }
  const target = parseTargets(words);
  if (target.kind === 'types') {
    if (options.subresource !== undefined) {
      throw new UsageError('subresource cannot be used when bulk resources are specified', {
        code: 'ConflictingFlags',
      });
    }
    return { ...options, target };
  }
  if (options.labelSelector !== undefined || options.fieldSelector !== undefined) {
    throw new UsageError('name cannot be provided when a selector is specified', {
      code: 'ConflictingFlags',
    });
  }
  refuse(['limit', 'chunk-size', 'where', 'count-by', 'sum'], flags, 'with names of objects');
  return { ...options, target };
}

function refuse(names: readonly string[], flags: RawFlags, where: string): void {
  const given = names.find((name) => flags[name] !== undefined);
  if (given !== undefined)
    throw new UsageError(`--${given} has no meaning ${where}`, { code: 'ConflictingFlags' });
}
