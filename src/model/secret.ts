// A string that must not be printed by accident.

import { inspect } from 'node:util';

/** The text that replaces a secret everywhere. */
export const redacted = '(redacted)';

/**
 * Holds a token, password or private key. Every conversion to text gives `(redacted)`. Only {@link
 * Secret.expose} returns the value, so a search for `expose(` finds each use.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** Returns the value itself, for a header, a TLS context or an explicit `--show-secrets`. */
  expose(): string {
    return this.#value;
  }

  toString(): string {
    return redacted;
  }

  toJSON(): string {
    return redacted;
  }

  [inspect.custom](): string {
    return redacted;
  }
}

/** Matches cookies, and the names that gateways use for their API keys. */
const secretHeaders = /cookie|token|secret|password|api-?key/;

/**
 * True if the value of a header is a secret, by the header's name in lower case. In Authorization
 * everything except the scheme is secret.
 */
export function hasSecretValue(header: string): boolean {
  return secretHeaders.test(header);
}

/**
 * Matches the login of a URL. The scheme is in a lookbehind because the time then grows with the
 * length of the text, not with its square: a server can send a word of a megabyte.
 */
const login = /(?<=[a-z][a-z0-9+.-]*:\/\/)[^\s/?#"'`]*@/gi;

/**
 * Returns a text without the logins of the URLs in it: `https://host/x` for
 * `https://jane:pw@host/x`.
 */
export function withoutLogins(text: string): string {
  return text.replaceAll(login, '');
}
