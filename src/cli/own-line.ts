// Completes suggested commands: hints name a command, and this adds the flags of the user's own
// line that selected cluster, user and namespace, so that the command can be pasted. Entry points:
// readOwnLine(), completeCommands(). Pure.

import type { FlagSpec } from '../commands/spec.ts';
import { describeWords } from '../model/path-value.ts';
import { lineWord, readInstead } from '../model/suggestion.ts';
import { lookupOf, splitCommand, tokensAround, type FlagToken, type Token } from './argv.ts';
import { globalFlags } from './global-flags.ts';

/** One flag of the line, quoted for a shell. */
interface OwnFlag {
  readonly name: string;
  readonly words: string;
}

/** The parts of a command line that suggested commands repeat. */
export interface OwnLine {
  readonly flags: readonly OwnFlag[];
  /** The command that was typed. */
  readonly command: string;
  /**
   * The whole line, without `kapi`. Undefined if it contains a body or headers, which are not
   * repeated.
   */
  readonly whole: readonly LineWord[] | undefined;
}

/** A word of the line. */
interface LineWord {
  /** Quoted for a shell. */
  readonly shown: string;
  /** As typed. Undefined for the command, flags and their values. */
  readonly operand: string | undefined;
}

/**
 * Replaces a secret. If the variable is not set, the shell stops with an error, so that kapi does
 * not use another identity.
 */
const token = '"${TOKEN:?}"';
const password = '"${PASSWORD:?}"';

/** Flags of `kapi curl` with values that can be secret or long. */
const bodies = new Set([
  ...['data', 'data-binary', 'data-raw', 'data-urlencode', 'json', 'header', 'upload-file'],
]);

/**
 * Reads the flags that a suggestion must repeat. Never reports an error.
 * @param argv without the program's name
 * @param ownFlags flags of the command, which win over global flags with the same letter
 */
export function readOwnLine(argv: readonly string[], ownFlags: readonly FlagSpec[]): OwnLine {
  const globals = lookupOf(globalFlags);
  const line = splitCommand(argv, globals);
  const lookup = lookupOf([...ownFlags, ...globalFlags]);
  const tokens = tokensAround(line, globals, lookup);
  const found = new Map<string, OwnFlag>();
  for (const token of tokens) {
    if (token.kind !== 'flag') continue;
    const { flag, value } = token;
    for (const one of carriedFlags(flag, value)) {
      if (flag.repeated === 'all') found.set(`${one.name} ${one.words}`, one);
      else {
        found.delete(one.name);
        if (one.words !== '') found.set(one.name, one);
      }
    }
  }
  const hasBody = tokens.some(
    (token) => token.kind === 'flag' && bodies.has(token.flag.into ?? token.flag.name),
  );
  const { name = '', before } = line;
  const words = [...before, ...line.after];
  const whole = tokens.flatMap((token, at) =>
    // The last flag of a word such as -An shows all of it.
    tokens[at + 1]?.from === token.from ? [] : shownWords(token, words.slice(token.from, token.to)),
  );
  if (line.name !== undefined) {
    whole.splice(before.length, 0, { shown: lineWord(withoutPassword(name)), operand: undefined });
  }
  return { command: name, flags: [...found.values()], whole: hasBody ? undefined : whole };
}

/** Returns the words of a token, quoted for a shell, without their secrets. */
function shownWords(token: Token, words: readonly string[]): LineWord[] {
  if (token.kind === 'flag' && token.flag.value !== undefined) return shownFlag(token, words[0] ?? '');
  return words.map((word) => ({
    shown: lineWord(withoutPassword(word)),
    operand: token.kind === 'operand' ? word : undefined,
  }));
}

function shownFlag({ flag, spelled, value, from, to }: FlagToken, word: string): LineWord[] {
  const shown = shownValue(flag, value ?? '');
  const words =
    to > from + 1
      ? [lineWord(spelled), shown]
      : value === undefined
        ? [lineWord(word)]
        : word.startsWith('--')
          ? [`${spelled}=${shown}`]
          : [flag.secret === true ? `${spelled}${shown}` : lineWord(word)];
  return words.map((one) => ({ shown: one, operand: undefined }));
}

