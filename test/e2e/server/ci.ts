// Whether the run may do without something.

/** `CI` is set to anything but a no: then what is missing is a failure, never a skip. */
export function isCi(env: Readonly<Record<string, string | undefined>>): boolean {
  return !['', '0', 'false'].includes(env['CI'] ?? '');
}
