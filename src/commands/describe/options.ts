// kapi describe: from words and flags to options.

import { parseTargets, type Targets } from '../../api/targets.ts';
import { UsageError } from '../../errors.ts';
import { textOf } from '../read-flags.ts';
import type { RawFlags } from '../raw-flags.ts';
import type { OwnedMode } from './gather.ts';

export interface DescribeOptions {
  readonly targets: Targets;
  readonly allNamespaces: boolean;
  readonly labelSelector: string | undefined;
  readonly fieldSelector: string | undefined;
  readonly problems: boolean;
  readonly owned: OwnedMode;
  readonly output: 'text' | 'json' | 'yaml' | 'ndjson';
}

/** Parses words and flags. @throws UsageError in kubectl's words where it has them */
export function parseDescribeOptions(words: readonly string[], flags: RawFlags): DescribeOptions {
  const targets = parseTargets(words);
  const options: DescribeOptions = {
    targets,
    allNamespaces: flags['all-namespaces'] === true,
    labelSelector: textOf(flags, 'selector'),
    fieldSelector: textOf(flags, 'field-selector'),
    problems: flags['problems'] === true,
    owned: (textOf(flags, 'owned') ?? 'auto') as OwnedMode,
    output: (textOf(flags, 'output') ?? 'text') as DescribeOptions['output'],
  };
  if (targets.kind === 'objects' && (options.labelSelector ?? options.fieldSelector) !== undefined) {
    throw new UsageError('name cannot be provided when a selector is specified', {
      code: 'ConflictingFlags',
    });
  }
  return options;
}
