// Access to the measured server: `kapi config` reads the kubeconfig, and the result is written to
// files for curl. Entry point: readAccess.
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { kapiFile } from './programs.ts';

const run = promisify(execFile);

/** The server and the credentials. */
export interface Access {
  readonly kubeconfig: string;
  /** Without a trailing slash. */
  readonly url: string;
  readonly caFile?: string;
  readonly certificateFile?: string;
  readonly keyFile?: string;
  readonly token?: string;
}

/**
 * @param directory for the files; the caller removes it
 * @throws Error with kapi's message if the kubeconfig has no server
 */
export async function readAccess(
  kubeconfig: string,
  environment: Readonly<Record<string, string>>,
  directory: string,
): Promise<Access> {
  const ask = async (...words: string[]): Promise<string> =>
    (
      await run(process.execPath, [kapiFile, 'config', ...words, '--kubeconfig', kubeconfig], {
        env: environment,
      })
    ).stdout;
  // An absent value is an error for kapi, and allowed here.
  const askForOne = (...words: string[]): Promise<string> => ask(...words).catch(() => '');
  const file = async (name: string, content: string): Promise<string | undefined> => {
    if (content.trim() === '') return undefined;
    const path = join(directory, name);
    await writeFile(path, content, { mode: 0o600 });
    return path;
  };
  const server = await ask('server').catch((error: unknown) => {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error);
    throw new Error(`${kubeconfig} does not say where the server is: ${said.trim()}`);
  });
  const url = server.trim().replace(/\/$/, '');
  const caFile = await file('ca.crt', await askForOne('ca'));
  const certificateFile = await file('client.crt', await askForOne('cert'));
  const keyFile = await file('client.key', await askForOne('key', '--show-secrets'));
  const token = (await askForOne('token', '--show-secrets')).trim();
  return {
    kubeconfig,
    url,
    ...(caFile === undefined ? {} : { caFile }),
    ...(certificateFile === undefined ? {} : { certificateFile }),
    ...(keyFile === undefined ? {} : { keyFile }),
    ...(token === '' ? {} : { token }),
  };
}

/**
 * The flags of curl for the server. A token is in a file, so that no list of processes shows it.
 */
export async function curlFlags(access: Access, directory: string): Promise<string[]> {
  const flags = ['--silent', '--fail', '--no-buffer', '--user-agent', 'kapi-bench'];
  if (access.caFile !== undefined) flags.push('--cacert', access.caFile);
  if (access.certificateFile !== undefined) flags.push('--cert', access.certificateFile);
  if (access.keyFile !== undefined) flags.push('--key', access.keyFile);
  if (access.token !== undefined) {
    const headers = join(directory, 'curl-headers');
    await writeFile(headers, `Authorization: Bearer ${access.token}\n`, { mode: 0o600 });
    flags.push('--header', `@${headers}`);
  }
  return flags;
}
