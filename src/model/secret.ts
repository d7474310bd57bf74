// A string that must not be printed by accident.

import { inspect } from 'node:util';

/** Stands in every text where a secret would be. */
export const redacted = '(redacted)';

/**
 * Holds a token, password or private key. Every way of turning it into text gives `(redacted)`; only
 * {@link Secret.expose} gives the value, so a search for `expose(` finds each place where one leaves.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The value itself, for a header, a TLS context or an explicit `--show-secrets`. */
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

/** Cookies, and what gateways before API servers call their keys. */
const secretHeaders = /cookie|token|secret|password|api-?key/;

/** Whether the value of a header is a secret, by its name in lower case; for Authorization it is all but the scheme. */
export function hasSecretValue(header: string): boolean {
  return secretHeaders.test(header);
}

/** A text with the logins of all URLs in it left out: `https://host/x` for `https://jane:pw@host/x`. */
export function withoutLogins(text: string): string {
  return text.includes('@') ? text.replaceAll(/([a-z][a-z0-9+.-]*:\/\/)[^\s/?#"'`]*@/gi, '$1') : text;
}
