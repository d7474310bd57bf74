// Prints the variables of one container as shell lines. Entry points: printEnv(), envLines(), a
// pure function.

import type { DownwardContainer } from '../../model/downward.ts';
import { escapeLine } from '../../output/escape.ts';
import type { Deps } from '../deps.ts';

/** Prints the lines. */
export async function printEnv(container: DownwardContainer, deps: Deps): Promise<void> {
  await deps.io.out.write(
    envLines(container)
      .map((line) => `${line}\n`)
      .join(''),
  );
}

/**
 * Returns `export NAME='value'` lines. A variable that a shell does not accept is a comment.
 * @see https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html
 */
export function envLines({ env }: DownwardContainer): string[] {
  return env.map(({ name, value }) => {
    if (value.kind !== 'value') return `# ${escapeLine(name)}: ${value.kind}, ${escapeLine(value.reason)}`;
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return `# ${escapeLine(name)} is not a valid name in a shell`;
    return `export ${name}='${value.text.replaceAll("'", `'\\''`)}'`;
  });
}
