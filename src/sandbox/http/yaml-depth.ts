// How deep a YAML text nests, told before a parser sees it. Pure.

/** Levels of nesting that no honest YAML text has. */
export const maxYamlDepth = 200;

/**
 * Says whether a text may nest deeper than {@link maxYamlDepth}. The YAML library recurses until the stack ends, and a
 * regular expression that V8 compiles there ends the process, so that such a text must not reach it. Counts too much
 * rather than too little.
 */
export function mayNestTooDeep(text: string): boolean {
  // Blocks: each level begins further to the right, behind spaces and the marks of sequences and keys.
  if (new RegExp(`^[ ?:-]{${maxYamlDepth},}`, 'm').test(text)) return true;
  let open = 0;
  for (const [bracket] of text.matchAll(/[[\]{}]/g)) {
    open = bracket === '[' || bracket === '{' ? open + 1 : Math.max(0, open - 1);
    if (open > maxYamlDepth) return true;
  }
  return false;
}
