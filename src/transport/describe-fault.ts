// Words for what went wrong on the way: kubectl's where it has them, then facts, then what to do. Pure.

import type { X509Certificate } from 'node:crypto';
import { ConnectionError, messageOf, ServerError, type ErrorDetails, type KapiError } from '../errors.ts';
import type { Fault } from './fault.ts';
import { hostPort, type Endpoint, type ServerAddress } from './server-address.ts';
import { describeRoute, type Route } from './route.ts';
import { oneLineName } from './tls.ts';

/** What the words need to know besides the fault. */
export interface FaultContext {
  readonly server: ServerAddress;
  /** Follows "from": where the server address was written. */
  readonly serverFrom: string;
  readonly route: Route;
  /** Follows "from": where the proxy was written; undefined without one. */
  readonly proxyFrom: string | undefined;
  /** Subjects of the authorities in force, and where they came from; undefined where nothing is verified. */
  readonly trust: { readonly subjects: readonly string[]; readonly from: string } | undefined;
  /** Where the client certificate came from; undefined where none was sent. */
  readonly clientCertificateFrom: string | undefined;
  readonly method: string;
  readonly path: string;
  readonly now: Date;
  readonly headerBytes: number;
  readonly headerCount: number;
}

/** OpenSSL's verdicts that mean "no way from this certificate to an anchor". */
const unknownAuthority = new Set([
  'CERT_CHAIN_TOO_LONG',
  'CERT_SIGNATURE_FAILURE',
  'CERT_UNTRUSTED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/** OpenSSL's other verdicts about a certificate. */
const unfit = new Set([
  'CERT_REJECTED',
  'CERT_REVOKED',
  'EE_KEY_TOO_SMALL',
  'CA_KEY_TOO_SMALL',
  'CA_MD_TOO_WEAK',
  'ERROR_IN_CERT_NOT_AFTER_FIELD',
  'ERROR_IN_CERT_NOT_BEFORE_FIELD',
  'EXCLUDED_VIOLATION',
  'HOSTNAME_MISMATCH',
  'INVALID_CA',
  'INVALID_EXTENSION',
  'INVALID_PURPOSE',
  'PATH_LENGTH_EXCEEDED',
  'PERMITTED_VIOLATION',
  'UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY',
  'UNABLE_TO_DECRYPT_CERT_SIGNATURE',
  'UNHANDLED_CRITICAL_EXTENSION',
  'UNSPECIFIED',
  'UNSUPPORTED_CONSTRAINT_TYPE',
]);

/** Whether a fault is about a certificate that {@link readChain} of connect.ts could show. */
export function isVerdict(fault: Fault): boolean {
  return (
    fault.phase === 'tls' &&
    (unknownAuthority.has(fault.faultCode) ||
      unfit.has(fault.faultCode) ||
      fault.faultCode === 'CERT_HAS_EXPIRED' ||
      fault.faultCode === 'CERT_NOT_YET_VALID')
  );
}

/** Makes the error that a user sees. */
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
          hint: fault.detail?.startsWith('407')
            ? `put the user name and password into the proxy URL from ${context.proxyFrom ?? ''}`
            : undefined,
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

function networkError(fault: Fault, context: FaultContext): KapiError | undefined {
  const target =
    fault.party === 'proxy' && context.route.kind !== 'direct' ? context.route.proxy : context.server;
  const dial = `${fault.party === 'proxy' ? 'proxyconnect tcp: ' : ''}dial tcp`;
  switch (fault.faultCode) {
    case 'ECONNREFUSED':
      return fault.party === 'proxy'
        ? unable(
            fault,
            context,
            'ProxyUnreachable',
            `${dial} ${hostPort(target)}: connect: connection refused`,
          )
        : new ConnectionError(
            `The connection to the server ${hostPort(target)} was refused - did you specify the right host or port?`,
            { code: 'ConnectionRefused', prefix: '', cause: fault, hint: whereFrom(fault, context) },
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
        ? truncated(fault, context)
        : unable(
            fault,
            context,
            'ConnectionReset',
            `${fault.faultCode === 'EPIPE' ? 'write' : 'read'} tcp ${hostPort(target)}: ${fault.faultCode === 'EPIPE' ? 'broken pipe' : 'connection reset by peer'}`,
            { causes: suspicion(fault, context) },
          );
    case 'CLOSED':
      return fault.phase === 'body'
        ? truncated(fault, context)
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

/** Servers that do not send an alert just hang up on a client certificate that they do not like. */
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

function truncated(fault: Fault, context: FaultContext): ConnectionError {
  return new ConnectionError(
    `the connection to ${hostPort(context.server)} broke in the middle of the answer to ${context.method} ${context.path}: unexpected EOF`,
    { code: 'TruncatedBody', cause: fault, causes: ['what came before is incomplete'] },
  );
}

function tlsError(fault: Fault, context: FaultContext): KapiError | undefined {
  const verify = 'tls: failed to verify certificate: ';
  const code = fault.faultCode;
  const [leaf] = fault.certificates;
  if (code === 'NAME_MISMATCH') {
    return unable(fault, context, 'WrongServerName', `${verify}${fault.detail ?? ''}`, {
      causes: leaf === undefined ? [] : [certificateLine(fault, leaf)],
      hint: `if it is the right server, name it as its certificate does: --tls-server-name NAME\n${whereFrom(fault, context)}`,
    });
  }
  if (unknownAuthority.has(code)) return authorityError(fault, context, verify);
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID') return dateError(fault, context, verify);
  if (unfit.has(code)) {
    return unable(fault, context, 'CertificateInvalid', `${verify}${causeText(fault)}`, {
      causes: leaf === undefined ? [] : [certificateLine(fault, leaf)],
    });
  }
  // Alerts of the other side. OpenSSL 3.5 renamed the beginning of these codes.
  const alert = /^ERR_SSL_.*?_?ALERT_(.+)$/.exec(code)?.[1];
  if (alert !== undefined) return alertError(fault, context, alert);
  if (
    code === 'ERR_SSL_WRONG_VERSION_NUMBER' ||
    code === 'ERR_SSL_PACKET_LENGTH_TOO_LONG' ||
    code === 'ERR_SSL_HTTP_REQUEST'
  ) {
    return unable(
      fault,
      context,
      'ServerSpeaksPlainHttp',
      'http: server gave HTTP response to HTTPS client',
      {
        causes: ['the answer to the TLS handshake is not TLS'],
        hint: `if this port speaks plain http, write http:// in the server address\n${whereFrom(fault, context)}`,
      },
    );
  }
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

function authorityError(fault: Fault, context: FaultContext, verify: string): ConnectionError {
  const causes: string[] = [];
  const [leaf] = fault.certificates;
  const last = fault.certificates.at(-1);
  if (leaf !== undefined) causes.push(certificateLine(fault, leaf));
  const { trust } = context;
  if (trust !== undefined) {
    const shown = trust.subjects.slice(0, 3).join('; ');
    const more = trust.subjects.length - 3;
    causes.push(
      trust.subjects.length === 0
        ? `trusted: nobody (${trust.from})`
        : `trusted: ${shown}${more > 0 ? ` and ${more} more` : ''} (${trust.from})`,
    );
    if (last !== undefined && trust.subjects.includes(oneLineName(last.issuer))) {
      causes.push(
        'an authority of that name is trusted, but its key is another one: the cluster may have been made anew',
      );
    }
  }
  return unable(
    fault,
    context,
    'UnknownAuthority',
    `${verify}x509: certificate signed by unknown authority`,
    {
      causes,
      hint: `name the authority of this ${fault.party === 'proxy' ? 'proxy' : 'cluster'}: --certificate-authority FILE\n${whereFrom(fault, context)}`,
    },
  );
}

function dateError(fault: Fault, context: FaultContext, verify: string): ConnectionError {
  const { now } = context;
  const expired = fault.faultCode === 'CERT_HAS_EXPIRED';
  const culprit = fault.certificates.find((certificate) =>
    expired
      ? Date.parse(certificate.validTo) < now.getTime()
      : Date.parse(certificate.validFrom) > now.getTime(),
  );
  const when =
    culprit === undefined
      ? ''
      : `: current time ${rfc3339(now)} is ${expired ? 'after' : 'before'} ${rfc3339(new Date(expired ? culprit.validTo : culprit.validFrom))}`;
  return unable(
    fault,
    context,
    expired ? 'CertificateExpired' : 'CertificateNotYetValid',
    `${verify}x509: certificate has expired or is not yet valid${when}`,
    {
      causes: culprit === undefined ? [] : [certificateLine(fault, culprit)],
      hint: `the certificate must be renewed on the ${fault.party}, or the clock of this machine is wrong\n${whereFrom(fault, context)}`,
    },
  );
}

/** The other side ended the handshake, or the connection right after it: almost always about our certificate. */
function alertError(fault: Fault, context: FaultContext, alert: string): KapiError {
  const words = alertWords[alert] ?? alert.toLowerCase().replaceAll('_', ' ');
  const message = `remote error: tls: ${words}`;
  const from = context.clientCertificateFrom;
  if (
    from === undefined &&
    (alert === 'CERTIFICATE_REQUIRED' || alert === 'HANDSHAKE_FAILURE' || alert === 'BAD_CERTIFICATE')
  ) {
    return unable(fault, context, 'ClientCertificateRequired', message, {
      causes: ['the server asks for a client certificate, and none is configured'],
      hint: `give one with --client-certificate FILE --client-key FILE\n${whereFrom(fault, context)}`,
    });
  }
  if (from !== undefined && certificateAlerts.has(alert)) {
    return unable(fault, context, 'ClientCertificateRejected', message, {
      causes: [`the server does not accept the client certificate from ${from}`],
      hint: whereFrom(fault, context),
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

/** Go's words for alerts, where they are not simply the name. */
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

/** An answer came, but it cannot be understood: exit code 5. */
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
  if (code === 'UNKNOWN_ENCODING') {
    return unreadable(
      fault,
      'EncodingUnknown',
      `${where} is encoded in a way that was not asked for: ${fault.detail ?? ''}`,
    );
  }
  if (code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH' || code === 'Z_BUF_ERROR')
    return truncated(fault, context);
  if (code.startsWith('Z_')) {
    return unreadable(fault, 'BodyUnreadable', `${where} is not the gzip stream that it claims to be`);
  }
  if (code === 'NOT_HTTP' || code.startsWith('HPE_')) {
    return unreadable(
      fault,
      'AnswerUnreadable',
      `${where} is not HTTP (${causeText(fault)})`,
      whereFrom(fault, context),
    );
  }
  return undefined;
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

function certificateLine(fault: Fault, certificate: X509Certificate): string {
  return `the ${fault.party}'s certificate: ${oneLineName(certificate.subject)}, issued by ${oneLineName(certificate.issuer)}, valid until ${rfc3339(new Date(certificate.validTo))}`;
}

/** The words of the system or of OpenSSL; only shown, never decided upon. */
function causeText(fault: Fault): string {
  const { cause } = fault;
  if (typeof cause === 'object' && cause !== null && 'reason' in cause && typeof cause.reason === 'string') {
    return cause.reason;
  }
  if (fault.faultCode === 'EAI_AGAIN') return 'Temporary failure in name resolution';
  return messageOf(cause ?? fault);
}

/** As Go prints times: no fraction of seconds. */
function rfc3339(date: Date): string {
  return Number.isNaN(date.getTime()) ? 'an unreadable date' : date.toISOString().replace(/\.\d+Z$/, 'Z');
}
