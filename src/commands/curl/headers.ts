// Parses lines of -H, with curl's meaning of a missing value. Pure.

import { UsageError } from '../../errors.ts';
import { transportHeaders } from '../../model/connection-headers.ts';
import type { RequestHeaders } from '../../model/request.ts';

export interface GivenHeaders {
  /** Names in lower case. A name that is given twice has two values. */
  readonly headers: RequestHeaders;
  /** Headers from `Name:` lines, which kapi must not send. */
  readonly omitted: readonly string[];
}

/**
 * Parses header lines.
 * @throws UsageError for a line that is not a header, or a header that the transport writes itself
 */
export function parseHeaderLines(lines: readonly string[]): GivenHeaders {
  const headers = new Map<string, string[]>();
  const omitted: string[] = [];
  for (const line of lines) {
    const match = /^([^\s:;]+)(?::[ \t]*(.*?)|;)[ \t]*$/s.exec(line);
    const name = match?.[1]?.toLowerCase();
    if (match === null || name === undefined) {
      // The message does not repeat the line, because it can contain a secret.
      throw new UsageError("a header is written 'Name: value', 'Name:' or 'Name;'", { code: 'BadFlagValue' });
    }
    const value = match[2];
    if (value === '') omitted.push(name);
    else if (transportHeaders.has(name)) {
      throw new UsageError(`the header ${match[1] ?? ''} belongs to the connection: kapi writes it itself`, {
        code: 'BadFlagValue',
      });
    } else headers.set(name, [...(headers.get(name) ?? []), value ?? '']);
  }
  return {
    headers: Object.fromEntries(
      [...headers].map(([name, values]) => [name, values.length === 1 ? (values[0] ?? '') : values]),
    ),
    omitted: omitted.filter((name) => !headers.has(name)),
  };
}
