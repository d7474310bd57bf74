// Parses and writes field selectors: parseFieldTerms() parses as the API server does,
// escapeFieldValue() escapes a value, nameInFieldSelector() returns the single object that a
// selector names. Pure.

/** One term of a field selector. */
export interface FieldTerm {
  readonly field: string;
  /** True for `=` and `==`, false for `!=`. */
  readonly equal: boolean;
  /** Unescaped. */
  readonly value: string;
}

/** Thrown for a selector that the API server answers with 400. The message is the server's. */
export class FieldSelectorError extends Error {}

/**
 * Splits `spec.nodeName=a,status.phase!=Running` into terms, sorted as the server sorts them.
 * @throws FieldSelectorError
 * @see https://pkg.go.dev/k8s.io/apimachinery/pkg/fields#ParseSelector
 */
export function parseFieldTerms(selector: string): FieldTerm[] {
  return splitTerms(selector)
    .filter((part) => part !== '')
    .sort()
    .map((part) => parseTerm(selector, part));
}

/**
 * Escapes a value for the right side of a term: a comma or an equals sign in it would end the
 * value.
 * @see https://pkg.go.dev/k8s.io/apimachinery/pkg/fields#EscapeValue
 */
export function escapeFieldValue(value: string): string {
  return value.replaceAll(/[\\,=]/g, '\\$&');
}

/** Writes the selector of the one object with a name. */
export function fieldSelectorOfName(name: string): string {
  return `metadata.name=${escapeFieldValue(name)}`;
}

/**
 * Returns the name of `metadata.name=` in a selector, or '' if there is none or the selector is
 * invalid.
 */
export function nameInFieldSelector(selector: string): string {
  try {
    const terms = parseFieldTerms(selector);
    return terms.find((term) => term.field === 'metadata.name' && term.equal)?.value ?? '';
  } catch (error) {
    if (error instanceof FieldSelectorError) return '';
    throw error;
  }
}

function splitTerms(text: string): string[] {
  const terms: string[] = [];
  let term = '';
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === '\\') {
      term += character + text.charAt(at + 1);
      at += 1;
    } else if (character === ',') {
      terms.push(term);
      term = '';
    } else {
      term += character;
    }
  }
  terms.push(term);
  return terms;
}

function parseTerm(selector: string, part: string): FieldTerm {
  const found = /!=|==|=/.exec(part);
  if (found === null) {
    throw new FieldSelectorError(`invalid selector: '${selector}'; can't understand '${part}'`);
  }
  return {
    field: part.slice(0, found.index),
    equal: found[0] !== '!=',
    value: unescapeValue(part.slice(found.index + found[0].length)),
  };
}

function unescapeValue(text: string): string {
  let value = '';
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === '\\') {
      at += 1;
      const escaped = text.charAt(at);
      if (escaped !== '\\' && escaped !== ',' && escaped !== '=') {
        throw new FieldSelectorError(`invalid field selector: invalid escape sequence: \\${escaped}`);
      }
      value += escaped;
    } else if (character === '=') {
      // Go prints the rune as a number.
      throw new FieldSelectorError('invalid field selector: unescaped character in value: 61');
    } else {
      value += character;
    }
  }
  return value;
}
