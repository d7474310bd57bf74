// What Bun needs instead of a module for Node. Entry point: bunModules, a plugin for Rolldown.
import { root } from './tools.mjs';

/**
 * - BoringSSL has no security levels, and refuses a list of ciphers that names one. Its min size
 *   of a key is 1024 bits.
 * - JavaScriptCore has no flags of V8.
 * - A failed connection has the code ECONNREFUSED for most reasons.
 * - A server that keeps half-closed connections does not report that a client has closed its side.
 * - A server takes no connections from another one. The sandbox then answers plain HTTP with an
 *   alert of TLS.
 */
const replacements = {
  'src/transport/cipher-list.ts': "export { DEFAULT_CIPHERS as cipherList } from 'node:tls';",
  'src/io/young-generation.ts': 'export const keepYoungGenerationSmall = () => undefined;',
  'src/transport/refused-connections.ts': 'export const isRefusalCertain = false;',
  'src/proxy/half-closed.ts': 'export const canAnswerHalfClosed = false;',
  'src/sandbox/listener.ts': 'export const listenerFor = (tls) => tls;',
};

export const bunModules = {
  name: 'bun-modules',
  load: (id) => replacements[id.slice(root.length)] ?? null,
};
