// Parses words and flags of kapi events to options. Pure.

import { parseTargets, type NamedTarget } from '../../api/targets.ts';
import { UsageError } from '../../errors.ts';
import { suggested } from '../../model/suggestion.ts';
import { parseCount, textOf } from '../read-flags.ts';
import type { RawFlags } from '../raw-flags.ts';

/** The types that an Event can have. */
const eventTypes = ['Normal', 'Warning'] as const;

export interface EventsOptions {
  /** Only events of this object. Undefined: of all objects. */
  readonly subject: NamedTarget | undefined;
  /** Only events of these types. Empty: all. */
  readonly types: readonly string[];
  readonly allNamespaces: boolean;
  readonly watch: boolean;
  /** `-o` as written. Undefined: a table. */
  readonly output: string | undefined;
  /** Undefined: chosen by kapi. 0: everything in one response. */
  readonly chunkSize: number | undefined;
  readonly noHeaders: boolean;
  readonly showManagedFields: boolean;
}

/**
 * Parses words and flags.
 * @throws UsageError for words, and for invalid values of flags
 */
export function parseEventsOptions(words: readonly string[], flags: RawFlags): EventsOptions {
  const [word] = words;
  if (word !== undefined) {
    throw new UsageError(`kapi events takes no arguments: ${JSON.stringify(word)}`, {
      code: 'UnexpectedArgument',
      hint: /^[^/,]+\/[^/]+$/.test(word)
        ? suggested('events', '--for', word)
        : `${suggested('events', '--for', 'TYPE/NAME')} shows the events of one object`,
    });
  }
  return {
    subject: parseSubject(textOf(flags, 'for')),
    types: parseTypes(textOf(flags, 'types')),
    allNamespaces: flags['all-namespaces'] === true,
    watch: flags['watch'] === true,
    output: textOf(flags, 'output'),
    chunkSize: parseCount(flags, 'chunk-size'),
    noHeaders: flags['no-headers'] === true,
    showManagedFields: flags['show-managed-fields'] === true,
  };
}

function parseSubject(text: string | undefined): NamedTarget | undefined {
  if (text === undefined) return undefined;
  const targets = parseTargets([text]);
  if (targets.kind === 'objects') return targets.objects[0];
  // kubectl's message.
  throw new UsageError('--for must be in resource/name form', {
    code: 'BadFlagValue',
    hint: `such as ${suggested('events', '--for', 'pod/web')}; got ${JSON.stringify(text)}`,
  });
}

/** Case does not matter, as with kubectl. */
function parseTypes(text: string | undefined): readonly string[] {
  const typed = (text ?? '').split(',').filter((part) => part.trim() !== '');
  const types = typed.map((part) => {
    const known = eventTypes.find((type) => type.toLowerCase() === part.trim().toLowerCase());
    if (known !== undefined) return known;
    // kubectl's message.
    throw new UsageError('valid --types are Normal or Warning', {
      code: 'BadFlagValue',
      hint: `got ${JSON.stringify(part)}`,
    });
  });
  return [...new Set(types)];
}
