// Formats an exchange for `-v`, in curl's style. Most lines are built only from parts without
// secrets. Header values with secrets are redacted. Control characters from the server are kept;
// the terminal output escapes them. Pure.

import { TLSSocket } from 'node:tls';
import { readCertificate } from '../model/pem.ts';
import { hasSecretValue, redacted, withoutLogins } from '../model/secret.ts';
import type { Connection } from './connect.ts';
import { readableValue, type WireHeaders } from './headers.ts';
import { oneLineName } from './tls.ts';

/** Receives the lines of `-v`. */
export interface VerboseLog {
  /** 1: the exchange. 2: also timings and the bodies of access reviews. */
  readonly level: 1 | 2;
  /** Writes one line without a line end. It begins with `* `, `> ` or `< `. */
  line(text: string): void;
}

/** The result of the TLS handshake, for `* ` lines. */
export interface TlsSummary {
  readonly protocol: string;
  readonly cipher: string;
  readonly subject: string;
  readonly issuer: string;
  readonly validTo: string;
  readonly verified: boolean;
}

/** A connection, for `* ` lines. */
export interface ConnectionSummary {
  /** Host and port of the server, such as `10.0.0.1:6443`. */
  readonly peer: string;
  /** Description of the proxy, such as `http proxy 10.0.0.2:3128`; undefined without a proxy. */
  readonly via: string | undefined;
  readonly tls: TlsSummary | undefined;
}

/** Returns the line that announces a connection attempt, which can take long. */
export function tryingLine(peer: string, via: string | undefined): string {
  return `* Trying ${peer}${via === undefined ? '' : ` through ${via}`}...`;
}

/** Returns the lines about an open connection. */
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

/** Returns the facts of the TLS handshake; undefined for plain http. */
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

/** Returns the request line and the headers of a request, without secrets. */
export function requestLines(method: string, target: string, headers: WireHeaders): string[] {
  const lines = [`> ${method} ${withoutLogins(target)} HTTP/1.1`];
  for (const [name, value] of Object.entries(headers)) {
    for (const single of typeof value === 'string' ? [value] : value) {
      lines.push(`> ${name}: ${shownValue(name, readableValue(single))}`);
    }
  }
  return [...lines, '>'];
}

/** Returns the status line and the headers of an answer, without secrets. */
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
 * Returns the lines for a request body. Shows only the body of an access or self review (who am I,
 * what am I allowed to do) of up to 4096 bytes, which consists of names and verbs. For all other
 * bodies shows the size: objects, patches and token requests can contain secrets.
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

/**
 * Milliseconds of each step. A step that did not happen is absent, such as DNS on a reused
 * connection.
 */
export interface Timings {
  readonly dnsMs?: number | undefined;
  readonly tcpMs?: number | undefined;
  readonly proxyMs?: number | undefined;
  readonly tlsMs?: number | undefined;
  readonly firstByteMs?: number | undefined;
  readonly totalMs?: number | undefined;
}

/** Returns the line with the time of each step. */
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

/**
 * Returns a header value without its secret. Authorization keeps its scheme. A WebSocket protocol
 * can contain a token in its name.
 */
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
