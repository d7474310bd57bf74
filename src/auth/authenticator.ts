// The credentials as the transport sees them: the Authenticator type and the two forms of an
// Authorization header. openAuthenticator in open-authenticator.ts makes one.

import { ConfigError } from '../errors.ts';
import type { Secret } from '../model/secret.ts';

export interface Authenticator {
  /**
   * Returns the value of the Authorization header for the next request. Undefined: no header. Reads
   * a file or runs a plugin only if the current value can be out of date.
   * @param signal signal of the request: aborting it stops a plugin that no other request waits for
   * @throws ConfigError if there is no credential; the reason of the signal if it aborted
   */
  authorization(signal?: AbortSignal): Promise<string | undefined>;
  /**
   * Returns the client certificate (PEM) for the next connection. Undefined: no certificate.
   * @throws as {@link Authenticator.authorization}
   */
  clientCertificate(
    signal?: AbortSignal,
  ): Promise<{ readonly certificate: string; readonly key: string } | undefined>;
  /**
   * Reads the file again or runs the plugin again, after a 401. Concurrent calls share one attempt.
   * @param refused the Authorization that the server refused, if one was sent. If it has been
   *   replaced meanwhile, returns true and runs nothing.
   * @returns true if a repeated request would send another credential
   * @throws as {@link Authenticator.authorization}
   */
  renew(refused?: string, signal?: AbortSignal): Promise<boolean>;
}

/**
 * Formats a bearer token as an Authorization header. Go sends other characters than ASCII as UTF-8.
 * @param place the origin of the token, for the message; follows "the token"
 * @throws ConfigError `TokenInvalid` for a token that a header cannot contain (a line end or
 *   another control character)
 * @see https://www.rfc-editor.org/rfc/rfc6750#section-2.1
 */
export function bearerHeader(token: Secret, place: string): string {
  const value = token.expose();
  if (!/[\0-\x08\x0a-\x1f\x7f]/.test(value)) return `Bearer ${value}`;
  const problem = /[\r\n]/.test(value) ? 'a line end' : 'a character that no header may have';
  throw new ConfigError(`the token ${place} contains ${problem}`, {
    code: 'TokenInvalid',
    hint: 'a token is one line without control characters; that of a file is trimmed, others are not',
  });
}

/**
 * Formats a user name and password as an Authorization header, in UTF-8 like Go.
 * @see https://www.rfc-editor.org/rfc/rfc7617
 */
export function basicHeader(username: string, password: Secret): string {
  return `Basic ${Buffer.from(`${username}:${password.expose()}`, 'utf8').toString('base64')}`;
}
