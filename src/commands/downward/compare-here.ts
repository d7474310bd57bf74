// Compares the expected values of a container with the environment and the files that kapi sees.
// Entry point: compareHere().

import { readFile, stat } from 'node:fs/promises';
import { fileProblemOf } from '../../errors.ts';
import type { DownwardContainer, DownwardEnv, MountedFile } from '../../model/downward.ts';
import { withoutKubeletLines } from '../../model/downward-field.ts';
import type { DownwardValue } from '../../model/downward-resource.ts';
import type { Env } from '../deps.ts';

/** The actual value. */
export type Here =
  | { readonly kind: 'same' }
  | { readonly kind: 'differs'; readonly actual: string }
  /** The actual value if the expected one is unknown. */
  | { readonly kind: 'unchecked'; readonly actual: string }
  | { readonly kind: 'absent'; readonly why: string };

export interface Comparison {
  readonly container: DownwardContainer;
  readonly env: ReadonlyMap<DownwardEnv, Here>;
  readonly files: ReadonlyMap<MountedFile, Here>;
}

/**
 * Max bytes of a file that is read. Downward API files contain labels and numbers, but another file
 * can be at their path.
 */
const maxFileBytes = 1 << 20;

/** Compares the values of a container. */
export async function compareHere(container: DownwardContainer, env: Env): Promise<Comparison> {
  const files = await Promise.all(
    container.files.map(async (mounted): Promise<[MountedFile, Here]> => [
      mounted,
      await compareFile(mounted.path, mounted.file.value),
    ]),
  );
  return {
    container,
    env: new Map(
      container.env.map((one) => {
        const actual = env[one.name];
        return [one, actual === undefined ? { kind: 'absent', why: 'not set' } : compare(one.value, actual)];
      }),
    ),
    files: new Map(files),
  };
}

async function compareFile(path: string, value: DownwardValue): Promise<Here> {
  try {
    const { size } = await stat(path);
    if (size > maxFileBytes) return { kind: 'absent', why: `${size} bytes are here` };
    return compare(value, await readFile(path, 'utf8'));
  } catch (error) {
    return { kind: 'absent', why: fileProblemOf(error) };
  }
}

function compare(value: DownwardValue, actual: string): Here {
  if (value.kind !== 'value') return { kind: 'unchecked', actual };
  const fromServer = value.kubeletAdds === true ? withoutKubeletLines(actual) : actual;
  return value.text === fromServer ? { kind: 'same' } : { kind: 'differs', actual };
}
