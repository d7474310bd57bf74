// Hints for unknown words: the nearest commands, flags and values, and the commands that have a
// flag. Entry point: hintFor(). Loaded only for an error.

import { lookupOf, tokensOf } from './argv.ts';
import { globalFlags } from './global-flags.ts';
import { suggested } from '../model/suggestion.ts';
import type { AnyCommand, FlagSpec } from '../commands/spec.ts';
import { isTypeName } from '../commands/type-name.ts';
import { nearest } from '../model/nearest.ts';
import { findKubectlWord, kubectlFlags, kubectlWords, wordsOfRow } from './kubectl-words.ts';
import type { UnknownWord } from './unknown-word.ts';

/**
 * Returns a hint.
 * @param rest words after the unknown command, for the suggested line
 */
export function hintFor(what: UnknownWord, rest: readonly string[], commands: readonly AnyCommand[]): string {
  switch (what.kind) {
    case 'command':
      return hintForCommand(what.word, rest, commands);
    case 'flag':
      return hintForFlag(what, commands);
    case 'value': {
      const near = nearest(what.word, what.choices);
      return near.length > 0 ? `did you mean ${near.join(' or ')}?` : '';
    }
  }
}

function hintForCommand(word: string, rest: readonly string[], commands: readonly AnyCommand[]): string {
  const own = commands
    .filter((spec) => spec.hidden !== true)
    .flatMap((spec) => [spec.name, ...(spec.aliases ?? [])]);
  const near = nearest(word, [...own, 'help']);
  if (near.length > 0)
    return `did you mean ${near.map((one) => suggested(one, ...restFor(one, rest, commands))).join(' or ')}?`;
  if (isTypeName(word)) {
    const others = withoutCarried(rest, commands);
    const hasName = rest[0] !== undefined && !rest[0].startsWith('-');
    return `${word} is a type: ${suggested(hasName ? 'get' : 'list', word, ...others)}`;
  }
  const [theirs] = nearest(word, new Set(kubectlWords.flatMap(wordsOfRow).map(firstWord)), 1);
  const found = theirs === undefined ? undefined : findKubectlWord([theirs, ...rest]);
  if (found !== undefined) {
    return found.row.how === 'points'
      ? `if you mean kubectl's ${found.word}: ${found.row.kapi}`
      : `did you mean ${suggested(...found.word.split(' '))}?`;
  }
  return `${suggested('help')} lists the commands`;
}

function hintForFlag(
  { word, known, command }: Extract<UnknownWord, { kind: 'flag' }>,
  commands: readonly AnyCommand[],
): string {
  const see = `see ${suggested(command ?? '', '--help')}`;
  const owners = commands.filter(
    (spec) => spec.hidden !== true && spec.name !== command && spec.flags.some((flag) => isNamed(flag, word)),
  );
  const theirs = kubectlFlags[word.replace(/^--/, '')] ?? (word.startsWith('--') ? undefined : shortOf(word));
  if (theirs !== undefined && command !== 'curl') return `${theirs}\n${see}`;
  if (owners.length > 0) {
    const names = owners.map((spec) => `kapi ${spec.name}`);
    return `${word.startsWith('--') ? word : word.slice(0, 2)} belongs to ${joinNames(names)}; ${see}`;
  }
  if (!word.startsWith('--')) return see;
  const names = known
    .filter((flag) => flag.hidden !== true)
    .flatMap((flag) => [flag.name, ...(flag.aliases ?? [])]);
  const typed = word.slice(2);
  const begun = typed.length >= 3 ? names.filter((name) => name.startsWith(typed)) : [];
  const near = [...new Set([...begun, ...nearest(typed, names)])].slice(0, 3);
  return near.length > 0 ? `did you mean ${near.map((one) => `--${one}`).join(' or ')}? ${see}` : see;
}

/** Returns the rest of a line with a misspelt command. Arguments of `kapi curl` can be secret. */
function restFor(name: string, rest: readonly string[], commands: readonly AnyCommand[]): string[] {
  const spec = commands.find((one) => one.name === name || one.aliases?.includes(name));
  return spec === undefined || spec.name === 'curl' ? [] : withoutCarried(rest, commands, spec.flags);
}

/** Removes flags that select the cluster: own-line.ts adds them again. */
function withoutCarried(
  words: readonly string[],
  commands: readonly AnyCommand[],
  flags: readonly FlagSpec[] = commands.find((spec) => spec.name === 'list')?.flags ?? [],
): string[] {
  const tokens = tokensOf(words, lookupOf([...flags, ...globalFlags]));
  return tokens.flatMap((token, at) => {
    const isCarried = token.kind === 'flag' && token.flag.carried === true;
    // The last flag of a word such as -An decides about the word.
    return isCarried || tokens[at + 1]?.from === token.from ? [] : words.slice(token.from, token.to);
  });
}

function isNamed(flag: FlagSpec, word: string): boolean {
  if (flag.hidden === true) return false;
  if (!word.startsWith('--')) return flag.short === word.slice(1, 2);
  return [flag.name, ...(flag.aliases ?? [])].includes(word.slice(2));
}

/** Returns the hint for kubectl's -f of get, a letter with another meaning in kapi. */
function shortOf(word: string): string | undefined {
  return word.startsWith('-f') ? kubectlFlags['filename'] : undefined;
}

function firstWord(words: string): string {
  return words.split(' ')[0] ?? '';
}

function joinNames(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
}
