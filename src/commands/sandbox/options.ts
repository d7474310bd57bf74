// Parses words and flags of kapi sandbox to options.

import { UsageError } from '../../errors.ts';
import { parseFault, type Fault } from '../../sandbox/faults.ts';
import { textOf } from '../read-flags.ts';
import type { RawFlags } from '../raw-flags.ts';

export interface SandboxCommandOptions {
  /** 0: any free port. */
  readonly port: number;
  readonly lively: boolean;
  /** Names of manifest files. */
  readonly load: readonly string[];
  readonly pods: number;
  readonly faults: readonly Fault[];
  /** Program and arguments to run in the sandbox. Empty: stay in the foreground. */
  readonly command: readonly string[];
}

const maxPods = 1_000_000;

/** Parses words and flags. @throws UsageError */
export function parseSandboxOptions(words: readonly string[], flags: RawFlags): SandboxCommandOptions {
  return {
    port: numberOf(flags, 'port', 65_535),
    lively: flags['lively'] === true,
    load: listOf(flags, 'load'),
    pods: numberOf(flags, 'pods', maxPods),
    faults: listOf(flags, 'fault').map(parseFault),
    command: words,
  };
}

function numberOf(flags: RawFlags, name: string, max: number): number {
  const text = textOf(flags, name);
  if (text === undefined || text === '') return 0;
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value <= max) return value;
  throw new UsageError(`--${name} ${text} is not a number from 0 to ${max}`, { code: 'BadNumber' });
}

function listOf(flags: RawFlags, name: string): readonly string[] {
  const value = flags[name];
  if (Array.isArray(value)) return value.filter((entry) => typeof entry === 'string');
  return typeof value === 'string' ? [value] : [];
}
