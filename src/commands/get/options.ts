// Parses words and flags of kapi get to options.

import { parseTargets, type Targets } from '../../api/targets.ts';
import { UsageError } from '../../errors.ts';
import { flagWords, parseReadFlags, type ReadFlags } from '../read-flags.ts';
import type { RawFlags } from '../raw-flags.ts';

/** The target: a path of the API or a URL of its server, or what `list` accepts too. */
export type GetTarget =
  { readonly kind: 'path'; readonly path: string } | { readonly kind: 'input' } | Targets;

export interface GetOptions extends ReadFlags {
  readonly target: GetTarget;
  /** `--view`: the words of the command without it. Undefined: print. */
  readonly view: readonly string[] | undefined;
}

/** The options of a run that prints: its target is not standard input. */
export type PrintedOptions = GetOptions & { readonly target: Exclude<GetTarget, { kind: 'input' }> };

/** Flags that `--view` refuses: they format printed output, or are about several objects. */
const flagsOfPrinting = [
  ...['output', 'no-headers', 'show-labels', 'label-columns', 'show-kind', 'show-managed-fields'],
  ...['allow-missing-template-keys', 'owners', 'count-by', 'sum', 'quiet', 'contexts'],
  ...['expect-count', 'expect-total', 'require-nonempty'],
] as const;

/** Flags that select objects. A path or a name already selects them. */
const flagsOfSelection = [
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
const flagsOfTables = ['show-labels', 'label-columns', 'show-kind'] as const;

/** Parses words and flags. @throws UsageError in kubectl's words where it has them */
export function parseGetOptions(words: readonly string[], flags: RawFlags): GetOptions {
  const [first = '', ...others] = words;
  const isView = flags['view'] === true;
  if (isView) refuse(flagsOfPrinting, flags, 'with --view, which shows the whole response as a tree');
  const options = {
    ...parseReadFlags(flags),
    view: isView ? ['get', ...words, ...flagWords(flags)] : undefined,
  };
  if (first === '-') {
    if (!isView) {
      throw new UsageError('- is standard input, which only --view shows', { code: 'ConflictingFlags' });
    }
    if (others.length > 0)
      throw new UsageError(`give - alone: "${others.join(' ')}" is too much`, { code: 'ExcessArgument' });
    refuse(
      [...flagsOfSelection, 'subresource', 'sort-by', 'at', 'ignore-not-found'],
      flags,
      'with standard input, which is shown unchanged',
    );
    return { ...options, target: { kind: 'input' } };
  }
  if (/^(\/|https?:\/\/)/i.test(first)) {
    if (others.length > 0) {
      throw new UsageError(`give a path alone: "${others.join(' ')}" is too much`, {
        code: 'ExcessArgument',
      });
    }
    refuse(
      [...flagsOfSelection, 'subresource', 'sort-by', 'at', 'owners'],
      flags,
      'with a path: put it into the path or its query',
    );
    if (options.output === undefined) {
      refuse(flagsOfTables, flags, 'with a path that is shown unchanged: name a format with -o');
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
