// kapi curl: from words and flags to options. Pure; files are read in request.ts.

import { UsageError } from '../../errors.ts';
import { allOf, parseCount, textOf } from '../read-flags.ts';
import type { RawFlags } from '../spec.ts';
import { parseHeaderLines } from './headers.ts';

export const patchTypes = ['merge', 'json', 'strategic', 'apply'] as const;
export type PatchType = (typeof patchTypes)[number];

/** One of the flags that make up a body, in the order of the command line. */
export interface DataPart {
  readonly kind: 'data' | 'data-binary' | 'data-raw' | 'data-urlencode' | 'json';
  readonly text: string;
}

/** Where the body of the answer goes. */
export type Output =
  /** Stdout, laid out for people where that is a terminal. */
  | { readonly kind: 'stdout' }
  /** Stdout as it is. */
  | { readonly kind: 'bytes' }
  | { readonly kind: 'file'; readonly path: string }
  /** A file named like the last part of the path. */
  | { readonly kind: 'remote-name' };

export interface CurlOptions {
  /** As typed: a path, a relative path or a URL. */
  readonly target: string;
  /** Of -X, in upper case. */
  readonly method: string | undefined;
  readonly data: readonly DataPart[];
  /** Of -T; `-` for stdin. */
  readonly upload: string | undefined;
  readonly patchType: PatchType | undefined;
  readonly dryRun: boolean;
  /** In the shell of a sandbox: write to another server too. */
  readonly notTheSandbox: boolean;
  /** As typed. */
  readonly headerLines: readonly string[];
  readonly userAgent: string | undefined;
  readonly basicUser: string | undefined;
  /** -G */
  readonly dataInQuery: boolean;
  readonly head: boolean;
  readonly include: boolean;
  /** Of -D. */
  readonly dumpHeader: string | undefined;
  readonly output: Output;
  readonly writeOut: string | undefined;
  /** Say nothing of what went wrong. */
  readonly quiet: boolean;
  /** -f: no body of an error answer. */
  readonly failFast: boolean;
  readonly location: boolean;
  readonly noBuffer: boolean;
  readonly compressed: boolean;
  /** 0: no limit. */
  readonly maxTimeMs: number;
  /** 0: no limit but the transport's. */
  readonly connectTimeoutMs: number;
  readonly retries: number;
  readonly retryDelayMs: number | undefined;
  readonly retryRefused: boolean;
  /** Flags that do not change the request, for `--curl`. */
  readonly outputWords: readonly string[];
}

/**
 * @throws UsageError for values that cannot be and for flags that exclude each other
 */
export function parseCurlOptions(words: readonly string[], flags: RawFlags): CurlOptions {
  const [target = '', excess] = words;
  if (target === '') throw new UsageError('PATH is empty', { code: 'MissingArgument' });
  if (excess !== undefined) {
    // None of the words is repeated: without its quotes a header falls apart into words, and one of them is a token.
    throw new UsageError(`one path at a time, and these are ${words.length} words`, {
      code: 'ExcessArgument',
      hint: "a value with blanks needs quotes: -H 'Name: value'",
    });
  }
  const options: CurlOptions = {
    target,
    method: parseMethod(textOf(flags, 'request')),
    notTheSandbox: flags['yes-not-the-sandbox'] === true,
    data: allOf(flags, 'data').map(parseData),
    upload: textOf(flags, 'upload-file'),
    patchType: patchTypes.find((type) => type === flags['type']),
    dryRun: flags['dry-run'] === true,
    headerLines: allOf(flags, 'header'),
    userAgent: typeof flags['user-agent'] === 'string' ? flags['user-agent'] : undefined,
    basicUser: textOf(flags, 'basic-user'),
    dataInQuery: flags['get'] === true,
    head: flags['head'] === true,
    include: flags['include'] === true,
    dumpHeader: textOf(flags, 'dump-header'),
    output: parseOutput(flags),
    writeOut: textOf(flags, 'write-out'),
    quiet: flags['silent'] === true && flags['show-error'] !== true,
    failFast: flags['fail'] === true,
    location: flags['location'] === true,
    noBuffer: flags['no-buffer'] === true,
    compressed: flags['compressed'] === true,
    maxTimeMs: parseSeconds(flags, 'max-time') ?? 0,
    connectTimeoutMs: parseSeconds(flags, 'connect-timeout') ?? 0,
    retries: parseCount(flags, 'retry') ?? 0,
    retryDelayMs: parseSeconds(flags, 'retry-delay'),
    retryRefused: flags['retry-connrefused'] === true,
    outputWords: outputWords(flags),
  };
  checkTogether(options, flags);
  // Lines in a file are judged when it has been read.
  parseHeaderLines(options.headerLines.filter((line) => !line.startsWith('@')));
  return options;
}