/** Quotes a value for a shell. Replaces secrets. */
function shownValue(flag: FlagSpec, value: string): string {
  if (flag.name === 'token') return token;
  if (flag.name === 'basic-user') return `${lineWord(value.split(':')[0] ?? '')}:${password}`;
  if (flag.secret === true) return password;
  return lineWord(withoutPassword(value));
}

/** Removes the login of a URL, which is never repeated. */
function withoutPassword(value: string): string {
  return value.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i, '$1');
}

/**
 * Returns the words of a flag that other commands repeat, for a shell. Empty for other flags and
 * for a switch that is off.
 */
export function carriedWords(flag: FlagSpec, value: string | undefined): readonly string[] {
  return carriedFlags(flag, value)
    .map(({ words }) => words)
    .filter((words) => words !== '');
}

/** Returns the flag for other commands. A switch that is off has empty words. */
function carriedFlags(flag: FlagSpec, value: string | undefined): OwnFlag[] {
  // The identity in curl's form, in kapi curl.
  if (flag.name === 'basic-user') {
    const user = lineWord((value ?? '').split(':')[0] ?? '');
    return [{ name: 'username', words: `--username ${user} --password ${password}` }];
  }
  if (flag.name === 'header') {
    const [, credential] = /^authorization\s*[:;]\s*(.*)$/is.exec(value ?? '') ?? [];
    if (credential === undefined) return [];
    return credential === ''
      ? [{ name: 'anonymous', words: '--anonymous' }]
      : [{ name: 'token', words: `--token ${token}` }];
  }
  if (flag.carried !== true) return [];
  const name = flag.name === 'namespace' ? '-n' : `--${flag.name}`;
  if (flag.value === undefined) {
    return [{ name: flag.name, words: /^(false|f|0)$/i.test(value ?? '') ? '' : name }];
  }
  if (value === undefined || value === '') return [{ name: flag.name, words: '' }];
  const isFile = flag.completes === 'file' || flag.completes === 'directory';
  const shown = isFile ? describedValue(name, value) : shownValue(flag, value);
  return [{ name: flag.name, words: `${name} ${shown}` }];
}

/**
 * Quotes a value. If it looks like the content of a file instead of its path, it is not repeated.
 */
function describedValue(name: string, value: string): string {
  return lineWord(describeWords([name, value])[1] ?? value);
}

/** Commands that do not use a cluster. */
const local = new Set(['help', 'completion', 'sandbox', '__complete']);

/** Commands that use the namespace, unless a path names one. */
const inNamespace = new Set(['list', 'ls', 'get', 'watch', 'curl', 'raw', 'downward', 'doctor']);

/**
 * Adds the flags of the line to every command between backticks in a text: `` `kapi list pods` ``.
 * `` `kapi …` `` means the line itself.
 * @param text a hint or a note
 */
export function completeCommands(text: string, line: OwnLine): string {
  if (!text.includes('`kapi ')) return text;
  return text
    .split('\n')
    .map((one) => completeLine(withoutThisCommand(one, line), line))
    .filter((one, _, all) => one !== '' || all.length === 1)
    .join('\n');
}

/**
 * Removes the part of a sentence that suggests what the user has just run: `kapi whoami` after
 * `kapi whoami`, or the line with a flag that it already has.
 */
function withoutThisCommand(text: string, { command, whole = [] }: OwnLine): string {
  const parts = text.split('; ');
  const kept = parts.filter((part) => {
    const [, flag] = /^`kapi … (--[\w-]+)`/.exec(part) ?? [];
    return !part.startsWith(`\`kapi ${command}\` `) && !whole.some(({ shown }) => shown === flag);
  });
  return kept.length === parts.length ? text : kept.join('; ');
}

