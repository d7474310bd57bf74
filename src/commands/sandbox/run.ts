// Runs kapi sandbox.

import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { ConfigError, localError, systemCodeOf } from '../../errors.ts';
import { waitForAbort } from '../../model/abort.ts';
import type { KubeObject } from '../../model/object.ts';
import { shellWord } from '../../model/shell-words.ts';
import type { SandboxFiles } from '../../sandbox/files.ts';
import type { Sandbox, SandboxOptions } from '../../sandbox/sandbox.ts';
import type { Deps } from '../deps.ts';
import type { SandboxCommandOptions } from './options.ts';
import { planShell } from './shell.ts';
import { describePath } from '../../model/path-value.ts';
import { readText } from '../read-file.ts';

/**
 * Runs the sandbox.
 * @returns the exit code of the given command
 * @throws Interrupted without a command: only a signal ends it then
 */
export async function runSandbox(options: SandboxCommandOptions, deps: Deps): Promise<number> {
  const [{ openSandbox }, { writeSandboxFiles }] = await Promise.all([
    import('../../sandbox/sandbox.ts'),
    import('../../sandbox/files.ts'),
  ]);
  const objects = await readObjects(options.load);
  const { port, faults, pods, lively, command } = options;
  const sandbox = await openOrExplain(openSandbox, { port, faults, objects, pods, lively, now: deps.now });
  try {
    const files = await writeSandboxFiles(sandbox, temporaryDirectory());
    try {
      const [program, ...args] = command;
      if (program !== undefined) {
        const env = { ...deps.env, KUBECONFIG: files.kubeconfig, KAPI_SANDBOX_DIR: files.directory };
        const shell = planShell(program, args, files, deps.env);
        if (shell === undefined) return await deps.runProgram(program, args, env);
        await files.add(shell.files);
        deps.warn(
          `sandbox shell: kapi and kubectl ask the sandbox at ${sandbox.url}; exit leaves it and ends it`,
        );
        return await deps.runProgram(program, shell.args, { ...env, ...shell.env });
      }
      await deps.io.out.write(introduction(sandbox, files));
      await waitForAbort(deps.signal);
      throw deps.signal.reason;
    } finally {
      await files.remove();
    }
  } finally {
    await sandbox.close();
  }
}

/**
 * Returns TMPDIR as an absolute path, because the command can have another working directory.
 * @throws LocalError
 */
function temporaryDirectory(): string {
  try {
    return resolve(tmpdir());
  } catch (error) {
    throw localError(`cannot tell where ${tmpdir()} of TMPDIR is`, error);
  }
}

/** Returns the introduction of a sandbox in the foreground. Pure. */
export function introduction(
  { url }: Pick<Sandbox, 'url'>,
  files: Omit<SandboxFiles, 'remove' | 'add'>,
): string {
  const kubeconfig = shellWord(files.kubeconfig);
  return `The kapi sandbox listens on ${url}: an API server in memory, not a cluster.

kubeconfig       ${files.kubeconfig} (contexts admin, jane, serviceaccount)
service account  ${files.serviceAccountDirectory} (token, ca.crt, namespace)
CA               ${files.ca}
admin's token    ${files.token}

Try in another terminal:
  kapi --kubeconfig ${kubeconfig} list pods -A
  curl --cacert ${shellWord(files.ca)} -H "Authorization: Bearer $(cat ${shellWord(files.token)})" ${url}/api/v1/namespaces/default/pods
  kubectl --kubeconfig ${kubeconfig} get pods,deploy -A

Ctrl-C stops it and removes these files.
`;
}

async function readObjects(names: readonly string[]): Promise<readonly KubeObject[]> {
  if (names.length === 0) return [];
  const { readManifest } = await import('../../sandbox/manifests.ts');
  const objects: KubeObject[] = [];
  for (const name of names) {
    let text: string;
    try {
      text = await readText(name);
    } catch (error) {
      throw localError(
        `the file ${describePath(name)} of --load cannot be read`,
        error,
        'ManifestUnreadable',
      );
    }
    objects.push(...readManifest(text, name));
  }
  return objects;
}

async function openOrExplain(
  open: (options: SandboxOptions) => Promise<Sandbox>,
  options: SandboxOptions,
): Promise<Sandbox> {
  try {
    return await open(options);
  } catch (error) {
    const code = systemCodeOf(error);
    if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error;
    throw new ConfigError(`cannot listen on port ${options.port} of 127.0.0.1 (${code})`, {
      code: 'PortUnavailable',
      hint: 'leave --port out to get a free one',
      cause: error,
    });
  }
}
