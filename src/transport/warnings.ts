// Parses Warning headers of the API server, for example about deprecated versions. Entry point:
// warnOnce(). Pure.

/** One entry of a Warning header. */
export interface Warning {
  /** Always 299 from the API server. */
  readonly code: number;
  readonly agent: string;
  readonly text: string;
}

/**
 * Parses a Warning header value (RFC 7234 section 5.5): `299 - "text" "date"`, separated by commas.
 * Stops at the first entry that cannot be parsed, and returns the entries before it.
 */
export function parseWarnings(value: string): Warning[] {
  const warnings: Warning[] = [];
  const entry = /[\s,]*(\d{3}) (\S+) "((?:[^"\\]|\\[^])*)"(?: "[^"]*")?[ \t]*(?=,|$)/y;
  for (let match = entry.exec(value); match !== null; match = entry.exec(value)) {
    const [, code = '', agent = '', quoted = ''] = match;
    warnings.push({ code: Number(code), agent, text: quoted.replaceAll(/\\([^])/g, '$1') });
  }
  return warnings;
}

/**
 * Returns a function that passes the text of each 299 warning to `warn`, once. Does not escape
 * control characters. Passes at most 100 texts, so that a server cannot flood the terminal or the
 * memory.
 */
export function warnOnce(warn: (text: string) => void): (headerValues: readonly string[]) => void {
  const seen = new Set<string>();
  return (headerValues) => {
    for (const { code, text } of headerValues.flatMap(parseWarnings)) {
      // kubectl prints only 299. Other codes are about caches.
      if (code !== 299 || text === '' || seen.has(text) || seen.size >= 100) continue;
      seen.add(text);
      warn(text);
    }
  };
}
