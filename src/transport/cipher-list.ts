// The ciphers that kapi offers to servers and proxies.

import { DEFAULT_CIPHERS } from 'node:tls';

/**
 * Ciphers of every TLS connection, as OpenSSL reads them. OpenSSL 3.5 (Node 22 and later) refuses
 * keys below 2048 bits by default. Security level 1 accepts 1024 bits, as on Node 20 and in Go.
 */
export const cipherList = `${DEFAULT_CIPHERS}:@SECLEVEL=1`;
