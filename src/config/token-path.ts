// Whether the setting of a token file names a file or holds the token itself. Entry: checkTokenFile.

import { ConfigError, systemCodeOf } from '../errors.ts';
import { contentIn, looksLike } from '../model/path-value.ts';
import type { Authorization } from './cluster-config.ts';
import type { Overrides, ReadFile } from './input.ts';
import type { UserEntry } from './kubeconfig-schema.ts';

/** Tokens are longer, and names of files that people type without a slash are mostly shorter. */
const minTokenLength = 12;

/** Whether the token file in force was written without a slash, as a token pasted there would be. */
export function isTokenFileBare(overrides: Overrides, user: UserEntry | undefined): boolean {
  return overrides.tokenFile === undefined
    ? user?.isTokenFileBare === true
    : !overrides.tokenFile.includes('/');
}

/**
 * Looks for the file only where its name looks like a token: a plain path costs nothing here. Such a file may exist.
 * @param isBare {@link isTokenFileBare}
 * @returns the same, or the token beside the file where the file's name is no path
 * @throws ConfigError `ContentAsPath`, which shows nothing of the value
 */
export async function checkTokenFile(
  authorization: Authorization,
  isBare: boolean,
  readFile: ReadFile,
): Promise<Authorization> {
  if (authorization.kind !== 'token-file') return authorization;
  const { path, fallback, origin } = authorization;
  const name = path.slice(path.lastIndexOf('/') + 1);
  const content =
    contentIn(path) ?? (isBare && name.length >= minTokenLength ? 'perhaps a token' : undefined);
  if (content === undefined || (await exists(path, readFile))) return authorization;
  if (fallback !== undefined) return { kind: 'token', token: fallback, origin };
  const flag = origin.kind === 'flag';
  throw new ConfigError(
    `unable to read the token file: the value from ${origin.text} is not the path of a file, ${looksLike(content)}`,
    {
      code: 'ContentAsPath',
      hint: `give the token itself ${flag ? 'with --token' : 'as token'}, or write it to a file and name that (with a slash, as in ./token)`,
    },
  );
}

const absent = ['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'ERR_INVALID_ARG_VALUE'];

async function exists(path: string, readFile: ReadFile): Promise<boolean> {
  try {
    await readFile(path);
    return true;
  } catch (error) {
    const code = systemCodeOf(error);
    if (code === undefined) throw error;
    // A file that may not be read is there; whoever reads it says so.
    return !absent.includes(code);
  }
}
