// Globs that stand for several contexts, for TAB after --contexts. Entry point: contextGlobs().
// Pure.

import type { Candidate } from './candidates.ts';

/**
 * Returns `*`, and a glob for each prefix that ends with a separator and that several names share.
 * If several prefixes select the same names, returns only the longest.
 */
export function contextGlobs(names: readonly string[]): Candidate[] {
  if (names.length < 2) return [];
  const byMembers = new Map<string, { readonly prefix: string; readonly count: number }>();
  const prefixes = new Set(
    names.flatMap((name) => [...name.matchAll(/[-_.:/@]/g)].map(({ index }) => name.slice(0, index + 1))),
  );
  for (const prefix of prefixes) {
    const members = names.filter((name) => name.startsWith(prefix));
    const key = members.join('\n');
    const longest = byMembers.get(key)?.prefix ?? '';
    if (members.length > 1 && prefix.length > longest.length) {
      byMembers.set(key, { prefix, count: members.length });
    }
  }
  return [
    { value: '*', description: `all ${names.length} contexts` },
    ...[...byMembers.values()].map(({ prefix, count }) => ({
      value: `${prefix}*`,
      description: `${count} contexts`,
    })),
  ];
}
