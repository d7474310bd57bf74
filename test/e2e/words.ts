// A command line as text, so that tables of questions read like what people type. Entry point:
// wordsOf.

/**
 * Words of a line quoted as in a shell: single quotes, double quotes with backslash before `"` and
 * `\`, and quotes with a backslash before them outside of quotes. Nothing is expanded.
 * @throws Error when a quote does not end
 */
export function wordsOf(line: string): string[] {
  const words: string[] = [];
  const word = /\s*((?:\\['"]|[^\s'"]|'[^']*'|"(?:[^"\\]|\\.)*")+)/gy;
  let at = 0;
  for (const match of line.matchAll(word)) {
    at = match.index + match[0].length;
    words.push(
      (match[1] ?? '').replaceAll(
        /\\(['"])|'([^']*)'|"((?:[^"\\]|\\.)*)"/g,
        (_, bare?: string, single?: string, double?: string) =>
          bare ?? single ?? (double ?? '').replaceAll(/\\(["\\])/g, '$1'),
      ),
    );
  }
  if (line.slice(at).trim() !== '') throw new Error(`a quote without end: ${line}`);
  return words;
}
