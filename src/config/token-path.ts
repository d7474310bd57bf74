// Checks whether the setting of a token file names a file or contains the token itself. Entry
// point: checkTokenFile.

import { ConfigError, systemCodeOf } from '../errors.ts';
import { contentIn, looksLike } from '../model/path-value.ts';
import type { Authorization } from './cluster-config.ts';
import type { Overrides, ReadFile } from './input.ts';
import type { UserEntry } from './kubeconfig-schema.ts';

/** Min length of a token. Most file names that users type without a slash are shorter. */
const minTokenLength = 12;

/** True if the token file in force has no slash: it can be a token that was pasted there. */
export function isTokenFileBare(overrides: Overrides, user: UserEntry | undefined): boolean {
  return overrides.tokenFile === undefined
    ? user?.isTokenFileBare === true
    : !overrides.tokenFile.includes('/');
}

/**
 * Refuses a token file setting that contains a token. Looks for the file only if its name looks
 * like a token, so a plain path costs nothing. A file with such a name can exist.
 * @param isBare {@link isTokenFileBare}
 * @returns the same authorization, or the `token` of the entry if the file's name is not a path
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
    // A file without read permission exists. Reading it later reports the error.
    return !absent.includes(code);
  }
}
