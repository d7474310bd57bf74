// Turns a fault into the error that the user sees: kubectl's message where kubectl has one, then
// facts, then what to do. Entry point: describeFault(). Pure.

import { ConnectionError, messageOf, ServerError, type ErrorDetails, type KapiError } from '../errors.ts';
import { readCertificate } from '../model/pem.ts';
import type { Fault } from './fault.ts';
import { hostPort, isLoopback, type Endpoint, type ServerAddress } from './server-address.ts';
import { describeRoute, type Route } from './route.ts';
import { namesOf, oneLineName } from './tls.ts';
import { parseCertificate } from './certificate.ts';
import type { Refusal } from './verify-chain.ts';

/** What messages need in addition to the fault. */
export interface FaultContext {
  readonly server: ServerAddress;
  /** Where the server address was set. Follows "from" in messages. */
  readonly serverFrom: string;
  readonly route: Route;
  /** Where the proxy was set, or undefined without a proxy. Follows "from" in messages. */
  readonly proxyFrom: string | undefined;
  /**
   * The trusted authorities as DER, and their origin. Undefined if certificates are not verified.
   */
  readonly trust: { readonly anchors: readonly Buffer[]; readonly from: string } | undefined;
  /** Origin of the client certificate. Undefined if none is sent. */
  readonly clientCertificateFrom: string | undefined;
  /**
   * The first bytes that the port sends to a client without TLS, if it does not speak TLS.
   * Undefined: not known.
   */
  readonly greeting?: string | undefined;
  /** False if ECONNREFUSED has other meanings, too. */
  readonly isRefusalCertain: boolean;
  readonly method: string;
  readonly path: string;
  readonly now: Date;
  readonly headerBytes: number;
  readonly headerCount: number;
}

/** Returns true if the peer answered the TLS handshake with something other than TLS. */
export function isNoTls({ faultCode }: Fault): boolean {
  return (
    faultCode === 'ERR_SSL_WRONG_VERSION_NUMBER' ||
    faultCode === 'ERR_SSL_PACKET_LENGTH_TOO_LONG' ||
    faultCode === 'ERR_SSL_HTTP_REQUEST' ||
    faultCode === 'ERR_SSL_RECORD_LAYER_FAILURE'
  );
}

/** Makes the error that the user sees. */
export function describeFault(fault: Fault, context: FaultContext): KapiError {
  return (
    (fault.phase === 'proxy' ? proxyError(fault, context) : undefined) ??
    tlsError(fault, context) ??
    networkError(fault, context) ??
    answerError(fault, context) ??
    unable(fault, context, 'ConnectionFailed', messageOf(fault.cause ?? fault))
  );
}

function proxyError(fault: Fault, context: FaultContext): KapiError | undefined {
  const { route } = context;
  const proxy = route.kind === 'direct' ? '' : hostPort(route.proxy);
  switch (fault.faultCode) {
    case 'PROXY_STATUS':
      return unable(
        fault,
        context,
        'ProxyRefused',
        `the proxy ${proxy} answered CONNECT with ${fault.detail ?? ''}`,
        {
          ...(fault.detail?.startsWith('407') === true ? credentialsAdvice(fault, context) : {}),
        },
      );
    case 'SOCKS_REPLY':
      return unable(
        fault,
        context,
        'ProxyRefused',
        `the socks5 proxy ${proxy} refused: ${fault.detail ?? ''}`,
      );
    case 'TIMEOUT':
      return unable(fault, context, 'ProxyTimeout', `the proxy ${proxy} did not open the connection in time`);
    case 'CLOSED':
    case 'ECONNRESET':
      return unable(fault, context, 'ProxyRefused', `the proxy ${proxy} closed the connection`);
    default:
      return fault.faultCode.startsWith('HPE_')
        ? unable(fault, context, 'ProxyRefused', `the proxy ${proxy} does not speak HTTP`)
        : undefined;
  }
}

/**
 * Returns causes and hint after a 407. The proxy can ask for a scheme that kapi does not support.
 */
