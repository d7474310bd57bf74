// What the transport knows of credentials: the Authenticator. Entry: openAuthenticator in open-authenticator.ts makes
// one; here are its type and the two forms of an Authorization header.

import { ConfigError } from '../errors.ts';
import type { Secret } from '../model/secret.ts';

export interface Authenticator {
  /**
   * Value of the Authorization header for a request about to be sent; undefined: none. May read a file or run a
   * plugin, but only when what it has may be out of date.
   * @param signal of the request: a plugin that runs for nobody else is stopped when it aborts
   * @throws ConfigError when there is no credential to be had; the reason of the signal when that aborted
   */
  authorization(signal?: AbortSignal): Promise<string | undefined>;
  /**
   * PEM of the client certificate for a connection about to be opened; undefined: none.
   * @throws as {@link Authenticator.authorization}
   */
  clientCertificate(
    signal?: AbortSignal,
  ): Promise<{ readonly certificate: string; readonly key: string } | undefined>;
  /**
   * Called after a 401: reads the file again or runs the plugin again. Calls at the same time share one attempt.
   * @param refused the Authorization that the server refused, where one was sent: if it has been replaced in the
   *   meantime, that is the answer and nothing is run
   * @returns whether a repeated request would carry something else
   * @throws as {@link Authenticator.authorization}
   */
  renew(refused?: string, signal?: AbortSignal): Promise<boolean>;
}

/**
 * @param place follows "the token": where it came from
 * @throws ConfigError `TokenInvalid` for a token that no header can carry (a line end, control or non-ASCII characters)
 * @see https://www.rfc-editor.org/rfc/rfc6750#section-2.1
 */
export function bearerHeader(token: Secret, place: string): string {
  const value = token.expose();
  if (/^[\x20-\x7e\t]+$/.test(value)) return `Bearer ${value}`;
  const problem = /[\r\n]/.test(value) ? 'a line end' : 'a character that no header may have';
  throw new ConfigError(`the token ${place} holds ${problem}`, {
    code: 'TokenInvalid',
    hint: 'a token is one line of printable characters; that of a file is trimmed, others are not',
  });
}

/** @see https://www.rfc-editor.org/rfc/rfc7617 (as UTF-8, which is what Go sends) */
export function basicHeader(username: string, password: Secret): string {
  return `Basic ${Buffer.from(`${username}:${password.expose()}`, 'utf8').toString('base64')}`;
}
