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

/**
 * Of the release lines on npm, 22 starts fastest and is smallest: see the figures in
 * docs/standalone.md.
 */
export const nodeVersion = '22.23.3';

export const architectures = {
  x64: {
    integrity:
      'sha512-qHnz5tFsHoj/WM+uRENVjWONi5hVvmwrgq8A4V76KpuVNAc4+jwK8x4gwbobE9BtHNg/AKR2583eYorLF/c7ng==',
    debian: 'amd64',
    machine: 'x86_64',
    loader: 'ld-linux-x86-64.so.2',
    /** Where programs of an image look for the loader. */
    loaderFolder: 'lib64',
  },
  arm64: {
    integrity:
      'sha512-l3DAHZreylo+p9QXDtsOrjG2JXJqVzYXnAGmIQNOUNARcMppTO2cmewVQP+36tjJnSE+dzpMNtgW+c3oiDvXtA==',
    debian: 'arm64',
    machine: 'aarch64',
    loader: 'ld-linux-aarch64.so.1',
    loaderFolder: 'lib',
  },
};

/**
 * For glibc's malloc: it allocates 4 MB at a time, in huge pages if the system has them for
 * programs that ask, and from one arena, so that Node's threads share it. A short list has a fifth
 * fewer page faults and takes 6 % less time.
 * https://www.gnu.org/software/libc/manual/html_node/Memory-Allocation-Tunables.html
 */
const tunables = ['arena_max=1', 'top_pad=4194304', 'hugetlb=1'].map((of) => `glibc.malloc.${of}`).join(':');

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

/**
 * Returns a file of standalone/ with its placeholders (`@NAME@`) filled: the tunables, and the
 * given values.
 */
export function filled(template, blanks = {}) {
  return Object.entries({ TUNABLES: tunables, ...blanks }).reduce(
    (text, [name, value]) => text.replaceAll(`@${name}@`, String(value)),
    template,
  );
}