function credentialsAdvice(
  { asksFor = '' }: Fault,
  { route, proxyFrom = 'the configuration' }: FaultContext,
): Pick<ErrorDetails, 'hint' | 'causes'> {
  const hasCredentials =
    (route.kind === 'tunnel' || route.kind === 'forward') && route.proxy.authorization !== undefined;
  const causes = asksFor === '' ? [] : [`it asks for the credentials: ${asksFor.slice(0, 120)}`];
  if (asksFor !== '' && !/(?:^|,\s*)basic\b/i.test(asksFor)) {
    return {
      causes,
      hint: `kapi speaks the scheme Basic only, which the proxy from ${proxyFrom} does not offer`,
    };
  }
  return {
    causes,
    hint: hasCredentials
      ? `the proxy does not accept the user name and password in the proxy URL from ${proxyFrom}, or it wants another scheme than Basic, which kapi does not speak`
      : `put the user name and password into the proxy URL from ${proxyFrom}; kapi speaks the scheme Basic only`,
  };
}

function networkError(fault: Fault, context: FaultContext): KapiError | undefined {
  const target =
    fault.party === 'proxy' && context.route.kind !== 'direct' ? context.route.proxy : context.server;
  const dial = `${fault.party === 'proxy' ? 'proxyconnect tcp: ' : ''}dial tcp`;
  const isDoubtful = !context.isRefusalCertain && !isLoopback(target.host);
  const causes = isDoubtful
    ? [`or there is no route to ${target.host}: this build of kapi cannot tell one from the other`]
    : [];
  switch (fault.faultCode) {
    case 'ECONNREFUSED':
      return fault.party === 'proxy'
        ? unable(
            fault,
            context,
            'ProxyUnreachable',
            `${dial} ${hostPort(target)}: connect: connection refused`,
            { causes },
          )
        : new ConnectionError(
            `The connection to the server ${hostPort(target)} was refused - did you specify the right host or port?`,
            { code: 'ConnectionRefused', prefix: '', cause: fault, causes, hint: whereFrom(fault, context) },
          );
    case 'ENOTFOUND':
    case 'EAI_NONAME':
    case 'EAI_NODATA':
      return unable(fault, context, 'HostNotFound', `${dial}: lookup ${target.host}: no such host`);
    case 'EAI_AGAIN':
    case 'EAI_FAIL':
      return unable(fault, context, 'HostNotResolved', `${dial}: lookup ${target.host}: ${causeText(fault)}`);
    case 'EHOSTUNREACH':
      return unable(
        fault,
        context,
        'HostUnreachable',
        `${dial} ${hostPort(target)}: connect: no route to host`,
      );
    case 'ENETUNREACH':
      return unable(
        fault,
        context,
        'HostUnreachable',
        `${dial} ${hostPort(target)}: connect: network is unreachable`,
      );
    case 'TIMEOUT':
    case 'ETIMEDOUT':
      return fault.phase === 'tls'
        ? unable(fault, context, 'TlsTimeout', 'net/http: TLS handshake timeout', {
            causes: ['the connection was made, but the other side did not answer the TLS handshake'],
          })
        : unable(fault, context, 'ConnectTimeout', timeoutText(fault, dial, target));
    case 'ECONNRESET':
    case 'EPIPE':
    case 'ECONNABORTED':
      return fault.phase === 'body'
        ? truncationError(fault, context)
        : unable(
            fault,
            context,
            'ConnectionReset',
            `${fault.faultCode === 'EPIPE' ? 'write' : 'read'} tcp ${hostPort(target)}: ${fault.faultCode === 'EPIPE' ? 'broken pipe' : 'connection reset by peer'}`,
            { causes: suspicion(fault, context) },
          );
    case 'CLOSED':
      return fault.phase === 'body'
        ? truncationError(fault, context)
        : unable(fault, context, 'ConnectionClosed', 'EOF', {
            causes: [
              `${hostPort(target)} closed the connection before it answered`,
              ...suspicion(fault, context),
            ],
          });
    default:
      return undefined;
  }
}

/**
 * Returns a cause for servers that close the connection, without an alert, when they reject the
 * client certificate.
 */
function suspicion(fault: Fault, { server, clientCertificateFrom }: FaultContext): string[] {
  if (fault.phase !== 'request' || fault.reused || !server.secure || clientCertificateFrom === undefined)
    return [];
  return [`it may not accept the client certificate from ${clientCertificateFrom}`];
}

function timeoutText(fault: Fault, dial: string, target: Endpoint): string {
  return fault.phase === 'resolve'
    ? `${dial}: lookup ${target.host}: i/o timeout`
    : `${dial} ${hostPort(target)}: i/o timeout`;
}

