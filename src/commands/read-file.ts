// Reads a file or standard input that a flag names. Entry point: readFileOrStdin().

import { readFile } from 'node:fs/promises';
import { localError } from '../errors.ts';
import type { Io } from '../io/io.ts';
import { describePath } from '../model/path-value.ts';

/** Reads a file. @param path `-` is stdin. @throws LocalError if it cannot be read */
export async function readFileOrStdin(path: string, input: Io['in']): Promise<Uint8Array> {
  if (path === '-') {
    const chunks: Uint8Array[] = [];
    for await (const chunk of input) chunks.push(chunk);
    return Buffer.concat(chunks);
  }
  try {
    return await readFile(path);
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** The error of a file that cannot be read. */
export function unreadable(path: string, error: unknown): unknown {
  return localError(`the file ${describePath(path)} cannot be read`, error, 'FileUnreadable');
}
