// The flags of a line before a command parses them.

/**
 * Flags as typed: a string for a value, `true` for a switch, an array if `repeated` is `all`. Flags
 * that were not given are absent.
 */
export type RawFlags = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;