function truncationError(fault: Fault, context: FaultContext): ConnectionError {
  return new ConnectionError(
    `the connection to ${hostPort(context.server)} broke in the middle of the answer to ${context.method} ${context.path}: unexpected EOF`,
    { code: 'TruncatedBody', cause: fault, causes: ['what came before is incomplete'] },
  );
}

function tlsError(fault: Fault, context: FaultContext): KapiError | undefined {
  const code = fault.faultCode;
  if (fault.refusal !== undefined) return certificateError(fault, fault.refusal, context);
  // A TLS alert from the peer. OpenSSL 3.5 changed the prefix of these codes.
  const alert = /^ERR_SSL_.*?_?ALERT_(.+)$/.exec(code)?.[1];
  if (alert !== undefined) return alertError(fault, context, alert);
  if (isNoTls(fault)) return noTlsError(fault, context);
  if (code === 'TLS_PORT') {
    return unable(
      fault,
      context,
      'ServerSpeaksTls',
      'the server wants TLS, but its address begins with http://',
      {
        hint: `write https:// in the server address\n${whereFrom(fault, context)}`,
      },
    );
  }
  if (code.startsWith('ERR_SSL_') || (fault.phase === 'tls' && code === 'EPROTO')) {
    return unable(fault, context, 'TlsFailed', `tls: ${causeText(fault)}`);
  }
  return undefined;
}

/**
 * Describes why the peer's certificates are not trusted: Go's message, then the certificate at
 * fault, then what to do.
 */
function certificateError(fault: Fault, refusal: Refusal, context: FaultContext): ConnectionError {
  const { code, causes, hint } = certificateAdvice(fault, refusal, context);
  const words =
    refusal.kind === 'unreadable' ? refusal.words : `tls: failed to verify certificate: ${refusal.words}`;
  return unable(fault, context, code, words, {
    causes,
    hint: [...hint, whereFrom(fault, context)].join('\n'),
  });
}

interface Advice {
  readonly code: string;
  readonly causes: readonly string[];
  readonly hint: readonly string[];
}

function certificateAdvice(fault: Fault, refusal: Refusal, context: FaultContext): Advice {
  const { kind } = refusal;
  const line = certificateLine(fault, refusal.culprit, context);
  switch (kind) {
    case 'wrong-name':
      return nameAdvice(fault, refusal);
    case 'unknown-authority':
      return authorityAdvice(fault, refusal, context);
    case 'expired':
    case 'not-yet-valid': {
      const code = kind === 'expired' ? 'CertificateExpired' : 'CertificateNotYetValid';
      const clock = 'or the clock of this machine is wrong';
      const hint = refusal.isAnchor
        ? `get the present certificate authority of the ${clusterOr(fault)} and replace ${context.trust?.from ?? 'this one'} with it, ${clock}`
        : `the certificate must be renewed on the ${fault.party}, ${clock}`;
      return { code, causes: [line], hint: [hint] };
    }
    case 'unreadable':
    case 'unfit':
      return {
        code: 'CertificateInvalid',
        causes: [line],
        hint: [`kubectl rejects this certificate too: reissue it for the ${fault.party}`],
      };
  }
}

function clusterOr({ party }: Fault): string {
  return party === 'proxy' ? 'proxy' : 'cluster';
}

/** Describes a wrong server name. Go's message lists either names or addresses; this lists both. */
function nameAdvice(fault: Fault, refusal: Refusal): Advice {
  const { dns, ips } = namesOf(refusal.culprit);
  const names = [
    ...(dns.length === 0 ? [] : [`names ${some(dns)}`]),
    ...(ips.length === 0 ? [] : [`addresses ${some(ips)}`]),
  ];
  const usable = dns.find((name) => !name.includes('*')) ?? dns[0]?.replace('*', 'NAME') ?? ips[0];
  return {
    code: 'WrongServerName',
    causes: [
      shownLine(fault, refusal.culprit),
      names.length === 0
        ? 'it has no alternative names; its common name does not count'
        : `it is valid for ${names.join(' and ')}`,
    ],
    hint:
      usable === undefined
        ? [`reissue the certificate with the name of the ${fault.party} among its alternative names`]
        : [`if it is the right ${fault.party}, name it as its certificate does: --tls-server-name ${usable}`],
  };
}

