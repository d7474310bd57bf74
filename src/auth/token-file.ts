// Authenticator for a token in a file, which can be rotated while kapi runs. Entry point:
// openTokenFile.
// @see https://kubernetes.io/docs/concepts/storage/projected-volumes/#serviceaccounttoken

import type { Authorization } from '../config/cluster-config.ts';
import { ConfigError, fileProblemOf, systemCodeOf } from '../errors.ts';
import { describePath } from '../model/path-value.ts';
import { Secret } from '../model/secret.ts';
import { bearerHeader, type Authenticator } from './authenticator.ts';

type TokenFile = Extract<Authorization, { kind: 'token-file' }>;

export interface TokenFileWorld {
  readonly now: () => Date;
  /** Reads a whole file as UTF-8. */
  readonly readFile: (path: string) => Promise<string>;
}

/**
 * Max age of a token in milliseconds. client-go reads the file once a minute. Reading costs
 * microseconds, and a short-lived token should be replaced before it fails.
 */
const freshForMs = 5_000;

/**
 * Makes the Authenticator. Reads the file at the first request, again when the last read is five
 * seconds old, and after a 401.
 */
export function openTokenFile(
  file: TokenFile,
  world: TokenFileWorld,
): Pick<Authenticator, 'authorization' | 'renew'> {
  let token: Secret | undefined;
  let readAtMs = 0;

  async function read(): Promise<Secret> {
    const found = await readToken(file, token, world.readFile);
    token = found;
    readAtMs = world.now().getTime();
    return found;
  }

  return {
    authorization: async () => {
      const age = world.now().getTime() - readAtMs;
      // If the clock was set back, the age is negative: read again.
      const fresh = token !== undefined && age >= 0 && age < freshForMs ? token : await read();
      return bearerHeader(fresh, `in ${describePath(file.path)}`);
    },
    renew: async (refused) => {
      const before =
        refused ?? (token === undefined ? undefined : bearerHeader(token, `in ${describePath(file.path)}`));
      return bearerHeader(await read(), `in ${describePath(file.path)}`) !== before;
    },
  };
}

/**
 * Returns the trimmed content of the file, else the last token read, else the `token` of the entry.
 */
async function readToken(
  file: TokenFile,
  last: Secret | undefined,
  readFile: TokenFileWorld['readFile'],
): Promise<Secret> {
  let problem: ConfigError;
  try {
    const text = (await readFile(file.path)).trim();
    if (text !== '') return new Secret(text);
    problem = new ConfigError(
      `read empty token from file "${describePath(file.path)}" (named by ${file.origin.text})`,
      {
        code: 'TokenFileEmpty',
      },
    );
  } catch (error) {
    if (systemCodeOf(error) === undefined) throw error;
    problem = new ConfigError(
      `unable to read the token file ${describePath(file.path)}: ${fileProblemOf(error)} (named by ${file.origin.text})`,
      { code: 'TokenFileUnreadable', cause: error },
    );
  }
  const substitute = last ?? file.fallback;
  if (substitute === undefined) throw problem;
  return substitute;
}
