// Parses words and flags of kapi can-i to options.

import { suggested } from '../../model/suggestion.ts';
import { UsageError } from '../../errors.ts';
import { allOf, textOf } from '../read-flags.ts';
import type { RawFlags } from '../raw-flags.ts';

/** What to ask. */
export type CanIAsk =
  | {
      readonly kind: 'words';
      readonly verb: string;
      readonly target: string;
      readonly name: string | undefined;
      readonly subresource: string | undefined;
      readonly labelSelector: string | undefined;
      readonly fieldSelector: string | undefined;
    }
  /** `-` is standard input. */
  | { readonly kind: 'files'; readonly paths: readonly string[] }
  | { readonly kind: 'list' };

export interface CanIOptions {
  readonly ask: CanIAsk;
  readonly allNamespaces: boolean;
  /** `text` is yes or no for one question, and a table for several. */
  readonly output: string;
  readonly quiet: boolean;
  readonly noHeaders: boolean;
  readonly strict: boolean;
  readonly why: boolean;
}

/**
 * Parses words and flags.
 * @throws UsageError in kubectl's words where it has them
 */
export function parseCanIOptions(words: readonly string[], flags: RawFlags): CanIOptions {
  const options: CanIOptions = {
    ask: parseAsk(words, flags),
    allNamespaces: flags['all-namespaces'] === true,
    output: textOf(flags, 'output') ?? 'text',
    quiet: flags['quiet'] === true,
    noHeaders: flags['no-headers'] === true,
    strict: flags['strict'] === true,
    why: flags['why'] === true,
  };
  const { ask } = options;
  if (
    ask.kind === 'list' &&
    (options.quiet || options.allNamespaces || textOf(flags, 'subresource') !== undefined)
  ) {
    throw conflict(
      "list option can't be specified with neither quiet, all-namespaces nor subresource options",
    );
  }
  const hasSelector =
    textOf(flags, 'selector') !== undefined || textOf(flags, 'field-selector') !== undefined;
  if (ask.kind === 'list' && hasSelector) throw conflict('--list takes no selector: rules have none');
  if (ask.kind === 'files' && hasSelector) throw conflict('selectors belong into the file of --filename');
  if (ask.kind === 'list' && options.why) throw conflict('--list and --why exclude each other');
  if (ask.kind === 'files' && textOf(flags, 'subresource') !== undefined) {
    throw conflict('--subresource belongs into the file of --filename');
  }
  return options;
}

function parseAsk(words: readonly string[], flags: RawFlags): CanIAsk {
  const paths = allOf(flags, 'filename').filter((path) => path !== '');
  if (flags['list'] === true) {
    if (words.length > 0) throw conflict('list option must be specified with no arguments');
    if (paths.length > 0) throw conflict('--list and --filename exclude each other');
    return { kind: 'list' };
  }
  if (paths.length > 0) {
    if (words.length > 0) throw conflict('questions come from --filename or from arguments, not from both');
    return { kind: 'files', paths };
  }
  const [verb, target, name, ...more] = words;
  if (verb === undefined || target === undefined || more.length > 0) throw incomplete();
  return {
    kind: 'words',
    ...{ verb, target, name, subresource: textOf(flags, 'subresource') },
    labelSelector: textOf(flags, 'selector'),
    fieldSelector: textOf(flags, 'field-selector'),
  };
}

/** Makes the error in kubectl's words. */
function incomplete(): UsageError {
  return new UsageError('you must specify two arguments: verb resource or verb resource/resourceName.', {
    code: 'MissingArgument',
    hint: `for instance ${['list pods', 'get pods/log', 'get /metrics', '--list'].map((line) => suggested('can-i', ...line.split(' '))).join(', ')}`,
  });
}

function conflict(message: string): UsageError {
  return new UsageError(message, { code: 'ConflictingFlags' });
}
