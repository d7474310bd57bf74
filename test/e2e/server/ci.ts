// Decides whether missing programs are a failure.

/**
 * True if `CI` is set to a value other than no: a missing program is then a failure and not a skip.
 */
export function isCi(env: Readonly<Record<string, string | undefined>>): boolean {
  return !['', '0', 'false'].includes(env['CI'] ?? '');
}
