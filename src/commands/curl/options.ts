// kapi curl: parses words and flags to options. Pure; request.ts reads files.

import { UsageError } from '../../errors.ts';
import { allOf, parseCount, textOf } from '../read-flags.ts';
import type { RawFlags } from '../raw-flags.ts';
import { parseHeaderLines } from './headers.ts';

export const patchTypes = ['merge', 'json', 'strategic', 'apply'] as const;
export type PatchType = (typeof patchTypes)[number];

/** One of the flags that make up a body, in the order of the command line. */
export interface DataPart {
  readonly kind: 'data' | 'data-binary' | 'data-raw' | 'data-urlencode' | 'json';
  readonly text: string;
}

/** The destination of the response body. */
export type Output =
  /** Stdout, formatted on a terminal. */
  | { readonly kind: 'stdout' }
  /** Stdout, unchanged. */
  | { readonly kind: 'bytes' }
  | { readonly kind: 'file'; readonly path: string }
  /** A file with the name of the last part of the path. */
  | { readonly kind: 'remote-name' };

export interface CurlOptions {
  /** As typed: a path, a relative path or a URL. */
  readonly target: string;
  /** Value of -X, in upper case. */
  readonly method: string | undefined;
  readonly data: readonly DataPart[];
  /** Value of -T. `-` for stdin. */
  readonly upload: string | undefined;
  readonly patchType: PatchType | undefined;
  readonly dryRun: boolean;
  /** True to write to another server in the shell of a sandbox. */
  readonly notTheSandbox: boolean;
  /** As typed. */
  readonly headerLines: readonly string[];
  readonly userAgent: string | undefined;
  readonly basicUser: string | undefined;
  /** -G */
  readonly dataInQuery: boolean;
  readonly head: boolean;
  readonly include: boolean;
  /** Value of -D. */
  readonly dumpHeader: string | undefined;
  readonly output: Output;
  readonly writeOut: string | undefined;
  /** True to show the body as a tree. */
  readonly view: boolean;
  /** True to print no error messages. */
  readonly quiet: boolean;
  /** -f: omits the body of an error response. */
  readonly failFast: boolean;
  readonly location: boolean;
  readonly noBuffer: boolean;
  readonly compressed: boolean;
  /** 0: no limit. */
  readonly maxTimeMs: number;
  /** 0: only the limit of the transport. */
  readonly connectTimeoutMs: number;
  readonly retries: number;
  readonly retryDelayMs: number | undefined;
  readonly retryRefused: boolean;
  /** Flags that do not affect the request, for `--curl`. */
  readonly outputWords: readonly string[];
}

/**
 * Parses words and flags.
 * @throws UsageError for invalid values and for flags that exclude each other
 */
export function parseCurlOptions(words: readonly string[], flags: RawFlags): CurlOptions {
  const [target = '', excess] = words;
  if (target === '') throw new UsageError('PATH is empty', { code: 'MissingArgument' });
  if (excess !== undefined) {
    // The message repeats none of the words: without quotes a header falls apart into words, and
    // one of them can be a token.
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
    view: flags['view'] === true,
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
  // Lines of a file are checked after it has been read.
  parseHeaderLines(options.headerLines.filter((line) => !line.startsWith('@')));
  return options;
}

/** Refuses flags that ask for two requests in one, as curl does. @throws UsageError */
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
  const written = ['output', 'remote-name', 'head', 'include', 'no-buffer'].find(
    (name) => flags[name] !== undefined,
  );
  if (options.view && (written !== undefined || options.dumpHeader === '-')) {
    throw conflict(
      `--${written ?? 'dump-header'} has no meaning with --view, which shows the body as a tree`,
    );
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