/** @throws UsageError for what would be two requests in one, as with curl */
function checkTogether(options: CurlOptions, flags: RawFlags): void {
  const ways = [
    options.upload === undefined ? undefined : '-T (PUT)',
    options.head ? '-I (HEAD)' : undefined,
    options.data.length > 0 && !options.dataInQuery ? 'data (POST)' : undefined,
  ].filter((way) => way !== undefined);
  if (ways.length > 1) {
    throw conflict(
      `${ways.join(' and ')} are different requests: choose one, or put the data into the query with -G`,
    );
  }
  if (options.patchType !== undefined && (options.method ?? 'PATCH') !== 'PATCH') {
    throw conflict(`--type is for patches, and the method is ${options.method ?? ''}`);
  }
  if (options.patchType !== undefined && (options.head || options.dataInQuery)) {
    throw conflict('--type is for patches: -I and -G make another request of it');
  }
  if (flags['fail'] === true && flags['fail-with-body'] === true) {
    throw conflict('-f and --fail-with-body exclude each other');
  }
  if (options.retryDelayMs !== undefined && options.retries === 0) {
    throw conflict('--retry-delay needs --retry');
  }
  if (options.retryRefused && options.retries === 0) throw conflict('--retry-connrefused needs --retry');
}

function parseMethod(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  // Methods are case-sensitive, and no API has one in lower case.
  const method = text.toUpperCase();
  if (/^[A-Z]+$/.test(method) && method !== 'CONNECT') return method;
  throw new UsageError(`${JSON.stringify(text)} is not a method that kapi can send`, {
    code: 'BadFlagValue',
  });
}

function parseData(text: string): DataPart {
  const equals = text.indexOf('=');
  const name = text.slice(0, equals);
  const kinds = ['data', 'data-binary', 'data-raw', 'data-urlencode', 'json'] as const;
  return { kind: kinds.find((kind) => kind === name) ?? 'data', text: text.slice(equals + 1) };
}

function parseOutput(flags: RawFlags): Output {
  const path = textOf(flags, 'output');
  if (path !== undefined && flags['remote-name'] === true) throw conflict('-o and -O both name a file');
  if (flags['remote-name'] === true) return { kind: 'remote-name' };
  if (path === undefined) return { kind: 'stdout' };
  return path === '-' ? { kind: 'bytes' } : { kind: 'file', path };
}

function parseSeconds(flags: RawFlags, name: string): number | undefined {
  const text = textOf(flags, name);
  if (text === undefined) return undefined;
  if (!/^\d+(\.\d+)?$/.test(text)) {
    throw new UsageError(`invalid value "${text}" of --${name}: it takes seconds, such as 2 or 0.5`, {
      code: 'BadFlagValue',
    });
  }
  return Number(text) * 1_000;
}

const switchWords = [
  ['include', '-i'],
  ['silent', '-s'],
  ['show-error', '-S'],
  ['fail', '-f'],
  ['fail-with-body', '--fail-with-body'],
  ['remote-name', '-O'],
  ['retry-connrefused', '--retry-connrefused'],
] as const;
const valueWords = [
  ['output', '-o'],
  ['dump-header', '-D'],
  ['write-out', '-w'],
  ['max-time', '-m'],
  ['connect-timeout', '--connect-timeout'],
  ['retry', '--retry'],
  ['retry-delay', '--retry-delay'],
] as const;

function outputWords(flags: RawFlags): string[] {
  return [
    ...switchWords.flatMap(([name, word]) => (flags[name] === true ? [word] : [])),
    ...valueWords.flatMap(([name, word]) => {
      const value = textOf(flags, name);
      return value === undefined ? [] : [word, value];
    }),
  ];
}

function conflict(message: string): UsageError {
  return new UsageError(message, { code: 'ConflictingFlags' });
}
