// Warning headers of the API server (deprecated versions, for instance). Pure.

/** One entry of a Warning header. */
export interface Warning {
  /** 299 for all that the API server sends. */
  readonly code: number;
  readonly agent: string;
  readonly text: string;
}

/**
 * Reads one or several Warning header values (RFC 7234 section 5.5): `299 - "text" "date"`, several with commas.
 * What cannot be read ends the header's list; what came before counts.
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
 * Hands the text of each 299 warning on, once in the life of the result. Control characters are left as they are.
 * At most a hundred texts are let through, so that a server cannot flood the terminal or the memory.
 */
export function warnOnce(warn: (text: string) => void): (headerValues: readonly string[]) => void {
  const seen = new Set<string>();
  return (headerValues) => {
    for (const { code, text } of headerValues.flatMap(parseWarnings)) {
      // kubectl shows 299 only; other codes are about caches on the way.
      if (code !== 299 || text === '' || seen.has(text) || seen.size >= 100) continue;
      seen.add(text);
      warn(text);
    }
  };
}