function some(texts: readonly string[]): string {
  const more = texts.length - 10;
  return `${texts.slice(0, 10).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function authorityAdvice(fault: Fault, { culprit, candidate }: Refusal, context: FaultContext): Advice {
  const { trust } = context;
  const [leaf] = fault.shown;
  const causes = leaf === undefined || leaf.equals(culprit) ? [] : [shownLine(fault, leaf)];
  causes.push(shownLine(fault, culprit));
  if (trust !== undefined) causes.push(...trustLines(trust));
  const name = `name the authority of this ${clusterOr(fault)}: --certificate-authority FILE`;
  if (candidate === undefined) return { code: 'UnknownAuthority', causes, hint: [name] };
  const where = candidate.isAnchor
    ? `in ${trust?.from ?? 'the trusted certificates'}`
    : `among those that the ${fault.party} shows`;
  if (/verification (?:error|failure)$/.test(candidate.words)) {
    causes.push(
      `an authority of that name is ${where}, but this certificate is not signed with its key: the ${clusterOr(fault)} may have been recreated`,
    );
    return { code: 'UnknownAuthority', causes, hint: [name] };
  }
  causes.push(`an authority of that name is ${where}, but it does not count: ${candidate.words}`);
  return {
    code: 'UnknownAuthority',
    causes,
    hint: [`kubectl rejects this certificate too: reissue it, or ${name}`],
  };
}

/** Max certificates that a message names. */
const maxNamed = 3;

/** Names the trusted certificates, and those that Go cannot parse and skips, with the reason. */
function trustLines({ anchors, from }: NonNullable<FaultContext['trust']>): string[] {
  const trusted: Buffer[] = [];
  const unreadable: string[] = [];
  for (const raw of anchors) {
    const parsed = parseCertificate(raw);
    if (typeof parsed === 'string') unreadable.push(`${subjectOf(raw) ?? 'a certificate'}: ${parsed}`);
    else trusted.push(raw);
  }
  const subjects = trusted.slice(0, maxNamed).flatMap((raw) => subjectOf(raw) ?? []);
  return [
    trusted.length === 0
      ? `no authority is trusted (${from})`
      : `trusted: ${subjects.join('; ')}${andMore(trusted)} (${from})`,
    ...(unreadable.length === 0
      ? []
      : [
          `not trusted, because neither kapi nor kubectl can parse it: ${unreadable.slice(0, maxNamed).join('; ')}${andMore(unreadable)}`,
        ]),
  ];
}

function subjectOf(raw: Buffer): string | undefined {
  const certificate = readCertificate(raw);
  return certificate === undefined ? undefined : oneLineName(certificate.subject);
}

function andMore({ length }: readonly unknown[]): string {
  return length > maxNamed ? ` and ${length - maxNamed} more` : '';
}

/** Describes a peer that does not speak TLS, with the protocol if its first bytes show it. */
function noTlsError(fault: Fault, context: FaultContext): KapiError {
  const { greeting = '' } = context;
  if (greeting.startsWith('HTTP/')) {
    return unable(
      fault,
      context,
      'ServerSpeaksPlainHttp',
      'http: server gave HTTP response to HTTPS client',
      {
        causes: [`the ${fault.party} answers the TLS handshake with plain HTTP`],
        hint: `write http:// in the address if that is what you want\n${whereFrom(fault, context)}`,
      },
    );
  }
  return unable(fault, context, 'ServerSpeaksNoTls', 'tls: first record does not look like a TLS handshake', {
    causes: [
      greeting === ''
        ? `what the ${fault.party} answers to the TLS handshake is not TLS`
        : `the ${fault.party} does not speak TLS but ${protocolOf(greeting)}`,
    ],
  });
}

