// Names of headers that apply to one connection or to one message on it, in lower case.

/**
 * Headers that apply to one connection, whether or not Connection names them (RFC 9110 section
 * 7.6.1).
 */
const aboutConnection = [
  'connection',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

/** Headers that a proxy does not pass on, in either direction. */
export const hopByHopHeaders: ReadonlySet<string> = new Set([...aboutConnection, 'proxy-authenticate']);

/**
 * Request headers that the transport writes itself: other values would break the framing of the
 * message.
 */
export const transportHeaders: ReadonlySet<string> = new Set([
  ...aboutConnection,
  'content-length',
  'expect',
]);
