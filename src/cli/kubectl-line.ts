// Translates a command line of kubectl to words of kapi, or returns a line to suggest. Entry
// points: translate(), equivalentLine(). Pure.

import type { FlagSpec } from '../commands/spec.ts';
import { carriedWords } from './own-line.ts';
import { tokensOf, type FlagLookup, type FlagToken } from './argv.ts';
import { kubectlValueFlags, type KubectlWord } from './kubectl-words.ts';

/** The parsed words after kubectl's command. */
interface Typed {
  readonly operands: readonly string[];
  /** Values by long name without dashes; `true` for a switch. */
  readonly flags: ReadonlyMap<string, string | true>;
  /** Global flags among the words that select cluster and user, quoted for a shell. */
  readonly globals: readonly string[];
}

/** Long names of kubectl's letters. */
const longNames: Readonly<Record<string, string>> = {
  f: 'filename',
  c: 'container',
  p: 'patch',
  l: 'selector',
  k: 'kustomize',
  o: 'output',
};

/**
 * Translates a line.
 * @param args words after kubectl's command
 * @returns words of kapi; undefined for a form that kapi has no equivalent of
 */
export function translate(
  row: KubectlWord,
  args: readonly string[],
  globals: FlagLookup,
): readonly string[] | undefined {
  const head = row.kapi.split(' ');
  if (row.adapt === undefined) return [...head, ...args];
  switch (row.adapt) {
    case 'can-i':
      return [...head, ...namesApart(args, globals)];
    case 'raw':
      return raw(head, args);
    case 'wait':
      return wait(head, args, globals);
  }
}

/**
 * Returns the words with type and name separated: in kubectl `pods/exec` is the pod named exec, and
 * a line in kubectl's words keeps that meaning.
 */
function namesApart(args: readonly string[], globals: FlagLookup): string[] {
  if (args.some((word) => word === '--subresource' || word.startsWith('--subresource='))) return [...args];
  const target = operandsAt(args, globals)[1];
  return args.flatMap((word, at) => {
    const slash = word.indexOf('/');
    return at === target && slash > 0 ? [word.slice(0, slash), word.slice(slash + 1)] : [word];
  });
}

/** Translates `--raw`, which as in kubectl excludes all other flags except those of the path. */
function raw(head: readonly string[], args: readonly string[]): string[] | undefined {
  const words: string[] = [];
  const paths = new Set<string>();
  for (const token of tokensOf(args, lookupIn(['raw']))) {
    if (token.kind === 'flag') paths.add(token.value ?? '');
    else words.push(...args.slice(token.from, token.to));
  }
  const [path, other] = paths;
  return path === undefined || other !== undefined ? undefined : [...head, path, ...words];
}

function wait(head: readonly string[], args: readonly string[], globals: FlagLookup): string[] | undefined {
  const tokens = tokensOf(args, withKubectlFlags({}, globals));
  const named = (name: string): FlagToken[] =>
    tokens.flatMap((token) => (token.kind === 'flag' && token.flag.name === name ? [token] : []));
  const goals = named('for');
  const [timeout = '30s', other] = new Set(named('timeout').map(({ value = '' }) => value));
  if (goals.length === 0 || other !== undefined) return undefined;
  if (named('filename').length + named('kustomize').length > 0) return undefined;
  // Only kubectl has several goals in sequence; a single goal is the same as --until.
  const goalFlag = goals.length > 1 ? '--for' : '--until';
  const words = tokens.flatMap((token) => {
    const name = token.kind === 'flag' ? `--${token.flag.name}` : token.word;
    if (token.kind === 'flag' && name === '--for') return [goalFlag, token.value ?? ''];
    return name === '--timeout' || name === '--all' ? [] : args.slice(token.from, token.to);
  });
  // In kubectl a negative time means a week, which is practically no limit.
  return [...head, ...words, ...(timeout.startsWith('-') ? [] : ['--timeout', timeout])];
}

/** Makes a lookup of flags with a value by their long names. */
function lookupIn(names: readonly string[]): FlagLookup {
  const flags = names.map((name): FlagSpec => ({ name, value: 'VALUE', description: '' }));
  return { get: (word) => flags.find(({ name }) => word === `--${name}`) };
}

