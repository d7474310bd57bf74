// Shared by the steps of the standalone build: versions and architectures, running a program, and
// filling templates.
import { execFile } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const root = fileURLToPath(new URL('../../', import.meta.url));
export const templates = fileURLToPath(new URL('.', import.meta.url));
export const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));

export const bunVersion = '1.4.5';

export const architectures = {
  x64: {
    // "baseline" runs on processors without AVX2.
    bun: '@oven/bun-linux-x64-baseline',
    integrity:
      'sha512-s8yMwYcFnnrA178gji0gZbkE2WVDej/Ti1x770oPfihxyRxSMNhGhiAQNXV53aDeraZxksdvKV/RAdQBCd0qPA==',
    debian: 'amd64',
    machine: 'x86_64',
    loader: 'ld-linux-x86-64.so.2',
    /** Where programs of an image look for the loader. */
    loaderFolder: 'lib64',
  },
  arm64: {
    bun: '@oven/bun-linux-aarch64',
    integrity:
      'sha512-4BXmsSKnjOrlGWqZV4x/oWa7AVoR+B6lCXddMzOAXBIm3t50eslg9wb66gmtW1AamEQ1l1CDvmmruysEhqOWMg==',
    debian: 'arm64',
    machine: 'aarch64',
    loader: 'ld-linux-aarch64.so.1',
    loaderFolder: 'lib',
  },
};

/** Runs a tool. The error contains the tool's output. */
export async function run(program, args, options = {}) {
  try {
    return await promisify(execFile)(program, args, { maxBuffer: 1e9, ...options });
  } catch (error) {
    if (error.code === 'ENOENT') throw new Error(`${program} is needed and not on PATH`, { cause: error });
    throw new Error(`${program} ${args[0]} failed: ${String(error.stderr).trim()}`, { cause: error });
  }
}

/** True if the path is a file. */
export async function isFile(path) {
  try {
    return (await stat(path)).isFile();
  } catch {
    // Absent or not accessible: not a usable file.
    return false;
  }
}

/** Returns a template with its placeholders (`@NAME@`) filled. */
export function filled(template, blanks) {
  return Object.entries(blanks).reduce(
    (text, [name, value]) => text.replaceAll(`@${name}@`, String(value)),
    template,
  );
}
