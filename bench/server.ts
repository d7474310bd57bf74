// The server for the measurements: kapi's sandbox or a real kube-apiserver, started here, or any
// other by its kubeconfig. Entry point: openServer.
import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { findServerBinaries } from '../test/e2e/server/binaries.ts';
import { startControlPlane } from '../test/e2e/server/control-plane.ts';
import { kubeconfigText } from '../test/e2e/server/kubeconfigs.ts';
import { kapiFile } from './programs.ts';

/** The kind of server. */
export type ServerKind = 'sandbox' | 'real';

/** A running server. */
export interface Server {
  readonly kubeconfig: string;
  stop(): Promise<void>;
}

/**
 * @param directory for files that the running server needs
 * @throws MissingBinary if no real server is available
 */
export function openServer(
  kind: ServerKind,
  environment: Readonly<Record<string, string>>,
  directory: string,
  say: (line: string) => void,
): Promise<Server> {
  return kind === 'sandbox' ? openSandbox(environment) : openRealServer(directory, say);
}

async function openRealServer(directory: string, say: (line: string) => void): Promise<Server> {
  const binaries = await findServerBinaries(say, 'of-kubernetes');
  say(`starting ${binaries.apiServer} with ${binaries.etcd}`);
  const running = await startControlPlane(binaries);
  const base64Of = async (file: string): Promise<string> => (await readFile(file)).toString('base64');
  const kubeconfig = join(directory, 'kubeconfig');
  await writeFile(
    kubeconfig,
    kubeconfigText(
      { server: running.url, 'certificate-authority-data': await base64Of(running.caFile) },
      {
        'client-certificate-data': await base64Of(running.adminCertificate.certificateFile),
        'client-key-data': await base64Of(running.adminCertificate.keyFile),
      },
    ),
    { mode: 0o600 },
  );
  return { kubeconfig, stop: () => running.stop() };
}

/**
 * The sandbox runs a command that prints the path of the kubeconfig. The command and the sandbox
 * end when its stdin closes.
 */
async function openSandbox(environment: Readonly<Record<string, string>>): Promise<Server> {
  const child = spawn(
    process.execPath,
    // 50,000 pods as objects: more than the heap that Node allows itself.
    ['--max-old-space-size=8192', kapiFile, 'sandbox', '--', 'sh', '-c', 'echo "$KUBECONFIG"; cat'],
    { env: { ...environment }, stdio: ['pipe', 'pipe', 'pipe'] },
  );
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-2_000)));
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const kubeconfig = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve);
    void ended.then(() => reject(new Error(`the sandbox did not start: ${said.trim()}`)));
  });
  return {
    kubeconfig,
    stop: async () => {
      child.stdin.end();
      await ended;
    },
  };
}
