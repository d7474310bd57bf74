// The setup of every sweep: a directory as home and working directory with the files of the lines,
// the replica, and its kubeconfig. Entry point: openStage().
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { files } from './lines.ts';
import { openReplica, type Replica } from './replica.ts';
import { runLine, type LineOptions, type LineResult } from './run.ts';

export interface Stage {
  readonly directory: string;
  readonly replica: Replica;
  /**
   * Writes a kubeconfig whose names of entries end with `tail`, and whose exec plugin, if it has
   * one, prints `tail`.
   * @returns its path
   */
  kubeconfig(name: string, tail: string): string;
  /** Runs a line in a pipe, or in a terminal if `tty`. A watch ends at its second request. */
  run(words: readonly string[], options?: Partial<LineOptions>): Promise<LineResult>;
  close(): Promise<void>;
}

/**
 * Opens the stage. Also changes the working directory of the process, because lines contain
 * relative paths.
 */
export async function openStage(): Promise<Stage> {
  const directory = mkdtempSync(join(tmpdir(), 'kapi-sweep-'));
  const before = process.cwd();
  cpSync(fileURLToPath(new URL('../e2e/example-files', import.meta.url)), directory, { recursive: true });
  writeFileSync(join(directory, files.template), '{..metadata}');
  writeFileSync(join(directory, files.columns), 'NAME\n.metadata.name\n');
  process.chdir(directory);
  const replica = await openReplica();

  function kubeconfig(name: string, tail: string): string {
    const answer =
      '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"t"}}';
    const exec = {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: 'sh',
      args: ['-c', `printf '%s' "$0" >&2; echo '${answer}'`, tail],
      interactiveMode: 'Never',
    };
    const context = { cluster: `c${tail}`, user: `u${tail}`, namespace: 'default' };
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': `default${tail}`,
      contexts: [
        { name: `default${tail}`, context },
        { name: 'staging', context },
        { name: 'production', context },
      ],
      clusters: [{ name: `c${tail}`, cluster: { server: replica.url } }],
      users: [{ name: `u${tail}`, user: tail === '' ? { token: 't' } : { exec } }],
    };
    const file = join(directory, name);
    writeFileSync(file, JSON.stringify(config));
    return file;
  }

  const usual = kubeconfig('config', '');
  return {
    directory,
    replica,
    kubeconfig,
    run(words, options = {}) {
      let watches = 0;
      let interrupt = (): void => undefined;
      replica.onWatch = () => {
        if (++watches >= 2) interrupt();
      };
      const onStart = (stop: () => void): void => void (interrupt = stop);
      return runLine(words, { directory, kubeconfig: usual, tty: false, ...options, onStart });
    },
    async close() {
      process.chdir(before);
      await replica.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
