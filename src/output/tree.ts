// Formats paths as a tree. Entry point: treeLines, a pure function.

import { escapeLine } from './escape.ts';

interface Branch {
  /** True if the path itself is in the list; otherwise it only leads to others. */
  listed: boolean;
  readonly children: Map<string, Branch>;
}

/**
 * Formats the tree of paths such as `/api`, `/apis/apps/v1`, one line each. Paths of the first
 * level start at the margin, and everything below has tree lines. A segment that is not a listed
 * path is joined with its only child (`/.well-known/openid-configuration`) or ends with a `/`.
 * Keeps the order of the paths.
 */
export function treeLines(paths: readonly string[]): string[] {
  const root = branch();
  for (const path of paths) {
    let at = root;
    for (const step of path.split('/').filter((part) => part !== '')) {
      let next = at.children.get(step);
      if (next === undefined) {
        next = branch();
        at.children.set(step, next);
      }
      at = next;
    }
    at.listed = true;
  }
  const lines: string[] = root.listed ? ['/'] : [];
  for (const [step, child] of root.children) {
    const [name, end] = withOnlyChildren(step, child);
    lines.push(`/${name}`);
    addChildren(lines, end, '');
  }
  return lines;
}

function addChildren(lines: string[], parent: Branch, lead: string): void {
  const last = parent.children.size - 1;
  let index = 0;
  for (const [step, child] of parent.children) {
    const [name, end] = withOnlyChildren(step, child);
    const isLast = index++ === last;
    lines.push(`${lead}${isLast ? '└── ' : '├── '}${name}`);
    addChildren(lines, end, `${lead}${isLast ? '    ' : '│   '}`);
  }
}

/**
 * Joins a segment with those below it as long as it is not a listed path and has only one child.
 */
function withOnlyChildren(step: string, from: Branch): readonly [string, Branch] {
  let name = escapeLine(step);
  let at = from;
  while (!at.listed && at.children.size === 1) {
    const [only] = at.children;
    if (only === undefined) break;
    name += `/${escapeLine(only[0])}`;
    at = only[1];
  }
  return [at.listed ? name : `${name}/`, at];
}

function branch(): Branch {
  return { listed: false, children: new Map() };
}
