// A request as the curl command that sends it. Entry point: curlCommand(). Pure: it reads no file and sends nothing.

import { requestInfoOf } from '../model/request-info.ts';
import type { RequestSpec } from '../model/request.ts';
import { isSecretType } from '../model/secret-values.ts';
import { proxyWords, targetOf, timeLimitWords, trustWords } from './connection-words.ts';
import { authorizationWords, clientCertificateWords, impersonationWords } from './credential-words.ts';
import type { CurlFacts, Warn } from './curl-facts.ts';
import { headerWords } from './header-words.ts';
import { isPrintable, printfCommand, shellWord } from '../model/shell-words.ts';

export interface CurlCommand {
  /**
   * The command in groups that belong together, quoted; joined by blanks it is one command, and each group may begin a
   * line of its own after a backslash.
   */
  readonly lines: readonly string[];
  /** What the command cannot say, or must be told before it runs; one sentence each. */
  readonly warnings: readonly string[];
}

/** Longer bodies than this are piped: the system limits single arguments (128 KiB on Linux). */
const maxArgumentLength = 100_000;

/**
 * The curl command for a request, as a person would type it: method, connection, credentials, headers, body, URL. Flags
 * that only change how bytes travel (--compressed) are left out unless they were asked for. Needs curl 7.68 or later.
 * @see https://curl.se/docs/manpage.html
 */
export function curlCommand(request: RequestSpec, facts: CurlFacts): CurlCommand {
  const warnings = new Set<string>();
  const warn: Warn = (text) => warnings.add(text);
  const body = bodyWords(request, facts, warn);
  const target = targetOf(request, facts.config);
  const lines = [
    [...body.before, 'curl', ...outputWords(request), ...methodWords(request)].join(' '),
    ...trustWords(facts),
    ...proxyWords(facts, warn),
    ...clientCertificateWords(facts),
    ...authorizationWords(request, facts, warn),
    ...impersonationWords(request, facts),
    ...timeLimitWords(request, facts, warn),
    ...(request.compress === true ? ['--compressed'] : []),
    ...headerWords(request, facts, warn),
    ...body.words,
    ...target.words,
    shellWord(target.url),
  ];
  if (lines.some((line) => line.includes('<('))) warn('the command needs bash, zsh or ksh: sh has no <(…)');
  return { lines, warnings: [...warnings] };
}

function outputWords({ words, streaming, redirect }: RequestSpec): string[] {
  const flags = (words?.flags ?? []).map(shellWord);
  if (redirect === 'follow') flags.push('-L');
  if (streaming === true) flags.push('-N');
  return flags;
}

/** curl sends GET by itself, and POST where there is a body. */
function methodWords({ method, body, words }: RequestSpec): string[] {
  if (method === 'HEAD') return ['-I'];
  const usual = body === undefined ? 'GET' : words?.body?.[0] === '-T' ? 'PUT' : 'POST';
  return method === usual ? [] : ['-X', shellWord(method)];
}

interface BodyWords {
  /** What stands before `curl`: a command that writes the body into it. */
  readonly before: readonly string[];
  readonly words: readonly string[];
}

function bodyWords(request: RequestSpec, { showSecrets }: CurlFacts, warn: Warn): BodyWords {
  const { body, words } = request;
  if (body === undefined) return { before: [], words: [] };
  if (words?.body !== undefined) return { before: [], words: [words.body.map(shellWord).join(' ')] };
  if (!showSecrets && isAboutSecrets(request)) {
    warn(
      'the body is for a Secret and is not shown: give it to the command on standard input, or print it with --show-secrets',
    );
    return { before: [], words: ['--data-binary @-'] };
  }
  if (typeof body !== 'string' && !(body instanceof Uint8Array)) {
    warn('the body is a stream: give it to the command on standard input');
    return { before: [], words: ['--data-binary @-'] };
  }
  const text = typeof body === 'string' ? body : textOf(body);
  if (text === undefined || !isPrintable(text) || text.length > maxArgumentLength) {
    return { before: [printfCommand(text ?? body), '|'], words: ['--data-binary @-'] };
  }
  // -d takes an inline text as it is; only in front an @ means a file.
  return { before: [], words: [`${text.startsWith('@') ? '--data-raw' : '-d'} ${shellWord(text)}`] };
}

/** Whether the path names Secrets. */
function isAboutSecrets(request: RequestSpec): boolean {
  const info = requestInfoOf(request);
  return info.kind === 'resource' && isSecretType(info);
}

/** Undefined for bytes that are no UTF-8. */
function textOf(bytes: Uint8Array): string | undefined {
  const text = Buffer.from(bytes).toString('utf8');
  return Buffer.from(text).equals(bytes) ? text : undefined;
}
