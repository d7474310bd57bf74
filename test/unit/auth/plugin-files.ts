// Real exec plugins in a temporary directory, and a configuration that names one. For the tests of
// auth.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

import { openAuthenticator, type AuthWorld } from '../../../src/auth/open-authenticator.ts';
import type { Authenticator } from '../../../src/auth/authenticator.ts';
import { parseDocument } from '../../../src/config/document.ts';
import { kubeconfig, load } from '../config/memory-files.ts';
import type { ClusterConfig } from '../../../src/config/cluster-config.ts';

/** Creates a directory that is removed after the test. */
export async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'kapi-auth-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

/** Writes an executable shell script and returns its path. */
export async function writePlugin(script: string, name = 'plugin'): Promise<string> {
  const path = join(await temporaryDirectory(), name);
  await writeFile(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return path;
}

/** A shell command that prints an ExecCredential with that status. */
export function answer(status: unknown, apiVersion = 'client.authentication.k8s.io/v1'): string {
  const credential = JSON.stringify({ apiVersion, kind: 'ExecCredential', status });
  return `cat <<'EOF'\n${credential}\nEOF`;
}

type Parts = NonNullable<Parameters<typeof kubeconfig>[0]>;

/** The configuration for an exec entry; `exec` overrides its fields. */
export function configWith(
  exec: Record<string, unknown>,
  cluster: Parts['cluster'] = {},
): Promise<ClusterConfig> {
  const entry = { apiVersion: 'client.authentication.k8s.io/v1', interactiveMode: 'Never', ...exec };
  return load({ '/home/jane/.kube/config': kubeconfig({ user: { exec: entry }, cluster }) });
}

/** What the plugins of a test wrote to stderr. */
export interface Heard {
  stderr: string;
}

export function open(
  config: ClusterConfig,
  world: Partial<AuthWorld> = {},
  heard: Heard = { stderr: '' },
): Authenticator {
  return openAuthenticator(config, {
    env: { PATH: '/usr/bin:/bin' },
    now: () => new Date('2026-11-22T12:00:00Z'),
    stdinIsTTY: () => false,
    parseDocument,
    pluginStderr: (chunk) => {
      heard.stderr += Buffer.from(chunk).toString('utf8');
    },
    ...world,
  });
}
