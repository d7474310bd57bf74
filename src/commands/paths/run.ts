// Runs kapi paths.

import { problemText } from '../../api/groups.ts';
import { readPaths } from '../../api/paths.ts';
import { treeLines } from '../../output/tree.ts';
import { isStructured, printStructured } from '../../output/structured.ts';
import { escapeControl } from '../../output/escape.ts';
import type { Deps } from '../deps.ts';
import type { PathsOptions } from './options.ts';

/** Prints the paths. */
export async function runPaths({ prefix, output }: PathsOptions, deps: Deps): Promise<void> {
  const send = await deps.send();
  const { paths, assembled, groupsRefused } = await readPaths(
    send,
    async () => {
      const { groups, problems } = await (await deps.discovery()).listing();
      for (const problem of problems.filter(({ error }) => error !== undefined)) {
        deps.warn(`Warning: ${problemText(problem)}`);
      }
      return groups;
    },
    {
      signal: deps.signal,
    },
  );
  if (assembled) {
    deps.warn(
      'Warning: you may not read /, so this list is made of discovery and of paths that every server has; it may be incomplete',
    );
  }
  if (groupsRefused !== undefined) {
    deps.warn(
      `Warning: you may not read the API groups either, so the paths of these are missing: ${groupsRefused.message}`,
    );
  }
  const shown = paths.filter((path) => isBelow(path, prefix));
  const { out } = deps.io;
  if (isStructured(output)) return printStructured(out, output, { paths: shown }, shown);
  const asTree = output === 'tree' || (output === undefined && out.isTTY);
  const lines = asTree ? treeLines(shown) : shown;
  return out.write(lines.map((line) => `${escapeControl(line)}\n`).join(''));
}

/**
 * True if a path is below a prefix: `/apis/batch` contains `/apis/batch/v1`, but not
 * `/apis/batch.example.com`.
 */
function isBelow(path: string, prefix: string): boolean {
  const whole = prefix.endsWith('/') ? prefix : `${prefix}/`;
  return path === prefix || path.startsWith(whole);
}
