// curl's -w: formats the text after a transfer. Entry points: parseWriteOut() before it,
// formatWriteOut() after it. Pure.

import { UsageError } from '../../errors.ts';
import { nearest } from '../../model/nearest.ts';

/** Facts of a finished transfer. Times are milliseconds since its start. */
export interface TransferFacts {
  readonly method: string;
  readonly url: string;
  readonly effectiveUrl: string;
  /** 0: no response. */
  readonly status: number;
  readonly contentType: string;
  /** Headers of the response, unchanged. */
  readonly headerLines: readonly (readonly [name: string, value: string])[];
  readonly headerBytes: number;
  readonly downloadedBytes: number;
  readonly uploadedBytes: number;
  readonly redirects: number;
  readonly retries: number;
  readonly resolvedMs: number;
  readonly connectedMs: number;
  readonly securedMs: number;
  readonly firstByteMs: number;
  readonly totalMs: number;
  readonly fileName: string;
  readonly exitCode: number;
  readonly errorMessage: string;
}

const seconds = (ms: number): string => (ms / 1_000).toFixed(6);
const perSecond = (bytes: number, ms: number): string =>
  String(ms === 0 ? 0 : Math.round((bytes * 1_000) / ms));

const variables: Readonly<Record<string, (facts: TransferFacts) => string>> = {
  content_type: (facts) => facts.contentType,
  errormsg: (facts) => facts.errorMessage,
  exitcode: (facts) => String(facts.exitCode),
  filename_effective: (facts) => facts.fileName,
  http_code: (facts) => String(facts.status).padStart(3, '0'),
  http_version: (facts) => (facts.status === 0 ? '0' : '1.1'),
  method: (facts) => facts.method,
  num_headers: (facts) => String(facts.headerLines.length),
  num_redirects: (facts) => String(facts.redirects),
  num_retries: (facts) => String(facts.retries),
  redirect_url: redirectUrl,
  response_code: (facts) => String(facts.status).padStart(3, '0'),
  scheme: (facts) => new URL(facts.url).protocol.slice(0, -1).toUpperCase(),
  size_download: (facts) => String(facts.downloadedBytes),
  size_header: (facts) => String(facts.headerBytes),
  size_upload: (facts) => String(facts.uploadedBytes),
  speed_download: (facts) => perSecond(facts.downloadedBytes, facts.totalMs),
  speed_upload: (facts) => perSecond(facts.uploadedBytes, facts.totalMs),
  time_appconnect: (facts) => seconds(facts.securedMs),
  time_connect: (facts) => seconds(facts.connectedMs),
  time_namelookup: (facts) => seconds(facts.resolvedMs),
  time_pretransfer: (facts) => seconds(Math.max(facts.securedMs, facts.connectedMs)),
  time_starttransfer: (facts) => seconds(facts.firstByteMs),
  time_total: (facts) => seconds(facts.totalMs),
  url: (facts) => facts.url,
  url_effective: (facts) => facts.effectiveUrl,
};

/** Names of the variables of -w, for the help. */
export const writeOutVariables = Object.keys(variables);

type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'value'; readonly of: (facts: TransferFacts) => string }
  /** Switches the destination of the following pieces. */
  | { readonly kind: 'turn'; readonly to: 'stdout' | 'stderr' }
  /** The following pieces are for failures only. */
  | { readonly kind: 'onerror' };

export type WriteOutFormat = readonly Piece[];

/**
 * Parses a format.
 * @throws UsageError for an unknown variable, before anything is sent
 * @see https://curl.se/docs/manpage.html#-w
 */
export function parseWriteOut(format: string): WriteOutFormat {
  const pieces: Piece[] = [];
  const token = /%%|%header\{([^}]*)\}|%\{([^}]*)\}|\\(.)|[^%\\]+|[%\\]/gs;
  for (const [text, header, name, escaped] of format.matchAll(token)) {
    if (header !== undefined) pieces.push({ kind: 'value', of: (facts) => headerValue(facts, header) });
    else if (name !== undefined) pieces.push(variablePiece(name));
    else if (escaped !== undefined) pieces.push({ kind: 'text', text: escapes[escaped] ?? text });
    else pieces.push({ kind: 'text', text: text === '%%' ? '%' : text });
  }
  return pieces;
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

function variablePiece(name: string): Piece {
  if (name === 'stdout' || name === 'stderr') return { kind: 'turn', to: name };
  if (name === 'onerror') return { kind: 'onerror' };
  const of = variables[name];
  if (of !== undefined) return { kind: 'value', of };
  const near = nearest(name, writeOutVariables);
  throw new UsageError(`-w has no variable %{${name}}`, {
    code: 'BadFlagValue',
    hint:
      near.length > 0
        ? `did you mean ${near.map((one) => `%{${one}}`).join(' or ')}?`
        : `it has ${writeOutVariables.join(', ')}`,
  });
}

/** Returns the pieces of text with their destinations, in order. */
export function formatWriteOut(
  format: WriteOutFormat,
  facts: TransferFacts,
): { readonly to: 'stdout' | 'stderr'; readonly text: string }[] {
  const written: { to: 'stdout' | 'stderr'; text: string }[] = [];
  let to: 'stdout' | 'stderr' = 'stdout';
  for (const piece of format) {
    if (piece.kind === 'turn') to = piece.to;
    else if (piece.kind === 'onerror') {
      if (facts.exitCode === 0) break;
    } else written.push({ to, text: piece.kind === 'text' ? piece.text : piece.of(facts) });
  }
  return written;
}

function headerValue({ headerLines }: TransferFacts, name: string): string {
  const wanted = name.toLowerCase();
  return headerLines.find(([each]) => each.toLowerCase() === wanted)?.[1] ?? '';
}

/** Returns the target of a redirect that was not followed. */
function redirectUrl(facts: TransferFacts): string {
  const location = facts.status >= 300 && facts.status < 400 ? headerValue(facts, 'location') : '';
  if (location === '' || !URL.canParse(location, facts.effectiveUrl)) return '';
  return new URL(location, facts.effectiveUrl).href;
}