/**
 * Returns the flags of kubectl's command, of kapi, and those that have a value elsewhere in
 * kubectl.
 */
function withKubectlFlags(
  { switches = {}, values = [] }: Pick<KubectlWord, 'switches' | 'values'>,
  globals: FlagLookup,
): FlagLookup {
  const description = '';
  return {
    get: (word) => {
      const name = word.replace(/^-+/, '');
      const isSwitch = switches[name] !== undefined;
      const long = switches[name] ?? longNames[name] ?? name;
      if (isSwitch) return { name: long, description };
      if (values.includes(name)) return { name: long, value: 'VALUE', description };
      const flag = globals.get(word);
      if (flag !== undefined) return flag;
      return kubectlValueFlags.has(word) ? { name: long, value: 'VALUE', description } : undefined;
    },
  };
}

/**
 * Returns the line that does what the user asked for, with the typed words filled in: `kapi curl -X
 * DELETE pods/web`. Notes follow below it.
 * @param args words after kubectl's command
 */
export function equivalentLine(row: KubectlWord, args: readonly string[], globals: FlagLookup): string {
  const typed = takeApart(args, row, globals);
  const instead = row.instead?.find(({ where }) => args.some((word) => where.test(word)))?.kapi;
  const line = quotedPath(filledIn(instead ?? row.kapi, typed) + queryOf(row, typed));
  const whole = [line, ...(/^kapi (?!help)/.test(line) ? typed.globals : [])].join(' ');
  return row.note === undefined ? whole : `${whole}\n${filledIn(row.note, typed)}`;
}

function filledIn(text: string, typed: Typed): string {
  return text.replaceAll(
    /\b(?:ROLEKIND|ROLENAME|SUBJECTS|TAINTS|TYPE\/NAME|PATCHTYPE|REPLICAS|PAIRS|CONTAINER|IMAGE|FILE|TYPE|NAME|POD|PORT)\b/g,
    (word) => valueOf(word, typed) ?? defaults[word] ?? word,
  );
}

const defaults: Readonly<Record<string, string>> = {
  PATCHTYPE: 'strategic',
  PAIRS: '"KEY":"VALUE"',
  ROLEKIND: 'ClusterRole',
  SUBJECTS: '{"kind":"User","name":"USER"}',
  TAINTS: '{"key":"KEY","value":"VALUE","effect":"NoSchedule"}',
};

/** Matches words without special characters for a shell. Other words are not repeated. */
const harmless = /^[\w.:/@-]+$/;

/**
 * Returns the typed value for a placeholder in capitals. Undefined: keep the placeholder. Bodies
 * are not repeated, because they can contain secrets.
 */