function completeLine(text: string, line: OwnLine): string {
  let completed = '';
  let at = 0;
  for (;;) {
    const start = text.indexOf('`kapi ', at);
    const end = start < 0 ? -1 : endOfCommand(text, start + 1);
    if (end < 0) return completed + text.slice(at);
    completed += `${text.slice(at, start)}${wholeCommand(text.slice(start + 1, end), line)}`;
    at = end + 1;
  }
}

function wholeCommand(command: string, line: OwnLine): string {
  const instead = readInstead(command);
  if (instead !== undefined) return lineWith(instead, line);
  const [, more] = /^kapi … (.*)$/s.exec(command) ?? [];
  if (more === undefined) return `\`${withOwnFlags(command, line)}\``;
  if (line.whole === undefined) return `the same command with \`${more}\``;
  return `\`kapi ${textOf(line.whole)} ${more}\``;
}

function textOf(words: readonly LineWord[]): string {
  return words.map(({ shown }) => shown).join(' ');
}

/**
 * Returns the line with another word, or only that word if the line does not contain the old one.
 */
function lineWith(
  { what, word, instead }: { readonly what: string; readonly word: string; readonly instead: string },
  { whole = [] }: OwnLine,
): string {
  const parts = whole.map(({ operand }) => (operand === undefined ? [] : partsOf(operand, word)));
  const has = (of: readonly string[]): boolean => of.includes(word);
  const at = what === 'type' ? parts.findIndex(has) : parts.findLastIndex(has);
  const found = parts[at];
  if (found === undefined) return JSON.stringify(instead);
  const place = what === 'type' ? found.indexOf(word) : found.lastIndexOf(word);
  const shown = lineWord(found.map((part, index) => (index === place ? instead : part)).join(''));
  return `\`kapi ${textOf(whole.with(at, { shown, operand: undefined }))}\``;
}

/** Splits `pod/web` and `pods,deploy` into words and separators. */
function partsOf(operand: string, word: string): readonly string[] {
  return operand === word ? [operand] : operand.split(/([/,])/);
}

/** Returns the position of the closing backtick: the first one outside quotes. */
function endOfCommand(text: string, from: number): number {
  let quote = '';
  for (let at = from; at < text.length; at++) {
    const character = text.charAt(at);
    if (quote !== '') {
      if (character === quote) quote = '';
    } else if (character === '\\') at++;
    else if (character === "'" || character === '"') quote = character;
    else if (character === '`') return at;
  }
  return -1;
}

/**
 * Adds the flags of the user's own line that a command line does not have.
 * @param command quoted for a shell, with `kapi`
 */
export function withOwnFlags(command: string, { flags }: OwnLine): string {
  const end = endOfFirst(command);
  const head = command.slice(0, end).trimEnd();
  const words = head.split(/\s+/);
  const [, name = '', ...rest] = words;
  if (local.has(name) || rest.includes('--help') || name.startsWith('-')) return command;
  const operand = rest.find((word) => !word.startsWith('-')) ?? '';
  const hasScope = rest.some((word) => /^(-A|--all-namespaces|-n.*|--namespace(=.*)?)$/.test(word));
  const wantsNamespace =
    !hasScope &&
    ((inNamespace.has(name) && !/^'?\//.test(operand)) || (name === 'can-i' && rest.includes('--list')));
  const added = flags.filter((flag) =>
    flag.name === 'namespace' ? wantsNamespace : !rest.some((word) => isFlag(word, flag.name)),
  );
  return [head, ...added.map((flag) => flag.words), command.slice(end).trimStart()]
    .filter((part) => part !== '')
    .join(' ');
}

function isFlag(word: string, name: string): boolean {
  return word === `--${name}` || word.startsWith(`--${name}=`);
}

/** Returns the position of a pipe, a redirection or another command. */
function endOfFirst(command: string): number {
  let quote = '';
  for (let at = 0; at < command.length; at++) {
    const character = command.charAt(at);
    if (quote !== '') {
      if (character === quote) quote = '';
    } else if (character === '\\') at++;
    else if (character === "'" || character === '"') quote = character;
    else if (/[|><;&]/.test(character)) return at;
  }
  return command.length;
}
