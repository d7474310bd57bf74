// What `-v` shows of an exchange, in curl's style. The text is built from known-harmless parts only: nothing here
// takes a secret and hides it later. Pure; control characters of the server are left for the terminal's side to show.

import { TLSSocket } from 'node:tls';
import { readCertificate } from '../model/pem.ts';
import { hasSecretValue, redacted, withoutLogins } from '../model/secret.ts';
import type { Connection } from './connect.ts';
import { readableValue, type WireHeaders } from './headers.ts';
import { oneLineName } from './tls.ts';

/** Where the lines go. */
export interface VerboseLog {
  /** 1: the exchange. 2: bodies of access questions and timings too. */
  readonly level: 1 | 2;
  /** One line without its end: begins with `* `, `> ` or `< `. */
  line(text: string): void;
}

/** What TLS came to, for `* ` lines. */
export interface TlsSummary {
  readonly protocol: string;
  readonly cipher: string;
  readonly subject: string;
  readonly issuer: string;
  readonly validTo: string;
  readonly verified: boolean;
}

export interface ConnectionSummary {
  /** `10.0.0.1:6443` as connected to. */
  readonly peer: string;
  /** `http proxy 10.0.0.2:3128`. */
  readonly via: string | undefined;
  readonly tls: TlsSummary | undefined;
}

/** What is said before a connection is there, since it may take long. */
export function tryingLine(peer: string, via: string | undefined): string {
  return `* Trying ${peer}${via === undefined ? '' : ` through ${via}`}...`;
}

export function connectionLines({ peer, via, tls }: ConnectionSummary): string[] {
  const lines = [`* Connected to ${peer}${via === undefined ? '' : ` through ${via}`}`];
  if (tls !== undefined) {
    lines.push(
      `* TLS: ${tls.protocol} / ${tls.cipher}`,
      `* Server certificate: ${tls.subject}; issued by ${tls.issuer}; valid until ${tls.validTo}`,
      tls.verified ? '* Server certificate verified' : '* Server certificate NOT verified (insecure)',
    );
  }
  return lines;
}

/** Returns undefined for plain http. */
export function tlsSummary({ socket, shown }: Connection, verified: boolean): TlsSummary | undefined {
  if (!(socket instanceof TLSSocket)) return undefined;
  const certificate = shown[0] === undefined ? undefined : readCertificate(shown[0]);
  return {
    protocol: socket.getProtocol() ?? 'unknown',
    cipher: socket.getCipher().standardName,
    subject: certificate === undefined ? 'none' : oneLineName(certificate.subject),
    issuer: certificate === undefined ? 'nothing' : oneLineName(certificate.issuer),
    validTo: certificate?.validTo ?? 'never',
    verified,
  };
}

export function requestLines(method: string, target: string, headers: WireHeaders): string[] {
  const lines = [`> ${method} ${withoutLogins(target)} HTTP/1.1`];
  for (const [name, value] of Object.entries(headers)) {
    for (const single of typeof value === 'string' ? [value] : value) {
      lines.push(`> ${name}: ${shownValue(name, readableValue(single))}`);
    }
  }
  return [...lines, '>'];
}

export function answerLines(
  status: number,
  statusText: string,
  headers: readonly (readonly [string, string])[],
): string[] {
  return [
    `< HTTP/1.1 ${status}${statusText === '' ? '' : ` ${statusText}`}`,
    ...headers.map(([name, value]) => `< ${name}: ${shownValue(name.toLowerCase(), readableValue(value))}`),
    '<',
  ];
}

/**
 * The body of a request where it cannot hold a secret: the reviews that ask "who am I" and "may I", whose fields are
 * names and verbs. All other bodies are only counted: objects, patches and token requests may hold anything.
 */
export function bodyLines(path: string, body: string | Uint8Array | undefined, streamed: boolean): string[] {
  if (streamed) return ['* Request body: a stream'];
  if (body === undefined) return [];
  const bytes = Buffer.byteLength(body);
  if (!harmless.test(path) || bytes > 4096) return [`* Request body: ${bytes} bytes`];
  const text = typeof body === 'string' ? body : Buffer.from(body).toString();
  return text.split('\n').map((line) => `> ${line}`);
}

const harmless =
  /\/apis\/(authorization\.k8s\.io\/v\w+\/(?:namespaces\/[^/]+\/local|self)?subject(?:access|rules)reviews|authentication\.k8s\.io\/v\w+\/selfsubjectreviews)(?:\?|$)/;

/** Milliseconds of each step; absent ones did not happen (a kept-alive connection needs none of the first). */
export interface Timings {
  readonly dnsMs?: number | undefined;
  readonly tcpMs?: number | undefined;
  readonly proxyMs?: number | undefined;
  readonly tlsMs?: number | undefined;
  readonly firstByteMs?: number | undefined;
  readonly totalMs?: number | undefined;
}

export function timingLine(timings: Timings): string {
  const parts = [
    ['DNS', timings.dnsMs],
    ['TCP', timings.tcpMs],
    ['proxy', timings.proxyMs],
    ['TLS', timings.tlsMs],
    ['first byte', timings.firstByteMs],
    ['total', timings.totalMs],
  ] as const;
  const shown = parts.flatMap(([name, ms]) => (ms === undefined ? [] : [`${name} ${formatMs(ms)}`]));
  return `* Time: ${shown.join(', ')}`;
}

function formatMs(ms: number): string {
  return ms < 10 ? `${ms.toFixed(1)} ms` : `${Math.round(ms)} ms`;
}

/** Authorization keeps its scheme; a WebSocket protocol may carry a token in its name. */
function shownValue(name: string, value: string): string {
  if (name === 'authorization' || name === 'proxy-authorization') {
    const scheme = /^(Bearer|Basic|Negotiate|Digest) /i.exec(value)?.[1];
    return scheme === undefined ? redacted : `${scheme} ${redacted}`;
  }
  if (name === 'sec-websocket-protocol') {
    return value.replaceAll(/(base64url\.bearer\.authorization\.k8s\.io\.)[^\s,]+/g, `$1${redacted}`);
  }
  if (hasSecretValue(name)) return redacted;
  return name === 'location' ? withoutLogins(value) : value;
}
