// Finds the Node.js lines that kapi supports. Entry points: nodeLines, findNode.
import { execFile } from 'node:child_process';
import { access, constants, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { cacheFolder } from './server/binaries.ts';

const run = promisify(execFile);

/** The oldest supported version, and each supported line. */
export const nodeLines = ['20.18.1', '20', '22', '24', '26'] as const;

/** The program of a line, or the reason why there is none. */
export type FoundNode = { readonly path: string; readonly version: string } | { readonly missing: string };

/**
 * Finds a Node of a line: the running one if it is of the line, then LINE/bin/node below
 * KAPI_NODES, then the cache of the suite, into which npm installs its package
 * node-PLATFORM-ARCHITECTURE.
 */
export async function findNode(line: string): Promise<FoundNode> {
  if (isOf(line, process.versions.node)) {
    return { path: process.execPath, version: process.versions.node };
  }
  const { KAPI_NODES: folder = '' } = process.env;
  const candidates = folder === '' ? [] : [join(folder, line, 'bin/node')];
  const home = join(cacheFolder(), `node-${line}`);
  const name = `node-${process.platform}-${process.arch}`;
  candidates.push(join(home, 'node_modules', name, 'bin/node'));
  for (const path of candidates) {
    const version = await versionOf(path);
    if (version !== undefined && isOf(line, version)) return { path, version };
  }
  try {
    await mkdir(home, { recursive: true });
    const words = ['install', '--no-save', '--no-audit', '--no-fund', '--ignore-scripts', '--prefix', home];
    await run('npm', [...words, `${name}@${line}`]);
  } catch (error) {
    const [said = ''] = /npm error .*/.exec(error instanceof Error ? error.message : String(error)) ?? [];
    return { missing: `no Node.js ${line}: neither below KAPI_NODES nor from npm (${name}@${line}) ${said}` };
  }
  const path = join(home, 'node_modules', name, 'bin/node');
  const version = await versionOf(path);
  return version !== undefined && isOf(line, version)
    ? { path, version }
    : { missing: `no Node.js ${line}: what npm installed as ${name}@${line} does not run here` };
}

function isOf(line: string, version: string): boolean {
  return version === line || version.startsWith(`${line}.`);
}

async function versionOf(path: string): Promise<string | undefined> {
  try {
    await access(path, constants.X_OK);
    const { stdout } = await run(path, ['--version']);
    return stdout.trim().replace(/^v/, '');
  } catch {
    // Missing, or for another architecture: search further.
    return undefined;
  }
}