/** Returns the protocol that the first line belongs to, and that line (max 80 characters). */
function protocolOf(greeting: string): string {
  const [line = ''] = greeting.split(/[\r\n]/, 1);
  const words = JSON.stringify(line.slice(0, 80));
  const known: readonly [RegExp, string][] = [
    [/^SSH-/, 'SSH'],
    [/^220[ -].*SMTP/i, 'SMTP'],
    [/^220[ -]/, 'FTP or SMTP'],
    [/^\* OK/, 'IMAP'],
    [/^\+OK/, 'POP3'],
    [/^RFB /, 'VNC'],
    [/^-ERR/, 'the protocol of Redis or POP3'],
    [/^HTTP\//, 'HTTP'],
    [/^\0\0[^\0]\x04/, 'HTTP/2 (kapi speaks HTTP/1.1)'],
  ];
  const found = known.find(([start]) => start.test(greeting))?.[1];
  return found === undefined ? `something that begins with ${words}` : `${found}: ${words}`;
}

/**
 * Describes a TLS alert: the peer ended the handshake, or the connection right after it. Many
 * alerts do not tell the whole reason.
 */
function alertError(fault: Fault, context: FaultContext, alert: string): KapiError {
  const words = alertWords[alert] ?? alert.toLowerCase().replaceAll('_', ' ');
  const message = `remote error: tls: ${words}`;
  const from = context.clientCertificateFrom;
  const give = `--client-certificate FILE --client-key FILE\n${whereFrom(fault, context)}`;
  if (from === undefined && alert === 'CERTIFICATE_REQUIRED') {
    return unable(fault, context, 'ClientCertificateRequired', message, {
      causes: [`the ${fault.party} asks for a client certificate, and none is configured`],
      hint: `give one with ${give}`,
    });
  }
  if (from === undefined && alert === 'BAD_CERTIFICATE') {
    return unable(fault, context, 'ClientCertificateRequired', message, {
      causes: [`no client certificate is configured; the ${fault.party} may ask for one`],
      hint: `if it does, give one with ${give}`,
    });
  }
  if (alert === 'HANDSHAKE_FAILURE') {
    return unable(fault, context, 'TlsFailed', message, {
      causes: [
        `the ${fault.party} did not say why: kapi and the ${fault.party} may have no cipher, curve or signature algorithm in common, or it may ${from === undefined ? 'ask for' : 'not accept'} a client certificate`,
      ],
    });
  }
  if (alert === 'NO_APPLICATION_PROTOCOL') {
    return unable(fault, context, 'TlsFailed', message, {
      causes: [
        `the ${fault.party} does not offer HTTP/1.1, which is what kapi speaks; it may offer HTTP/2 only`,
      ],
    });
  }
  if (from !== undefined && certificateAlerts.has(alert)) {
    return unable(fault, context, 'ClientCertificateRejected', message, {
      causes: [`the ${fault.party} does not accept the client certificate from ${from}`],
    });
  }
  return unable(fault, context, 'TlsFailed', message);
}

const certificateAlerts = new Set([
  'ACCESS_DENIED',
  'BAD_CERTIFICATE',
  'CERTIFICATE_EXPIRED',
  'CERTIFICATE_REQUIRED',
  'CERTIFICATE_REVOKED',
  'CERTIFICATE_UNKNOWN',
  'DECRYPT_ERROR',
  'UNKNOWN_CA',
  'UNSUPPORTED_CERTIFICATE',
]);

/** Go's texts for alerts whose text differs from the alert's name. */
const alertWords: Readonly<Record<string, string>> = {
  CERTIFICATE_EXPIRED: 'expired certificate',
  CERTIFICATE_REQUIRED: 'certificate required',
  CERTIFICATE_REVOKED: 'revoked certificate',
  CERTIFICATE_UNKNOWN: 'unknown certificate',
  DECRYPT_ERROR: 'error decrypting message',
  HANDSHAKE_FAILURE: 'handshake failure',
  PROTOCOL_VERSION: 'protocol version not supported',
  UNKNOWN_CA: 'unknown certificate authority',
  UNRECOGNIZED_NAME: 'unrecognized name',
  UNSUPPORTED_CERTIFICATE: 'unsupported certificate',
};

/**
 * Describes an answer that cannot be read: a ServerError (exit code 5). A body that ends too early
 * is a ConnectionError.
 */
function answerError(fault: Fault, context: FaultContext): KapiError | undefined {
  const where = `the answer of ${hostPort(context.server)} to ${context.method} ${context.path}`;
  const code = fault.faultCode;
  if (code === 'HPE_HEADER_OVERFLOW' || code === 'UND_ERR_HEADERS_OVERFLOW') {
    return unreadable(
      fault,
      'HeadersTooLarge',
      `the headers of ${where} are over ${context.headerBytes / 1024} KiB`,
    );
  }
  if (code === 'TOO_MANY_HEADERS') {
    return unreadable(fault, 'HeadersTooLarge', `${where} has more than ${context.headerCount} headers`);
  }
  if (code === 'TOO_MANY_1XX') {
    return unreadable(fault, 'AnswerUnreadable', `${where} does not come: the server sends 1xx answers only`);
  }
  if (code === 'UNKNOWN_ENCODING') {
    return unreadable(
      fault,
      'EncodingUnknown',
      `${where} is encoded in a way that was not asked for: ${fault.detail ?? ''}`,
    );
  }
  if (code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH' || code === 'Z_BUF_ERROR')
    return truncationError(fault, context);
  if (code.startsWith('Z_')) {
    return unreadable(
      fault,
      'BodyUnreadable',
      `${where} is not the compressed stream that it claims to be (${causeText(fault)})`,
    );
  }
  if (code === 'NOT_HTTP' || code.startsWith('HPE_')) {
    const start = startOf(fault);
    const why = start === '' || start.startsWith('HTTP/') ? causeText(fault) : `it is ${protocolOf(start)}`;
    return unreadable(
      fault,
      'AnswerUnreadable',
      `${where} is not HTTP/1.1 (${why})`,
      whereFrom(fault, context),
    );
  }
  return undefined;
}

/** Returns the first bytes (max 200) of an answer that is not HTTP, if Node provides them. */
function startOf({ phase, cause }: Fault): string {
  if (phase !== 'request') return '';
  if (typeof cause !== 'object' || cause === null) return '';
  if ('rawPacket' in cause && cause.rawPacket instanceof Buffer)
    return cause.rawPacket.subarray(0, 200).toString('latin1');
  return 'data' in cause && typeof cause.data === 'string' ? cause.data.slice(0, 200) : '';
}

function unreadable(fault: Fault, code: string, message: string, hint?: string): ServerError {
  return new ServerError(message, { code, cause: fault, hint });
}

function unable(
  fault: Fault,
  context: FaultContext,
  code: string,
  message: string,
  more: Pick<ErrorDetails, 'hint' | 'causes'> = {},
): ConnectionError {
  return new ConnectionError(`Unable to connect to the server: ${message}`, {
    code,
    prefix: '',
    cause: fault,
    causes: more.causes,
    hint: more.hint ?? whereFrom(fault, context),
  });
}

function whereFrom(fault: Fault, { server, serverFrom, route, proxyFrom }: FaultContext): string {
  const address = `the server address ${server.origin}${server.prefix} comes from ${serverFrom}`;
  const way = describeRoute(route);
  if (way === undefined || proxyFrom === undefined) return address;
  const proxy = `the ${way} comes from ${proxyFrom}`;
  return fault.party === 'proxy' ? proxy : `${address}, ${proxy}`;
}

/** Describes a certificate: a trusted one with its origin, or one that the peer sent. */
function certificateLine(fault: Fault, raw: Buffer, { trust }: FaultContext): string {
  return fault.refusal?.isAnchor === true && trust !== undefined
    ? `the trusted certificate from ${trust.from}: ${describe(raw, fault.refusal.kind)}`
    : shownLine(fault, raw);
}

function shownLine(fault: Fault, raw: Buffer): string {
  const isOwn = fault.shown[0]?.equals(raw) !== false;
  return `${isOwn ? `the ${fault.party}'s certificate` : `an intermediate certificate that the ${fault.party} shows`}: ${describe(raw, fault.refusal?.kind)}`;
}

function describe(raw: Buffer, kind: Refusal['kind'] | undefined): string {
  const certificate = readCertificate(raw);
  if (certificate === undefined) return 'it cannot be read';
  const time = (text: string): string => rfc3339(new Date(text));
  const start = kind === 'not-yet-valid' ? `from ${time(certificate.validFrom)} ` : '';
  return `${oneLineName(certificate.subject)}, issued by ${oneLineName(certificate.issuer)}, valid ${start}until ${time(certificate.validTo)}`;
}

/** Returns the message of the system or of OpenSSL. It is for display only; decisions use codes. */
function causeText(fault: Fault): string {
  const { cause } = fault;
  if (typeof cause === 'object' && cause !== null && 'reason' in cause && typeof cause.reason === 'string') {
    return cause.reason;
  }
  if (fault.faultCode === 'EAI_AGAIN') return 'Temporary failure in name resolution';
  return messageOf(cause ?? fault);
}

/** Formats a time as Go does, without a fraction of a second. */
function rfc3339(date: Date): string {
  return Number.isNaN(date.getTime()) ? 'an unreadable date' : date.toISOString().replace(/\.\d+Z$/, 'Z');
}
