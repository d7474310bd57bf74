// Selects the contexts of --contexts, and checks the flags that exclude it. Entry points:
// checkContextsFlags(), chooseContexts(). Pure.

import { ConfigError, UsageError } from '../errors.ts';
import { suggested } from '../model/suggestion.ts';
import type { GlobalOptions } from './global-options.ts';
import { parseCountRange, textOf, type CountRange } from './read-flags.ts';
import type { RawFlags } from './raw-flags.ts';

/** The value of `--contexts` and the flags that depend on it. */
export interface ContextsChoice {
  /** Names and globs, separated by commas. */
  readonly patterns: string;
  readonly isUnordered: boolean;
  /** The expected number of objects of all contexts together. */
  readonly expectTotal: CountRange | undefined;
  /** `-o` as typed. */
  readonly output: string | undefined;
  readonly isQuiet: boolean;
}

/** Flags that select one cluster. */
const ofOneCluster = {
  context: 'context',
  cluster: 'cluster',
  server: 'server',
  inCluster: 'in-cluster',
  serviceAccountDir: 'service-account-dir',
  tlsServerName: 'tls-server-name',
} as const satisfies Partial<Record<keyof GlobalOptions, string>>;

/** Flags whose credential would be sent to every cluster. */
const ofOneIdentity = {
  user: 'user',
  token: 'token',
  tokenFile: 'token-file',
  clientCertificate: 'client-certificate',
  clientKey: 'client-key',
  username: 'username',
  password: 'password',
} as const satisfies Partial<Record<keyof GlobalOptions, string>>;

/**
 * Reads the flags of a line with `--contexts`.
 * @throws UsageError for flags of a single cluster or identity
 */
export function checkContextsFlags(flags: RawFlags, globals: GlobalOptions): ContextsChoice {
  const cluster = givenOf(ofOneCluster, globals);
  if (cluster !== undefined) {
    throw new UsageError(`--${cluster} and --contexts exclude each other`, {
      code: 'ConflictingFlags',
      hint: `--${cluster} is about one cluster; --contexts chooses several`,
    });
  }
  const identity = givenOf(ofOneIdentity, globals);
  if (identity !== undefined) {
    throw new UsageError(`--${identity} and --contexts exclude each other`, {
      code: 'ConflictingFlags',
      hint: 'the same credential would be sent to every cluster; with --contexts each context uses its own user (--as and --anonymous are allowed)',
    });
  }
  const patterns = textOf(flags, 'contexts') ?? '';
  if (patterns.split(',').every((pattern) => pattern.trim() === '')) {
    throw new UsageError('--contexts is empty', {
      code: 'BadFlagValue',
      hint: "name contexts or globs: --contexts 'prod-*,staging'",
    });
  }
  return {
    patterns,
    isUnordered: flags['unordered'] === true,
    expectTotal: parseCountRange(flags, 'expect-total'),
    output: textOf(flags, 'output'),
    isQuiet: flags['quiet'] === true,
  };
}

function givenOf(names: Readonly<Record<string, string>>, globals: GlobalOptions): string | undefined {
  const values = new Map<string, unknown>(Object.entries(globals));
  const found = Object.entries(names).find(([option]) => {
    const value = values.get(option);
    return value !== undefined && value !== false;
  });
  return found?.[1];
}

/**
 * Returns the names of the contexts that the patterns match: in the order of the patterns, those of
 * one glob in the given order, each name once. A pattern that is the name of a context means that
 * context, whatever characters it has.
 * @param available names of all contexts
 * @throws ConfigError `ContextNotFound` for a pattern that matches nothing
 */
export function chooseContexts(patterns: string, available: readonly string[]): readonly string[] {
  if (available.includes(patterns)) return [patterns];
  const chosen = new Set<string>();
  for (const pattern of patterns.split(',').map((one) => one.trim())) {
    if (pattern === '') continue;
    const matcher = globOf(pattern);
    const matches = available.includes(pattern) ? [pattern] : available.filter((name) => matcher.test(name));
    if (matches.length === 0) throw noMatch(pattern, available);
    for (const name of matches) chosen.add(name);
  }
  return [...chosen];
}

/** Converts a glob: `*` matches any text, `?` one character. */
function globOf(pattern: string): RegExp {
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    // Several stars in a row mean the same as one, and would make the expression slow.
    .replaceAll(/\*+/g, '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 'su');
}

/** Max names in an error. */
const maxNames = 10;

function noMatch(pattern: string, available: readonly string[]): ConfigError {
  const isGlob = /[*?]/.test(pattern);
  const what = `${isGlob ? 'no context matches' : 'there is no context'} ${JSON.stringify(pattern)} of --contexts`;
  const shown = available.slice(0, maxNames).join(', ');
  const more = available.length > maxNames ? `, and ${available.length - maxNames} more` : '';
  return new ConfigError(what, {
    code: 'ContextNotFound',
    hint:
      available.length === 0
        ? `the kubeconfig has no contexts; ${suggested('config', 'show')} shows where kapi looks`
        : `the contexts are ${shown}${more}; ${suggested('config', 'contexts')} lists them`,
  });
}