function valueOf(word: string, { operands, flags }: Typed): string | undefined {
  const isPair = (operand: string): boolean => /^[^=]+(=|-$)/.test(operand);
  const pairs = operands.slice(1).filter(isPair);
  const [first = '', second] = operands.filter(
    (operand) => !pairs.includes(operand) && harmless.test(operand),
  );
  const slash = first.indexOf('/');
  const [type, name] = slash < 0 ? [first, second] : [first.slice(0, slash), first.slice(slash + 1)];
  const given = (flag: string): string | undefined => {
    const value = flags.get(flag);
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const safe = (value: string | undefined): string | undefined =>
    value !== undefined && harmless.test(value) ? value : undefined;
  const [container, image] = pairs[0]?.split('=') ?? [];
  switch (word) {
    case 'TYPE/NAME':
      return type === '' || name === undefined ? undefined : `${type}/${name}`;
    case 'TYPE':
      return type === '' ? undefined : type;
    case 'NAME':
      return name ?? (first === '' ? undefined : first);
    case 'POD':
      if (slash < 0) return first === '' ? undefined : first;
      return ['pod', 'pods', 'po'].includes(type) ? name : undefined;
    case 'PORT':
      return /^(?:\d*:)?(\d+)$/.exec(second ?? '')?.[1];
    case 'FILE': {
      const file = given('filename');
      return file === undefined ? undefined : quoted(file);
    }
    case 'PATCHTYPE':
      return safe(given('type'));
    case 'REPLICAS':
      return safe(given('replicas'));
    case 'IMAGE':
      return safe(given('image') ?? image);
    case 'CONTAINER':
      return safe(container);
    case 'PAIRS':
      return pairs.length === 0
        ? undefined
        : pairs
            .map(member)
            .join(',')
            .replaceAll("'", String.raw`'\''`);
    case 'ROLEKIND':
      return given('role') === undefined ? undefined : 'Role';
    case 'ROLENAME':
      return safe(given('clusterrole') ?? given('role'));
    case 'SUBJECTS':
      return subjectsOf(given);
    case 'TAINTS':
      return taintsOf(operands.slice(first === '' ? 0 : 1));
    default:
      return undefined;
  }
}

/** Returns the subjects of a binding: `--user`, `--group` and `--serviceaccount`. */
function subjectsOf(given: (flag: string) => string | undefined): string | undefined {
  const [user, group, account] = [given('user'), given('group'), given('serviceaccount')];
  const [namespace, name] = account?.split(':') ?? [];
  const apiGroup = 'rbac.authorization.k8s.io';
  const subjects = [
    ...(user === undefined ? [] : [{ kind: 'User', apiGroup, name: user }]),
    ...(group === undefined ? [] : [{ kind: 'Group', apiGroup, name: group }]),
    ...(name === undefined ? [] : [{ kind: 'ServiceAccount', namespace, name }]),
  ];
  const text = subjects.map((subject) => JSON.stringify(subject)).join(',');
  return text === '' ? undefined : text.replaceAll("'", String.raw`'\''`);
}

/** Returns the taints of `key=value:Effect`, `key:Effect`. */
function taintsOf(operands: readonly string[]): string | undefined {
  const taints = operands.flatMap((operand) => {
    const [, key, value = '', effect] = /^([\w./-]+)(?:=([\w.-]*))?:(\w+)$/.exec(operand) ?? [];
    return key === undefined ? [] : [{ key, ...(value === '' ? {} : { value }), effect }];
  });
  return taints.length === 0 ? undefined : taints.map((taint) => JSON.stringify(taint)).join(',');
}

/** Converts `a=b` to `"a":"b"`, `a-` to `"a":null`. */
function member(pair: string): string {
  const equals = pair.indexOf('=');
  return equals < 0
    ? `${JSON.stringify(pair.slice(0, -1))}:null`
    : `${JSON.stringify(pair.slice(0, equals))}:${JSON.stringify(pair.slice(equals + 1))}`;
}

function queryOf({ query = {} }: KubectlWord, { flags }: Typed): string {
  const parts = Object.entries(query).flatMap(([flag, parameter]) => {
    const value = flags.get(flag);
    if (value === undefined || value === 'false') return [];
    return [parameter.endsWith('=') ? `${parameter}${encodeURIComponent(value)}` : parameter];
  });
  return parts.length === 0 ? '' : `?${parts.join('&')}`;
}

function takeApart(args: readonly string[], row: KubectlWord, globals: FlagLookup): Typed {
  const operands: string[] = [];
  const flags = new Map<string, string | true>();
  const own: string[] = [];
  for (const token of tokensOf(args, withKubectlFlags(row, globals))) {
    if (token.kind === 'dashes') break;
    if (token.kind === 'flag') {
      const { flag, value } = token;
      if (flag === globals.get(`--${flag.name}`)) own.push(...carriedWords(flag, value));
      else flags.set(flag.name, value ?? true);
    } else if (token.kind === 'operand') operands.push(token.word);
    else {
      const [, name = '', value] = /^-+([^=]*)(?:=(.*))?$/s.exec(token.word) ?? [];
      flags.set(longNames[name] ?? name, value ?? true);
    }
  }
  return { operands, flags, globals: own };
}

/** Returns the positions of words that are not flags or values of flags. */
function operandsAt(args: readonly string[], globals: FlagLookup): number[] {
  return tokensOf(args, globals).flatMap(({ kind, from }) => (kind === 'operand' ? [from] : []));
}

/** Quotes a path with a query, because `&` and `?` are special in a shell. */
function quotedPath(line: string): string {
  return line.replace(/(?<= )(\S*\?\S*=\S*)$/, (path) => `'${path}'`);
}

/** Quotes a word for a shell. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
