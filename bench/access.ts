// The way into the measured server, taken out of the kubeconfig by `kapi config` and laid down as files for curl.
// Entry point: readAccess.
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { kapiFile } from './programs.ts';

const run = promisify(execFile);

/** Where the server is and who we are. */
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
 * @param directory where the files go; it is the caller's to remove
 * @throws Error with kapi's words when the kubeconfig does not say where the server is
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
  // Absent is an error for kapi and an answer here.
  const askForOne = (...words: string[]): Promise<string> => ask(...words).catch(() => '');
  const file = async (name: string, content: string): Promise<string | undefined> => {
    if (content.trim() === '') return undefined;
    const path = join(directory, name);
    await writeFile(path, content, { mode: 0o600 });
    return path;
  };
  const url = (await ask('server')).trim().replace(/\/$/, '');
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

/** The flags that let curl in. A token goes by a file, so that no list of processes shows it. */
export async function curlFlags(access: Access, directory: string): Promise<string[]> {
  const flags = ['--silent', '--fail', '--user-agent', 'kapi-bench'];
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
