// Estimates the nesting depth of a YAML text before it is parsed. Pure.

/** Max nesting depth. Real YAML texts are far less deep. */
export const maxYamlDepth = 200;

/**
 * True if a text can nest deeper than {@link maxYamlDepth}. The YAML library recurses until the
 * stack ends, and a regular expression that V8 compiles there ends the process, so such a text must
 * not reach it. Overestimates the depth and never underestimates it.
 */
export function canNestTooDeep(text: string): boolean {
  // Blocks: each level begins further to the right, after spaces and the indicators of sequences
  // and keys.
  if (new RegExp(`^[ ?:-]{${maxYamlDepth},}`, 'm').test(text)) return true;
  let open = 0;
  for (const [bracket] of text.matchAll(/[[\]{}]/g)) {
    open = bracket === '[' || bracket === '{' ? open + 1 : Math.max(0, open - 1);
    if (open > maxYamlDepth) return true;
  }
  return false;
}
