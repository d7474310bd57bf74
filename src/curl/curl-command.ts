// Formats a request as the curl command that sends it. Entry point: curlCommand(). Pure: reads no
// file and sends nothing.

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
   * The quoted command in groups that belong together. Joined by blanks they are one command, and
   * each group can be on its own line after a backslash.
   */
  readonly lines: readonly string[];
  /** What the command cannot express, or what to do before it runs; one sentence each. */
  readonly warnings: readonly string[];
}

/**
 * Max characters of a body inside an argument. Longer bodies are piped, because the system limits
 * single arguments (128 KiB on Linux).
 */
const maxArgumentLength = 100_000;

/**
 * Returns the curl command for a request, as a person would type it: method, connection,
 * credentials, headers, body, URL. Omits flags that only change how bytes are transferred
 * (--compressed) unless the user asked for them. Needs curl 7.68 or later.
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

/** Returns the method. curl uses GET by default, and POST if there is a body. */
function methodWords({ method, body, words }: RequestSpec): string[] {
  if (method === 'HEAD') return ['-I'];
  const usual = body === undefined ? 'GET' : words?.body?.[0] === '-T' ? 'PUT' : 'POST';
  return method === usual ? [] : ['-X', shellWord(method)];
}

interface BodyWords {
  /** Text before `curl`: a command that pipes the body into it. */
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
  // -d sends a text unchanged, except that a leading @ means a file.
  return { before: [], words: [`${text.startsWith('@') ? '--data-raw' : '-d'} ${shellWord(text)}`] };
}

/** True if the path names Secrets. */
function isAboutSecrets(request: RequestSpec): boolean {
  const info = requestInfoOf(request);
  return info.kind === 'resource' && isSecretType(info);
}

/** Decodes UTF-8. Undefined for other bytes. */
function textOf(bytes: Uint8Array): string | undefined {
  const text = Buffer.from(bytes).toString('utf8');
  return Buffer.from(text).equals(bytes) ? text : undefined;
}
